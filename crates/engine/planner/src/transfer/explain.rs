//! Who stays without a bed, why, and what would mend it.

use crate::transfer::books::Books;
use crate::transfer::marginal::Residual;
use crate::transfer::network::{Network, tier_of};
use crate::transfer::problem::{BedState, Door, MOST_ILL_FIRST, Problem, Way, index};
use levee_model::facility::Binding;
use levee_model::plan::{CareClass, Cause, Mend, Remedy, Shortfall, Surge};
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
    fn seat(&mut self, district: usize, class: usize, day: usize) -> Option<[i64; 3]> {
        let (network, residual, _) = self.solved.as_ref()?;
        let arc = network.seats.get(class)?[district][day]?;
        if !self.seats.contains_key(&arc) && self.seats.len() >= SEATS_VALUED {
            return None;
        }
        *self.seats.entry(arc).or_insert_with(|| residual.saves(arc, &residual.costs_from(residual.head(arc)?)))
    }
}

/// Everybody who ends a day without a planned bed: by day, the most ill first.
pub(crate) fn shortfalls(problem: &Problem, books: &Books<'_>, worth: &mut Worth<'_>) -> Vec<Shortfall> {
    let mut all = Vec::new();
    for day in 0..problem.days() {
        for class in MOST_ILL_FIRST {
            for (district, code) in problem.districts.iter().enumerate() {
                let people = books.waiting(district, index(class), day);
                if people == 0 {
                    continue;
                }
                let (cause, mends) = why(problem, books, worth, district, class, day);
                all.push(Shortfall {
                    day: problem.dates[day],
                    district: code.clone(),
                    class,
                    care: None,
                    people: Persons::new(people),
                    cause,
                    mends,
                    origin: origin(problem, district, class, day),
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
        let class = index(short.class);
        let in_surge = books.waiting(district, class, day);
        // Who came first got the beds of the day; who is left came last.
        let people = problem.need(district, class, day).min(in_surge);
        all.push(Surge {
            day: short.day,
            from: short.district.clone(),
            class: short.class,
            care: short.care,
            people: Persons::new(people),
            in_surge: Persons::new(in_surge),
            facility: receiving(problem, &problem.ways[district][class], day),
            cause: short.cause,
            origin: short.origin,
        });
    }
    all
}

/// The nearest that is open and accepted; else the nearest that is open: law 7 outranks law 8.
fn receiving(problem: &Problem, ways: &[Way], day: usize) -> Option<levee_model::ids::FacilityId> {
    let nearest = |open: fn(Door) -> bool| {
        ways.iter().map(|w| &problem.beds[w.bed]).find(|bed| open(bed.door[day])).map(|bed| bed.facility.clone())
    };
    nearest(|door| door == Door::Open).or_else(|| nearest(|door| door == Door::NotAccepted))
}

fn origin(problem: &Problem, district: usize, class: CareClass, day: usize) -> Origin {
    let demand = problem.demand[district][index(class)][..=day].iter().map(|d| d.origin);
    let ways = problem.ways[district][index(class)].iter().map(|w| problem.beds[w.bed].origin.and(w.origin));
    demand.chain(ways).fold(Origin::Reported, Origin::and)
}

fn mend(remedy: Remedy) -> Mend {
    Mend { remedy, saves_person_days: None }
}

fn why(
    problem: &Problem,
    books: &Books<'_>,
    worth: &mut Worth<'_>,
    district: usize,
    class: CareClass,
    day: usize,
) -> (Cause, Vec<Mend>) {
    let ways = &problem.ways[district][index(class)];
    let level = class.level_needed();
    if ways.is_empty() {
        let top = index(class) + usize::from(problem.limits.upgrade_levels);
        let somewhere = problem.beds.iter().any(|bed| (index(class)..=top).contains(&bed.rank));
        return if somewhere {
            (Cause::NoLane, vec![mend(Remedy::Lanes { district: problem.districts[district].clone() })])
        } else {
            (Cause::NoFacility, vec![mend(Remedy::Facility { level })])
        };
    }
    let usable: Vec<&Way> = ways.iter().filter(|w| problem.beds[w.bed].admits(day)).collect();
    if usable.is_empty() {
        return nobody_admits(problem, ways, day);
    }
    let room = usable.iter().any(|w| books.room(w.bed, day) > 0);
    let beds = beds_bind(problem, worth, class, &usable, ways, day);
    let known = problem.coaches[district].people().is_some();
    if class.is_life_saving() || !known || !(room || books.coaches_are_spent(district, day)) {
        return beds;
    }
    // Beds and coaches may both hold people back: the one of which one more unit saves more in their tier binds.
    let saves_person_days = worth.seat(district, index(class), day);
    let own = |saves: Option<[i64; 3]>| saves.and_then(|tiers| tiers.get(tier_of(index(class))).copied()).unwrap_or(0);
    if !room && own(saves_person_days) <= own(beds.1.first().and_then(|m| m.saves_person_days)) {
        return beds;
    }
    let remedy = Remedy::OneCoachSeat { district: problem.districts[district].clone(), day: problem.dates[day] };
    let mut mends = vec![Mend { remedy, saves_person_days }];
    mends.extend(beds.1.into_iter().filter(|m| own(m.saves_person_days) > 0));
    (Cause::Vehicles, mends)
}

/// Beds, staff or equipment: the facilities where one more would save most in the people's own tier, then in all, then
/// the nearest.
fn beds_bind(
    problem: &Problem,
    worth: &Worth<'_>,
    class: CareClass,
    usable: &[&Way],
    ways: &[Way],
    day: usize,
) -> (Cause, Vec<Mend>) {
    let mut best: Vec<(Option<[i64; 3]>, usize)> = usable.iter().map(|w| (worth.bed(w.bed, day), w.bed)).collect();
    let own = tier_of(index(class));
    let rate = |saves: Option<[i64; 3]>| saves.map(|tiers| (tiers.get(own).copied(), tiers));
    best.sort_by_key(|(saves, _)| std::cmp::Reverse(rate(*saves))); // stable: nearest first among equals
    let mut cause = Cause::Beds;
    let mut mends = Vec::new();
    for (saves_person_days, bed) in best.into_iter().take(REMEDIES - 1) {
        let row = &problem.beds[bed];
        let BedState::Known { limits, .. } = &row.state else { continue };
        if mends.is_empty() {
            cause = cause_of(limits);
        }
        let remedy = Remedy::OneBed {
            facility: row.facility.clone(),
            level: row.level,
            from_day: problem.dates[day],
            limits: limits.clone(),
        };
        mends.push(Mend { remedy, saves_person_days });
    }
    // A facility that has not reported may have had room.
    mends.extend(closed_ways(problem, ways, day).map(|(_, remedy)| mend(remedy)).take(1));
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

fn nobody_admits(problem: &Problem, ways: &[Way], day: usize) -> (Cause, Vec<Mend>) {
    let closed: Vec<(Cause, Remedy)> = closed_ways(problem, ways, day).collect();
    let cause = closed.first().map_or(Cause::NotOpen, |(cause, _)| *cause);
    let mut mends: Vec<Mend> = Vec::new();
    for (_, remedy) in closed {
        if mends.len() < REMEDIES && mends.iter().all(|m| m.remedy != remedy) {
            mends.push(mend(remedy));
        }
    }
    (cause, mends)
}

/// Facilities that could serve and admit nobody on the day: why, and what would open them; the nearest first.
fn closed_ways<'a>(problem: &'a Problem, ways: &'a [Way], day: usize) -> impl Iterator<Item = (Cause, Remedy)> + 'a {
    ways.iter().filter_map(move |way| {
        let row = &problem.beds[way.bed];
        let (facility, level) = (row.facility.clone(), row.level);
        match (&row.state, row.door[day]) {
            (BedState::Unknown, _) => Some((Cause::UnknownCapacity, Remedy::ReportCapacity { facility, level })),
            (_, Door::NotAccepted) => Some((Cause::NotAccepted, Remedy::Acceptance { facility })),
            (_, Door::NotOpen) => Some((Cause::NotOpen, Remedy::OpenEarlier { facility })),
            (_, Door::Open) => None,
        }
    })
}
