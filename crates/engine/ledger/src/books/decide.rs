//! What a command means, or why it is refused.

use super::draft::Draft;
use super::{Acting, Books, Standing};
use crate::catalogue::{Kind, MayDecide, Outcome, Reason};
use crate::change::{Change, Evidence, Explained, Move, Owned, Said};
use crate::command::{Command, Target};
use crate::obligation::{Obligation, ObligationId, State};
use crate::refusal::Refusal;

impl Books {
    /// Decides what a command means. Reads the books, changes nothing, touches no clock.
    pub fn decide(&self, acting: &Acting<'_>, command: Command) -> Result<Vec<Change>, Refusal> {
        let mut draft = Draft::new(self);
        match command {
            Command::Open(new) => draft.open(acting, *new)?,
            Command::Assign { what, to } => {
                for target in what {
                    draft.assign(acting, target, to.as_ref())?;
                }
            }
            Command::Begin { what, units } => {
                draft.seen(what)?.may(acting)?;
                draft.shift(
                    acting,
                    what.id,
                    &[State::Assigned, State::Opened],
                    State::InProgress,
                    units,
                    &Why::none(),
                )?;
            }
            Command::Meet { what, units, reason, said, evidence } => {
                draft.meet(acting, what, units, reason, said, evidence)?;
            }
            Command::Close { what, to, units, reason, said, evidence } => {
                draft.close(acting, what, to, units, reason, said, evidence)?;
            }
            Command::Correct { what, from, units, reason } => draft.correct(acting, what, from, units, reason)?,
            Command::Transfer { what, units, to, id } => draft.transfer(acting, what, units, to, id)?,
            Command::Name { what, subjects } => draft.name(acting, what, subjects)?,
            Command::Explain { what, day, ends, reason, owner } => {
                for target in what {
                    draft.explain(acting, target, (day, ends), &reason, &owner)?;
                }
            }
            Command::Propose(order) => draft.propose(acting, *order)?,
            Command::Approve { order, version, capacities } => draft.approve(acting, order, version, capacities)?,
            Command::Issue { order, capacities } => draft.issue(acting, order, capacities)?,
            Command::Accept { order } => draft.accept(acting, order)?,
            Command::Finish { order, met, reason, evidence } => {
                draft.finish(acting, order, met.as_ref(), reason, evidence)?;
            }
            Command::Fail { order, reason } => draft.end(acting, order, crate::order::OrderState::Failed, reason)?,
            Command::Cancel { order, reason } => {
                draft.end(acting, order, crate::order::OrderState::Cancelled, reason)?;
            }
        }
        Ok(draft.changes)
    }
}

/// Why units move.
#[derive(Clone, Debug)]
pub(super) struct Why {
    pub(super) reason: Option<String>,
    pub(super) said: Said,
    pub(super) evidence: Vec<Evidence>,
}

impl Why {
    pub(super) fn none() -> Self {
        Self { reason: None, said: Said::Actor, evidence: vec![] }
    }
}

impl Acting<'_> {
    /// A person, standing at least so high.
    pub(super) fn stands(&self, on: &Obligation, at_least: Standing) -> Result<(), Refusal> {
        if self.actor.is_none() {
            return Err(Refusal::NeedsAPerson);
        }
        if (self.standing)(&on.path, &on.section, on.owner.as_ref()) >= at_least {
            return Ok(());
        }
        let owner =
            on.owner.as_ref().map_or_else(|| format!("{} of {}", on.section, on.path.area()), ToString::to_string);
        Err(Refusal::NotTheirs { id: on.id.to_string(), owner })
    }
}

impl Obligation {
    /// Whoever owns it, or stands above, may work on it. What saves lives, anybody known may: nothing stands before it.
    pub(super) fn may(&self, acting: &Acting<'_>) -> Result<(), Refusal> {
        match (self.life_saving, acting.actor) {
            (true, Some(_)) => Ok(()),
            _ => acting.stands(self, Standing::Owner),
        }
    }
}

impl Draft<'_> {
    /// The obligation, if it is as the one who asks has seen it.
    pub(super) fn seen(&self, what: Target) -> Result<&Obligation, Refusal> {
        let obligation = self.get(&what.id)?;
        match what.version {
            Some(seen) if seen != obligation.version => {
                Err(Refusal::Stale { id: what.id.to_string(), seen, now: obligation.version })
            }
            _ => Ok(obligation),
        }
    }

    pub(super) fn kind_of(&self, obligation: &Obligation) -> Result<&Kind, Refusal> {
        self.books.catalogue.kind(&obligation.kind).ok_or_else(|| Refusal::UnknownKind(obligation.kind.clone()))
    }

    /// Nothing is entered on a sealed day.
    pub(super) fn unsealed(&self, acting: &Acting<'_>, book: &str) -> Result<(), Refusal> {
        match self.books.sealed.get(book) {
            Some(sealed) if acting.day <= *sealed => Err(Refusal::Sealed { book: book.to_owned(), day: acting.day }),
            _ => Ok(()),
        }
    }

    /// Moves units to a state from those given, in their order, as many as are asked for.
    pub(super) fn shift(
        &mut self,
        acting: &Acting<'_>,
        id: ObligationId,
        from: &[State],
        to: State,
        units: u64,
        why: &Why,
    ) -> Result<(), Refusal> {
        let obligation = self.get(&id)?;
        if units == 0 {
            return Err(Refusal::NoUnits(id));
        }
        self.unsealed(acting, obligation.path.book())?;
        let split = obligation.split;
        let there = from.iter().fold(0, |sum: u64, state| sum.saturating_add(split.of(*state)));
        if units > there {
            let states = match from {
                [State::Met | State::Waived | State::Expired | State::Voided] => "recorded so",
                [State::Opened] => "open",
                [_, _, _] => "still owed",
                _ => "in a state for that",
            };
            return Err(Refusal::TooMany { id, asked: units, there, states });
        }
        let mut left = units;
        for state in from {
            let take = left.min(split.of(*state));
            if take == 0 {
                continue;
            }
            left -= take;
            self.push(Change::Moved(Move {
                obligation: id,
                from: *state,
                to,
                units: take,
                day: acting.day,
                reason: why.reason.clone(),
                said: why.said,
                evidence: why.evidence.clone(),
            }))?;
        }
        Ok(())
    }

    fn assign(
        &mut self,
        acting: &Acting<'_>,
        what: Target,
        to: Option<&levee_model::ids::PersonId>,
    ) -> Result<(), Refusal> {
        let obligation = self.seen(what)?;
        obligation.may(acting)?;
        if obligation.is_closed() {
            return Err(Refusal::TooMany { id: what.id, asked: 1, there: 0, states: "still owed" });
        }
        let (split, ordered) = (obligation.split, !obligation.orders.is_empty());
        if obligation.owner.as_ref() != to {
            let (before, owner) = (obligation.owner.clone(), to.cloned());
            self.push(Change::Owned(Owned { obligation: what.id, before, owner }))?;
        }
        // Units that orders have taken stay with their orders.
        let (from, into) = match to {
            Some(_) => (State::Opened, State::Assigned),
            None if !ordered => (State::Assigned, State::Opened),
            None => return Ok(()),
        };
        match split.of(from) {
            0 => Ok(()),
            units => self.shift(acting, what.id, &[from], into, units, &Why::none()),
        }
    }

    fn explain(
        &mut self,
        acting: &Acting<'_>,
        what: Target,
        (day, ends): (jiff::civil::Date, jiff::Timestamp),
        reason: &str,
        owner: &levee_model::ids::PersonId,
    ) -> Result<(), Refusal> {
        let obligation = self.seen(what)?;
        acting.stands(obligation, Standing::Owner)?;
        if obligation.is_closed() || obligation.due > ends {
            return Err(Refusal::NotLate { id: what.id, day });
        }
        self.reason(acting, obligation, Outcome::Carried, reason, Said::Actor, &[])?;
        let (reason, owner) = (reason.to_owned(), owner.clone());
        self.push(Change::Explained(Explained { obligation: what.id, day, reason, owner }))
    }

    /// A reason that the catalogue knows for this outcome, that the one who gives it may give, with its evidence.
    pub(super) fn reason(
        &self,
        acting: &Acting<'_>,
        obligation: &Obligation,
        outcome: Outcome,
        code: &str,
        said: Said,
        evidence: &[Evidence],
    ) -> Result<(), Refusal> {
        let kind = self.kind_of(obligation)?;
        let catalogue = &self.books.catalogue;
        let Some(reason) = catalogue.reason(kind, outcome, code) else {
            if outcome == Outcome::Expired && kind.class.never_expires() {
                return Err(Refusal::NeverExpires { kind: kind.id.clone() });
            }
            let known = catalogue.reasons(kind, outcome).map(|reason| reason.code.clone()).collect();
            let (kind, reason) = (kind.id.clone(), code.to_owned());
            return Err(Refusal::UnknownReason { kind, outcome, reason, known });
        };
        let not_theirs = || Refusal::NotTheirReason { reason: code.to_owned(), by: reason.by };
        let needed = match reason.by {
            MayDecide::Recipient if said != Said::Recipient => return Err(not_theirs()),
            MayDecide::Clinician if said != Said::Clinician => return Err(not_theirs()),
            MayDecide::Recipient | MayDecide::Clinician | MayDecide::Owner => Standing::Owner,
            MayDecide::SectionLead => Standing::Lead,
            MayDecide::Commander => Standing::Commander,
        };
        match acting.actor {
            // A corrected report and a need that is gone are facts that reports bring; nobody decides them.
            None if outcome == Outcome::Voided || reason.moot => {}
            _ => acting.stands(obligation, needed).map_err(|refusal| match refusal {
                Refusal::NotTheirs { .. } if needed > Standing::Owner => not_theirs(),
                other => other,
            })?,
        }
        proven(obligation, reason_evidence(reason), evidence)
    }
}

fn reason_evidence(reason: &Reason) -> impl Iterator<Item = &str> {
    reason.evidence.iter().map(String::as_str)
}

/// Whether everything that must be attached is.
pub(super) fn proven<'c>(
    obligation: &Obligation,
    needed: impl Iterator<Item = &'c str>,
    given: &[Evidence],
) -> Result<(), Refusal> {
    let missing: Vec<&str> = needed.filter(|what| !given.iter().any(|one| one.what == *what)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::EvidenceMissing { id: obligation.id, what: missing.join(", ") })
}
