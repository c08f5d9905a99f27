//! Writing files for people: whole or not at all.

use crate::failure::Failure;
use std::path::{Path, PathBuf};

/// Writes files so that a reader never sees half of one, or one of several without the others: all are written beside
/// their places, then moved there. What is there and is no file, such as `/dev/stdout`, is written to and never replaced.
pub(crate) fn write_whole(files: &[(&Path, &[u8])]) -> Result<(), Failure> {
    let failed = |path: &Path, error: &std::io::Error| Failure::io("write", path, error);
    let (replaced, written_to): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| path.is_file() || !path.exists());
    let put = || {
        for (path, bytes) in &replaced {
            std::fs::write(beside(path), bytes).map_err(|e| failed(path, &e))?;
        }
        for (path, bytes) in &written_to {
            std::fs::write(path, bytes).map_err(|e| failed(path, &e))?;
        }
        for (path, _) in &replaced {
            std::fs::rename(beside(path), path).map_err(|e| failed(path, &e))?;
        }
        Ok(())
    };
    put().inspect_err(|_| {
        for (path, _) in &replaced {
            // What could not be moved is not left lying about; that it cannot be removed either changes nothing.
            let _ = std::fs::remove_file(beside(path));
        }
    })
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}
