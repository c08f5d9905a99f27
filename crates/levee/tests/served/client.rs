//! A server in a process of its own, and people who ask it.

use crate::support::{City, LEVEE};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

/// The password of everybody in these tests.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A running server; it ends with the value.
pub(crate) struct Served {
    pub(crate) city: City,
    pub(crate) base: String,
    /// The first start's link.
    pub(crate) link: Option<String>,
    process: Child,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert!((200..300).contains(&self.status), "{self:#?}");
        self
    }

    /// A problem of this status that says `words` and how to mend it.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, words: &str) -> Self {
        assert_eq!(self.status, status, "{self:#?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:#?}");
        let problem = self.json();
        assert_eq!(problem["status"], status, "{self:#?}");
        assert!(problem["detail"].as_str().unwrap().contains(words), "`{words}` is not said: {self:#?}");
        assert!(problem["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "no hint: {self:#?}");
        self
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

/// Sends a request with these headers.
pub(crate) fn send(base: &str, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Answer {
    try_send(base, method, path, headers, body).unwrap()
}

/// The same; the connection may break before the answer is whole.
pub(crate) fn try_send(
    base: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&[u8]>,
) -> Result<Answer, ureq::Error> {
    let agent = ureq::Agent::new_with_config(
        ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(60))).build(),
    );
    let mut request = ureq::http::Request::builder().method(method).uri(format!("{base}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answered = match body {
        Some(body) => agent.run(request.body(body.to_vec()).unwrap()),
        None => agent.run(request.body(()).unwrap()),
    };
    let mut answer = answered?;
    let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap_or_default().to_owned())
    };
    Ok(Answer {
        status: answer.status().as_u16(),
        headers: answer.headers().iter().map(header).collect(),
        // A stream does not end by itself.
        text: match answer.headers().get("content-type").is_some_and(|kind| kind == "text/event-stream") {
            true => String::new(),
            false => answer.body_mut().read_to_string()?,
        },
    })
}

impl Served {
    pub(crate) fn start(city: City) -> Self {
        Self::start_with(city, &[])
    }

    /// With more arguments.
    pub(crate) fn start_with(city: City, more: &[&str]) -> Self {
        let mut command = city.command(LEVEE);
        command.args(["serve", "city", "--listen", "127.0.0.1:0"]).args(more);
        Self::run(city, command)
    }

    /// Another server of the same city, which has to live in a database.
    pub(crate) fn beside(&self) -> Self {
        let mut command = self.city.command(LEVEE);
        command.args(["serve", "city", "--listen", "127.0.0.1:0"]);
        Self::run(City::none(), command)
    }

    /// Runs a command that serves a city.
    pub(crate) fn run(city: City, mut command: std::process::Command) -> Self {
        command.env("LEVEE_LOG", "warn");
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let base = first[first.find("http://").unwrap()..].trim().to_owned();
        // Nothing follows unless it is the first start: asked from a thread, so that nobody waits for what does not come.
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some((_, link)) = line.split_once("#link=") {
                    let _ = tell.send(link.trim().to_owned());
                }
            }
        });
        let link = told.recv_timeout(Duration::from_secs(2)).ok();
        Self { city, base, link, process }
    }

    /// The process, as the system knows it.
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Tells it to stop and waits until it has.
    pub(crate) fn stop(mut self) -> City {
        let told = std::process::Command::new("kill").arg(self.pid().to_string()).status().unwrap();
        assert!(told.success());
        assert!(self.process.wait().unwrap().success());
        std::mem::replace(&mut self.city, City::none())
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&mut self) -> City {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        std::mem::replace(&mut self.city, City::none())
    }

    pub(crate) fn anybody(&self) -> Browser {
        Browser { base: self.base.clone(), cookie: None }
    }

    /// The administrator, who sets their password with the first start's link.
    pub(crate) fn administrator(&self) -> Browser {
        let body = json!({ "link": self.link.as_ref().unwrap(), "password": PASSWORD });
        self.anybody().post("/api/v1/links", &body).ok();
        self.anybody().signed_in("admin")
    }

    /// Somebody of the city, with an account of the same name.
    pub(crate) fn person(&self, administrator: &Browser, id: &str) -> Browser {
        let made = administrator.post("/api/v1/accounts", &json!({ "login": id, "person": id })).ok().json();
        self.anybody().post("/api/v1/links", &json!({ "link": made["link"], "password": PASSWORD })).ok();
        self.anybody().signed_in(id)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Somebody with a browser.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    pub(crate) base: String,
    pub(crate) cookie: Option<String>,
}

impl Browser {
    pub(crate) fn signed_in(mut self, login: &str) -> Self {
        let answer = self.post("/api/v1/session", &json!({ "login": login, "password": PASSWORD })).ok();
        let cookie = answer.header("set-cookie").unwrap();
        for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        self.cookie = cookie.split(';').next().map(str::to_owned);
        self
    }

    pub(crate) fn ask(&self, method: &str, path: &str, more: &[(&str, &str)], body: Option<&Value>) -> Answer {
        let mut headers = more.to_vec();
        headers.push(("x-levee", "1"));
        headers.extend(self.cookie.as_deref().map(|cookie| ("cookie", cookie)));
        headers.extend(body.map(|_| ("content-type", "application/json")));
        let body = body.map(|body| body.to_string().into_bytes());
        send(&self.base, method, path, &headers, body.as_deref())
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, &[], Some(body))
    }
}
