//! From a city to tomorrow's plan and back: made, pinned, compared, checked, drawn, handed to the ledger.

use crate::support::{City, pack};
use serde_json::Value;

/// Riverside with all that was known by 24:00 of 18 March.
pub(crate) fn riverside() -> City {
    let city = City::none();
    let pack = pack("riverside-synthetic");
    city.run(&["init", "city", "--pack", &pack, "--replay"]).done();
    city.run(&["import", "city", "--pack", &pack, "--until", "2024-03-18"]).done();
    city
}

pub(crate) fn words<'a>(line: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    line.split(' ').chain(more.iter().copied()).collect()
}

fn name_of(said: &Value) -> String {
    said["name"].as_str().unwrap().to_owned()
}

/// No line is wider than a hundred cells of a terminal; a Chinese letter takes two.
#[track_caller]
pub(crate) fn fits(text: &str) {
    for line in text.lines() {
        let wide: usize = line.chars().map(|c| if c as u32 >= 0x1100 { 2 } else { 1 }).sum();
        assert!(wide <= 100, "{wide}: {line}");
    }
}

/// Without the eight digits that change with every byte of the plan.
pub(crate) fn unnamed(text: &str) -> String {
    let mut parts = text.split("20240318-");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |all, part| format!("{all}20240318-........{}", &part[8..]))
}

#[test]
fn a_plan_is_read_in_both_languages() {
    let city = riverside();
    let plan =
        |lang| city.run(&words("plan city --date 2024-03-18 --dry-run --what transfer --lang", &[lang])).done().out;
    let (en, zh) = (plan("en"), plan("zh"));
    fits(&en);
    fits(&zh);
    insta::assert_snapshot!("plan_en", unnamed(&en));
    insta::assert_snapshot!("plan_zh", unnamed(&zh));
    let listed = city.run(&words("plan list city --lang en", &[])).done();
    assert!(listed.out.contains("no plan is stored"), "a dry run stores nothing: {listed:#?}");
}

#[test]
fn a_plan_is_stored_shown_compared_checked_and_drawn() {
    let city = riverside();
    let made = city.run(&words("plan city --date 2024-03-18 --json", &[])).done();
    assert!(made.err.contains("stored as 20240318-") || made.err.contains("已存档"), "{made:#?}");
    let first = made.json();
    assert_eq!(first["schema"], "levee.plan/1");
    let name = name_of(&first);
    city.write("first.json", &made.out);
    let again = city.run(&words("plan city --date 2024-03-18 --json", &[])).done();
    assert_eq!(name_of(&again.json()), name);
    // A pin of the first mild order's way: nobody goes there.
    let orders = first["transfer"]["plan"]["orders"].as_array().unwrap();
    let mild = orders.iter().find(|order| order["class"] == "mild").unwrap();
    let (from, facility) = (mild["from"].as_str().unwrap(), mild["facility"].as_str().unwrap());
    let pins = format!(
        "schema = \"levee.pins/1\"\n[[forbid]]\nfrom = \"{from}\"\nfacility = \"{facility}\"\nclass = \"mild\"\n"
    );
    city.write("pins.toml", &pins);
    let second = city.run(&words("plan city --date 2024-03-18 --pin pins.toml --json", &[])).done().json();
    assert_eq!(second["made"]["parent"], first["name"]);
    assert!(second["transfer"]["plan"]["pins"][0]["refused"].is_null(), "{:#}", second["transfer"]["plan"]["pins"]);
    let listed = city.run(&words("plan list city --json", &[])).done().json();
    assert_eq!(listed["plans"].as_array().unwrap().len(), 2);
    let shown = city.run(&words("plan show city --json", &[&name])).done();
    assert_eq!(shown.json(), first);
    // Files and names may be compared with one another.
    let compared =
        city.run(&words("plan compare first.json", &[&name_of(&second), "--city", "city", "--json"])).done().json();
    assert_eq!(compared["schema"], "levee.plan_compare/1");
    let same_way =
        |change: &&Value| change["from"] == from && change["facility"] == facility && change["class"] == "mild";
    let changes = compared["comparison"]["changes"].as_array().unwrap();
    assert!(changes.iter().filter(same_way).all(|change| change["after"] == 0), "{changes:#?}");
    assert!(changes.iter().any(|change| same_way(&change)));
    for lang in ["en", "zh"] {
        let said =
            city.run(&words("plan compare first.json", &[&name_of(&second), "--city", "city", "--lang", lang])).done();
        assert!(said.out.contains(&name), "{said:#?}");
        fits(&said.out);
        fits(&city.run(&words("plan show city --lang", &[lang])).done().out);
    }
    let checked = city.run(&words("plan check first.json", &[])).done();
    assert!(checked.out.contains("no violation"), "{checked:#?}");
    city.run(&words("plan check --city city", &[&name])).done();
    drawn(&city, &first);
    city.is_whole();
}

/// The lines on the map carry as many people as the orders do, and lie on Earth.
fn drawn(city: &City, plan: &Value) {
    city.run(&words("plan lanes first.json --geojson lanes.geojson", &[])).done();
    let map: Value = serde_json::from_str(&city.read("lanes.geojson")).unwrap();
    assert_eq!(map["type"], "FeatureCollection");
    let mut people = map["people_not_drawn"].as_u64().unwrap();
    for feature in map["features"].as_array().unwrap() {
        assert_eq!((&feature["type"], &feature["geometry"]["type"]), (&"Feature".into(), &"LineString".into()));
        let ends = feature["geometry"]["coordinates"].as_array().unwrap();
        assert_eq!(ends.len(), 2);
        for end in ends {
            let (lon, lat) = (end[0].as_f64().unwrap(), end[1].as_f64().unwrap());
            assert!((-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat), "{end}");
        }
        let of = &feature["properties"];
        if of["kind"] == "tubes" {
            continue;
        }
        assert_eq!(of["kind"], "people");
        people += of["people"].as_u64().unwrap();
        let by_class: u64 = of["by_class"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
        assert_eq!(Some(by_class), of["people"].as_u64());
        for key in ["day", "from_zh", "from_en", "facility_zh", "facility_en", "origin"] {
            assert!(of[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {of:#}");
        }
        assert_eq!(of["synthetic"], of["origin"] == "synthetic");
    }
    let orders = plan["transfer"]["plan"]["orders"].as_array().unwrap();
    assert_eq!(people, orders.iter().map(|order| order["people"].as_u64().unwrap()).sum::<u64>());
}

/// Who needs dialysis, a birth or nursing goes only where it is offered, and nobody is lost in the cutting.
#[test]
fn people_who_need_a_service_are_sent_where_it_is() {
    let city = riverside();
    let plan = city.run(&words("plan city --date 2024-03-18 --dry-run --what transfer --json", &[])).done().json();
    let (asked, made) = (&plan["transfer"]["asked"], &plan["transfer"]["plan"]);
    let with_care = |rows: &Value| rows.as_array().unwrap().iter().filter(|row| row["care"].is_string()).count();
    assert!(with_care(&asked["needs"]) > 0, "the parameters cut needs by care");
    assert!(with_care(&made["orders"]) > 0, "and some of them have a place");
    for order in made["orders"].as_array().unwrap().iter().filter(|order| order["care"].is_string()) {
        let ward = asked["capacity"]
            .as_array()
            .unwrap()
            .iter()
            .find(|ward| ward["facility"] == order["facility"] && ward["level"] == order["level"]);
        let services = ward.unwrap()["services"].as_array().unwrap();
        assert!(services.iter().any(|one| one["care"] == order["care"] && one["slots"].is_u64()), "{order}");
    }
    let sum = |rows: &Value| rows.as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).sum::<u64>();
    let totals = &made["totals"];
    assert_eq!(sum(&totals["needed"]), sum(&totals["admitted"]) + sum(&totals["unserved"]), "{totals}");
}

/// What other systems read: the names of `levee.plan/1` stay.
#[test]
fn the_document_of_a_plan_keeps_its_shape() {
    let city = riverside();
    let plan = city.run(&words("plan city --date 2024-03-18 --dry-run --what transfer --json", &[])).done().json();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    let shape = format!(
        "plan: {}\nmade: {}\nplace: {}\nfacility: {}\ntransfer: {}\norder: {}\ntotals: {}",
        keys(&plan),
        keys(&plan["made"]),
        keys(&plan["places"][0]),
        keys(&plan["facilities"][0]),
        keys(&plan["transfer"]),
        keys(&plan["transfer"]["plan"]["orders"][0]),
        keys(&plan["transfer"]["plan"]["totals"]),
    );
    insta::assert_snapshot!("plan_shape", shape);
}

#[test]
fn what_is_no_plan_or_no_pin_is_refused_with_what_to_do() {
    let city = riverside();
    city.write("brief.json", r#"{"schema":"levee.brief/1"}"#);
    city.write("text.json", "no json at all");
    city.run(&words("plan check brief.json", &[])).refused(&["its schema is `levee.brief/1`", "levee plan"]);
    city.run(&words("plan check text.json", &[])).refused(&["it is no plan document", "mend: "]);
    city.run(&words("plan check missing.json", &[])).refused(&["there is no such file", "--city"]);
    city.run(&words("plan check 2024 --city city", &[]))
        .refused(&["no stored plan is called `2024`", "levee plan list"]);
    city.run(&words("plan city --date 2024-03-18 --pin missing.toml", &[]))
        .refused(&["could not read", "missing.toml"]);
    city.write(
        "pins.toml",
        "schema = \"levee.pins/1\"\n[[cap]]\nfacility = \"RS-DH-11\"\nlevel = \"general\"\nbeds = 3\n",
    );
    city.run(&words("plan city --date 2024-03-18 --pin pins.toml --lang en", &[])).refused(&[
        "pins.toml:3",
        "knows no facility `RS-DH-11`",
        "did you mean RS-DH-1 ",
    ]);
    city.run(&words("plan city --date 2024-03-18 --pin pins.toml --lang zh", &[]))
        .refused(&["本城没有设施", "是否为 RS-DH-1"]);
    city.write("pins.toml", "schema = \"levee.pins/1\"\n[[forbid]]\nfacillity = \"RS-DH-1\"\n");
    city.run(&words("plan city --date 2024-03-18 --pin pins.toml --lang en", &[])).refused(&[
        "pins.toml:3",
        "facillity",
        "[[assign]]",
    ]);
    city.run(&words("plan city --date 2023-03-18", &[])).refused(&["lies before the outbreak began"]);
    city.run(&["plan", "city"]).refused(&["--date"]);
}

#[test]
fn an_order_of_a_plan_becomes_a_proposal_that_a_person_must_approve() {
    let city = riverside();
    let made = city.run(&words("plan city --date 2024-03-18 --what transfer --json", &[])).done().json();
    let name = name_of(&made);
    let text = city.run(&words("plan show city --lang en", &[])).done().out;
    let number =
        text.lines().filter_map(|line| line.split(' ').next()).rfind(|word| word.starts_with("0319-")).unwrap();
    let at = "--at 2024-03-18T20:00 --as lead-transfer --lang en";
    let refused = city.run(&words(&format!("plan propose city {name} --order 0319-99 {at}"), &[]));
    refused.refused(&["has no order 0319-99"]);
    let line = format!("plan propose city {name} --order {number} {at} --json");
    // Nobody is owed a placement yet: the order would meet nothing.
    city.run(&words(&line, &[])).refused(&["care placements fewer"]);
    city.run(&words(
        "open city --kind care_placement --area RS --units 5000 --at 2024-03-18T19:00 --as lead-transfer",
        &[],
    ))
    .done();
    let said = city.run(&words(&line, &[])).done().json();
    let order = said["changes"][0]["order"].as_str().unwrap().to_owned();
    city.run(&words(&format!("order city issue {order} {at}"), &[])).no(&["a person must approve it first"]);
    let shown = city.run(&words(&format!("order city show {order} --json"), &[])).done().json();
    assert!(shown.to_string().contains(&format!("{name}#{number}")), "{shown:#}");
    for (step, who) in [("approve", "commander-1"), ("issue", "lead-transfer"), ("accept", "lead-transfer")] {
        let line = format!("order city {step} {order} --at 2024-03-18T20:30 --as {who} --lang en");
        city.run(&words(&line, &[])).done();
    }
    // From then on it stands in every plan; of the day before nobody knew it, and a plan of that day does not either.
    let frozen = |day: &str| {
        let plan = city.run(&words("plan city --dry-run --what transfer --json --date", &[day])).done().json();
        plan["transfer"]["plan"]["frozen"].as_array().unwrap().len()
    };
    assert_eq!((frozen("2024-03-17"), frozen("2024-03-18")), (0, 1));
    city.is_whole();
}
