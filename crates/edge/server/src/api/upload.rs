//! A file that is being sent: its bytes go to a file of the city's folder as they come, and are gone when they were read.

use crate::problem::Problem;
use axum::body::Body;
use axum::http::StatusCode;
use futures_core::Stream as _;
use std::future::poll_fn;
use std::io::Write as _;
use std::path::Path;
use std::pin::pin;
use std::time::Duration;
use tempfile::NamedTempFile;

/// The largest file: a year of a city's reports. What is larger is no report of a day.
const MOST: u64 = 256 << 20;

/// How long nothing may come before the sender is given up.
const SILENT: Duration = Duration::from_secs(30);

/// Bytes that are gathered before they are written: the disk may block, and not on a thread that serves others.
const AT_ONCE: usize = 1 << 20;

/// What the names of such files begin with. A start of the server removes what a killed one has left.
pub(crate) const PREFIX: &str = "upload-";

/// A file that was sent. It goes with this value.
pub(crate) struct Upload(NamedTempFile);

impl Upload {
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

fn failed(error: &std::io::Error) -> Problem {
    if error.kind() == std::io::ErrorKind::StorageFull {
        return Problem::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "disk-full",
            "The disk is full",
            "the file cannot be kept while it is read",
        )
        .hint("free some space, then send it again");
    }
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "store", "The store failed", error.to_string())
        .hint("check who may write to the city's folder")
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Problem::fault("keeping a file ended by a panic"))?.map_err(|error| failed(&error))
}

/// Receives a body into a file in `folder`.
pub(crate) async fn received(folder: &Path, body: Body) -> Result<Upload, Problem> {
    let folder = folder.to_owned();
    let mut file = blocking(move || {
        std::fs::create_dir_all(&folder)?;
        let file = tempfile::Builder::new().prefix(PREFIX).tempfile_in(&folder)?;
        // Held as long as it is open: another server of the city that starts now leaves it alone.
        file.as_file().lock()?;
        Ok(file)
    })
    .await?;
    let mut stream = pin!(body.into_data_stream());
    let (mut gathered, mut all) = (Vec::with_capacity(AT_ONCE), 0u64);
    loop {
        let next = tokio::time::timeout(SILENT, poll_fn(|context| stream.as_mut().poll_next(context))).await;
        let next = next.map_err(|_| {
            Problem::new(
                StatusCode::REQUEST_TIMEOUT,
                "too-slow",
                "The body came too slowly",
                format!("nothing came for {} s", SILENT.as_secs()),
            )
            .hint("check the connection, then send it again; nothing was taken in")
        })?;
        let end = next.is_none();
        if let Some(bytes) = next {
            let bytes = bytes.map_err(|error| {
                Problem::bad_input(format!("the body broke off: {error}"), "send it again; nothing was taken in")
            })?;
            all = all.saturating_add(bytes.len() as u64);
            if all > MOST {
                return Err(Problem::too_large()
                    .hint(format!("a file may have {} MiB: send it in parts, each with its headings", MOST >> 20)));
            }
            gathered.extend_from_slice(&bytes);
        }
        if gathered.len() >= AT_ONCE || end {
            let full = std::mem::take(&mut gathered);
            file = blocking(move || file.write_all(&full).map(|()| file)).await?;
        }
        if end {
            break;
        }
    }
    if all == 0 {
        return Err(Problem::bad_input("the body is empty", "send the file's bytes as the body"));
    }
    Ok(Upload(file))
}

/// Removes what a server that was killed has left. What another server of the city receives at this moment is locked by it.
pub(crate) fn clear(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let left = || std::fs::File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok());
        if entry.file_name().to_string_lossy().starts_with(PREFIX) && left() {
            // What cannot be removed is in nobody's way.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
