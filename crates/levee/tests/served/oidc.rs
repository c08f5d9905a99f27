//! Another house vouches for people: a real provider in a process of its own says who somebody is; who gets in is said here.

use crate::client::{Answer, Browser, PASSWORD, Served, send};
use crate::support::City;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// Where `cargo verify` puts what is written in Python.
pub(crate) fn python() -> std::path::PathBuf {
    let venv = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/verify/venv/bin/python");
    let there = venv.is_file();
    assert!(there, "oidc-provider-mock is not on this machine and its tests cannot run; `cargo verify` installs it");
    venv
}

/// Listens at a port that is free, says which, and answers as the provider does until it is killed.
const PROVIDER: &str = "
import os, sys
os.environ['AUTHLIB_INSECURE_TRANSPORT'] = '1'
from datetime import timedelta
import oidc_provider_mock, werkzeug.serving
app = oidc_provider_mock.app(require_nonce=True, access_token_max_age=timedelta(seconds=int(sys.argv[1])))
server = werkzeug.serving.make_server('127.0.0.1', int(sys.argv[2]), app, threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
";

/// A provider; it ends with the value.
struct Provider {
    process: Child,
    port: u16,
}

impl Provider {
    /// Its tokens hold for so many seconds.
    fn start(holds: i64, port: u16) -> Self {
        let mut command = Command::new(python());
        command.args(["-c", PROVIDER, &holds.to_string(), &port.to_string()]);
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let said = BufReader::new(process.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        Self { process, port: said.trim().parse().unwrap() }
    }

    fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Somebody agrees at the provider's page; gives what it sends back with the browser.
    fn agrees(&self, address: &str, subject: &str) -> Value {
        let to = address.strip_prefix(&self.issuer()).unwrap();
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let agent = ureq::Agent::new_with_config(
            ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build(),
        );
        let request = ureq::http::Request::builder().method("POST").uri(format!("{}{to}", self.issuer()));
        let request = request.header(form[0].0, form[0].1).body(format!("sub={subject}")).unwrap();
        let mut answer = agent.run(request).unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        assert_eq!(answer.status().as_u16(), 302, "{text}");
        let back = answer.headers()["location"].to_str().unwrap().to_owned();
        let (page, query) = back.split_once('?').unwrap();
        assert!(page.ends_with("/sign-in/return"), "{back}");
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), Value::from(value)))
            .collect()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A city whose people may sign in at this provider.
fn served(provider: &Provider) -> Served {
    let city = City::live();
    city.write("secret.txt", "of levee alone\n");
    let file = format!(
        "schema = \"levee.oidc/1\"\nissuer = \"{}\"\nclient_id = \"levee\"\nclient_secret_file = \"secret.txt\"\nname_zh = \"市政账号\"\nname_en = \"City account\"\n",
        provider.issuer()
    );
    city.write("oidc.toml", file);
    Served::start_with(city, &["--oidc", "oidc.toml"])
}

const BEGIN: &str = "/api/v1/session/provider";
const RETURN: &str = "/api/v1/session/provider/return";

fn cookie(answer: &Answer, name: &str) -> Option<String> {
    let set = answer.headers.iter().filter(|(known, _)| known == "set-cookie");
    set.filter_map(|(_, line)| line.split(';').next()).find(|pair| pair.starts_with(name)).map(str::to_owned)
}

/// A try that somebody has begun: where the browser goes, and with which cookie it comes back.
struct Try {
    by: Browser,
    address: String,
}

fn begun(served: &Served, link: Option<&Value>) -> Try {
    let body = link.map_or(json!({}), |link| json!({ "link": link }));
    let answer = served.anybody().post(BEGIN, &body).ok();
    let line = answer.header("set-cookie").unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/api/v1/session/provider", "Max-Age=600"] {
        assert!(line.contains(part), "{line}");
    }
    let by = Browser { base: served.base.clone(), cookie: cookie(&answer, "levee_sign_in=") };
    Try { by, address: answer.json()["address"].as_str().unwrap().to_owned() }
}

impl Try {
    fn back(&self, with: &Value) -> Answer {
        self.by.post(RETURN, with)
    }
}

/// An invitation for an account of this person.
fn invited(admin: &Browser, id: &str) -> Value {
    admin.post("/api/v1/accounts", &json!({ "login": id, "person": id })).ok().json()["link"].clone()
}

/// Somebody who signs in at the provider.
fn through(served: &Served, provider: &Provider, subject: &str, link: Option<&Value>) -> Answer {
    let begun = begun(served, link);
    let with = provider.agrees(&begun.address, subject);
    begun.back(&with)
}

#[test]
fn whoever_was_invited_gets_in_and_nobody_else() {
    let provider = Provider::start(3600, 0);
    let served = served(&provider);
    let ways = served.anybody().get("/api/v1/session/ways").ok().json();
    assert_eq!(ways, json!({ "password": true, "provider": { "name_zh": "市政账号", "name_en": "City account" } }));
    let admin = served.administrator();
    // Nobody is made by signing in: a stranger is told whom to ask.
    let stranger = through(&served, &provider, "u-17", None).problem(403, "no account of Levee");
    assert!(stranger.json()["hint"].as_str().unwrap().contains("administrator"), "{stranger:?}");
    assert_eq!(admin.get("/api/v1/accounts").ok().json().as_array().unwrap().len(), 1);
    // The invitation says whom of ours they are.
    let link = invited(&admin, "lead-transfer");
    let signed = through(&served, &provider, "u-17", Some(&link)).ok();
    assert_eq!(signed.json()["person"]["id"], "lead-transfer");
    assert_eq!(signed.json()["second_factor"], false);
    let session = cookie(&signed, "levee_session=").unwrap();
    let leader = Browser { base: served.base.clone(), cookie: Some(session) };
    leader.get("/api/v1/city").ok();
    assert_eq!(cookie(&signed, "levee_sign_in=").as_deref(), Some("levee_sign_in="), "the try is over");
    // From then on without it; and it worked once.
    through(&served, &provider, "u-17", None).ok();
    through(&served, &provider, "u-18", Some(&link)).problem(422, "was used");
    through(&served, &provider, "u-18", None).problem(403, "no account of Levee");
    // One account there is one account here.
    let other = invited(&admin, "lead-testing");
    through(&served, &provider, "u-17", Some(&other)).problem(409, "another account of Levee");
    through(&served, &provider, "u-18", Some(&other)).ok();
    let shown = admin.get("/api/v1/accounts").ok().json();
    let linked: Vec<_> =
        shown.as_array().unwrap().iter().map(|one| (one["login"].clone(), one["linked"].clone())).collect();
    assert_eq!(
        linked,
        [(json!("admin"), json!(false)), (json!("lead-testing"), json!(true)), (json!("lead-transfer"), json!(true))]
    );
    // Linked anew to somebody else there: whom it was linked to before gets in no more.
    let again = admin.ask("POST", "/api/v1/accounts/lead-transfer/link", &[], None).ok().json()["link"].clone();
    through(&served, &provider, "u-19", Some(&again)).ok();
    leader.get("/api/v1/city").problem(401, "has ended");
    through(&served, &provider, "u-17", None).problem(403, "no account of Levee");
    // Closed is closed, whoever vouches.
    admin.ask("PUT", "/api/v1/accounts/lead-transfer", &[], Some(&json!({ "closed": true }))).ok();
    through(&served, &provider, "u-19", None).problem(403, "closed");
}

#[test]
fn what_comes_back_must_belong_to_the_try_that_this_browser_began() {
    let provider = Provider::start(3600, 0);
    let served = served(&provider);
    let admin = served.administrator();
    let link = invited(&admin, "lead-transfer");
    through(&served, &provider, "u-17", Some(&link)).ok();

    // Without the cookie, with another's, with another state.
    let first = begun(&served, None);
    let with = provider.agrees(&first.address, "u-17");
    served.anybody().post(RETURN, &with).problem(401, "not begun in this browser");
    begun(&served, None).back(&with).problem(401, "not begun in this browser");
    let mut wrong = with.clone();
    wrong["state"] = json!("0".repeat(64));
    first.back(&wrong).problem(401, "not begun in this browser");
    // Another's page cannot send it either: JSON from elsewhere is asked about first, and a form is not taken.
    let form = [("cookie", first.by.cookie.as_deref().unwrap()), ("content-type", "application/x-www-form-urlencoded")];
    send(&served.base, "POST", RETURN, &form, Some(b"state=x")).problem(415, "Content-Type");
    // None of these used the code up.
    first.back(&with).ok();
    // It works once.
    first.back(&with).problem(401, "it refused: invalid_grant");

    // A token that was asked for in another try says another nonce.
    let other = begun(&served, None);
    let nonce = |address: &str| {
        let (_, rest) = address.split_once("nonce=").unwrap();
        rest.split('&').next().unwrap().to_owned()
    };
    let exchanged = other.address.replace(&nonce(&other.address), &nonce(&first.address));
    assert_ne!(exchanged, other.address);
    // The provider itself takes a nonce once.
    let exchanged = exchanged.replace(&nonce(&first.address), &"f".repeat(64));
    let with = provider.agrees(&exchanged, "u-17");
    other.back(&with).problem(401, "another try to sign in");
    for part in ["response_type=code", "code_challenge_method=S256", "code_challenge=", "scope=openid"] {
        assert!(other.address.contains(part), "{}", other.address);
    }
    // Whoever does not agree is not in.
    let refuses = begun(&served, None);
    let (_, rest) = refuses.address.split_once("state=").unwrap();
    let state = rest.split('&').next().unwrap();
    refuses.back(&json!({ "state": state, "error": "access_denied" })).problem(401, "it refused: access_denied");
    refuses.back(&json!({ "state": state })).problem(401, "it refused: no_code");
}

#[test]
fn a_token_that_has_expired_lets_nobody_in() {
    let provider = Provider::start(-3600, 0);
    let served = served(&provider);
    let admin = served.administrator();
    let link = invited(&admin, "lead-transfer");
    through(&served, &provider, "u-17", Some(&link)).problem(401, "expired");
    // And the invitation was not used up by it.
    served.anybody().post("/api/v1/links", &json!({ "link": link, "password": PASSWORD })).ok();
}

#[test]
fn a_provider_that_is_gone_keeps_nobody_out_who_has_a_password() {
    let provider = Provider::start(3600, 0);
    let (port, served) = (provider.port, served(&provider));
    // It went before anybody asked it: nothing was fetched at the start.
    drop(provider);
    let down = served.anybody().post(BEGIN, &json!({})).problem(503, "does not answer");
    assert!(down.header("retry-after").is_some());
    let admin = served.administrator();
    let leader = served.person(&admin, "lead-transfer");
    leader.get("/api/v1/city").ok();
    // It comes back, with other keys; the server needs no restart.
    let provider = Provider::start(3600, port);
    let link = admin.ask("POST", "/api/v1/accounts/lead-transfer/link", &[], None).ok().json()["link"].clone();
    let begun = std::iter::repeat_with(|| {
        std::thread::sleep(std::time::Duration::from_millis(250));
        served.anybody().post(BEGIN, &json!({}))
    });
    begun.take(80).find(|answer| answer.status == 200).expect("it is asked again");
    through(&served, &provider, "u-17", Some(&link)).ok();
    // Between the two steps it changes its keys: they are fetched anew.
    drop(provider);
    let begun = self::begun(&served, None);
    let provider = Provider::start(3600, port);
    let with = provider.agrees(&begun.address, "u-17");
    begun.back(&with).ok();
    drop(provider);
    let begun = self::begun(&served, None);
    let (_, rest) = begun.address.split_once("state=").unwrap();
    let with = json!({ "state": rest.split('&').next().unwrap(), "code": "x" });
    begun.back(&with).problem(503, "does not answer");
}

#[test]
fn a_second_factor_here_is_not_passed_by_a_provider_that_saw_none() {
    let provider = Provider::start(3600, 0);
    let served = served(&provider);
    let admin = served.administrator();
    let link = invited(&admin, "lead-transfer");
    let signed = through(&served, &provider, "u-17", Some(&link)).ok();
    let leader = Browser { base: served.base.clone(), cookie: cookie(&signed, "levee_session=") };
    let secret = leader.ask("POST", "/api/v1/session/factor", &[], None).ok().json()["secret"].clone();
    let code = totp(secret.as_str().unwrap());
    leader.ask("PUT", "/api/v1/session/factor", &[], Some(&json!({ "secret": secret, "code": code }))).ok();
    through(&served, &provider, "u-17", None).problem(403, "does not say that it saw one");
}

/// Six digits of a second factor, by another program than ours.
fn totp(secret: &str) -> String {
    const CODE: &str = "
import base64, hmac, struct, sys, time
key = base64.b32decode(sys.argv[1] + '=' * (-len(sys.argv[1]) % 8))
digest = hmac.new(key, struct.pack('>Q', int(time.time()) // 30), 'sha1').digest()
at = digest[-1] & 15
print('%06d' % ((struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1000000))
";
    let said = Command::new(python()).args(["-c", CODE, secret]).output().unwrap();
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_file_that_describes_no_house_is_refused_before_anybody_is_served() {
    let city = City::live();
    let serve = ["serve", "city", "--listen", "127.0.0.1:0", "--oidc", "oidc.toml"];
    city.run(&serve).refused(&["oidc.toml"]);
    let file = |issuer: &str, more: &str| {
        format!(
            "schema = \"levee.oidc/1\"\nissuer = \"{issuer}\"\nclient_id = \"levee\"\nname_zh = \"市\"\nname_en = \"City\"\n{more}"
        )
    };
    for (text, words) in [
        (file("http://id.example.org", ""), &["issuer", "https", "mend"][..]),
        (file("https://id.example.org", "address = \"https://levee.example.org/\"\n"), &["address", "slash"]),
        (file("https://id.example.org", "client_secret = \"hush\"\n"), &["does not describe", "client_secret"]),
        (file("https://id.example.org", "client_secret_file = \"nowhere.txt\"\n"), &["nowhere.txt"]),
        (file("https://id.example.org", "").replace("oidc/1", "oidc/9"), &["levee.oidc/9"]),
    ] {
        city.write("oidc.toml", text);
        city.run(&serve).refused(words);
    }
    city.write("oidc.toml", file("https://id.example.org", ""));
    city.run(&[&serve[..], &["--behind-tls"]].concat()).refused(&["has to say `address`"]);
}
