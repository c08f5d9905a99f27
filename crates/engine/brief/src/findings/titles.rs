//! The title of every part says its finding, with its number.

use super::lead::is_complete;
use super::trend::Counts;
use super::{Finding, count_arg, nested, round_arg, with_interval, with_reason};
use crate::facts::{
    Arg, AsOf, BriefFacts, DistrictRow, Estimate, Figure, LoadPanel, Message, Origin, Outlook, RecordOf, Standing,
    TrackRecord,
};
use std::collections::BTreeMap;

/// How many days of forecast the first sheet shows; the rest stands in the part on the outlook.
pub(crate) const FIRST_SHEET_DAYS: usize = 14;

pub(super) fn titles(facts: &BriefFacts, counts: &Counts) -> BTreeMap<String, Finding> {
    let all = [
        ("series", series(facts, counts)),
        ("where", place(facts)),
        ("owed", owed(facts)),
        ("decisions", decisions(facts)),
        ("care", care(facts)),
        ("measures", listed("title.measures", facts.measures.observed.len())),
        ("audit", audit(facts)),
        ("timetable", timetable(facts)),
        ("zones", zones(facts)),
        ("changes", listed("title.changes", facts.changes.len())),
        ("contradictions", contradictions(facts)),
        ("ages", ages(facts)),
        ("fan", fan(facts)),
        ("coverage", coverage(facts)),
        ("record_districts", record_districts(facts)),
        ("multiples", multiples(facts)),
        ("growth", growth(facts)),
        ("load", load(facts, false)),
        ("load_facilities", load(facts, true)),
        ("explain", explain(facts)),
        ("demand", demand(facts)),
        ("demand_districts", demand_districts(facts)),
        ("orders", orders(facts)),
        ("shortfalls", shortfalls(facts)),
        ("surge", surge(facts)),
        ("table", table(facts)),
        ("facilities", facilities(facts)),
        ("series_table", Finding::new(Message::new("title.series_table"), false)),
        ("sources", sources(facts)),
    ];
    let surges = facts.plan.value().is_some_and(|plan| !plan.surge.is_empty());
    let record = facts.outlook.value().is_some_and(|o| o.record.as_ref().is_some_and(|r| !r.districts.is_empty()));
    all.into_iter()
        .filter(|(key, _)| (*key != "surge" || surges) && (*key != "record_districts" || record))
        .map(|(key, finding)| (key.to_owned(), finding))
        .collect()
}

fn n(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// `code` with the number of rows, or `code_none` for none.
fn listed(code: &str, rows: usize) -> Finding {
    let said = if rows == 0 { Message::new(format!("{code}_none")) } else { Message::new(code).count("n", n(rows)) };
    Finding::new(said, false)
}

fn decisions(facts: &BriefFacts) -> Finding {
    let mut found = listed("title.decisions", facts.decisions.len());
    // One mark for the heading when every decision rests on synthetic figures; else each carries its own.
    let all = !facts.decisions.is_empty();
    found.synthetic = all && facts.decisions.iter().all(|one| one.origin == Origin::Synthetic);
    found
}

fn care(facts: &BriefFacts) -> Finding {
    match &facts.care.in_care {
        Figure::Known(known) => {
            let at = match known.as_of {
                Some(AsOf::Moment(at)) => Message::new("fact.at").with("at", Arg::Moment(at)),
                Some(AsOf::Day(day)) => Message::new("fact.at").day("at", day),
                Some(AsOf::Period(period)) => Message::new("fact.at").with("at", Arg::Period(period)),
                None => Message::new("fact.empty"),
            };
            let said = Message::new("title.care").with("n", count_arg(known)).with("at", nested(at));
            Finding::new(said, facts.care.in_care.is_synthetic())
        }
        none @ Figure::Unknown(_) => unknown("title.care_unknown", none),
    }
}

fn unknown<T>(code: &str, figure: &Figure<T>) -> Finding {
    Finding::new(with_reason(Message::new(code), figure), false)
}

fn series(facts: &BriefFacts, counts: &Counts) -> Finding {
    let state = match *counts {
        Counts::None => Message::new("state.none"),
        Counts::Missing { day, .. } => Message::new("state.missing").day("day", day),
        Counts::NoTrend { last } => Message::new("state.single").count("n", last.1).day("day", last.0),
        Counts::Zero { .. } => Message::new("state.zero"),
        Counts::Hold { near } => Message::new("state.hold").count("n", near),
        Counts::Rise { last, .. } => Message::new("state.rise").count("n", last.1),
        Counts::Fall { last, .. } => Message::new("state.fall").count("n", last.1),
        Counts::Swing { low, high } => Message::new("state.swing").count("low", low).count("high", high),
    };
    let outlook = match &facts.outlook {
        Figure::Known(outlook) => &outlook.value,
        none @ Figure::Unknown(_) => {
            return unknown_series(with_reason(Message::new("title.series_only"), none), state);
        }
    };
    let last = outlook.city.value().and_then(|fan| fan.days.iter().take(FIRST_SHEET_DAYS).next_back());
    match last.and_then(|day| Some((day.day, day.at(0.5)?, day.at(0.025)?, day.at(0.975)?))) {
        Some((day, median, low, high)) => {
            let said = Message::new("title.series_forecast").with("state", nested(state)).day("day", day);
            let said = with_interval(said.with("median", round_arg(median)), low, high, 95);
            Finding::new(said, facts.outlook.is_synthetic() || outlook.city.is_synthetic())
        }
        None => {
            let said = match outlook.city.reason() {
                Some(_) => with_reason(Message::new("title.series_only"), &outlook.city),
                None => Message::new("title.series_only").with("reason", nested(Message::new("not_computed"))),
            };
            unknown_series(said, state)
        }
    }
}

fn unknown_series(said: Message, state: Message) -> Finding {
    Finding::new(said.with("state", nested(state)), false)
}

#[expect(clippy::cast_precision_loss, reason = "counts of people stay far below 2^52")]
fn place(facts: &BriefFacts) -> Finding {
    let rows = &facts.districts.rows;
    let known: Vec<(&DistrictRow, u64)> =
        rows.iter().filter_map(|row| row.new.value().map(|new| (row, *new))).collect();
    if known.is_empty() {
        let reason = rows.first().and_then(|row| row.new.reason()).cloned().unwrap_or_else(|| Message::new("no_list"));
        return Finding::new(Message::new("title.where_unknown").with("reason", nested(reason)), false);
    }
    let synthetic = known.iter().any(|(row, _)| row.new.is_synthetic());
    let reporting = known.iter().filter(|(_, new)| *new > 0).count();
    if reporting == 0 {
        return Finding::new(Message::new("title.where_zero"), synthetic);
    }
    let city = facts.districts.city.as_ref().and_then(|city| city.new.value().copied());
    // A share needs the whole: the city's own figure, or a sum over districts of which none is unknown.
    let whole = city.or_else(|| {
        (known.len() == rows.len()).then(|| known.iter().fold(0u64, |sum, (_, new)| sum.saturating_add(*new)))
    });
    let mut top: Vec<(&DistrictRow, u64)> = known.clone();
    top.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.place.code.cmp(&b.0.place.code)));
    top.truncate(3);
    top.retain(|(_, new)| *new > 0);
    let of_top = top.iter().fold(0u64, |sum, (_, new)| sum.saturating_add(*new));
    match whole.filter(|whole| *whole >= of_top && *whole > 0) {
        Some(whole) => {
            let share = (of_top as f64 / whole as f64 * 100.0).round();
            let names = top.iter().map(|(row, _)| Arg::Words(row.place.name.clone())).collect();
            let said = Message::new("title.where").with("places", Arg::List(names)).with("share", Arg::Percent(share));
            Finding::new(said, synthetic)
        }
        None => Finding::new(Message::new("title.where_all").count("n", n(reporting)), synthetic),
    }
}

fn owed(facts: &BriefFacts) -> Finding {
    let rows = match &facts.owed {
        Figure::Known(rows) => &rows.value,
        none @ Figure::Unknown(_) => return unknown("title.owed_unknown", none),
    };
    let synthetic = facts.owed.is_synthetic() || rows.iter().any(|row| row.overdue.is_synthetic());
    let known: Vec<u64> = rows.iter().filter_map(|row| row.overdue.value().copied()).collect();
    if known.is_empty() {
        return Finding::new(Message::new("title.owed_none_known"), false);
    }
    let sum: u64 = known.iter().fold(0, |sum, more| sum.saturating_add(*more));
    let whole = known.len() == rows.len();
    if sum == 0 && whole {
        return Finding::new(Message::new("title.owed_quiet"), synthetic);
    }
    let urgent: Vec<&Figure<u64>> = rows.iter().filter(|row| row.life_saving).map(|row| &row.overdue).collect();
    let clause = match urgent
        .iter()
        .map(|figure| figure.value().copied())
        .try_fold(0u64, |sum, more| Some(sum.saturating_add(more?)))
    {
        None => Message::new("title.owed_urgent_unknown"),
        Some(0) => Message::new("fact.empty"),
        Some(late) => Message::new("title.owed_urgent").count("n", late),
    };
    let code = if whole { "title.owed" } else { "title.owed_at_least" };
    Finding::new(Message::new(code).count("n", sum).with("urgent", nested(clause)), synthetic)
}

fn audit(facts: &BriefFacts) -> Finding {
    match &facts.measures.audit {
        Figure::Known(audit) => Finding::new(
            Message::new("title.audit")
                .count("live", audit.value.live)
                .count("stricter", n(audit.value.stricter.len()))
                .count("laxer", n(audit.value.laxer.len())),
            facts.measures.audit.is_synthetic(),
        ),
        none @ Figure::Unknown(_) => unknown("audit.unknown", none),
    }
}

fn timetable(facts: &BriefFacts) -> Finding {
    let known = match &facts.timetable {
        Figure::Known(known) => &known.value,
        none @ Figure::Unknown(_) => return unknown("title.timetable_unknown", none),
    };
    let synthetic = facts.timetable.is_synthetic();
    let until = Arg::Moment(known.until);
    if (known.due, known.overdue) == (0, 0) {
        return Finding::new(Message::new("title.timetable_quiet").with("until", until), false);
    }
    let nobody = match known.unowned {
        0 => Message::new("fact.empty"),
        n => Message::new("timetable.nobody").count("n", n),
    };
    let said = Message::new("title.timetable").count("due", known.due).count("overdue", known.overdue);
    Finding::new(said.with("until", until).with("nobody", nested(nobody)), synthetic)
}

fn zones(facts: &BriefFacts) -> Finding {
    let Figure::Known(known) = &facts.timetable else {
        return Finding::new(Message::new("title.zones_none"), false);
    };
    let known = &known.value;
    let live = || known.measures.iter().filter(|one| one.state == "live");
    let ending = live().filter(|one| one.end <= known.until).count();
    let (code, areas) = match (known.zones.value(), live().count()) {
        (Some(areas), 0) => ("title.zones_quiet", areas.len()),
        (Some(areas), _) => ("title.zones", areas.len()),
        (None, 0) => ("title.zones_quiet_unknown", 0),
        (None, _) => ("title.zones_unknown", 0),
    };
    let said = Message::new(code).count("live", n(live().count())).count("ending", n(ending));
    Finding::new(said.count("zones", n(areas)).with("until", Arg::Moment(known.until)), false)
}

fn contradictions(facts: &BriefFacts) -> Finding {
    let mut found = listed("title.contradictions", facts.contradictions.len());
    let headline = facts.contradictions.iter().filter(|one| one.touches_headline).count();
    found.message = found.message.count("headline", n(headline));
    found
}

fn ages(facts: &BriefFacts) -> Finding {
    let all = facts.data_ages.len();
    let never = facts.data_ages.iter().filter(|age| age.age_hours.is_none()).count();
    let old = facts
        .data_ages
        .iter()
        .filter(|age| matches!((age.age_hours, age.limit_hours), (Some(hours), Some(limit)) if hours > limit))
        .count();
    let said = match (all, old + never) {
        (0, _) => Message::new("title.ages_none"),
        (_, 0) => Message::new("title.ages_fine").count("n", n(all)),
        _ => Message::new("title.ages").count("n", n(all)).count("old", n(old)).count("never", n(never)),
    };
    Finding::new(said, false)
}

fn outlook(facts: &BriefFacts, code: &str, say: impl FnOnce(&Outlook) -> Finding) -> Finding {
    match &facts.outlook {
        Figure::Known(outlook) => {
            let mut found = say(&outlook.value);
            found.synthetic |= facts.outlook.is_synthetic();
            found
        }
        none @ Figure::Unknown(_) => unknown(code, none),
    }
}

fn fan(facts: &BriefFacts) -> Finding {
    outlook(facts, "title.fan_unknown", |outlook| {
        let last = outlook.city.value().and_then(|fan| fan.days.last());
        match last.and_then(|day| Some((day.day, day.at(0.5)?, day.at(0.025)?, day.at(0.975)?))) {
            Some((day, median, low, high)) => {
                let said = Message::new("title.fan").day("day", day).with("median", round_arg(median));
                Finding::new(with_interval(said, low, high, 95), outlook.city.is_synthetic())
            }
            None => unknown("title.fan_unknown", &outlook.city),
        }
    })
}

fn coverage(facts: &BriefFacts) -> Finding {
    outlook(facts, "title.coverage_unknown", |outlook| match &outlook.coverage {
        Figure::Known(known) => {
            let said = |code: &str| {
                Message::new(code)
                    .count("held", u64::from(known.value.held))
                    .count("of", u64::from(known.value.of))
                    .count("interval", u64::from(known.value.interval_pct))
            };
            let said = match outlook.record.as_ref().and_then(of_city) {
                Some(ratio) => said("title.coverage_baseline").with("ratio", Arg::Number { value: ratio, decimals: 2 }),
                None => said("title.coverage"),
            };
            Finding::new(said, outlook.coverage.is_synthetic())
        }
        none @ Figure::Unknown(_) => unknown("title.coverage_unknown", none),
    })
}

/// The city's score of the first week ahead over the baseline's.
fn of_city(record: &TrackRecord) -> Option<f64> {
    record.lines.iter().find(|line| line.of == RecordOf::City)?.scores.relative.map(|relative| relative.natural)
}

/// How the intervals for districts held, the first week ahead.
fn record_districts(facts: &BriefFacts) -> Finding {
    outlook(facts, "title.record_districts_none", |outlook| {
        let districts = outlook.record.iter().flat_map(|record| &record.districts);
        let (held, of) = districts.fold((0u64, 0u64), |(held, of), one| {
            (held.saturating_add(one.scores.held80), of.saturating_add(one.scores.forecasts))
        });
        let said = match of {
            0 => Message::new("title.record_districts_none"),
            _ => Message::new("title.record_districts").count("held", held).count("of", of),
        };
        Finding::new(said, false)
    })
}

fn multiples(facts: &BriefFacts) -> Finding {
    outlook(facts, "title.multiples_none", |outlook| {
        let own = outlook.districts.iter().filter(|d| d.standing == Standing::Own && d.fan.value().is_some()).count();
        let any = outlook.districts.iter().any(|district| district.fan.value().is_some());
        let synthetic = outlook.districts.iter().any(|district| district.fan.is_synthetic());
        let said = if any {
            Message::new("title.multiples").count("own", n(own)).count("n", n(outlook.districts.len()))
        } else {
            Message::new("title.multiples_none")
        };
        Finding::new(said, synthetic && any)
    })
}

/// "For sure" = the whole interval lies on one side of zero growth.
fn growth(facts: &BriefFacts) -> Finding {
    outlook(facts, "title.multiples_none", |outlook| {
        let sure = |is: fn(&Estimate) -> bool| {
            n(outlook.districts.iter().filter(|district| district.growth_pct.value().is_some_and(is)).count())
        };
        let said = Message::new("title.growth").count("n", sure(|g| g.low > 0.0)).count("m", sure(|g| g.high < 0.0));
        Finding::new(said, outlook.districts.iter().any(|district| district.growth_pct.is_synthetic()))
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts of beds stay far below 2^52")]
fn load(facts: &BriefFacts, facilities: bool) -> Finding {
    let load = match &facts.load {
        Figure::Known(load) => &load.value,
        none @ Figure::Unknown(_) => return unknown("title.load_unknown", none),
    };
    let panels = if facilities { &load.facilities } else { &load.levels };
    let synthetic = facts.load.is_synthetic()
        || panels
            .iter()
            .flat_map(|panel| &panel.days)
            .any(|day| day.demand.is_synthetic() || day.usable.is_synthetic());
    // The first day on which the median exceeds what is usable; on that day the panel that lacks most.
    let mut worst: Option<(jiff::civil::Date, f64, &LoadPanel, Estimate, f64)> = None;
    for panel in panels {
        for day in &panel.days {
            let (Some(demand), Some(usable)) = (day.demand.value(), day.usable.value()) else { continue };
            let usable = *usable as f64;
            let missing = demand.median - usable;
            let first = worst.as_ref().is_none_or(|w| (day.day, -missing) < (w.0, -w.1));
            if missing > 0.0 && first {
                worst = Some((day.day, missing, panel, *demand, usable));
            }
        }
    }
    if let Some((day, missing, panel, demand, usable)) = worst {
        let said = Message::new("title.load_short")
            .words("what", panel.name.clone())
            .day("day", day)
            .with("n", round_arg(missing));
        let (low, high) = ((demand.low - usable).max(0.0), (demand.high - usable).max(0.0));
        return Finding::new(with_interval(said, low, high, demand.interval_pct), synthetic);
    }
    let unknown = panels.iter().filter(|panel| !is_complete(panel)).count();
    let said = if unknown == panels.len() {
        Message::new("title.load_unknown").with("reason", nested(Message::new("not_reported_yet")))
    } else if unknown > 0 {
        Message::new("title.load_partly").count("n", n(unknown)).count("of", n(panels.len()))
    } else {
        Message::new("title.load_holds").count("days", n(panels.iter().map(|p| p.days.len()).min().unwrap_or(0)))
    };
    Finding::new(said, synthetic && unknown < panels.len())
}

/// How much the city's outlook changed, and what drove it most.
fn explain(facts: &BriefFacts) -> Finding {
    let explanation = match &facts.explanation {
        Figure::Known(known) => &known.value,
        none @ Figure::Unknown(_) => return unknown("title.explain_unknown", none),
    };
    let Some(city) = &explanation.city else {
        return Finding::new(
            Message::new("title.explain_unknown").with("reason", nested(Message::new("no_outlook"))),
            false,
        );
    };
    let change = city.after - city.before;
    let code = match city.drivers.first() {
        None => "title.explain_same",
        Some(_) if change > 0.0 => "title.explain_up",
        Some(_) => "title.explain_down",
    };
    let mut said = Message::new(code).with("n", round_arg(change.abs())).day("against", explanation.against);
    if let Some(first) = city.drivers.first() {
        said = said.with("what", nested(first.name.clone()));
    }
    Finding::new(said, false)
}

/// The row that stands first, on its first and its last day.
fn demand(facts: &BriefFacts) -> Finding {
    let demand = match &facts.demand {
        Figure::Known(demand) => &demand.value,
        none @ Figure::Unknown(_) => return unknown("title.demand_unknown", none),
    };
    let row = demand.city.iter().find(|row| row.by_day.iter().all(|figure| figure.value().is_some()));
    let ends = row.and_then(|row| Some((row.by_day.first()?.value()?, row.by_day.last()?.value()?)));
    let days = demand.days.first().zip(demand.days.last());
    match (row, ends, days) {
        (Some(row), Some((first, last)), Some((from, to))) => {
            let said = Message::new("title.demand")
                .words("what", row.name.clone())
                .day("from", *from)
                .with("first", round_arg(first.median))
                .day("to", *to)
                .with("last", round_arg(last.median));
            let synthetic = row.by_day.iter().any(Figure::is_synthetic);
            Finding::new(with_interval(said, last.low, last.high, last.interval_pct), synthetic)
        }
        _ => Finding::new(
            Message::new("title.demand_unknown").with("reason", nested(Message::new("not_computed"))),
            false,
        ),
    }
}

/// The district that stands first.
fn demand_districts(facts: &BriefFacts) -> Finding {
    let first = facts.demand.value().and_then(|demand| demand.districts.first());
    match first.and_then(|one| Some((one, one.transfers_7_days.value()?))) {
        Some((one, transfers)) => {
            let said = Message::new("title.demand_districts")
                .words("place", one.place.name.clone())
                .with("n", round_arg(transfers.median));
            let said = with_interval(said, transfers.low, transfers.high, transfers.interval_pct);
            Finding::new(said, one.transfers_7_days.is_synthetic())
        }
        None => Finding::new(Message::new("title.demand_districts_unknown"), false),
    }
}

fn orders(facts: &BriefFacts) -> Finding {
    match &facts.plan {
        Figure::Known(plan) => {
            let mut found = listed("title.orders", plan.value.orders.len());
            found.synthetic = facts.plan.is_synthetic();
            found
        }
        none @ Figure::Unknown(_) => unknown("title.orders_unknown", none),
    }
}

fn shortfalls(facts: &BriefFacts) -> Finding {
    match &facts.plan {
        Figure::Known(plan) => {
            let mut found = listed("title.shortfalls", plan.value.shortfalls.len());
            if let Some(first) = plan.value.shortfalls.iter().map(|row| row.from).min() {
                found.message = found.message.day("day", first);
            }
            found.synthetic = facts.plan.is_synthetic();
            found
        }
        none @ Figure::Unknown(_) => unknown("title.shortfalls_unknown", none),
    }
}

fn surge(facts: &BriefFacts) -> Finding {
    let places = facts.plan.value().map_or(0, |plan| plan.surge.len());
    Finding::new(Message::new("title.surge").count("n", n(places)), facts.plan.is_synthetic())
}

fn table(facts: &BriefFacts) -> Finding {
    let rows = &facts.districts.rows;
    let without = rows.iter().filter(|row| row.new.value().is_none()).count();
    let with = rows.iter().filter(|row| row.new.value().is_some_and(|new| *new > 0)).count();
    let said = if without > 0 {
        Message::new("title.table_gaps").count("m", n(without))
    } else {
        Message::new("title.table").count("m", n(with))
    };
    Finding::new(said.count("n", n(rows.len())), false)
}

fn facilities(facts: &BriefFacts) -> Finding {
    let rows = &facts.care.facilities;
    if rows.is_empty() {
        return Finding::new(Message::new("title.facilities_none"), false);
    }
    let usable = rows.iter().filter(|row| row.binding.value().is_some()).count();
    let said = Message::new("title.facilities").count("n", n(usable)).count("of", n(rows.len()));
    Finding::new(said, rows.iter().any(|row| row.binding.is_synthetic()))
}

fn sources(facts: &BriefFacts) -> Finding {
    let said = Message::new("title.sources").count("n", n(facts.sources.len())).count("m", n(facts.parameters.len()));
    Finding::new(said, false)
}
