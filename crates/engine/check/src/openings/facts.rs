//! The inputs as the checker reads them.

use jiff::civil::Date;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::{
    LeftBecause, OpeningGap, OpeningsInputs, PEOPLE_AT_MOST, Site, SiteNow, StaffCount, StaffKind, TeamId,
};
use levee_model::provenance::Origin;
use levee_model::quantity::{Beds, Persons};
use std::collections::{BTreeMap, BTreeSet};

/// Staff by kind.
pub(super) type Staff = BTreeMap<StaffKind, u64>;

pub(super) struct Facts<'a> {
    pub(super) inputs: &'a OpeningsInputs,
    pub(super) days: Vec<Date>,
    pub(super) sites: BTreeMap<&'a FacilityId, Vec<&'a Site>>,
    pub(super) gaps: Vec<OpeningGap>,
    free: BTreeMap<(StaffKind, Date), u64>,
}

/// What the inputs alone say of a site.
pub(super) enum Standing<'a> {
    /// It may open; on which day at the earliest; what it then has.
    MayOpen(&'a Site, usize, Vec<(Level, Beds)>),
    /// It may close; on which day at the earliest.
    MayClose(&'a Site, usize),
    /// Neither; the reason, without what only a solver knows.
    Fixed(LeftBecause),
}

impl<'a> Facts<'a> {
    pub(super) fn of(inputs: &'a OpeningsInputs) -> Self {
        let days = usize::from(inputs.city.limits.days.clamp(1, 28));
        let days: Vec<Date> = inputs.city.start.series(jiff::Span::new().days(1)).take(days).collect();
        let mut sites: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for site in &inputs.sites {
            sites.entry(&site.facility).or_default().push(site);
        }
        let mut gaps = BTreeSet::new();
        let mut free = BTreeMap::new();
        let teams: BTreeSet<(&TeamId, StaffKind)> = inputs.staff.iter().map(|t| (&t.team, t.kind)).collect();
        for (team, kind) in teams {
            let mut rows = inputs.staff.iter().filter(|t| t.team == *team && t.kind == kind);
            let Some(first) = rows.next() else { continue };
            if rows.any(|row| row != first) {
                gaps.insert(OpeningGap::TeamContradicts { team: team.clone(), kind });
            } else if let Some(people) = first.people {
                for &day in days.iter().filter(|&&day| first.from <= day && first.until.is_none_or(|u| day <= u)) {
                    *free.entry((kind, day)).or_insert(0) += people.min(PEOPLE_AT_MOST);
                }
            } else {
                gaps.insert(OpeningGap::TeamUnknown { team: team.clone(), kind });
            }
        }
        for need in inputs.rooms.iter().filter(|n| n.rooms.get() > 0) {
            if !days.contains(&need.day) || need.rooms.get() > PEOPLE_AT_MOST {
                gaps.insert(OpeningGap::RoomsNeedUnusable { district: need.district.clone(), day: need.day });
            }
        }
        Self { inputs, days, sites, gaps: gaps.into_iter().collect(), free }
    }

    pub(super) fn free(&self, kind: StaffKind, day: Date) -> u64 {
        self.free.get(&(kind, day)).copied().unwrap_or(0)
    }

    pub(super) fn day(&self, day: Date) -> Option<usize> {
        self.days.iter().position(|d| *d == day)
    }

    pub(super) fn standing(&self, facility: &FacilityId) -> Option<Standing<'a>> {
        let rows = self.sites.get(facility)?;
        let site = *rows.first()?;
        if rows.iter().any(|row| *row != site) {
            return Some(Standing::Fixed(LeftBecause::Contradicts));
        }
        Some(match site.now {
            SiteNow::Shut => self.shut(site),
            SiteNow::Open { since } => self.open(site, since),
        })
    }

    fn shut(&self, site: &'a Site) -> Standing<'a> {
        let listed = self.inputs.city.capacity.iter().any(|row| row.facility == site.facility);
        let mut levels = BTreeMap::new();
        let twice = site.beds.iter().any(|beds| levels.insert(beds.level, beds).is_some());
        if listed || twice {
            return Standing::Fixed(LeftBecause::Contradicts);
        }
        let unknown = [
            (site.lead_days.is_none(), "lead_days"),
            (site.prepared_by.is_none(), "prepared_by"),
            (site.run_by.is_none(), "run_by"),
            (site.beds.iter().any(|b| b.physical.is_none()), "physical"),
            (site.beds.iter().any(|b| b.equipped.is_none()), "equipped"),
        ];
        let missing: Vec<String> = unknown.iter().filter(|(is, _)| *is).map(|(_, name)| (*name).to_owned()).collect();
        if !missing.is_empty() {
            return Standing::Fixed(LeftBecause::Unknown { missing });
        }
        let usable =
            |b: &&levee_model::plan::SiteBeds| b.physical.unwrap_or_default().min(b.equipped.unwrap_or_default());
        let beds: Vec<(Level, Beds)> = levels
            .iter()
            .filter(|(level, _)| **level != Level::Laboratory)
            .map(|(level, b)| (*level, usable(b)))
            .filter(|(_, beds)| beds.get() > 0)
            .collect();
        if beds.is_empty() {
            return Standing::Fixed(LeftBecause::NoBeds);
        }
        let lead_days = site.lead_days.unwrap_or(0);
        let Some(&earliest) = self.days.get(usize::from(lead_days)) else {
            return Standing::Fixed(LeftBecause::LeadTimeTooLong { lead_days });
        };
        match (site.acceptance_until, self.days.last()) {
            (Some(until), Some(&last)) if last <= until => Standing::MayOpen(site, usize::from(lead_days), beds),
            _ => Standing::Fixed(LeftBecause::NotAccepted { inspect_by: earliest, saves_person_days: None }),
        }
    }

    fn open(&self, site: &'a Site, since: Option<Date>) -> Standing<'a> {
        let rows: Vec<_> = self.inputs.city.capacity.iter().filter(|row| row.facility == site.facility).collect();
        if rows.iter().any(|a| rows.iter().any(|b| a.level == b.level && a != b)) {
            return Standing::Fixed(LeftBecause::Contradicts);
        }
        let occupied = !rows.is_empty() && rows.iter().all(|row| row.occupied.is_some());
        let unknown = [(since.is_none(), "since"), (site.run_by.is_none(), "run_by"), (!occupied, "occupied")];
        let missing: Vec<String> = unknown.iter().filter(|(is, _)| *is).map(|(_, name)| (*name).to_owned()).collect();
        let (Some(since), true) = (since, missing.is_empty()) else {
            return Standing::Fixed(LeftBecause::Unknown { missing });
        };
        let from = since.checked_add(jiff::Span::new().days(i64::from(site.minimum_days_open)));
        match from.ok().and_then(|from| self.days.iter().position(|day| from <= *day)) {
            Some(day) => Standing::MayClose(site, day),
            None => Standing::Fixed(LeftBecause::MinimumDaysOpen),
        }
    }

    /// People in a facility's beds once those who leave up to a day, it included, have left.
    pub(super) fn still_there(&self, facility: &FacilityId, day: usize) -> Vec<(Level, Persons)> {
        let mut all = BTreeMap::new();
        for row in self.inputs.city.capacity.iter().filter(|row| row.facility == *facility) {
            let gone: u64 = row.discharges.iter().take(day + 1).map(|b| b.get()).fold(0, u64::saturating_add);
            let there = row.occupied.map_or(0, |b| b.get()).saturating_sub(gone);
            if there > 0 {
                all.insert(row.level, Persons::new(there));
            }
        }
        all.into_iter().collect()
    }

    pub(super) fn origin(&self) -> Origin {
        let mut worst = Origin::Reported;
        let city = &self.inputs.city;
        city.needs.iter().for_each(|r| worst = worst.max(r.origin));
        city.capacity.iter().for_each(|r| worst = worst.max(r.origin));
        city.lanes.iter().for_each(|r| worst = worst.max(r.origin));
        city.fleets.iter().for_each(|r| worst = worst.max(r.origin));
        self.inputs.rooms.iter().for_each(|r| worst = worst.max(r.origin));
        self.inputs.sites.iter().for_each(|r| worst = worst.max(r.origin));
        self.inputs.staff.iter().for_each(|r| worst = worst.max(r.origin));
        worst
    }
}

/// Staff by kind, added up; kinds of nobody left out.
pub(super) fn added(counts: Option<&Vec<StaffCount>>) -> Staff {
    let mut all = Staff::new();
    for count in counts.into_iter().flatten().filter(|count| count.people > 0) {
        let sum = all.entry(count.kind).or_insert(0);
        *sum = sum.saturating_add(count.people);
    }
    all
}

/// Whether a list says so, each kind once and in order.
pub(super) fn says(listed: &[StaffCount], staff: &Staff) -> bool {
    listed.iter().map(|c| (c.kind, c.people)).eq(staff.iter().map(|(kind, people)| (*kind, *people)))
}
