//! Carrying out a command as a whole: all of it stands in the journal when it is done, or nothing does.

use crate::city::AppError;
use crate::journal::{Journal, JournalError, Receipt, Transaction};
use jiff::Timestamp;
use levee_model::command::Envelope;

/// Carries out a command whose work can fail for reasons that the journal does not know. Such an error gives the commit up and
/// comes back as it is.
pub(crate) fn carry_out(
    journal: &mut dyn Journal,
    envelope: &Envelope,
    now: Timestamp,
    work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), AppError>,
) -> Result<Receipt, AppError> {
    let mut refused = None;
    let done = journal.transact(envelope, now, &mut |tx| {
        work(tx).map_err(|error| match error {
            AppError::Journal(error) => error,
            error => {
                refused = Some(error);
                JournalError::GivenUp
            }
        })
    });
    match refused {
        Some(error) => Err(error),
        None => Ok(done?),
    }
}

/// The same, or a rehearsal of it: everything is done and nothing is kept.
pub(crate) fn carry_out_or_rehearse(
    journal: &mut dyn Journal,
    envelope: &Envelope,
    now: Timestamp,
    rehearsal: bool,
    work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let done = carry_out(journal, envelope, now, &mut |tx| {
        work(tx)?;
        if rehearsal { Err(JournalError::GivenUp.into()) } else { Ok(()) }
    });
    match done {
        Err(AppError::Journal(JournalError::GivenUp)) if rehearsal => Ok(()),
        done => done.map(|_| ()),
    }
}
