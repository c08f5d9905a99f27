//! What changed, what contradicts, how old the data are: before you rely on it.

use super::{bullets, part, void};
use crate::chart::age;
use crate::facts::{DataAge, Message};
use crate::html::View;
use crate::html::pager::{Part, Piece};
use crate::html::table::{Cell, Col, table};
use crate::rich::Rich;

pub(super) fn changes(view: &View<'_>) -> Part {
    let mut all = part(view, "changes", view.t("变化", "Changes"), "");
    all.chapter = true;
    all.pieces = bullets(view, view.facts.changes.iter().map(|change| (view.say(change), false)).collect());
    all
}

pub(super) fn contradictions(view: &View<'_>) -> Part {
    let mut all =
        part(view, "contradictions", view.t("核对", "Check first"), view.t("引用前请先看", "before you rely on it"));
    all.chapter = true;
    let mut items: Vec<_> = view.facts.contradictions.iter().collect();
    items.sort_by_key(|one| !one.touches_headline);
    let said = |one: &crate::facts::Contradiction| {
        let mut text = view.say(&one.what);
        if let Some(touches) = &one.touches {
            text.push(Rich::text(view.t("；", "; ")));
            text.push(view.say(touches));
        }
        if one.touches_headline {
            let mut mark = Rich::whole(view.t("◔涉及要目：", "◔ headline: "));
            mark.0.iter_mut().for_each(|run| run.strong = true);
            mark.push(text);
            return mark;
        }
        text
    };
    all.pieces = bullets(view, items.into_iter().map(|one| (said(one), false)).collect());
    all
}

pub(super) fn ages(view: &View<'_>) -> Part {
    let rows = &view.facts.data_ages;
    let sub = view.t(
        "报送时效与时限；竖线为时限，斜线为从未报送",
        "age of each report against its limit; the tick is the limit, hatched: never reported",
    );
    let mut all = part(view, "ages", view.t("时效", "Age"), sub);
    if rows.is_empty() {
        all.pieces.push(void(view, Some(&Message::new("not_kept_yet"))));
        return all;
    }
    let longest = rows
        .iter()
        .flat_map(|row| [row.age_hours, row.limit_hours])
        .flatten()
        .filter(|hours| hours.is_finite())
        .fold(1.0, f64::max)
        // One report that is weeks old must not make the others unreadable: its figure stands beside the bar.
        .min(96.0);
    let cols = [
        Col(view.t("报送单位", "Office"), 150.0, false),
        Col(view.t("内容", "Table"), 150.0, false),
        Col("", 190.0, false),
        Col(view.t("时效", "Age"), 96.0, true),
        Col(view.t("时限", "Limit"), 70.0, true),
    ];
    let cells = rows.iter().map(|row| cells(view, row, longest)).collect();
    all.pieces.push(Piece::Table(table(&view.title("ages").0.plain(), &cols, cells, false)));
    all
}

fn cells(view: &View<'_>, row: &DataAge, longest: f64) -> Vec<Cell> {
    let speaker = view.speaker;
    let hours = |hours: Option<f64>| hours.map_or_else(|| view.t("未设", "none set").to_owned(), |h| speaker.hours(h));
    let old = matches!((row.age_hours, row.limit_hours), (Some(age), Some(limit)) if age > limit);
    let age = match row.age_hours {
        None => Cell::html(format!("<span class=\"unk\"><b>{}</b></span>", view.t("从未报送", "never")), 6.0),
        Some(age) if old => Cell::html(format!("<span class=\"t-soon\">◔ {}</span>", speaker.hours(age)), 5.0),
        Some(age) => Cell::text(&speaker.hours(age)),
    };
    let name = match row.age_hours {
        None => view.t("从未报送", "never reported").to_owned(),
        Some(age) => format!("{} / {}", speaker.hours(age), hours(row.limit_hours)),
    };
    vec![
        Cell::text(speaker.lang.of(&row.office)),
        Cell::text(speaker.lang.of(&row.table)),
        Cell::html(age::bar(row.age_hours, row.limit_hours, longest, 178.0, &name), 1.0),
        age,
        Cell::text(&hours(row.limit_hours)),
    ]
}
