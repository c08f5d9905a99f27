//! A PostgreSQL server for tests: made in a temporary folder, reached by a socket in it, gone with the value.
#![allow(dead_code, reason = "each program that includes this uses another part of it")]

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

/// What the server is told besides where it lies. Durability is for those who test it.
const SETTINGS: [&str; 6] = [
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "shared_buffers=64MB",
    "max_connections=100",
    "log_min_messages=panic",
];

/// A running server. Its address is a folder that only its owner enters.
pub(crate) struct Server {
    process: Child,
    folder: tempfile::TempDir,
    settings: Vec<String>,
    made: AtomicU32,
}

/// Runs a server on the data in a folder.
fn run(folder: &Path, settings: &[String]) -> Child {
    let mut start = Owner::of(folder).command(&programs().join("postgres"));
    start.arg("-D").arg(folder.join("data")).arg("-k").arg(folder);
    for setting in settings {
        start.args(["-c", setting]);
    }
    start.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

impl Server {
    /// Makes and starts one.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same, with further settings (`name=value`).
    pub(crate) fn start_with(settings: &[&str]) -> Self {
        let programs = programs();
        let folder = tempfile::Builder::new().prefix("pg").tempdir().unwrap();
        let owner = Owner::find(folder.path());
        let data = folder.path().join("data");
        let made = owner
            .command(&programs.join("initdb"))
            .args(["--username=levee", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"])
            .arg("--no-instructions")
            .arg("--pgdata")
            .arg(&data)
            .stdout(Stdio::null())
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb failed: {}", String::from_utf8_lossy(&made.stderr));
        let settings: Vec<String> = SETTINGS.iter().chain(settings).map(|setting| (*setting).to_owned()).collect();
        let process = run(folder.path(), &settings);
        let server = Self { process, folder, settings, made: AtomicU32::new(0) };
        server.wait();
        server
    }

    fn wait(&self) {
        let begun = Instant::now();
        while Admin::try_connect(&self.address("postgres")).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(60), "PostgreSQL did not start within a minute");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops it as an administrator does who does not wait for those who are connected.
    pub(crate) fn stop(&mut self) {
        assert!(Command::new("kill").args(["-INT", &self.process.id().to_string()]).status().unwrap().success());
        self.process.wait().unwrap();
    }

    /// Starts it again, with what it held.
    pub(crate) fn start_again(&mut self) {
        self.process = run(self.folder.path(), &self.settings);
        self.wait();
    }

    /// The folder of its socket.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// How a database of it is reached.
    pub(crate) fn address(&self, database: &str) -> String {
        format!("host={} user=levee dbname={database}", self.folder.path().display())
    }

    /// Makes an empty database; gives its address.
    pub(crate) fn database(&self) -> String {
        let name = format!("city_{}", self.made.fetch_add(1, Ordering::Relaxed));
        Admin::connect(&self.address("postgres")).run(&format!("CREATE DATABASE {name}"));
        self.address(&name)
    }

    /// A database as `pg_dump` gives it, without comments and without the settings that older servers do not know.
    pub(crate) fn dump(&self, address: &str) -> String {
        let dumped = Command::new(programs().join("pg_dump"))
            .args(["--inserts", "--no-owner", "--no-comments", "--schema=levee", address])
            .output()
            .unwrap();
        assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
        let text = String::from_utf8(dumped.stdout).unwrap();
        let kept = |line: &&str| {
            let kept_setting = line.starts_with("SET client_encoding") || line.starts_with("SET standard_conforming");
            !(line.starts_with("--") || line.starts_with('\\') || line.starts_with("SET ") && !kept_setting)
        };
        let mut lines: Vec<&str> = text.lines().filter(kept).collect();
        lines.dedup_by(|next, before| next.is_empty() && before.is_empty());
        lines.join("\n").trim().to_owned() + "\n"
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // "Immediate": the data go with the folder anyway.
        let _ = Command::new("kill").args(["-QUIT", &self.process.id().to_string()]).status();
        let _ = self.process.wait();
    }
}

/// Where the server's programs are.
fn programs() -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    found.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let known = found.into_iter().rev().map(|(_, folder)| folder).chain(std::env::split_paths(&path));
    known
        .into_iter()
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
        .unwrap_or_else(|| {
            panic!(
                "PostgreSQL's server is not on this machine and its tests cannot run; `cargo verify` installs it, or: \
         sudo apt-get install --no-install-recommends postgresql-15"
            )
        })
}

/// Who runs the server: it refuses to run as root.
struct Owner {
    ids: Option<(u32, u32)>,
}

impl Owner {
    /// Whoever owns the folder already.
    fn of(folder: &Path) -> Self {
        let owns = std::fs::metadata(folder).unwrap();
        let root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
        Self { ids: root.then(|| (owns.uid(), owns.gid())) }
    }

    /// Root takes somebody without rights and gives them the folder; anybody else runs it as themselves.
    fn find(folder: &Path) -> Self {
        if std::fs::metadata(folder).unwrap().uid() != 0 {
            return Self { ids: None };
        }
        let users = std::fs::read_to_string("/etc/passwd").unwrap();
        let ids = |name: &str| {
            let line = users.lines().find(|line| line.starts_with(&format!("{name}:")))?;
            let mut fields = line.split(':').skip(2);
            Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
        };
        let ids: (u32, u32) = ids("postgres")
            .or_else(|| ids("nobody"))
            .unwrap_or_else(|| panic!("there is no user `postgres` or `nobody`"));
        std::os::unix::fs::chown(folder, Some(ids.0), Some(ids.1)).unwrap();
        Self { ids: Some(ids) }
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("setpriv");
        if let Some((user, group)) = self.ids {
            command.args([format!("--reuid={user}"), format!("--regid={group}"), "--clear-groups".to_owned()]);
        }
        // A test that is killed takes its server with it.
        command.args(["--pdeathsig=QUIT", "--"]).arg(program).current_dir("/");
        command
    }
}

/// Somebody who works on a database behind the journal's back.
pub(crate) struct Admin {
    runtime: tokio::runtime::Runtime,
    client: Client,
    prepared: std::cell::RefCell<Option<tokio_postgres::Statement>>,
}

impl Admin {
    fn try_connect(address: &str) -> Result<Self, tokio_postgres::Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (client, connection) = runtime.block_on(tokio_postgres::connect(address, NoTls))?;
        runtime.spawn(async {
            // Ends with the client.
            let _ = connection.await;
        });
        Ok(Self { runtime, client, prepared: std::cell::RefCell::default() })
    }

    pub(crate) fn connect(address: &str) -> Self {
        Self::try_connect(address).unwrap()
    }

    /// Runs statements; gives the cells of the rows of the last one as texts.
    pub(crate) fn run(&self, sql: &str) -> Vec<Vec<String>> {
        self.try_run(sql).unwrap_or_else(|error| panic!("{sql}: {error:?}"))
    }

    pub(crate) fn try_run(&self, sql: &str) -> Result<Vec<Vec<String>>, tokio_postgres::Error> {
        let messages = self.runtime.block_on(self.client.simple_query(sql))?;
        let mut rows = vec![];
        for message in messages {
            if let SimpleQueryMessage::Row(row) = message {
                rows.push((0..row.len()).map(|nth| row.get(nth).unwrap_or("NULL").to_owned()).collect());
            }
        }
        Ok(rows)
    }

    /// Runs a prepared statement with one parameter of bytes.
    pub(crate) fn insert(&self, sql: &'static str, bytes: &[u8]) {
        let mut prepared = self.prepared.borrow_mut();
        let done = self.runtime.block_on(async {
            if prepared.is_none() {
                *prepared = Some(self.client.prepare(sql).await?);
            }
            self.client.execute(prepared.as_ref().unwrap(), &[&bytes]).await
        });
        done.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    /// Runs one statement; gives how many rows it changed.
    pub(crate) fn change(&self, sql: &str) -> u64 {
        self.runtime.block_on(self.client.execute(sql, &[])).unwrap_or_else(|error| panic!("{sql}: {error:?}"))
    }
}
