//! What the command line does with a city's day is done over HTTP too: rules, areas, what others did, the timetable, tables to take away.

use crate::client::Browser;
use crate::day::riverside;
use serde_json::{Value, json};

const AT: &str = "2024-03-18T20:00:00+08:00";
const SEEN_AT: &str = "at=2024-03-18T20:00:00%2B08:00";

/// The cells of a table, which says once that it is UTF-8.
fn rows(csv: &str) -> Vec<Vec<String>> {
    let text = csv.strip_prefix('\u{FEFF}').unwrap_or_else(|| panic!("no mark of byte order: {csv}"));
    assert!(!text.contains('\u{FEFF}'));
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn rules_areas_and_what_others_did_are_asked_for_and_recorded() {
    let served = riverside();
    let admin = served.administrator();
    let (commander, clerk) = (served.person(&admin, "commander-1"), served.person(&admin, "clerk-1"));
    // Nobody said which rulebook this city goes by: what rests on one says so, and how to mend it.
    clerk.get("/api/v1/zones?day=2024-03-18").problem(422, "which rulebook");
    clerk.get("/api/v1/observed-measures/audit").problem(422, "which rulebook");
    let there = clerk.get("/api/v1/rulebooks").ok().json();
    assert_eq!((&there["kept"], there["with_levee"].as_array().unwrap().len()), (&json!([]), 3));
    clerk.get("/api/v1/rulebooks/who-generik").problem(404, "who-generik");
    let book = clerk.get("/api/v1/rulebooks/who-generic?on=2000-01-01").ok().json();
    let all = clerk.get("/api/v1/rulebooks/who-generic").ok().json();
    let count = |book: &Value| book["rules"].as_array().unwrap().len();
    assert!(count(&book) > 0 && count(&book) < count(&all), "{book:#}");
    let changed = clerk.get("/api/v1/rulebooks/who-generic/diff/measles-school").ok().json();
    assert_eq!(changed["schema"], "levee.rulebook_diff/1");
    clerk.get("/api/v1/rulebooks/who-generic/diff/who-generic?before_on=1900-01-01").problem(422, "1900-01-01");
    let wrong = clerk.post("/api/v1/rulebooks/check", &json!({ "text": "schema: nothing" })).ok().json();
    assert!(wrong["rules"].is_null() && !wrong["problems"].as_array().unwrap().is_empty());
    let right = clerk.post("/api/v1/rulebooks/check", &json!({ "text": all["text"] })).ok().json();
    assert_eq!(right, json!({ "rules": count(&all), "problems": [] }));

    let keep = json!({ "id": "who-generic", "from": "2024-03-01", "at": AT });
    clerk.post("/api/v1/rulebooks", &keep).problem(403, "may not");
    commander.post("/api/v1/rulebooks", &json!({ "at": AT })).problem(422, "`text` and `id`");
    let kept = commander.post("/api/v1/rulebooks", &keep).ok();
    assert_eq!((kept.status, &kept.json()["rulebook"]), (201, &json!("who-generic")));
    assert_eq!(clerk.get("/api/v1/rulebooks").ok().json()["kept"][0]["from"], "2024-03-01");

    let zones = clerk.get("/api/v1/zones?day=2024-03-18").ok().json();
    assert_eq!((&zones["schema"], &zones["proposal"]), (&json!("levee.zones/1"), &json!(true)));
    assert_eq!(clerk.get("/api/v1/zones?day=2024-03-18&form=geojson").ok().json()["type"], "FeatureCollection");
    let seen =
        json!({ "place": "RS-1", "what": "gates welded shut", "report": "hotline-1", "exits_open": false, "at": AT });
    served.person(&admin, "auditor-1").post("/api/v1/observed-measures", &seen).problem(403, "may not");
    let recorded = clerk.post("/api/v1/observed-measures", &seen).ok();
    assert_eq!(recorded.status, 201);
    let flags = recorded.json()["observed"]["flags"].as_array().unwrap().clone();
    assert!(flags.contains(&json!("exits_not_shown")) && flags.contains(&json!("not_judged")), "{flags:?}");
    let audit = clerk.get("/api/v1/observed-measures/audit?day=2024-03-18").ok().json();
    assert_eq!((&audit["endorses"], &audit["recorded"][0]["report"]), (&json!(false), &json!("hotline-1")));
    served.stop().is_whole();
}

#[test]
fn the_timetable_comes_in_every_form_that_people_work_with() {
    let served = riverside();
    let admin = served.administrator();
    let lead = served.person(&admin, "lead-transfer");
    lead.get("/api/v1/operations").problem(422, "no present");
    lead.get(&format!("/api/v1/operations?{SEEN_AT}&section=transfr")).problem(422, "transfr");
    lead.get(&format!("/api/v1/operations?{SEEN_AT}&district=RS-9")).problem(422, "RS-9");
    let form = |form: &str| {
        let answer = lead.get(&format!("/api/v1/operations?{SEEN_AT}&section=transfer&form={form}")).ok();
        (answer.header("content-type").unwrap().to_owned(), answer)
    };
    assert_eq!(form("json").1.json()["asked"]["section"], "transfer");
    assert_eq!(form("geojson").1.json()["type"], "FeatureCollection");
    let (media, page) = form("html");
    assert!(media.starts_with("text/html") && page.text.contains("</html>"));
    let (media, calendar) = form("ics");
    assert!(media.starts_with("text/calendar") && calendar.text.starts_with("BEGIN:VCALENDAR"));
    let gaps = lead.get("/api/v1/duty/gaps?day=2024-03-18").ok().json();
    assert!(gaps["hours_looked_at"].as_u64().unwrap() >= 24, "{gaps:#}");
    lead.get("/api/v1/outlooks/scores").problem(422, "no outlook");
    lead.get("/api/v1/outlooks/export").problem(422, "no outlook");
}

fn owe(by: &Browser, n: usize) {
    let one = |n: usize| {
        json!({ "do": "open", "kind": "care_placement", "area": "RS-1", "units": 1, "ground": format!("case-{n}"),
        "due": format!("2024-03-{:02}T12:00:00+08:00", 19 + n % 5) })
    };
    let commands: Vec<Value> = (0..n).map(one).collect();
    by.post("/api/v1/ledger", &json!({ "at": AT, "commands": commands })).ok();
}

/// Pages of what is owed, `limit` at a time; `between` happens after the first.
fn pages(by: &Browser, limit: usize, mut between: impl FnMut()) -> Vec<String> {
    let (mut all, mut after) = (vec![], String::new());
    loop {
        let page = by.get(&format!("/api/v1/obligations?{SEEN_AT}&limit={limit}{after}")).ok().json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        all.extend(items.iter().map(|one| one["obligation"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { return all };
        after = format!("&after={next}");
        between();
    }
}

#[test]
fn a_list_goes_on_where_it_stopped_whatever_is_opened_meanwhile() {
    let served = riverside();
    let commander = served.person(&served.administrator(), "commander-1");
    owe(&commander, 57);
    let whole = pages(&commander, 1000, || ());
    assert_eq!(whole.len(), 57);
    assert_eq!(pages(&commander, 10, || ()), whole, "pages make the list");
    // What is opened while somebody reads neither doubles nor hides anything that was there.
    let mut opened = 0;
    let mut read = pages(&commander, 10, || {
        opened += 1;
        let early = json!({ "do": "open", "kind": "care_placement", "area": "RS-2", "units": 1,
            "ground": format!("late-{opened}"), "due": "2024-03-19T01:00:00+08:00" });
        commander.post("/api/v1/ledger", &json!({ "at": AT, "commands": [early] })).ok();
    });
    read.retain(|one| whole.contains(one));
    assert_eq!(read, whole);
    commander.get(&format!("/api/v1/obligations?{SEEN_AT}&after=nonsense")).problem(422, "no place in this list");
    commander.get("/api/v1/orders?limit=0").problem(422, "`limit` is 0");
    commander.get("/api/v1/orders?limit=1001").problem(422, "`limit` is 1001");
}

#[test]
fn tables_to_take_away_hold_every_row_and_nobody() {
    let served = riverside();
    let commander = served.person(&served.administrator(), "commander-1");
    // More than a page, so that the table is made of several.
    owe(&commander, 1203);
    let named = json!({ "do": "open", "kind": "care_placement", "area": "RS-1", "subject": "p-secret-1", "due": "2024-03-19T12:00:00+08:00" });
    commander.post("/api/v1/ledger", &json!({ "at": AT, "commands": [named] })).ok();
    let owed = commander.get(&format!("/api/v1/obligations/export?{SEEN_AT}")).ok();
    assert_eq!(owed.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(owed.header("content-disposition").unwrap().contains("obligations.csv"));
    let table = rows(&owed.text);
    assert_eq!((table.len(), table[0][0].as_str()), (1 + 1204, "obligation"));
    assert_eq!(table.iter().filter(|row| row[0] == "obligation").count(), 1, "one head");
    let ids: std::collections::BTreeSet<&String> = table[1..].iter().map(|row| &row[0]).collect();
    assert_eq!(ids.len(), 1204);
    assert!(!owed.text.contains("p-secret-1"));
    let owed = table[1][0].clone();
    let order = json!({ "do": "propose_order", "action": "transfer", "meets": { &owed: 1 }, "why": "need", "rests_on": "=1+1",
        "due": "2024-03-19T12:00:00+08:00" });
    commander.post("/api/v1/ledger", &json!({ "at": AT, "commands": [order] })).ok();
    let orders = commander.get("/api/v1/orders/export").ok().text;
    assert!(orders.contains(",'=1+1,") && !orders.contains(",=1+1,"), "no formula for a spreadsheet: {orders}");
    let found = rows(&commander.get("/api/v1/detections/export?from=2024-03-01&to=2024-03-18").ok().text);
    assert_eq!(found[0][..3], ["place", "period_start", "period_end"]);
    assert!(found.len() > 17 * 3, "{}", found.len());
    commander.get("/api/v1/detections/export?from=2024-03-02&to=2024-03-01").problem(422, "lies before");
    assert_eq!(rows(&commander.get(&format!("/api/v1/measures/export?{SEEN_AT}")).ok().text).len(), 1);
}

#[test]
fn decisions_of_the_meeting_are_directives_with_an_owner_and_a_time() {
    let served = riverside();
    let commander = served.person(&served.administrator(), "commander-1");
    let decided = |what: &str, owner: &str| json!({ "what": what, "owner": owner, "due": "2024-03-20T18:00:00+08:00" });
    let decisions = json!({ "at": AT, "decisions": [
        decided("beds in use within two days", "lead-transfer"), decided("a second shift of coaches", "lead-transfer")] });
    let done = commander.post("/api/v1/days/2024-03-18/decisions", &decisions).ok().json();
    assert_eq!(done["made"].as_array().unwrap().len(), 2);
    let first = commander.get(&format!("/api/v1/obligations/{}", done["made"][0].as_str().unwrap())).ok().text;
    assert!(first.contains("HQ-20240318") && !first.contains("two days"), "{first}");
    let list = || commander.get(&format!("/api/v1/obligations?{SEEN_AT}&kind=directive")).ok().json();
    assert_eq!((list()["items"].as_array().unwrap().len(), &list()["items"][0]["owner"]), (2, &json!("lead-transfer")));
    // Sent again under the same numbers nothing doubles; a third one follows.
    commander.post("/api/v1/days/2024-03-18/decisions", &decisions).ok();
    assert_eq!(list()["items"].as_array().unwrap().len(), 2);
    let third = json!({ "at": AT, "first": 3, "decisions": [decided("tests for drivers", "lead-testing")] });
    commander.post("/api/v1/days/2024-03-18/decisions", &third).ok();
    assert_eq!(list()["items"].as_array().unwrap().len(), 3);
    let nobody = json!({ "at": AT, "decisions": [decided("x", "nobody-at-all")] });
    let refused = commander.post("/api/v1/days/2024-03-18/decisions", &nobody);
    assert!((400..500).contains(&refused.status), "{refused:#?}");
    commander
        .post("/api/v1/days/2024-03-18/decisions", &json!({ "at": AT, "decisions": [] }))
        .problem(422, "0 decisions");
}
