//! What may be done with each site, and which staff it takes.

use super::network::still_there;
use jiff::civil::Date;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::{
    LeftBecause, OpeningGap, OpeningsInputs, PEOPLE_AT_MOST, Site, SiteNow, StaffCount, StaffKind, StaffTeam,
};
use levee_model::quantity::Beds;
use std::collections::{BTreeMap, BTreeSet};

/// One way to decide about a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Leave,
    /// It takes people from this day on.
    Open(usize),
    /// It is empty on this day.
    Close(usize),
}

/// A way to decide, and what it takes.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) act: Act,
    /// `[kind * days + day]`: staff that it takes; negative = comes free.
    pub(crate) uses: Vec<i64>,
    pub(crate) staff_days: i64,
}

/// A site about which there is something to decide, or of which one wants to know what it would save.
#[derive(Clone, Debug)]
pub(crate) struct Candidate<'a> {
    pub(crate) site: &'a Site,
    /// The first is to leave it as it is.
    pub(crate) choices: Vec<Choice>,
    /// Of a shut one.
    pub(crate) beds: Vec<(Level, Beds)>,
    /// Not to be decided, but its saving is of interest: the reason why, and the day on which it would open.
    pub(crate) barred: Option<(LeftBecause, usize)>,
}

/// Everything about sites and staff, tidied.
pub(crate) struct Field<'a> {
    pub(crate) dates: Vec<Date>,
    /// By facility.
    pub(crate) candidates: Vec<Candidate<'a>>,
    /// Sites about which nothing can be decided or asked.
    pub(crate) left: BTreeMap<FacilityId, LeftBecause>,
    /// `[kind * days + day]`: staff that is free.
    pub(crate) free: Vec<i64>,
    pub(crate) gaps: BTreeSet<OpeningGap>,
}

fn small(people: u64) -> i64 {
    i64::try_from(people.min(PEOPLE_AT_MOST)).unwrap_or(0)
}

pub(crate) fn kind_index(kind: StaffKind) -> usize {
    match kind {
        StaffKind::Physician => 0,
        StaffKind::Nurse => 1,
        StaffKind::IntensiveCare => 2,
        StaffKind::Support => 3,
    }
}

impl<'a> Field<'a> {
    pub(crate) fn new(inputs: &'a OpeningsInputs, dates: Vec<Date>) -> Self {
        let mut gaps = BTreeSet::new();
        let free = free_staff(&inputs.staff, &dates, &mut gaps);
        let mut rows: BTreeMap<&FacilityId, Vec<&'a Site>> = BTreeMap::new();
        for site in &inputs.sites {
            rows.entry(&site.facility).or_default().push(site);
        }
        let mut field = Self { dates, candidates: Vec::new(), left: BTreeMap::new(), free, gaps };
        for (facility, same) in rows {
            let Some(&site) = same.first() else { continue };
            let answer = if same.iter().any(|other| *other != site) {
                Err(LeftBecause::Contradicts)
            } else {
                match site.now {
                    SiteNow::Shut => field.shut(inputs, site),
                    SiteNow::Open { since } => field.open(inputs, site, since),
                }
            };
            match answer {
                Ok(candidate) => field.candidates.push(candidate),
                Err(why) => {
                    field.left.insert(facility.clone(), why);
                }
            }
        }
        // The search decides in this order: what matters in the most important tier first, of that the largest.
        field.candidates.sort_by_cached_key(|candidate| {
            let beds = |level: Level| match candidate.beds.iter().find(|(l, _)| *l == level) {
                Some((_, beds)) => beds.get(),
                None => still_there(inputs, &candidate.site.facility, level, 0),
            };
            let order = [Level::Critical, Level::Severe, Level::General, Level::Makeshift, Level::Isolation];
            (order.map(|level| std::cmp::Reverse(beds(level))), candidate.site.facility.clone())
        });
        field
    }

    pub(crate) fn days(&self) -> usize {
        self.dates.len()
    }

    fn shut(&self, inputs: &OpeningsInputs, site: &'a Site) -> Result<Candidate<'a>, LeftBecause> {
        if inputs.city.capacity.iter().any(|row| row.facility == site.facility) {
            return Err(LeftBecause::Contradicts);
        }
        let levels: BTreeSet<Level> = site.beds.iter().map(|b| b.level).collect();
        if levels.len() < site.beds.len() {
            return Err(LeftBecause::Contradicts);
        }
        let mut missing = Vec::new();
        for (name, unknown) in [
            ("lead_days", site.lead_days.is_none()),
            ("prepared_by", site.prepared_by.is_none()),
            ("run_by", site.run_by.is_none()),
            ("physical", site.beds.iter().any(|b| b.physical.is_none())),
            ("equipped", site.beds.iter().any(|b| b.equipped.is_none())),
        ] {
            if unknown {
                missing.push(name.to_owned());
            }
        }
        let (Some(lead_days), Some(prepared), Some(run)) = (site.lead_days, &site.prepared_by, &site.run_by) else {
            return Err(LeftBecause::Unknown { missing });
        };
        if !missing.is_empty() {
            return Err(LeftBecause::Unknown { missing });
        }
        let beds: Vec<(Level, Beds)> = site
            .beds
            .iter()
            .filter(|b| b.level != Level::Laboratory)
            .filter_map(|b| Some((b.level, b.physical?.min(b.equipped?))))
            .filter(|(_, beds)| *beds > Beds::ZERO)
            .collect::<BTreeMap<_, _>>()
            .into_iter()
            .collect();
        if beds.is_empty() {
            return Err(LeftBecause::NoBeds);
        }
        let lead = usize::from(lead_days);
        if lead >= self.days() {
            return Err(LeftBecause::LeadTimeTooLong { lead_days });
        }
        let mut choices = vec![self.leave(0)];
        for day in lead..self.days() {
            let mut uses = vec![0; self.free.len()];
            self.put(&mut uses, prepared, day - lead..day, 1);
            self.put(&mut uses, run, day..self.days(), 1);
            choices.push(Choice { act: Act::Open(day), staff_days: uses.iter().sum(), uses });
        }
        let last = self.dates.last().copied();
        let barred = if site.acceptance_until.is_none_or(|until| Some(until) < last) {
            choices.truncate(1);
            let inspect_by = self.dates.get(lead).copied().unwrap_or(inputs.city.start);
            Some((LeftBecause::NotAccepted { inspect_by, saves_person_days: None }, lead))
        } else {
            None
        };
        Ok(Candidate { site, choices, beds, barred })
    }

    fn open(&self, inputs: &OpeningsInputs, site: &'a Site, since: Option<Date>) -> Result<Candidate<'a>, LeftBecause> {
        let rows: Vec<_> = inputs.city.capacity.iter().filter(|row| row.facility == site.facility).collect();
        let mut levels = BTreeMap::new();
        for row in &rows {
            if *levels.entry(row.level).or_insert(*row) != *row {
                return Err(LeftBecause::Contradicts);
            }
        }
        let mut missing = Vec::new();
        for (name, unknown) in [
            ("since", since.is_none()),
            ("run_by", site.run_by.is_none()),
            ("occupied", rows.is_empty() || rows.iter().any(|row| row.occupied.is_none())),
        ] {
            if unknown {
                missing.push(name.to_owned());
            }
        }
        let (Some(since), Some(run), true) = (since, &site.run_by, missing.is_empty()) else {
            return Err(LeftBecause::Unknown { missing });
        };
        let running: i64 = run.iter().map(|c| small(c.people)).sum::<i64>() * days_i64(self.days());
        let earliest = since.checked_add(jiff::Span::new().days(i64::from(site.minimum_days_open))).ok();
        let mut choices = vec![self.leave(running)];
        for (day, &date) in self.dates.iter().enumerate() {
            if earliest.is_some_and(|earliest| earliest <= date) {
                let mut uses = vec![0; self.free.len()];
                self.put(&mut uses, run, day..self.days(), -1);
                let freed: i64 = uses.iter().sum();
                choices.push(Choice { act: Act::Close(day), staff_days: running + freed, uses });
            }
        }
        if choices.len() == 1 {
            return Err(LeftBecause::MinimumDaysOpen);
        }
        Ok(Candidate { site, choices, beds: Vec::new(), barred: None })
    }

    fn leave(&self, staff_days: i64) -> Choice {
        Choice { act: Act::Leave, uses: vec![0; self.free.len()], staff_days }
    }

    fn put(&self, uses: &mut [i64], counts: &[StaffCount], days: std::ops::Range<usize>, sign: i64) {
        for count in counts {
            for day in days.clone() {
                if let Some(slot) = uses.get_mut(kind_index(count.kind) * self.days() + day) {
                    *slot += sign * small(count.people);
                }
            }
        }
    }
}

fn days_i64(days: usize) -> i64 {
    i64::try_from(days).unwrap_or(0)
}

fn free_staff(teams: &[StaffTeam], dates: &[Date], gaps: &mut BTreeSet<OpeningGap>) -> Vec<i64> {
    let mut rows: BTreeMap<_, Vec<&StaffTeam>> = BTreeMap::new();
    for team in teams {
        rows.entry((&team.team, team.kind)).or_default().push(team);
    }
    let mut free = vec![0; StaffKind::ALL.len() * dates.len()];
    for ((team, kind), same) in rows {
        let Some(&row) = same.first() else { continue };
        if same.iter().any(|other| *other != row) {
            gaps.insert(OpeningGap::TeamContradicts { team: team.clone(), kind });
            continue;
        }
        let Some(people) = row.people else {
            gaps.insert(OpeningGap::TeamUnknown { team: team.clone(), kind });
            continue;
        };
        for (day, &date) in dates.iter().enumerate() {
            if row.from <= date && row.until.is_none_or(|until| date <= until) {
                free[kind_index(kind) * dates.len() + day] += small(people);
            }
        }
    }
    free
}
