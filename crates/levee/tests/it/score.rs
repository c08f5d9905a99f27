//! How issued outlooks did, told by the program, and an outlook handed on.

use crate::support::{City, pack};

/// Chongqing with outlooks of 14, 16 and 18 November, and all that became known until the 24th.
fn with_three_outlooks() -> City {
    let city = City::replay();
    city.run(&["import", "city", "--pack", &pack("chongqing-2022"), "--until", "2022-11-24"]).done();
    for day in ["2022-11-14", "2022-11-16", "2022-11-18"] {
        city.run(&["day", "city", "--date", day]).done();
    }
    city
}

#[test]
fn scores_are_told_in_both_languages_and_as_one_document() {
    let city = with_three_outlooks();
    let events = city.events();
    // As of the 18th: six days have come.
    let en = city.run(&["score", "city", "--as-of", "2022-11-18", "--lang", "en"]).done().out;
    for told in [
        "3 outlook(s) issued (2022-11-14 - 2022-11-18)",
        "outcomes as known at 2022-11-19 00:00, the newest of 2022-11-17",
        "baseline: same-weekday persistence",
        "City\n",
        "days 1-7",
        "PIT 0.0-0.1 ",
    ] {
        assert!(en.contains(told), "`{told}` is not in\n{en}");
    }
    let row = en.lines().find(|line| line.starts_with("days 1-7")).unwrap();
    let cells: Vec<&str> = row.split_whitespace().collect();
    assert_eq!((cells[2], cells[cells.len() - 2], cells[cells.len() - 1]), ("6", "15", "0"), "{en}");
    let zh = city.run(&["score", "city", "--as-of", "2022-11-18"]).done().out;
    for told in ["已发布研判3份", "全市\n", "第1-7天", "÷基线", "待定"] {
        assert!(zh.contains(told), "`{told}` is not in\n{zh}");
    }
    let json = city.run(&["score", "city", "--by", "horizon,place", "--json"]).done().json();
    assert_eq!((&json["schema"], &json["issued"][2]), (&"levee.score/1".into(), &"2022-11-18".into()));
    let whole = &json["whole"][0];
    assert_eq!((&whole["whose"], &whole["place"]), (&"city".into(), &serde_json::Value::Null));
    assert!(whole["forecasts"].as_u64() > Some(12) && whole["baseline"]["relative"].as_f64() > Some(0.0), "{whole:#}");
    assert_eq!(json["groups"][0]["place_name"]["en"], "Chongqing", "{:#}", json["groups"][0]);
    assert_eq!(city.events(), events, "scoring writes nothing");
}

#[test]
fn scores_that_cannot_be_had_are_refused() {
    let city = City::replay();
    city.run(&["score", "city"]).refused(&["no outlook was issued for the days from 2022-11-01", "levee day"]);
    city.run(&["score", "city", "--from", "2022-11-20", "--to", "2022-11-18"])
        .refused(&["before they begin", "--from"]);
    city.run(&["score", "city", "--by", "weather"]).refused(&["invalid value 'weather'", "horizon, place, week"]);
    city.run(&["score", "nowhere"]).refused(&["nowhere"]);
    city.run(&["outlook", "export", "city", "--out", "x.csv"]).refused(&["no outlook was issued yet", "levee day"]);
    assert!(!city.at("x.csv").exists());
}

#[test]
fn an_outlook_is_exported_whole_or_not_at_all() {
    let city = with_three_outlooks();
    let said = city
        .run(&["outlook", "export", "city", "--format", "hubverse", "--date", "2022-11-16", "--out", "o.csv"])
        .done();
    assert_eq!(said.out, "o.csv\n");
    let table = city.read("o.csv");
    let rows = table.lines().count() - 1;
    assert!(table.starts_with("origin_date,target,horizon,location,output_type,output_type_id,value\n2022-11-15,"));
    assert!(said.err.contains("data until 2022-11-15"), "{}", said.err);
    let json =
        city.run(&["outlook", "export", "city", "--date", "2022-11-16", "--out", "o.csv", "--json"]).done().json();
    assert_eq!((&json["schema"], json["rows"].as_u64()), (&"levee.outlook_export/1".into(), u64::try_from(rows).ok()));
    assert_eq!(city.read("o.csv"), table);
    // The newest, if no day is named; a file that was there stays when there is nothing to write.
    city.run(&["outlook", "export", "city", "--out", "new.csv"]).done();
    assert!(city.read("new.csv").contains("\n2022-11-17,day inc infection,28,500000,quantile,0.99,"));
    city.run(&["outlook", "export", "city", "--date", "2022-11-17", "--out", "o.csv"])
        .refused(&["no outlook was issued for 2022-11-17"]);
    assert_eq!(city.read("o.csv"), table);
    city.run(&["outlook", "export", "city", "--out", "no/such/folder.csv"]).refused(&["could not write", "folder.csv"]);
    city.run(&["outlook", "export", "city", "--format", "epix", "--out", "o.csv"]).refused(&["epix", "hubverse"]);
}

#[test]
fn an_outlook_is_exported_as_a_map_that_knows_what_it_does_not_know() {
    let city = with_three_outlooks();
    let said = city
        .run(&["outlook", "export", "city", "--format", "geojson", "--date", "2022-11-16", "--out", "o.geojson"])
        .done();
    assert!(said.err.contains("data until 2022-11-15"), "{}", said.err);
    let map: serde_json::Value = serde_json::from_str(&city.read("o.geojson")).unwrap();
    assert_eq!((&map["type"], &map["schema"]), (&"FeatureCollection".into(), &"levee.outlook_map/1".into()));
    assert_eq!((&map["city"]["name_zh"], &map["city"]["hatch"]), (&"重庆市".into(), &false.into()));
    let [low, r, high] = ["r_low", "r", "r_high"].map(|key| map["city"][key].as_f64().unwrap());
    assert!(0.0 < low && low < r && r < high, "{low} {r} {high}");
    let features = map["features"].as_array().unwrap();
    let yubei = features.iter().find(|f| f["id"] == "500112").unwrap();
    assert_eq!(yubei["properties"]["name_en"], "Yubei District");
    assert_eq!((&yubei["geometry"]["type"], &yubei["properties"]["standing"]), (&"Polygon".into(), &"borrowed".into()));
    for feature in features {
        let said = &feature["properties"];
        assert_eq!(said["r"].is_null(), said["hatch"] == true, "{said}");
        assert!(said["standing"] == "own" || said["r"].is_null(), "{said}");
    }
    city.run(&["outlook", "export", "city", "--format", "geojson", "--date", "2022-11-17", "--out", "o.geojson"])
        .refused(&["no outlook was issued for 2022-11-17"]);
}
