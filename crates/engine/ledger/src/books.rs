//! Accounts, entries, and the equation that every account keeps.

use crate::kinds::KindId;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::ids::PersonId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One kind, one area, one settlement day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Account {
    /// What is owed.
    pub kind: KindId,
    /// In which area.
    pub area: PlaceCode,
    /// On the books of which day.
    pub day: Date,
}

/// Which side of the equation an entry moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// Open at the end of the day before.
    CarriedIn,
    /// Newly owed.
    Opened,
    /// Came from another account.
    TransferredIn,
    /// Done.
    Met,
    /// Excused by somebody who may, with a reason.
    Waived,
    /// Not done in time: failed. Never for care, food and exits.
    Expired,
    /// Opened in error.
    Voided,
    /// Went to another account.
    TransferredOut,
    /// Still open at the end of the day; the next day carries it in.
    CarriedOut,
}

/// Units moved in one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Where.
    pub account: Account,
    /// Which side.
    pub flow: Flow,
    /// How many.
    pub units: u64,
    /// For opened: the day whose reported infections it follows from. A ground is opened once.
    pub ground: Option<Date>,
    /// Reason code, where one is needed.
    pub reason: Option<String>,
    /// Who decided, where somebody must.
    pub decided_by: Option<PersonId>,
}

/// The sides of one account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Open from the day before.
    pub carried_in: u64,
    /// Newly owed.
    pub opened: u64,
    /// Came from elsewhere.
    pub transferred_in: u64,
    /// Done.
    pub met: u64,
    /// Excused.
    pub waived: u64,
    /// Failed.
    pub expired: u64,
    /// Opened in error.
    pub voided: u64,
    /// Went elsewhere.
    pub transferred_out: u64,
    /// Passed on to the next day.
    pub carried_out: u64,
}

impl Statement {
    /// All that came in.
    pub fn debit(&self) -> u64 {
        self.carried_in.saturating_add(self.opened).saturating_add(self.transferred_in)
    }
    /// All that went out.
    pub fn credit(&self) -> u64 {
        [self.met, self.waived, self.expired, self.voided, self.transferred_out, self.carried_out]
            .into_iter()
            .fold(0, u64::saturating_add)
    }
    /// Still open; `None` when more went out than came in, which the books never allow.
    pub fn open(&self) -> Option<u64> {
        self.debit().checked_sub(self.credit())
    }
    fn side(&mut self, flow: Flow) -> &mut u64 {
        match flow {
            Flow::CarriedIn => &mut self.carried_in,
            Flow::Opened => &mut self.opened,
            Flow::TransferredIn => &mut self.transferred_in,
            Flow::Met => &mut self.met,
            Flow::Waived => &mut self.waived,
            Flow::Expired => &mut self.expired,
            Flow::Voided => &mut self.voided,
            Flow::TransferredOut => &mut self.transferred_out,
            Flow::CarriedOut => &mut self.carried_out,
        }
    }
    /// Adds an entry.
    pub fn add(&mut self, flow: Flow, units: u64) {
        let side = self.side(flow);
        *side = side.saturating_add(units);
    }
}

/// What somebody asks of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// So many are newly owed, because of the infections of a reported day. A ground already opened is corrected to
    /// the new number: more are opened, or the surplus is voided.
    Open {
        /// Where.
        account: Account,
        /// How many in all follow from the ground.
        units: u64,
        /// The reported day.
        ground: Date,
    },
    /// So many were done.
    Meet {
        /// Where.
        account: Account,
        /// How many.
        units: u64,
    },
    /// So many are excused.
    Waive {
        /// Where.
        account: Account,
        /// How many.
        units: u64,
        /// Why.
        reason: String,
        /// By whom.
        by: PersonId,
    },
    /// So many failed.
    Expire {
        /// Where.
        account: Account,
        /// How many.
        units: u64,
        /// Why.
        reason: String,
    },
    /// The same duty is owed in another area from now on.
    Transfer {
        /// From where.
        from: Account,
        /// To which area.
        to: PlaceCode,
        /// How many.
        units: u64,
    },
    /// Everything still open passes to the next day.
    CarryOver {
        /// The day that ends.
        day: Date,
        /// Why, as a code.
        reason: String,
    },
}

/// Why the ledger would not accept a command. Refusing is a normal answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More would go out than is open.
    #[error("{asked} cannot be closed in {area} on {day}: only {open} are open")]
    MoreThanOpen {
        /// Where.
        area: PlaceCode,
        /// When.
        day: Date,
        /// How many were asked for.
        asked: u64,
        /// How many there are.
        open: u64,
    },
    /// Care, food and exits never expire.
    #[error("`{kind}` never expires: it stays owed until it is met, waived by the recipient, or moot")]
    NeverExpires {
        /// The kind.
        kind: KindId,
    },
    /// A reason is missing.
    #[error("a reason is missing")]
    NoReason,
    /// There is no day after the last one of the calendar.
    #[error("{day} has no next day")]
    NoNextDay {
        /// The day.
        day: Date,
    },
    /// A transfer to where the duty already lies.
    #[error("the duty is already owed in {area}")]
    SameArea {
        /// The area.
        area: PlaceCode,
    },
}

impl Refusal {
    /// What the person who gave the command can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::MoreThanOpen { open, .. } => format!("close at most {open}, or open the missing ones first"),
            Self::NeverExpires { .. } => "carry it over with a reason, or let the recipient waive it".to_owned(),
            Self::NoReason => "say why, in a word that the rulebook knows".to_owned(),
            Self::NoNextDay { .. } => "check the date".to_owned(),
            Self::SameArea { .. } => "name another area".to_owned(),
        }
    }
}

/// All accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    accounts: BTreeMap<Account, Statement>,
    /// Units opened on each ground, net of what was voided again, so that one day's report is never owed twice.
    grounds: BTreeMap<(KindId, PlaceCode, Date), u64>,
}

impl Books {
    /// The statement of an account; all zero if nothing was ever entered.
    pub fn statement(&self, account: &Account) -> Statement {
        self.accounts.get(account).copied().unwrap_or_default()
    }
    /// All accounts with their statements, in order.
    pub fn accounts(&self) -> impl Iterator<Item = (&Account, &Statement)> {
        self.accounts.iter()
    }

    /// Decides what a command means. Reads the books, changes nothing, asks no clock.
    pub fn decide(&self, command: Command) -> Result<Vec<Entry>, Refusal> {
        let entry = |account: &Account, flow, units| Entry {
            account: account.clone(),
            flow,
            units,
            ground: None,
            reason: None,
            decided_by: None,
        };
        match command {
            Command::Open { account, units, ground } => {
                let before = self.grounds.get(&(account.kind, account.area.clone(), ground)).copied().unwrap_or(0);
                if units >= before {
                    let more = units - before;
                    return Ok(if more == 0 {
                        vec![]
                    } else {
                        vec![Entry { ground: Some(ground), ..entry(&account, Flow::Opened, more) }]
                    });
                }
                let surplus = self.closable(&account, before - units)?;
                Ok(vec![Entry {
                    ground: Some(ground),
                    reason: Some("report_corrected".to_owned()),
                    ..entry(&account, Flow::Voided, surplus)
                }])
            }
            Command::Meet { account, units } => {
                let units = self.closable(&account, units)?;
                Ok(vec![entry(&account, Flow::Met, units)])
            }
            Command::Waive { account, units, reason, by } => {
                let units = self.closable(&account, units)?;
                let reason = Some(reason).filter(|r| !r.trim().is_empty()).ok_or(Refusal::NoReason)?;
                Ok(vec![Entry { reason: Some(reason), decided_by: Some(by), ..entry(&account, Flow::Waived, units) }])
            }
            Command::Expire { account, units, reason } => {
                if account.kind.kind().never_expires {
                    return Err(Refusal::NeverExpires { kind: account.kind });
                }
                let units = self.closable(&account, units)?;
                let reason = Some(reason).filter(|r| !r.trim().is_empty()).ok_or(Refusal::NoReason)?;
                Ok(vec![Entry { reason: Some(reason), ..entry(&account, Flow::Expired, units) }])
            }
            Command::Transfer { from, to, units } => {
                if from.area == to {
                    return Err(Refusal::SameArea { area: to });
                }
                let units = self.closable(&from, units)?;
                let into = Account { area: to, ..from.clone() };
                Ok(vec![entry(&from, Flow::TransferredOut, units), entry(&into, Flow::TransferredIn, units)])
            }
            Command::CarryOver { day, reason } => self.carry_over(day, &reason),
        }
    }

    fn carry_over(&self, day: Date, reason: &str) -> Result<Vec<Entry>, Refusal> {
        if reason.trim().is_empty() {
            return Err(Refusal::NoReason);
        }
        let next = day.tomorrow().map_err(|_| Refusal::NoNextDay { day })?;
        let mut entries = Vec::new();
        for (account, statement) in self.accounts.iter().filter(|(account, _)| account.day == day) {
            let Some(open) = statement.open().filter(|open| *open > 0) else { continue };
            let one = |account: Account, flow| Entry {
                account,
                flow,
                units: open,
                ground: None,
                reason: Some(reason.to_owned()),
                decided_by: None,
            };
            entries.push(one(account.clone(), Flow::CarriedOut));
            entries.push(one(Account { day: next, ..account.clone() }, Flow::CarriedIn));
        }
        Ok(entries)
    }

    fn closable(&self, account: &Account, units: u64) -> Result<u64, Refusal> {
        let open = self.statement(account).open().unwrap_or(0);
        if units > open {
            return Err(Refusal::MoreThanOpen { area: account.area.clone(), day: account.day, asked: units, open });
        }
        Ok(units)
    }

    /// Applies an entry that has already happened. There is nothing left to refuse.
    pub fn apply(&mut self, entry: &Entry) {
        self.accounts.entry(entry.account.clone()).or_default().add(entry.flow, entry.units);
        if let Some(ground) = entry.ground {
            let key = (entry.account.kind, entry.account.area.clone(), ground);
            let opened = self.grounds.entry(key).or_default();
            *opened = match entry.flow {
                Flow::Voided => opened.saturating_sub(entry.units),
                _ => opened.saturating_add(entry.units),
            };
        }
    }
}

#[cfg(test)]
mod tests;
