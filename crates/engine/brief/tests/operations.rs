//! The timetable's documents: read back by parsers that are not ours, the same in both languages, safe against what a city sends.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use jiff::civil::{DateTime, date};
use levee_brief::Lang;
use levee_brief::facts::{Origin, Words};
use levee_brief::operations::{
    At, Feature, FeatureKind, NoGeometry, Operations, Owner, Row, Source, State, Tally, TimeZoneFacts, Unplaced,
    WhyUnplaced,
};
use levee_brief::statement::{SheetKey, Value};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

fn at(day: i8, hour: i8) -> At {
    let local: DateTime = date(2022, 11, day).at(hour, 0, 0, 0);
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    At { utc: local.to_zoned(zone).unwrap().timestamp(), local }
}

fn row(source: Source, id: &str, state: State, zh: &str, en: &str, until: At) -> Row {
    let owner = Owner {
        person: "lead-supplies".into(),
        name: Words::new("保供组组长", "Supplies Lead"),
        how: "by_role".into(),
    };
    Row {
        source,
        id: id.into(),
        state,
        what: Words::new(zh, en),
        units: Some((1200, Words::new("户日", "household-days"))),
        section: "supplies".into(),
        owner: Some(owner),
        district: "500103".into(),
        place: "500103".into(),
        place_name: Words::new("渝中", "Yuzhong"),
        from: Some(at(18, 8)),
        until,
        late_minutes: (state == State::Overdue).then_some(150),
        life_saving: false,
        origin: Origin::Reported,
        note: None,
    }
}

fn timetable() -> Operations {
    let mut measure = row(
        Source::Measure,
        "m-1",
        State::Live,
        "足不出户，服务上门",
        "stay at home; services come to the door",
        at(21, 8),
    );
    measure.note = Some(Words::new("复核已到期", "its review is due"));
    measure.units = None;
    let mut nobody =
        row(Source::Obligation, "o-2", State::Owed, "送药; 一户, 急", "medicine; one household, soon", at(19, 0));
    nobody.owner = None;
    let mut run = row(Source::Run, "p/runs/1", State::Planned, "客车送往方舱", "coach to the hall", at(19, 10));
    run.origin = Origin::Synthetic;
    run.section = "transfer".into();
    let rows = vec![
        measure,
        nobody,
        run,
        row(Source::Obligation, "o-1", State::Overdue, "食品配送", "food delivery", at(18, 18)),
        row(Source::Obligation, "o-0", State::Done, "食品配送", "food delivery", at(18, 9)),
    ];
    let tally = |found| Tally { found, rows: found, ..Tally::default() };
    let zone =
        json!({ "type": "Polygon", "coordinates": [[[106.5, 29.5], [106.6, 29.5], [106.6, 29.6], [106.5, 29.5]]] });
    let feature = |kind, id: &str, geometry| Feature {
        kind,
        id: id.into(),
        name: Words::new("渝中", "Yuzhong"),
        place: "500103".into(),
        district: "500103".into(),
        section: None,
        owner: None,
        state: None,
        from: None,
        until: None,
        origin: Origin::Reported,
        more: BTreeMap::from([("overdue".to_owned(), json!(1))]),
        geometry,
    };
    let mut operations = Operations {
        city: Words::new("重庆市", "Chongqing"),
        city_code: "500000".into(),
        at: At {
            utc: at(18, 20).utc + jiff::SignedDuration::from_mins(30),
            local: date(2022, 11, 18).at(20, 30, 0, 0),
        },
        zone: TimeZoneFacts { id: "Asia/Shanghai".into(), fixed_offset: Some(28_800) },
        replay: true,
        plan: Some("20221118-abcd1234".into()),
        rulebook: None,
        district: None,
        section: None,
        districts: BTreeMap::from([("500103".to_owned(), Words::new("渝中", "Yuzhong"))]),
        sections: BTreeMap::from([
            ("supplies".to_owned(), Words::new("物资保障组", "Supplies")),
            ("transfer".to_owned(), Words::new("转运专班", "Transfer")),
        ]),
        rows,
        unplaced: vec![Unplaced {
            source: Source::Zone,
            id: "500112/2022-11-17".into(),
            what: Words::new("渝北的感染", "infections in Yubei"),
            district: Some("500112".into()),
            why: WhyUnplaced::TooCoarse,
        }],
        tally: BTreeMap::from([
            (Source::Obligation, tally(3)),
            (Source::Measure, tally(1)),
            (Source::Run, tally(1)),
            (Source::Zone, Tally { found: 1, unplaced: 1, ..Tally::default() }),
        ]),
        missing: vec![],
        features: vec![
            feature(FeatureKind::District, "500103", Ok(zone)),
            feature(FeatureKind::Task, "o-2", Err(NoGeometry::PlaceNotDrawn)),
        ],
    };
    operations.settle();
    operations
}

/// The parts of a calendar as a parser that is not ours reads them: (kind of part, name > (parameters, value)).
type Part = (&'static str, BTreeMap<String, (String, String)>);

fn parsed(ics: &str) -> Vec<Part> {
    let calendar = ical::IcalParser::new(ics.as_bytes()).next().unwrap().unwrap();
    let of = |kind, properties: Vec<ical::property::Property>| -> Part {
        let all = properties.into_iter().map(|p| {
            let params = p.params.unwrap_or_default().into_iter();
            let params: Vec<String> = params.map(|(name, values)| format!("{name}={}", values.join(","))).collect();
            (p.name, (params.join(";"), p.value.unwrap_or_default()))
        });
        (kind, all.collect())
    };
    let todos = calendar.todos.into_iter().map(|one| of("todo", one.properties));
    let events = calendar.events.into_iter().map(|one| of("event", one.properties));
    todos.chain(events).collect()
}

fn unescaped(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
}

#[test]
fn the_calendar_reads_as_a_person_would_write_it() {
    insta::assert_snapshot!(timetable().only(None, Some("transfer")).ics(Lang::En).replace("\r\n", "\n"));
    let zh = timetable().ics(Lang::Zh);
    assert!(zh.split("\r\n").all(|line| line.len() <= 75), "a line is too long");
    assert!(!zh.replace("\r\n", "").contains(['\r', '\n']), "a line ends otherwise");
}

#[test]
fn the_calendar_is_read_back_by_a_parser() {
    let of = timetable();
    for lang in Lang::BOTH {
        let parts = parsed(&of.ics(lang));
        assert_eq!(parts.len(), of.rows.len());
        for row in &of.rows {
            let uid = format!("{}-{}@500000.levee", row.source.code(), row.id);
            let (kind, part) = parts.iter().find(|(_, part)| part["UID"].1 == uid).unwrap();
            let task = row.source == Source::Obligation;
            assert_eq!(*kind, if task { "todo" } else { "event" });
            assert!(unescaped(&part["SUMMARY"].1).contains(lang.of(&row.what)), "{part:?}");
            let until = row.until.local.strftime("%Y%m%dT%H%M%S").to_string();
            assert_eq!(part[if task { "DUE" } else { "DTEND" }], ("TZID=Asia/Shanghai".to_owned(), until));
            assert_eq!(part["DTSTAMP"].1, "20221118T123000Z");
        }
    }
    let en = of.ics(Lang::En);
    let late = parsed(&en).into_iter().find(|(_, part)| part["SUMMARY"].1.starts_with("OVERDUE")).unwrap().1;
    assert!(unescaped(&late["DESCRIPTION"].1).contains("Late by: 3 h"), "{late:?}");
    assert!(unescaped(&en.replace("\r\n ", "")).contains("Owner: NO OWNER"));
    // Where clocks change within it, every time is given in UTC.
    let mut changing = of;
    changing.zone.fixed_offset = None;
    let utc = changing.ics(Lang::En);
    assert!(!utc.contains("TZID") && utc.contains("DUE:20221118T100000Z"), "{utc}");
}

#[test]
fn the_map_says_why_something_has_no_geometry() {
    let map = timetable().geojson();
    assert_eq!(map["type"], "FeatureCollection");
    let features = map["features"].as_array().unwrap();
    assert_eq!(features[0]["geometry"]["type"], "Polygon");
    assert_eq!(features[0]["properties"]["no_geometry"], json!(null));
    assert_eq!(
        (&features[1]["geometry"], &features[1]["properties"]["no_geometry"]),
        (&json!(null), &json!("place_not_drawn"))
    );
}

#[test]
fn the_headline_counts_what_is_late_and_what_nobody_stands_behind() {
    let of = timetable();
    insta::assert_snapshot!(format!("{}\n{}", of.headline(Lang::En), of.headline(Lang::Zh)), @"
    1 overdue of 2 to be done; 1 line with nobody behind it
    1项逾期，待办共2项，1行无人负责
    ");
    let mut care = of.clone();
    care.rows[0].life_saving = true;
    assert!(care.headline(Lang::En).starts_with("Urgent care is late: food delivery"));
    let mut quiet = of;
    quiet.rows.clear();
    insta::assert_snapshot!(format!("{}\n{}", quiet.headline(Lang::En), quiet.headline(Lang::Zh)), @"
    Nothing is overdue, 0 to be done
    无逾期，待办0项
    ");
}

#[test]
fn the_tables_say_the_same_as_the_lines() {
    let of = timetable();
    for lang in Lang::BOTH {
        let sheets = of.sheets(lang);
        let of_key = |key| sheets.iter().find(|sheet| sheet.key == key).unwrap();
        assert_eq!(of_key(SheetKey::Lines).rows.len(), of.rows.len());
        assert_eq!(of_key(SheetKey::Unowned).rows.len(), 1);
        assert_eq!(of_key(SheetKey::Unplaced).rows.len(), 1);
        for key in [SheetKey::Districts, SheetKey::Sections] {
            let sum = |column: usize| {
                let cells = of_key(key).rows.iter().map(|row| row[column].clone());
                cells.map(|cell| if let Value::Count(n) = cell { n } else { 0 }).sum::<u64>()
            };
            assert_eq!((sum(1), sum(2), sum(7)), (5, 1, 1));
        }
        assert!(sheets.iter().all(|sheet| sheet.rows.iter().all(|row| row.len() == sheet.heads.len())));
        assert!(sheets.iter().all(|sheet| sheet.name.chars().count() <= 31));
    }
}

#[test]
fn the_page_holds_both_languages_and_every_line_and_fetches_nothing() {
    let of = timetable();
    let page = of.to_html(Lang::En);
    for part in [
        "Who does what where by when",
        "谁在何处何时前做什么",
        "▲ 3 h late",
        "▲ 逾期3小时",
        "! NO OWNER",
        "! 无人负责",
        "what has no line",
    ] {
        assert!(page.to_lowercase().contains(&part.to_lowercase()), "`{part}` does not stand on the page");
    }
    for row in &of.rows {
        assert_eq!(page.matches(&format!("<div class=\"id\">{}</div>", row.id)).count(), 2, "{}", row.id);
    }
    // The name of the language of pictures is no address that is fetched.
    let elsewhere = page.replace("http://www.w3.org/2000/svg", "");
    assert!(!page.contains("<script") && !elsewhere.contains("http:") && !elsewhere.contains("https:"));
    assert_eq!(page, of.to_html(Lang::En), "the same value gives the same bytes");
}

proptest! {
    /// Whatever somebody writes as a name stays a text: in the page, in the calendar, in the map.
    #[test]
    fn no_text_leaves_its_place(evil in "\\PC{0,60}[<>&\"'\\\\;:,\r\n\u{7}重]{0,12}\\PC{0,60}") {
        let mut of = timetable();
        for row in &mut of.rows {
            row.what = Words::same(evil.clone());
            row.place_name = Words::same(evil.clone());
            row.note = Some(Words::same(evil.clone()));
        }
        let plain = timetable().to_html(Lang::Zh);
        let page = of.to_html(Lang::Zh);
        for tag in ["<tr>", "<div class=\"lane\"", "<article", "<script"] {
            prop_assert_eq!(page.matches(tag).count(), plain.matches(tag).count());
        }
        let ics = of.ics(Lang::Zh);
        prop_assert!(ics.split("\r\n").all(|line| line.len() <= 75));
        prop_assert_eq!(parsed(&ics).len(), of.rows.len());
        prop_assert_eq!(ics.matches("\r\nBEGIN:V").count(), timetable().ics(Lang::Zh).matches("\r\nBEGIN:V").count());
    }
}
