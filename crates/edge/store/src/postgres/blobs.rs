//! Sealed blobs in the journal's database, in pieces: one of any size passes through little memory.
//!
//! What lies in the database is sealed as in a folder ([`crate::blobs`]); the key lies outside of it. A blob is whole or
//! not there: its pieces and its name come with one commit.

use super::link::{Link, Session};
use super::schema;
use crate::blobs::{BlobKeys, BlobStoreError, CheckBlob};
use crate::keys::{self, KeyError};
use crate::sqlite::is_full;
use levee_app::blob::{BlobError, BlobRef, Blobs};
use levee_app::journal::JournalError;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes of a piece: sixteen sealed chunks. Large enough that a round trip does not matter, small beside any memory.
const PIECE: usize = 1 << 20;

const FIND: &str = "SELECT content FROM levee.blob WHERE digest = $1";
const PIECE_OF: &str = "SELECT body FROM levee.blob_piece WHERE content = $1 AND nth = $2";
const NEXT_CONTENT: &str = "SELECT nextval('levee.blob_content')";
const ADD_PIECE: &str = "INSERT INTO levee.blob_piece (content, nth, body) VALUES ($1, $2, $3)";
const DROP_BLOB: &str = "DELETE FROM levee.blob WHERE digest = $1";
/// Whoever comes second with the same bytes keeps the first one's.
const ADD_BLOB: &str = "INSERT INTO levee.blob (digest, content) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING";

/// The blobs of a city in its database.
pub struct PostgresBlobs {
    link: Mutex<Link>,
    place: String,
    keys: BlobKeys,
}

impl PostgresBlobs {
    /// Makes the blob store of a new city in the database of its journal, with a new key in the folder `keys`. `city` is
    /// the folder where the rest of the city's data lie, if there is one: the key must not lie in it.
    pub fn create(address: &str, city: Option<&Path>, keys: &Path) -> Result<Self, BlobStoreError> {
        let (link, place) = open(address)?;
        if key_name(&link)?.is_some() {
            let source = io::Error::new(io::ErrorKind::AlreadyExists, "there is a blob store here already");
            return Err(BlobError::Io { place, source }.into());
        }
        // A folder that nobody has, when the city has none: no folder of keys lies in it.
        let nowhere = PathBuf::from("/nonexistent/levee");
        let master = keys::create(keys, city.unwrap_or(&nowhere))?;
        let name = master.name();
        let add = "INSERT INTO levee.blob_key (name) VALUES ($1)";
        let added = link.session().and_then(|session| {
            session.wait_for(session.client().execute(add, &[&name])).map_err(|error| link.fault(error))
        });
        added.map_err(|error| failed(&place, error))?;
        Ok(Self { link: Mutex::new(link), place, keys: BlobKeys::new(&master) })
    }

    /// Opens the blob store of the city in this database with its key from the folder `keys`.
    pub fn open(address: &str, keys: &Path) -> Result<Self, BlobStoreError> {
        let (link, place) = open(address)?;
        let Some(name) = key_name(&link)? else {
            return Err(KeyError::Unnamed { path: PathBuf::from(place) }.into());
        };
        let master = keys::load(keys, &name)?;
        Ok(Self { link: Mutex::new(link), place, keys: BlobKeys::new(&master) })
    }

    /// Writes the content of a blob to `to` without holding it all in memory. Checked chunk by chunk, and as a whole
    /// at the end: on an error, throw away what was written.
    pub fn copy_to(&self, digest: &BlobRef, to: &mut dyn Write) -> Result<u64, BlobError> {
        self.copy(&self.link(), digest, to)
    }

    fn link(&self) -> MutexGuard<'_, Link> {
        self.link.lock().unwrap_or_else(|poisoned| {
            // A panic left the connection in the middle of something: it is made anew.
            let link = PoisonError::into_inner(poisoned);
            link.forget();
            link
        })
    }

    fn copy(&self, link: &Link, digest: &BlobRef, to: &mut dyn Write) -> Result<u64, BlobError> {
        let found = link.ask(async |session| {
            let row = session.client().query_opt(&session.prepared(FIND).await?, &[&digest.0.as_slice()]).await?;
            row.map(|row| row.try_get::<_, i64>(0)).transpose()
        });
        let found = found.map_err(|error| failed(&self.place, error))?;
        let content = found.ok_or_else(|| BlobError::Missing { digest: *digest, place: self.place.clone() })?;
        let mut from = Pieces { link, content, nth: 0, piece: io::Cursor::default() };
        let opened = self.keys.open(digest, &mut from, to).map_err(|source| self.io(source))?;
        opened.ok_or(BlobError::Sealed { digest: *digest })
    }

    /// Whether the blob is there and opens. One that is there and does not is written anew by whoever puts it again.
    fn holds(&self, link: &Link, digest: &BlobRef) -> Result<bool, BlobError> {
        match self.copy(link, digest, &mut io::sink()) {
            Ok(_) => Ok(true),
            Err(BlobError::Missing { .. } | BlobError::Sealed { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn io(&self, source: io::Error) -> BlobError {
        let place = self.place.clone();
        if is_full(&source) { BlobError::Full { place } } else { BlobError::Io { place, source } }
    }

    /// Seals what `from` gives into the database. Its name is known when all of it has been read.
    fn keep(&self, link: &Link, from: &mut dyn Read) -> Result<(BlobRef, u64), BlobError> {
        let session = link.session().map_err(|error| failed(&self.place, error))?;
        let begun = Begun::new(&session).map_err(|source| self.io(source))?;
        let mut to =
            PieceWriter { session: &session, content: begun.content, nth: 0, piece: Vec::with_capacity(PIECE) };
        let (digest, length) = self.keys.seal(from, &mut to).map_err(|source| self.io(source))?;
        to.send().map_err(|source| self.io(source))?;
        if !self.holds(link, &digest)? {
            begun.name(&digest).map_err(|source| self.io(source))?;
        }
        Ok((digest, length))
    }
}

impl Blobs for PostgresBlobs {
    fn put(&self, bytes: &[u8]) -> Result<BlobRef, BlobError> {
        let link = self.link();
        let digest = self.keys.digest(bytes);
        if !self.holds(&link, &digest)? {
            self.keep(&link, &mut &*bytes)?;
        }
        Ok(digest)
    }

    fn put_stream(&self, from: &mut dyn Read) -> Result<(BlobRef, u64), BlobError> {
        self.keep(&self.link(), from)
    }

    fn get(&self, digest: &BlobRef) -> Result<Vec<u8>, BlobError> {
        let mut all = Vec::new();
        self.copy_to(digest, &mut all)?;
        Ok(all)
    }

    fn digest(&self, bytes: &[u8]) -> BlobRef {
        self.keys.digest(bytes)
    }

    fn digest_stream(&self, from: &mut dyn Read) -> Result<(BlobRef, u64), BlobError> {
        self.keys
            .digest_stream(from)
            .map_err(|source| BlobError::Io { place: "the file that was given".to_owned(), source })
    }
}

impl CheckBlob for PostgresBlobs {
    fn check(&self, digest: &BlobRef) -> Result<(), BlobError> {
        self.copy_to(digest, &mut io::sink()).map(|_| ())
    }
}

fn open(address: &str) -> Result<(Link, String), BlobStoreError> {
    let place = || "PostgreSQL".to_owned();
    let link = Link::new(address, false).map_err(|error| failed(&place(), error))?;
    let place = link.place.clone();
    let migrated = link.session().and_then(|session| schema::migrate(&session, &place));
    migrated.map_err(|error| failed(&place, error))?;
    Ok((link, place))
}

fn key_name(link: &Link) -> Result<Option<String>, BlobError> {
    let name = link.ask(async |session| {
        let row = session.client().query_opt("SELECT name FROM levee.blob_key", &[]).await?;
        row.map(|row| row.try_get(0)).transpose()
    });
    name.map_err(|error| failed(&link.place, error))
}

/// The journal's error as one of blobs.
fn failed(place: &str, error: JournalError) -> BlobError {
    match error {
        JournalError::Full { place } => BlobError::Full { place },
        error => BlobError::Io { place: place.to_owned(), source: io::Error::other(error) },
    }
}

/// What the server said, as an error of reading and writing.
fn said(error: tokio_postgres::Error) -> io::Error {
    match error.code() {
        Some(code) if *code == tokio_postgres::error::SqlState::DISK_FULL => {
            io::Error::new(io::ErrorKind::StorageFull, error)
        }
        _ => io::Error::other(error),
    }
}

/// A blob in the making; dropped before it has its name, it leaves nothing.
struct Begun<'s> {
    session: &'s Session,
    content: i64,
    ended: bool,
}

impl<'s> Begun<'s> {
    fn new(session: &'s Session) -> io::Result<Self> {
        let begun = session.wait_for(async {
            session.client().batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE").await?;
            session.client().query_one(NEXT_CONTENT, &[]).await?.try_get(0)
        });
        Ok(Self { session, content: begun.map_err(said)?, ended: false })
    }

    fn name(mut self, digest: &BlobRef) -> io::Result<()> {
        let client = self.session.client();
        let named = self.session.wait_for(async {
            client.execute(DROP_BLOB, &[&digest.0.as_slice()]).await?;
            match client.execute(ADD_BLOB, &[&digest.0.as_slice(), &self.content]).await? {
                0 => client.batch_execute("ROLLBACK").await,
                _ => client.batch_execute("COMMIT").await,
            }
        });
        self.ended = named.is_ok();
        named.map_err(said)
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        if !self.ended {
            // When it cannot be told, the connection is gone and the server ends the transaction by itself.
            let _ = self.session.wait_for(self.session.client().batch_execute("ROLLBACK"));
        }
    }
}

/// Gathers what is written into pieces and sends each when it is full.
struct PieceWriter<'s> {
    session: &'s Session,
    content: i64,
    nth: i32,
    piece: Vec<u8>,
}

impl PieceWriter<'_> {
    fn send(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let added = self.session.wait_for(async {
            let statement = self.session.prepared(ADD_PIECE).await?;
            self.session.client().execute(&statement, &[&self.content, &self.nth, &self.piece]).await
        });
        added.map_err(said)?;
        self.nth = self.nth.checked_add(1).ok_or(io::ErrorKind::FileTooLarge)?;
        self.piece.clear();
        Ok(())
    }
}

impl Write for PieceWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..taken]);
        if self.piece.len() == PIECE {
            self.send()?;
        }
        Ok(taken)
    }

    /// A piece that is not full is sent at the end, by [`Self::send`].
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The pieces of a blob, one after the other.
struct Pieces<'l> {
    link: &'l Link,
    content: i64,
    nth: i32,
    piece: io::Cursor<Vec<u8>>,
}

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.piece.position() == self.piece.get_ref().len() as u64 {
            let next = self.link.ask(async |session| {
                let statement = session.prepared(PIECE_OF).await?;
                let row = session.client().query_opt(&statement, &[&self.content, &self.nth]).await?;
                row.map(|row| row.try_get(0)).transpose()
            });
            let next: Option<Vec<u8>> = next.map_err(io::Error::other)?;
            let Some(next) = next else { return Ok(0) };
            self.piece = io::Cursor::new(next);
            self.nth = self.nth.saturating_add(1);
        }
        self.piece.read(into)
    }
}
