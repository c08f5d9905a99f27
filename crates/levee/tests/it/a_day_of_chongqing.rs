//! From the pack of a real city to the brief of its meeting, knowing what was known then and no more.

use crate::support::{City, copy_pack, pack};
use serde_json::Value;

/// Chongqing with all that was known by 24:00 of 18 November, and that day run.
fn on_18_november() -> City {
    let city = City::replay();
    city.run(&["import", "city", "--pack", &pack("chongqing-2022"), "--until", "2022-11-18"]).done();
    city.run(&["day", "city", "--date", "2022-11-18"]).done();
    city
}

fn brief(city: &City, day: &str) -> Value {
    serde_json::from_str(&city.read(&format!("city/briefs/{day}.json"))).unwrap()
}

#[test]
fn the_brief_of_18_november_holds_nothing_that_came_later() {
    let city = on_18_november();
    let brief = brief(&city, "2022-11-18");
    assert_eq!(brief["schema"], "levee.brief/1");
    let facts = &brief["facts"];
    let days = facts["city"]["days"].as_array().unwrap();
    assert_eq!(days.last().unwrap()["day"], "2022-11-17", "the last full day known on the evening of the 18th");
    // 145 confirmed and 4,599 asymptomatic of the 18th came on the 19th; 26,200 opened beds on the 19th and 20th.
    for day in days {
        for (column, later) in [("confirmed", 145), ("asymptomatic", 4599)] {
            assert_ne!(day[column]["value"], later, "{day:#}");
        }
    }
    assert_eq!(facts["care"]["beds_opened"]["state"], "unknown", "{:#}", facts["care"]["beds_opened"]);
    // Whatever says when it was known, was known; and no such figure stands anywhere.
    let mut moments = 0;
    known_by(&brief, "2022-11-19T00:00:00", &mut moments);
    assert!(moments > 100, "only {moments} figures say when they were known");
    city.is_whole();
}

fn known_by(value: &Value, latest: &str, moments: &mut u32) {
    match value {
        Value::Object(fields) => {
            if let Some(known) = fields.get("known_at").and_then(Value::as_str) {
                assert!(known <= latest, "{value:#}");
                *moments += 1;
            }
            fields.values().for_each(|inner| known_by(inner, latest, moments));
        }
        Value::Array(all) => all.iter().for_each(|inner| known_by(inner, latest, moments)),
        Value::Number(number) => assert!(![4599.0, 26_200.0].contains(&number.as_f64().unwrap()), "{number}"),
        Value::String(text) => {
            assert!(!["4,599", "4599", "26,200", "26200"].iter().any(|later| text.contains(later)), "{text}");
        }
        _ => {}
    }
}

#[test]
fn the_same_day_run_in_another_folder_gives_the_same_bytes() {
    let (one, other) = (on_18_november(), on_18_november());
    for name in ["city/briefs/2022-11-18.json", "city/briefs/2022-11-18.html"] {
        let (one, other) = (one.read(name), other.read(name));
        let first = one.bytes().zip(other.bytes()).position(|(a, b)| a != b);
        let near = first.map(|at| one.get(at.saturating_sub(200)..at + 100).unwrap_or_default().to_owned());
        assert!(one == other, "{name} differs at byte {first:?}: {near:?}");
    }
}

#[test]
fn a_day_run_with_later_rows_on_record_gives_the_same_bytes() {
    let city = on_18_november();
    let before = city.read("city/briefs/2022-11-18.json");
    // The whole pack arrives; what became known after the 18th must not touch the 18th.
    city.run(&["import", "city", "--pack", &pack("chongqing-2022")]).done();
    let said = city.run(&["picture", "city", "--date", "2022-11-18", "--json"]).done().json();
    let issued: Value = serde_json::from_str(&before).unwrap();
    assert_eq!(said["facts"]["city"], issued["facts"]["city"]);
    assert_eq!(said["facts"]["outlook"], issued["facts"]["outlook"]);
    assert_eq!(said["facts"]["care"], issued["facts"]["care"]);
}

#[test]
fn an_issued_brief_is_written_again_in_both_languages() {
    let city = on_18_november();
    let issued = city.read("city/briefs/2022-11-18.html");
    city.run(&["brief", "city", "--date", "2022-11-18", "--out", "zh.html", "--lang", "zh"]).done();
    city.run(&["brief", "city", "--date", "2022-11-18", "--out", "en.html", "--lang", "en"]).done();
    let (zh, en) = (city.read("zh.html"), city.read("en.html"));
    assert!(zh == issued, "the city's own language is Chinese");
    assert!(zh.contains("<html lang=\"zh") && en.contains("<html lang=\"en"));
    // The page opens without a network.
    for page in [&zh, &en] {
        assert!(!page.contains("<script src") && !page.contains("<link rel=\"stylesheet\""));
    }
    std::fs::remove_dir_all(city.at("city/briefs")).unwrap();
    let said = city.run(&["brief", "city", "--date", "2022-11-18"]).done();
    assert_eq!(said.out, "city/briefs/2022-11-18.html\n");
    assert!(city.read("city/briefs/2022-11-18.html") == issued);
    city.run(&["brief", "city", "--date", "2022-11-17"])
        .refused(&["no brief was issued for 2022-11-17", "levee day city"]);
}

#[test]
fn every_command_prints_one_json_document_with_its_schema() {
    let city = City::none();
    copy_pack("chongqing-2022", &city.at("pack"));
    let schema = |line: &str, wanted: &str| {
        let args: Vec<&str> = line.split(' ').collect();
        let said = city.run(&[&args[..], &["--json"]].concat()).done();
        assert_eq!(said.json()["schema"], wanted, "{line}");
    };
    schema("init city --pack pack --replay", "levee.init/1");
    schema("import city --pack pack --until 2022-11-18", "levee.import/1");
    schema("batches city", "levee.batches/1");
    schema("picture city --date 2022-11-18", "levee.brief/1");
    schema("day city --date 2022-11-18", "levee.brief/1");
    schema("brief city --date 2022-11-18", "levee.brief/1");
    schema("operations city --at 2022-11-19T00:00", "levee.operations/1");
    schema("replay city --from 2022-11-16 --to 2022-11-17", "levee.replay/1");
    schema("journal verify city", "levee.verify/1");
    schema("pack check pack", "levee.pack_check/1");
    schema("pack describe pack", "levee.pack_describe/1");
    let refused = city.run(&["brief", "city", "--date", "2022-11-01", "--json"]).refused(&["hint"]);
    assert_eq!(refused.json()["schema"], "levee.failure/1");
}

#[test]
fn the_brief_of_24_november_says_how_earlier_intervals_held() {
    let city = on_18_november();
    let said =
        city.run(&["import", "city", "--pack", &pack("chongqing-2022"), "--until", "2022-11-24", "--json"]).done();
    for batch in said.json()["batches"].as_array().unwrap() {
        assert!(batch["duplicate"].as_u64() > Some(0) && batch["accepted"].as_u64() > Some(0), "{batch:#}");
    }
    city.run(&["day", "city", "--date", "2022-11-24"]).done();
    let page = city.read("city/briefs/2022-11-24.html");
    assert!(page.contains("95% intervals held the outcome"), "the earlier coverage is not shown in English");
    assert!(page.contains("个95%区间命中"), "the earlier coverage is not shown in Chinese");
    let brief = brief(&city, "2022-11-24");
    assert_eq!(brief["facts"]["care"]["beds_opened"]["value"], 26_200);
    let days = brief["facts"]["city"]["days"].as_array().unwrap();
    let of_18 = days.iter().find(|day| day["day"] == "2022-11-18").unwrap();
    assert_eq!((&of_18["confirmed"]["value"], &of_18["asymptomatic"]["value"]), (&145.into(), &4599.into()));
    city.is_whole();
}

#[test]
fn a_replay_prints_a_line_a_day_and_is_the_same_from_the_pack_and_from_a_city() {
    for (name, from, to) in
        [("chongqing-2022", "2022-11-14", "2022-11-18"), ("shanghai-2022", "2022-04-01", "2022-04-05")]
    {
        let city = City::none();
        let pack = pack(name);
        city.run(&["init", "city", "--pack", &pack, "--replay"]).done();
        city.run(&["import", "city", "--pack", &pack]).done();
        let events = city.events();
        let of_city = city.run(&["replay", "city", "--from", from, "--to", to]).done().out;
        let of_pack = city.run(&["replay", &pack, "--from", from, "--to", to]).done().out;
        assert_eq!(of_city, of_pack, "{name}");
        let days: Vec<&str> = of_city.lines().filter(|line| line.starts_with(&from[..8])).collect();
        assert_eq!(days.len(), 5, "{of_city}");
        assert!(days[0].starts_with(from) && days[4].starts_with(to), "{of_city}");
        assert!(of_city.contains("5 days, 4 outlooks scored one day on"), "{of_city}");
        assert_eq!(city.events(), events, "a replay writes nothing");
        let json = city.run(&["replay", "city", "--from", from, "--to", to, "--json"]).done().json();
        assert_eq!((json["days"].as_array().unwrap().len(), &json["scored"]), (5, &4.into()));
        let reversed = city.run(&["replay", "city", "--from", to, "--to", from]).refused(&["ends", "before it begins"]);
        assert_eq!(reversed.out, "", "a head without lines");
    }
}
