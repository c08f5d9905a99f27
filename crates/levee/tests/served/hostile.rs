//! Whatever is written into a text stays a text: in the store, in an answer, on a page. And a file that unpacks to far more than it is
//! fills nothing.

use crate::client::{Served, send};
use crate::day::riverside;
use crate::measures::{LEAD, at, proposal};
use crate::support::City;
use serde_json::{Value, json};
use std::io::Write as _;

const HOSTILE: [&str; 5] = [
    "'; DROP TABLE event; --",
    "\" OR 1=1; DELETE FROM levee.event; --",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "\u{202e}\u{0}\u{feff}%00../../etc/passwd\r\nSet-Cookie: a=b",
];

/// Where a reference of the document leads.
fn meant<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(to) => document.pointer(to.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// A value of this schema with `text` in every text that it has; numbers, choices and lists as small as can be.
fn filled(document: &Value, schema: &Value, text: &str, deep: u8) -> Value {
    let schema = meant(document, schema);
    if deep == 0 {
        return Value::Null;
    }
    let inner = |schema: &Value| filled(document, schema, text, deep - 1);
    if let Some(all) = schema["allOf"].as_array() {
        let mut whole = serde_json::Map::new();
        for part in all {
            whole.extend(inner(part).as_object().cloned().unwrap_or_default());
        }
        return Value::Object(whole);
    }
    for several in ["oneOf", "anyOf"] {
        if let Some(one) = schema[several].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null")) {
            return inner(one);
        }
    }
    if let Some(choices) = schema["enum"].as_array() {
        return choices[0].clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").cloned().unwrap_or_default(),
        kind => kind.clone(),
    };
    match kind.as_str() {
        Some("string") => json!(text),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([inner(&schema["items"])]),
        _ => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            Value::Object(fields.map(|(name, schema)| (name.clone(), inner(schema))).collect())
        }
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn sql_and_html_in_every_text_of_every_route_are_texts() {
    let served = Served::start(City::replay());
    let admin = served.administrator();
    let commander = served.person(&admin, "commander-1");
    let document = served.anybody().get("/openapi.json").ok().json();
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            // Signing out would end it; a stream has no end.
            if (method == "delete" && path.ends_with("/session")) || path.ends_with("/changes") {
                continue;
            }
            for text in HOSTILE {
                let parts =
                    path.split('/').map(|part| if part.starts_with('{') { encoded(text) } else { part.to_owned() });
                let mut filled_path = parts.collect::<Vec<_>>().join("/");
                let named = operation["parameters"].as_array().into_iter().flatten().filter(|one| one["in"] == "query");
                let query: Vec<String> =
                    named.map(|one| format!("{}={}", one["name"].as_str().unwrap(), encoded(text))).collect();
                if !query.is_empty() {
                    filled_path = format!("{filled_path}?{}", query.join("&"));
                }
                let content = &operation["requestBody"]["content"];
                let schema =
                    content.get("application/json").map(|content| filled(&document, &content["schema"], text, 8));
                for by in [&commander, &admin] {
                    let answer = by.ask(&method.to_uppercase(), &filled_path, &[], schema.as_ref());
                    asked += 1;
                    assert!(answer.status < 500, "{method} {filled_path} {schema:?}: {answer:#?}");
                    let html = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
                    assert!(!html || !answer.text.contains("<script>alert"), "{method} {filled_path}: {answer:#?}");
                    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{method} {path}");
                    // What was sent never becomes a header of its own.
                    assert!(
                        !answer.headers.iter().any(|(name, value)| name == "set-cookie" && value.starts_with("a="))
                    );
                }
            }
        }
    }
    assert!(asked > 400, "{asked} requests");
    commander.get("/api/v1/people").ok();
    served.stop().is_whole();
}

#[test]
fn what_people_write_is_shown_as_they_wrote_it_and_is_never_part_of_a_page() {
    let served = Served::start(City::replay());
    let admin = served.administrator();
    let lead = served.person(&admin, LEAD);
    let script = "<script>alert(1)</script>";
    let sql = "'; DROP TABLE event; --";
    let mut sheet = proposal();
    sheet["place"]["zh"] = json!(format!("7号楼{script}"));
    sheet["words"]["what"] = json!({ "zh": format!("{sql}{script}"), "en": format!("{sql} {script} \"onload=x") });
    sheet["words"]["why"]["en"] = json!("\"><img src=x onerror=alert(1)>");
    let drafted = lead.post("/api/v1/measures", &json!({ "sheet": sheet, "at": at("2022-11-23T22:00") })).ok();
    let id = drafted.json()["measure"].as_str().unwrap().to_owned();
    let moment = at("2022-11-23T22:30").replace('+', "%2B");
    for lang in ["zh", "en"] {
        let page = lead.get(&format!("/api/v1/measures/{id}/page?lang={lang}&at={moment}")).ok();
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("script-src 'self'") && !policy.contains("script-src 'self' 'unsafe"), "{policy}");
        assert!(page.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{}", page.text);
        for raw in ["<script>alert", "<img src=x", "\"onload"] {
            assert!(!page.text.contains(raw), "{raw} in {}", page.text);
        }
        assert!(page.text.contains("DROP TABLE event"), "{}", page.text);
    }
    served.stop().is_whole();
}

#[test]
fn a_brief_is_made_of_a_city_whose_texts_are_hostile_and_shows_them_as_texts() {
    let served = riverside();
    let admin = served.administrator();
    let commander = served.person(&admin, "commander-1");
    let open = json!({ "do": "open", "kind": "care_placement", "area": "RS-1", "units": 3, "due": "2024-03-18T21:00:00+08:00" });
    let note = "<script>alert(1)</script>'; DROP TABLE event; --";
    let group = json!({ "commands": [open], "at": "2024-03-18T20:00:00+08:00", "note": note });
    commander.post("/api/v1/ledger", &group).ok();
    let job = commander.post("/api/v1/days/2024-03-18/run", &json!({})).ok().json();
    let done = crate::day::over(&commander, &job);
    assert_eq!(done["state"], "done", "{done:#}");
    for page in ["/api/v1/days/2024-03-18/brief?form=html", "/api/v1/days/2024-03-18/settlement?form=html"] {
        let page = commander.get(page).ok();
        assert!(page.text.contains("<html") && !page.text.contains("<script>alert"));
    }
    served.stop().is_whole();
}

/// Peak of resident memory of a process, in MiB.
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

#[test]
fn a_workbook_that_unpacks_to_a_gibibyte_is_refused_and_fills_nothing() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("xl/worksheets/sheet1.xml", options.large_file(true)).unwrap();
    let zeros = vec![0u8; 1 << 20];
    for _ in 0..1025 {
        zip.write_all(&zeros).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 4 << 20);
    let served = Served::start(City::live());
    let admin = served.administrator();
    let clerk = served.person(&admin, "clerk-1");
    let before = (served.city.events(), peak(served.pid()));
    let path = "/api/v1/imports?table=infections&office=cq-hc&source=S23&name=bomb.xlsx";
    let headers =
        [("x-levee", "1"), ("content-type", "application/octet-stream"), ("cookie", clerk.cookie.as_deref().unwrap())];
    send(&served.base, "POST", path, &headers, Some(&bomb)).problem(422, "unpacks to more than 1024 MiB");
    send(&served.base, "POST", path, &headers, Some(&bomb[..bomb.len() / 2])).problem(422, "cut or damaged");
    let grown = peak(served.pid()).saturating_sub(before.1);
    assert!(grown < 256, "{grown} MiB for a file that is refused");
    assert_eq!(served.city.events(), before.0);
    assert_eq!(std::fs::read_dir(served.city.at("city/uploads")).unwrap().count(), 0);
    clerk.get("/api/v1/people").ok();
}
