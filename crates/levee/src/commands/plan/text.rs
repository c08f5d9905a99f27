//! A plan as people read it in a terminal of a hundred columns: first what cannot be met, then life-saving care, then who goes
//! where and why.

use crate::cli::Lang;
use crate::commands::brief_lang;
use crate::say;
use levee_app::plans::{Part, PlanDocument, TransferView, sections};
use levee_brief::catalogue;
use levee_brief::facts::{Arg, Message, OrderRow, PlanSection, Words};
use levee_brief::lang::{DateStyle, Speaker};
use levee_model::plan::Plan;
use levee_model::provenance::Origin;

pub(super) fn pick<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    crate::commands::day::lang_pick(lang, zh, en)
}

pub(super) fn part_name(part: Part, lang: Lang) -> &'static str {
    match part {
        Part::Transfer => crate::commands::day::lang_pick(lang, "转运与床位", "transfers and beds"),
        Part::Openings => crate::commands::day::lang_pick(lang, "启用与关闭", "openings and closings"),
        Part::Runs => crate::commands::day::lang_pick(lang, "转运车次", "runs"),
        Part::Rooms => crate::commands::day::lang_pick(lang, "隔离房间", "isolation rooms"),
        Part::Testing => crate::commands::day::lang_pick(lang, "检测", "testing"),
    }
}

/// Writes in one language.
#[derive(Clone, Copy)]
pub(super) struct Pen {
    pub(super) lang: Lang,
    speaker: Speaker,
}

impl Pen {
    pub(super) fn new(lang: Lang, year: i16) -> Self {
        Self { lang, speaker: Speaker { lang: brief_lang(lang), year } }
    }
    pub(super) fn t(self, zh: &'static str, en: &'static str) -> String {
        pick(self.lang, zh, en).to_owned()
    }
    pub(super) fn words(self, words: &Words) -> String {
        brief_lang(self.lang).of(words).to_owned()
    }
    pub(super) fn say(self, message: &Message) -> String {
        catalogue::write(message, self.speaker).capitalised().plain()
    }
    pub(super) fn clauses(self, messages: &[Message]) -> String {
        let said: Vec<String> = messages.iter().map(|m| catalogue::write(m, self.speaker).plain()).collect();
        said.join(pick(self.lang, "；", "; "))
    }
    pub(super) fn day(self, day: jiff::civil::Date) -> String {
        self.speaker.day(day, DateStyle::Short)
    }
    fn cell(self, cell: Option<&Arg>) -> String {
        match cell {
            None => pick(self.lang, "未知", "unknown").to_owned(),
            Some(arg) => catalogue::argument(arg, DateStyle::Short, self.speaker).capitalised().plain(),
        }
    }
    fn list(self, items: &[String]) -> String {
        items.join(pick(self.lang, "、", ", "))
    }
}

const WIDTH: usize = 100;

/// The whole plan.
pub(super) fn plan(document: &PlanDocument, before: Option<&PlanDocument>, name: &str, lang: Lang) -> String {
    let pen = Pen::new(lang, document.day.year());
    let mut out = vec![head(document, name, pen)];
    let mut number = 1;
    if let (Some(view), Some(plan)) = (document.transfer_view(), document.transfers()) {
        out.push(cannot(document, &view, pen));
        out.push(urgent(&view, plan, pen));
        out.push(orders(&view, plan, pen));
        number = 4;
    } else if !document.gaps.is_empty() {
        out.push(part_gaps(document, pen));
    }
    out.extend((number..).zip(sections(document, before)).map(|(number, one)| section(&one, number, pen)));
    out.extend(document.transfers().map(|plan| totals(plan, pen)));
    out.join("\n\n")
}

fn head(document: &PlanDocument, name: &str, pen: Pen) -> String {
    let mut lines = Vec::new();
    let covers = document.transfers().map(|plan| {
        let last = plan.start.saturating_add(jiff::Span::new().days(i64::from(plan.days) - 1));
        let (first, last) = (pen.day(plan.start), pen.day(last));
        pick(pen.lang, "{a}至{b}", "{a} to {b}").replace("{a}", &first).replace("{b}", &last)
    });
    lines.push(format!(
        "{}  {} {}  {}",
        pen.words(&document.city),
        pen.t("方案", "plan"),
        name,
        covers.unwrap_or_default()
    ));
    let mut made =
        vec![format!("{} {}", pen.t("按当时所知", "as known at"), document.as_known_at.strftime("%Y-%m-%d %H:%M"))];
    if let Some(outlook) = &document.made.outlook {
        made.push(pen.t("研判数据至{}", "outlook from data until {}").replace("{}", &pen.day(outlook.origin)));
    }
    if let Some(before) = &document.made.parent {
        made.push(pen.t("上一方案 {}", "after plan {}").replace("{}", before));
    }
    lines.push(made.join(pick(pen.lang, "；", "; ")));
    let mut note = pen.t("均为建议，未经审批不下达。", "Proposals: nothing is issued before somebody approves it.");
    if document.transfers().is_some_and(|plan| plan.origin == Origin::Synthetic) {
        note.push_str(&pen.t(" [S] 全案依据模拟数据。", " [S] It rests on synthetic rows."));
    }
    lines.push(note);
    lines.join("\n")
}

fn part_gaps(document: &PlanDocument, pen: Pen) -> String {
    let gap = |gap: &levee_app::plans::PartGap| {
        format!("- {}{}{}", part_name(gap.part, pen.lang), pick(pen.lang, "：", ": "), pen.words(&gap.why))
    };
    document.gaps.iter().map(gap).flat_map(|line| hang(&line)).collect::<Vec<_>>().join("\n")
}

/// A line that begins with a dash, its further lines moved in.
fn hang(line: &str) -> Vec<String> {
    let lines = say::wrap(line, WIDTH - 2);
    lines.into_iter().enumerate().map(|(nth, line)| if nth == 0 { line } else { format!("  {line}") }).collect()
}

fn cannot(document: &PlanDocument, view: &TransferView, pen: Pen) -> String {
    let mut lines = vec![pen.t("1. 无法满足的需求及补救", "1. What cannot be met, and what would mend it")];
    if !document.gaps.is_empty() {
        lines.push(part_gaps(document, pen));
    }
    if view.shortfalls.is_empty() {
        lines.push(pen.t("已知需求均有床位。", "Every known need has a bed."));
    } else {
        let head = [("无法满足", "cannot be met"), ("缺", "short"), ("原因", "why"), ("补救", "what would mend it")];
        let mut rows = vec![head.map(|(zh, en)| pen.t(zh, en)).to_vec()];
        for row in &view.shortfalls {
            let missing = row.missing.value().map_or_else(|| pen.t("未知", "unknown"), |m| people(m.median));
            rows.push(vec![pen.say(&row.what), missing, pen.clauses(&row.reasons), pen.clauses(&row.mends)]);
        }
        lines.push(say::wrapped_table(&rows, &[34, 8, 18, 34], &[1]));
    }
    for gap in &view.gaps {
        lines.extend(hang(&format!("- {}", pen.say(gap))));
    }
    lines.join("\n")
}

fn people(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of people")]
    let whole = value.round().max(0.0) as u64;
    say::count(whole)
}

fn urgent(view: &TransferView, plan: &Plan, pen: Pen) -> String {
    let mut lines = vec![pen.t(
        "2. 急危重症（从不排队，照常派车收治）",
        "2. Life-saving care (never queued; dispatched and received all the same)",
    )];
    for surge in &view.surge {
        let over = surge.people_over.value().map_or_else(|| pen.t("未知", "unknown"), |over| people(over.median));
        let said = pen
            .t(
                "- {from}起{facility}超员收治，最多{n}人：{why}",
                "- from {from} {facility} receives over capacity, {n} people at most: {why}",
            )
            .replace("{from}", &pen.day(surge.from))
            .replace("{facility}", &pen.words(&surge.facility))
            .replace("{n}", &over)
            .replace("{why}", &pen.clauses(&surge.reasons));
        lines.extend(hang(&said));
    }
    if view.surge.is_empty() && !plan.totals.needed.iter().skip(2).all(|n| n.get() == 0) {
        let all = plan.totals.needed.iter().skip(2).map(|n| n.get()).sum::<u64>();
        let said = pen.t("{n}名重型、危重型均有床位。", "All {n} severe and critical people have a usable bed.");
        lines.push(said.replace("{n}", &say::count(all)));
    }
    let rows: Vec<&OrderRow> = view.orders.iter().filter(|row| row.life_saving).collect();
    if !rows.is_empty() {
        lines.push(order_table(&rows, pen));
    }
    lines.join("\n")
}

fn order_table(rows: &[&OrderRow], pen: Pen) -> String {
    let head =
        [("编号", "no."), ("建议指令", "proposed order"), ("由来（为何不去更近处）", "why (and why not nearer)")];
    let mut table = vec![head.map(|(zh, en)| pen.t(zh, en)).to_vec()];
    for row in rows {
        table.push(vec![row.id.clone(), pen.say(&row.what), pen.clauses(&row.reasons)]);
    }
    say::wrapped_table(&table, &[7, 42, 45], &[])
}

/// The other parts: what each finds, its lines, its table.
fn section(section: &PlanSection, number: usize, pen: Pen) -> String {
    let mark = if section.origin == Origin::Synthetic { " [S]" } else { "" };
    let mut lines = hang(&format!("{number}. {}{mark}", pen.say(&section.title)));
    for line in &section.lines {
        lines.extend(hang(&format!("- {}", pen.say(line))));
    }
    if let Some(table) = &section.table {
        let mut rows = vec![table.columns.iter().map(|column| pen.words(&column.name)).collect::<Vec<_>>()];
        rows.extend(table.rows.iter().map(|row| row.iter().map(|cell| pen.cell(cell.as_ref())).collect()));
        let total: usize = table.columns.iter().map(|column| column.width as usize).sum();
        let room = WIDTH.saturating_sub(2 * table.columns.len().saturating_sub(1));
        let most: Vec<usize> =
            table.columns.iter().map(|column| (column.width as usize * room / total.max(1)).max(6)).collect();
        let right: Vec<usize> =
            table.columns.iter().enumerate().filter(|(_, column)| column.figures).map(|(nth, _)| nth).collect();
        lines.push(say::wrapped_table(&rows, &most, &right));
        if table.left_out > 0 {
            lines.push(
                pen.t("另有{}行，见 --json", "{} more rows: see --json").replace("{}", &say::count(table.left_out)),
            );
        }
    }
    lines.join("\n")
}

fn orders(view: &TransferView, plan: &Plan, pen: Pen) -> String {
    let title = pen.t("3. {day}转运指令（按目的地）", "3. Orders of {day} by destination");
    let mut lines = vec![title.replace("{day}", &pen.day(plan.start))];
    let rows: Vec<&OrderRow> = view.orders.iter().filter(|row| !row.life_saving).collect();
    if rows.is_empty() {
        lines.push(pen.t("无。", "None."));
    } else {
        lines.push(order_table(&rows, pen));
    }
    lines.join("\n")
}

fn totals(plan: &Plan, pen: Pen) -> String {
    let mut lines = vec![pen.t("合计", "Totals")];
    let head = [
        ("病情", "class"),
        ("需床位", "need a bed"),
        ("已安排", "placed"),
        ("未安排", "without one"),
        ("等待人日", "person-days waiting"),
        ("末日空床", "beds free at the end"),
    ];
    let mut rows = vec![head.map(|(zh, en)| pen.t(zh, en)).to_vec()];
    let last = plan.start.saturating_add(jiff::Span::new().days(i64::from(plan.days) - 1));
    for (nth, class) in levee_model::plan::CareClass::ALL.into_iter().enumerate().rev() {
        let of = |all: &[levee_model::quantity::Persons; 4]| all.get(nth).map_or(0, |n| n.get());
        let free = plan.loads.iter().filter(|load| load.day == last && load.level == class.level_needed());
        let free: Vec<u64> = free.map(|load| load.usable.get().saturating_sub(load.occupied.get())).collect();
        let free = if free.is_empty() { pen.t("未知", "unknown") } else { say::count(free.iter().sum()) };
        rows.push(vec![
            pen.words(&levee_app::plans::class_name(class)),
            say::count(of(&plan.totals.needed)),
            say::count(of(&plan.totals.admitted)),
            say::count(of(&plan.totals.unserved)),
            say::count(plan.totals.waiting_person_days.get(nth).copied().unwrap_or(0)),
            free,
        ]);
    }
    lines.push(say::table(&rows, &[1, 2, 3, 4, 5]));
    let mut more = vec![
        pen.t("转运{n}人公里", "{n} person-kilometres").replace("{n}", &say::count(plan.totals.person_km)),
        pen.t("{n}人升级安置", "{n} people above the level they need")
            .replace("{n}", &say::count(plan.totals.upgraded.get())),
    ];
    let solver = &plan.solver;
    more.push(pen.t("求解：{}", "solved by {}").replace("{}", &solver.name));
    if let Some(why) = &solver.fell_back {
        more.push(
            pen.t("求解失败，按就近安排（{}）", "which had no answer: nearest first instead ({})").replace("{}", why),
        );
    }
    lines.push(pen.list(&more));
    lines.join("\n")
}
