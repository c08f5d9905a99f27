//! `levee replay`: past days again, each as it was known then.

use super::source::{FileRows, layout};
use crate::cli::Cli;
use crate::failure::Failure;
use crate::open::{self, Access};
use crate::say;
use jiff::civil::Date;
use levee_app::city::{City, Founding, found, founded};
use levee_app::clock::MachineClock;
use levee_app::day::DayOptions;
use levee_app::event::Mode;
use levee_app::intake::{ImportOptions, import};
use levee_app::replay::{ReplayDay, ReplaySummary, replay};
use levee_intake::Defaults;
use levee_intake::pack::{founding_rows, read_pack};
use levee_store::blobs::MemoryBlobs;
use levee_store::keys::MasterKey;
use levee_store::memory::MemoryJournal;
use levee_store::sqlite::FILE;
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, city: &Path, from: Date, to: Date, seed: u64) -> Result<ExitCode, Failure> {
    let mut lines = Vec::new();
    let mut each = |day: &ReplayDay| {
        if !cli.json {
            if lines.is_empty() {
                say::out(&row(&HEAD.map(str::to_owned)));
            }
            say::out(&row(&cells(day)));
        }
        lines.push(day.clone());
    };
    let options = DayOptions { seed };
    let summary = if city.join(FILE).is_file() {
        // Nothing is written: the days are computed from what the city holds.
        let mut opened = open::open(cli, city, Access::Read)?;
        replay(&opened.city(), from, to, options, &mut each)?
    } else {
        of_pack(cli, city, from, to, options, &mut each)?
    };
    if cli.json {
        say::json(&document(&lines, &summary));
    } else {
        say::out("");
        say::out(&said(&summary));
    }
    Ok(ExitCode::SUCCESS)
}

/// A scratch city in memory, made from the pack and gone when the replay ends.
fn of_pack(
    cli: &Cli,
    pack: &Path,
    from: Date,
    to: Date,
    options: DayOptions,
    each: &mut dyn FnMut(&ReplayDay),
) -> Result<ReplaySummary, Failure> {
    super::pack::there(pack)?;
    let read = read_pack(pack).map_err(|problems| super::pack::refused(pack, &problems))?;
    let kept = founding_rows(&read).map_err(|problems| super::pack::refused(pack, &problems))?;
    // The scratch city lives and dies with this process; so does its key.
    let key = MasterKey::random().map_err(|e| Failure::of(&e, None))?;
    let (mut journal, blobs, clock) = (MemoryJournal::new(), MemoryBlobs::new(&key), MachineClock);
    let mut city = City { journal: &mut journal, blobs: &blobs, clock: &clock };
    let founding =
        Founding { mode: Mode::Replay, city_toml: kept.city_toml, boundaries: None, reference: kept.reference };
    found(&mut city, &open::envelope(cli), &founding)?;
    let (_, _, calendar) = founded(city.journal)?;
    let now = calendar.civil(open::now());
    for name in &read.reports {
        let Some(table) = levee_model::table::TableSpec::named(name) else { continue };
        let layout = layout(city.journal, table, now, Defaults::default())?;
        let mut rows = FileRows::new(&pack.join(format!("{name}.csv")), None, layout)?;
        let options = ImportOptions { table, dry_run: false, known_until: None };
        let report = import(&mut city, &open::envelope(cli), &mut rows, &options)?;
        if report.balance.rejected > 0 {
            return Err(Failure::new(
                format!("{} row(s) of {name}.csv in {} were rejected", report.balance.rejected, pack.display()),
                format!("see `levee pack check {}`", pack.display()),
            ));
        }
    }
    Ok(replay(&city, from, to, options, each)?)
}

const HEAD: [&str; 9] = ["day", "known to", "new", "said yesterday (95%)", "came", "held", "wis", "placed", "waiting"];
const WIDTHS: [usize; 9] = [10, 10, 7, 26, 7, 4, 8, 8, 8];

fn row(cells: &[String; 9]) -> String {
    let padded = cells.iter().zip(WIDTHS).map(|(cell, width)| format!("{cell:>width$}"));
    padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

fn cells(day: &ReplayDay) -> [String; 9] {
    let unknown = || "?".to_owned();
    let n = |value: Option<u64>| value.map_or_else(unknown, say::count);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "quantiles of counts")]
    let whole = |value: f64| say::count(value.round().max(0.0) as u64);
    [
        day.day.to_string(),
        day.origin.map_or_else(unknown, |d| d.to_string()),
        n(day.new),
        day.said.map_or_else(unknown, |(m, low, high)| format!("{} ({}-{})", whole(m), whole(low), whole(high))),
        n(day.came),
        day.held95.map_or_else(unknown, |held| if held { "yes" } else { "no" }.to_owned()),
        day.wis.map_or_else(unknown, |(natural, _)| format!("{natural:.1}")),
        n(day.admitted_tomorrow),
        n(day.waiting_at_most),
    ]
}

fn said(summary: &ReplaySummary) -> String {
    if summary.scored == 0 {
        return format!("{} days; no outlook could be scored", summary.days);
    }
    format!(
        "{} days, {} outlooks scored one day on: 95% intervals held {}, 80% intervals {}; mean WIS {:.1} (log scale {:.3})\n\
         placed, waiting: people the plan would place tomorrow and the most that wait on a day of it; rest on synthetic beds [S]\n\
         ?: not known then",
        summary.days, summary.scored, summary.held95, summary.held80, summary.mean_wis, summary.mean_wis_log,
    )
}

fn document(lines: &[ReplayDay], summary: &ReplaySummary) -> serde_json::Value {
    let days: Vec<_> = lines
        .iter()
        .map(|day| {
            json!({ "day": day.day, "known_to": day.origin, "new": day.new, "said": day.said, "came": day.came,
                "held95": day.held95, "wis": day.wis.map(|w| w.0), "wis_log": day.wis.map(|w| w.1),
                "placed_tomorrow": day.admitted_tomorrow, "waiting_at_most": day.waiting_at_most,
                "contradictions": day.contradictions })
        })
        .collect();
    json!({ "schema": "levee.replay/1", "days": days, "scored": summary.scored, "held95": summary.held95,
        "held80": summary.held80, "mean_wis": summary.mean_wis, "mean_wis_log": summary.mean_wis_log })
}
