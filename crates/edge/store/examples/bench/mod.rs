//! What programs that measure share: the disk's own limit, a database without our work, and the spread of times.
#![allow(dead_code, reason = "each program uses its part")]

use rusqlite::Connection;
use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often a second the disk of `folder` keeps 4 KiB for good (append, fdatasync), measured for about a second.
///
/// Every figure with a sync in it is to stand beside this one of the same run: on shared disks it moves eighty-fold.
pub(crate) fn syncs_per_second(folder: &Path) -> Result<f64, Box<dyn Error>> {
    let path = folder.join("fsync-probe");
    let mut file = std::fs::File::create(&path)?;
    let (started, mut done) = (Instant::now(), 0u32);
    while started.elapsed() < Duration::from_secs(1) {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        done += 1;
    }
    let rate = f64::from(done) / started.elapsed().as_secs_f64();
    std::fs::remove_file(path)?;
    Ok(rate)
}

/// An empty folder of this name.
pub(crate) fn fresh(folder: &Path, name: &str) -> Result<PathBuf, Box<dyn Error>> {
    let folder = folder.join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A database with the journal's settings and none of its work.
pub(crate) fn plain_sqlite(folder: &Path) -> Result<Connection, Box<dyn Error>> {
    let db = Connection::open(fresh(folder, "plain")?.join("plain.db"))?;
    for (name, value) in [
        ("page_size", "16384"),
        ("journal_mode", "wal"),
        ("synchronous", "full"),
        ("cache_size", "-65536"),
        ("wal_autocheckpoint", "4096"),
        ("journal_size_limit", "67108864"),
    ] {
        db.pragma_update(None, name, value)?;
    }
    db.execute_batch("CREATE TABLE event (position INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")?;
    Ok(db)
}

/// The time that so much of all were within.
pub(crate) fn quantile(sorted: &[Duration], share: f64) -> Duration {
    let last = sorted.len().saturating_sub(1);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index within the list")]
    let nth = (last as f64 * share).round() as usize;
    sorted.get(nth).copied().unwrap_or_default()
}

/// How many programs wait for the processors, as the system says.
pub(crate) fn load() -> String {
    let all = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    all.split_whitespace().next().unwrap_or("unknown").to_owned()
}
