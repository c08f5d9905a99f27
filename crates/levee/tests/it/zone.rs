//! Areas of high risk: from buildings where they are known, and none where only the district is.

use crate::support::{City, copy_pack, pack};

fn rulebook() -> String {
    format!("{}/../rulebooks/china-covid-v9-20.yaml", pack(""))
}

#[test]
fn chongqing_knows_districts_only_so_no_area_is_proposed() {
    let here = City::replay();
    let file = format!("{}/infections.csv", pack("chongqing-2022"));
    here.run(&["import", "city", "--table", "infections", &file]).done();
    let said = here.run(&["zone", "propose", "city", "--date", "2022-11-18", "--lang", "en"]).done();
    assert!(said.out.starts_with("2022-11-18: 0 areas of high risk proposed, 0 to be released"), "{said:#?}");
    assert!(said.out.contains("Not knowing the building is not knowing that there is no risk"), "{said:#?}");
    here.run(&["zone", "propose", "city", "--date", "1990-01-01"]).refused(&["before every version", "later day"]);
}

/// The invented city with a compound of two buildings, and what was found there.
fn compound() -> City {
    let here = City::none();
    copy_pack("riverside-synthetic", &here.at("pack"));
    let areas = here.read("pack/areas.csv");
    let (compound, one, two) = ("RS-1-1-1-1", "RS-1-1-1-1-1", "RS-1-1-1-1-2");
    let row = |code: &str, parent: &str, level: &str, lat: &str, lon: &str| {
        format!(
            "{code},{parent},{level},示例{code},Example {code},示例{code},{code},,,{lat},{lon},synthetic,SYN,invented\n"
        )
    };
    let more = [
        row(compound, "RS-1-1-1", "compound", "", ""),
        row(one, compound, "building", "10.0511", "150.0522"),
        row(two, compound, "building", "", ""),
    ];
    here.write("pack/areas.csv", format!("{areas}{}", more.concat()));
    let head = here.read("pack/infections.csv").lines().next().unwrap().to_owned();
    let found = |place: &str, day: u32, community: u32, managed: u32| {
        let (total, next) = (community + managed, day + 1);
        format!(
            "{place},2024-03-{day:02}T00:00,2024-03-{next:02}T00:00,0,{total},0,{total},,{community},{managed},,0,rs-health,SYN,\
             2024-03-{next:02}T08:00,false,synthetic,\n"
        )
    };
    let rows = [
        found(one, 1, 2, 0),
        found(two, 1, 1, 0),
        found(one, 4, 0, 1),
        found("RS-2", 5, 3, 0),
        found(compound, 5, 0, 2),
    ];
    here.write("found.csv", format!("{head}\n{}", rows.concat()));
    let head = here.read("pack/statements.csv").lines().next().unwrap().to_owned();
    here.write(
        "round.csv",
        format!("{head}\n{two},closing_round,positive,2024-03-06T12:00,0,persons,=,rs-health,SYN,2024-03-06T20:00,false,synthetic,\n"),
    );
    here.run(&["init", "city", "--pack", "pack", "--replay"]).done();
    here.run(&["import", "city", "--table", "infections", "found.csv"]).done();
    here.run(&["import", "city", "--table", "statements", "round.csv"]).done();
    here
}

#[test]
fn a_building_is_proposed_its_clock_kept_and_its_release_told_on_the_day() {
    let here = compound();
    let asked = |day: &str, more: &[&str]| {
        here.run(&[&["zone", "propose", "city", "--date", day, "--rulebook", &rulebook()], more].concat()).done()
    };
    insta::assert_snapshot!(asked("2024-03-07", &["--lang", "en", "--geojson", "map.json"]).out);
    insta::assert_snapshot!(asked("2024-03-07", &["--lang", "zh"]).out);
    let map: serde_json::Value = serde_json::from_str(&here.read("map.json")).unwrap();
    let features = map["features"].as_array().unwrap();
    let placed = features.iter().find(|one| one["properties"]["place"] == "RS-1-1-1-1-1").unwrap();
    assert_eq!(placed["geometry"]["coordinates"].as_array().unwrap().len(), 2);
    assert!(placed["properties"].get("persons").is_none() && placed["properties"].get("infections_on").is_none());
    // No rulebook is named by this city.
    here.run(&["zone", "propose", "city", "--date", "2024-03-07"])
        .refused(&["没有说明本城适用哪个规则库", "--rulebook FILE"]);
}
