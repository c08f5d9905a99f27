//! Rows of the ledger's projections. What every event changes is short (`bytes`); the rest is JSON.

use super::bytes::{In, Out};
use crate::blob::BlobRef;
use crate::event::Position;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_ledger::{AreaPath, Balance, Flows, KindId, Obligation, Subject};
use levee_model::ids::PersonId;
use serde::{Deserialize, Serialize};

/// What is still owed, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedRow {
    /// What.
    #[serde(rename = "k")]
    pub kind: KindId,
    /// Where.
    #[serde(rename = "p")]
    pub path: AreaPath,
    /// How many units.
    #[serde(rename = "u")]
    pub units: u64,
    /// 1 comes first.
    #[serde(rename = "r")]
    pub priority: u8,
    /// Since when it is owed, seconds since 1970.
    #[serde(rename = "t")]
    pub opened_at: i64,
    /// To whom.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// Whom it was given to.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    /// The last day for whose settlement it was explained, and why.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub arrears: Option<(Date, String, PersonId)>,
    /// Invented.
    #[serde(rename = "x", default, skip_serializing_if = "std::ops::Not::not")]
    pub synthetic: bool,
}

impl OwedRow {
    /// Of an obligation; none when nothing of it is owed any more.
    pub fn of(obligation: &Obligation) -> Option<Self> {
        let units = obligation.owed();
        (units > 0).then(|| Self {
            kind: obligation.kind.clone(),
            path: obligation.path.clone(),
            units,
            priority: obligation.priority,
            opened_at: obligation.opened_at.as_second(),
            subject: obligation.subject.clone(),
            owner: obligation.owner.clone(),
            arrears: obligation.arrears.as_ref().map(|a| (a.day, a.reason.clone(), a.owner.clone())),
            synthetic: obligation.synthetic,
        })
    }

    /// The bytes of the row. What its key says (book, section, due time, which) does not stand in them again.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Self { kind, path, units, priority, opened_at, subject, owner, arrears, synthetic } = self;
        let flags = [subject.is_some(), owner.is_some(), arrears.is_some(), *synthetic];
        let mut out = Out::with_capacity(96);
        out.flags(flags);
        out.text(kind.as_str());
        out.text(path.as_str());
        out.number(*units);
        out.byte(*priority);
        out.signed(*opened_at);
        if let Some(subject) = subject {
            out.text(subject.as_str());
        }
        if let Some(owner) = owner {
            out.text(owner.as_str());
        }
        if let Some((day, reason, owner)) = arrears {
            out.date(*day);
            out.text(reason);
            out.text(owner.as_str());
        }
        out.done()
    }

    /// From the bytes of a row.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut read = In::new(bytes);
        let [subject, owner, arrears, synthetic] = read.flags()?;
        let row = Self {
            kind: read.parsed()?,
            path: read.parsed()?,
            units: read.number()?,
            priority: read.byte()?,
            opened_at: read.signed()?,
            subject: if subject { Some(read.parsed()?) } else { None },
            owner: if owner { Some(read.parsed()?) } else { None },
            arrears: if arrears { Some((read.date()?, read.text()?.to_owned(), read.parsed()?)) } else { None },
            synthetic,
        };
        read.end()?;
        Some(row)
    }
}

/// A seal as the projections keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealRow {
    /// The day.
    pub day: Date,
    /// The books that it closed.
    pub books: Vec<String>,
    /// The statement.
    pub statement: BlobRef,
    /// Who sealed it.
    pub sealed_by: (PersonId, PersonId),
    /// The seal.
    pub seal: BlobRef,
    /// The event.
    pub position: Position,
    /// When it was sealed.
    pub at: Timestamp,
}

/// A statement that waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreparedRow {
    /// The day.
    pub day: Date,
    /// The statement.
    pub statement: BlobRef,
    /// Who has signed it.
    pub by: PersonId,
}

/// A hand-over as the projections keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOverRow {
    /// Who was on duty.
    pub from: PersonId,
    /// Who takes over.
    pub to: PersonId,
    /// Whether they have.
    pub accepted: bool,
    /// Obligations that were open.
    pub open: u64,
    /// The list of them.
    pub list: BlobRef,
}

/// A row of so many numbers.
pub trait Numbers<const N: usize>: Sized {
    /// The numbers.
    fn to_numbers(&self) -> [u64; N];
    /// From the numbers.
    fn from_numbers(numbers: [u64; N]) -> Self;
    /// The bytes of the row.
    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Out::with_capacity(32);
        out.sparse(&self.to_numbers());
        out.done()
    }
    /// From the bytes of a row.
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut read = In::new(bytes);
        let numbers = read.sparse()?;
        read.end()?;
        Some(Self::from_numbers(numbers))
    }
}

impl Numbers<8> for Flows {
    fn to_numbers(&self) -> [u64; 8] {
        self.to_array()
    }
    fn from_numbers(numbers: [u64; 8]) -> Self {
        Self::from_array(numbers)
    }
}

impl Numbers<12> for Balance {
    fn to_numbers(&self) -> [u64; 12] {
        let mut numbers = [0; 12];
        let states = [self.opened, self.assigned, self.in_progress, self.named];
        for (to, from) in numbers.iter_mut().zip(states.into_iter().chain(self.flows.to_array())) {
            *to = from;
        }
        numbers
    }
    fn from_numbers(numbers: [u64; 12]) -> Self {
        let [opened, assigned, in_progress, named, flows @ ..] = numbers;
        Self { opened, assigned, in_progress, named, flows: Flows::from_array(flows) }
    }
}

/// What is owed of one kind in one book and section that is due in one quarter of an hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DueRow {
    /// Obligations.
    pub items: u64,
    /// Units.
    pub units: u64,
    /// Sum over the obligations of the second in which each was opened, for the mean age of the backlog.
    pub opened_seconds: u64,
}

impl Numbers<3> for DueRow {
    fn to_numbers(&self) -> [u64; 3] {
        [self.items, self.units, self.opened_seconds]
    }
    fn from_numbers([items, units, opened_seconds]: [u64; 3]) -> Self {
        Self { items, units, opened_seconds }
    }
}

/// What became of the units of one kind that were due in one quarter of an hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClosureRow {
    /// Units that were due then.
    pub due: u64,
    /// Met by then.
    pub met_in_time: u64,
    /// Met later.
    pub met_late: u64,
    /// Waived.
    pub waived: u64,
    /// Expired.
    pub expired: u64,
}

impl Numbers<5> for ClosureRow {
    fn to_numbers(&self) -> [u64; 5] {
        [self.due, self.met_in_time, self.met_late, self.waived, self.expired]
    }
    fn from_numbers([due, met_in_time, met_late, waived, expired]: [u64; 5]) -> Self {
        Self { due, met_in_time, met_late, waived, expired }
    }
}

impl ClosureRow {
    /// Adds another.
    pub fn add(&mut self, other: &Self) {
        let (mine, theirs) = (self.to_numbers(), other.to_numbers());
        let mut sum = [0; 5];
        for (to, (a, b)) in sum.iter_mut().zip(mine.into_iter().zip(theirs)) {
            *to = a.saturating_add(b);
        }
        *self = Self::from_numbers(sum);
    }
    /// Closed as it should be, of what was due: met or waived with a reason. `None` when nothing was due.
    #[expect(clippy::cast_precision_loss, reason = "a share for people to read")]
    pub fn rate(&self) -> Option<f64> {
        let closed = self.met_in_time.saturating_add(self.met_late).saturating_add(self.waived);
        (self.due > 0).then(|| closed as f64 / self.due as f64)
    }
}
