//! Where the city stands, as the screens ask for it: what was known and no more, made once, and made anew when it changes.

use crate::client::{Served, send};
use crate::day::riverside;
use crate::support::{City, pack};
use serde_json::{Value, json};

fn district<'a>(situation: &'a Value, code: &str) -> &'a Value {
    situation["districts"].as_array().unwrap().iter().find(|one| one["code"] == code).unwrap()
}

/// Each `known_at` lies no later than `latest`; gives how many there are.
fn known_by(value: &Value, latest: &str) -> u32 {
    match value {
        Value::Object(fields) => {
            let own = fields.get("known_at").and_then(Value::as_str).map_or(0, |known| {
                assert!(known <= latest, "{value:#}");
                1
            });
            own + fields.values().map(|inner| known_by(inner, latest)).sum::<u32>()
        }
        Value::Array(all) => all.iter().map(|inner| known_by(inner, latest)).sum(),
        _ => 0,
    }
}

#[test]
fn the_situation_says_what_was_known_then_and_what_was_not_is_null() {
    let city = City::replay();
    city.run(&["import", "city", "--pack", &pack("chongqing-2022")]).done();
    let served = Served::start(city);
    let analyst = served.person(&served.administrator(), "analyst-1");
    let told = analyst.get("/api/v1/days/2022-11-18/situation").ok().json();
    assert_eq!(
        (&told["schema"], &told["as_known_at"], told["days"].as_array().unwrap().len()),
        (&json!("levee.situation/1"), &json!("2022-11-18T16:00:00Z"), 18)
    );
    assert!(known_by(&told, "2022-11-18T16:00:00Z") > 100);
    let series = &told["city"]["series"];
    // The city reported 17 November late: that evening the nation alone had told it. The 18th was not out.
    assert!(series["new"][16].is_u64(), "{series:#}");
    assert_eq!((&series["new"][17], &series["unknown"][17]), (&Value::Null, &json!("not_yet_known")));
    let districts = told["districts"].as_array().unwrap();
    assert_eq!(districts.len(), 38);
    let mut in_part = 0;
    for one in districts {
        for (column, values) in one["series"].as_object().unwrap() {
            assert_eq!(values.as_array().unwrap().len(), 18, "{column} of {}", one["code"]);
        }
        for (new, why) in
            one["series"]["new"].as_array().unwrap().iter().zip(one["series"]["unknown"].as_array().unwrap())
        {
            assert_ne!(new.is_null(), why.is_null(), "a count or why there is none: {one:#}");
            in_part += u32::from(why == "only_in_part");
        }
    }
    assert!(in_part > 0, "lists of half a day are no days");
    let nobody = districts.iter().filter(|one| one["population"].is_null());
    assert!(nobody.clone().count() == 5 && nobody.clone().all(|one| one["per_100k"]["unknown"].is_string()));
    let yuzhong = district(&told, "500103");
    assert_eq!(yuzhong["name"]["short_zh"], "渝中");
    assert!(yuzhong["population"]["sources"].as_array().is_some_and(|ids| !ids.is_empty()));
    assert!(yuzhong["last_report"]["age_hours"].as_f64().unwrap() > 0.0 && yuzhong["last_report"]["late"].is_boolean());
    // What contradicts is said in both languages, and names the reports that it rests on.
    let end = analyst.get("/api/v1/days/2022-11-30/situation").ok().json();
    let contradictions = end["contradictions"].as_array().unwrap();
    assert!(contradictions.iter().any(|one| one["code"] == "contradiction.offices_differ"), "{contradictions:#?}");
    for one in contradictions {
        assert!(!one["zh"].as_str().unwrap().starts_with("contradiction."), "{one:#}");
        assert_ne!(one["zh"], one["en"]);
        if one["code"] == "contradiction.offices_differ" {
            assert!(one["reports"].as_array().unwrap().len() >= 2, "{one:#}");
        }
    }
    // What was invented says so.
    assert_eq!(told["synthetic"], true);
    let facilities = told["facilities"].as_array().unwrap();
    let levels: Vec<&Value> = facilities.iter().flat_map(|one| one["levels"].as_array().unwrap()).collect();
    assert!(levels.iter().any(|level| level["origin"] == "synthetic" && level["usable"].is_u64()));
    for level in levels {
        let limits = ["physical", "staffed", "equipped"].map(|limit| level[limit].as_u64());
        let usable = limits.into_iter().collect::<Option<Vec<_>>>().and_then(|limits| limits.into_iter().min());
        assert_eq!(level["usable"].as_u64(), usable, "{level:#}");
    }
    // Looked at a week later the same day is known better.
    let later = analyst.get("/api/v1/days/2022-11-18/situation?known_at=2022-11-26T00:00:00Z&days=3").ok().json();
    assert!(later["days"].as_array().unwrap().len() == 3 && later["city"]["series"]["new"][2].is_u64(), "{later:#}");
    // What a slider stops at: no moment beyond what was asked for.
    let stops = analyst.get("/api/v1/batches/times?until=2022-11-18T16:00:00Z").ok().json();
    let stops = stops["moments"].as_array().unwrap();
    assert!(stops.len() > 10 && stops.iter().all(|one| one["at"].as_str().unwrap() <= "2022-11-18T16:00:00Z"));
    // The outlines, with the document that they come from.
    let shapes = analyst.get("/api/v1/areas/shapes").ok();
    assert_eq!(shapes.header("content-type"), Some("application/geo+json"));
    let etag = shapes.header("etag").unwrap().to_owned();
    let shapes = shapes.json();
    assert_eq!((&shapes["source"]["id"], &shapes["source"]["licence"]), (&json!("BOUNDARY"), &json!("MIT")));
    let outlined = |one: &&Value| one["properties"]["level"] == "district" && one["geometry"]["type"].is_string();
    assert_eq!(shapes["features"].as_array().unwrap().iter().filter(outlined).count(), 38);
    assert_eq!(analyst.ask("GET", "/api/v1/areas/shapes", &[("if-none-match", &etag)], None).status, 304);
    analyst.get("/api/v1/days/2022-10-01/situation").problem(422, "before the outbreak");
    analyst.get("/api/v1/days/2022-11-18/situation?days=0").problem(422, "`days` is 0");
}

#[test]
fn the_situation_is_made_anew_when_reports_come_and_not_when_orders_do() {
    let served = riverside();
    let admin = served.administrator();
    let (clerk, commander) = (served.person(&admin, "clerk-1"), served.person(&admin, "commander-1"));
    let path = "/api/v1/days/2024-03-18/situation";
    let first = clerk.get(path).ok();
    let etag = first.header("etag").unwrap().to_owned();
    let seen = |etag: &str| clerk.ask("GET", path, &[("if-none-match", etag)], None).status;
    assert_eq!(seen(&etag), 304);
    // What is owed is no part of the picture.
    let open = json!({ "at": "2024-03-18T20:00:00+08:00", "commands": [
        { "do": "open", "kind": "care_placement", "area": "RS-1", "units": 10, "due": "2024-03-19T12:00:00+08:00" }] });
    commander.post("/api/v1/ledger", &open).ok();
    assert_eq!(seen(&etag), 304);
    // A report is, at once.
    let file = "place,period_start,period_end,confirmed,asymptomatic,known_at\n\
        RS-1,2024-03-17T00:00,2024-03-18T00:00,3111,4000,2024-03-18T19:00\n";
    let headers =
        [("x-levee", "1"), ("content-type", "application/octet-stream"), ("cookie", clerk.cookie.as_deref().unwrap())];
    let import = "/api/v1/imports?table=infections&name=late.csv&office=rs-health&source=SYN";
    send(&served.base, "POST", import, &headers, Some(file.as_bytes())).ok();
    let now = clerk.get(path).ok();
    assert_ne!(now.header("etag"), Some(etag.as_str()));
    let confirmed = |told: &Value| district(told, "RS-1")["series"]["confirmed"].as_array().unwrap()[16].clone();
    assert_eq!(confirmed(&now.json()), json!(3111));
    // As known an hour earlier it is what it was.
    let before = clerk.get(&format!("{path}?known_at=2024-03-18T10:00:00Z")).ok().json();
    assert_eq!(confirmed(&before), confirmed(&first.json()));
    assert_ne!(confirmed(&before), json!(3111));
}
