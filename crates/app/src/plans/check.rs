//! A plan document held against its own inputs again, by the checker alone.

use super::document::PlanDocument;
use crate::city::AppError;

/// Everything that is wrong with it; empty = it may be shown.
pub fn check(document: &PlanDocument) -> Result<Vec<String>, AppError> {
    let mut found = Vec::new();
    let is = document.inputs_hash()?;
    if is != document.made.inputs {
        found.push(format!(
            "the inputs are not those that it was made from: their hash is {is}, not {}",
            document.made.inputs
        ));
    }
    if let Some(part) = &document.transfer {
        found.extend(
            levee_check::check(&part.plan, &part.asked).iter().map(|violation| format!("transfer: {violation}")),
        );
    }
    if let Some(part) = &document.rooms {
        let violations = levee_check::rooms::check(&part.plan, &part.asked);
        found.extend(violations.iter().map(|violation| format!("rooms: {violation}")));
    }
    found.extend(openings(document));
    found.extend(runs(document));
    if let Some(part) = &document.testing {
        let violations = levee_check::testing::check(&part.plan, &part.asked);
        found.extend(violations.iter().map(|violation| format!("testing: {violation}")));
    }
    Ok(found)
}

fn openings(document: &PlanDocument) -> Vec<String> {
    match (&document.openings, &document.transfer) {
        (None, _) => vec![],
        (Some(part), Some(transfer)) => {
            let violations = levee_check::openings::check(&part.plan, &part.asked.inputs(&transfer.asked));
            violations.iter().map(|violation| format!("openings: {violation}")).collect()
        }
        (Some(_), None) => vec!["openings: the transfers whose needs they rest on are not in the plan".to_owned()],
    }
}

fn runs(document: &PlanDocument) -> Vec<String> {
    match (&document.runs, &document.transfer) {
        (None, _) => vec![],
        (Some(part), Some(transfer)) => {
            let inputs = part.asked.inputs(&transfer.asked, &transfer.plan);
            let Some(plan) = part.plan.plan(inputs.people.len() as u64) else {
                return vec!["runs: they name more people than the orders of the day do".to_owned()];
            };
            let violations = levee_check::runs::check(&plan, &inputs);
            violations.iter().map(|violation| format!("runs: {violation}")).collect()
        }
        (Some(_), None) => vec!["runs: the orders that they carry out are not in the plan".to_owned()],
    }
}
