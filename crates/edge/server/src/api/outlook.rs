//! The outlook that was issued for a day: forecasts with their intervals, and how earlier ones did.

use super::Problems;
use super::days::no_brief;
use crate::app::App;
use crate::city::{Urgency, run};
use crate::extract::{Asking, At};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::day::{ArchivedDemand, ArchivedOutlook, ArchivedSeries, issued_brief};
use levee_app::rights::Right;
use levee_brief::Lang;
use levee_brief::catalogue::write;
use levee_brief::facts::{Figure, Message, Outlook as Told, RecordOf, TrackRecord};
use levee_brief::lang::Speaker;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// An estimate with its interval. None is told without one.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Interval {
    /// The median.
    median: f64,
    /// Lower end.
    low: f64,
    /// Upper end.
    high: f64,
    /// Width, percent.
    interval_pct: u8,
}

/// An outlook as it was issued.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Outlook {
    /// The day of the meeting that it was issued for.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// What was known by then went in.
    #[schema(value_type = String, format = DateTime)]
    as_known_at: Timestamp,
    /// The last full day that it knew.
    #[schema(value_type = String, format = Date)]
    origin: Date,
    /// The days forecast, ascending: the rows of every `quantiles`.
    #[schema(value_type = Vec<String>)]
    days: Vec<Date>,
    /// The quantile levels: the columns of every row.
    levels: Vec<f64>,
    /// The method.
    engine: String,
    /// Its seed.
    seed: u64,
    /// New infections a day, place by place, the city among them.
    series: Vec<PlaceOutlook>,
    /// What the coming infections will need; null = it could not be said.
    demand: Option<DemandTold>,
    /// When community spread ends.
    community_end: Option<EndTold>,
    /// Why it is not said when it ends.
    community_end_unknown: Option<InWords>,
    /// How earlier outlooks did, as known when this one was issued; null = none has an outcome.
    record: Option<RecordTold>,
    /// What a reader must know before relying on it.
    caveats: Vec<InWords>,
}

/// A sentence in both languages, with its code.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InWords {
    /// A code that stays the same.
    code: String,
    /// In Chinese.
    zh: String,
    /// In English.
    en: String,
}

/// The outlook of one place.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlaceOutlook {
    /// Its code.
    place: String,
    /// `own`: from its own days. `borrowed`: its share of the city's. `unknown`: nothing could be said.
    standing: String,
    /// Persons a day: a row for each of `days`, a column for each of `levels`. Empty where nothing could be said.
    quantiles: Vec<Vec<f64>>,
    /// The same of the baseline from the same figures; empty where there is none.
    baseline: Vec<Vec<f64>>,
    /// Reproduction number on the day of origin; null where its own counts do not carry one.
    reproduction: Option<Interval>,
    /// New infections of the day of origin once all of it is reported; null where the day is complete.
    nowcast: Option<Interval>,
}

/// What the coming infections will need.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemandTold {
    /// The quantile levels: the columns of every row.
    levels: Vec<f64>,
    /// By kind, then place: a row for each day from the first of `days`.
    kinds: BTreeMap<String, BTreeMap<String, Vec<Vec<f64>>>>,
    /// Kinds that could not be said for the city, with the reason.
    unknown: BTreeMap<String, String>,
}

/// A day with its interval.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EndTold {
    /// The median.
    #[schema(value_type = String, format = Date)]
    median: Date,
    /// Lower end.
    #[schema(value_type = String, format = Date)]
    low: Date,
    /// Upper end; null = beyond the days forecast.
    #[schema(value_type = Option<String>, format = Date)]
    high: Option<Date>,
    /// Width of the interval, percent.
    interval_pct: u8,
}

/// How earlier outlooks did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordTold {
    /// Outlooks of which at least one day is known.
    outlooks: u64,
    /// The meeting of the first.
    #[schema(value_type = String, format = Date)]
    first: Date,
    /// The meeting of the last.
    #[schema(value_type = String, format = Date)]
    last: Date,
    /// What follows from it.
    verdicts: Vec<InWords>,
    /// By whose forecasts and days ahead.
    lines: Vec<RecordLineTold>,
}

/// Forecasts that belong together, with their scores.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordLineTold {
    /// `city`, `districts` (from their own days) or `borrowed` (as shares of the city's).
    #[schema(value_type = String)]
    of: RecordOf,
    /// The first of the days ahead.
    ahead_from: u64,
    /// The last of them.
    ahead_to: u64,
    /// How many forecasts.
    forecasts: u64,
    /// 50 % intervals that held what came.
    held50: u64,
    /// 80 % intervals.
    held80: u64,
    /// 95 % intervals.
    held95: u64,
    /// Mean weighted interval score, persons a day; lower is better.
    wis: f64,
    /// Mean bias, -1 (too low) to 1 (too high).
    bias: f64,
    /// Weighted interval score as a ratio to the baseline's; below 1 is better; null where none stood beside.
    relative_wis: Option<f64>,
    /// The same of ln(1 + count), where small places count as much as large ones.
    relative_wis_log: Option<f64>,
}

/// The outlook that was issued for a day, with its quantiles.
#[utoipa::path(get, path = "/api/v1/days/{day}/outlook", tag = "day", security(("token" = []), ("session" = [])),
    params(("day" = String, Path, format = Date, description = "The day.")),
    responses((status = 200, description = "As issued.", body = Outlook), Problems))]
pub(crate) async fn outlook(
    State(app): State<App>,
    asking: Asking,
    At(day): At<Date>,
) -> Result<Json<Outlook>, Problem> {
    asking.may(Right::SeePicture, None)?;
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let issued = levee_app::outlooks::archive(city, day, day)?.issued;
        let first = issued.into_iter().next().ok_or_else(|| no_brief(day))?;
        // What is no quantile stands in the brief that was issued with it.
        let brief = issued_brief(city, day)?.map(|(_, facts)| facts);
        let told = brief.as_ref().and_then(|facts| facts.outlook.value());
        Ok(Json(shown(first.outlook, told)))
    })
    .await
}

fn say(message: &Message, day: Date) -> InWords {
    let say = |lang| write(message, Speaker { lang, year: day.year() }).capitalised().plain();
    InWords { code: message.code.clone(), zh: say(Lang::Zh), en: say(Lang::En) }
}

fn shown(issued: ArchivedOutlook, told: Option<&Told>) -> Outlook {
    let day = issued.day;
    let ahead = issued.series.iter().map(|series| series.quantiles.len()).max().unwrap_or(0);
    let days =
        (0..ahead).filter_map(|n| issued.first_day.checked_add(jiff::Span::new().days(i64::try_from(n).ok()?)).ok());
    let days = days.collect();
    let (end, why) = match told.map(|told| &told.community_end) {
        Some(Figure::Known(known)) => {
            let end = known.value;
            let end = EndTold { median: end.median, low: end.low, high: end.high, interval_pct: end.interval_pct };
            (Some(end), None)
        }
        Some(Figure::Unknown(unknown)) => (None, Some(say(&unknown.reason, day))),
        None => (None, None),
    };
    Outlook {
        day,
        as_known_at: issued.as_known_at,
        origin: issued.origin,
        days,
        levels: issued.levels,
        engine: issued.engine,
        seed: issued.seed,
        series: issued.series.into_iter().map(place).collect(),
        demand: issued.demand.map(|ArchivedDemand { levels, kinds, unknown }| DemandTold { levels, kinds, unknown }),
        community_end: end,
        community_end_unknown: why,
        record: told.and_then(|told| told.record.as_ref()).map(|record| of_record(record, day)),
        caveats: told.map(|told| told.caveats.iter().map(|caveat| say(caveat, day)).collect()).unwrap_or_default(),
    }
}

fn place(series: ArchivedSeries) -> PlaceOutlook {
    let interval = |[median, low, high]: [f64; 3]| Interval { median, low, high, interval_pct: 95 };
    PlaceOutlook {
        place: series.place,
        standing: series.standing,
        quantiles: series.quantiles,
        baseline: series.baseline,
        reproduction: series.reproduction.map(interval),
        nowcast: series.nowcast.map(interval),
    }
}

fn of_record(record: &TrackRecord, day: Date) -> RecordTold {
    let line = |line: &levee_brief::facts::RecordLine| RecordLineTold {
        of: line.of,
        ahead_from: line.ahead_from,
        ahead_to: line.ahead_to,
        forecasts: line.scores.forecasts,
        held50: line.scores.held50,
        held80: line.scores.held80,
        held95: line.scores.held95,
        wis: line.scores.wis,
        bias: line.scores.bias,
        relative_wis: line.scores.relative.map(|relative| relative.natural),
        relative_wis_log: line.scores.relative.map(|relative| relative.log),
    };
    RecordTold {
        outlooks: record.outlooks,
        first: record.first,
        last: record.last,
        verdicts: record.verdicts.iter().map(|verdict| say(verdict, day)).collect(),
        lines: record.lines.iter().map(line).collect(),
    }
}
