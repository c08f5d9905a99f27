//! Rows of projections in memory: what waits to be sent, and what is known of the database.

use levee_app::journal::Space;
use std::collections::BTreeMap;
use std::iter::Peekable;
use std::ops::Bound;

/// Bytes that an entry takes beside its key and value: a rough count of map nodes and two heap blocks.
const ENTRY_BYTES: usize = 96;

/// Keys in order; `None` = there is none, or it is to be removed.
type Table = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

fn range<'t>(
    tables: &'t BTreeMap<u8, Table>,
    space: Space,
    from: &[u8],
    to: &[u8],
) -> impl Iterator<Item = (&'t [u8], Option<&'t [u8]>)> {
    let table = tables.get(&(space as u8)).filter(|_| from < to);
    let bounds = (Bound::Included(from), Bound::Excluded(to));
    let rows = table.map(|table| table.range::<[u8], _>(bounds));
    rows.into_iter().flatten().map(|(key, value)| (key.as_slice(), value.as_deref()))
}

/// Writes that wait to be sent together, each key once.
#[derive(Default)]
pub(super) struct Waiting {
    pub(super) bytes: usize,
    spaces: BTreeMap<u8, Table>,
}

impl Waiting {
    pub(super) fn set(&mut self, space: Space, key: &[u8], value: Option<&[u8]>) {
        self.bytes += key.len() + value.map_or(0, <[u8]>::len) + ENTRY_BYTES;
        let table = self.spaces.entry(space as u8).or_default();
        let value = value.map(<[u8]>::to_vec);
        match table.get_mut(key) {
            Some(before) => *before = value,
            None => {
                table.insert(key.to_vec(), value);
            }
        }
    }

    /// What waits under a key: a value, or its removal.
    pub(super) fn get(&self, space: Space, key: &[u8]) -> Option<Option<&[u8]>> {
        self.spaces.get(&(space as u8)).and_then(|table| table.get(key)).map(Option::as_deref)
    }

    pub(super) fn range<'w>(
        &'w self,
        space: Space,
        from: &[u8],
        to: &[u8],
    ) -> impl Iterator<Item = (&'w [u8], Option<&'w [u8]>)> {
        range(&self.spaces, space, from, to)
    }

    /// Everything, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = (u8, &[u8], Option<&[u8]>)> {
        self.spaces
            .iter()
            .flat_map(|(space, table)| table.iter().map(|(key, value)| (*space, key.as_slice(), value.as_deref())))
    }

    /// Takes over what was written later.
    pub(super) fn merge(&mut self, later: Self) {
        self.bytes += later.bytes;
        for (space, table) in later.spaces {
            self.spaces.entry(space).or_default().extend(table);
        }
    }
}

/// Two runs in order as one; where both have a key, the upper one's entry counts.
pub(super) struct Over<U: Iterator, L: Iterator> {
    upper: Peekable<U>,
    lower: Peekable<L>,
}

impl<U: Iterator, L: Iterator> Over<U, L> {
    pub(super) fn new(upper: U, lower: L) -> Self {
        Self { upper: upper.peekable(), lower: lower.peekable() }
    }
}

impl<'w, U, L> Iterator for Over<U, L>
where
    U: Iterator<Item = (&'w [u8], Option<&'w [u8]>)>,
    L: Iterator<Item = (&'w [u8], Option<&'w [u8]>)>,
{
    type Item = (&'w [u8], Option<&'w [u8]>);

    fn next(&mut self) -> Option<Self::Item> {
        match (self.upper.peek(), self.lower.peek()) {
            (Some((upper, _)), Some((lower, _))) if lower < upper => self.lower.next(),
            (Some((upper, _)), lower) => {
                if lower.is_some_and(|(lower, _)| lower == upper) {
                    self.lower.next();
                }
                self.upper.next()
            }
            (None, _) => self.lower.next(),
        }
    }
}

/// What may be known before all of it is forgotten: the balances and records of a busy hour, small beside a server's memory.
const MOST_KNOWN_BYTES: usize = 32 << 20;

/// Ranges that may be known whole. They are looked through one by one.
const MOST_RANGES: usize = 64;

/// A part of what the database holds, within the transaction that asks. It stays true from one commit of this process to
/// its next as long as no other process commits between them.
#[derive(Default)]
pub(super) struct Known {
    bytes: usize,
    spaces: BTreeMap<u8, Table>,
    /// Ranges of which every row is known.
    ranges: Vec<(Space, Vec<u8>, Vec<u8>)>,
    heads: BTreeMap<String, (u64, [u8; 32])>,
    all_heads: bool,
}

impl Known {
    /// What is known of a key: its value, or that there is none.
    pub(super) fn get(&self, space: Space, key: &[u8]) -> Option<Option<&[u8]>> {
        let row = self.spaces.get(&(space as u8)).and_then(|table| table.get(key));
        match row {
            Some(value) => Some(value.as_deref()),
            None if self.covers(space, key) => Some(None),
            None => None,
        }
    }

    /// The rows of a range, when all of them are known.
    pub(super) fn rows(&self, space: Space, from: &[u8], to: &[u8]) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
        let within = |(of, first, end): &(Space, Vec<u8>, Vec<u8>)| *of == space && **first <= *from && *to <= **end;
        if from < to && !self.ranges.iter().any(within) {
            return None;
        }
        let rows = range(&self.spaces, space, from, to);
        Some(rows.filter_map(|(key, value)| Some((key.to_vec(), value?.to_vec()))).collect())
    }

    fn covers(&self, space: Space, key: &[u8]) -> bool {
        self.ranges.iter().any(|(of, from, to)| *of == space && **from <= *key && *key < **to)
    }

    /// Learns the value under a key.
    pub(super) fn learn(&mut self, space: Space, key: &[u8], value: Option<&[u8]>) {
        self.bytes += key.len() + value.map_or(0, <[u8]>::len) + ENTRY_BYTES;
        if self.bytes > MOST_KNOWN_BYTES {
            *self = Self::default();
        } else {
            self.spaces.entry(space as u8).or_default().insert(key.to_vec(), value.map(<[u8]>::to_vec));
        }
    }

    /// Learns all rows of a range.
    pub(super) fn learn_range(&mut self, space: Space, from: &[u8], to: &[u8], rows: &[(Vec<u8>, Vec<u8>)]) {
        if self.ranges.len() >= MOST_RANGES {
            self.ranges.clear();
        }
        let before = self.bytes;
        for (key, value) in rows {
            self.learn(space, key, Some(value));
        }
        // Unless it had to forget in the middle of it.
        if self.bytes >= before {
            self.ranges.push((space, from.to_vec(), to.to_vec()));
        }
    }

    /// Follows what was sent. What is not known stays unknown: a bulk of new rows would only push out what is asked for.
    pub(super) fn follow(&mut self, sent: &Waiting, heads: &BTreeMap<String, (u64, [u8; 32])>) {
        for (space, key, value) in sent.all() {
            let Some(of) = Space::ALL.into_iter().find(|of| *of as u8 == space) else { continue };
            let seen = self.spaces.get(&space).is_some_and(|table| table.contains_key(key));
            if seen || self.covers(of, key) {
                self.learn(of, key, value);
            }
        }
        for (name, head) in heads {
            self.learn_head(name, *head);
        }
    }

    pub(super) fn head(&self, name: &str) -> Option<(u64, [u8; 32])> {
        self.heads.get(name).copied()
    }

    pub(super) fn learn_head(&mut self, name: &str, head: (u64, [u8; 32])) {
        match self.heads.get_mut(name) {
            Some(known) => *known = head,
            None => {
                self.heads.insert(name.to_owned(), head);
            }
        }
    }

    /// Every chain, when all are known; of length 0 are those that were asked for and are not there.
    pub(super) fn heads(&self) -> Option<&BTreeMap<String, (u64, [u8; 32])>> {
        self.all_heads.then_some(&self.heads)
    }

    pub(super) fn learn_heads(&mut self, all: impl Iterator<Item = (String, (u64, [u8; 32]))>) {
        self.heads.extend(all);
        self.all_heads = true;
    }
}
