//! The scores as one JSON document.

use super::{Line, ScoreReport, Whose};
use serde_json::{Value, json};

/// The document.
pub fn of(report: &ScoreReport) -> Value {
    json!({
        "schema": "levee.score/1",
        "as_of": report.as_of,
        "newest_outcome": report.newest_outcome,
        "issued": report.issued,
        "issued_again": report.again,
        "engines": report.engines,
        "baselines": report.baselines,
        "whole": report.whole.iter().map(|one| line(report, one)).collect::<Vec<_>>(),
        "groups": report.lines.iter().map(|one| line(report, one)).collect::<Vec<_>>(),
    })
}

/// Nothing is said of means over no forecasts: they are null, never 0.
fn line(report: &ScoreReport, line: &Line) -> Value {
    let s = &line.scores;
    let any = |value: f64| (s.forecasts > 0).then_some(value);
    let compared = |value: f64| (s.compared > 0).then_some(value);
    let relative = s.relative();
    let name = line.place.as_ref().and_then(|code| report.places.get(code));
    json!({
        "whose": match line.whose {
            Whose::City => "city",
            Whose::District => "district",
            Whose::Borrowed => "borrowed",
        },
        "days_ahead": line.ahead,
        "place": line.place,
        "place_name": name.map(|(zh, en)| json!({ "zh": zh, "en": en })),
        "week_from": line.week,
        "forecasts": s.forecasts,
        "pending": line.pending,
        "not_reported": line.not_reported,
        "wis": any(s.wis),
        "wis_parts": parts(s.forecasts, s.parts.dispersion, s.parts.overprediction, s.parts.underprediction),
        "wis_log1p": any(s.wis_log1p),
        "wis_log1p_parts":
            parts(s.forecasts, s.parts_log1p.dispersion, s.parts_log1p.overprediction, s.parts_log1p.underprediction),
        "median_error": any(s.median_error),
        "bias": any(s.bias),
        "coverage": { "50": any(s.coverage50), "80": any(s.coverage80), "95": any(s.coverage95) },
        "pit": s.pit,
        "baseline": {
            "forecasts": s.compared,
            "wis": compared(s.baseline_wis.0),
            "wis_log1p": compared(s.baseline_wis.1),
            "relative": relative.map(|(natural, _)| natural),
            "relative_log1p": relative.map(|(_, log)| log),
        },
    })
}

fn parts(forecasts: u32, dispersion: f64, over: f64, under: f64) -> Option<Value> {
    (forecasts > 0).then(|| json!({ "dispersion": dispersion, "overprediction": over, "underprediction": under }))
}
