//! The lead: where it stands, which way it goes, and what the limit is.

use super::trend::{Counts, Share, Way};
use super::{Finding, nested};
use crate::facts::{Arg, BriefFacts, Figure, Load, LoadPanel, LoadUnit, Message, ShortfallRow, Words};
use jiff::civil::Date;

pub(super) fn lead(facts: &BriefFacts, counts: &Counts, share: &Share) -> Vec<Finding> {
    let apart = matches!(share, Share::None | Share::Stale { .. } | Share::Single { .. })
        || !matches!(counts, Counts::Hold { .. });
    let code = if apart { "lead.trend_apart" } else { "lead.trend" };
    let synthetic = facts.city.days.iter().rev().take(3).any(|day| day.new.is_synthetic())
        || facts.city.community_share.last().is_some_and(|point| point.percent.is_synthetic());
    let trend =
        Message::new(code).with("counts", nested(counts_clause(counts))).with("share", nested(share_clause(share)));
    let mut all = vec![Finding::new(trend, synthetic)];
    all.extend(surge(facts));
    all.push(limit(facts));
    all
}

fn counts_clause(counts: &Counts) -> Message {
    match *counts {
        Counts::None => Message::new("lead.counts_none"),
        Counts::Missing { day, last } => {
            Message::new("lead.counts_missing").day("day", day).day("last", last.0).count("n", last.1)
        }
        Counts::NoTrend { last } => Message::new("lead.counts_no_trend").day("day", last.0).count("n", last.1),
        Counts::Zero { days } => Message::new("lead.counts_zero").day("before", days.0).day("day", days.1),
        Counts::Hold { near } => Message::new("lead.counts_hold").count("n", near),
        Counts::Swing { low, high } => Message::new("lead.counts_swing").count("low", low).count("high", high),
        Counts::Rise { last, before } => {
            let times = ratio(last.1, before.1);
            let said = |code| Message::new(code).count("n", last.1).day("day", last.0).day("before", before.0);
            if times >= 2.0 && times.is_finite() {
                said("lead.counts_rise_times").with("times", Arg::Number { value: times, decimals: 1 })
            } else if times.is_finite() {
                said("lead.counts_rise_pct").with("pct", Arg::Percent(((times - 1.0) * 100.0).round()))
            } else {
                Message::new("lead.counts_no_trend").day("day", last.0).count("n", last.1)
            }
        }
        Counts::Fall { last, before } => Message::new("lead.counts_fall")
            .count("n", last.1)
            .day("day", last.0)
            .day("before", before.0)
            .with("pct", Arg::Percent(((1.0 - ratio(last.1, before.1)) * 100.0).round())),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of people stay far below 2^52")]
fn ratio(of: u64, to: u64) -> f64 {
    of as f64 / to as f64
}

fn share_clause(share: &Share) -> Message {
    match *share {
        Share::None => Message::new("lead.share_none"),
        Share::Stale { day } => Message::new("lead.share_stale").day("day", day),
        Share::Single { day, pct } => Message::new("lead.share_single").day("day", day).with("pct", Arg::Percent(pct)),
        Share::Moves { way, current: true, pct, .. } => match way {
            Way::Falls => Message::new("lead.share_falls"),
            Way::Rises => Message::new("lead.share_rises"),
            Way::Holds => Message::new("lead.share_holds").with("pct", Arg::Percent(pct.round())),
        },
        Share::Moves { way, day, pct, .. } => match way {
            Way::Falls => Message::new("lead.share_fell").day("day", day),
            Way::Rises => Message::new("lead.share_rose").day("day", day),
            Way::Holds => Message::new("lead.share_held").day("day", day).with("pct", Arg::Percent(pct.round())),
        },
    }
}

/// Life-saving care over capacity stands before every other limit.
fn surge(facts: &BriefFacts) -> Option<Finding> {
    let first = facts.plan.value()?.surge.iter().min_by_key(|surge| surge.from)?;
    let said = Message::new("lead.surge").words("place", first.facility.clone()).day("day", first.from);
    Some(Finding::new(said, facts.plan.is_synthetic() || first.people_over.is_synthetic()))
}

fn limit(facts: &BriefFacts) -> Finding {
    let Figure::Known(plan) = &facts.plan else {
        return from_load(facts, false).unwrap_or_else(|| Finding::new(Message::new("lead.no_plan"), false));
    };
    let synthetic = facts.plan.is_synthetic();
    // A need whose beds are not reported is not known to fall short: it does not make the lead say so.
    let known: Vec<&ShortfallRow> = plan.value.shortfalls.iter().filter(|row| row.missing.value().is_some()).collect();
    if let Some(first) = known.iter().map(|row| row.from).min() {
        return short(facts, &known, first, synthetic);
    }
    from_load(facts, synthetic).unwrap_or_else(|| Finding::new(Message::new("lead.capacity_unknown"), false))
}

fn short(facts: &BriefFacts, rows: &[&ShortfallRow], first: Date, synthetic: bool) -> Finding {
    let mut nouns: Vec<&Words> = Vec::new();
    // Life-saving needs are named first; the rest in the order the planner gave.
    for row in rows.iter().filter(|row| row.life_saving).chain(rows.iter().filter(|row| !row.life_saving)) {
        if !nouns.contains(&&row.noun) && nouns.len() < 3 {
            nouns.push(&row.noun);
        }
    }
    let care = rows.iter().any(|row| row.life_saving || matches!(row.unit, LoadUnit::Beds | LoadUnit::Rooms));
    let now = first <= facts.masthead.day;
    let code = match (care, now) {
        (true, false) => "lead.short_care",
        (true, true) => "lead.short_care_now",
        (false, false) => "lead.short_other",
        (false, true) => "lead.short_other_now",
    };
    let mut said =
        Message::new(code).with("what", Arg::List(nouns.into_iter().map(|noun| Arg::Words(noun.clone())).collect()));
    if !now {
        said = said.day("day", first);
    }
    Finding::new(said, synthetic || rows.iter().any(|row| row.missing.is_synthetic()))
}

/// What the load says when the plan has no shortfall: how far reported capacity covers the forecast, and where that is
/// not known. `None` without a load.
fn from_load(facts: &BriefFacts, synthetic: bool) -> Option<Finding> {
    let load: &Load = facts.load.value()?;
    let panels = &load.levels;
    let synthetic = synthetic || facts.load.is_synthetic() || panels.iter().any(is_synthetic);
    let known: Vec<&LoadPanel> = panels.iter().filter(|panel| is_complete(panel)).collect();
    let last = known.iter().filter_map(|panel| panel.days.last()).map(|day| day.day).min();
    let Some(last) = last else {
        return Some(Finding::new(Message::new("lead.capacity_unknown"), false));
    };
    let mut tight: Vec<&Words> = Vec::new();
    let mut interval = 0;
    for panel in &known {
        for day in &panel.days {
            let (Some(demand), Some(usable)) = (day.demand.value(), day.usable.value()) else { continue };
            interval = interval.max(demand.interval_pct);
            if over(demand.median, *usable) {
                let said = Message::new("lead.short_care")
                    .with("what", Arg::List(vec![Arg::Words(panel.name.clone())]))
                    .day("day", day.day);
                return Some(Finding::new(said, synthetic));
            }
            if over(demand.high, *usable) && !tight.contains(&&panel.name) {
                tight.push(&panel.name);
            }
        }
    }
    let unknown = panels.len() - known.len();
    let said = if unknown > 0 {
        Message::new("lead.capacity_partly")
            .day("day", last)
            .count("n", u64::try_from(unknown).unwrap_or(0))
            .count("of", u64::try_from(panels.len()).unwrap_or(0))
    } else if tight.is_empty() {
        Message::new("lead.capacity_holds").day("day", last).count("interval", u64::from(interval))
    } else {
        let names = tight.into_iter().take(3).map(|name| Arg::Words(name.clone())).collect();
        Message::new("lead.capacity_tight").day("day", last).with("what", Arg::List(names))
    };
    Some(Finding::new(said, synthetic))
}

#[expect(clippy::cast_precision_loss, reason = "counts of beds stay far below 2^52")]
pub(super) fn over(demand: f64, usable: u64) -> bool {
    demand > usable as f64
}

/// Whether every day of a panel has both its figures.
pub(super) fn is_complete(panel: &LoadPanel) -> bool {
    !panel.days.is_empty() && panel.days.iter().all(|day| day.demand.value().is_some() && day.usable.value().is_some())
}

fn is_synthetic(panel: &LoadPanel) -> bool {
    panel.days.iter().any(|day| day.demand.is_synthetic() || day.usable.is_synthetic())
}
