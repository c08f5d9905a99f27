//! The history of every high-risk area that the rules allow to be drawn, day by day.

use super::rules::{Allowed, ZoneRules};
use super::{CaseAt, Round, above};
use jiff::civil::Date;
use levee_model::area::{Level, PlaceCode};
use levee_model::detection::Detection;
use levee_model::gazetteer::Gazetteer;
use levee_rulebook::{Facts, Rulebook};
use std::collections::{BTreeMap, BTreeSet};

/// No clock of clear days is looked at further than this; every rule that was found asks for fewer. Judgement.
pub const MOST_CLEAR_DAYS: i64 = 60;

/// How far a closed area is from its release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The day of its last infection: day 0.
    pub last_infection: Date,
    /// Whole days since then without a new one.
    pub days_clear: i64,
    /// How many the rules of the day ask for; `None` when no number is enough.
    pub days_needed: Option<i64>,
    /// Whether they ask for an all-negative round beside.
    pub round_needed: bool,
    /// The last closing round since the days were complete: all negative or not; `None` = none was made.
    pub round: Option<bool>,
}

impl Clock {
    /// The day on which the clear days are complete if nothing new is found.
    pub fn complete_on(&self) -> Option<Date> {
        let days = self.days_needed?;
        self.last_infection.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
    }

    /// The days are complete and only the round is missing: no reason to stay closed.
    pub fn waits_for_round(&self) -> bool {
        self.round_needed && self.round.is_none() && self.days_needed.is_some_and(|days| self.days_clear >= days)
    }
}

/// Whether an area is closed on the day that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZoneState {
    /// It is to be closed, or stay so.
    Closed(Clock),
    /// Its release was due on this day.
    Released {
        /// The first day on which the condition held.
        on: Date,
        /// The clock on that day.
        clock: Clock,
    },
}

/// One area, from the day of its first infection to its release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// The area.
    pub place: PlaceCode,
    /// Its level.
    pub level: Level,
    /// The day of the first infection: it is proposed from here on.
    pub since: Date,
    /// Days with infections in it, in order; each restarts the clock.
    pub infections: Vec<Date>,
    /// Where it stands.
    pub state: ZoneState,
}

/// Infections known only by a level that the rules do not allow to be closed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TooCoarse {
    /// The place.
    pub place: PlaceCode,
    /// Its level; `None` for a reporting unit, which lies in no area.
    pub level: Option<Level>,
    /// Whether the rules leave this level to a human, rather than forbid it.
    pub ask_a_human: bool,
    /// First and last day.
    pub days: (Date, Date),
    /// How many infections.
    pub persons: u64,
}

/// Infections found among people under control, outside every area: whether they bring a risk has to be assessed.
pub type ToAssess = CaseAt;

/// What is proposed for a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zones {
    /// Every area, by place and first day; released ones too.
    pub zones: Vec<Zone>,
    /// What is known too coarsely.
    pub too_coarse: Vec<TooCoarse>,
    /// What needs an assessment first.
    pub to_assess: Vec<ToAssess>,
    /// For each district in which an area was ever closed: the day on which the last one was released, so that it may go back to
    /// routine; `None` while one is closed, or while infections of the district are known too coarsely to say.
    pub routine: BTreeMap<PlaceCode, Option<Date>>,
}

impl Zones {
    /// Areas closed on the day that was asked for.
    pub fn closed(&self) -> impl Iterator<Item = (&Zone, Clock)> {
        self.zones.iter().filter_map(|zone| match zone.state {
            ZoneState::Closed(clock) => Some((zone, clock)),
            ZoneState::Released { .. } => None,
        })
    }
}

/// Proposes areas from what was found up to the end of `on`. The order of `cases` and `rounds` does not matter.
pub fn propose(
    book: &Rulebook,
    on: Date,
    outbreak: &Facts,
    places: &Gazetteer,
    cases: &[CaseAt],
    rounds: &[Round],
) -> Zones {
    let mut cases: Vec<&CaseAt> = cases.iter().filter(|case| case.day <= on && case.persons > 0).collect();
    cases.sort();
    let mut rules = Rules { book, outbreak, by_day: BTreeMap::new() };
    let mut whole = Whole { places, on, rounds: BTreeMap::new(), zones: Vec::new(), latest: BTreeMap::new() };
    for round in rounds {
        whole.rounds.entry(&round.place).or_default().push(round);
    }
    let mut coarse: BTreeMap<PlaceCode, TooCoarse> = BTreeMap::new();
    let mut to_assess = Vec::new();
    // By day: an area that was released the day before is closed again by a new infection, as a new entry.
    for case in by_day(&cases) {
        let open = whole.open_around(&case.place, case.day, &mut rules);
        for nth in &open {
            if let Some(zone) = whole.zones.get_mut(*nth)
                && zone.infections.last() != Some(&case.day)
            {
                zone.infections.push(case.day);
            }
        }
        if !open.is_empty() {
            continue;
        }
        if case.detection == Some(Detection::Managed) {
            to_assess.push(case.clone());
            continue;
        }
        let (narrowest, ask) = allowed(rules.on(case.day), places, &case.place);
        match narrowest {
            Some((place, level)) => whole.close(place, level, case.day),
            None => {
                let level = places.area(&case.place).map(|area| area.level);
                let entry = coarse.entry(case.place.clone()).or_insert(TooCoarse {
                    place: case.place.clone(),
                    level,
                    ask_a_human: ask,
                    days: (case.day, case.day),
                    persons: 0,
                });
                entry.days.1 = case.day;
                entry.ask_a_human = ask;
                entry.persons = entry.persons.saturating_add(case.persons);
            }
        }
    }
    let states: Vec<ZoneState> = whole.zones.iter().map(|zone| whole.state(zone, &mut rules)).collect();
    whole.zones.iter_mut().zip(states).for_each(|(zone, state)| zone.state = state);
    whole.zones.sort_by(|a, b| (&a.place, a.since).cmp(&(&b.place, b.since)));
    let routine = routine(&whole.zones, coarse.values(), places);
    Zones { zones: whole.zones, too_coarse: coarse.into_values().collect(), to_assess, routine }
}

/// Cases of one day: those that are closest to a home first, so that a wider area of the same day does not swallow them.
fn by_day<'c>(cases: &[&'c CaseAt]) -> Vec<&'c CaseAt> {
    let mut sorted = cases.to_vec();
    // Found in the community before found under control: the area is there when the second is looked at.
    sorted.sort_by_key(|case| (case.day, case.detection == Some(Detection::Managed), case.place.clone()));
    sorted
}

/// The narrowest area from a unit on that a place lies in, if the rules allow it; and whether they leave the place to a human.
fn allowed(rules: &ZoneRules<'_>, places: &Gazetteer, place: &PlaceCode) -> (Option<(PlaceCode, Level)>, bool) {
    let narrowest = above(places, place).find(|(_, level)| *level < Level::Household);
    let Some((code, level)) = narrowest else { return (None, false) };
    match rules.allows(level) {
        Allowed::Yes => (Some((code, level)), false),
        Allowed::AskAHuman => (None, true),
        Allowed::No => (None, false),
    }
}

struct Rules<'b, 'f> {
    book: &'b Rulebook,
    outbreak: &'f Facts,
    by_day: BTreeMap<Date, (ZoneRules<'b>, Option<i64>, bool)>,
}

impl<'b> Rules<'b, '_> {
    fn entry(&mut self, day: Date) -> &(ZoneRules<'b>, Option<i64>, bool) {
        let (book, outbreak) = (self.book, self.outbreak);
        self.by_day.entry(day).or_insert_with(|| {
            let rules = ZoneRules::on(book, day, outbreak);
            let needed = rules.clear_days(MOST_CLEAR_DAYS);
            let round = needed.is_some_and(|days| rules.needs_final_round(days));
            (rules, needed, round)
        })
    }

    fn on(&mut self, day: Date) -> &ZoneRules<'b> {
        &self.entry(day).0
    }
}

struct Whole<'a> {
    places: &'a Gazetteer,
    on: Date,
    rounds: BTreeMap<&'a PlaceCode, Vec<&'a Round>>,
    zones: Vec<Zone>,
    /// Of each place its latest area.
    latest: BTreeMap<PlaceCode, usize>,
}

impl Whole<'_> {
    fn close(&mut self, place: PlaceCode, level: Level, day: Date) {
        self.latest.insert(place.clone(), self.zones.len());
        // Its state is set when all infections are in.
        let clock = Clock { last_infection: day, days_clear: 0, days_needed: None, round_needed: false, round: None };
        self.zones.push(Zone { place, level, since: day, infections: vec![day], state: ZoneState::Closed(clock) });
    }

    /// The areas around `place` that are still closed when `day` begins, or were closed on it.
    fn open_around(&self, place: &PlaceCode, day: Date, rules: &mut Rules<'_, '_>) -> Vec<usize> {
        let before = day.yesterday().unwrap_or(day);
        above(self.places, place)
            .filter_map(|(code, _)| self.latest.get(&code).copied())
            .filter(|nth| {
                self.zones.get(*nth).is_some_and(|zone| {
                    zone.infections.last() == Some(&day) || self.released(zone, before, rules).is_none()
                })
            })
            .collect()
    }

    /// The first day up to `until` on which the release of an area holds, and its clock then.
    fn released(&self, zone: &Zone, until: Date, rules: &mut Rules<'_, '_>) -> Option<(Date, Clock)> {
        let last = *zone.infections.last()?;
        let mut day = last;
        while day < until {
            day = day.tomorrow().ok()?;
            let clock = self.clock(zone, last, day, rules);
            let round = if clock.round_needed { clock.round } else { clock.round.or(Some(true)) };
            if clock.days_needed.is_some_and(|needed| clock.days_clear >= needed)
                && rules.on(day).releases(clock.days_clear, round)
            {
                return Some((day, clock));
            }
            if clock.days_clear > MOST_CLEAR_DAYS && clock.days_needed.is_none() {
                return None;
            }
        }
        None
    }

    fn clock(&self, zone: &Zone, last: Date, day: Date, rules: &mut Rules<'_, '_>) -> Clock {
        let days_clear = day.duration_since(last).as_hours() / 24;
        let &(_, days_needed, round_needed) = rules.entry(day);
        let complete = days_needed.and_then(|days| last.checked_add(jiff::Span::new().days(days)).ok());
        let around = above(self.places, &zone.place).filter_map(|(code, _)| self.rounds.get(&code)).flatten();
        let made = around.filter(|round| round.day <= day && complete.is_some_and(|from| round.day >= from));
        // Of several the last counts; of the same day a round that is not all negative.
        let round = made.max_by_key(|round| (round.day, !round.all_negative)).map(|round| round.all_negative);
        Clock { last_infection: last, days_clear, days_needed, round_needed, round }
    }

    fn state(&self, zone: &Zone, rules: &mut Rules<'_, '_>) -> ZoneState {
        if let Some((on, clock)) = self.released(zone, self.on, rules) {
            return ZoneState::Released { on, clock };
        }
        let last = zone.infections.last().copied().unwrap_or(zone.since);
        ZoneState::Closed(self.clock(zone, last, self.on, rules))
    }
}

fn routine<'c>(
    zones: &[Zone],
    coarse: impl Iterator<Item = &'c TooCoarse>,
    places: &Gazetteer,
) -> BTreeMap<PlaceCode, Option<Date>> {
    let district = |place: &PlaceCode| super::at_level(places, place, Level::District);
    let unclear: BTreeSet<PlaceCode> = coarse.filter_map(|one| district(&one.place)).collect();
    let mut all: BTreeMap<PlaceCode, Option<Date>> = BTreeMap::new();
    let mut open: BTreeSet<PlaceCode> = unclear;
    for zone in zones {
        let Some(code) = district(&zone.place) else { continue };
        let last = all.entry(code.clone()).or_insert(None);
        match zone.state {
            ZoneState::Closed(_) => {
                open.insert(code);
            }
            ZoneState::Released { on, .. } => *last = (*last).max(Some(on)),
        }
    }
    for code in open {
        if let Some(last) = all.get_mut(&code) {
            *last = None;
        }
    }
    all
}
