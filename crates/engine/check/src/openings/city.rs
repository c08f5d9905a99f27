//! The city once the decisions are taken, put together from inputs and plan.

use levee_model::facility::Level;
use levee_model::plan::{Capacity, CareClass, Need, OpeningsInputs, OpeningsPlan, PlanInputs};
use levee_model::quantity::Beds;

pub(super) fn decided(plan: &OpeningsPlan, inputs: &OpeningsInputs) -> PlanInputs {
    let mut city = inputs.city.clone();
    let closing = |row: &Capacity| plan.closings.iter().find(|c| c.facility == row.facility);
    for row in &mut city.capacity {
        let Some(closing) = closing(row) else { continue };
        row.closes_on = Some(city.start);
        // Whoever is still there on the day of closing leaves on it.
        let day = usize::try_from((closing.closes_on - city.start).get_days()).unwrap_or(0);
        let moved =
            closing.moved_out.iter().find(|(level, _)| *level == row.level).map_or(0, |(_, people)| people.get());
        if moved > 0 {
            let mut leave: Vec<u64> = row.discharges.iter().map(|beds| beds.get()).collect();
            leave.resize(leave.len().max(day + 1), 0);
            leave.truncate(day + 1);
            leave[day] = leave[day].saturating_add(moved);
            row.discharges = leave.into_iter().map(Beds::new).collect();
        }
    }
    for closing in &plan.closings {
        for &(level, known) in &closing.moved_out {
            let class = match level {
                Level::Makeshift => CareClass::Mild,
                Level::General => CareClass::Moderate,
                Level::Severe => CareClass::Severe,
                Level::Critical => CareClass::Critical,
                Level::Isolation | Level::Laboratory => continue,
            };
            let (district, day, origin) = (closing.district.clone(), closing.closes_on, closing.origin);
            city.needs.push(Need {
                district,
                day,
                class,
                care: None,
                known,
                forecast: None,
                forecast_failed: false,
                origin,
            });
        }
    }
    for opening in &plan.openings {
        let site = inputs.sites.iter().find(|site| site.facility == opening.facility);
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
                acceptance_until: site.and_then(|site| site.acceptance_until),
                opens_on: Some(opening.opens_on),
                closes_on: None,
                origin: opening.origin,
            });
        }
    }
    city
}
