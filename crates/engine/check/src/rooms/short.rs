//! Shortfalls: all that there are, and no others; with what binds and what would mend it.

use super::balance::{Balances, enough};
use super::facts::{Facts, SiteView};
use super::violation::{RoomShortRule, RoomViolation};
use jiff::civil::Date;
use levee_model::ids::FacilityId;
use levee_model::plan::room_plan::{RoomCause, RoomMend, RoomNeed, RoomPlan, RoomRemedy, RoomSaving, RoomShortfall};
use levee_model::plan::rooms::Opening;
use levee_model::quantity::Rooms;
use std::collections::BTreeMap;

/// An area (`None` = the city) on a day.
struct Area<'f, 'a> {
    facts: &'f Facts<'a>,
    opens: &'f BTreeMap<&'f FacilityId, Date>,
    t: usize,
    district: Option<usize>,
}

pub(crate) fn check(
    plan: &RoomPlan,
    facts: &Facts<'_>,
    balances: &Balances,
    opens: &BTreeMap<&FacilityId, Date>,
    found: &mut Vec<RoomViolation>,
) {
    let mut expected = Vec::new();
    for of in [RoomNeed::Known, RoomNeed::Promise] {
        for (t, day) in balances.days.iter().enumerate() {
            let districts = 0..facts.districts.len();
            for district in std::iter::once(None).chain(districts.map(Some)) {
                let rooms = match (of, district) {
                    (RoomNeed::Known, None) => day.known_city,
                    (RoomNeed::Known, Some(d)) => day.known_districts[d],
                    (RoomNeed::Promise, None) => enough(&day.city, balances.allowed).unwrap_or(0),
                    (RoomNeed::Promise, Some(d)) => enough(&day.districts[d], balances.allowed).unwrap_or(0),
                };
                if rooms > 0 {
                    expected.push((of, t, district, rooms));
                }
            }
        }
    }
    let code = |district: Option<usize>| district.map(|d| facts.districts[d].clone());
    let key = |s: &RoomShortfall| (s.of, s.day, s.district.clone());
    for (of, t, district, rooms) in &expected {
        let (day, district_code) = (facts.dates[*t], code(*district));
        let mut say = |rule| {
            found.push(RoomViolation::Shortfall { day, district: district_code.clone(), of: *of, rule });
        };
        let these: Vec<&RoomShortfall> =
            plan.shortfalls.iter().filter(|s| key(s) == (*of, day, district_code.clone())).collect();
        let [one] = these.as_slice() else {
            say(RoomShortRule::Missing);
            continue;
        };
        let area = Area { facts, opens, t: *t, district: *district };
        if one.rooms.get() != *rooms {
            say(RoomShortRule::Rooms);
        }
        if one.cause != area.cause() {
            say(RoomShortRule::Cause);
        }
        if !area.mends_are_so(&one.mends, *rooms, balances) {
            say(RoomShortRule::Remedy);
        }
    }
    for short in &plan.shortfalls {
        let is_one = |(of, t, district, _): &(RoomNeed, usize, Option<usize>, u64)| {
            key(short) == (*of, facts.dates[*t], code(*district))
        };
        let rule = match expected.iter().any(is_one) {
            false => RoomShortRule::MadeUp,
            true => continue,
        };
        found.push(RoomViolation::Shortfall { day: short.day, district: short.district.clone(), of: short.of, rule });
    }
    for pair in plan.shortfalls.windows(2).filter(|pair| key(&pair[0]) >= key(&pair[1])) {
        let RoomShortfall { day, district, of, .. } = &pair[1];
        let rule = RoomShortRule::Order;
        found.push(RoomViolation::Shortfall { day: *day, district: district.clone(), of: *of, rule });
    }
}

impl<'a> Area<'_, 'a> {
    fn sites(&self) -> impl Iterator<Item = (&'a FacilityId, &SiteView<'a>)> {
        let takes = |view: &SiteView<'_>| match self.district {
            None => !view.serves.is_empty(),
            Some(d) => view.serves.contains(&d),
        };
        self.facts.sites.iter().filter(move |(_, view)| takes(view)).map(|(site, view)| (*site, view))
    }

    fn lacks_acceptance(&self, view: &SiteView<'_>) -> bool {
        let day = self.facts.dates[self.t];
        view.row.is_some_and(|row| row.acceptance_until.is_none_or(|until| until < day))
    }

    fn needs_longer(&self, view: &SiteView<'_>) -> bool {
        view.could_open().is_some_and(|first| first > self.t)
    }

    /// Certified rooms of an open site that have no staff.
    fn unstaffed(&self, view: &SiteView<'_>) -> u64 {
        match view.usable() {
            Some(row) if matches!(row.opening, Opening::Open { .. }) => {
                Facts::whole(row).saturating_sub(row.staffed.map_or(0, Rooms::get))
            }
            _ => 0,
        }
    }

    fn stays_closed(&self, site: &FacilityId, view: &SiteView<'_>) -> bool {
        let opens = self.opens.get(site).is_some_and(|day| *day <= self.facts.dates[self.t]);
        view.could_open().is_some_and(|first| first <= self.t) && !opens
    }

    fn cause(&self) -> RoomCause {
        let mut worst = None;
        for (site, view) in self.sites() {
            let this = if view.is_unknown() {
                RoomCause::Unknown
            } else if self.lacks_acceptance(view) {
                RoomCause::NotAccepted
            } else if self.needs_longer(view) {
                RoomCause::LeadTime
            } else if self.unstaffed(view) > 0 || self.stays_closed(site, view) {
                RoomCause::Staff
            } else {
                RoomCause::Rooms
            };
            // The first cause of the list that any site has speaks for the area.
            worst = Some(worst.unwrap_or(this).min(this));
        }
        worst.unwrap_or(RoomCause::NoSite)
    }

    fn mends_are_so(&self, mends: &[RoomMend], rooms: u64, balances: &Balances) -> bool {
        let mut seen = std::collections::BTreeSet::new();
        let once = mends.iter().all(|mend| seen.insert(&mend.remedy));
        let asks = |mend: &RoomMend| mend.remedy == RoomRemedy::RoomsFromOutside { rooms: Rooms::new(rooms) };
        let gains: Vec<_> = mends.iter().filter_map(|m| m.saves).map(|s| (s.known, s.draws, s.short_sum)).collect();
        let best_first = gains.windows(2).all(|pair| pair[0] >= pair[1]);
        once && best_first
            && mends.last().is_some_and(asks)
            && mends.iter().all(|mend| self.mends(mend, rooms, balances))
    }

    fn mends(&self, mend: &RoomMend, rooms: u64, balances: &Balances) -> bool {
        let here = |site: &FacilityId| self.sites().find(|(id, _)| *id == site);
        let so =
            |site: &FacilityId, what: &dyn Fn(&SiteView<'_>) -> bool| here(site).is_some_and(|(_, view)| what(view));
        let saved = match &mend.remedy {
            RoomRemedy::OneRoom { site, day } => {
                let Some((id, view)) = here(site).filter(|_| *day == self.facts.dates[self.t]) else { return false };
                if self.facts.offered(view, self.opens.get(id).copied(), self.t) == 0 {
                    return false;
                }
                return mend.saves == Some(self.saving(view, balances));
            }
            RoomRemedy::Report { site } => so(site, &|view| view.is_unknown()),
            RoomRemedy::Acceptance { site } => so(site, &|view| self.lacks_acceptance(view)),
            RoomRemedy::OpenEarlier { site } => so(site, &|view| self.needs_longer(view)),
            RoomRemedy::StaffRooms { site, rooms } => {
                so(site, &|view| rooms.get() > 0 && self.unstaffed(view) == rooms.get())
            }
            RoomRemedy::StaffToOpen { site } => so(site, &|view| self.stays_closed(site, view)),
            RoomRemedy::RoomsFromOutside { rooms: asked } => asked.get() == rooms,
        };
        saved && mend.saves.is_none()
    }

    fn saving(&self, view: &SiteView<'_>, balances: &Balances) -> RoomSaving {
        let before = &balances.days[self.t];
        let (after, known) = before.with_one_more(self.facts, self.opens, self.t, &view.serves);
        let freed = before.city.iter().zip(&after).filter(|(was, is)| **was > 0 && **is == 0).count();
        RoomSaving {
            draws: u32::try_from(freed).unwrap_or(u32::MAX),
            short_sum: before.city.iter().sum::<u64>().saturating_sub(after.iter().sum()),
            known: before.known_city.saturating_sub(known),
        }
    }
}
