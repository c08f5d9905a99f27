//! What is short, why, and what would mend it.

use super::balance::{Balance, suffices};
use super::world::{Caps, Place, SiteFact, World, whole};
use super::write::Judged;
use levee_model::ids::FacilityId;
use levee_model::plan::room_plan::{RoomCause, RoomMend, RoomNeed, RoomRemedy, RoomSaving, RoomShortfall};
use levee_model::plan::rooms::Opening;
use levee_model::quantity::Rooms;
use std::cmp::Reverse;

/// How many remedies of a kind a shortfall names: more would not be read.
const NAMED: usize = 3;

pub(super) fn shortfalls(world: &World<'_>, opens: &[usize], caps: &Caps, days: &[Judged]) -> Vec<RoomShortfall> {
    let mut all = Vec::new();
    for of in [RoomNeed::Known, RoomNeed::Promise] {
        for (t, judged) in days.iter().enumerate() {
            let short = if of == RoomNeed::Known { &judged.known } else { &judged.draws };
            let allowed = if of == RoomNeed::Known { 0 } else { world.allowed };
            let rooms = |sample: &[u64]| suffices(sample.to_vec(), allowed).filter(|rooms| *rooms > 0);
            let city = rooms(&short.city).map(|rooms| (None, rooms));
            let districts = (0..world.districts.len()).filter_map(|d| Some((Some(d), rooms(&short.districts[d])?)));
            let lacking: Vec<(Option<usize>, u64)> = city.into_iter().chain(districts).collect();
            if lacking.is_empty() {
                continue;
            }
            let savings = savings(world, opens, caps, t, judged);
            for (district, rooms) in lacking {
                let (cause, mends) = Look { world, opens, t, district }.why(rooms, &savings);
                all.push(RoomShortfall {
                    day: world.dates[t],
                    district: district.map(|d| world.districts[d].clone()),
                    of,
                    rooms: Rooms::new(rooms),
                    cause,
                    mends,
                });
            }
        }
    }
    all
}

/// What one more room would save on a day, by place; only places that hold a room that day, with the largest of their sites.
fn savings<'a>(
    world: &World<'a>,
    opens: &[usize],
    caps: &Caps,
    t: usize,
    judged: &Judged,
) -> Vec<(Place, &'a FacilityId, RoomSaving)> {
    let offered: Vec<u64> = world.sites.iter().map(|site| offered(world, opens, site, t)).collect();
    let districts = (0..world.districts.len()).map(Place::Own);
    let places = districts.chain((0..world.groups).map(Place::Group));
    let mut all = Vec::new();
    for place in places {
        let here = world.sites.iter().zip(&offered).filter(|(s, rooms)| s.place == Some(place) && **rooms > 0);
        let Some((site, _)) = here.max_by_key(|(s, rooms)| (**rooms, Reverse(&s.row.site))) else { continue };
        let (mut own, mut group) = (caps.own[t].clone(), caps.group[t].clone());
        match place {
            Place::Own(d) => own[d] = own[d].saturating_add(1),
            Place::Group(g) => group[g] = group[g].saturating_add(1),
        }
        let after = Balance::of_draws(world, t).city(&own, &group);
        let known = Balance::of_known(world, t).city(&own, &group);
        let sum = |sample: &[u64]| sample.iter().sum::<u64>();
        let draws = |sample: &[u64]| sample.iter().filter(|n| **n > 0).count();
        let saving = RoomSaving {
            draws: u32::try_from(draws(&judged.draws.city) - draws(&after)).unwrap_or(u32::MAX),
            short_sum: sum(&judged.draws.city) - sum(&after),
            known: sum(&judged.known.city) - sum(&known),
        };
        if saving.short_sum > 0 || saving.known > 0 {
            all.push((place, &site.row.site, saving));
        }
    }
    all.sort_by_key(|(place, _, s)| (Reverse((s.known, s.draws, s.short_sum)), *place));
    all
}

/// Rooms that a site offers on a day: if it is open, or proposed to be by then.
fn offered(world: &World<'_>, opens: &[usize], site: &SiteFact<'_>, t: usize) -> u64 {
    if site.place.is_none() {
        return 0;
    }
    if matches!(site.row.opening, Opening::Open { .. }) {
        return world.open_rooms(site.row, t);
    }
    let proposed = world.candidates.iter().zip(opens).find(|(c, opens)| c.row.site == site.row.site && **opens <= t);
    proposed.map_or(0, |(c, _)| c.by_day[t])
}

/// One area on one day.
struct Look<'w, 'a> {
    world: &'w World<'a>,
    opens: &'w [usize],
    t: usize,
    district: Option<usize>,
}

impl<'a> Look<'_, 'a> {
    fn serves(&self, place: Place) -> bool {
        match (self.district, place) {
            (None, _) => true,
            (Some(d), Place::Own(own)) => d == own,
            (Some(d), Place::Group(g)) => self.world.masks[d] >> g & 1 == 1,
        }
    }

    /// Sites whose people are the area's, as far as their rows say.
    fn sites(&self) -> impl Iterator<Item = &SiteFact<'a>> {
        let district = self.district;
        self.world.sites.iter().filter(move |s| !s.serves.is_empty() && district.is_none_or(|d| s.serves.contains(&d)))
    }

    fn accepted(&self, site: &SiteFact<'_>) -> bool {
        !site.clear || site.row.acceptance_until.is_some_and(|until| self.world.dates[self.t] <= until)
    }

    /// Rooms that exist and are certified in an open site, without staff.
    fn without_staff(site: &SiteFact<'_>) -> u64 {
        let open = site.place.is_some() && matches!(site.row.opening, Opening::Open { .. });
        if open { whole(site.row).saturating_sub(site.row.staffed.map_or(0, Rooms::get)) } else { 0 }
    }

    /// A site that could be open by now and is not proposed to be.
    fn left_closed(&self, site: &SiteFact<'_>) -> bool {
        let at = self.world.candidates.iter().position(|c| c.row.site == site.row.site);
        at.is_some_and(|i| self.world.candidates[i].first <= self.t && self.opens[i] > self.t)
    }

    fn late(&self, site: &SiteFact<'_>) -> bool {
        site.first.is_some_and(|first| first > self.t)
    }

    fn why(&self, rooms: u64, savings: &[(Place, &FacilityId, RoomSaving)]) -> (RoomCause, Vec<RoomMend>) {
        let any = |what: &dyn Fn(&SiteFact<'_>) -> bool| self.sites().any(what);
        let cause = if self.sites().next().is_none() {
            RoomCause::NoSite
        } else if any(&|s| s.unknown) {
            RoomCause::Unknown
        } else if any(&|s| !self.accepted(s)) {
            RoomCause::NotAccepted
        } else if any(&|s| self.late(s)) {
            RoomCause::LeadTime
        } else if any(&|s| Self::without_staff(s) > 0 || self.left_closed(s)) {
            RoomCause::Staff
        } else {
            RoomCause::Rooms
        };
        let day = self.world.dates[self.t];
        let mut mends: Vec<RoomMend> = savings
            .iter()
            .filter(|(place, ..)| self.serves(*place))
            .take(NAMED)
            .map(|(_, site, saving)| RoomMend {
                remedy: RoomRemedy::OneRoom { site: (*site).clone(), day },
                saves: Some(*saving),
            })
            .collect();
        let mut name = |what: &dyn Fn(&SiteFact<'_>) -> bool, remedy: &dyn Fn(&SiteFact<'_>) -> RoomRemedy| {
            let found = self.sites().filter(|s| what(s)).take(NAMED);
            mends.extend(found.map(|s| RoomMend { remedy: remedy(s), saves: None }));
        };
        name(&|s| Self::without_staff(s) > 0, &|s| RoomRemedy::StaffRooms {
            site: s.row.site.clone(),
            rooms: Rooms::new(Self::without_staff(s)),
        });
        name(&|s| self.left_closed(s), &|s| RoomRemedy::StaffToOpen { site: s.row.site.clone() });
        name(&|s| self.late(s), &|s| RoomRemedy::OpenEarlier { site: s.row.site.clone() });
        name(&|s| s.unknown, &|s| RoomRemedy::Report { site: s.row.site.clone() });
        name(&|s| !self.accepted(s), &|s| RoomRemedy::Acceptance { site: s.row.site.clone() });
        mends.push(RoomMend { remedy: RoomRemedy::RoomsFromOutside { rooms: Rooms::new(rooms) }, saves: None });
        (cause, mends)
    }
}
