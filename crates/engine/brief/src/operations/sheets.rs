//! The timetable as tables for a workbook: every line, sums by district and by section, lines that nobody stands behind, and what has
//! no line.

use super::facts::{Operations, Row, State};
use super::words::who;
use crate::facts::Origin;
use crate::lang::Lang;
use crate::statement::{Sheet, SheetKey, Value};
use std::collections::BTreeMap;

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

fn heads(lang: Lang, all: &[(&'static str, &str, &str)]) -> Vec<(&'static str, String)> {
    all.iter().map(|(key, zh, en)| (*key, lang.pick(*zh, *en).to_owned())).collect()
}

/// Sums over lines.
#[derive(Default)]
struct Sum {
    lines: u64,
    overdue: u64,
    owed: u64,
    running: u64,
    planned: u64,
    done: u64,
    unowned: u64,
    latest_minutes: u64,
}

impl Sum {
    fn add(&mut self, row: &Row) {
        self.lines += 1;
        match row.state {
            State::Overdue => self.overdue += 1,
            State::Owed => self.owed += 1,
            State::Live | State::Suspended => self.running += 1,
            State::Planned => self.planned += 1,
            State::Done => self.done += 1,
        }
        self.unowned += u64::from(row.is_open() && row.is_unowned());
        self.latest_minutes = self.latest_minutes.max(row.late_minutes.unwrap_or(0));
    }

    fn cells(&self) -> Vec<Value> {
        let oldest = if self.overdue == 0 { Value::Empty } else { Value::Count(self.latest_minutes / 60) };
        let counts = [self.lines, self.overdue, self.owed, self.running, self.planned, self.done, self.unowned];
        counts.map(Value::Count).into_iter().chain([oldest]).collect()
    }
}

const SUMS: [(&str, &str, &str); 8] = [
    ("lines", "行数", "Lines"),
    ("overdue", "逾期", "Overdue"),
    ("owed", "待办", "To be done"),
    ("running", "生效或暂停", "Live or suspended"),
    ("planned", "计划", "Planned"),
    ("done", "办结", "Done"),
    ("unowned", "无人负责", "Nobody behind it"),
    ("oldest_hours", "最长逾期（小时）", "Oldest, hours"),
];

impl Operations {
    fn line(&self, row: &Row, lang: Lang) -> Vec<Value> {
        vec![
            text(row.state.name(lang)),
            row.late_minutes.map_or(Value::Empty, |minutes| Value::Count(minutes / 60)),
            text(self.section_name(&row.section, lang)),
            text(who(row, lang)),
            text(lang.of(&row.what)),
            row.units.as_ref().map_or(Value::Empty, |(count, _)| Value::Count(*count)),
            row.units.as_ref().map_or(Value::Empty, |(_, unit)| text(lang.of(unit))),
            text(self.district_name(&row.district, lang)),
            text(lang.of(&row.place_name)),
            row.from.map_or(Value::Empty, |at| Value::Moment(at.local)),
            Value::Moment(row.until.local),
            text(row.source.name(lang)),
            row.note.as_ref().map_or(Value::Empty, |note| text(lang.of(note))),
            Value::Flag(row.life_saving),
            Value::Flag(row.origin == Origin::Synthetic),
            text(format!("{}:{}", row.source.code(), row.id)),
        ]
    }

    fn lines(&self, lang: Lang, key: SheetKey, name: &'static str, rows: Vec<&Row>) -> Sheet {
        let heads = heads(
            lang,
            &[
                ("state", "状态", "State"),
                ("late_hours", "逾期（小时）", "Late, hours"),
                ("section", "工作组", "Section"),
                ("owner", "责任人", "Owner"),
                ("what", "事项", "What"),
                ("units", "数量", "Units"),
                ("unit", "单位", "Unit"),
                ("district", "区县", "District"),
                ("place", "地点", "Place"),
                ("from", "自", "From"),
                ("until", "至（时限）", "By or until"),
                ("source", "来源", "Comes from"),
                ("note", "备注", "Note"),
                ("life_saving", "急救", "Life-saving"),
                ("synthetic", "模拟数据", "Synthetic"),
                ("id", "编号", "Id"),
            ],
        );
        Sheet { key, name, heads, rows: rows.into_iter().map(|row| self.line(row, lang)).collect() }
    }

    fn sums(&self, lang: Lang, key: SheetKey, name: &'static str, by: impl Fn(&Row) -> String) -> Sheet {
        let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
        for row in &self.rows {
            sums.entry(by(row)).or_default().add(row);
        }
        let first = match key {
            SheetKey::Districts => ("district", "区县", "District"),
            _ => ("section", "工作组", "Section"),
        };
        let mut of: Vec<(String, Sum)> = sums.into_iter().collect();
        // What is late stands first.
        of.sort_by_key(|(_, sum)| std::cmp::Reverse((sum.overdue, sum.lines)));
        let rows = of.into_iter().map(|(name, sum)| [vec![text(name)], sum.cells()].concat()).collect();
        Sheet { key, name, heads: heads(lang, &[&[first][..], &SUMS].concat()), rows }
    }

    /// The tables, in one language.
    pub fn sheets(&self, lang: Lang) -> Vec<Sheet> {
        let unplaced = Sheet {
            key: SheetKey::Unplaced,
            name: lang.pick("未列入", "No line"),
            heads: heads(
                lang,
                &[
                    ("what", "事项", "What"),
                    ("why", "原因", "Why it has no line"),
                    ("source", "来源", "Comes from"),
                    ("id", "编号", "Id"),
                ],
            ),
            rows: self
                .unplaced
                .iter()
                .map(|one| {
                    vec![
                        text(lang.of(&one.what)),
                        text(lang.of(&one.why.words())),
                        text(one.source.name(lang)),
                        text(one.id.clone()),
                    ]
                })
                .collect(),
        };
        let district = |row: &Row| self.district_name(&row.district, lang);
        let section = |row: &Row| self.section_name(&row.section, lang);
        vec![
            self.lines(lang, SheetKey::Lines, lang.pick("时刻表", "Timetable"), self.rows.iter().collect()),
            self.sums(lang, SheetKey::Districts, lang.pick("按区县", "By district"), district),
            self.sums(lang, SheetKey::Sections, lang.pick("按工作组", "By section"), section),
            self.lines(lang, SheetKey::Unowned, lang.pick("无人负责", "Nobody behind it"), self.unowned().collect()),
            unplaced,
        ]
    }
}
