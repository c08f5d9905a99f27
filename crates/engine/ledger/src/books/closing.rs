//! What closes obligations without their being done, and what opens them again because that was wrong.

use super::decide::Why;
use super::draft::Draft;
use super::{Acting, Standing};
use crate::catalogue::Outcome;
use crate::change::{Change, Evidence, Opened, Said};
use crate::command::Target;
use crate::obligation::{ObligationId, State};
use crate::order::{OrderChange, OrderState};
use crate::refusal::Refusal;

impl Draft<'_> {
    #[expect(clippy::too_many_arguments, reason = "the fields of one command, each of its own type")]
    pub(super) fn close(
        &mut self,
        acting: &Acting<'_>,
        what: Target,
        to: State,
        units: u64,
        reason: String,
        said: Said,
        evidence: Vec<Evidence>,
    ) -> Result<(), Refusal> {
        let obligation = self.seen(what)?;
        let outcome = match to {
            State::Waived => Outcome::Waived,
            State::Expired if obligation.never_expires => {
                return Err(Refusal::NeverExpires { kind: obligation.kind.clone() });
            }
            State::Expired => Outcome::Expired,
            State::Voided => Outcome::Voided,
            to => return Err(Refusal::Transition { id: what.id, from: State::Opened, to }),
        };
        self.reason(acting, obligation, outcome, &reason, said, &evidence)?;
        let why = Why { reason: Some(reason), said, evidence };
        let owed = [State::Opened, State::Assigned, State::InProgress];
        self.shift(acting, what.id, &owed, to, units, &why)?;
        self.lapse(acting, what.id)
    }

    pub(super) fn correct(
        &mut self,
        acting: &Acting<'_>,
        what: Target,
        from: State,
        units: u64,
        reason: String,
    ) -> Result<(), Refusal> {
        let obligation = self.seen(what)?;
        acting.stands(obligation, Standing::Owner)?;
        if from.is_owed() || !from.may_become(State::Opened) {
            return Err(Refusal::Transition { id: what.id, from, to: State::Opened });
        }
        if reason.trim().is_empty() {
            let kind = obligation.kind.clone();
            return Err(Refusal::UnknownReason { kind, outcome: Outcome::Carried, reason, known: vec![] });
        }
        let why = Why { reason: Some(reason), ..Why::none() };
        self.shift(acting, what.id, &[from], State::Opened, units, &why)
    }

    /// Cancels the orders under way whose every obligation is closed: their ground has lapsed.
    pub(super) fn lapse(&mut self, acting: &Acting<'_>, id: ObligationId) -> Result<(), Refusal> {
        // Orders are named by proposing them, and a command that closes something proposes none.
        if self.books.obligation(&id).is_some_and(|before| before.orders.is_empty()) {
            return Ok(());
        }
        let obligation = self.get(&id)?;
        if !obligation.is_closed() || obligation.orders.is_empty() {
            return Ok(());
        }
        for order in obligation.orders.clone() {
            let Some(known) = self.books.orders.get(&order) else { continue };
            // Two obligations of one command may name the same order: it ends once.
            let ended = |change: &Change| match change {
                Change::Order(change) => matches!(change.as_ref(), OrderChange::Advanced(step) if step.order == order),
                _ => false,
            };
            if self.changes.iter().any(ended) {
                continue;
            }
            let mut closed = true;
            for promise in &known.meets {
                closed &= self.get(&promise.obligation)?.is_closed();
            }
            if closed {
                let state = known.state;
                self.step(acting, order, state, OrderState::Cancelled, Some("ground_lapsed".to_owned()), vec![]);
            }
        }
        Ok(())
    }

    /// An opening whose obligation the rest of the command goes on with.
    pub(super) fn opened(&mut self, opened: Opened) {
        self.carry(opened.obligation.clone());
        self.changes.push(Change::Opened(Box::new(opened)));
    }
}
