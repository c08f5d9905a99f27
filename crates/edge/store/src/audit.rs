//! Verification, the same for every store: the chains over the stored bytes, and the projections made again.

use crate::record::{Fields, NO_HASH};
use levee_app::event::{Event, NewEvent, Position, StreamName};
use levee_app::journal::{Fault, JournalError, Projections, Read, Space, Verification};
use levee_app::projection;
use levee_app::seal;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Faults beyond this many are counted by nobody: a journal with a thousand faults is restored, not mended.
const MOST_FAULTS: usize = 1000;

/// Reads a journal from its first event to its last and notes what does not hold.
#[derive(Default)]
pub(crate) struct Audit {
    found: Verification,
    heads: BTreeMap<Vec<u8>, (u64, Vec<u8>)>,
    last_position: u64,
    last_recorded: i64,
    command: Option<Commanded>,
    /// Whether a batch was opened since what must hold at a commit was last seen to hold: only then can it fail.
    batch_opened: bool,
}

/// The events of one command as the journal has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Commanded {
    pub(crate) id: Vec<u8>,
    pub(crate) first: u64,
    pub(crate) last: u64,
}

impl Audit {
    pub(crate) fn fault(&mut self, fault: Fault) {
        match self.found.faults.len() {
            0..MOST_FAULTS => self.found.faults.push(fault),
            MOST_FAULTS => self.found.faults.push(Fault::Stored {
                place: "journal".to_owned(),
                why: format!("it has more than {MOST_FAULTS} faults; the others are not listed"),
            }),
            _ => {}
        }
    }

    /// An event that could not even be taken from the store.
    pub(crate) fn unreadable(&mut self, position: u64, why: String) {
        self.found.events += 1;
        if position != self.last_position + 1 {
            self.fault(Fault::Gap { position });
        }
        self.last_position = position;
        self.fault(Fault::Unreadable { position, why });
    }

    /// What was found first.
    pub(crate) fn first_fault(&self) -> Option<&Fault> {
        self.found.faults.first()
    }

    /// Every chain so far: its name, length and last hash.
    pub(crate) fn chains(&self) -> impl Iterator<Item = (&[u8], u64, &[u8])> {
        self.heads.iter().map(|(name, (sequence, hash))| (name.as_slice(), *sequence, hash.as_slice()))
    }

    /// The next event in the order of positions. Returns the command before it, when that one has ended.
    pub(crate) fn event(
        &mut self,
        fields: &Fields<'_>,
        hash: &[u8],
        onto: &mut dyn Projections,
    ) -> Result<Option<Commanded>, JournalError> {
        self.event_seen(fields, hash, onto, &mut |_| {})
    }

    /// [`Self::event`], showing the event to `seen` when it can be read.
    pub(crate) fn event_seen(
        &mut self,
        fields: &Fields<'_>,
        hash: &[u8],
        onto: &mut dyn Projections,
        seen: &mut dyn FnMut(&Event),
    ) -> Result<Option<Commanded>, JournalError> {
        self.found.events += 1;
        let position = fields.position;
        if position != self.last_position.saturating_add(1) {
            self.fault(Fault::Gap { position });
        }
        self.last_position = position;
        if fields.recorded_at < self.last_recorded {
            self.fault(Fault::Time { position });
        }
        self.last_recorded = self.last_recorded.max(fields.recorded_at);
        let read = fields.read();
        if let Ok(stored) = &read {
            self.seal(position, &stored.event);
        }
        self.chain(fields, hash);
        let ended = match &mut self.command {
            Some(command) if command.id == fields.command => {
                command.last = position;
                None
            }
            other => other.replace(Commanded { id: fields.command.to_vec(), first: position, last: position }),
        };
        if ended.is_some() {
            self.commit_ended(&*onto)?;
        }
        match read {
            Err(error) => self.fault(Fault::Unreadable { position, why: error.to_string() }),
            Ok(stored) => {
                seen(&stored.event);
                self.batch_opened |= matches!(stored.event, Event::BatchOpened(_));
                let (stream, occurred, known_at) = (stored.stream, stored.occurred, stored.known_at);
                let new = NewEvent { stream, occurred, known_at, event: stored.event };
                self.law(projection::project(onto, Position(position), &new))?;
            }
        }
        Ok(ended)
    }

    fn chain(&mut self, fields: &Fields<'_>, hash: &[u8]) {
        let (sequence, previous) = match self.heads.get(fields.stream) {
            Some((sequence, hash)) => (*sequence, hash.as_slice()),
            None => (0, NO_HASH.as_slice()),
        };
        let (fits, gap) = (fields.hash(previous) == hash, fields.sequence != sequence + 1);
        if gap {
            self.fault(Fault::Gap { position: fields.position });
        }
        if !fits {
            self.fault(Fault::Chain {
                position: fields.position,
                stream: String::from_utf8_lossy(fields.stream).into_owned(),
                sequence: fields.sequence,
            });
        }
        // The chain goes on from what is stored, so that one changed event is named and not all that follow it.
        self.heads.insert(fields.stream.to_vec(), (fields.sequence, hash.to_vec()));
    }

    fn commit_ended(&mut self, onto: &dyn Read) -> Result<(), JournalError> {
        if !self.batch_opened {
            return Ok(());
        }
        let held = projection::at_commit(onto);
        self.batch_opened = held.is_err();
        self.law(held)
    }

    /// The root that a seal names must be that of the chains as they stood right before it: so a byte changed in any event
    /// before a seal is found by the seal as well as by its chain.
    fn seal(&mut self, position: u64, event: &Event) {
        let Event::DaySealed(sealed) = event else { return };
        let heads: Vec<seal::Head> = self
            .heads
            .iter()
            .filter_map(|(name, (sequence, hash))| {
                let name: StreamName = std::str::from_utf8(name).ok()?.parse().ok()?;
                Some((name, *sequence, hash.as_slice().try_into().ok()?))
            })
            .collect();
        if seal::root(&heads) != sealed.root || seal::hash(sealed) != sealed.seal {
            self.fault(Fault::Seal { position, scope: sealed.scope.clone(), day: sealed.day });
        }
    }

    /// Turns a broken law into a fault; other errors end the verification.
    fn law(&mut self, done: Result<(), JournalError>) -> Result<(), JournalError> {
        match done {
            Err(JournalError::Law(law)) => {
                self.fault(Fault::Law(law));
                Ok(())
            }
            other => other,
        }
    }

    /// After the last event: the last command, which has ended too.
    pub(crate) fn ended(&mut self, onto: &dyn Read) -> Result<Option<Commanded>, JournalError> {
        self.law(projection::at_commit(onto))?;
        Ok(self.command.take())
    }

    /// Compares the stored heads with those of the chains.
    pub(crate) fn heads(&mut self, stored: impl Iterator<Item = (Vec<u8>, u64, Vec<u8>)>) {
        let mut found = std::mem::take(&mut self.heads);
        self.found.streams = found.len() as u64;
        for (name, sequence, hash) in stored {
            if found.remove(&name) != Some((sequence, hash)) {
                self.fault(Fault::Head { stream: String::from_utf8_lossy(&name).into_owned() });
            }
        }
        for name in found.into_keys() {
            self.fault(Fault::Head { stream: String::from_utf8_lossy(&name).into_owned() });
        }
    }

    /// Compares kept projections with rebuilt ones; both come in the order of space and key.
    pub(crate) fn compare(
        &mut self,
        mut kept: impl FnMut() -> Result<Option<ProjectionRow>, JournalError>,
        mut rebuilt: impl FnMut() -> Result<Option<ProjectionRow>, JournalError>,
    ) -> Result<(), JournalError> {
        let (mut left, mut right) = (kept()?, rebuilt()?);
        loop {
            let order = match (&left, &right) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(left), Some(right)) => (left.space, &left.key).cmp(&(right.space, &right.key)),
            };
            let differs =
                order != Ordering::Equal || left.as_ref().map(|row| &row.value) != right.as_ref().map(|row| &row.value);
            self.found.rows += 1;
            if differs && let Some(row) = if order == Ordering::Greater { &right } else { &left } {
                self.differing(row);
            }
            if order != Ordering::Greater {
                left = kept()?;
            }
            if order != Ordering::Less {
                right = rebuilt()?;
            }
        }
    }

    fn differing(&mut self, row: &ProjectionRow) {
        let key = row.key.escape_ascii().to_string();
        match Space::ALL.into_iter().find(|space| i64::from(*space as u8) == row.space) {
            Some(space) => self.fault(Fault::Projection { space, key }),
            None => self.fault(Fault::Stored {
                place: format!("projection row {key}"),
                why: format!("it lies in space {}, which there is not", row.space),
            }),
        }
    }

    pub(crate) fn finish(self) -> Verification {
        self.found
    }
}

/// A row of the projections, of any space, known or not.
pub(crate) struct ProjectionRow {
    pub(crate) space: i64,
    pub(crate) key: Vec<u8>,
    pub(crate) value: Vec<u8>,
}
