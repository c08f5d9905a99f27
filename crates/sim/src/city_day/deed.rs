//! What people send to Levee, and what they are told.

use super::faulty::{Faulty, InBetween, Plan, is_simulated};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::blob::Blobs;
use levee_app::city::{AppError, City};
use levee_app::clock::FixedClock;
use levee_app::event::HandOverStep;
use levee_app::journal::{Journal, JournalError};
use levee_app::ledger::hand_over::{HandOver, hand_over};
use levee_app::ledger::settle::{Settled, Statement, settle};
use levee_app::ledger::undo::undo;
use levee_app::ledger::{Ask, Desk};
use levee_ledger::Section;
use levee_model::area::PlaceCode;
use levee_model::command::{CommandId, Envelope};
use levee_model::ids::PersonId;

/// What somebody wants.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    /// Something of the ledger.
    Ask(Ask),
    /// To sign or seal a day.
    Settle { scope: PlaceCode, day: Date },
    /// To hand a post over, or to take it.
    HandOver { area: PlaceCode, section: Section, to: PersonId },
    /// To undo a command as a whole.
    Undo(CommandId),
}

/// A request on its way. Sent again, it is the same request: the same command id.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) envelope: Envelope,
    pub(super) deed: Deed,
    /// What is done, in a word, for the tally of what was tried.
    pub(super) name: &'static str,
    /// How often it was sent.
    pub(super) sent: u32,
}

/// What the client is told.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    /// It was carried out, now or before.
    Done { repeated: bool },
    /// The first of two has signed.
    Prepared { repeated: bool, statement: Box<Statement> },
    /// Two have sealed.
    Sealed { repeated: bool, by: (PersonId, PersonId), statement: Box<Statement> },
    /// A post was offered, or taken over.
    HandedOver { repeated: bool, accepted: bool },
    /// It was refused, and why.
    Refused(String),
    /// Nobody knows: send it again.
    Unknown(String),
    /// Levee found a fault of its own.
    Fault(String),
}

impl Answer {
    /// Whether the client was told that it is done.
    pub(super) fn is_done(&self) -> bool {
        !matches!(self, Self::Refused(_) | Self::Unknown(_) | Self::Fault(_))
    }
    /// Whether it was done by an earlier sending.
    pub(super) fn repeated(&self) -> bool {
        matches!(
            self,
            Self::Done { repeated: true }
                | Self::Prepared { repeated: true, .. }
                | Self::Sealed { repeated: true, .. }
                | Self::HandedOver { repeated: true, .. }
        )
    }
}

/// What one server knows and how it stands.
pub(super) struct Server<'a> {
    pub(super) blobs: &'a dyn Blobs,
    pub(super) clock: FixedClock,
    pub(super) desk: &'a Desk,
}

/// Carries a request out as a server does, and says what its client is told and what was committed.
pub(super) fn carry_out(
    journal: &mut dyn Journal,
    server: &Server<'_>,
    message: &Message,
    plan: Plan,
    between: Option<InBetween<'_>>,
) -> (Answer, Option<CommandId>) {
    let mut faulty = Faulty { inner: journal, plan, between, committed: None };
    let mut city = City { journal: &mut faulty, blobs: server.blobs, clock: &server.clock };
    let envelope = &message.envelope;
    let answer = match &message.deed {
        Deed::Ask(ask) => {
            server.desk.carry_out(&mut city, envelope, ask).map(|done| Answer::Done { repeated: done.receipt.repeated })
        }
        Deed::Undo(command) => {
            undo(&mut city, envelope, *command).map(|done| Answer::Done { repeated: done.receipt.repeated })
        }
        Deed::HandOver { area, section, to } => {
            let post = HandOver { area: area.clone(), section: section.clone(), to: to.clone(), at: None };
            hand_over(&mut city, envelope, &post).map(|report| Answer::HandedOver {
                repeated: report.receipt.repeated,
                accepted: report.step == HandOverStep::Accepted,
            })
        }
        Deed::Settle { scope, day } => settle(&mut city, envelope, Some(scope), *day, None).map(|done| match done {
            Settled::Refused { why, .. } => Answer::Refused(why.to_string()),
            Settled::Prepared { statement, receipt, .. } => {
                Answer::Prepared { repeated: receipt.repeated, statement: Box::new(statement) }
            }
            Settled::Sealed { by, statement, receipt, .. } => {
                Answer::Sealed { repeated: receipt.repeated, by, statement: Box::new(statement) }
            }
        }),
    };
    (answer.unwrap_or_else(|error| told(&error)), faulty.committed)
}

fn told(error: &AppError) -> Answer {
    match error {
        AppError::Journal(fault) if is_simulated(fault) => Answer::Unknown("no answer".to_owned()),
        // Somebody was faster, or the clock must be set right first: the client tries again.
        AppError::Journal(
            JournalError::Stale { .. } | JournalError::ClockBehind { .. } | JournalError::Busy { .. },
        ) => Answer::Unknown(error.to_string()),
        AppError::Journal(_) | AppError::Blob(_) | AppError::Meaning { .. } | AppError::Row(_) => {
            let mut words = error.to_string();
            let mut cause = std::error::Error::source(error);
            while let Some(next) = cause {
                words = format!("{words}: {next}");
                cause = next.source();
            }
            // Stores name themselves; what went wrong is the same.
            Answer::Fault(words.split_once(" failed: ").map_or(words.clone(), |(_, why)| why.to_owned()))
        }
        other => Answer::Refused(other.to_string()),
    }
}

/// The moment of a request by the clock of its client.
pub(super) fn at_of(message: &Message, now: Timestamp) -> Timestamp {
    match &message.deed {
        Deed::Ask(ask) => ask.at.unwrap_or(now),
        _ => now,
    }
}
