//! The copy itself: verified while it runs, and compared with its source before it is kept.

use super::{RawCommand, RawEvent, RawImport, RawRead, RawView, RawWrite};
use crate::audit::{Audit, Commanded};
use jiff::Timestamp;
use levee_app::event::{Event, Position};
use levee_app::journal::{Fault, JournalError, Read, Space};
use std::ops::ControlFlow;

/// Above every key of a projection: keys begin with a name or an id, never with so many bytes 255.
const ABOVE_ALL_KEYS: [u8; 256] = [0xff; 256];

/// What a copy carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Events.
    pub events: u64,
    /// Receipts.
    pub commands: u64,
    /// Chains.
    pub streams: u64,
    /// The last position.
    pub last: Position,
    /// The position that was asked for, when it lay within a command or behind the end: the copy then ends at `last`.
    pub asked: Option<Position>,
    /// Projections that the source kept otherwise than its events say. The copy has them as the events say.
    /// Looked for only when the whole journal is copied.
    pub mended: Vec<Space>,
}

/// Why a journal was not copied. The target is as it was.
#[derive(Debug, thiserror::Error)]
pub enum CopyFault {
    /// The target has something already.
    #[error("it is not empty; a journal is copied into a new one")]
    NotEmpty,
    /// The source does not hold together.
    #[error("it was changed or damaged, so it was not copied; `levee journal verify` lists all that is wrong")]
    Source(#[source] Fault),
    /// The source cannot be read as far as its events say.
    #[error("it ends at position {found}, though it said {expected}; it was not copied")]
    Short {
        /// The last position that it gave.
        found: u64,
        /// The last position that it named.
        expected: u64,
    },
}

fn fault(place: &str, fault: CopyFault) -> JournalError {
    JournalError::Store { place: place.to_owned(), source: Box::new(fault) }
}

/// Copies a journal into an empty store: everything, or up to a position.
///
/// The chains over the stored bytes, the order of positions and times, the receipts and the laws are checked on the
/// way. A position within a command goes back to the end of the command before it, for a command is whole or not there;
/// [`Copied::asked`] says so.
pub fn copy(from: &dyn RawRead, to: &mut dyn RawWrite, upto: Option<Position>) -> Result<Copied, JournalError> {
    copy_seeing(from, to, upto, &mut |_, _| {})
}

/// [`copy()`], showing every event and its position to `seen` on the way.
pub fn copy_seeing(
    from: &dyn RawRead,
    to: &mut dyn RawWrite,
    upto: Option<Position>,
    seen: &mut dyn FnMut(&RawEvent, &Event),
) -> Result<Copied, JournalError> {
    let mut copied = None;
    from.snapshot(&mut |view| {
        let last = view.raw_last()?;
        let cut = end_of_command(view, upto.map_or(last, |upto| upto.min(last)))?;
        to.raw_import(&mut |into| {
            let mut done = carry(view, into, cut, cut == last, seen)?;
            done.asked = upto.filter(|asked| *asked != cut);
            copied = Some(done);
            Ok(())
        })
    })?;
    // A store that ran neither closure and said nothing has copied nothing.
    copied.ok_or_else(|| fault("the journal", CopyFault::Short { found: 0, expected: 0 }))
}

/// The last position whose event was recorded at `moment` or before, and whose command is whole; 0 when there is none.
///
/// Times of record never run backwards, so about 25 events of a journal of any length are looked at.
pub fn position_at(from: &dyn RawRead, moment: Timestamp) -> Result<Position, JournalError> {
    let mut found = Position(0);
    from.snapshot(&mut |view| {
        let (mut below, mut above) = (0, view.raw_last()?.0 + 1);
        while below + 1 < above {
            let middle = below + (above - below) / 2;
            let event = event_at(view, middle)?;
            // Compared as it is stored, in whole microseconds.
            if event.recorded_at <= moment.as_microsecond() { below = middle } else { above = middle }
        }
        found = end_of_command(view, Position(below))?;
        Ok(())
    })?;
    Ok(found)
}

fn event_at(view: &dyn RawView, position: u64) -> Result<RawEvent, JournalError> {
    let mut found = None;
    view.raw_events(Position(position.saturating_sub(1)), Position(position), &mut |event| {
        found = Some(event);
        ControlFlow::Break(())
    })?;
    found.ok_or_else(|| fault(view.place(), CopyFault::Source(Fault::Gap { position })))
}

/// The end of the last command that is whole at `upto`.
fn end_of_command(view: &dyn RawView, upto: Position) -> Result<Position, JournalError> {
    if upto.0 == 0 || upto >= view.raw_last()? {
        return Ok(upto);
    }
    let command = event_at(view, upto.0)?.command_id;
    if event_at(view, upto.0 + 1)?.command_id != command {
        return Ok(upto);
    }
    let mut first = None;
    view.raw_commands(&mut |receipt| {
        if receipt.command_id != command {
            return ControlFlow::Continue(());
        }
        first = Some(receipt.first);
        ControlFlow::Break(())
    })?;
    let lost = || {
        let place = format!("the receipt of the command of event {}", upto.0);
        fault(view.place(), CopyFault::Source(Fault::Stored { place, why: "it is missing".to_owned() }))
    };
    first.map(|first| Position(first.saturating_sub(1))).filter(|cut| *cut < upto).ok_or_else(lost)
}

fn carry(
    view: &dyn RawView,
    into: &mut dyn RawImport,
    cut: Position,
    whole: bool,
    seen: &mut dyn FnMut(&RawEvent, &Event),
) -> Result<Copied, JournalError> {
    let changed = |fault_: Fault| fault(view.place(), CopyFault::Source(fault_));
    let mut audit = Audit::default();
    let mut receipts = Receipts::default();
    let mut last = 0;
    let mut failed = None;
    view.raw_events(Position(0), cut, &mut |event| {
        last = event.position;
        match one(&mut audit, into, &event, seen) {
            Ok(None) => ControlFlow::Continue(()),
            Ok(Some(ended)) => {
                receipts.made(&ended);
                ControlFlow::Continue(())
            }
            Err(Stop::Source(fault)) => {
                failed = Some(changed(fault));
                ControlFlow::Break(())
            }
            Err(Stop::Failed(error)) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    if last != cut.0 {
        return Err(fault(view.place(), CopyFault::Short { found: last, expected: cut.0 }));
    }
    if let Some(ended) = audit.ended(&*into)? {
        receipts.made(&ended);
    }
    let mut copied =
        Copied { events: last, commands: 0, streams: 0, last: Position(last), asked: None, mended: Vec::new() };
    for (name, sequence, hash) in audit.chains() {
        let (Ok(name), Ok(hash)) = (std::str::from_utf8(name), hash.try_into()) else { continue };
        into.raw_head(name, sequence, hash)?;
        copied.streams += 1;
    }
    copied.commands = commands(view, into, (cut, whole), &mut receipts)?;
    if let Some(fault) = receipts.fault() {
        return Err(changed(fault));
    }
    if whole {
        audit.heads(
            view.raw_heads()?.into_iter().map(|(name, sequence, hash)| (name.into_bytes(), sequence, hash.to_vec())),
        );
        for space in Space::ALL {
            if digest(view, space)? != digest(&*into, space)? {
                copied.mended.push(space);
            }
        }
    }
    match audit.finish().faults.into_iter().next() {
        Some(fault) => Err(changed(fault)),
        None => Ok(copied),
    }
}

enum Stop {
    Source(Fault),
    Failed(JournalError),
}

/// Takes one event over; gives the command before it, when that one has ended.
fn one(
    audit: &mut Audit,
    into: &mut dyn RawImport,
    event: &RawEvent,
    seen: &mut dyn FnMut(&RawEvent, &Event),
) -> Result<Option<Commanded>, Stop> {
    let ended = audit.event_seen(&event.fields(), &event.hash, into, &mut |read| seen(event, read));
    let ended = ended.map_err(Stop::Failed)?;
    // One fault is enough: what does not hold together is not carried further.
    if let Some(fault) = audit.first_fault() {
        return Err(Stop::Source(fault.clone()));
    }
    into.raw_event(event).map_err(Stop::Failed)?;
    Ok(ended)
}

fn commands(
    view: &dyn RawView,
    into: &mut dyn RawImport,
    (cut, whole): (Position, bool),
    receipts: &mut Receipts,
) -> Result<u64, JournalError> {
    let (mut count, mut failed) = (0, None);
    view.raw_commands(&mut |command| {
        // Of a whole journal none may lie behind the end; it is counted, and then does not fit.
        if command.last > cut.0 && !whole {
            return ControlFlow::Continue(());
        }
        count += 1;
        receipts.kept(&command);
        match into.raw_command(command) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    failed.map_or(Ok(count), Err)
}

/// Compares the receipts that the events ask for with those that are kept, in any order and in no memory: each is
/// hashed, and the hashes are added up.
#[derive(Default)]
struct Receipts {
    made: (u64, u128),
    kept: (u64, u128),
}

impl Receipts {
    fn add(to: &mut (u64, u128), id: &[u8], first: u64, last: u64) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&first.to_le_bytes()).update(&last.to_le_bytes()).update(id);
        let mut half = [0; 16];
        hasher.finalize_xof().fill(&mut half);
        *to = (to.0 + 1, to.1.wrapping_add(u128::from_le_bytes(half)));
    }

    fn made(&mut self, ended: &Commanded) {
        Self::add(&mut self.made, &ended.id, ended.first, ended.last);
    }

    fn kept(&mut self, receipt: &RawCommand) {
        // No event tells of a command that had none.
        if receipt.first <= receipt.last {
            Self::add(&mut self.kept, &receipt.command_id, receipt.first, receipt.last);
        }
    }

    fn fault(&self) -> Option<Fault> {
        (self.made != self.kept).then(|| Fault::Stored {
            place: "receipts".to_owned(),
            why: format!(
                "{} are kept and the events are of {} commands, or they name other events",
                self.kept.0, self.made.0
            ),
        })
    }
}

/// All rows of a space in one number.
fn digest(of: &(impl Read + ?Sized), space: Space) -> Result<[u8; 32], JournalError> {
    let mut hasher = blake3::Hasher::new();
    of.scan(space, &[], &ABOVE_ALL_KEYS, &mut |(key, value)| {
        hasher.update(&(key.len() as u64).to_le_bytes()).update(key);
        hasher.update(&(value.len() as u64).to_le_bytes()).update(value);
        ControlFlow::Continue(())
    })?;
    Ok(*hasher.finalize().as_bytes())
}
