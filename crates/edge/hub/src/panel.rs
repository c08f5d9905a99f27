//! From what was known on one day to the panel that the engine takes.

use crate::pack::HubPack;
use crate::tasks::Round;
use crate::vintages::Known;
use jiff::ToSpan as _;
use jiff::civil::Date;
use levee_outlook::pooled::{EarlierVintage, Panel, PanelPlace, Step};
use std::collections::BTreeSet;

/// Figures older than this say nothing to a forecast whose rows halve their weight each year; days.
const LONGEST_PAST_DAYS: i64 = 8 * 366;
/// A target runs ahead of another when it counts this many times as much: deaths follow cases, not the other way.
const AHEAD: f64 = 5.0;
/// Days over which the two are counted.
const COUNTED_DAYS: i64 = 364;

/// The panel of a round as known at its origin; `None` when nothing of its target was known.
pub(crate) fn panel(pack: &HubPack, round: &Round) -> Option<Panel> {
    let target = pack.vintages.meant_by(&round.target)?;
    let known = pack.vintages.known_at(target, round.origin);
    let newest = newest(&known)?;
    let names: BTreeSet<&str> =
        known.keys().map(String::as_str).chain(round.tasks.iter().map(|task| task.location.as_str())).collect();
    let ahead = ahead(pack, target, &known, newest, round.origin);
    let places = names.iter().map(|name| PanelPlace {
        place: (*name).to_owned(),
        residents: pack.residents.get(*name).copied(),
        values: values(&known, name, newest, pack.step),
        companion: ahead.as_ref().map_or(vec![], |ahead| values(ahead, name, newest, pack.step)),
    });
    let places = places.collect();
    // Only weekly feeds are completed over weeks; a daily one has its own gaps and batches.
    let days = if pack.step == Step::Week { pack.vintages.earlier(target, round.origin) } else { BTreeSet::new() };
    let earlier = days.into_iter().filter_map(|day| {
        let known = pack.vintages.known_at(target, day);
        let newest = self::newest(&known)?;
        let values = names.iter().map(|name| values(&known, name, newest, pack.step)).collect();
        Some(EarlierVintage { newest, values })
    });
    let earlier = earlier.filter(|vintage| vintage.newest <= newest).collect();
    Some(Panel { newest, step: pack.step, places, earlier })
}

/// The newest day for which any place has a figure.
fn newest(known: &Known) -> Option<Date> {
    known.values().filter_map(|days| days.iter().rev().find(|(_, value)| value.is_some()).map(|(day, _)| *day)).max()
}

/// Figures of a place by period, old to new, up to `newest`.
fn values(known: &Known, name: &str, newest: Date, step: Step) -> Vec<Option<f64>> {
    let Some(days) = known.get(name) else { return vec![] };
    let per = if step == Step::Day { 1 } else { 7 };
    let mut out = Vec::new();
    for (day, value) in days.range(..=newest) {
        let Ok(span) = newest.since(*day) else { continue };
        let back = i64::from(span.get_days());
        // A week that ends on another weekday than the newest one has no place on the panel's calendar.
        if back > LONGEST_PAST_DAYS || back % per != 0 || (out.is_empty() && value.is_none()) {
            continue;
        }
        let Ok(back) = usize::try_from(back / per) else { continue };
        if out.is_empty() {
            out = vec![None; back + 1];
        }
        let at = out.len() - 1 - back;
        out[at] = *value;
    }
    out
}

/// The target that runs ahead of this one: the most numerous, when it is more so by far.
fn ahead(pack: &HubPack, target: &str, known: &Known, newest: Date, origin: Date) -> Option<Known> {
    let total = |known: &Known| -> f64 {
        let from = newest.checked_sub(COUNTED_DAYS.days()).unwrap_or(Date::MIN);
        known.values().flat_map(|days| days.range(from..=newest)).filter_map(|(_, value)| *value).sum()
    };
    let others = pack.vintages.targets().filter(|name| *name != target);
    let counted = others.map(|name| pack.vintages.known_at(name, origin)).map(|known| (total(&known), known));
    let (most, ahead) = counted.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (most > 0.0 && most >= AHEAD * total(known)).then_some(ahead)
}
