//! What was done meets what is owed, in the commit in which it was recorded: a look at a way out, a review, help that came, people
//! told that they are free.
//!
//! The ledger asks the same of it as of anybody who meets an obligation: the proof of its kind, and somebody who answers for it. Where
//! one of them is missing, what was done is recorded all the same, and the obligation stays owed.

use super::ask::Ask;
use super::follow::Writer;
use super::obliges::{is_review, kind_of};
use crate::blob::BlobRef;
use crate::city::AppError;
use crate::event::{Obliged, Owes};
use crate::journal::Transaction;
use levee_ledger::{Command, Digest, Evidence, Obligation, Refusal, Said};
use levee_measures::{FieldReport, MeasureId, Service, WayId};
use levee_model::command::Envelope;

/// What proves that something was done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Proof<'a> {
    /// A photo, a form, a record; none where nobody has one.
    pub file: Option<&'a [u8]>,
    /// Which service came, where help for a household is confirmed.
    pub service: Option<Service>,
}

/// What was met, and why the last one was not.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Met {
    pub(super) met: u64,
    pub(super) unmet: Option<Refusal>,
}

/// What an act may meet.
enum Duty<'a> {
    Look(&'a WayId),
    Review,
    Release,
    Served(&'static str),
}

impl Duty<'_> {
    fn is(&self, one: &Obliged, known: &Obligation) -> bool {
        match self {
            Self::Look(way) => {
                let subject = known.subject.as_ref().map(levee_ledger::Subject::as_str);
                one.owes == Owes::Inspection && subject == Some(way.as_str())
            }
            Self::Review => is_review(known),
            Self::Release => one.owes == Owes::Release,
            Self::Served(kind) => one.owes == Owes::Service && known.kind.as_str() == *kind,
        }
    }

    fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Look(_) => Some("open"),
            Self::Review => Some("done"),
            Self::Release => Some("released"),
            Self::Served(_) => None,
        }
    }
}

fn duty<'a>(ask: &'a Ask, over: bool, service: Option<Service>) -> Option<Duty<'a>> {
    match ask {
        Ask::Inspect { way, open: Some(true), .. } => Some(Duty::Look(way)),
        Ask::Report { report: FieldReport::Inspected { way, seen }, .. } if seen.open => Some(Duty::Look(way)),
        Ask::Review { open: false, .. } => Some(Duty::Review),
        // Once it is over, telling people is what release asks for.
        Ask::Notice { .. } if over => Some(Duty::Release),
        Ask::Report { report: FieldReport::Served { .. }, .. } => service.and_then(kind_of).map(Duty::Served),
        _ => None,
    }
}

/// Meets what an act meets.
///
/// A look that is proven meets every look that was owed there: it shows more than the ones before it could. Of help, one household's
/// share of the delivery that is due first is met.
pub(super) fn meet(
    writer: &Writer<'_>,
    tx: &mut dyn Transaction,
    envelope: &Envelope,
    (ask, id, over): (&Ask, MeasureId, bool),
    (proof, service): (Option<BlobRef>, Option<Service>),
) -> Result<Met, AppError> {
    let mut met = Met::default();
    let Some(duty) = duty(ask, over, service) else { return Ok(met) };
    for (_, known) in writer.owed(&*tx, id)?.into_iter().filter(|(one, known)| duty.is(one, known)) {
        let kind = writer.desk.catalogue.kind(&known.kind);
        let names = kind.map(|kind| kind.evidence.clone()).unwrap_or_default();
        let evidence =
            |digest: BlobRef| names.iter().map(move |what| Evidence { what: what.clone(), digest: Digest(digest.0) });
        let command = Command::Meet {
            what: known.id.into(),
            units: if matches!(duty, Duty::Served(_)) { 1 } else { known.owed() },
            reason: duty.reason().map(str::to_owned),
            said: Said::Actor,
            evidence: proof.into_iter().flat_map(evidence).collect(),
        };
        // A command that is refused adds nothing; what was done is recorded all the same.
        match writer.desk.work(tx, envelope, writer.times, &[command], None) {
            Ok(_) => met.met = met.met.saturating_add(1),
            Err(AppError::Refused(refusal)) => met.unmet = Some(*refusal),
            Err(error) => return Err(error),
        }
        if matches!(duty, Duty::Served(_)) {
            break;
        }
    }
    Ok(met)
}
