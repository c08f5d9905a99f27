//! How much there is of what an order needs, told to whoever approves it.

use super::counter::Counter;
use super::refusal;
use crate::cli::ledger::Amount;
use crate::failure::Failure;
use crate::say;
use jiff::Timestamp;
use levee_app::ledger::capacity::{self, Told};
use levee_ledger::order::{Order, ResourceId};

/// The capacities that can be stated for the holds of an order.
pub(super) fn stated(
    counter: &Counter,
    order: &Order,
    given: &[Amount<ResourceId>],
    at: Timestamp,
) -> Result<Vec<(ResourceId, u64)>, Failure> {
    let given = given.iter().map(|one| (one.of.clone(), one.units)).collect();
    let (all, told) = capacity::stated(&counter.opened.journal, &counter.desk, order, &given, at)
        .map_err(|error| refusal::told(error, counter.lang))?;
    for one in told {
        let line = match one {
            Told::Lowered { resource, free } => format!(
                "{resource}: {}",
                counter
                    .say(
                        "报告余量为 N，手填数不作数",
                        "N are free by its own report; what was stated beyond it does not count"
                    )
                    .replace('N', &say::count(free))
            ),
            Told::Free { resource, free, since } => {
                format!("{resource}: {} {} ({})", counter.say("可用", "free"), say::count(free), counter.time(since))
            }
            Told::NotAccepted { resource } => {
                format!("{resource}: {}", counter.say("安全验收不在有效期内", "no valid safety acceptance"))
            }
        };
        say::note(&line);
    }
    Ok(all)
}
