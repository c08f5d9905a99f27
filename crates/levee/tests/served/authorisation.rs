//! Every route, asked by everybody: what comes of it is the page `docs/authorisation.md`.

use crate::client::{Answer, Browser, Served, send};
use crate::support::City;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

const AT: &str = "2022-11-18T20:00:00+08:00";
const OWN: &str = "500101";
const FOREIGN: &str = "500103";

const PEOPLE: [(&str, &str); 6] = [
    ("Commander", "commander-1"),
    ("Section lead", "lead-transfer"),
    ("Coordinator", "coordinator-500101"),
    ("Intake clerk", "clerk-1"),
    ("Analyst", "analyst-1"),
    ("Auditor", "auditor-1"),
];

/// Somebody who asks: a browser, or a program with a token.
enum Asker {
    Browser(Browser),
    Token(String, String),
}

impl Asker {
    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        match self {
            Self::Browser(browser) => browser.ask(method, path, &[], body),
            Self::Token(base, token) => {
                let mut headers = vec![("authorization", token.as_str())];
                headers.extend(body.map(|_| ("content-type", "application/json")));
                send(base, method, path, &headers, body.map(|body| body.to_string().into_bytes()).as_deref())
            }
        }
    }
}

/// One route of the document.
struct Route<'a> {
    document: &'a Value,
    method: String,
    path: &'a str,
    operation: &'a Value,
}

impl Route<'_> {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    fn is_open(&self) -> bool {
        self.operation["security"].as_array().is_none_or(Vec::is_empty)
    }

    /// The smallest value that fits a schema: what is required, nothing else but the moment.
    fn smallest(&self, schema: &Value) -> Value {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.smallest(self.document.pointer(reference.trim_start_matches('#')).unwrap());
        }
        if let Some(one) = schema.get("const").or_else(|| schema["enum"].get(0)) {
            return one.clone();
        }
        if let Some(one) = schema["oneOf"].get(0).or_else(|| schema["anyOf"].get(0)) {
            return self.smallest(one);
        }
        if let Some(all) = schema["allOf"].as_array() {
            let parts = all.iter().filter_map(|one| self.smallest(one).as_object().cloned());
            return Value::Object(parts.flatten().collect::<Map<_, _>>());
        }
        let kind = schema["type"].as_str().or_else(|| schema["type"].get(0).and_then(Value::as_str));
        match (kind, schema["format"].as_str()) {
            (Some("string"), Some("date-time")) => json!(AT),
            (Some("string"), Some("date")) => json!("2000-01-01"),
            (Some("string"), _) => json!("x"),
            (Some("integer" | "number"), _) => schema.get("minimum").cloned().unwrap_or(json!(1)),
            (Some("boolean"), _) => json!(false),
            (Some("array"), _) => json!([]),
            _ => {
                let required: BTreeSet<&str> =
                    schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                let fields = schema["properties"].as_object().into_iter().flatten();
                let fields = fields.filter(|(name, _)| required.contains(name.as_str()) || *name == "at");
                Value::Object(
                    fields
                        .map(|(name, schema)| {
                            let value = if name == "at" { json!(AT) } else { self.smallest(schema) };
                            (name.clone(), value)
                        })
                        .collect(),
                )
            }
        }
    }

    /// Whether it makes a difference in whose area the thing lies.
    fn has_an_area(&self) -> bool {
        let named = self.parameters().any(|(name, _)| name == "area");
        named
            || self.body_has_an_area()
            || self.path.starts_with("/api/v1/obligations/{")
            || self.path == "/api/v1/ledger"
    }

    fn body_has_an_area(&self) -> bool {
        let schema = self.operation.pointer("/requestBody/content/application~1json/schema");
        let reference = schema.and_then(|schema| schema["$ref"].as_str());
        let named = reference.and_then(|reference| self.document.pointer(reference.trim_start_matches('#')));
        named.or(schema).is_some_and(|schema| schema["properties"]["area"].is_object())
    }

    fn parameters(&self) -> impl Iterator<Item = (&str, &Value)> {
        let all = self.operation["parameters"].as_array().into_iter().flatten();
        all.filter(|one| one["in"] == "query").map(|one| (one["name"].as_str().unwrap(), one))
    }

    fn ask(&self, by: &Asker, area: &str, owed: &BTreeMap<&str, String>) -> Answer {
        let mut path = self.path.replace("{day}", "2000-01-01");
        let id = match self.path.contains("/obligations/") {
            true => owed[area].as_str(),
            false => "01a2046a6b417793b910c2b6136d72a3-9999",
        };
        path = path.replace("{id}", id);
        while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
            path.replace_range(from..=to, "x");
        }
        let mut joint = '?';
        for (name, parameter) in self.parameters() {
            let value = match name {
                "at" => AT.replace('+', "%2B"),
                "area" => area.to_owned(),
                _ if parameter["required"] == true => {
                    let value = self.smallest(&parameter["schema"]);
                    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
                }
                _ => continue,
            };
            write!(path, "{joint}{name}={value}").unwrap();
            joint = '&';
        }
        let body = self.operation.pointer("/requestBody/content/application~1json/schema");
        let body = match (self.method.as_str(), self.path) {
            ("POST", "/api/v1/ledger") => Some(json!({ "at": AT, "commands": [
                { "do": "assign", "what": [{ "obligation": owed[area] }], "to": "lead-transfer" }] })),
            _ => body.map(|schema| self.smallest(schema)),
        };
        let body = body.map(|mut body| {
            if self.body_has_an_area() {
                body["area"] = json!(area);
            }
            body
        });
        by.ask(&self.method, &path, body.as_ref())
    }

    /// Whether this person gets past the question who may.
    fn is_let(&self, by: &Asker, area: &str, owed: &BTreeMap<&str, String>) -> bool {
        let answer = self.ask(by, area, owed);
        let shown = answer.text.contains("do not belong together");
        let unread = answer.status == 422 && answer.text.contains("the body's schema");
        let asked = !unread && ![405, 415, 429].contains(&answer.status) && answer.status < 500;
        assert!(asked, "{} must be asked otherwise, so that its answer says who may: {answer:#?}", self.name());
        ![401, 403].contains(&answer.status) || shown
    }
}

fn current(text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/authorisation.md");
    if std::env::var_os("LEVEE_WRITE_DOCS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == text,
        "docs/authorisation.md is not current; write it with LEVEE_WRITE_DOCS=1 cargo test -p levee --test served \
         authorisation, and read what has changed"
    );
}

const INTRODUCTION: &str = "# Who may what

A test asks a running server for every address of its OpenAPI document, as everybody, and writes down what came of it: this page. What
follows from a role stands in `crates/app/policies/levee.cedar`, with its reasons.

`yes` = may; `own` = in the own area and what lies in it, not elsewhere; `-` = is refused (403), or asked to sign in (401). The
administrator looks after accounts and is nobody of the city. The program has a commander's token that may only look. Whoever may
send a command is asked besides by the ledger, for each obligation, whether it is theirs.

Urgent care asks for no role: whoever of the city is signed in sends for it.

";

#[test]
fn every_route_is_asked_by_everybody_and_the_page_says_what_came_of_it() {
    let city = City::replay();
    for area in [OWN, FOREIGN] {
        let open = ["open", "city", "--kind", "care_placement", "--area", area, "--units", "12"];
        city.run(&[&open[..], &["--at", "2022-11-18T08:00", "--as", "commander-1"]].concat()).done();
    }
    let served = Served::start(city);
    let admin = served.administrator();
    let mut askers = vec![("Nobody", Asker::Browser(served.anybody()))];
    let people: Vec<Browser> = PEOPLE.iter().map(|(_, id)| served.person(&admin, id)).collect();
    let commander = people[0].clone();
    askers.push(("Administrator", Asker::Browser(admin)));
    askers.extend(PEOPLE.iter().zip(people).map(|((role, _), browser)| (*role, Asker::Browser(browser))));
    let made = commander.post("/api/v1/tokens", &json!({ "name": "reads", "scope": "read", "days": 1 })).ok().json();
    askers.push(("Program", Asker::Token(served.base.clone(), format!("Bearer {}", made["token"].as_str().unwrap()))));
    let first = |area| {
        let owed = commander.get(&format!("/api/v1/obligations?at={}&area={area}&limit=1", AT.replace('+', "%2B")));
        owed.ok().json()["items"][0]["obligation"].as_str().unwrap().to_owned()
    };
    let owed = BTreeMap::from([(OWN, first(OWN)), (FOREIGN, first(FOREIGN))]);
    let document = served.anybody().get("/openapi.json").ok().json();
    let mut routes = vec![];
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            routes.push(Route { document: &document, method: method.to_uppercase(), path, operation });
        }
    }
    // Signing out comes last: nobody could be asked anything after it.
    routes.sort_by_key(|route| (route.name() == "DELETE /api/v1/session", route.path, route.method.clone()));
    let mut page = format!("{INTRODUCTION}| |");
    for (who, _) in &askers {
        write!(page, " {who} |").unwrap();
    }
    writeln!(page, "\n|{}", " --- |".repeat(askers.len() + 1)).unwrap();
    for route in &routes {
        write!(page, "| {} |", route.name()).unwrap();
        for (who, by) in &askers {
            // A door is for everybody; asked often with a wrong password it locks, so one asks for all.
            let cell = match route.is_open() && *who != "Nobody" || route.is_let(by, OWN, &owed) {
                false => "-",
                true if route.has_an_area() && !route.is_let(by, FOREIGN, &owed) => "own",
                true => "yes",
            };
            assert!(*who != "Nobody" || route.is_open() == (cell == "yes"), "{} for anybody: {cell}", route.name());
            write!(page, " {cell} |").unwrap();
        }
        page.push('\n');
    }
    current(&page);
}
