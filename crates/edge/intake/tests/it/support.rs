//! A small city and the few ways in which the tests touch the crate.

use jiff::civil::datetime;
use levee_intake::{Defaults, Headings, Lang, Layout, PlaceIndex, ReadError, ReadRow, ReadSummary, References, Source};
use levee_intake::{explain, read_rows};
use levee_model::area::{Area, Level, Name, Relation, ReportingUnit};
use levee_model::gazetteer::Gazetteer;
use levee_model::table::{CellProblem, TableSpec};
use std::ops::ControlFlow;

fn name(zh: &str, en: &str, short_zh: &str, short_en: &str) -> Name {
    Name { zh: zh.into(), en: en.into(), short_zh: short_zh.into(), short_en: short_en.into() }
}

/// Chongqing with two districts and two units; both units are called 新区 for short.
pub(crate) fn city() -> Gazetteer {
    let area = |code: &str, level, name| Area {
        code: code.parse().unwrap(),
        parent: (level != Level::City).then(|| "500000".parse().unwrap()),
        level,
        name,
        population: None,
        point: None,
    };
    let unit = |code: &str, name| ReportingUnit { code: code.parse().unwrap(), name, relation: Relation::Overlap };
    Gazetteer::new(
        vec![
            area("500000", Level::City, name("重庆市", "Chongqing", "重庆", "Chongqing")),
            area("500103", Level::District, name("渝中区", "Yuzhong District", "渝中", "Yuzhong")),
            area("500112", Level::District, name("渝北区", "Yubei District", "渝北", "Yubei")),
        ],
        vec![
            unit("CQ-LJ", name("两江新区", "Liangjiang New Area", "新区", "Liangjiang")),
            unit("CQ-GX", name("高新区", "High-tech Zone", "新区", "High-tech")),
        ],
    )
    .unwrap()
}

/// How table `table` is read on 1 December 2022, with the headings of a health commission.
pub(crate) fn layout(table: &str) -> Layout {
    let mut headings = Headings::default();
    for (column, heading) in [
        ("place", "区县"),
        ("date", "日期"),
        ("confirmed", "确诊病例"),
        ("asymptomatic", "无症状感染者"),
        ("converted", "无症状转确诊"),
        ("community", "社会面"),
        ("community_pct", "社会面占比"),
        ("note", "备注"),
    ] {
        headings.add("infections", column, heading).unwrap();
    }
    Layout {
        spec: TableSpec::named(table).unwrap(),
        headings,
        places: PlaceIndex::new(&city()),
        now: datetime(2022, 12, 1, 9, 0, 0, 0),
        defaults: Defaults {
            office: Some("cq-hc".parse().unwrap()),
            source_id: Some("bulletin".into()),
            known_at: Some(datetime(2022, 12, 1, 8, 0, 0, 0)),
            known_at_assumed: Some(false),
            origin: Some(levee_model::provenance::Origin::Reported),
            place: None,
        },
        references: References::default(),
    }
}

pub(crate) fn bytes(content: impl AsRef<[u8]>) -> Source {
    Source::bytes("sent.csv", content.as_ref().to_vec())
}

pub(crate) fn read(source: &Source, layout: &Layout) -> Result<(Vec<ReadRow>, ReadSummary), ReadError> {
    let mut rows = Vec::new();
    let summary = read_rows(source, layout, &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    assert_eq!(summary.received, rows.len() as u64);
    assert_eq!(summary.received, summary.good + summary.bad);
    Ok((rows, summary))
}

/// What a person reads about a problem: code, what, mend.
pub(crate) fn told(problem: &CellProblem) -> String {
    let (what, mend) = explain(problem, Lang::En);
    format!("{} {what}; {mend}", problem.code)
}

/// Rows as short lines: cells that are not empty, or the problems.
pub(crate) fn shown(rows: &[ReadRow]) -> String {
    let lines = rows.iter().map(|row| match row {
        ReadRow::Good { line, row, warnings } => {
            let cells = row.cells().filter(|(c, _)| !PROVENANCE.contains(&c.name));
            let cells: Vec<String> = cells.map(|(c, cell)| format!("{}={cell}", c.name)).collect();
            let warnings: String = warnings.iter().map(|w| format!("\n    ! {}", told(w))).collect();
            format!("{line} {}{warnings}", cells.join(" "))
        }
        ReadRow::Bad { line, problems, .. } => {
            let told: String = problems.iter().map(|p| format!("\n    x {}", told(p))).collect();
            format!("{line} rejected{told}")
        }
    });
    lines.collect::<Vec<String>>().join("\n")
}

const PROVENANCE: &[&str] = &["office", "source_id", "known_at", "known_at_assumed", "origin"];

/// The whole answer to a file of infections: rows and notes, or why it was refused.
pub(crate) fn answer(source: &Source) -> String {
    match read(source, &layout("infections")) {
        Ok((rows, summary)) => {
            let notes = summary.notes.iter().map(|n| format!("\nnote {} {}", n.code, n.explain(Lang::En).0));
            format!("{}{}", shown(&rows), notes.collect::<String>())
        }
        Err(error) => format!("refused {} {error}\nmend: {}", error.code, error.explain(Lang::En).1),
    }
}
