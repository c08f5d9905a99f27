//! The server as a process of its own.

use crate::client::{Ask, Target};
use levee_bench::BenchError;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

const PASSWORD: &str = "correct horse battery staple";
const PERSON: &str = "commander-1";

/// The folder of the keys: beside the city's, never in it.
pub(crate) fn keys(folder: &Path) -> PathBuf {
    folder.with_extension("keys")
}

/// A running server.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    /// From its start until it was ready.
    pub(crate) took: Duration,
    /// The first start's link.
    link: Option<String>,
    process: Child,
}

impl Running {
    pub(crate) async fn start(levee: &Path, folder: &Path) -> Result<Self, BenchError> {
        let started = Instant::now();
        let mut command = Command::new(levee);
        command.args(["serve"]).arg(folder).args(["--listen", "127.0.0.1:0", "--requests-per-second", "1000000"]);
        command.env("LEVEE_KEYS", keys(folder)).env("LEVEE_LOG", "warn").stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn()?;
        let mut lines = BufReader::new(process.stdout.take().ok_or("no output")?).lines();
        let first = lines.next_line().await?.ok_or("the server said nothing")?;
        let (_, address) = first.split_once("http://").ok_or("no address")?;
        let address = address.trim().parse()?;
        let mut ready = false;
        while !ready && started.elapsed() < Duration::from_secs(60) {
            let target = Target { address, token: String::new() };
            ready = match target.connect().await {
                Ok(mut open) => open.ask(&target, &Ask::get("/ready".to_owned())).await?.0 == 200,
                Err(_) => false,
            };
        }
        let took = started.elapsed();
        println!("ready after {:.0} ms", took.as_secs_f64() * 1e3);
        let mut link = None;
        while let Ok(Ok(Some(line))) = tokio::time::timeout(Duration::from_secs(1), lines.next_line()).await {
            link = line.split_once("#link=").map(|(_, link)| link.trim().to_owned()).or(link);
        }
        Ok(Self { address, took, link, process })
    }

    async fn say(&self, cookie: Option<&str>, path: &str, body: &Value) -> Result<(Value, Option<String>), BenchError> {
        let target = Target { address: self.address, token: String::new() };
        let mut request = target.request(&Ask::post(path, body))?;
        request.headers_mut().remove("authorization");
        request.headers_mut().insert("x-levee", "1".parse()?);
        if let Some(cookie) = cookie {
            request.headers_mut().insert("cookie", cookie.parse()?);
        }
        let (answer, cookie) = target.connect().await?.full(request).await?;
        Ok((serde_json::from_slice(&answer).unwrap_or_default(), cookie))
    }

    async fn signed_in(&self, login: &str) -> Result<String, BenchError> {
        let (_, cookie) = self.say(None, "/api/v1/session", &json!({ "login": login, "password": PASSWORD })).await?;
        Ok(cookie.ok_or("no cookie")?)
    }

    /// The token of a commander: made at the first start, and kept beside the city.
    pub(crate) async fn token(&self, folder: &Path) -> Result<String, BenchError> {
        let kept = folder.join("load-token");
        let Some(link) = &self.link else { return Ok(std::fs::read_to_string(kept)?) };
        self.say(None, "/api/v1/links", &json!({ "link": link, "password": PASSWORD })).await?;
        let admin = self.signed_in("admin").await?;
        let (made, _) =
            self.say(Some(&admin), "/api/v1/accounts", &json!({ "login": PERSON, "person": PERSON })).await?;
        self.say(None, "/api/v1/links", &json!({ "link": made["link"], "password": PASSWORD })).await?;
        let person = self.signed_in(PERSON).await?;
        let body = json!({ "name": "load", "scope": "full", "days": 7 });
        let (made, _) = self.say(Some(&person), "/api/v1/tokens", &body).await?;
        let token = made["token"].as_str().ok_or_else(|| format!("no token: {made}"))?.to_owned();
        std::fs::write(kept, &token)?;
        Ok(token)
    }

    /// Memory now and at its peak, as the system says.
    pub(crate) fn memory(&self) -> String {
        let Some(pid) = self.process.id() else { return "gone".to_owned() };
        let all = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let of = |name: &str| {
            let line = all.lines().find(|line| line.starts_with(name));
            line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024
        };
        format!("{} MiB now, {} MiB at most", of("VmRSS:"), of("VmHWM:"))
    }

    /// Processor time so far.
    pub(crate) fn processor(&self) -> Duration {
        let Some(pid) = self.process.id() else { return Duration::ZERO };
        let all = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let after = all.rsplit_once(')').map_or("", |(_, rest)| rest);
        let ticks = after.split_whitespace().skip(11).take(2).filter_map(|one| one.parse::<u64>().ok());
        Duration::from_millis(ticks.sum::<u64>() * 10)
    }

    /// Ends it as a power cut would.
    pub(crate) async fn stop(mut self) -> Result<&'static str, BenchError> {
        self.process.kill().await?;
        Ok("SIGKILL")
    }
}
