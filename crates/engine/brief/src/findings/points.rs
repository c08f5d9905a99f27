//! The four facts under the lead: infections, community share, care, end of community spread.

use super::{Finding, count_arg, nested, with_count, with_reason};
use crate::facts::{Arg, AsOf, BriefFacts, Figure, Known, Message};

pub(super) fn points(facts: &BriefFacts, rising: bool) -> Vec<Finding> {
    vec![today(facts, testing(infections(facts), rising)), share(facts), care(facts), end(facts)]
}

fn infections(facts: &BriefFacts) -> Finding {
    let days = &facts.city.days;
    let Some(last) = days.last() else {
        let reason = nested(Message::new("never_reported"));
        return Finding::new(Message::new("fact.infections_none").with("reason", reason), false);
    };
    let said = match &last.new {
        Figure::Known(known) => {
            let split = match (last.confirmed.as_known(), last.asymptomatic.as_known()) {
                (Some(confirmed), Some(asymptomatic)) => Message::new("fact.split")
                    .with("confirmed", count_arg(confirmed))
                    .with("asymptomatic", count_arg(asymptomatic)),
                _ => Message::new("fact.split_unknown"),
            };
            let said = Message::new("fact.infections")
                .with("n", count_arg(known))
                .day("day", last.day)
                .with("split", nested(split));
            match days.iter().rev().nth(1) {
                Some(before) => with_count(said, "before", &before.new),
                None => said,
            }
        }
        Figure::Unknown(_) => match days.iter().rev().find_map(|day| Some((day.day, day.new.as_known()?))) {
            Some((day, known)) => with_reason(Message::new("fact.infections_unknown"), &last.new)
                .day("day", last.day)
                .day("last", day)
                .with("n", count_arg(known)),
            None => with_reason(Message::new("fact.infections_none"), &last.new),
        },
    };
    let found = Finding::new(said, last.new.is_synthetic());
    // How the figure came about is told with it: a sum that may count people twice must not look like one that cannot.
    match last.new.as_known().and_then(|known| known.basis.clone()) {
        Some(basis) => follow(found, Message::new("fact.basis").with("basis", nested(basis)), false),
        None => found,
    }
}

/// A rise is never told without saying that nobody knows how much of it is more testing.
fn testing(found: Finding, rising: bool) -> Finding {
    if rising { follow(found, Message::new("fact.testing"), false) } else { found }
}

/// What is known of the day that is not over, and of which hours.
fn today(facts: &BriefFacts, found: Finding) -> Finding {
    match facts.city.part_day.as_ref().and_then(|part| Some((part.period, part.new.as_known()?))) {
        Some((period, known)) => {
            let said = Message::new("fact.today").with("period", Arg::Period(period)).with("n", count_arg(known));
            follow(found, said, known.origin == crate::facts::Origin::Synthetic)
        }
        None => found,
    }
}

fn follow(first: Finding, then: Message, synthetic: bool) -> Finding {
    let said = Message::new("fact.and").with("first", nested(first.message)).with("then", nested(then));
    Finding::new(said, first.synthetic || synthetic)
}

fn share(facts: &BriefFacts) -> Finding {
    let points = &facts.city.community_share;
    let known = |at: &crate::facts::SharePoint| at.percent.value().copied().filter(|pct| pct.is_finite());
    let Some((at, pct)) = points.iter().enumerate().rev().find_map(|(at, point)| Some((at, known(point)?))) else {
        return Finding::new(Message::new("fact.share_unknown"), false);
    };
    let point = &points[at];
    let before = points[..at].iter().rev().find_map(|earlier| Some((earlier.day, known(earlier)?)));
    let before = match before {
        Some((day, pct)) => Message::new("fact.share_before").day("day", day).with("pct", Arg::Percent(pct)),
        None => Message::new("fact.empty"),
    };
    let old = facts.city.days.last().is_some_and(|last| last.day > point.day);
    let elsewhere = match (facts.city.community_share_elsewhere.value(), old) {
        (Some(pct), _) => Message::new("fact.share_elsewhere").with("pct", Arg::Percent(*pct)),
        (None, true) => Message::new("fact.share_since"),
        (None, false) => Message::new("fact.share_elsewhere_unknown"),
    };
    let said = match point.counts {
        Some((community, total)) => {
            Message::new("fact.share_counts").count("community", community).count("total", total)
        }
        None => Message::new("fact.share"),
    };
    let said = said
        .with("pct", Arg::Percent(pct))
        .day("day", point.day)
        .words("area", facts.city.share_area.clone())
        .with("before", nested(before))
        .with("elsewhere", nested(elsewhere));
    Finding::new(said, point.percent.is_synthetic())
}

fn care(facts: &BriefFacts) -> Finding {
    let care = &facts.care;
    let in_care = match &care.in_care {
        Figure::Known(known) => Message::new("fact.in_care").with("n", count_arg(known)).with("at", nested(at(known))),
        unknown @ Figure::Unknown(_) => with_reason(Message::new("fact.in_care_unknown"), unknown),
    };
    let either = |figure: &Figure<u64>, known: &str, unknown: &str| match figure.as_known() {
        Some(figure) => Message::new(known).with("n", count_arg(figure)),
        None => Message::new(unknown),
    };
    let said = Message::new("fact.care")
        .with("care", nested(in_care))
        .with("opened", nested(either(&care.beds_opened, "fact.opened", "fact.opened_unknown")))
        .with("used", nested(either(&care.beds_in_use, "fact.used", "fact.used_unknown")));
    let synthetic = [&care.in_care, &care.beds_opened, &care.beds_in_use].into_iter().any(Figure::is_synthetic);
    Finding::new(said, synthetic)
}

fn at(known: &Known<u64>) -> Message {
    let said = Message::new("fact.at");
    match known.as_of {
        Some(AsOf::Moment(at)) => said.with("at", Arg::Moment(at)),
        Some(AsOf::Day(day)) => said.day("at", day),
        Some(AsOf::Period(period)) => said.with("at", Arg::Period(period)),
        None => Message::new("fact.empty"),
    }
}

fn end(facts: &BriefFacts) -> Finding {
    let figure = match &facts.outlook {
        Figure::Known(outlook) => &outlook.value.community_end,
        unknown @ Figure::Unknown(_) => {
            return Finding::new(with_reason(Message::new("fact.end_unknown"), unknown), false);
        }
    };
    let synthetic = facts.outlook.is_synthetic() || figure.is_synthetic();
    match figure.value() {
        Some(date) => {
            let said = |code| {
                Message::new(code)
                    .day("day", date.median)
                    .day("low", date.low)
                    .count("interval", u64::from(date.interval_pct))
            };
            let said = match date.high {
                Some(high) => said("fact.end").day("high", high),
                None => said("fact.end_open"),
            };
            Finding::new(said, synthetic)
        }
        None => Finding::new(with_reason(Message::new("fact.end_unknown"), figure), false),
    }
}
