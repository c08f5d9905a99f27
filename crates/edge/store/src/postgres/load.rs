//! What a transaction writes, gathered, and sent in one go.

use super::fault;
use super::link::Session;
use super::rows::Waiting;
use super::schema::LONGEST_KEY;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use tokio_postgres::Error;
use tokio_postgres::types::ToSql;

const EVENTS: &str = "INSERT INTO levee.event (position, stream, sequence, kind, version, command_id, envelope, \
     occurred, known_at, recorded_at, hash, body) SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], \
     $4::text[], $5::bigint[], $6::bytea[], $7::bytea[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bytea[], \
     $12::bytea[])";
const HEADS: &str = "INSERT INTO levee.stream (name, sequence, hash) SELECT * FROM unnest($1::text[], $2::bigint[], \
     $3::bytea[]) ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash";
const COMMANDS: &str = "INSERT INTO levee.command (command_id, first, last) SELECT * FROM unnest($1::bytea[], \
     $2::bigint[], $3::bigint[])";
const PUT: &str = "INSERT INTO levee.projection (space, key, value) SELECT * FROM unnest($1::smallint[], $2::bytea[], \
     $3::bytea[]) ON CONFLICT (space, key) DO UPDATE SET value = excluded.value";
const DELETE: &str = "DELETE FROM levee.projection USING unnest($1::smallint[], $2::bytea[]) AS gone (space, key) \
     WHERE projection.space = gone.space AND projection.key = gone.key";
const PUT_LONG: &str = "INSERT INTO levee.projection_long (space, key, value) SELECT * FROM unnest($1::smallint[], \
     $2::bytea[], $3::bytea[])";
const DELETE_LONG: &str = "DELETE FROM levee.projection_long USING unnest($1::smallint[], $2::bytea[]) \
     AS gone (space, key) WHERE projection_long.space = gone.space AND projection_long.key = gone.key";
const NOTIFY: &str = "SELECT pg_notify('levee', $1)";

/// What may wait before it is sent. Enough for about 20,000 facts; a commit of any size stays small.
pub(super) const MOST_WAITING_BYTES: usize = 16 << 20;

/// A number as the database keeps it. Positions and counts do not come near its end; one that would is refused by
/// the database as a position that is taken.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// An event that waits.
pub(super) struct NewRow {
    pub(super) position: u64,
    pub(super) stream: String,
    pub(super) sequence: u64,
    pub(super) kind: String,
    pub(super) version: u32,
    pub(super) command: [u8; 16],
    pub(super) envelope: Arc<[u8]>,
    pub(super) occurred: i64,
    pub(super) known_at: i64,
    pub(super) recorded_at: i64,
    pub(super) hash: [u8; 32],
    pub(super) body: Vec<u8>,
}

/// Events, heads, receipts and projection rows that wait.
#[derive(Default)]
pub(super) struct Load {
    pub(super) events: Vec<NewRow>,
    pub(super) heads: BTreeMap<String, (u64, [u8; 32])>,
    pub(super) commands: Vec<([u8; 16], u64, u64)>,
    pub(super) rows: Waiting,
    pub(super) body_bytes: usize,
}

impl Load {
    pub(super) fn bytes(&self) -> usize {
        self.rows.bytes + self.body_bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.heads.is_empty() && self.commands.is_empty() && self.rows.bytes == 0
    }

    /// Takes over what came later.
    pub(super) fn merge(&mut self, later: Self) {
        self.events.extend(later.events);
        self.heads.extend(later.heads);
        self.commands.extend(later.commands);
        self.rows.merge(later.rows);
        self.body_bytes += later.body_bytes;
    }

    /// Sends all of it; with `commit`, tells whoever listens and commits. One round trip, however much it is.
    pub(super) async fn send(&self, session: &Session, commit: Option<u64>) -> Result<(), Error> {
        let events = &self.events;
        let column = |of: fn(&NewRow) -> i64| events.iter().map(of).collect::<Vec<_>>();
        let positions = column(|event| signed(event.position));
        let streams: Vec<&str> = events.iter().map(|event| event.stream.as_str()).collect();
        let sequences = column(|event| signed(event.sequence));
        let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        let versions = column(|event| i64::from(event.version));
        let of_commands: Vec<&[u8]> = events.iter().map(|event| event.command.as_slice()).collect();
        let envelopes: Vec<&[u8]> = events.iter().map(|event| &*event.envelope).collect();
        let (occurred, known_at) = (column(|event| event.occurred), column(|event| event.known_at));
        let recorded_at = column(|event| event.recorded_at);
        let hashes: Vec<&[u8]> = events.iter().map(|event| event.hash.as_slice()).collect();
        let bodies: Vec<&[u8]> = events.iter().map(|event| event.body.as_slice()).collect();

        let names: Vec<&str> = self.heads.keys().map(String::as_str).collect();
        let lengths: Vec<i64> = self.heads.values().map(|(length, _)| signed(*length)).collect();
        let ends: Vec<&[u8]> = self.heads.values().map(|(_, hash)| hash.as_slice()).collect();

        let ids: Vec<&[u8]> = self.commands.iter().map(|(id, ..)| id.as_slice()).collect();
        let firsts: Vec<i64> = self.commands.iter().map(|(_, first, _)| signed(*first)).collect();
        let lasts: Vec<i64> = self.commands.iter().map(|(.., last)| signed(*last)).collect();

        let [mut put, mut put_long] = [Columns::default(), Columns::default()];
        let [mut gone, mut gone_long] = [Columns::default(), Columns::default()];
        for (space, key, value) in self.rows.all() {
            let long = key.len() > LONGEST_KEY;
            match value {
                None if long => gone_long.push(space, key, &[]),
                None => gone.push(space, key, &[]),
                Some(value) if long => {
                    // No index says that there is one already.
                    gone_long.push(space, key, &[]);
                    put_long.push(space, key, value);
                }
                Some(value) => put.push(space, key, value),
            }
        }
        let last = commit.map(|last| last.to_string());

        let event_columns: [&(dyn ToSql + Sync); 12] = [
            &positions,
            &streams,
            &sequences,
            &kinds,
            &versions,
            &of_commands,
            &envelopes,
            &occurred,
            &known_at,
            &recorded_at,
            &hashes,
            &bodies,
        ];
        let head_columns: [&(dyn ToSql + Sync); 3] = [&names, &lengths, &ends];
        let command_columns: [&(dyn ToSql + Sync); 3] = [&ids, &firsts, &lasts];
        let (put, put_long) = (put.with_values(), put_long.with_values());
        let (gone, gone_long) = (gone.keys(), gone_long.keys());
        let statements: [(&'static str, &[&(dyn ToSql + Sync)], bool); 8] = [
            (EVENTS, &event_columns, events.is_empty()),
            (HEADS, &head_columns, names.is_empty()),
            (COMMANDS, &command_columns, ids.is_empty()),
            (DELETE, &gone.0, gone.1),
            (DELETE_LONG, &gone_long.0, gone_long.1),
            (PUT, &put.0, put.1),
            (PUT_LONG, &put_long.0, put_long.1),
            (NOTIFY, &[&last], last.is_none() || events.is_empty() && ids.is_empty()),
        ];
        let mut answers: Vec<Answer<'_>> = Vec::with_capacity(statements.len() + 1);
        for (sql, parameters, empty) in statements {
            if !empty {
                let statement = session.prepared(sql).await?;
                answers
                    .push(Box::pin(async move { session.client().execute(&statement, parameters).await.map(|_| ()) }));
            }
        }
        if commit.is_some() {
            answers.push(Box::pin(session.client().batch_execute("COMMIT")));
        }
        together(answers).await
    }
}

#[derive(Default)]
struct Columns<'r> {
    spaces: Vec<i16>,
    keys: Vec<&'r [u8]>,
    values: Vec<&'r [u8]>,
}

impl<'r> Columns<'r> {
    fn push(&mut self, space: u8, key: &'r [u8], value: &'r [u8]) {
        self.spaces.push(i16::from(space));
        self.keys.push(key);
        self.values.push(value);
    }

    /// The parameters of a statement, and whether there is nothing for it to do.
    fn with_values(&self) -> ([&(dyn ToSql + Sync); 3], bool) {
        ([&self.spaces, &self.keys, &self.values], self.keys.is_empty())
    }

    fn keys(&self) -> ([&(dyn ToSql + Sync); 2], bool) {
        ([&self.spaces, &self.keys], self.keys.is_empty())
    }
}

/// An answer that is waited for.
pub(super) type Answer<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

/// Sends all requests in their order before any answer is waited for; gives the first error in that order. An error
/// that says the connection is gone counts more than what it did to the requests before it.
pub(super) async fn together(mut requests: Vec<Answer<'_>>) -> Result<(), Error> {
    let mut answers: Vec<Option<Result<(), Error>>> = requests.iter().map(|_| None).collect();
    // The client hands a request over when it is first polled, so the first round keeps their order.
    std::future::poll_fn(|context| {
        let mut all = Poll::Ready(());
        for (request, answer) in requests.iter_mut().zip(&mut answers).filter(|(_, answer)| answer.is_none()) {
            match request.as_mut().poll(context) {
                Poll::Ready(done) => *answer = Some(done),
                Poll::Pending => all = Poll::Pending,
            }
        }
        all
    })
    .await;
    let mut first = Ok(());
    for answer in answers.into_iter().flatten() {
        match (&first, &answer) {
            (Ok(()), _) => first = answer,
            (Err(known), Err(error)) if fault::is_lost(error) && !fault::is_lost(known) => first = answer,
            _ => {}
        }
    }
    first
}
