//! What others did, held against the rules of its days: Chongqing and Shanghai as reported, and readings that are wrong.

use crate::support::{City, copy_pack, pack};

fn city(name: &str) -> City {
    let here = City::none();
    here.run(&["init", "city", "--pack", &pack(name), "--replay"]).done();
    for table in ["infections", "statements", "events", "measure_facts"] {
        let file = format!("{}/{table}.csv", pack(name));
        here.run(&["import", "city", "--table", table, &file]).done();
    }
    here
}

#[test]
fn chongqing_says_what_was_within_stricter_or_cannot_be_told_and_why() {
    let here = city("chongqing-2022");
    let said = here.run(&["measures", "audit", "city", "--date", "2022-12-04", "--lang", "en"]).done();
    insta::assert_snapshot!(said.out);
    let chinese = here.run(&["measures", "audit", "city", "--date", "2022-12-04"]).done();
    insta::assert_snapshot!(chinese.out);
    let json = here.run(&["measures", "audit", "city", "--date", "2022-12-10", "--json"]).done().json();
    assert_eq!(json["endorses"], false);
    let leave = json["measures"].as_array().unwrap().iter().find(|one| one["measure"] == "E11-1").unwrap();
    // Ended by what the city said on 7 December: its age stays.
    assert_eq!((leave["until"].as_str(), leave["days_stricter"].as_u64()), (Some("2022-12-06"), Some(22)));
    let reason = &leave["spans"][0]["reasons"][0];
    assert_eq!((reason["rule"].as_str(), reason["check"].as_str()), (Some("cn.travel.leave"), Some("count")));
    assert_eq!(reason["changes"][0]["code"], "change.fact_must");
}

#[test]
fn what_was_not_known_on_the_day_is_not_used() {
    let here = city("chongqing-2022");
    // The leaving rules of 15 November were published on the 18th.
    let json = here.run(&["measures", "audit", "city", "--date", "2022-11-15", "--json"]).done().json();
    let ids: Vec<&str> =
        json["measures"].as_array().unwrap().iter().filter_map(|one| one["measure"].as_str()).collect();
    assert!(!ids.contains(&"E11-1") && ids.contains(&"E07-1"), "{ids:?}");
}

#[test]
fn shanghai_s_spring_lies_before_the_book_and_is_not_called_within() {
    let here = city("shanghai-2022");
    let said = here.run(&["measures", "audit", "city", "--date", "2022-04-03", "--lang", "en"]).done();
    insta::assert_snapshot!(said.out);
}

#[test]
fn a_wrong_reading_is_told_and_the_rest_is_judged() {
    let here = City::none();
    copy_pack("chongqing-2022", &here.at("pack"));
    let head =
        "measure,event,fact,fact_value,about_en,about_zh,office,source_id,known_at,known_at_assumed,origin,note\n";
    let row = |measure: &str, event: &str, fact: &str, value: &str| {
        format!("{measure},{event},{fact},{value},so it says,如其所述,cq-gov,S20,2022-11-18T00:00,false,derived,\n")
    };
    here.run(&["init", "city", "--pack", "pack", "--replay"]).done();
    here.run(&["import", "city", "--table", "events", "pack/events.csv"]).done();
    let rows = [
        row("A", "E11", "measure.type", "leave_city_condition"),
        row("A", "E11", "person.zon", "low"),
        row("A", "E11", "measure.tests_count", "[3"),
        row("A", "E11", "measure.ended_on", "2022-11-01"),
        row("B", "E99", "measure.type", "test_area"),
    ];
    here.write("facts.csv", format!("{head}{}", rows.concat()));
    here.run(&["import", "city", "--table", "measure_facts", "facts.csv"]).done();
    let said = here.run(&["measures", "audit", "city", "--date", "2022-11-20", "--lang", "en"]).done();
    for words in [
        "did you mean `person.zone`?",
        "A: facts could not be read",
        "its last day 2022-11-01 lies before its first 2022-11-15",
        "B: event `E99` is not known",
    ] {
        assert!(said.err.contains(words), "{words}: {said:#?}");
    }
    assert!(said.out.contains("1 undetermined"), "{said:#?}");
    let nowhere = here.run(&["measures", "audit", "city", "--rulebook", "pack"]);
    nowhere.refused(&["there is no rulebook in"]);
}

#[test]
fn what_people_saw_done_elsewhere_is_recorded_whatever_it_is_and_stands_in_the_audit() {
    let here = city("chongqing-2022");
    let observe = |more: &[&str]| {
        here.run(&[&["measures", "observe", "city", "--at", "2022-11-25T10:00", "--as", "clerk-1"], more].concat())
    };
    let seen = ["--place", "500103", "--what", "gates of a compound welded shut", "--report", "hotline-881"];
    let since = ["--since", "2022-11-24T08:00", "--exits", "blocked", "--service", "food", "--lang", "en"];
    let facts = ["measure.type=close_area", "measure.exits=sealed", "measure.restricts_people=true"];
    let facts: Vec<&str> = facts.iter().flat_map(|fact| ["--fact", fact]).collect();
    let said = observe(&[&seen[..], &since, &facts].concat()).done();
    assert!(said.out.contains("recorded as others did it; judged and flagged, never gated"), "{said:#?}");
    // Without a fact nothing is judged, and that is said; a file does the same.
    here.write(
        "seen.toml",
        "place = \"500107\"\nwhat = \"everybody asked for a pass at the gate\"\nreport = \"hotline-902\"\nend = \"2022-11-24T12:00\"\n",
    );
    let json = observe(&["seen.toml", "--json"]).done().json();
    assert_eq!((&json["verdict"], &json["flags"][0]), (&serde_json::Value::Null, &"not_judged".into()));
    assert!(json["flags"].as_array().unwrap().contains(&"past_its_end".into()), "{json}");
    let audit = |day: &str, lang: &str| {
        let said = here.run(&["measures", "audit", "city", "--date", day, "--lang", lang]).done().out;
        let from = said.find(if lang == "zh" { "人工记录" } else { "Recorded by hand" });
        from.map(|from| said[from..].split("\n\n").next().unwrap().to_owned())
    };
    // Ids are made anew each time.
    let told = |lang: &str| {
        let text = audit("2022-11-25", lang).unwrap();
        let ids =
            text.lines().filter(|line| line.contains(" .. ")).map(|line| line.split(' ').next().unwrap().to_owned());
        ids.collect::<Vec<_>>().iter().fold(text.clone(), |text, id| text.replace(id, "ID"))
    };
    insta::assert_snapshot!("observed_en", told("en"));
    insta::assert_snapshot!("observed_zh", told("zh"));
    // It was not known the day before, although it was so.
    assert_eq!(audit("2022-11-24", "en"), None);
    let all = here.run(&["measures", "audit", "city", "--json"]).done().json();
    assert_eq!(all["recorded"].as_array().unwrap().len(), 2);
    let events = here.events();
    observe(&["--place", "500999", "--what", "x", "--report", "y", "--lang", "en"]).refused(&["500999", "areas.csv"]);
    observe(&[&seen[..], &["--fact", "measure.typ=close_area", "--lang", "en"]].concat())
        .refused(&["measure.typ", "did you mean `measure.type`?"]);
    observe(&[&seen[..], &["--fact", "nothing"]].concat()).refused(&["“nothing”不是 PATH=VALUE"]);
    here.write("bad.toml", "place = \"500107\"\nrumour = 1\n");
    observe(&["bad.toml", "--lang", "en"]).refused(&["rumour", "levee measures observe --help"]);
    here.run(&[&["measures", "observe", "city", "--at", "2022-11-25T10:00"], &seen[..]].concat())
        .refused(&["--as PERSON"]);
    assert_eq!(here.events(), events, "a refused record wrote something");
    here.is_whole();
}
