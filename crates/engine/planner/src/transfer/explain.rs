//! Who stays without a bed, why, and what would mend it.

use crate::transfer::books::{Books, Move};
use crate::transfer::marginal::Residual;
use crate::transfer::network::{Network, tier_of};
use crate::transfer::problem::{BedState, Door, Group, MOST_ILL_FIRST, Problem, Way, index};
use levee_model::facility::Binding;
use levee_model::plan::{Cause, Mend, Remedy, Shortfall, Surge};
use levee_model::provenance::Origin;
use levee_model::quantity::Persons;
use std::collections::BTreeMap;

/// How many remedies a shortfall names.
const REMEDIES: usize = 3;

/// How many districts' coach seats are valued, one search each; the others' remedies say that their value is not known.
const SEATS_VALUED: usize = 40;

/// The worth of one more unit, from the solved flow; empty when the back end had no answer.
pub(crate) struct Worth<'a> {
    solved: Option<(&'a Network, Residual<'a>, Vec<Option<crate::solver::Cost>>)>,
    seats: BTreeMap<usize, Option<[i64; 3]>>,
}

impl<'a> Worth<'a> {
    pub(crate) fn new(solved: Option<(&'a Network, &'a crate::solver::Flow)>) -> Self {
        let solved = solved.map(|(network, answer)| {
            let residual = Residual::new(network, answer);
            let from_sink = residual.costs_from(0);
            (network, residual, from_sink)
        });
        Self { solved, seats: BTreeMap::new() }
    }

    /// One more usable bed from `day` on.
    fn bed(&self, bed: usize, day: usize) -> Option<[i64; 3]> {
        let (network, residual, from_sink) = self.solved.as_ref()?;
        residual.saves(network.freed[bed][day]?, from_sink)
    }

    /// One more coach seat.
    fn seat(&mut self, group: usize, day: usize) -> Option<[i64; 3]> {
        let (network, residual, from_sink) = self.solved.as_ref()?;
        let arc = network.seats.get(group)?[day]?;
        if !self.seats.contains_key(&arc) && self.seats.len() >= SEATS_VALUED {
            return None;
        }
        *self.seats.entry(arc).or_insert_with(|| residual.saves_by_search(arc, from_sink))
    }
}

/// Everybody who ends a day without a planned bed: by day, the most ill first.
pub(crate) fn shortfalls(problem: &Problem, books: &Books<'_>, worth: &mut Worth<'_>) -> Vec<Shortfall> {
    let mut all = Vec::new();
    for day in 0..problem.days() {
        for class in MOST_ILL_FIRST {
            for group in problem.of_class(class) {
                let people = books.waiting(group, day);
                if people == 0 {
                    continue;
                }
                let (cause, mends) = why(problem, books, worth, group, day);
                all.push(Shortfall {
                    day: problem.dates[day],
                    district: problem.districts[problem.groups[group].district].clone(),
                    class,
                    care: problem.groups[group].care,
                    people: Persons::new(people),
                    cause,
                    mends,
                    origin: origin(problem, group, day),
                });
            }
        }
    }
    all
}

/// Life-saving care beyond usable beds: dispatch now, receive over capacity (law 7).
pub(crate) fn surge(problem: &Problem, books: &Books<'_>, shortfalls: &[Shortfall]) -> Vec<Surge> {
    let mut all = Vec::new();
    for short in shortfalls.iter().filter(|s| s.class.is_life_saving()) {
        let district = problem.districts.binary_search(&short.district);
        let day = problem.dates.binary_search(&short.day);
        let (Ok(district), Ok(day)) = (district, day) else { continue };
        let wanted = Group { district, class: index(short.class), care: short.care };
        let Ok(group) = problem.groups.binary_search(&wanted) else { continue };
        let in_surge = books.waiting(group, day);
        // Who came first got the beds of the day; who is left came last.
        let people = problem.need(group, day).min(in_surge);
        all.push(Surge {
            day: short.day,
            from: short.district.clone(),
            class: short.class,
            care: short.care,
            people: Persons::new(people),
            in_surge: Persons::new(in_surge),
            facility: receiving(problem, group, day),
            cause: short.cause,
            origin: short.origin,
        });
    }
    all
}

/// The nearest that is open and accepted; else the nearest that is open: law 7 outranks law 8. A way that a pin forbids
/// only where there is no other.
fn receiving(problem: &Problem, group: usize, day: usize) -> Option<levee_model::ids::FacilityId> {
    let ways = &problem.ways[group];
    let allowed: Vec<&Way> = ways.iter().filter(|way| !problem.kept.forbids(group, way.bed)).collect();
    let nearest = |ways: &[&Way], open: fn(Door) -> bool| {
        ways.iter().map(|w| &problem.beds[w.bed]).find(|bed| open(bed.door[day])).map(|bed| bed.facility.clone())
    };
    let best = |ways: &[&Way]| {
        nearest(ways, |door| door == Door::Open).or_else(|| nearest(ways, |door| door == Door::NotAccepted))
    };
    best(&allowed).or_else(|| best(&ways.iter().collect::<Vec<_>>()))
}

fn origin(problem: &Problem, group: usize, day: usize) -> Origin {
    let demand = problem.demand[group][..=day].iter().map(|d| d.origin);
    let ways = problem.ways[group].iter().map(|w| problem.beds[w.bed].origin.and(w.origin));
    demand.chain(ways).fold(Origin::Reported, Origin::and)
}

fn mend(remedy: Remedy) -> Mend {
    Mend { remedy, saves_person_days: None }
}

fn why(problem: &Problem, books: &Books<'_>, worth: &mut Worth<'_>, group: usize, day: usize) -> (Cause, Vec<Mend>) {
    let ways = &problem.ways[group];
    if ways.is_empty() {
        return no_way(problem, group);
    }
    let open = |way: &&Way| {
        let key = Move { day, group, bed: way.bed };
        problem.is_usable(group, way, day) && !problem.kept.exact.contains(&key)
    };
    let usable: Vec<&Way> = ways.iter().filter(open).collect();
    if usable.is_empty() {
        return nobody_admits(problem, group, day);
    }
    let district = problem.groups[group].district;
    let room = usable.iter().any(|w| books.room(w.bed, group, day) > 0);
    let beds = beds_bind(problem, books, worth, group, &usable, day);
    let known = problem.coaches[district].people().is_some();
    if problem.groups[group].is_life_saving() || !known || !(room || books.coaches_are_spent(district, day)) {
        return beds;
    }
    // Beds and coaches may both hold people back: the one of which one more unit saves more in their tier binds.
    let saves_person_days = worth.seat(group, day);
    let own =
        |saves: Option<[i64; 3]>| saves.and_then(|tiers| tiers.get(tier_of(problem, group)).copied()).unwrap_or(0);
    if !room && own(saves_person_days) <= own(beds.1.first().and_then(|m| m.saves_person_days)) {
        return beds;
    }
    let remedy = Remedy::OneCoachSeat { district: problem.districts[district].clone(), day: problem.dates[day] };
    let mut mends = vec![Mend { remedy, saves_person_days }];
    mends.extend(beds.1.into_iter().filter(|m| own(m.saves_person_days) > 0));
    (Cause::Vehicles, mends)
}

/// Nothing within reach gives what they need: no such beds, none with the service, or no way to any.
fn no_way(problem: &Problem, group: usize) -> (Cause, Vec<Mend>) {
    let Group { district, class, care } = problem.groups[group];
    let level = problem.groups[group].class().level_needed();
    let top = class + usize::from(problem.limits.upgrade_levels);
    let mut fit = problem.beds.iter().filter(|bed| (class..=top).contains(&bed.rank)).peekable();
    if fit.peek().is_none() {
        return (Cause::NoFacility, vec![mend(Remedy::Facility { level })]);
    }
    if let Some(care) = care.filter(|care| !fit.any(|bed| bed.slots.contains_key(care))) {
        return (Cause::NoService, vec![mend(Remedy::Service { level, care })]);
    }
    (Cause::NoLane, vec![mend(Remedy::Lanes { district: problem.districts[district].clone() })])
}

/// What binds at one of the facilities that admit people: a pin, the slots of a service, or the beds.
fn at(problem: &Problem, books: &Books<'_>, worth: &Worth<'_>, group: usize, bed: usize, day: usize) -> (Cause, Mend) {
    let row = &problem.beds[bed];
    let (facility, level) = (row.facility.clone(), row.level);
    if let Some(care) = problem.groups[group].care
        && books.slots_left(bed, Some(care)) == 0
    {
        return (Cause::Slots, mend(Remedy::OneSlot { facility, level, care }));
    }
    if problem.is_capped(bed) {
        return (Cause::Pinned, mend(Remedy::LiftPin { facility, level }));
    }
    let limits = match &row.state {
        BedState::Known { limits, .. } => limits.clone(),
        BedState::Unknown => Vec::new(),
    };
    let cause = cause_of(&limits);
    let remedy = Remedy::OneBed { facility, level, from_day: problem.dates[day], limits };
    (cause, Mend { remedy, saves_person_days: worth.bed(bed, day) })
}

/// Beds, staff, equipment, slots or a pin: the facilities where one more would save most in the people's own tier, then in
/// all, then the nearest.
fn beds_bind(
    problem: &Problem,
    books: &Books<'_>,
    worth: &Worth<'_>,
    group: usize,
    usable: &[&Way],
    day: usize,
) -> (Cause, Vec<Mend>) {
    let mut best: Vec<(Cause, Mend)> = usable.iter().map(|w| at(problem, books, worth, group, w.bed, day)).collect();
    let own = tier_of(problem, group);
    let rate = |saves: Option<[i64; 3]>| saves.map(|tiers| (tiers.get(own).copied(), tiers));
    best.sort_by_key(|(_, mend)| std::cmp::Reverse(rate(mend.saves_person_days))); // stable: nearest first among equals
    let cause = best.first().map_or(Cause::Beds, |(cause, _)| *cause);
    let mut mends: Vec<Mend> = best.into_iter().take(REMEDIES - 1).map(|(_, mend)| mend).collect();
    // A facility that has not reported may have had room.
    mends.extend(closed_ways(problem, group, day).map(|(_, remedy)| mend(remedy)).take(1));
    (cause, mends)
}

/// The scarcest of the limits; where all three are equal, the beds themselves.
fn cause_of(limits: &[Binding]) -> Cause {
    match limits.first() {
        Some(Binding::Staffed) => Cause::Staff,
        Some(Binding::Equipped) => Cause::Equipment,
        _ => Cause::Beds,
    }
}

fn nobody_admits(problem: &Problem, group: usize, day: usize) -> (Cause, Vec<Mend>) {
    let closed: Vec<(Cause, Remedy)> = closed_ways(problem, group, day).collect();
    let cause = closed.first().map_or(Cause::NotOpen, |(cause, _)| *cause);
    let mut mends: Vec<Mend> = Vec::new();
    for (_, remedy) in closed {
        if mends.len() < REMEDIES && mends.iter().all(|m| m.remedy != remedy) {
            mends.push(mend(remedy));
        }
    }
    (cause, mends)
}

/// Facilities that could serve and take none of these people on the day: why, and what would open them; the nearest
/// first.
fn closed_ways(problem: &Problem, group: usize, day: usize) -> impl Iterator<Item = (Cause, Remedy)> + '_ {
    problem.ways[group].iter().filter_map(move |way| {
        let row = &problem.beds[way.bed];
        let (facility, level) = (row.facility.clone(), row.level);
        if problem.kept.forbids(group, way.bed) {
            return Some((Cause::Pinned, Remedy::LiftPin { facility, level }));
        }
        match (&row.state, row.door[day], problem.groups[group].care) {
            (BedState::Unknown, ..) => Some((Cause::UnknownCapacity, Remedy::ReportCapacity { facility, level })),
            (_, _, Some(care)) if way.service_unknown => {
                Some((Cause::UnknownCapacity, Remedy::ReportService { facility, level, care }))
            }
            (_, Door::NotAccepted, _) => Some((Cause::NotAccepted, Remedy::Acceptance { facility })),
            (_, Door::NotOpen, _) => Some((Cause::NotOpen, Remedy::OpenEarlier { facility })),
            (_, Door::Open, _) if problem.kept.exact.contains(&Move { day, group, bed: way.bed }) => {
                Some((Cause::Pinned, Remedy::LiftPin { facility, level }))
            }
            (_, Door::Open, _) => None,
        }
    })
}
