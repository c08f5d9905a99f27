//! Whether a change that somebody wants to write down can have been decided: it can follow, two are two, and the gate gives the pass
//! that it rests on for the facts that come with it.
//!
//! A store asks this in every commit, so that no pass can be forged: what is read back from a record, or made by hand, gets in
//! only when the gate makes the same one again.

use crate::change::Change;
use crate::decide::Measures;
use crate::gate::{self, AtGate, Basis, GateFacts};
use crate::measure::{Measure, MeasureId, Phase, PhaseName};
use crate::terms::{Assessment, Terms};
use crate::{OVERRIDE_HOURS, after};

/// Why a change cannot have been decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// No such restriction, or one too many.
    #[error("{0} is not there, or is there already")]
    Unknown(MeasureId),
    /// Not from where it stands.
    #[error("{id} cannot become {to} from {from}")]
    Step {
        /// Which.
        id: MeasureId,
        /// Where it stands.
        from: PhaseName,
        /// Where it would go.
        to: PhaseName,
    },
    /// The gate does not give this pass for these facts.
    #[error("{id} rests on a pass that the gate does not give: {why}")]
    Pass {
        /// Which.
        id: MeasureId,
        /// Why not.
        why: String,
    },
    /// One person where two are needed, or somebody in their own case.
    #[error("{id}: {why}")]
    People {
        /// Which.
        id: MeasureId,
        /// What is wrong.
        why: &'static str,
    },
    /// It is over at another moment than its own.
    #[error("{0} is over at its end and at no other moment")]
    End(MeasureId),
}

impl Measures {
    /// Whether a change can have been decided on what stands here, with the facts on which its gate ran.
    pub fn proves(&self, change: &Change, facts: Option<&GateFacts>) -> Result<(), Unproven> {
        let Some(id) = change.measure() else {
            return match change {
                Change::Observed(observed) if self.measure(&observed.id).is_some() => {
                    Err(Unproven::Unknown(observed.id))
                }
                _ => Ok(()),
            };
        };
        let known = self.measure(&id);
        if let Change::Proposed { .. } = change {
            return if known.is_some() { Err(Unproven::Unknown(id)) } else { Ok(()) };
        }
        let measure = known.ok_or(Unproven::Unknown(id))?;
        let to = match change {
            Change::Assessed { .. } => Some(PhaseName::Assessed),
            Change::Gated { .. } => Some(PhaseName::Gated),
            Change::Activated { .. } => Some(PhaseName::Live),
            Change::Suspended { .. } => Some(PhaseName::Suspended),
            Change::Ended { .. } => Some(PhaseName::Ended),
            Change::Lapsed { .. } => Some(PhaseName::Lapsed),
            _ => None,
        };
        let from = measure.phase.name();
        if let Some(to) = to
            && !from.may_become(to)
            && (from, to) != (PhaseName::Assessed, PhaseName::Assessed)
        {
            return Err(Unproven::Step { id, from, to });
        }
        let same = Unproven::People { id, why: "two different people put it in force" };
        match change {
            Change::Lapsed { at, .. } if *at != measure.terms.end => Err(Unproven::End(id)),
            Change::Gated { basis, .. } => {
                let used = matches!(**basis, Basis::Overridden(_)) && measure.override_used;
                if used {
                    return Err(Unproven::Pass { id, why: "its one override was used".to_owned() });
                }
                self.gives(measure, &measure.terms, measure.assessment.as_ref(), change, facts)
            }
            Change::Activated { by: [first, second], .. } | Change::Renewed { by: [first, second], .. }
                if first == second =>
            {
                Err(same)
            }
            Change::Activated { basis, .. } => {
                // An override goes live as it was gated; from a suspension only the whole gate leads back.
                let as_gated = match (&**basis, &measure.phase) {
                    (Basis::Overridden(pass), Phase::Gated(Basis::Overridden(before))) => {
                        pass.until() == before.until() && pass.by() == before.by() && pass.interim() == before.interim()
                    }
                    (Basis::Overridden(_), _) => false,
                    (Basis::Gated(_), _) => true,
                };
                if !as_gated {
                    return Err(Unproven::Pass { id, why: "its override is not the one that was gated".to_owned() });
                }
                self.gives(measure, &measure.terms, measure.assessment.as_ref(), change, facts)
            }
            Change::Completed { basis, .. } => {
                let whole = matches!(**basis, Basis::Gated(_)) && from == PhaseName::Live;
                if !whole {
                    return Err(Unproven::Step { id, from, to: PhaseName::Live });
                }
                self.gives(measure, &measure.terms, measure.assessment.as_ref(), change, facts)
            }
            Change::Renewed { end, review, assessment, basis, .. } => {
                if from != PhaseName::Live || *end <= measure.terms.end || !matches!(**basis, Basis::Gated(_)) {
                    return Err(Unproven::Step { id, from, to: PhaseName::Live });
                }
                let terms = Terms { end: *end, review: *review, ..measure.terms.clone() };
                self.gives(measure, &terms, Some(assessment), change, facts)
            }
            Change::AppealDecided { decided, .. } => {
                let own = measure.terms.decider == decided.by || measure.activated_by.contains(&decided.by);
                if own { Err(Unproven::People { id, why: "somebody decides their own case" }) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }

    /// Runs the gate again over the facts, at the moment of the pass.
    fn gives(
        &self,
        measure: &Measure,
        terms: &Terms,
        assessment: Option<&Assessment>,
        change: &Change,
        facts: Option<&GateFacts>,
    ) -> Result<(), Unproven> {
        let id = measure.id;
        let unproven = |why: String| Err(Unproven::Pass { id, why });
        let (Some(basis), Some(facts)) = (change.basis(), facts) else {
            return unproven("the facts that it rests on are not there".to_owned());
        };
        let ways = match change {
            Change::Gated { ways, .. }
            | Change::Activated { ways, .. }
            | Change::Completed { ways, .. }
            | Change::Renewed { ways, .. } => ways,
            _ => return Ok(()),
        };
        if *ways != facts.ways {
            return unproven("its ways out are not those that the gate saw".to_owned());
        }
        if matches!(change, Change::Activated { at, .. } if *at != basis.at()) {
            return unproven("the gate ran at another moment".to_owned());
        }
        let elsewhere = self.promises();
        let at = AtGate { id, terms, assessment, elsewhere: &elsewhere, now: basis.at() };
        let again = match basis {
            Basis::Gated(_) => gate::run(&at, facts).map(Basis::Gated),
            Basis::Overridden(pass) => {
                let [first, second] = pass.by();
                if first == second
                    || pass.interim().is_empty()
                    || pass.until() > after(pass_start(measure, basis), OVERRIDE_HOURS)
                {
                    return unproven(
                        "an override is by two people, puts something off, and lasts 24 h at most".to_owned(),
                    );
                }
                gate::run_overridden(&at, facts, pass.until(), pass.by().clone(), pass.interim()).map(Basis::Overridden)
            }
        };
        match again {
            Ok(again) if again == *basis => Ok(()),
            Ok(_) => unproven("for these facts it gives another one".to_owned()),
            Err(lacks) => unproven(lacks.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")),
        }
    }
}

/// When the override of a basis began: when it was first gated.
fn pass_start(measure: &Measure, basis: &Basis) -> jiff::Timestamp {
    match &measure.phase {
        Phase::Gated(gated) => gated.at(),
        _ => basis.at(),
    }
}
