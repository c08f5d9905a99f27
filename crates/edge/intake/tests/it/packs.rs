//! Packs: read whole, checked whole, described.

use jiff::civil::datetime;
use levee_intake::pack::{check_pack, read_pack};
use levee_intake::{Lang, datapackage};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const CITY: &str = r#"schema = "levee.pack/1"
id = "small"
name = { en = "Small City", zh = "小城" }
headquarters = { en = "Headquarters", zh = "指挥部" }
time_zone = "Asia/Shanghai"
language = "zh"
area_scheme = "own"
city_area = "C"
outbreak_started = "2022-11-01"
disease = "covid-19-omicron-ba5"
boundaries = "districts.geojson"
"#;

const FILES: &[(&str, &str)] = &[
    ("city.toml", CITY),
    (
        "areas.csv",
        "code,parent_code,level,name_zh,name_en,short_zh,short_en,population,population_date,lat,lon,origin,source_id,note\nC,,city,小城,Small City,小城,Small,1000,,,,reported,S1,\nD1,C,district,东区,East District,东,East,600,,29.5,106.5,reported,S1,\n",
    ),
    (
        "sources.csv",
        "source_id,title,publisher,url,published,licence,note\nS1,Yearbook,,https://example.org/y,2022-01-01,facts,\n",
    ),
    (
        "offices.csv",
        "office,name_zh,name_en,tables,cadence_hours,age_limit_hours,origin,note\nhc,卫健委,Health Commission,infections+stock,24,48,reported,\n",
    ),
    ("people.csv", "person,name_zh,name_en,role,section,area_code,origin,note\np1,甲,One,commander,,C,synthetic,\n"),
    (
        "parameters.csv",
        "parameter,version,value,low,high,unit,effective_from,origin,source_id,note\nstay.days,1,6,5,8,days,,reported,S1,\n",
    ),
    ("headings.csv", "table,column,heading\ninfections,place,区县\n"),
    (
        "infections.csv",
        "place,period_start,period_end,confirmed,asymptomatic,converted,total,pending,community,managed,community_pct,deaths,office,source_id,known_at,known_at_assumed,origin,note\nD1,2022-11-18T00:00,2022-11-19T00:00,3,,,,,,,,,hc,S1,2022-11-19T09:00,false,reported,\nD1,2022-11-18T00:00,2022-11-19T00:00,4,,,,,,,,,hc,S1,2022-11-20T09:00,false,reported,corrected\n",
    ),
    (
        "districts.geojson",
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"D1"},"geometry":{"type":"Polygon","coordinates":[]}}]}"#,
    ),
];

/// What a test does to the text of a file.
type Change<'a> = &'a dyn Fn(&str) -> String;

/// A sound little pack, with some files changed.
fn pack(changes: &[(&str, Change<'_>)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in FILES {
        let change = changes.iter().find(|(changed, _)| changed == name);
        std::fs::write(dir.path().join(name), change.map_or((*text).to_owned(), |(_, change)| change(text))).unwrap();
    }
    dir
}

fn check(dir: &Path) -> String {
    check_pack(dir, datetime(2022, 12, 1, 0, 0, 0, 0)).to_string()
}

#[test]
fn a_sound_pack_is_read_and_counted() {
    let dir = pack(&[]);
    insta::assert_snapshot!(check(dir.path()), @"
    sources: 1 rows, 1 good, 0 bad, 0 flagged
    offices: 1 rows, 1 good, 0 bad, 0 flagged
    areas: 2 rows, 2 good, 0 bad, 0 flagged
    people: 1 rows, 1 good, 0 bad, 0 flagged
    parameters: 1 rows, 1 good, 0 bad, 0 flagged
    headings: 1 rows, 1 good, 0 bad, 0 flagged
    infections: 2 rows, 2 good, 0 bad, 0 flagged
    0 problem(s), 0 warning(s)
    ");
    let pack = read_pack(dir.path()).unwrap();
    assert_eq!(pack.settings.name.zh, "小城");
    assert_eq!(pack.gazetteer.districts().count(), 1);
    assert_eq!(pack.people.len(), 1);
    assert_eq!(pack.offices[0].tables, ["infections", "stock"]);
    let stay = pack.parameters.in_force("stay.days", jiff::civil::date(2022, 11, 18));
    assert_eq!(stay.map(|(_, days)| days), Ok(6.0));
    assert_eq!(pack.reports, ["infections"]);
    assert_eq!(pack.layout("areas", datetime(2022, 12, 1, 0, 0, 0, 0)).map(|l| l.spec.name), None);
}

#[test]
fn all_problems_of_a_pack_are_told_at_once() {
    let twice = |text: &str| {
        let row = text.lines().nth(1).unwrap_or_default();
        format!("{text}{row}\n{}\n{}\n", row.replace("D1,", "D2,"), row.replace("hc,S1", "xx,S2"))
    };
    let dir = pack(&[
        ("areas.csv", &|text| format!("{text}D2,X,district,西区,West District,西,West,400,,,,reported,S9,\n")),
        ("people.csv", &|text| text.replace("commander", "commandr")),
        ("parameters.csv", &|text| text.replace(",6,5,8", ",9,5,8")),
        ("headings.csv", &|text| format!("{text}infections,confirmd,确诊\ninfectons,place,地\ninfections,date,区县\n")),
        ("offices.csv", &|text| text.replace("infections+stock", "infections+stoc")),
        ("infections.csv", &twice),
        ("city.toml", &|text| {
            text.replace("Asia/Shanghai", "Asia/Chongqin").replace("city_area = \"C\"", "city_area = \"C1\"")
        }),
        ("districts.geojson", &|text| text.replace("\"D1\"", "\"D9\"")),
    ]);
    std::fs::write(dir.path().join("infection.csv"), "x\n").unwrap();
    insta::assert_snapshot!(check(dir.path()));
}

#[test]
fn problems_of_report_tables_and_settings_are_told_in_both_languages() {
    let twice = |text: &str| {
        let row = text.lines().nth(1).unwrap_or_default();
        format!("{text}{row}\n{}\n{}\n", row.replace("D1,", "D2,"), row.replace("hc,S1", "xx,S2"))
    };
    let dir = pack(&[("infections.csv", &twice)]);
    let report = check_pack(dir.path(), datetime(2022, 12, 1, 0, 0, 0, 0));
    let told: Vec<String> = report.problems.iter().map(|p| format!("{p}\n  {}", p.explain(Lang::Zh).0)).collect();
    insta::assert_snapshot!(told.join("\n"), @"
    infections.csv line 4 [L1503]: the same key as line 2 with the same known_at: D1|2022-11-18T00:00|2022-11-19T00:00|hc; delete one of the two, or give the later statement its own known_at
      与第 2 行的键相同且 known_at 相同：D1|2022-11-18T00:00|2022-11-19T00:00|hc
    infections.csv line 5 [L1114]: `place` = “D2” is no place that this city knows; nearest: D1; write its code or its full name
      `place`＝“D2” 不是本市已知的地点
    infections.csv line 6 [L1122]: `office` = “xx” is no office that this city knows; nearest: —; or add the office to offices.csv
      `office`＝“xx” 不是本市已知的单位
    infections.csv line 6 [L1123]: `source_id` = “S2” names a source that this city does not know; nearest: S1; or add the document to sources.csv
      `source_id`＝“S2” 引用了未登记的来源
    ");
    let dir = pack(&[("city.toml", &|text| format!("{text}colour = \"red\"\n"))]);
    let problems = read_pack(dir.path()).unwrap_err();
    assert!(
        problems[0].to_string().starts_with("city.toml line 12 [L1502]: unknown field `colour`"),
        "{}",
        problems[0]
    );
    let dir = pack(&[("city.toml", &|text| text.replace("districts.geojson", "../secret.json"))]);
    assert!(read_pack(dir.path()).unwrap_err()[0].to_string().contains("in the pack itself"));
}

#[test]
fn a_folder_that_is_no_pack_is_told_what_it_lacks() {
    let dir = tempfile::tempdir().unwrap();
    let problems: Vec<String> = read_pack(dir.path()).unwrap_err().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(problems.join("\n"), @"
    city.toml [L1501]: the pack has no such file; add it; docs/pack.md says what belongs in it
    sources.csv [L1501]: the pack has no such file; add it; docs/pack.md says what belongs in it
    offices.csv [L1501]: the pack has no such file; add it; docs/pack.md says what belongs in it
    areas.csv [L1501]: the pack has no such file; add it; docs/pack.md says what belongs in it
    ");
}

#[test]
fn the_descriptor_says_what_the_tables_say_and_is_held_against_them() {
    let dir = pack(&[]);
    let descriptor = datapackage::describe(dir.path()).unwrap();
    assert_eq!(datapackage::to_text(&descriptor), datapackage::to_text(&datapackage::describe(dir.path()).unwrap()));
    let infections = descriptor["resources"].as_array().unwrap().iter().find(|r| r["name"] == "infections").unwrap();
    let fields = infections["schema"]["fields"].as_array().unwrap();
    insta::assert_snapshot!([&fields[0], &fields[1], &fields[3], &fields[15], &fields[16]].map(ToString::to_string).join("\n"), @r#"
    {"name":"place","type":"string","description":"area or reporting unit","constraints":{"required":true}}
    {"name":"period_start","type":"datetime","format":"%Y-%m-%dT%H:%M","description":"first moment of the period","constraints":{"required":true}}
    {"name":"confirmed","type":"integer","description":"confirmed cases, conversions included; persons","constraints":{"minimum":0,"maximum":100000000}}
    {"name":"known_at_assumed","type":"boolean","description":"whether known_at follows a rule because no publication date was found","trueValues":["true"],"falseValues":["false"],"constraints":{"required":true}}
    {"name":"origin","type":"string","description":"what it rests on","constraints":{"required":true,"enum":["reported","derived","synthetic"]}}
    "#);
    let file = dir.path().join(datapackage::FILE);
    std::fs::write(&file, datapackage::to_text(&descriptor)).unwrap();
    assert!(check_pack(dir.path(), datetime(2022, 12, 1, 0, 0, 0, 0)).is_sound());
    std::fs::remove_file(dir.path().join("headings.csv")).unwrap();
    let told = check(dir.path());
    assert!(told.contains("resource `headings` has no table in the pack"), "{told}");
    std::fs::write(&file, "{").unwrap();
    assert!(check(dir.path()).contains("L1509"));
}

/// The packs that come with Levee.
#[test]
fn the_packs_of_the_repository_are_sound() {
    let packs = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../packs");
    for (name, infections) in [("chongqing-2022", 500), ("shanghai-2022", 500), ("riverside-synthetic", 100)] {
        let report = check_pack(&packs.join(name), datetime(2026, 1, 1, 0, 0, 0, 0));
        assert!(report.is_sound(), "{name}\n{report}");
        assert!(report.tables.iter().all(|t| t.bad == 0 && t.received == t.good));
        assert!(report.tables.iter().any(|t| t.table == "infections" && t.good > infections));
    }
}
