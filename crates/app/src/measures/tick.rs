//! What time alone brings to restrictions, written down. It only ever loosens, and whether a restriction binds never waits for it.

use super::follow::Writer;
use crate::city::{AppError, City};
use crate::event::Mode;
use crate::ledger::Desk;
use crate::projection::measures::{measures, state};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_measures::{Acting, Change, Command};
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use uuid::Uuid;

/// Writes down what time has brought when a day is run: by now, in a replay by the end of that day.
pub fn tick_of_day(city: &mut City<'_>, before: CommandId, day: Date) -> Result<Vec<Change>, AppError> {
    // Most cities and days have none.
    if measures(&*city.journal)?.is_empty() {
        return Ok(vec![]);
    }
    let desk = Desk::load(city.journal)?;
    let at = match desk.mode {
        Mode::Live => None,
        Mode::Replay => desk.calendar.end_of(day),
    };
    let times = desk.times(city.clock.now(), at)?;
    tick(city, &desk, before, times)
}

/// Levee's own envelope, named from the command before which it acts: the same command ticks once.
fn own(before: CommandId) -> Envelope {
    let mut hasher = blake3::Hasher::new_derive_key("levee 2026 tick of restrictions v1");
    hasher.update(before.uuid().as_bytes());
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    Envelope {
        command_id: CommandId::new(uuid::Builder::from_custom_bytes(bytes).into_uuid()),
        actor: Actor::System,
        on_behalf_of: None,
        channel: Channel::System,
        assurance: Assurance::Authenticated,
    }
}

/// Writes down what time has brought by a moment; nothing is written when it brought nothing.
pub fn tick(
    city: &mut City<'_>,
    desk: &Desk,
    before: CommandId,
    (occurred, known_at): (Timestamp, Timestamp),
) -> Result<Vec<Change>, AppError> {
    let due = |on: &dyn crate::journal::Read| -> Result<Vec<Change>, AppError> {
        let state = state(on)?;
        state.decide(&Acting { now: occurred, actor: None }, Command::Tick).map_err(super::office::refused)
    };
    if due(&*city.journal)?.is_empty() {
        return Ok(vec![]);
    }
    let envelope = own(before);
    let (now, command): (Timestamp, Uuid) = (city.clock.now(), envelope.command_id.uuid());
    let mut changes = Vec::new();
    crate::commit::carry_out(city.journal, &envelope, now, &mut |tx| {
        changes = due(&*tx)?;
        let mut writer = Writer { desk, command, times: (occurred, known_at), opened: 0, closed: 0 };
        writer.changes(tx, &changes, None)
    })?;
    Ok(changes)
}
