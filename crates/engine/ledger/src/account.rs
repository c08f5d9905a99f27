//! The two sides of the books: what flowed on a day, and where units stand now. Law 2 holds one against the other.

use crate::obligation::State;
use serde::{Deserialize, Serialize};

/// Which side of the equation an entry moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// Newly owed.
    Opened,
    /// Came from another account.
    TransferredIn,
    /// Recorded as closed before, and owed after all.
    Corrected,
    /// Done.
    Met,
    /// Excused.
    Waived,
    /// Failed.
    Expired,
    /// Opened in error.
    Voided,
    /// Went to another account.
    TransferredOut,
}

impl Flow {
    /// All flows, those that come in first.
    pub const ALL: [Self; 8] = [
        Self::Opened,
        Self::TransferredIn,
        Self::Corrected,
        Self::Met,
        Self::Waived,
        Self::Expired,
        Self::Voided,
        Self::TransferredOut,
    ];
    /// Whether it adds to what is owed.
    pub fn comes_in(self) -> bool {
        matches!(self, Self::Opened | Self::TransferredIn | Self::Corrected)
    }
    /// The flow that a change of state posts; none when the unit stays owed, or is named within its account.
    pub fn of(from: State, to: State) -> Option<Self> {
        match (from.is_owed(), to) {
            (false, _) => Some(Self::Corrected),
            (true, State::Met) => Some(Self::Met),
            (true, State::Waived) => Some(Self::Waived),
            (true, State::Expired) => Some(Self::Expired),
            (true, State::Voided) => Some(Self::Voided),
            (true, State::Transferred) => Some(Self::TransferredOut),
            (true, State::Opened | State::Assigned | State::InProgress | State::Named) => None,
        }
    }
}

/// Units that flowed in one account (of one kind and area) on one day, or in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flows([u64; 8]);

impl Flows {
    /// Units of a flow.
    pub fn of(&self, flow: Flow) -> u64 {
        self.0.get(flow as usize).copied().unwrap_or(0)
    }
    /// Posts units.
    pub fn post(&mut self, flow: Flow, units: u64) {
        if let Some(side) = self.0.get_mut(flow as usize) {
            *side = side.saturating_add(units);
        }
    }
    /// Adds all of another.
    pub fn add(&mut self, other: &Self) {
        for flow in Flow::ALL {
            self.post(flow, other.of(flow));
        }
    }
    /// All that came in.
    pub fn incoming(&self) -> u64 {
        Flow::ALL.iter().filter(|flow| flow.comes_in()).fold(0, |sum: u64, flow| sum.saturating_add(self.of(*flow)))
    }
    /// All that went out.
    pub fn outgoing(&self) -> u64 {
        Flow::ALL.iter().filter(|flow| !flow.comes_in()).fold(0, |sum: u64, flow| sum.saturating_add(self.of(*flow)))
    }
    /// What the flows leave owed; negative when more went out than came in.
    pub fn net(&self) -> i128 {
        i128::from(self.incoming()) - i128::from(self.outgoing())
    }
    /// The numbers, in the order of [`Flow::ALL`].
    pub fn to_array(self) -> [u64; 8] {
        self.0
    }
    /// From the numbers, in the order of [`Flow::ALL`].
    pub fn from_array(units: [u64; 8]) -> Self {
        Self(units)
    }
}

/// Where the units of one account stand now, and all that ever flowed in it. Kept apart, so that one checks the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Owed and nobody is on it.
    pub opened: u64,
    /// Given to somebody.
    pub assigned: u64,
    /// Being done.
    pub in_progress: u64,
    /// Of those owed, how many are named.
    pub named: u64,
    /// All that ever flowed.
    pub flows: Flows,
}

/// Law 2 would not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// More units leave a state than are in it.
    #[error("more units would leave `{state:?}` than are in it")]
    Below {
        /// The state.
        state: State,
    },
    /// The two sides differ.
    #[error("{owed} are owed by state, but {by_flows} by what came in and went out")]
    Sides {
        /// Units by state.
        owed: u64,
        /// Units by flows.
        by_flows: i128,
    },
    /// The state machine has no such transition.
    #[error("a unit cannot go from `{from:?}` to `{to:?}`")]
    Transition {
        /// From.
        from: State,
        /// To.
        to: State,
    },
}

impl Balance {
    /// Units still owed, by state.
    pub fn owed(&self) -> u64 {
        self.opened.saturating_add(self.assigned).saturating_add(self.in_progress)
    }

    fn side(&mut self, state: State) -> Option<&mut u64> {
        match state {
            State::Opened => Some(&mut self.opened),
            State::Assigned => Some(&mut self.assigned),
            State::InProgress => Some(&mut self.in_progress),
            _ => None,
        }
    }

    /// Units come in.
    pub fn open(&mut self, flow: Flow, units: u64, named: bool) {
        self.opened = self.opened.saturating_add(units);
        if named {
            self.named = self.named.saturating_add(units);
        }
        self.flows.post(flow, units);
    }

    /// Units of the account become named: the sum stays.
    pub fn name(&mut self, units: u64) {
        self.opened = self.opened.saturating_add(units);
        self.named = self.named.saturating_add(units);
    }

    /// Units leave to be named: they come back by [`Balance::name`] in the same command.
    pub fn leave_to_be_named(&mut self, from: State, units: u64) -> Result<(), Broken> {
        let side = self.side(from).ok_or(Broken::Transition { from, to: State::Named })?;
        *side = side.checked_sub(units).ok_or(Broken::Below { state: from })?;
        Ok(())
    }

    /// Units go from state to state.
    pub fn shift(&mut self, from: State, to: State, units: u64, named: bool) -> Result<(), Broken> {
        if !from.may_become(to) {
            return Err(Broken::Transition { from, to });
        }
        if let Some(side) = self.side(from) {
            *side = side.checked_sub(units).ok_or(Broken::Below { state: from })?;
        }
        if let Some(side) = self.side(to) {
            *side = side.saturating_add(units);
        }
        if named {
            self.named = match (from.is_owed(), to.is_owed()) {
                (true, false) => self.named.checked_sub(units).ok_or(Broken::Below { state: from })?,
                (false, true) => self.named.saturating_add(units),
                _ => self.named,
            };
        }
        if let Some(flow) = Flow::of(from, to) {
            self.flows.post(flow, units);
        }
        Ok(())
    }

    /// Law 2 for the account as a whole: what is owed by state is what its flows leave.
    pub fn check(&self) -> Result<(), Broken> {
        let (owed, by_flows) = (self.owed(), self.flows.net());
        if i128::from(owed) == by_flows { Ok(()) } else { Err(Broken::Sides { owed, by_flows }) }
    }
}
