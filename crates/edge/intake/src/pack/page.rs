//! `docs/pack.md`: prose from a template, tables from [`TABLES`].

use levee_model::table::{Column, Kind, TABLES, TableSpec, Use};
use std::fmt::Write as _;

/// The text of `docs/pack.md`. A test compares it with the file.
pub fn pack_page() -> String {
    include_str!("page.md")
        .replace("{{reference}}", &tables(Use::Reference))
        .replace("{{reports}}", &tables(Use::Report))
}

fn tables(used: Use) -> String {
    let all: Vec<String> = TABLES.iter().filter(|spec| spec.used == used).map(table).collect();
    all.join("\n")
}

fn table(spec: &TableSpec) -> String {
    let mut out =
        format!("### `{}.csv`\n\nOne row is {}. Key: `{}`.\n\n", spec.name, spec.about, spec.key.join("`, `"));
    out.push_str("| column | cell | what |\n| --- | --- | --- |\n");
    for column in spec.columns {
        let must = if column.required { ", required" } else { "" };
        // Writing into a String cannot fail.
        let _ = writeln!(out, "| `{}` | {}{must} | {} |", column.name, cell(column), column.about);
    }
    out
}

fn cell(column: &Column) -> String {
    match column.kind {
        Kind::Text => "text".to_owned(),
        Kind::Note => "free text".to_owned(),
        Kind::Id => "identifier".to_owned(),
        Kind::Ids => "identifiers joined by `+`".to_owned(),
        Kind::Place => "place".to_owned(),
        Kind::Places => "places joined by `+`".to_owned(),
        Kind::Count => "count".to_owned(),
        Kind::Decimal => "number".to_owned(),
        Kind::Date => "date".to_owned(),
        Kind::DateTime => "moment".to_owned(),
        Kind::Flag => "`true` or `false`".to_owned(),
        Kind::Choice(words) => format!("one of `{}`", words.join("`, `")),
    }
}
