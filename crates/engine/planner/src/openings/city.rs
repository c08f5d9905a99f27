//! The city as it is once a plan's openings and closings are decided.

use levee_model::facility::Level;
use levee_model::plan::{
    Capacity, CareClass, Need, OpeningsInputs, OpeningsPlan, PlanInputs, ProposedClosing, ProposedOpening,
};
use levee_model::quantity::Beds;

/// `inputs.city` with the beds of sites that open, from their day on; sites that close admit nobody, their people leave on the day of
/// closing, and need a bed elsewhere from that day on.
pub fn opened_city(inputs: &OpeningsInputs, plan: &OpeningsPlan) -> PlanInputs {
    let mut city = inputs.city.clone();
    for closing in &plan.closings {
        close(&mut city, closing);
    }
    for opening in &plan.openings {
        let acceptance = inputs.sites.iter().find(|s| s.facility == opening.facility).and_then(|s| s.acceptance_until);
        open(&mut city, opening, acceptance);
    }
    city
}

fn open(city: &mut PlanInputs, opening: &ProposedOpening, acceptance_until: Option<jiff::civil::Date>) {
    for &(level, beds) in &opening.beds {
        city.capacity.push(Capacity {
            facility: opening.facility.clone(),
            level,
            district: opening.district.clone(),
            physical: Some(beds),
            staffed: Some(beds),
            equipped: Some(beds),
            occupied: Some(Beds::ZERO),
            discharges: Vec::new(),
            services: Vec::new(),
            acceptance_until,
            opens_on: Some(opening.opens_on),
            closes_on: None,
            origin: opening.origin,
        });
    }
}

fn close(city: &mut PlanInputs, closing: &ProposedClosing) {
    let day = (closing.closes_on - city.start).get_days();
    let day = usize::try_from(day).unwrap_or(0);
    for row in city.capacity.iter_mut().filter(|row| row.facility == closing.facility) {
        row.closes_on = Some(city.start);
        let Some(moved) = closing.moved_out.iter().find(|(level, _)| *level == row.level) else { continue };
        row.discharges.resize(day + 1, Beds::ZERO);
        if let Some(on_the_day) = row.discharges.get_mut(day) {
            *on_the_day = Beds::new(on_the_day.get().saturating_add(moved.1.get()));
        }
    }
    for &(level, known) in &closing.moved_out {
        let Some(class) = class_of(level) else { continue };
        city.needs.push(Need {
            district: closing.district.clone(),
            day: closing.closes_on,
            class,
            care: None,
            known,
            forecast: None,
            forecast_failed: false,
            origin: closing.origin,
        });
    }
}

/// Who lies in a bed of a level; `None` for rooms and laboratories.
pub(crate) fn class_of(level: Level) -> Option<CareClass> {
    CareClass::ALL.into_iter().find(|class| class.level_needed() == level)
}
