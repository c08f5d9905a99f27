//! Who travels, who is dispatched now, who stays and why, and who stays together.

use jiff::civil::{Date, DateTime, Time};
use levee_model::plan::runs::{Guardianship, RunGap, StayCause, WaitingPerson};
use levee_model::plan::{CareClass, CareNeed};
use levee_model::subject::Pseudonym;
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of somebody before any place or vehicle is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Stays on a decided ground.
    Exempt,
    /// Dispatched now.
    Urgent,
    /// Goes along with an urgent child.
    Along,
    /// Held back, and why.
    Held(StayCause),
    /// Is to travel today.
    Travels,
}

/// One person, listed once.
pub(crate) struct Listed<'a> {
    pub(crate) row: &'a WaitingPerson,
    pub(crate) fate: Fate,
}

/// Who goes first: the more ill, the vulnerable, the longest waiting; the pseudonym, which is random, settles the rest.
pub(crate) type Key = (std::cmp::Reverse<CareClass>, bool, DateTime, Pseudonym);

pub(crate) fn key(row: &WaitingPerson) -> Key {
    (std::cmp::Reverse(row.class), !row.vulnerable, row.since, row.person)
}

/// People who stay together; one person alone is a group as well.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// Where they wait: index into [`People::rows`] of the first member tells the district.
    pub(crate) members: Vec<usize>,
    /// The key of the member who comes first.
    pub(crate) key: Key,
    /// Minute of the day from which all may be picked up.
    pub(crate) ready: u32,
    /// Members who need a place of their own kind.
    pub(crate) fixed: Kinds,
    /// Mild members who may take a moderate place, to stay with the child or guardian who needs one; under their mild kind.
    pub(crate) flexible: Kinds,
}

/// Kinds of places: mild and moderate ones for each need beside the bed, in pairs; none of these needs first.
pub(crate) const KINDS: usize = 2 * (CareNeed::ALL.len() + 1);

/// A count for each kind of place.
pub(crate) type Kinds = [u64; KINDS];

/// The kind of place that somebody needs; `None` = life-saving care, never planned.
pub(crate) fn kind_of(class: CareClass, care: Option<CareNeed>) -> Option<usize> {
    let class = match class {
        CareClass::Mild => 0,
        CareClass::Moderate => 1,
        CareClass::Severe | CareClass::Critical => return None,
    };
    let care = care.and_then(|care| CareNeed::ALL.iter().position(|c| *c == care)).map_or(0, |at| at + 1);
    Some(2 * care + class)
}

/// Whom a kind of place is for.
pub(crate) fn whose(kind: usize) -> (CareClass, Option<CareNeed>) {
    let class = if kind.is_multiple_of(2) { CareClass::Mild } else { CareClass::Moderate };
    (class, (kind / 2).checked_sub(1).and_then(|at| CareNeed::ALL.get(at).copied()))
}

impl Group {
    pub(crate) fn size(&self) -> u64 {
        self.members.len() as u64
    }
    /// Groups with the same profile can take one another's places.
    pub(crate) fn profile(&self) -> Profile {
        (self.fixed, self.flexible)
    }
    /// The places it takes where so many are left; `None` = it does not fit.
    pub(crate) fn takes(&self, left: &Kinds) -> Option<Kinds> {
        let mut takes = self.fixed;
        for mild in (0..KINDS).step_by(2) {
            let spare = left[mild].checked_sub(takes[mild])?;
            let stay = self.flexible[mild].min(spare);
            takes[mild] += stay;
            takes[mild + 1] += self.flexible[mild] - stay;
            if takes[mild + 1] > left[mild + 1] {
                return None;
            }
        }
        Some(takes)
    }
    /// People by class, mild and moderate.
    pub(crate) fn classes(&self) -> [u64; 2] {
        let moderate = self.fixed.iter().skip(1).step_by(2).sum();
        [self.size() - moderate, moderate]
    }
    /// The kind of place that somebody alone needs.
    pub(crate) fn kind(&self) -> usize {
        self.fixed.iter().position(|n| *n > 0).unwrap_or(0)
    }
}

/// What tells whether two groups can take one another's places.
pub(crate) type Profile = (Kinds, Kinds);

/// Everybody listed, by pseudonym.
pub(crate) struct People<'a> {
    pub(crate) rows: Vec<Listed<'a>>,
    pub(crate) groups: Vec<Group>,
    pub(crate) gaps: BTreeSet<RunGap>,
}

/// Minute of `day` from which somebody may be picked up; `None` = only after the day.
fn ready(since: DateTime, day: Date) -> Option<u32> {
    if since.date() < day {
        return Some(0);
    }
    let time = since.time();
    let minutes = u32::from(time.hour().unsigned_abs()) * 60 + u32::from(time.minute().unsigned_abs());
    let begun = time > Time::constant(time.hour(), time.minute(), 0, 0);
    (since.date() == day).then_some(minutes + u32::from(begun))
}

fn guardian(row: &WaitingPerson) -> Option<Pseudonym> {
    match row.guardianship {
        Guardianship::By { person } => Some(person),
        Guardianship::NotNeeded | Guardianship::Unknown => None,
    }
}

/// The household that binds somebody; those who agreed to be parted are bound to none.
fn bound_to(row: &WaitingPerson) -> Option<Pseudonym> {
    row.household.filter(|_| row.parting_agreed.is_none())
}

impl<'a> People<'a> {
    pub(crate) fn new(all: &'a [WaitingPerson], day: Date) -> Self {
        let mut gaps = BTreeSet::new();
        let mut rows = listed(all, day, &mut gaps);
        let at: BTreeMap<Pseudonym, usize> = rows.iter().enumerate().map(|(k, l)| (l.row.person, k)).collect();
        along(&mut rows, &at);
        two_districts(&mut rows, &mut gaps);
        hold(&mut rows, &at);
        let groups = groups(&rows, &at, day);
        Self { rows, groups, gaps }
    }

    pub(crate) fn row(&self, k: usize) -> &'a WaitingPerson {
        self.rows[k].row
    }
}

fn listed<'a>(all: &'a [WaitingPerson], day: Date, gaps: &mut BTreeSet<RunGap>) -> Vec<Listed<'a>> {
    let mut by_person: BTreeMap<Pseudonym, Vec<&WaitingPerson>> = BTreeMap::new();
    for row in all {
        by_person.entry(row.person).or_default().push(row);
    }
    by_person
        .into_iter()
        .filter_map(|(person, rows)| {
            let differs = rows.iter().any(|r| Some(r) != rows.first());
            // Of rows that differ, the most ill one: nobody's life hangs on a clerk's slip.
            let most = |r: &&WaitingPerson| {
                (r.class, std::cmp::Reverse(r.since), std::cmp::Reverse((r.district.clone(), r.guardianship)))
            };
            let row = rows.iter().copied().max_by_key(most)?;
            if differs {
                gaps.insert(RunGap::PersonContradicts { person });
            }
            Some(Listed { row, fate: fate(row, differs, day) })
        })
        .collect()
}

fn fate(row: &WaitingPerson, differs: bool, day: Date) -> Fate {
    let decided = row.exemption.as_ref().map(|e| e.decided_by.is_some());
    match decided {
        Some(true) if !differs => Fate::Exempt,
        _ if row.class.is_life_saving() => Fate::Urgent,
        _ if differs => Fate::Held(StayCause::Contradiction),
        _ if ready(row.since, day).is_none() => Fate::Held(StayCause::NotYet),
        Some(_) => Fate::Held(StayCause::ExemptionUndecided),
        None if row.guardianship == Guardianship::Unknown => Fate::Held(StayCause::GuardianUnknown),
        None => Fate::Travels,
    }
}

/// Guardians of urgent children go with them.
fn along(rows: &mut [Listed<'_>], at: &BTreeMap<Pseudonym, usize>) {
    let urgent = rows.iter().filter(|l| l.fate == Fate::Urgent);
    let guardians: Vec<usize> = urgent.filter_map(|l| at.get(&guardian(l.row)?).copied()).collect();
    for k in guardians {
        let fate = &mut rows[k].fate;
        if !matches!(fate, Fate::Exempt | Fate::Urgent | Fate::Held(StayCause::Contradiction)) {
            *fate = Fate::Along;
        }
    }
}

fn two_districts(rows: &mut [Listed<'_>], gaps: &mut BTreeSet<RunGap>) {
    let mut homes: BTreeMap<Pseudonym, Vec<usize>> = BTreeMap::new();
    for (k, one) in rows.iter().enumerate().filter(|(_, l)| l.fate == Fate::Travels) {
        if let Some(household) = bound_to(one.row) {
            homes.entry(household).or_default().push(k);
        }
    }
    for (household, members) in homes {
        let first = members.first().map(|k| &rows[*k].row.district);
        if members.iter().any(|k| Some(&rows[*k].row.district) != first) {
            gaps.insert(RunGap::HouseholdInTwoDistricts { household });
            for k in members {
                rows[k].fate = Fate::Held(StayCause::Contradiction);
            }
        }
    }
}

/// A child whose guardian does not travel is held, and so is a household of which a member is held; until nothing changes.
fn hold(rows: &mut [Listed<'_>], at: &BTreeMap<Pseudonym, usize>) {
    loop {
        let held: BTreeSet<Pseudonym> =
            rows.iter().filter(|l| matches!(l.fate, Fate::Held(_))).filter_map(|l| bound_to(l.row)).collect();
        let mut changes: Vec<(usize, StayCause)> = Vec::new();
        for (k, one) in rows.iter().enumerate().filter(|(_, l)| l.fate == Fate::Travels) {
            let with = guardian(one.row).map(|g| at.get(&g).map(|k| &rows[*k]));
            let together = |g: Option<&Listed<'_>>| {
                g.is_some_and(|g| {
                    g.fate == Fate::Travels && g.row.district == one.row.district && g.row.person != one.row.person
                })
            };
            if with.is_some_and(|g| !together(g)) {
                changes.push((k, StayCause::GuardianDoesNotTravel));
            } else if bound_to(one.row).is_some_and(|h| held.contains(&h)) {
                changes.push((k, StayCause::HouseholdHeld));
            }
        }
        if changes.is_empty() {
            return;
        }
        for (k, cause) in changes {
            rows[k].fate = Fate::Held(cause);
        }
    }
}

/// Households that are bound, and guardians with their children, in one group each; by key.
fn groups(rows: &[Listed<'_>], at: &BTreeMap<Pseudonym, usize>, day: Date) -> Vec<Group> {
    let mut root: Vec<usize> = (0..rows.len()).collect();
    fn find(root: &mut [usize], mut k: usize) -> usize {
        while root[k] != k {
            root[k] = root[root[k]];
            k = root[k];
        }
        k
    }
    let mut first_of: BTreeMap<Pseudonym, usize> = BTreeMap::new();
    let travels = |k: &usize| rows[*k].fate == Fate::Travels;
    for k in (0..rows.len()).filter(travels) {
        let household = bound_to(rows[k].row).map(|h| *first_of.entry(h).or_insert(k));
        let guardian = guardian(rows[k].row).and_then(|g| at.get(&g).copied()).filter(travels);
        for other in household.into_iter().chain(guardian) {
            let (a, b) = (find(&mut root, k), find(&mut root, other));
            root[a.max(b)] = a.min(b);
        }
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for k in (0..rows.len()).filter(travels) {
        let of = find(&mut root, k);
        members.entry(of).or_default().push(k);
    }
    let mut groups: Vec<Group> = members.into_values().filter_map(|m| group(rows, at, m, day)).collect();
    groups.sort_by_key(|g| g.key);
    groups
}

fn group(rows: &[Listed<'_>], at: &BTreeMap<Pseudonym, usize>, members: Vec<usize>, day: Date) -> Option<Group> {
    let guards: BTreeSet<usize> = members
        .iter()
        .filter(|k| rows[**k].row.class == CareClass::Moderate)
        .filter_map(|k| at.get(&guardian(rows[*k].row)?).copied())
        .collect();
    let (mut fixed, mut flexible) = ([0; KINDS], [0; KINDS]);
    for &k in &members {
        let row = rows[k].row;
        let guardian_moderate =
            guardian(row).and_then(|g| at.get(&g)).is_some_and(|g| rows[*g].row.class == CareClass::Moderate);
        let kind = kind_of(row.class, row.care)?;
        let up = row.class == CareClass::Mild && (guardian_moderate || guards.contains(&k));
        if up { flexible[kind] += 1 } else { fixed[kind] += 1 }
    }
    let key = members.iter().map(|k| key(rows[*k].row)).min()?;
    let ready = members.iter().filter_map(|k| ready(rows[*k].row.since, day)).max()?;
    Some(Group { members, key, ready, fixed, flexible })
}

/// Whether this member of a group may take a place of the class above its own.
pub(crate) fn may_go_up(people: &People<'_>, group: &Group, k: usize) -> bool {
    let row = people.row(k);
    let moderate = |other: &&usize| people.row(**other).class == CareClass::Moderate;
    let linked = |other: &usize| {
        let other = people.row(*other);
        guardian(row) == Some(other.person) || guardian(other) == Some(row.person)
    };
    row.class == CareClass::Mild && group.members.iter().filter(moderate).any(linked)
}
