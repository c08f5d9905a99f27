//! What became of a commit whose answer was lost.

use super::fault::{self, PostgresFault};
use super::group::RECEIPTS;
use super::link::Link;
use super::schema;
use levee_app::journal::JournalError;
use levee_model::command::CommandId;
use std::time::{Duration, Instant};

/// Looks for a command's receipt on a new connection: `Ok` when it was kept.
///
/// The lost transaction may still be ending on the server. It holds the city's lock until it has, so whoever has the
/// lock reads the truth.
pub(super) fn was_kept(link: &Link, id: CommandId, lost: tokio_postgres::Error) -> Result<(), JournalError> {
    let begun = Instant::now();
    loop {
        match receipt_is_there(link, id) {
            Ok(true) => return Ok(()),
            Ok(false) => return Err(fault::store(&link.place, PostgresFault::Lost(lost))),
            Err(_) if begun.elapsed() < link.patience => {
                link.forget();
                std::thread::sleep(Duration::from_millis(200));
            }
            Err(_) => return Err(fault::store(&link.place, PostgresFault::Unknown(lost))),
        }
    }
}

fn receipt_is_there(link: &Link, id: CommandId) -> Result<bool, JournalError> {
    let session = link.session()?;
    let wanted = vec![id.uuid().as_bytes().to_vec()];
    let there = session.wait_for(async {
        session.client().batch_execute(&format!("BEGIN; {}", schema::LOCK)).await?;
        let statement = session.prepared(RECEIPTS).await?;
        let rows = session.client().query(&statement, &[&wanted]).await?;
        session.client().batch_execute("ROLLBACK").await?;
        Ok::<_, tokio_postgres::Error>(!rows.is_empty())
    });
    there.map_err(|error| link.fault(error))
}
