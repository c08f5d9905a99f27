//! What a day that is just being run will open or correct in the ledger, as if it had been.

use super::then::Then;
use crate::city::AppError;
use crate::ledger::{Desk, placements};
use crate::projection::ledger::read;
use levee_ledger::catalogue::DueFrom;
use levee_ledger::{Command, NewObligation, Obligation, Split, State};
use levee_picture::Picture;

/// Obligations as they will stand.
pub(super) fn pending(on: &Then<'_>, desk: &Desk, picture: &Picture) -> Result<Vec<Obligation>, AppError> {
    let ends = |day| desk.calendar.end_of(day);
    let (commands, _) = placements::commands(on, desk, picture, uuid::Uuid::nil(), &ends)?;
    let mut all = Vec::new();
    for command in commands {
        let Command::Open(new) = command else { continue };
        let known = match &new.ground {
            Some(ground) => read::on_ground(on, &new.kind, &new.path, ground)?,
            None => None,
        };
        match known {
            Some(known) => all.push(corrected(known, new.units)),
            None => all.extend(fresh(desk, &new)),
        }
    }
    Ok(all)
}

/// An obligation whose ground now says another number: what more is opened, what less is owed no more.
fn corrected(mut known: Obligation, units: u64) -> Obligation {
    let before = known.standing_units();
    if let Some(grown) = units.checked_sub(before).and_then(|more| known.split.grown(more)) {
        known.split = grown;
    }
    let mut less = before.saturating_sub(units);
    for state in [State::Opened, State::Assigned, State::InProgress] {
        let here = less.min(known.split.of(state));
        if let Some(moved) = known.split.moved(state, State::Voided, here) {
            known.split = moved;
            less -= here;
        }
    }
    known
}

fn fresh(desk: &Desk, new: &NewObligation) -> Option<Obligation> {
    let kind = desk.catalogue.kind(&new.kind)?;
    let due = match (new.due, kind.due) {
        (Some(due), _) => due,
        (None, DueFrom::Rule(minutes)) => {
            new.opened_at.checked_add(jiff::SignedDuration::from_mins(i64::from(minutes))).ok()?
        }
        (None, _) => return None,
    };
    Some(Obligation {
        id: new.id,
        kind: new.kind.clone(),
        path: new.path.clone(),
        subject: new.subject.clone(),
        ground: new.ground.clone(),
        opened_at: new.opened_at,
        due,
        section: kind.owner.section.parse().ok()?,
        priority: kind.priority,
        never_expires: kind.class.never_expires(),
        life_saving: kind.life_saving,
        synthetic: new.synthetic,
        fields: new.fields.clone(),
        split: Split::opened(new.units),
        owner: new.owner.clone(),
        posted: desk.calendar.civil(new.opened_at).date(),
        arrears: None,
        orders: vec![],
        version: 1,
    })
}
