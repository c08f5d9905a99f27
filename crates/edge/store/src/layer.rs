//! Writes to projections that wait in memory, sorted, above what a store has.
//!
//! Keys that a commit writes again and again (a batch's record, a balance) reach the store once, and a bulk of rows
//! reaches its tree in key order. Reads and scans see the layer first. A command that is refused drops its layer.

use levee_app::journal::{EachRow, JournalError, Space};
use std::collections::BTreeMap;
use std::ops::Bound;

/// Bytes that a waiting entry takes beside its key and value: a rough count of map nodes and two heap blocks.
const ENTRY_BYTES: usize = 96;

/// The entries of a space; `None` = to be removed.
pub(crate) type Entries = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// Writes that wait.
#[derive(Default)]
pub(crate) struct Layer {
    bytes: usize,
    spaces: BTreeMap<u8, Entries>,
}

impl Layer {
    /// What it takes in memory, about.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// What waits under a key; the outer `None` when nothing does.
    pub(crate) fn get(&self, space: Space, key: &[u8]) -> Option<&Option<Vec<u8>>> {
        self.spaces.get(&(space as u8))?.get(key)
    }

    /// Lets a value, or a removal, wait under a key.
    pub(crate) fn set(&mut self, space: Space, key: &[u8], value: Option<&[u8]>) {
        let entries = self.spaces.entry(space as u8).or_default();
        let value = value.map(<[u8]>::to_vec);
        self.bytes += value.as_ref().map_or(0, Vec::len);
        match entries.get_mut(key) {
            Some(before) => {
                self.bytes -= before.as_ref().map_or(0, Vec::len);
                *before = value;
            }
            None => {
                self.bytes += key.len() + ENTRY_BYTES;
                entries.insert(key.to_vec(), value);
            }
        }
    }

    /// Puts a later layer on top of this one.
    pub(crate) fn take_over(&mut self, later: Layer) {
        if self.spaces.is_empty() {
            *self = later;
            return;
        }
        for (space, later) in later.spaces {
            let entries = self.spaces.entry(space).or_default();
            for (key, value) in later {
                let (key_bytes, value_bytes) = (key.len() + ENTRY_BYTES, value.as_ref().map_or(0, Vec::len));
                self.bytes += value_bytes;
                match entries.insert(key, value) {
                    Some(before) => self.bytes -= before.map_or(0, |before| before.len()),
                    None => self.bytes += key_bytes,
                }
            }
        }
    }

    /// Everything, by space and key.
    pub(crate) fn spaces(&self) -> impl Iterator<Item = (u8, &Entries)> {
        self.spaces.iter().map(|(space, entries)| (*space, entries))
    }

    /// Scans this layer above `below`, which scans the same range of what lies below it.
    pub(crate) fn scan(
        &self,
        space: Space,
        (from, to): (&[u8], &[u8]),
        each: EachRow<'_>,
        below: impl FnOnce(EachRow<'_>) -> Result<(), JournalError>,
    ) -> Result<(), JournalError> {
        if from >= to {
            return Ok(());
        }
        let Some(entries) = self.spaces.get(&(space as u8)) else { return below(each) };
        let mut above = entries.range::<[u8], _>((Bound::Included(from), Bound::Excluded(to))).peekable();
        if above.peek().is_none() {
            return below(each);
        }
        let mut ended = false;
        below(&mut |(key, value)| {
            while let Some((before, waits)) = above.next_if(|(waits, _)| waits.as_slice() < key) {
                if let Some(waits) = waits {
                    ended = each((before, waits)).is_break();
                }
                if ended {
                    return std::ops::ControlFlow::Break(());
                }
            }
            let goes_on = match above.next_if(|(waits, _)| waits.as_slice() == key) {
                Some((_, None)) => return std::ops::ControlFlow::Continue(()),
                Some((_, Some(waits))) => each((key, waits)),
                None => each((key, value)),
            };
            ended = goes_on.is_break();
            goes_on
        })?;
        for (key, waits) in above {
            if ended {
                break;
            }
            if let Some(waits) = waits {
                ended = each((key, waits)).is_break();
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::ops::ControlFlow;

    type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

    fn scan(layer: &Layer, below: &Rows, from: &[u8], to: &[u8], most: usize) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut found = vec![];
        layer
            .scan(
                Space::Fact,
                (from, to),
                &mut |(key, value)| {
                    found.push((key.to_vec(), value.to_vec()));
                    if found.len() == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                },
                |each| {
                    for (key, value) in below.range::<[u8], _>((Bound::Included(from), Bound::Excluded(to))) {
                        if each((key, value)).is_break() {
                            break;
                        }
                    }
                    Ok(())
                },
            )
            .unwrap();
        found
    }

    type Writes = Vec<(u8, Option<u8>)>;

    fn apply(layer: &mut Layer, rows: &mut Rows, writes: &Writes) {
        for (key, value) in writes {
            layer.set(Space::Fact, &[*key], value.map(|value| vec![value]).as_deref());
            match value {
                Some(value) => rows.insert(vec![*key], vec![*value]),
                None => rows.remove([*key].as_slice()),
            };
        }
    }

    proptest! {
        /// Layers above layers read like one table in which everything was written.
        #[test]
        fn a_layer_reads_as_if_it_had_been_written(
            kept in prop::collection::btree_map(0..20u8, 0..9u8, 0..10),
            first in prop::collection::vec((0..20u8, prop::option::of(0..9u8)), 0..15),
            second in prop::collection::vec((0..20u8, prop::option::of(0..9u8)), 0..15),
            (from, to, most) in (0..20u8, 0..22u8, 1..8usize),
        ) {
            let below: Rows = kept.into_iter().map(|(key, value)| (vec![key], vec![value])).collect();
            let mut expected = below.clone();
            let (mut layer, mut later) = (Layer::default(), Layer::default());
            apply(&mut layer, &mut expected, &first);
            apply(&mut later, &mut expected, &second);
            layer.take_over(later);
            prop_assert_eq!(scan(&layer, &below, &[], &[99], 99), expected.clone().into_iter().collect::<Vec<_>>());
            let within = if from < to { expected.range(vec![from]..vec![to]).take(most).collect() } else { vec![] };
            let within: Vec<_> = within.into_iter().map(|(key, value)| (key.clone(), value.clone())).collect();
            prop_assert_eq!(scan(&layer, &below, &[from], &[to], most), within);
        }
    }
}
