//! The persons' keys, in one file of slots.
//!
//! ```text
//! header  "LVSK1\n", then zeros up to 128 bytes
//! slot    pseudonym (16) | key wrapped by the city's key (24 + 32 + 16) | check (8) | zeros        128 bytes in all
//! ```
//!
//! A slot is written once, at the end of the file, and overwritten with zeros once, where it lies: no copy of it is ever made
//! by us. 128 bytes divide a sector, so a slot never lies in two. A slot that a crash cut off has a wrong check and counts as
//! empty; nobody was told that it was there.

use super::{io_error, private_file, random, seal};
use levee_app::vault::VaultError;
use levee_model::subject::Pseudonym;
use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::io::{BufReader, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

pub(super) const SLOT: usize = 128;
const MAGIC: &[u8] = b"LVSK1\n";
const WRAPPED: usize = 32 + seal::OVERHEAD;
const BODY: usize = 16 + WRAPPED;
const CHECK: usize = 8;

pub(super) struct SubjectKeys {
    path: PathBuf,
    /// None when there is none yet and it was opened to be read.
    file: Option<File>,
    /// Wraps the persons' keys; a sub-key of the city's.
    wrap: [u8; 32],
    /// Who has a key, and in which slot. More than one slot only if somebody joined files by hand.
    index: BTreeSet<(Pseudonym, u32)>,
    /// Slots in the file, empty ones included.
    slots: u32,
}

impl SubjectKeys {
    /// Opens the file. To write, nobody else may; what a crash cut off at its end is taken away.
    pub(super) fn open(path: &Path, wrap: [u8; 32], write: bool) -> Result<Self, VaultError> {
        let io = |source| io_error(path, source);
        let mut keys = Self { path: path.to_owned(), file: None, wrap, index: BTreeSet::new(), slots: 0 };
        if !write && !path.try_exists().map_err(io)? {
            return Ok(keys);
        }
        let file = keys.file.insert(private_file(path, write)?);
        if write {
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(VaultError::Busy { place: path.display().to_string() }),
                Err(TryLockError::Error(source)) => return Err(io(source)),
            }
        }
        let length = file.metadata().map_err(io)?.len();
        if length < SLOT as u64 {
            // New, or made and cut off: nothing can be in it yet.
            if write {
                let mut header = MAGIC.to_vec();
                header.resize(SLOT, 0);
                file.set_len(0).and_then(|()| file.write_all(&header)).and_then(|()| file.sync_all()).map_err(io)?;
            }
            return Ok(keys);
        }
        let damaged = |why| VaultError::Damaged { place: path.display().to_string(), why };
        let mut from = BufReader::with_capacity(1 << 20, &*file);
        let mut slot = [0; SLOT];
        from.read_exact(&mut slot).map_err(io)?;
        if !slot.starts_with(MAGIC) {
            return Err(damaged("it holds no keys of persons, or those of a later version of Levee"));
        }
        let mut index = Vec::new();
        loop {
            match from.read_exact(&mut slot) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
                Err(source) => return Err(io(source)),
            }
            index.extend(owner(&slot).map(|subject| (subject, keys.slots)));
            keys.slots = keys.slots.checked_add(1).ok_or_else(|| damaged("it has more slots than there are people"))?;
        }
        keys.index = index.into_iter().collect();
        let whole = (u64::from(keys.slots) + 1) * SLOT as u64;
        if write && whole != length {
            file.set_len(whole).map_err(io)?;
        }
        Ok(keys)
    }

    /// Does something with the file, which is there whenever anybody has a key or somebody writes.
    fn with<T>(&self, work: impl FnOnce(&mut &File) -> std::io::Result<T>) -> Result<T, VaultError> {
        let there = self.file.as_ref().ok_or_else(|| ErrorKind::NotFound.into());
        there.and_then(|mut file| work(&mut file)).map_err(|source| io_error(&self.path, source))
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> Result<(), VaultError> {
        self.with(|file| file.seek(SeekFrom::Start(at)).and_then(|_| file.write_all(bytes)))
    }

    fn sync(&self) -> Result<(), VaultError> {
        self.with(|file| file.sync_data())
    }

    fn slots_of(&self, subject: Pseudonym) -> impl DoubleEndedIterator<Item = u32> {
        self.index.range((subject, 0)..=(subject, u32::MAX)).map(|(_, slot)| *slot)
    }

    pub(super) fn has(&self, subject: Pseudonym) -> bool {
        self.slots_of(subject).next().is_some()
    }

    pub(super) fn subjects(&self) -> Vec<Pseudonym> {
        let mut all: Vec<Pseudonym> = self.index.iter().map(|(subject, _)| *subject).collect();
        all.dedup();
        all
    }

    /// Somebody's key; none when they have none here.
    pub(super) fn key(&self, subject: Pseudonym) -> Result<Option<[u8; 32]>, VaultError> {
        let Some(nth) = self.slots_of(subject).next_back() else { return Ok(None) };
        let mut slot = [0; SLOT];
        self.with(|file| file.seek(SeekFrom::Start(place(nth))).and_then(|_| file.read_exact(&mut slot)))?;
        // Another process may have erased it since.
        if owner(&slot) != Some(subject) {
            return Ok(None);
        }
        let key = slot.get(16..BODY).and_then(|wrapped| seal::open(&self.wrap, &wrapped_for(subject), wrapped));
        key.and_then(|key| key.try_into().ok()).map(Some).ok_or(VaultError::Sealed { subject })
    }

    /// Makes a key for each of these people, who have none; durable when it returns.
    pub(super) fn make(&mut self, subjects: &[Pseudonym]) -> Result<Vec<[u8; 32]>, VaultError> {
        let (mut made, mut bytes) = (Vec::with_capacity(subjects.len()), Vec::with_capacity(subjects.len() * SLOT));
        for subject in subjects {
            let key = random()?;
            let at = bytes.len();
            bytes.extend_from_slice(&subject.bytes());
            bytes.extend_from_slice(&seal::seal(&self.wrap, &wrapped_for(*subject), &key)?);
            let check = check(bytes.get(at..).unwrap_or_default());
            bytes.extend_from_slice(&check);
            bytes.resize(at + SLOT, 0);
            made.push(key);
        }
        let more = u32::try_from(subjects.len()).ok().and_then(|more| self.slots.checked_add(more));
        let full = || VaultError::Damaged {
            place: self.path.display().to_string(),
            why: "it has no slot left; it holds at most 4 294 967 295 people",
        };
        let slots = more.ok_or_else(full)?;
        self.write_at(place(self.slots), &bytes)?;
        self.sync()?;
        self.index.extend(subjects.iter().copied().zip(self.slots..));
        self.slots = slots;
        Ok(made)
    }

    /// Overwrites the keys of these people where they lie; gone from the file when it returns.
    pub(super) fn destroy(&mut self, subjects: impl Iterator<Item = Pseudonym>) -> Result<(), VaultError> {
        let gone: Vec<(Pseudonym, u32)> = subjects
            .flat_map(|subject| self.slots_of(subject).map(move |slot| (subject, slot)).collect::<Vec<_>>())
            .collect();
        if gone.is_empty() {
            return Ok(());
        }
        let mut slots: Vec<u32> = gone.iter().map(|(_, slot)| *slot).collect();
        slots.sort_unstable();
        for slot in slots {
            self.write_at(place(slot), &[0; SLOT])?;
        }
        self.sync()?;
        for one in &gone {
            self.index.remove(one);
        }
        Ok(())
    }
}

fn place(slot: u32) -> u64 {
    (u64::from(slot) + 1) * SLOT as u64
}

/// What a key is wrapped for.
fn wrapped_for(subject: Pseudonym) -> Vec<u8> {
    [b"levee subject key 1 ", &subject.bytes()[..]].concat()
}

fn check(body: &[u8]) -> [u8; CHECK] {
    let hash = blake3::hash(body);
    std::array::from_fn(|nth| hash.as_bytes()[nth])
}

/// Whose key a slot holds; none when it is empty or was cut off.
fn owner(slot: &[u8; SLOT]) -> Option<Pseudonym> {
    let (body, rest) = slot.split_at(BODY);
    (rest.first_chunk() == Some(&check(body)))
        .then(|| body.first_chunk().map(|bytes| Pseudonym::from_random(*bytes)))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(nth: u8) -> Pseudonym {
        Pseudonym::from_random([nth; 16])
    }

    fn found(path: &Path, bytes: &[u8]) -> bool {
        std::fs::read(path).unwrap().windows(bytes.len()).any(|window| window == bytes)
    }

    #[test]
    fn keys_come_back_and_a_destroyed_one_is_nowhere_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("subjects");
        let mut keys = SubjectKeys::open(&path, [9; 32], true).unwrap();
        let made = keys.make(&[somebody(1), somebody(2), somebody(3)]).unwrap();
        drop(keys);
        let mut keys = SubjectKeys::open(&path, [9; 32], true).unwrap();
        assert_eq!(keys.key(somebody(2)).unwrap(), Some(made[1]));
        assert_eq!(keys.subjects(), [somebody(1), somebody(2), somebody(3)]);
        let slot = std::fs::read(&path).unwrap()[2 * SLOT..3 * SLOT].to_vec();
        assert!(found(&path, &slot[16..BODY]) && !found(&path, &made[1]), "only the wrapped key is ever there");

        let watching = SubjectKeys::open(&path, [9; 32], false).unwrap();
        keys.destroy([somebody(2), somebody(7)].into_iter()).unwrap();
        assert_eq!(watching.key(somebody(2)).unwrap(), None, "nor for who opened the file before");
        for piece in slot[..BODY].chunks(16) {
            assert!(!found(&path, piece));
        }
        drop(keys);
        let keys = SubjectKeys::open(&path, [9; 32], true).unwrap();
        assert_eq!(keys.subjects(), [somebody(1), somebody(3)]);
        assert_eq!(keys.key(somebody(3)).unwrap(), Some(made[2]));
    }

    #[test]
    fn a_slot_that_a_crash_cut_off_counts_as_empty() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("subjects");
        let mut keys = SubjectKeys::open(&path, [9; 32], true).unwrap();
        keys.make(&[somebody(1), somebody(2)]).unwrap();
        drop(keys);
        let whole = std::fs::read(&path).unwrap();
        for cut in 0..whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let mut keys = SubjectKeys::open(&path, [9; 32], true).unwrap();
            let there = (cut / SLOT).saturating_sub(1);
            assert_eq!(keys.subjects().len(), there, "cut to {cut}");
            // The system may have given the length and not the bytes.
            let made = keys.make(&[somebody(3)]).unwrap();
            drop(keys);
            let keys = SubjectKeys::open(&path, [9; 32], true).unwrap();
            assert_eq!(keys.key(somebody(3)).unwrap(), Some(made[0]), "cut to {cut}");
        }
        let mut zeros = whole.clone();
        zeros[2 * SLOT + 40..].fill(0);
        std::fs::write(&path, &zeros).unwrap();
        assert_eq!(SubjectKeys::open(&path, [9; 32], true).unwrap().subjects(), [somebody(1)]);
    }

    #[test]
    fn one_writes_and_others_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("subjects");
        let mut keys = SubjectKeys::open(&path, [9; 32], true).unwrap();
        keys.make(&[somebody(1)]).unwrap();
        assert!(matches!(SubjectKeys::open(&path, [9; 32], true), Err(VaultError::Busy { .. })));
        assert!(SubjectKeys::open(&path, [9; 32], false).unwrap().has(somebody(1)));
        drop(keys);
        assert!(SubjectKeys::open(&path, [9; 32], true).is_ok());
    }

    #[test]
    fn a_key_of_another_city_and_another_file_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("subjects");
        SubjectKeys::open(&path, [9; 32], true).unwrap().make(&[somebody(1)]).unwrap();
        let other = SubjectKeys::open(&path, [8; 32], false).unwrap();
        assert!(matches!(other.key(somebody(1)), Err(VaultError::Sealed { .. })));
        std::fs::write(&path, [7; 300]).unwrap();
        assert!(matches!(SubjectKeys::open(&path, [9; 32], true), Err(VaultError::Damaged { .. })));
    }
}
