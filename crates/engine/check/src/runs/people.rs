//! Who should be where, stated anew: fates, and who stays together.

use jiff::civil::{Date, DateTime};
use levee_model::plan::CareClass;
use levee_model::plan::runs::{Guardianship, RunGap, RunInputs, StayCause, WaitingPerson};
use levee_model::subject::Pseudonym;
use std::collections::{BTreeMap, BTreeSet};

/// What is to become of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Stays,
    Now,
    WithChild,
    Held(StayCause),
    Goes,
}

pub(crate) struct One<'a> {
    pub(crate) row: &'a WaitingPerson,
    pub(crate) fate: Fate,
    /// The group: the smallest pseudonym in it; meaningful for those who go.
    pub(crate) group: Pseudonym,
    /// The minute of the day from which they are there.
    pub(crate) ready: u32,
}

pub(crate) struct Folk<'a> {
    pub(crate) all: BTreeMap<Pseudonym, One<'a>>,
    /// Members of each group of people who go.
    pub(crate) groups: BTreeMap<Pseudonym, Vec<Pseudonym>>,
    pub(crate) gaps: BTreeSet<RunGap>,
}

/// Who comes before whom: greater is first.
pub(crate) type Rank = (CareClass, bool, std::cmp::Reverse<DateTime>, std::cmp::Reverse<Pseudonym>);

pub(crate) fn rank(row: &WaitingPerson) -> Rank {
    (row.class, row.vulnerable, std::cmp::Reverse(row.since), std::cmp::Reverse(row.person))
}

/// Whole minutes, a part of one counted as one.
fn minute_of_day(since: DateTime) -> u32 {
    let seconds = i64::from(since.hour()) * 3600 + i64::from(since.minute()) * 60 + i64::from(since.second());
    let part = since.second() != 0 || since.subsec_nanosecond() != 0;
    u32::try_from(seconds / 60).unwrap_or(0) + u32::from(part)
}

pub(crate) fn guardian_of(row: &WaitingPerson) -> Option<Pseudonym> {
    if let Guardianship::By { person } = row.guardianship { Some(person) } else { None }
}

fn home_of(row: &WaitingPerson) -> Option<Pseudonym> {
    if row.parting_agreed.is_some() { None } else { row.household }
}

impl<'a> Folk<'a> {
    pub(crate) fn of(inputs: &'a RunInputs) -> Self {
        let mut gaps = BTreeSet::new();
        let mut all: BTreeMap<Pseudonym, One<'a>> = BTreeMap::new();
        let mut rows: BTreeMap<Pseudonym, Vec<&'a WaitingPerson>> = BTreeMap::new();
        for row in &inputs.people {
            rows.entry(row.person).or_default().push(row);
        }
        for (person, rows) in rows {
            let differ = rows.windows(2).any(|pair| pair[0] != pair[1]);
            if differ {
                gaps.insert(RunGap::PersonContradicts { person });
            }
            // The most ill, then the earliest, then the smallest district and guardian.
            let first = rows.iter().copied().min_by(|a, b| {
                let by = |r: &WaitingPerson| (std::cmp::Reverse(r.class), r.since, r.district.clone(), r.guardianship);
                by(a).cmp(&by(b))
            });
            let Some(row) = first else { continue };
            let fate = first_fate(row, differ, inputs.day);
            let ready = if row.since.date() < inputs.day { 0 } else { minute_of_day(row.since) };
            all.insert(person, One { row, fate, group: person, ready });
        }
        let mut folk = Self { all, groups: BTreeMap::new(), gaps };
        folk.send_guardians();
        folk.find_split_homes();
        while folk.hold_some() {}
        folk.bind();
        folk
    }

    fn fate(&self, person: Pseudonym) -> Option<Fate> {
        self.all.get(&person).map(|one| one.fate)
    }

    fn send_guardians(&mut self) {
        let children = self.all.values().filter(|one| one.fate == Fate::Now);
        let guardians: BTreeSet<Pseudonym> = children.filter_map(|one| guardian_of(one.row)).collect();
        for guardian in guardians {
            if let Some(one) = self.all.get_mut(&guardian) {
                let free = match one.fate {
                    Fate::Goes | Fate::WithChild => true,
                    Fate::Held(cause) => cause != StayCause::Contradiction,
                    Fate::Stays | Fate::Now => false,
                };
                if free {
                    one.fate = Fate::WithChild;
                }
            }
        }
    }

    fn find_split_homes(&mut self) {
        let mut homes: BTreeMap<Pseudonym, BTreeSet<_>> = BTreeMap::new();
        for one in self.all.values().filter(|one| one.fate == Fate::Goes) {
            if let Some(home) = home_of(one.row) {
                homes.entry(home).or_default().insert(&one.row.district);
            }
        }
        let split: BTreeSet<Pseudonym> = homes.iter().filter(|(_, d)| d.len() > 1).map(|(home, _)| *home).collect();
        for one in self.all.values_mut().filter(|one| one.fate == Fate::Goes) {
            if home_of(one.row).is_some_and(|home| split.contains(&home)) {
                one.fate = Fate::Held(StayCause::Contradiction);
            }
        }
        self.gaps.extend(split.into_iter().map(|household| RunGap::HouseholdInTwoDistricts { household }));
    }

    /// One round: children without their guardian, then households with somebody held. Whether anybody was.
    fn hold_some(&mut self) -> bool {
        let shut: BTreeSet<Pseudonym> = self
            .all
            .values()
            .filter(|one| matches!(one.fate, Fate::Held(_)))
            .filter_map(|one| home_of(one.row))
            .collect();
        let mut holds = Vec::new();
        for (person, one) in self.all.iter().filter(|(_, one)| one.fate == Fate::Goes) {
            let alone = guardian_of(one.row).is_some_and(|guardian| {
                guardian == *person
                    || !self
                        .all
                        .get(&guardian)
                        .is_some_and(|g| g.fate == Fate::Goes && g.row.district == one.row.district)
            });
            if alone {
                holds.push((*person, StayCause::GuardianDoesNotTravel));
            } else if home_of(one.row).is_some_and(|home| shut.contains(&home)) {
                holds.push((*person, StayCause::HouseholdHeld));
            }
        }
        for (person, cause) in &holds {
            if let Some(one) = self.all.get_mut(person) {
                one.fate = Fate::Held(*cause);
            }
        }
        !holds.is_empty()
    }

    /// Whoever shares a home or is guardian and child is in one group: walked as a graph from its smallest member.
    fn bind(&mut self) {
        let mut next: BTreeMap<Pseudonym, Vec<Pseudonym>> = BTreeMap::new();
        for (person, one) in self.all.iter().filter(|(_, one)| one.fate == Fate::Goes) {
            let guardian = guardian_of(one.row).filter(|g| self.fate(*g) == Some(Fate::Goes));
            if let Some(other) = guardian {
                next.entry(*person).or_default().push(other);
                next.entry(other).or_default().push(*person);
            }
        }
        let mut homes: BTreeMap<Pseudonym, Vec<Pseudonym>> = BTreeMap::new();
        for (person, one) in self.all.iter().filter(|(_, one)| one.fate == Fate::Goes) {
            if let Some(home) = home_of(one.row) {
                homes.entry(home).or_default().push(*person);
            }
        }
        let going: Vec<Pseudonym> = self.all.iter().filter(|(_, o)| o.fate == Fate::Goes).map(|(p, _)| *p).collect();
        let mut seen: BTreeSet<Pseudonym> = BTreeSet::new();
        for start in going {
            let mut open = vec![start];
            while let Some(person) = open.pop() {
                if !seen.insert(person) {
                    continue;
                }
                self.groups.entry(start).or_default().push(person);
                let home = self.all.get(&person).and_then(|one| home_of(one.row));
                if let Some(one) = self.all.get_mut(&person) {
                    one.group = start;
                }
                open.extend(home.and_then(|home| homes.get(&home)).into_iter().flatten().copied());
                open.extend(next.get(&person).into_iter().flatten().copied());
            }
        }
        for members in self.groups.values_mut() {
            members.sort_unstable();
        }
    }

    /// Whether this person may take a moderate place although mild: with a moderate child or guardian of theirs.
    pub(crate) fn may_go_up(&self, person: Pseudonym) -> bool {
        let Some(one) = self.all.get(&person) else { return false };
        let members = self.groups.get(&one.group).into_iter().flatten();
        one.row.class == CareClass::Mild
            && members.filter_map(|m| self.all.get(m)).any(|other| {
                other.row.class == CareClass::Moderate
                    && (guardian_of(one.row) == Some(other.row.person) || guardian_of(other.row) == Some(person))
            })
    }

    /// The minute from which a whole group is there.
    pub(crate) fn ready(&self, group: Pseudonym) -> u32 {
        let members = self.groups.get(&group).into_iter().flatten();
        members.filter_map(|m| self.all.get(m)).map(|one| one.ready).max().unwrap_or(0)
    }
}

fn first_fate(row: &WaitingPerson, differ: bool, day: Date) -> Fate {
    let decided = row.exemption.as_ref().is_some_and(|e| e.decided_by.is_some());
    if decided && !differ {
        return Fate::Stays;
    }
    if matches!(row.class, CareClass::Severe | CareClass::Critical) {
        return Fate::Now;
    }
    if differ {
        return Fate::Held(StayCause::Contradiction);
    }
    if row.since.date() > day {
        return Fate::Held(StayCause::NotYet);
    }
    if row.exemption.is_some() {
        return Fate::Held(StayCause::ExemptionUndecided);
    }
    match row.guardianship {
        Guardianship::Unknown => Fate::Held(StayCause::GuardianUnknown),
        Guardianship::NotNeeded | Guardianship::By { .. } => Fate::Goes,
    }
}
