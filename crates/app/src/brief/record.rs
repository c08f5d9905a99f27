//! How the outlooks issued before did, as far as the picture of this day knows what came.

use super::words::Names;
use crate::day::{ArchivedOutlook, Day};
use crate::outlooks::{Outcomes, Paired, Whose, judged, pairs};
use jiff::Span;
use jiff::civil::Date;
use levee_brief::facts::{
    Coverage, DistrictLook, DistrictRecord, Fan, FanDay, Figure, LookBack, Message, Quantile, RecordLine, RecordOf,
    Relative, Scores, TrackRecord, Words,
};
use levee_model::area::PlaceCode;
use levee_outlook::QUANTILE_LEVELS;
use levee_outlook::score::Summary;
use std::collections::{BTreeMap, BTreeSet};

/// Days drawn before an earlier forecast begins.
const RUN_UP: i64 = 7;
/// Age of the outlooks that are looked back at, days; the nearest that is at least as old is taken.
const AGES: [i64; 2] = [7, 14];
/// A chart of fewer outcomes than this says nothing.
const LOOKED_AT: u64 = 3;
/// Levels of an earlier fan that are drawn, by index: 2.5, 25, 50, 75 and 97.5 %.
const DRAWN: [usize; 5] = [1, 6, 11, 16, 21];

fn record_of(whose: Whose) -> RecordOf {
    match whose {
        Whose::City => RecordOf::City,
        Whose::District => RecordOf::Districts,
        Whose::Borrowed => RecordOf::Borrowed,
    }
}

fn scores(pairs: &[&Paired<'_>]) -> Option<Scores> {
    let summary = Summary::of_judged(pairs.iter().filter_map(|pair| judged(pair)));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
    let held = |share: f64| (share * f64::from(summary.forecasts)).round() as u64;
    (summary.forecasts > 0).then(|| Scores {
        forecasts: u64::from(summary.forecasts),
        held50: held(summary.coverage50),
        held80: held(summary.coverage80),
        held95: held(summary.coverage95),
        wis: thousandths(summary.wis),
        bias: thousandths(summary.bias),
        relative: summary.relative().map(|(natural, log)| Relative {
            natural: thousandths(natural),
            log: thousandths(log),
            forecasts: u64::from(summary.compared),
        }),
    })
}

/// What a document writes and reads again without a change.
fn thousandths(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn lines(all: &[Paired<'_>]) -> Vec<RecordLine> {
    let mut groups: BTreeMap<(Whose, u32), Vec<&Paired<'_>>> = BTreeMap::new();
    for pair in all {
        groups.entry((pair.whose, (pair.ahead - 1) / 7)).or_default().push(pair);
    }
    let line = |((whose, week), group): ((Whose, u32), Vec<&Paired<'_>>)| {
        let (ahead_from, ahead_to) = (u64::from(week) * 7 + 1, u64::from(week) * 7 + 7);
        Some(RecordLine { of: record_of(whose), ahead_from, ahead_to, scores: scores(&group)? })
    };
    groups.into_iter().filter_map(line).collect()
}

/// Districts' first week ahead. Of a district that was forecast both ways, each way has its line.
fn districts(all: &[Paired<'_>], order: &[PlaceCode], names: &Names<'_>) -> Vec<DistrictRecord> {
    let mut groups: BTreeMap<(&str, Whose), Vec<&Paired<'_>>> = BTreeMap::new();
    for pair in all.iter().filter(|pair| pair.whose != Whose::City && pair.ahead <= 7) {
        groups.entry((pair.place, pair.whose)).or_default().push(pair);
    }
    let mut records = Vec::new();
    for place in order {
        for whose in [Whose::District, Whose::Borrowed] {
            if let Some(scores) = groups.get(&(place.as_str(), whose)).and_then(|group| scores(group)) {
                records.push(DistrictRecord { place: names.place(place), of: record_of(whose), scores });
            }
        }
    }
    records
}

/// Days from the run-up to the newest known, with what came; empty if nothing came after the data ended.
fn look_back(day: &Day, outlook: &ArchivedOutlook, place: &PlaceCode, outcomes: &Outcomes) -> Option<LookBack> {
    let newest = outcomes.newest()?;
    let after = |days: i64| outlook.origin.checked_add(Span::new().days(days)).ok();
    let figure = |on: Date| match outcomes.at(place.as_str(), on) {
        Some(came) => Figure::derived(came),
        None => Figure::unknown(Message::new("not_reported").day("day", on)),
    };
    let mut came: Vec<(Date, Figure<u64>)> = (1 - RUN_UP..=0).filter_map(after).map(|on| (on, figure(on))).collect();
    let mut days = Vec::new();
    for on in (1..=i64::from(u16::MAX)).map_while(after).take_while(|on| *on <= newest) {
        let Some(row) = outlook.quantiles(place.as_str(), on) else { break };
        let quantile = |at: &usize| Some(Quantile { level: *QUANTILE_LEVELS.get(*at)?, value: *row.get(*at)? });
        days.push(FanDay { day: on, quantiles: DRAWN.iter().filter_map(quantile).collect() });
        came.push((on, figure(on)));
    }
    // Days before the outbreak are not missing; nobody was to report them.
    let begun = day.known.settings.outbreak_started;
    came.retain(|(on, came)| *on >= begun || came.value().is_some());
    let any = came.iter().any(|(on, came)| *on > outlook.origin && came.value().is_some());
    any.then(|| LookBack {
        issued: outlook.day,
        data_until: outlook.origin,
        days_ago: u64::try_from(day.day.duration_since(outlook.day).as_hours() / 24).unwrap_or(0),
        fan: Fan { days },
        came,
    })
}

/// Outlooks to look back at: those a week and two weeks old; where none is so old, the oldest. Only such as `have` something
/// to show.
fn looked_at<'a>(day: &'a Day, have: &BTreeSet<Date>) -> Vec<&'a ArchivedOutlook> {
    let earlier: Vec<&ArchivedOutlook> = day.earlier.iter().filter(|outlook| have.contains(&outlook.day)).collect();
    let mut seen = BTreeSet::new();
    let aged = |age: i64| {
        let latest = day.day.checked_sub(Span::new().days(age)).ok()?;
        earlier.iter().rev().find(|outlook| outlook.day <= latest).or(earlier.first()).copied()
    };
    AGES.iter().filter_map(|age| aged(*age)).filter(|outlook| seen.insert(outlook.day)).collect()
}

/// Fewer outlooks with outcomes than this, and nothing is said of their intervals: errors within one go together.
const ENOUGH_OUTLOOKS: usize = 4;
/// Shares of 80 % intervals that count as about right. Judgement: over few dependent outlooks a share strays by a tenth or more
/// from what is true of many.
const ABOUT_80: std::ops::RangeInclusive<f64> = 0.68..=0.90;
/// Mean bias beyond which forecasts mostly lay on one side. Judgement: half of the way to every quantile on one side.
const ONE_SIDED: f64 = 0.5;

/// What the first week's intervals teach, for the city and for districts from their own days.
#[expect(clippy::cast_precision_loss, reason = "counts of forecasts lie far below 2^52")]
fn verdicts(all: &[Paired<'_>]) -> Vec<Message> {
    let mut said = Vec::new();
    for (whose, words) in [
        (Whose::City, Words::new("全市", "The city's")),
        (Whose::District, Words::new("区县", "Districts'")),
        (Whose::Borrowed, Words::new("按占比推算的区县", "Borrowing districts'")),
    ] {
        let of = |pair: &&Paired<'_>| pair.whose == whose && pair.ahead <= 7 && judged(pair).is_some();
        let group: Vec<&Paired<'_>> = all.iter().filter(of).collect();
        let Some(scores) = scores(&group) else { continue };
        let outlooks = group.iter().map(|pair| pair.outlook.day).collect::<BTreeSet<_>>().len();
        let share = scores.held80 as f64 / scores.forecasts as f64;
        let message = |code: &str| Message::new(code).words("whose", words.clone());
        if outlooks < ENOUGH_OUTLOOKS {
            said.push(message("record.few").count("n", outlooks as u64));
            continue;
        }
        let code = match share {
            share if ABOUT_80.contains(&share) => "record.sound",
            share if share > *ABOUT_80.end() => "record.wide",
            _ => "record.narrow",
        };
        said.push(message(code).count("held", scores.held80).count("of", scores.forecasts));
        if scores.bias.abs() > ONE_SIDED {
            said.push(message(if scores.bias > 0.0 { "record.high" } else { "record.low" }));
        }
    }
    said
}

/// The record, and the count of 95 % intervals for the city one to seven days ahead that held what was reported later. `order`
/// is that of the outlook's districts.
pub(super) fn facts(day: &Day, order: &[PlaceCode], names: &Names<'_>) -> (Figure<Coverage>, Option<TrackRecord>) {
    let city = day.known.places.city();
    let outcomes = Outcomes::of(&day.picture, city.as_str());
    let all: Vec<Paired<'_>> = day.earlier.iter().flat_map(|one| pairs(one, city.as_str(), &outcomes)).collect();
    let lines = lines(&all);
    let of_city = lines.iter().find(|line| line.of == RecordOf::City && line.ahead_from == 1);
    let coverage = of_city.map_or_else(
        || Figure::unknown(Message::new("no_earlier_forecast")),
        |line| {
            let short = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
            let (held, of) = (short(line.scores.held95), short(line.scores.forecasts));
            Figure::derived(Coverage { held, of, interval_pct: 95 })
        },
    );
    let known: BTreeSet<Date> = all.iter().filter(|pair| judged(pair).is_some()).map(|pair| pair.outlook.day).collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else { return (coverage, None) };
    let has = |outlook: &&ArchivedOutlook| look_back(day, outlook, city, &outcomes).is_some();
    let looks = looked_at(day, &day.earlier.iter().filter(has).map(|outlook| outlook.day).collect());
    let kept = day.earlier.iter().any(|outlook| !outlook.baseline.is_empty());
    let record = TrackRecord {
        verdicts: verdicts(&all),
        outlooks: u64::try_from(known.len()).unwrap_or(u64::MAX),
        first: *first,
        last: *last,
        baseline: kept.then(|| {
            Words::new(
                "同星期持续（沿用最近一周同一星期几的数，宽度取自以往变化）",
                "same-weekday persistence (the last count of the same weekday, as wide as past changes)",
            )
        }),
        districts: districts(&all, order, names),
        city: looks.iter().filter_map(|outlook| look_back(day, outlook, city, &outcomes)).collect(),
        district_looks: order
            .iter()
            .filter_map(|place| {
                let look =
                    look_back(day, looks.first()?, place, &outcomes).filter(|look| look.held().1 >= LOOKED_AT)?;
                Some(DistrictLook { place: names.place(place), look })
            })
            .collect(),
        lines,
    };
    (coverage, Some(record))
}
