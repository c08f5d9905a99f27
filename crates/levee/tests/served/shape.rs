//! The document that describes the server, and what every answer carries.

use crate::client::{Served, send};
use crate::support::City;
use std::collections::BTreeSet;

#[test]
fn every_answer_is_guarded_and_nothing_of_the_server_is_open_but_this() {
    let served = Served::start(City::live());
    let document = served.anybody().get("/openapi.json").ok().json();
    assert_eq!(document["openapi"], "3.1.0");
    let mut open = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let filled = path.replace("{day}", "2022-11-18");
            let filled: Vec<&str> =
                filled.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
            let filled = filled.join("/");
            let method = method.to_uppercase();
            let body = operation.get("requestBody").map(|_| b"{}".as_slice());
            let headers = [("content-type", "application/json"), ("x-levee", "1")];
            let answer = send(&served.base, &method, &filled, &headers, body);
            for (name, value) in [("x-content-type-options", "nosniff"), ("cache-control", "no-store")] {
                assert_eq!(answer.header(name), Some(value), "{method} {path}");
            }
            let policy = answer.header("content-security-policy").unwrap();
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
            if answer.status != 401 {
                open.insert(format!("{method} {path}"));
            }
        }
    }
    let doors = [
        "GET /api/v1/demonstration",
        "GET /api/v1/session/ways",
        "POST /api/v1/links",
        "POST /api/v1/session",
        "POST /api/v1/session/provider",
        "POST /api/v1/session/provider/return",
    ];
    assert_eq!(open, doors.map(str::to_owned).into());
    for path in ["/health", "/ready", "/metrics"] {
        served.anybody().get(path).ok();
    }
    // Templates of routes stand in the counts, never what was asked for.
    assert!(!served.anybody().get("/metrics").ok().text.contains("2022-11-18"));
}

/// The screens' client is made of this file; `LEVEE_WRITE_DOCS=1` writes it anew.
#[test]
fn the_document_that_the_screens_are_built_on_is_the_servers() {
    let told = City::none().run(&["openapi"]).done().out;
    let kept = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/src/api/generated/openapi.json");
    if std::env::var_os("LEVEE_WRITE_DOCS").is_some() {
        std::fs::write(&kept, &told).unwrap();
    }
    assert_eq!(std::fs::read_to_string(kept).unwrap(), told, "run this test once with LEVEE_WRITE_DOCS=1");
    let document: serde_json::Value = serde_json::from_str(&told).unwrap();
    // Whatever it refers to is there: another program makes a client of it.
    let mut refers = vec![];
    fn look(at: &serde_json::Value, refers: &mut Vec<String>) {
        match at {
            serde_json::Value::Object(fields) => {
                refers.extend(fields.get("$ref").and_then(|to| to.as_str()).map(str::to_owned));
                fields.values().for_each(|value| look(value, refers));
            }
            serde_json::Value::Array(values) => values.iter().for_each(|value| look(value, refers)),
            _ => {}
        }
    }
    look(&document, &mut refers);
    assert!(!refers.is_empty());
    for to in refers {
        assert!(document.pointer(to.trim_start_matches('#')).is_some(), "{to} leads nowhere");
    }
}
