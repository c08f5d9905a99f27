//! The erasure list: who must stay erased, a pseudonym per line, only ever added to.
//!
//! It names nobody: it may be copied to a third place, and should be, because a restore that puts back both an older folder
//! of keys and an older journal would otherwise forget who was erased in between.

use super::{io_error, private_file};
use levee_app::vault::VaultError;
use levee_model::subject::Pseudonym;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

pub(super) struct ErasureList {
    path: PathBuf,
    /// None when there is none yet and it was opened to be read.
    file: Option<File>,
    all: BTreeSet<Pseudonym>,
}

impl ErasureList {
    /// Opens the list. To write, only by whoever holds the keys' lock: a line that a crash cut off is taken away.
    pub(super) fn open(path: &Path, write: bool) -> Result<Self, VaultError> {
        let io = |source| io_error(path, source);
        if !write && !path.try_exists().map_err(io)? {
            return Ok(Self { path: path.to_owned(), file: None, all: BTreeSet::new() });
        }
        let mut file = private_file(path, write)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io)?;
        // The part after the last line's end was never acknowledged.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        if write && whole < bytes.len() {
            file.set_len(whole as u64).map_err(io)?;
        }
        bytes.truncate(whole);
        let text = String::from_utf8_lossy(&bytes);
        let line = |(nth, line): (usize, &str)| {
            let place = || format!("{}, line {}", path.display(), nth + 1);
            line.parse().map_err(|_| VaultError::Damaged { place: place(), why: "this is not a pseudonym" })
        };
        let all = text.lines().enumerate().map(line).collect::<Result<BTreeSet<_>, _>>()?;
        Ok(Self { path: path.to_owned(), file: Some(file), all })
    }

    pub(super) fn has(&self, subject: Pseudonym) -> bool {
        self.all.contains(&subject)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = Pseudonym> {
        self.all.iter().copied()
    }

    /// Adds those who are not on it; durable when it returns.
    pub(super) fn add(&mut self, subjects: &[Pseudonym]) -> Result<(), VaultError> {
        let new: BTreeSet<Pseudonym> = subjects.iter().copied().filter(|subject| !self.has(*subject)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let lines: String = new.iter().map(|subject| format!("{subject}\n")).collect();
        let read_only = || std::io::Error::new(std::io::ErrorKind::PermissionDenied, "it was opened to be read");
        let file = self.file.as_mut().ok_or_else(|| io_error(&self.path, read_only()))?;
        let whole = file.seek(SeekFrom::End(0)).map_err(|source| io_error(&self.path, source))?;
        let written = file.write_all(lines.as_bytes()).and_then(|()| file.sync_data());
        if let Err(source) = written {
            // Half a line must not stand before the next one. If this fails too, the next opening takes it away.
            let _ = file.set_len(whole);
            return Err(io_error(&self.path, source));
        }
        self.all.extend(new);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(nth: u8) -> Pseudonym {
        Pseudonym::from_random([nth; 16])
    }

    #[test]
    fn the_list_grows_by_whole_lines_wherever_a_crash_cut_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("erased");
        let mut list = ErasureList::open(&path, true).unwrap();
        list.add(&[somebody(1), somebody(2), somebody(1)]).unwrap();
        list.add(&[somebody(2)]).unwrap();
        let whole = std::fs::read(&path).unwrap();
        assert_eq!(String::from_utf8(whole.clone()).unwrap(), format!("{}\n{}\n", somebody(1), somebody(2)));
        for cut in 0..=whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            assert_eq!(ErasureList::open(&path, false).unwrap().all().count(), cut / 29, "read, cut to {cut}");
            let mut list = ErasureList::open(&path, true).unwrap();
            list.add(&[somebody(3)]).unwrap();
            assert_eq!(ErasureList::open(&path, true).unwrap().all().count(), cut / 29 + 1, "cut to {cut}");
        }
    }

    #[test]
    fn a_line_that_is_no_pseudonym_is_named_by_its_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("erased");
        std::fs::write(&path, format!("{}\n张伟\n", somebody(1))).unwrap();
        let refused = ErasureList::open(&path, true).err().unwrap().to_string();
        assert!(refused.ends_with("line 2: this is not a pseudonym") && !refused.contains("张伟"), "{refused}");
    }
}
