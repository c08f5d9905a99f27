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
    Ok(found)
}
