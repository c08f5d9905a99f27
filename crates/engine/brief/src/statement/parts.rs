//! The sheets after the first: by district, by kind, and what is late in full.

use super::facts::StatementArrear;
use super::page::View;
use super::systems::system;
use super::tally::Tally;
use super::units::SIDES;
use crate::html::{esc, lines};
use crate::rich::ems;

/// Height of a sheet without its running head and foot, pixels.
const HEIGHT: f64 = 968.0;
/// What is late that the page lists in full; the tables beside it list all. 40 sheets are more than anybody prints.
const MOST: usize = 1000;

/// How a row of the equation is set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    Plain,
    Sum,
}

/// Width of a sheet without its margins, pixels.
const WIDTH: f64 = 674.0;

/// Width of each column of numbers, wide enough for its head and for its largest number; the name has what is left.
fn widths(view: &View<'_>, largest: &Tally, late: bool) -> Vec<f64> {
    let wide = |head: &str, number: &str| {
        let word = head.split(' ').map(ems).fold(0.0, f64::max);
        // Chinese heads break anywhere; two letters stand side by side.
        let word = view.speaker.lang.pick(f64::min(word, 2.1), word);
        f64::max(word * 10.2, ems(number) * 11.2) + 8.0
    };
    let sides = SIDES.iter().zip(largest.units.0);
    let mut all: Vec<f64> = sides.map(|(side, units)| wide(side.name(view.speaker.lang), &view.count(units))).collect();
    all.push(wide(view.t("差额", "Residual"), "0"));
    if late {
        all.push(wide(view.t("逾期项", "Late"), &view.count(largest.late)));
    }
    all
}

/// What stands before and after the rows of an equation, and how wide names may be, in pixels.
pub(super) fn equation(view: &View<'_>, first: &str, late: bool) -> (String, &'static str, f64) {
    let widths = widths(view, &view.facts.total(), late);
    let name = (WIDTH - widths.iter().sum::<f64>()).max(90.0);
    let mut all = vec![name];
    all.extend(&widths);
    let sum: f64 = all.iter().sum();
    let cols: String = all.iter().map(|width| format!("<col style=\"width:{:.2}%\">", width / sum * 100.0)).collect();
    let mut heads = format!("<th scope=\"col\">{first}</th>");
    for side in SIDES {
        let class = if side.sign == "=" { " class=\"out\"" } else { "" };
        let sign = if side.sign.is_empty() { "&nbsp;" } else { side.sign };
        let name = side.name(view.speaker.lang);
        heads.push_str(&format!("<th scope=\"col\"{class}><span class=\"sg\">{sign}</span>{name}</th>"));
    }
    heads.push_str(&format!("<th scope=\"col\" class=\"res\">{}</th>", view.t("差额", "Residual")));
    if late {
        heads.push_str(&format!("<th scope=\"col\">{}</th>", view.t("逾期项", "Late")));
    }
    (
        format!(
            "<div class=\"wide\"><table class=\"eq\"><colgroup>{cols}</colgroup><thead><tr>{heads}</tr></thead><tbody>"
        ),
        "</tbody></table></div>",
        name,
    )
}

/// One row. `name` is markup.
pub(super) fn equation_row(view: &View<'_>, name: &str, tally: &Tally, row: Row, late: bool) -> String {
    let class = match row {
        Row::Plain => "",
        Row::Sum => " class=\"sum\"",
    };
    let mut out =
        format!("<tr{class}><th scope=\"row\">{name}{}</th>", view.mark(tally.synthetic && row == Row::Plain));
    for (side, units) in SIDES.iter().zip(tally.units.0) {
        let mut classes = Vec::new();
        if side.sign == "=" {
            classes.push("out");
        }
        match (units, side.key) {
            (0, _) => classes.push("z"),
            (_, "expired") => classes.push("ov"),
            _ => {}
        }
        out.push_str(&format!("<td class=\"{}\">{}</td>", classes.join(" "), view.count(units)));
    }
    let residual = tally.units.residual();
    let class = if residual == 0 { "res" } else { "res ov" };
    out.push_str(&format!("<td class=\"{class}\">{residual}</td>"));
    if late {
        let class = if tally.late == 0 { "z" } else { "" };
        out.push_str(&format!("<td class=\"{class}\">{}</td>", view.count(tally.late)));
    }
    out.push_str("</tr>");
    out
}

/// A part: title and unit, a table in pieces, each row with its height.
struct Part {
    title: String,
    sub: String,
    open: String,
    head: f64,
    rows: Vec<(String, f64)>,
    close: &'static str,
}

/// The bodies of the sheets after the first. Heights are estimates on the safe side: a sheet that is fuller than thought
/// grows, it never cuts.
pub(super) fn lay_out(view: &View<'_>) -> Vec<String> {
    let mut bodies: Vec<String> = Vec::new();
    let mut y = HEIGHT;
    for part in [districts(view), kinds(view), late(view)].into_iter().flatten() {
        let section = |again: bool| {
            let again = if again { view.t("（续）", " (continued)") } else { "" };
            format!(
                "<section class=\"sec\"><header><h2>{}{again}{}</h2><p class=\"sub\">{}</p></header>{}",
                part.title,
                view.s(view.facts.is_synthetic()),
                part.sub,
                part.open
            )
        };
        let head = 62.0 + part.head;
        let begin = head + part.rows.iter().take(3).map(|row| row.1).sum::<f64>();
        // A part that begins in the lower third would be torn apart.
        let turn = y + begin > HEIGHT || y > HEIGHT * 0.66;
        let mut open = section(false);
        let mut rows = part.rows.iter().peekable();
        let mut fresh = turn;
        while rows.peek().is_some() {
            if fresh {
                bodies.push(String::new());
                y = 0.0;
            }
            let Some(body) = bodies.last_mut() else { break };
            body.push_str(&open);
            y += head;
            let mut placed = 0;
            while let Some((row, height)) = rows.next_if(|(_, height)| placed == 0 || y + height <= HEIGHT) {
                body.push_str(row);
                y += height;
                placed += 1;
            }
            body.push_str(part.close);
            body.push_str("</section>");
            open = section(true);
            fresh = true;
        }
    }
    bodies
}

pub(super) fn row_height(name: &str, width: f64) -> f64 {
    (lines(ems(name), 11.0, width - 3.0) * 14.5 + 3.0).max(20.5)
}

fn districts(view: &View<'_>) -> Option<Part> {
    let facts = view.facts;
    let all = facts.by_district();
    if all.len() < 2 {
        return None;
    }
    let (open, close, width) = equation(view, view.t("区县", "District"), true);
    let mut rows: Vec<(String, f64)> = all
        .iter()
        .map(|(code, tally)| {
            let name = facts.area(code);
            // What belongs to no district.
            let own = name == facts.city;
            let name = if own { view.t("市本级", "City itself") } else { view.speaker.lang.of(&name) };
            (equation_row(view, &esc(name), tally, Row::Plain, true), row_height(name, width))
        })
        .collect();
    rows.push((equation_row(view, view.t("合计", "Total"), &facts.total(), Row::Sum, true), 22.0));
    Some(Part {
        title: view.t("分区县", "By district").to_owned(),
        sub: view
            .t("各事项自有单位，合计仅示平衡", "each kind has its own unit; sums only show the balance")
            .to_owned(),
        open,
        head: 44.0,
        rows,
        close,
    })
}

fn kinds(view: &View<'_>) -> Option<Part> {
    let facts = view.facts;
    let systems = facts.by_system();
    if systems.is_empty() {
        return None;
    }
    let (open, close, width) = equation(view, view.t("事项（单位）", "Kind (unit)"), true);
    let mut rows = Vec::new();
    let mut before = None;
    for ((nth, kind), tally) in facts.by_kind() {
        // A heading goes with the row below it: neither stands alone at the foot of a sheet.
        let mut head = (String::new(), 0.0);
        if before != Some(nth) {
            before = Some(nth);
            let name = system(nth);
            let words = esc(view.speaker.lang.of(&name));
            let span = SIDES.len() + 3;
            head = (format!("<tr class=\"grp\"><th scope=\"rowgroup\" colspan=\"{span}\">{words}</th></tr>"), 23.0);
        }
        let (name, unit) = (facts.kind(&kind), facts.unit(&kind));
        let lang = view.speaker.lang;
        let name = lang.pick(
            format!("{}（{}）", lang.of(&name), lang.of(&unit)),
            format!("{} ({})", lang.of(&name), lang.of(&unit)),
        );
        head.0.push_str(&equation_row(view, &esc(&name), &tally, Row::Plain, true));
        rows.push((head.0, head.1 + row_height(&name, width)));
    }
    Some(Part {
        title: view.t("分事项", "By kind").to_owned(),
        sub: view.t("按体系排列，单位见括号", "by system; the unit stands in brackets").to_owned(),
        open,
        head: 44.0,
        rows,
        close,
    })
}

fn late(view: &View<'_>) -> Option<Part> {
    let all = view.facts.arrears_in_order();
    if all.is_empty() {
        return None;
    }
    let widths = [26.2, 10.8, 12.0, 13.5, 8.0, 16.5, 13.0];
    let heads = [
        (view.t("事项与编号", "Kind and id"), false),
        (view.t("区域", "Area"), false),
        (view.t("数量", "Units"), true),
        (view.t("应办结", "Due"), true),
        (view.t("逾期", "Late"), true),
        (view.t("理由", "Reason"), false),
        (view.t("责任人", "Owner"), false),
    ];
    let cols: String = widths.iter().map(|width| format!("<col style=\"width:{width}%\">")).collect();
    let heads: String = heads
        .iter()
        .map(|(name, num)| format!("<th scope=\"col\"{}>{name}</th>", if *num { " class=\"num\"" } else { "" }))
        .collect();
    let n = view.count(all.len() as u64);
    let mut sub = view
        .t(
            "未说明理由的在前，其余按逾期长短；区域只列到社区",
            "without a reason first, then the longest; no place below a community is named",
        )
        .to_owned();
    if all.len() > MOST {
        let most = view.count(MOST as u64);
        sub.push_str(&view.speaker.lang.pick(
            format!("；此处列前{most}项，全部见CSV或XLSX"),
            format!("; the first {most} are listed here, all of them in the CSV and XLSX files"),
        ));
    }
    Some(Part {
        title: view.speaker.lang.pick(format!("逾期事项明细：{n}项"), format!("What is late, in full: {n}")),
        sub,
        open: format!(
            "<div class=\"wide\"><table class=\"dense\"><colgroup>{cols}</colgroup><thead><tr>{heads}</tr></thead><tbody>"
        ),
        head: 26.0,
        rows: all.into_iter().take(MOST).map(|arrear| late_row(view, arrear, &widths)).collect(),
        close: "</tbody></table></div>",
    })
}

fn late_row(view: &View<'_>, arrear: &StatementArrear, widths: &[f64; 7]) -> (String, f64) {
    let (facts, lang) = (view.facts, view.speaker.lang);
    let (kind, area, unit) = (facts.kind(&arrear.kind), facts.area(&arrear.area), facts.unit(&arrear.kind));
    let (kind, area, unit) = (lang.of(&kind), lang.of(&area), lang.of(&unit));
    let none = view.t("未说明", "none given");
    let said = |words: &Option<crate::facts::Words>| match words {
        Some(words) => (view.say(words), ems(lang.of(words))),
        None => (format!("<span class=\"t-no\">{none}</span>"), ems(none)),
    };
    let ((reason, reason_ems), (owner, owner_ems)) = (said(&arrear.reason), said(&arrear.owner));
    let count = view.count(arrear.units);
    let units = lang.pick(format!("{count}{unit}"), format!("{count} {unit}"));
    let html = format!(
        "<tr><th scope=\"row\">{}{}<span class=\"id\">{}</span></th><td>{}</td><td class=\"num\" style=\"white-space:normal\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td><td>{reason}</td><td>{owner}</td></tr>",
        esc(kind),
        view.mark(arrear.synthetic),
        esc(&arrear.obligation),
        esc(area),
        esc(&units),
        view.speaker.moment(arrear.due),
        view.late(arrear.late_minutes),
    );
    let texts = [
        ems(kind) + if view.facts.is_mixed() { 2.0 } else { 0.0 },
        ems(area),
        ems(&units),
        0.0,
        0.0,
        reason_ems,
        owner_ems,
    ];
    let mut high: f64 = 1.0;
    for (at, (text, width)) in texts.into_iter().zip(widths).enumerate() {
        let more = if at == 0 { 0.8 } else { 0.0 };
        high = high.max(lines(text, 11.5, width * 6.74 - 12.0) + more);
    }
    (html, high * 15.6 + 4.0)
}
