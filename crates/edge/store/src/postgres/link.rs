//! The connection to the server: made, set up, and made again when it was lost.

use super::fault::{self, PostgresFault};
use levee_app::journal::JournalError;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::str::FromStr as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_postgres::config::Host;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Statement};

/// How long the server may take to answer a new connection, unless the address says otherwise.
const CONNECT: Duration = Duration::from_secs(10);

/// How long a connection may be silent before it is asked whether it lives, and how long an answer may take. A dead
/// network is noticed within a minute instead of two hours.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// How long a database that went away during a commit is asked what became of it: a server that recovers from a crash is
/// back within seconds.
const PATIENCE: Duration = Duration::from_secs(15);

/// What every connection of ours has, unless the address, the user or the database sets it otherwise.
///
/// - A commit is acknowledged when it is on the server's disk.
/// - Whoever waits a minute for another process's commit is told that the city is busy.
/// - A process that dies with its machine in the middle of a commit holds up the others for two minutes at most: the
///   network tells sooner, when it can.
/// - Bodies of events are compressed with LZ4 where the server can; PostgreSQL's own method takes several times as long.
const SET_UP: &str = "\
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
SELECT set_config('lock_timeout', '60s', false) WHERE current_setting('lock_timeout') = '0';
SELECT set_config('idle_in_transaction_session_timeout', '120s', false)
 WHERE current_setting('idle_in_transaction_session_timeout') = '0';
SELECT set_config('tcp_keepalives_idle', '30', false), set_config('tcp_keepalives_interval', '10', false),
       set_config('tcp_keepalives_count', '3', false) WHERE inet_client_addr() IS NOT NULL;
SELECT set_config(name, 'lz4', false) FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals);
SET search_path TO pg_catalog";

/// One connection. Everything on it is waited for; what is sent together travels together.
pub(super) struct Session {
    /// `None` only while it is dropped.
    client: Option<Client>,
    /// Carries the bytes; runs while something is waited for.
    carrier: Option<JoinHandle<()>>,
    runtime: Runtime,
    /// Told at every notification.
    pub(super) woken: Arc<Notify>,
    statements: Mutex<BTreeMap<&'static str, Statement>>,
}

impl Session {
    fn connect(config: &Config, place: &str, read_only: bool) -> Result<Self, JournalError> {
        let system = |error| fault::store(place, PostgresFault::System(error));
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build().map_err(system)?;
        let woken = Arc::new(Notify::new());
        let (client, mut connection) = runtime.block_on(config.connect(NoTls)).map_err(|error| match error.code() {
            Some(code) if *code == tokio_postgres::error::SqlState::UNDEFINED_DATABASE => {
                fault::store(place, PostgresFault::Missing)
            }
            _ => fault::store(place, PostgresFault::Unreachable(error)),
        })?;
        let wake = Arc::clone(&woken);
        let carrier = runtime.spawn(async move {
            // Ends with the connection; who waits for an answer is told why by the client.
            while let Some(Ok(message)) = std::future::poll_fn(|context| connection.poll_message(context)).await {
                if let AsyncMessage::Notification(_) = message {
                    wake.notify_one();
                }
            }
        });
        let statements = Mutex::default();
        let session = Self { client: Some(client), carrier: Some(carrier), runtime, woken, statements };
        let read_only = if read_only { "; SET default_transaction_read_only TO on" } else { "" };
        session
            .wait_for(session.client().batch_execute(&format!("{SET_UP}{read_only}")))
            .map_err(|error| fault::postgres(place, error))?;
        Ok(session)
    }

    #[expect(clippy::expect_used, reason = "taken in `drop` only")]
    pub(super) fn client(&self) -> &Client {
        self.client.as_ref().expect("a session in use has its client")
    }

    /// Waits until it is done. Never called while it waits already.
    pub(super) fn wait_for<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// A statement, prepared once per connection.
    pub(super) async fn prepared(&self, sql: &'static str) -> Result<Statement, tokio_postgres::Error> {
        // A panic elsewhere cannot leave the map half changed.
        let known = self.statements.lock().unwrap_or_else(PoisonError::into_inner).get(sql).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let statement = self.client().prepare(sql).await?;
        self.statements.lock().unwrap_or_else(PoisonError::into_inner).insert(sql, statement.clone());
        Ok(statement)
    }
}

impl Drop for Session {
    /// Says goodbye, so that the server ends what was begun at once and does not note a broken connection.
    fn drop(&mut self) {
        drop(self.client.take());
        // Within another runtime nothing can be waited for; the server then notices by itself.
        if let (Some(carrier), Err(_)) = (self.carrier.take(), tokio::runtime::Handle::try_current()) {
            let _ = self.runtime.block_on(async { tokio::time::timeout(Duration::from_secs(1), carrier).await });
        }
    }
}

/// The way to one database, and the connection to it while there is one.
pub(super) struct Link {
    config: Config,
    /// The database as errors name it; without the password.
    pub(super) place: String,
    pub(super) read_only: bool,
    /// How long an unknown outcome is looked for.
    pub(super) patience: Duration,
    session: RefCell<Option<Arc<Session>>>,
    /// How many snapshots are open on the session; while there is one, no other connection takes its place.
    held: Cell<u32>,
}

/// One moment of the database, for as long as it lives: whatever is asked on the link meanwhile is asked of it.
pub(super) struct Snapshot<'l> {
    link: &'l Link,
    pub(super) session: Arc<Session>,
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        self.link.held.set(self.link.held.get() - 1);
        if self.link.held.get() == 0 {
            // When it cannot be ended the connection is gone, and the snapshot with it.
            let _ = self.session.wait_for(self.session.client().batch_execute("ROLLBACK"));
        }
    }
}

impl Link {
    /// Nothing is connected yet.
    pub(super) fn new(address: &str, read_only: bool) -> Result<Self, JournalError> {
        let unread = |error| fault::store("PostgreSQL", PostgresFault::Address(error));
        let mut config = Config::from_str(address).map_err(unread)?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_keepalives_interval().is_none() {
            config.keepalives_idle(KEEPALIVE).keepalives_interval(KEEPALIVE / 3).keepalives_retries(3);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(KEEPALIVE);
        }
        if config.get_application_name().is_none() {
            config.application_name("levee");
        }
        let place = named(&config);
        Ok(Self { config, place, read_only, patience: PATIENCE, session: RefCell::default(), held: Cell::new(0) })
    }

    /// The database as it is now; within a snapshot, that one.
    pub(super) fn snapshot(&self) -> Result<Snapshot<'_>, JournalError> {
        let session = if self.held.get() == 0 {
            let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
            // The connection that has the snapshot; a newer one would see another moment with every page.
            self.ask_with(async |session| session.client().batch_execute(begin).await)?.1
        } else {
            self.session()?
        };
        self.held.set(self.held.get() + 1);
        Ok(Snapshot { link: self, session })
    }

    /// The connection; made anew when there is none or it is known to be gone.
    pub(super) fn session(&self) -> Result<Arc<Session>, JournalError> {
        if let Some(session) =
            self.session.borrow().as_ref().filter(|session| self.held.get() > 0 || !session.client().is_closed())
        {
            return Ok(Arc::clone(session));
        }
        self.forget();
        let session = Arc::new(Session::connect(&self.config, &self.place, self.read_only)?);
        self.session.replace(Some(Arc::clone(&session)));
        Ok(session)
    }

    /// Drops the connection; the next call makes a new one.
    pub(super) fn forget(&self) {
        drop(self.session.take());
    }

    /// Asks something that changes nothing; a connection that turns out to be lost is made again, once.
    pub(super) fn ask<T>(
        &self,
        ask: impl AsyncFn(&Session) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, JournalError> {
        self.ask_with(ask).map(|(answer, _)| answer)
    }

    /// The same, with the connection that answered.
    #[expect(clippy::needless_pass_by_value, reason = "a closure made for this call")]
    pub(super) fn ask_with<T>(
        &self,
        ask: impl AsyncFn(&Session) -> Result<T, tokio_postgres::Error>,
    ) -> Result<(T, Arc<Session>), JournalError> {
        let mut session = self.session()?;
        let mut answer = session.wait_for(ask(&session));
        if let Err(error) = &answer
            && fault::is_lost(error)
            && self.held.get() == 0
        {
            self.forget();
            session = self.session()?;
            answer = session.wait_for(ask(&session));
        }
        answer.map(|answer| (answer, session)).map_err(|error| self.fault(error))
    }

    /// The error of something that was certainly not committed. A lost connection is forgotten.
    pub(super) fn fault(&self, error: tokio_postgres::Error) -> JournalError {
        if fault::is_lost(&error) && self.held.get() == 0 {
            self.forget();
        }
        fault::postgres(&self.place, error)
    }
}

fn named(config: &Config) -> String {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        Some(Host::Unix(folder)) => folder.display().to_string(),
        None => "?".to_owned(),
    };
    let database = config.get_dbname().or(config.get_user()).unwrap_or("?");
    match config.get_ports().first() {
        Some(port) if *port != 5432 => format!("PostgreSQL database `{database}` at {host}:{port}"),
        _ => format!("PostgreSQL database `{database}` at {host}"),
    }
}
