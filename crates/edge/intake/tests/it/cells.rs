//! What a cell may say, kind by kind.

use crate::support::city;
use levee_intake::{PlaceIndex, cells};
use levee_model::table::{Column, Kind};

fn say(name: &'static str, kind: Kind, text: &str) -> String {
    let column = Column { name, kind, required: false, about: "" };
    match cells::parse(&column, text, &PlaceIndex::new(&city())) {
        Ok(None) => "empty".to_owned(),
        Ok(Some(cell)) => cell.to_string(),
        Err(fault) => fault.code.to_owned(),
    }
}

fn check(name: &'static str, kind: Kind, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(say(name, kind, text), *expected, "{text:?}");
    }
}

#[test]
fn not_known_is_empty_and_never_zero() {
    let empty =
        ["", " ", "　", "-", "—", "－", "/", "无数据", "NA", "N/A", "n/a", "null", "NULL", "未知", "ＮＡ", "'-"];
    for kind in [Kind::Count, Kind::Decimal, Kind::Date, Kind::DateTime, Kind::Flag, Kind::Text, Kind::Place] {
        for text in empty {
            assert_eq!(say("x", kind, text), "empty", "{text:?}");
        }
    }
    assert_eq!(say("x", Kind::Count, "0"), "0");
    let column = Column { name: "x", kind: Kind::Count, required: true, about: "" };
    assert_eq!(cells::parse(&column, "—", &PlaceIndex::default()).unwrap_err().code, "L1101");
}

#[test]
fn counts() {
    check(
        "x",
        Kind::Count,
        &[
            ("12", "12"),
            (" 12 ", "12"),
            ("１２３", "123"),
            ("1,234", "1234"),
            ("12，345，678", "12345678"),
            ("12.0", "12"),
            ("100000000", "100000000"),
            ("100000001", "L1105"),
            ("99999999999999999999999", "L1105"),
            ("1,23", "L1102"),
            ("1,2345", "L1102"),
            ("-3", "L1103"),
            ("－３", "L1103"),
            ("--3", "L1102"),
            ("1.5", "L1104"),
            ("12.", "L1102"),
            ("12例", "L1102"),
            ("1e3", "L1102"),
            ("12 34", "L1102"),
            ("#REF!", "L1118"),
        ],
    );
}

#[test]
fn decimals() {
    check(
        "on_hand",
        Kind::Decimal,
        &[
            ("24.3", "24.3"),
            ("1,234.5", "1234.5"),
            ("２４．３", "24.3"),
            ("-0", "0"),
            ("-1.5", "-1.5"),
            ("1.2E-05", "0.000012"),
            ("24%", "L1121"),
            ("inf", "L1106"),
            ("nan", "L1106"),
            ("1e400", "L1106"),
            (".5", "L1106"),
        ],
    );
    check("community_pct", Kind::Decimal, &[("24.3%", "24.3"), ("24.3 ％", "24.3"), ("101", "L1107"), ("-1", "L1107")]);
    check("lat", Kind::Decimal, &[("29.56", "29.56"), ("106.5", "L1107")]);
}

#[test]
fn dates() {
    check(
        "x",
        Kind::Date,
        &[
            ("2022-11-18", "2022-11-18"),
            ("2022/11/18", "2022-11-18"),
            ("2022/1/8", "2022-01-08"),
            ("2022.11.18", "2022-11-18"),
            ("2022年11月18日", "2022-11-18"),
            ("２０２２年１１月１８日", "2022-11-18"),
            ("20221118", "2022-11-18"),
            ("44883", "2022-11-18"),
            ("2022-11-18 00:00:00", "2022-11-18"),
            ("2022-11-18T12:00", "L1108"),
            ("2022-02-30", "L1108"),
            ("18/11/2022", "L1108"),
            ("11月18日", "L1108"),
            ("2022-11/18", "L1108"),
            ("2022-11-181", "L1108"),
            ("4488", "L1108"),
            ("44883.5", "L1108"),
        ],
    );
}

#[test]
fn moments() {
    let ways = [
        "2022-11-18T12:00",
        "2022-11-18 12:00",
        "2022/11/18 12:00:00",
        "2022-11-18T12:00:00.000",
        "2022年11月18日12时",
        "2022年11月18日 12时00分",
        "2022年11月18日12点整",
        "2022.11.18 12:00",
        "44883.5",
    ];
    for text in ways {
        assert_eq!(say("at", Kind::DateTime, text), "2022-11-18T12:00", "{text}");
    }
    check(
        "at",
        Kind::DateTime,
        &[
            ("2022-11-18T24:00", "2022-11-19T00:00"),
            ("2022年12月31日24时", "2023-01-01T00:00"),
            ("2022-11-18", "2022-11-18T00:00"),
            ("2022-11-18T25:00", "L1109"),
            ("2022-11-18T24:01", "L1109"),
            ("2022-11-18T12:00Z", "L1111"),
            ("2022-11-18T12:00+08:00", "L1111"),
            ("12:00", "L1109"),
        ],
    );
    check("period_end", Kind::DateTime, &[("2022-11-18", "L1110"), ("44883", "2022-11-18T00:00")]);
}

#[test]
fn flags_choices_and_identifiers() {
    for (texts, expected) in
        [(&["true", "TRUE", "是", "1", "yes", "１"][..], "true"), (&["false", "否", "0", "No"], "false")]
    {
        for text in texts {
            assert_eq!(say("x", Kind::Flag, text), expected, "{text}");
        }
    }
    check("x", Kind::Flag, &[("2", "L1112"), ("maybe", "L1112")]);
    check("x", Kind::Choice(&["beds", "rooms", "="]), &[("Beds", "beds"), ("＝", "="), ("'=", "="), ("bed", "L1113")]);
    check("x", Kind::Id, &[("cq-hc", "cq-hc"), ("ｃｑ", "cq"), ("a b", "L1117"), ("a+b", "L1117")]);
    check("x", Kind::Ids, &[("a+b", "a+b"), ("a ＋ b", "a+b"), ("a++b", "L1117")]);
    check("x", Kind::Text, &[("'=SUM(A1)", "=SUM(A1)"), ("a\u{FFFD}", "L1120"), ("a\u{0}", "L1120")]);
}

#[test]
fn places() {
    let ways =
        ["500103", "500103.0", "５００１０３", " 渝中区", "渝中", "Yuzhong District", "yuzhong", "YUZHONG DISTRICT"];
    for text in ways {
        assert_eq!(say("place", Kind::Place, text), "500103", "{text}");
    }
    check(
        "place",
        Kind::Place,
        &[("全市", "500000"), ("cq-lj", "CQ-LJ"), ("渝", "L1114"), ("新区", "L1115"), ("合 计", "L1116")],
    );
    check("places", Kind::Places, &[("渝中、渝北区", "500103+500112"), ("500103+x", "L1114")]);
}
