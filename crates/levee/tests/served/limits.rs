//! Nobody gets more than their share, nobody holds a connection by dribbling, and nothing of it stands before urgent care.

use crate::client::{PASSWORD, Served};
use crate::support::City;
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

const AT: &str = "2022-11-18T20:00:00+08:00";

#[test]
fn who_asks_too_much_has_to_wait_and_urgent_care_does_not() {
    let served = Served::start_with(City::replay(), &["--requests-per-second", "1"]);
    let admin = served.administrator();
    let (auditor, other) = (served.person(&admin, "auditor-1"), served.person(&admin, "lead-testing"));
    let refused = (0..30).map(|_| auditor.get("/api/v1/session")).find(|answer| answer.status != 200).unwrap();
    let refused = refused.problem(429, "more than its share");
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=2).contains(&wait), "{refused:?}");
    // Others go on, and so does urgent care, for anybody.
    other.get("/api/v1/session").ok();
    for nth in 0..30 {
        let subject = format!("p-{nth}");
        auditor.post("/api/v1/urgent-care", &json!({ "subject": subject, "at": AT })).ok();
    }
    auditor.post("/api/v1/urgent-care", &json!({ "subject": "", "at": AT })).problem(422, "subject");
    served.anybody().post("/api/v1/urgent-care", &json!({ "subject": "p", "at": AT })).problem(401, "neither");
    // The address has its share too, whoever is signed in: made-up sessions do not lift it.
    let forged = (0..200)
        .map(|nth| format!("levee_session={nth:064x}"))
        .map(|cookie| crate::client::send(&served.base, "GET", "/api/v1/session", &[("cookie", &cookie)], None).status);
    assert!(forged.into_iter().any(|status| status == 429), "made-up sessions lift the limit");
}

#[test]
fn tries_to_sign_in_are_fewer_still() {
    let served = Served::start(City::live());
    let admin = served.administrator();
    let body = json!({ "link": "a".repeat(64), "password": PASSWORD });
    let tries: Vec<u16> = (0..250).map(|_| served.anybody().post("/api/v1/links", &body).status).collect();
    assert!(tries.contains(&422) && tries.contains(&429), "{tries:?}");
    // Whoever is in stays in.
    admin.get("/api/v1/session").ok();
}

/// What the server says to raw bytes, sent with pauses, until it closes; none if it still listens after a minute.
fn dribble(base: &str, pieces: &[&str], pause: Duration) -> Option<String> {
    let mut stream = TcpStream::connect(base.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    for piece in pieces {
        // Once it has closed, nothing more can be sent.
        if stream.write_all(piece.as_bytes()).is_err() {
            break;
        }
        std::thread::sleep(pause);
    }
    let mut said = vec![];
    match stream.read_to_end(&mut said) {
        Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => None,
        _ => Some(String::from_utf8_lossy(&said).into_owned()),
    }
}

#[test]
fn a_client_that_dribbles_is_closed() {
    let served = Served::start(City::live());
    let base = served.base.clone();
    let head = "POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 4000\r\n";
    let in_the_head = std::thread::spawn({
        let base = base.clone();
        move || dribble(&base, &[head], Duration::ZERO)
    });
    let in_the_body = dribble(&base, &[head, "\r\n", "{", "\"", "l"], Duration::from_millis(300));
    let said = in_the_body.expect("a body that never comes holds its connection");
    assert!(said.starts_with("HTTP/1.1 408") && said.contains("too slowly"), "{said}");
    let said = in_the_head.join().unwrap().expect("a head that never ends holds its connection");
    assert!(!said.starts_with("HTTP/1.1 2"), "{said}");
    // Meanwhile and afterwards others are served.
    served.anybody().get("/health").ok();
    let long = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "x".repeat(200_000));
    let said = dribble(&base, &[&long], Duration::ZERO).unwrap();
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{said}");
}
