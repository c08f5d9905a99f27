//! The settlement of a day: what came in and went out in every account, what is late and why, and whether it may be sealed.

use crate::account::{Balance, Flow, Flows};
use crate::catalogue::KindId;
use crate::obligation::{Obligation, ObligationId, Section};
use crate::place::AreaPath;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_model::ids::PersonId;
use serde::{Deserialize, Serialize};

/// One account on one day: law 2's equation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Where.
    pub path: AreaPath,
    /// What.
    pub kind: KindId,
    /// Owed at the end of the day before, as sealed then.
    pub carried_in: u64,
    /// What flowed on the day.
    pub flows: Flows,
    /// Owed at the end of the day, counted from the states that units are in.
    pub carried_out: u64,
}

impl Line {
    /// The line of an account.
    ///
    /// `balance` is where its units stand now; `later` is what flowed after the day, and is taken out again. Carried in
    /// comes from the seal of the day before, carried out from the states of units: nothing makes them fit but the truth.
    pub fn new(
        (path, kind): (AreaPath, KindId),
        carried_in: u64,
        flows: Flows,
        later: &Flows,
        balance: &Balance,
    ) -> Option<Self> {
        let carried_out = u64::try_from(i128::from(balance.owed()) - later.net()).ok()?;
        Some(Self { path, kind, carried_in, flows, carried_out })
    }

    /// Carried in + opened + transferred in + corrections - (met + waived + expired + voided + transferred out) - carried
    /// out. Zero, or the books are wrong.
    pub fn residual(&self) -> i128 {
        i128::from(self.carried_in) + self.flows.net() - i128::from(self.carried_out)
    }

    /// Adds another line, for a total.
    pub fn add(&mut self, other: &Self) {
        self.carried_in = self.carried_in.saturating_add(other.carried_in);
        self.flows.add(&other.flows);
        self.carried_out = self.carried_out.saturating_add(other.carried_out);
    }

    /// Whether nothing was owed and nothing happened.
    pub fn is_empty(&self) -> bool {
        self.carried_in == 0 && self.carried_out == 0 && self.flows == Flows::default()
    }

    /// Units of a flow on the day.
    pub fn of(&self, flow: Flow) -> u64 {
        self.flows.of(flow)
    }
}

/// Something that was due by the end of the day and is still owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrear {
    /// Which.
    pub obligation: ObligationId,
    /// What.
    pub kind: KindId,
    /// Where.
    pub path: AreaPath,
    /// Whose.
    pub section: Section,
    /// How many units.
    pub units: u64,
    /// Since when it is late.
    pub due: Timestamp,
    /// Why, if somebody said so for this day.
    pub reason: Option<String>,
    /// Who answers for it, if somebody said so for this day.
    pub owner: Option<PersonId>,
}

impl Arrear {
    /// What an obligation leaves unexplained or explained at the end of a day; none when it is closed or not due yet.
    pub fn of(obligation: &Obligation, day: Date, ends: Timestamp) -> Option<Self> {
        if obligation.is_closed() || obligation.due > ends {
            return None;
        }
        let said = obligation.arrears.as_ref().filter(|arrears| arrears.day >= day);
        Some(Self {
            obligation: obligation.id,
            kind: obligation.kind.clone(),
            path: obligation.path.clone(),
            section: obligation.section.clone(),
            units: obligation.owed(),
            due: obligation.due,
            reason: said.map(|arrears| arrears.reason.clone()),
            owner: said.map(|arrears| arrears.owner.clone()),
        })
    }
    /// Law 3: a day with one of these cannot be settled.
    pub fn is_unexplained(&self) -> bool {
        self.reason.is_none()
    }
}

/// Why a day cannot be settled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsettled {
    /// Law 3.
    #[error("{units} unit(s) of {items} obligation(s) due by the end of {day} are neither met nor explained")]
    Arrears {
        /// The day.
        day: Date,
        /// How many obligations.
        items: u64,
        /// How many units.
        units: u64,
    },
    /// Law 2.
    #[error("the books of {path} do not balance for `{kind}` on {day}: {residual} remain")]
    Residual {
        /// The day.
        day: Date,
        /// Where.
        path: AreaPath,
        /// What.
        kind: KindId,
        /// What remains.
        residual: i128,
    },
    /// The day before comes first.
    #[error("{book} is sealed up to {last}; {day} comes after {next}")]
    OutOfOrder {
        /// Whose books.
        book: String,
        /// The last sealed day.
        last: Date,
        /// The day that comes next.
        next: Date,
        /// The day asked for.
        day: Date,
    },
    /// It is sealed.
    #[error("{day} is sealed already in the books of {book}")]
    Sealed {
        /// Whose books.
        book: String,
        /// The day.
        day: Date,
    },
    /// The day is not over.
    #[error("{day} is not over before {ends}")]
    NotOver {
        /// The day.
        day: Date,
        /// When it ends.
        ends: Timestamp,
    },
    /// Two people seal.
    #[error("{0} has read and signed this statement already: a second person must seal it")]
    SamePerson(PersonId),
}

impl Unsettled {
    /// What the person who settles can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Arrears { .. } => {
                "meet them, or say why and who answers for it: `levee explain CITY --date DAY --reason R --owner PERSON`"
                    .to_owned()
            }
            Self::Residual { .. } => "this is a fault of ours: run `levee journal verify CITY` and report it".to_owned(),
            Self::OutOfOrder { next, .. } => format!("settle {next} first"),
            Self::Sealed { .. } => "enter corrections today; they name what they correct".to_owned(),
            Self::NotOver { .. } => "settle it when it is over".to_owned(),
            Self::SamePerson(_) => "ask somebody else who may seal, with --as PERSON".to_owned(),
        }
    }
}

/// Whether a day may be sealed by what its lines and arrears say.
pub fn settled<'l>(
    day: Date,
    lines: impl Iterator<Item = &'l Line>,
    arrears: impl Iterator<Item = &'l Arrear>,
) -> Result<(), Unsettled> {
    for line in lines {
        let residual = line.residual();
        if residual != 0 {
            return Err(Unsettled::Residual { day, path: line.path.clone(), kind: line.kind.clone(), residual });
        }
    }
    let (items, units) = arrears
        .filter(|arrear| arrear.is_unexplained())
        .fold((0u64, 0u64), |(items, units), arrear| (items + 1, units.saturating_add(arrear.units)));
    if items == 0 { Ok(()) } else { Err(Unsettled::Arrears { day, items, units }) }
}
