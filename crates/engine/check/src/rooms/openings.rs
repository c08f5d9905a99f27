//! Openings: whether the site may open, by then, with these people; and whether it is needed for what the plan says.

use super::balance::Balances;
use super::facts::Facts;
use super::violation::{OpeningRoomRule, RoomViolation};
use jiff::civil::Date;
use levee_model::ids::FacilityId;
use levee_model::plan::room_plan::{RoomOpening, RoomPlan, RoomReason};
use levee_model::plan::rooms::Opening;
use std::collections::BTreeMap;

/// The day on which each site of the plan opens; of one that opens twice the first.
pub(crate) fn days(plan: &RoomPlan) -> BTreeMap<&FacilityId, Date> {
    let mut days = BTreeMap::new();
    for opening in &plan.openings {
        let day = days.entry(&opening.site).or_insert(opening.opens_on);
        *day = opening.opens_on.min(*day);
    }
    days
}

pub(crate) fn check(plan: &RoomPlan, facts: &Facts<'_>, balances: &Balances, found: &mut Vec<RoomViolation>) {
    let opens = days(plan);
    let mut seen = std::collections::BTreeSet::new();
    let mut say = |site: &FacilityId, rule| found.push(RoomViolation::Opening { site: site.clone(), rule });
    for opening in &plan.openings {
        if !seen.insert(&opening.site) {
            say(&opening.site, OpeningRoomRule::Twice);
        }
        for rule in broken(opening, facts) {
            say(&opening.site, rule);
        }
        let mut without = opens.clone();
        without.remove(&opening.site);
        let worse = Balances::of(facts, &without).safety(facts);
        if opening.reasons != [reason(balances.safety(facts), worse)] {
            say(&opening.site, OpeningRoomRule::Reason);
        }
    }
    let key = |o: &RoomOpening| (o.decide_by, o.opens_on, o.site.clone());
    for pair in plan.openings.windows(2).filter(|pair| key(&pair[0]) >= key(&pair[1])) {
        say(&pair[1].site, OpeningRoomRule::Order);
    }
    for (t, day) in facts.dates.iter().enumerate() {
        let open = plan.openings.iter().filter(|o| o.opens_on <= *day);
        let busy = open.fold(0u64, |sum, o| sum.saturating_add(o.staff.unwrap_or(0)));
        if facts.staff_free(t).is_some_and(|free| busy > free) {
            found.push(RoomViolation::Staff { day: *day });
        }
    }
}

/// What would be without the opening: the first tier of safety that suffers.
fn reason(with: [u64; 3], without: [u64; 3]) -> RoomReason {
    let more = |tier: usize| without[tier].saturating_sub(with[tier]);
    if more(0) > 0 {
        RoomReason::Known { room_days: more(0) }
    } else if more(1) > 0 {
        RoomReason::Promise { room_days: more(1) }
    } else if more(2) > 0 {
        RoomReason::Tail { room_days: more(2) }
    } else {
        RoomReason::NotProved
    }
}

fn broken(opening: &RoomOpening, facts: &Facts<'_>) -> Vec<OpeningRoomRule> {
    let view = facts.sites.get(&opening.site);
    let row = view.and_then(|view| view.usable());
    let (Some(view), Some(row), Some(first)) = (view, row, view.and_then(|view| view.could_open())) else {
        return vec![OpeningRoomRule::NotPossible];
    };
    let Opening::Possible { lead_days: Some(lead), staff, .. } = row.opening else {
        return vec![OpeningRoomRule::NotPossible];
    };
    let mut rules = Vec::new();
    if facts.dates.iter().position(|day| *day == opening.opens_on).is_none_or(|day| day < first) {
        rules.push(OpeningRoomRule::LeadTime);
    }
    let ahead = opening.decide_by.until(opening.opens_on).map_or(-1, |span| i64::from(span.get_days()));
    if ahead != i64::from(lead.max(1)) {
        rules.push(OpeningRoomRule::DecideBy);
    }
    if opening.district != row.district
        || opening.serves != row.serves
        || opening.rooms.get() != Facts::whole(row)
        || opening.staff != staff
        || opening.staff_unconfirmed != facts.staff_free(0).is_none()
        || opening.metres != facts.mean_way(&row.site, view)
    {
        rules.push(OpeningRoomRule::Facts);
    }
    let lanes = facts.inputs.lanes.iter().filter(|lane| lane.site == row.site).map(|lane| lane.origin);
    let rests_on = lanes.chain(facts.inputs.demand.iter().map(|d| d.origin())).chain([row.origin]);
    if Some(opening.origin) != rests_on.max() {
        rules.push(OpeningRoomRule::Origin);
    }
    rules
}
