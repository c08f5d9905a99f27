//! A program that others wrote tries every route of the document: whatever it sends, the answer is one that the document names, in the
//! form that it names, and never a fault. A line of `cargo verify` of its own: it takes two minutes.

use crate::client::{PASSWORD, Served};
use crate::day::riverside_with;
use serde_json::json;
use std::process::{Command, Stdio};

/// What is judged. Left out are those that want more of a document than it can say (which input is refused depends on what the city holds),
/// and the one that shows a wrong cookie beside a right token: either lets in. That nothing else does, `shape.rs` shows.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
    response_schema_conformance,unsupported_method,allow_header_conformance";

/// Signs out the very token that it asks with; a stream that does not end.
const LEFT_OUT: [&str; 2] = ["sign_out", "changes"];

/// A program with everything that an administrator who is a commander may.
fn token(served: &Served) -> String {
    let admin = served.administrator();
    let account = json!({ "login": "program", "person": "commander-1", "administrator": true });
    let made = admin.post("/api/v1/accounts", &account).ok().json();
    served.anybody().post("/api/v1/links", &json!({ "link": made["link"], "password": PASSWORD })).ok();
    let program = served.anybody().signed_in("program");
    let made = program.post("/api/v1/tokens", &json!({ "name": "tries", "scope": "full", "days": 1 })).ok();
    made.json()["token"].as_str().unwrap().to_owned()
}

#[test]
#[ignore = "a line of `cargo verify` of its own"]
fn whatever_is_sent_the_answer_is_one_that_the_document_names() {
    let schemathesis = crate::oidc::python().with_file_name("st");
    assert!(schemathesis.is_file(), "schemathesis is not on this machine; `cargo verify` installs it");
    let served = riverside_with(&["--requests-per-second", "1000000"]);
    let token = token(&served);
    let mut st = Command::new(schemathesis);
    st.args(["run", &format!("{}/openapi.json", served.base), "--header", &format!("Authorization: Bearer {token}")])
        .args(["--checks", CHECKS, "--phases", "coverage,fuzzing", "--mode", "all"])
        // The same requests every time, and a bound on how many and how long.
        .args(["--seed", "20221118", "--max-examples", "4", "--workers", "1"])
        .args(["--request-timeout", "30", "--max-time", "90", "--suppress-health-check", "all", "--no-shrink"])
        .args(["--continue-on-failure", "--warnings", "off", "--no-color"]);
    for operation in LEFT_OUT {
        st.args(["--exclude-operation-id", operation]);
    }
    let folder = served.city.at(".");
    let ended = st.current_dir(folder).stdin(Stdio::null()).status().unwrap();
    assert!(ended.success(), "schemathesis found what is said above");
    // Nothing of it broke the record.
    served.stop().is_whole();
}
