//! `levee plan compare`: two plans side by side.

use super::text::Pen;
use crate::cli::{Cli, Lang};
use crate::failure::Failure;
use crate::say;
use levee_app::plans::{ChangedRow, Compared, PlanDocument, class_name, compare};
use levee_model::plan::CareClass;
use serde_json::json;
use std::process::ExitCode;

/// Rows of changes shown; the JSON has all.
const SHOWN: usize = 40;

pub(super) fn run(cli: &Cli, a: &PlanDocument, b: &PlanDocument, lang: Lang) -> Result<ExitCode, Failure> {
    let compared = compare(a, b).map_err(|no| Failure::new(no.to_string(), no.hint()).told_in(lang))?;
    if cli.json {
        say::json(&json!({ "schema": "levee.plan_compare/1", "a": compared.names.0, "b": compared.names.1,
            "days": [compared.days.0, compared.days.1], "comparison": compared.comparison }));
        return Ok(ExitCode::SUCCESS);
    }
    let pen = Pen::new(lang, b.day.year());
    let mut out = vec![figures(&compared, pen)];
    let rows = compared.rows(b);
    out.push(changes(&compared, &rows, pen));
    say::out(&out.join("\n\n"));
    Ok(ExitCode::SUCCESS)
}

fn figures(compared: &Compared, pen: Pen) -> String {
    let (a, b) = (&compared.comparison.before, &compared.comparison.after);
    let mut rows = vec![vec![String::new(), compared.names.0.clone(), compared.names.1.clone(), pen.t("差", "change")]];
    let mut row = |name: String, before: u64, after: u64| {
        let change = match after.cmp(&before) {
            std::cmp::Ordering::Equal => "=".to_owned(),
            std::cmp::Ordering::Greater => format!("+{}", say::count(after - before)),
            std::cmp::Ordering::Less => format!("-{}", say::count(before - after)),
        };
        rows.push(vec![name, say::count(before), say::count(after), change]);
    };
    for (nth, class) in CareClass::ALL.into_iter().enumerate().rev() {
        let of = |all: &[levee_model::quantity::Persons; 4]| all.get(nth).map_or(0, |n| n.get());
        let name = pen.words(&class_name(class));
        let label = |zh: &'static str, en: &'static str| format!("{}{}{}", pen.t(zh, en), pen.t("：", ": "), name);
        row(label("安排", "served"), of(&a.served), of(&b.served));
        row(label("未安排", "without a bed"), of(&a.unserved), of(&b.unserved));
        let late = |all: &[u64; 4]| all.get(nth).copied().unwrap_or(0);
        row(label("等待人日", "late, person-days"), late(&a.late_person_days), late(&b.late_person_days));
        let free = |all: &[levee_model::quantity::Beds; 4]| all.get(nth).map_or(0, |n| n.get());
        row(label("末日空床", "reserve, beds at the end"), free(&a.reserve), free(&b.reserve));
    }
    row(
        pen.t("急危重症超员人日", "life-saving care over capacity, person-days"),
        a.surge_person_days,
        b.surge_person_days,
    );
    row(pen.t("人公里", "travelled, person-km"), a.person_km, b.person_km);
    say::table(&rows, &[1, 2, 3])
}

fn changes(compared: &Compared, rows: &[ChangedRow], pen: Pen) -> String {
    let n = say::count(compared.people_changed());
    let mut lines = vec![pen.t("改变去向的人：{}", "People placed otherwise: {}").replace("{}", &n)];
    if rows.is_empty() {
        lines.push(pen.t("共同日期内的指令完全相同。", "On the days that both cover, every order is the same."));
        return lines.join("\n");
    }
    let head = [
        ("日期", "day"),
        ("去向", "to"),
        ("病情", "class"),
        ("原", "before"),
        ("现", "after"),
        ("来自与原因", "from, and why"),
    ];
    let mut table = vec![head.map(|(zh, en)| pen.t(zh, en)).to_vec()];
    for row in rows.iter().take(SHOWN) {
        let from: Vec<String> = row
            .from
            .iter()
            .take(3)
            .map(|(place, before, after)| format!("{} {before}→{after}", pen.words(place)))
            .collect();
        let more = if row.from.len() > 3 { pen.t("等", " and others") } else { String::new() };
        let why = pen.clauses(&row.why);
        table.push(vec![
            pen.day(row.day),
            pen.words(&row.facility),
            pen.words(&row.class),
            say::count(row.people.0),
            say::count(row.people.1),
            format!("{}{more}{}{why}", from.join(&pen.t("、", ", ")), pen.t("：", ": ")),
        ]);
    }
    lines.push(say::wrapped_table(&table, &[8, 28, 12, 6, 6, 32], &[3, 4]));
    if rows.len() > SHOWN {
        let left = (rows.len() - SHOWN).to_string();
        lines.push(pen.t("另有{}行，见 --json", "{} more rows: see --json").replace("{}", &left));
    }
    lines.join("\n")
}
