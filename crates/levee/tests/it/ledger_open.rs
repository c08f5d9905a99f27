//! What a city may owe, and how it comes to be owed.

use crate::support::{City, Output, balance, copy_pack, pack};
use serde_json::Value;

/// A city made from a pack, run again as it was then.
pub(crate) fn again(name: &str) -> City {
    let city = City::none();
    city.run(&["init", "city", "--pack", &pack(name), "--replay"]).done();
    city
}

/// `levee` on the city, in words: `run(&city, "owed city --late", &[])`.
pub(crate) fn run(city: &City, words: &str, more: &[&str]) -> Output {
    let words: Vec<&str> = words.split_whitespace().collect();
    city.run(&[words.as_slice(), more].concat())
}

/// The sample table of a kind.
pub(crate) fn sample(name: &str, kind: &str) -> String {
    format!("{}/owed/{kind}.csv", pack(name))
}

/// The obligation that a command opened.
pub(crate) fn opened(said: &Output) -> String {
    let changes = said.json()["changes"].clone();
    let first = changes.as_array().unwrap().iter().find(|change| change["change"] == "opened").unwrap();
    first["obligation"].as_str().unwrap().to_owned()
}

fn items(said: &Output) -> Vec<Value> {
    said.json()["items"].as_array().unwrap().clone()
}

#[test]
fn a_kind_says_by_when_by_whom_and_with_what_proof() {
    let city = City::live();
    let listed = run(&city, "kinds city --json", &[]).done().json();
    assert_eq!((listed["schema"].as_str(), listed["kinds"].as_array().unwrap().len()), (Some("levee.kinds/1"), 80));
    insta::assert_snapshot!("kind_en", run(&city, "kinds city --kind urgent_care_dispatch --lang en", &[]).done().out);
    insta::assert_snapshot!("kind_zh", run(&city, "kinds city --kind urgent_care_dispatch", &[]).done().out);
    run(&city, "kinds city --kind food_delivry --lang en", &[]).no(&["no kind of obligation", "levee kinds CITY"]);
    run(&city, "kinds city --kind food_delivry", &[]).no(&["不予办理", "food_delivry", "levee kinds CITY"]);
}

#[test]
fn a_template_that_was_filled_in_is_taken() {
    let city = again("chongqing-2022");
    run(&city, "kinds city --kind care_placement --template t.csv", &[]).done();
    let table = city.read("t.csv");
    assert!(table.starts_with("\u{FEFF}ref,area,units,subject,opened_at,due,owner,"), "{table}");
    let headings = table.lines().next().unwrap();
    let cell = |heading: &str| match heading.trim_start_matches('\u{FEFF}') {
        "ref" => "R1",
        "area" => "500103",
        "units" => "12",
        "opened_at" => "2022-11-18T08:00",
        "office" => "levee-synthetic",
        "source_id" => "SYN",
        "origin" => "synthetic",
        _ => "",
    };
    let row: Vec<&str> = headings.split(',').map(cell).collect();
    city.write("t.csv", format!("{headings}\n{}\n", row.join(",")));
    let taken = run(&city, "open city --kind care_placement t.csv --json", &[]).done().json();
    assert_eq!((taken["schema"].as_str(), balance(&taken["batches"][0])), (Some("levee.open/1"), [1, 1, 0, 0]));
    let owed = items(&run(&city, "owed city --at 2022-11-18T10:00 --json", &[]).done());
    assert_eq!((owed.len(), owed[0]["units"].as_u64(), owed[0]["area"].as_str()), (1, Some(12), Some("500103")));
}

#[test]
fn every_row_of_a_table_is_accounted_for_and_a_rejected_one_comes_back_mended() {
    let city = again("chongqing-2022");
    let good = std::fs::read_to_string(sample("chongqing-2022", "food_delivery")).unwrap();
    // One number that is none, one place and one person that the city does not know.
    let bad = good.replacen(",83,", ",many,", 1).replacen("500107", "999999", 1);
    city.write("bad.csv", bad.replacen("coordinator-500105", "nobody-here", 1));
    let before = city.events();
    let dry = run(&city, "open city --kind food_delivery bad.csv --dry-run --lang en", &[]);
    dry.no(&["dry run, nothing written", "received 9 = accepted 6 + rejected 3", "999999", "nobody-here"]);
    assert_eq!(city.events(), before);
    run(&city, "open city --kind food_delivery bad.csv", &[]).no(&["收到 9 = 接受 6 + 退回 3 + 重复 0", "处理："]);
    run(&city, "open city --kind food_delivery bad.csv --lang en", &[]).no(&["accepted 0 + rejected 3 + duplicate 6"]);
    let batch = city.last_batch()["batch"].as_str().unwrap().to_owned();
    let reason = ["--reason", "to mend it", "--out", "mend.csv"];
    let said = run(&city, &format!("rejected city --batch {batch} --as commander-1"), &reason).done();
    assert!(said.out.contains("levee open city --kind food_delivery mend.csv"), "{said:#?}");
    let mended = city.read("mend.csv").replacen(",many,", ",83,", 1).replacen("999999", "500107", 1);
    city.write("mend.csv", mended.replacen("nobody-here", "coordinator-500105", 1));
    run(&city, "open city --kind food_delivery mend.csv --lang en", &[]).done();
    let owed = run(&city, "owed city --at 2022-11-18T20:00 --json", &[]).done().json();
    assert_eq!((owed["kinds"][0]["items"].as_u64(), owed["kinds"][0]["units"].as_u64()), (Some(9), Some(697)));
    city.is_whole();
}

#[test]
fn a_corrected_table_corrects_and_a_repeated_one_changes_nothing() {
    let city = again("chongqing-2022");
    let good = std::fs::read_to_string(sample("chongqing-2022", "food_delivery")).unwrap();
    city.write("a.csv", &good);
    city.write("b.csv", good.replacen(",83,", ",90,", 1));
    run(&city, "open city --kind food_delivery a.csv --lang en", &[]).done();
    let said = run(&city, "open city --kind food_delivery a.csv --lang en", &[]).done();
    assert!(said.out.contains("accepted 0 + rejected 0 + duplicate 9") && said.err.contains("same file"), "{said:#?}");
    let said = run(&city, "open city --kind food_delivery b.csv --lang en", &[]).done();
    assert!(said.out.contains("accepted 1 + rejected 0 + duplicate 8"), "{said:#?}");
    let owed = run(&city, "owed city --at 2022-11-18T20:00 --json", &[]).done().json();
    assert_eq!(owed["kinds"][0]["units"].as_u64(), Some(697 + 7));
}

#[test]
fn a_name_in_a_table_never_reaches_the_journal() {
    let city = City::none();
    city.run(&["init", "city", "--pack", &pack("riverside-synthetic")]).done();
    let table = sample("riverside-synthetic", "care_placement");
    assert!(std::fs::read_to_string(&table).unwrap().contains("张示例甲"));
    run(&city, "open city --kind care_placement", &[&table]).done();
    let (name, telephone) = ("张示例甲".as_bytes(), b"138-0000-0001".as_slice());
    for file in ["city/levee.db", "city/levee.db-wal"] {
        let bytes = std::fs::read(city.at(file)).unwrap_or_default();
        for secret in [name, telephone] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{file} holds personal data");
        }
    }
    assert_eq!(items(&run(&city, "owed city --json", &[]).done()).len(), 5);
    city.is_whole();
}

#[test]
fn one_is_opened_with_its_fields_and_a_directive_is_one() {
    let city = again("chongqing-2022");
    let words = "open city --kind directive --area 500000 --units 1 --due 2022-11-19T18:00 --owner lead-headquarters \
                 --field meeting=HQ-1118 --field item=3 --at 2022-11-18T12:00 --json --note";
    let said = run(&city, words, &["方舱医院床位两日内启用"]).done();
    let shown = run(&city, &format!("obligation city show {} --json", opened(&said)), &[]).done().json();
    assert_eq!((&shown["fields"]["item"], &shown["owner"]), (&3.into(), &"lead-headquarters".into()));
    assert_eq!(shown["states"], serde_json::json!({ "assigned": 1 }));
    let before = city.events();
    let one = "open city --kind directive --area 500000 --units 1 --at 2022-11-18T12:00 --lang en";
    let fields = ["--field", "meeting=HQ-1118", "--field"];
    let with = |field, more: &[&str]| run(&city, one, &[fields.as_slice(), &[field], more].concat());
    let due = ["--due", "2022-11-19T18:00"];
    with("item=three", &due).refused(&["item=three", "a whole number"]);
    with("item=3", &[]).no(&["no rule for its due time"]);
    with("item=3", &["--due", "2022-11-17T18:00"]).no(&["before it is opened"]);
    with("items=3", &due).no(&["no field `items`"]);
    with("item=3", &[due.as_slice(), &["--owner", "nobody-here"]].concat()).refused(&["nobody-here", "people.csv"]);
    with("item=3", &[due.as_slice(), &["--subject", "p-1"]].concat()).no(&["directive"]);
    run(&city, "open city --kind directive --area 999999 --units 1 --at 2022-11-18T12:00 --lang en", &[])
        .refused(&["no place `999999`", "areas.csv"]);
    run(&city, "open city --kind directive", &[]).refused(&["<FILE>"]);
    run(&city, "open city --kind directive --area 500000 --at 2022-11-18T12:00 --lang en", &[]).refused(&["--units N"]);
    assert_eq!(city.events(), before, "a refused command wrote something");
}

#[test]
fn what_is_owed_is_summed_by_kind_and_listed_with_who_is_asked() {
    let city = again("chongqing-2022");
    for kind in ["food_delivery", "care_placement"] {
        run(&city, &format!("open city --kind {kind}"), &[&sample("chongqing-2022", kind)]).done();
    }
    let late = run(&city, "owed city --at 2022-11-19T12:00 --late --json", &[]).done();
    let document = late.json();
    for item in items(&late) {
        assert!(item["late_minutes"].as_u64().is_some(), "{item}");
        assert!(item["asked"]["person"].is_string() && item["owner"].is_string(), "{item}");
    }
    let late_items: u64 =
        document["kinds"].as_array().unwrap().iter().map(|kind| kind["late_items"].as_u64().unwrap()).sum();
    assert_eq!(late_items, items(&late).len() as u64);
    let words = "owed city --at 2022-11-19T12:00 --area 500103 --kind food_delivery --lang en";
    let said = run(&city, words, &[]).done().out;
    let listed = items(&run(&city, words, &["--json"]).done());
    let id = listed[0]["obligation"].as_str().unwrap();
    insta::assert_snapshot!("owed_en", said.replace(id, "ID"));
    let owner = run(&city, "owed city --at 2022-11-19T12:00 --owner coordinator-500103 --json", &[]).done();
    assert!(items(&owner).iter().all(|item| item["given_to"] == "coordinator-500103"));
    let limited = run(&city, "owed city --at 2022-11-19T12:00 --limit 2 --json", &[]).done().json();
    assert_eq!((limited["items"].as_array().unwrap().len(), limited["more"].as_bool()), (2, Some(true)));
    let posts = run(&city, "owed city --by-owner --date 2022-11-19 --json", &[]).done().json();
    let items: u64 = posts["posts"].as_array().unwrap().iter().map(|post| post["items"].as_u64().unwrap()).sum();
    assert_eq!(items, 15, "every obligation stands with one post");
    run(&city, "owed city --by-owner --date 2022-11-19", &[]).done();
}

#[test]
fn a_replay_is_told_the_moment_and_a_live_city_cannot_be_told_a_later_one() {
    let city = again("chongqing-2022");
    run(&city, "owed city --lang en", &[]).refused(&["runs a past outbreak", "--at"]);
    run(&city, "owed city", &[]).refused(&["历史回放", "--at"]);
    run(&city, "owed city --at noon", &[]).refused(&["--at", "noon"]);
    let live = City::live();
    let words = "open city --kind care_placement --area 500103 --units 2 --at 2999-01-01T00:00 --lang en";
    run(&live, words, &[]).refused(&["ahead of the clock", "mend: "]);
    run(&live, "owed city", &[]).done();
}

#[test]
fn a_table_of_another_kind_or_none_is_refused_whole() {
    let city = again("chongqing-2022");
    let before = city.events();
    run(&city, "open city --kind food_delivery missing.csv --lang en", &[]).refused(&["missing.csv is no file"]);
    let wrong = sample("chongqing-2022", "directive");
    run(&city, "open city --kind food_delivery --lang en", &[&wrong]).refused(&["packages", "mend: "]);
    city.write("noise.csv", [0u8, 159, 146, 150, 0, 1, 2]);
    run(&city, "open city --kind food_delivery noise.csv --lang en", &[]).refused(&["noise.csv", "mend: "]);
    assert_eq!(city.events(), before);
}

#[test]
fn a_city_whose_pack_is_changed_owes_by_its_own_catalogue() {
    let city = City::none();
    copy_pack("riverside-synthetic", &city.at("pack"));
    let kinds = city.read("pack/obligation_kinds.csv").replacen("water_delivery,", "water_tanker,", 1);
    city.write("pack/obligation_kinds.csv", kinds);
    for table in ["fields", "reasons"] {
        let file = format!("pack/obligation_{table}.csv");
        city.write(&file, city.read(&file).replace("water_delivery,", "water_tanker,"));
    }
    std::fs::rename(city.at("pack/owed/water_delivery.csv"), city.at("pack/owed/water_tanker.csv")).unwrap();
    city.run(&["init", "city", "--pack", "pack", "--replay"]).done();
    run(&city, "open city --kind water_tanker pack/owed/water_tanker.csv", &[]).done();
    run(&city, "open city --kind water_delivery pack/owed/water_tanker.csv", &[]).no(&["water_delivery"]);
}
