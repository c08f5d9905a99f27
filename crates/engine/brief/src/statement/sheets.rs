//! The tables of a statement: typed cells, for CSV and for a workbook.

use super::facts::{Standing, StatementFacts};
use super::systems::system;
use super::tally::Tally;
use super::units::SIDES;
use crate::lang::Lang;
use jiff::civil::{Date, DateTime};

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing belongs here.
    Empty,
    /// A text.
    Text(String),
    /// A count.
    Count(u64),
    /// A difference.
    Signed(i128),
    /// A day.
    Day(Date),
    /// A moment in the city's calendar.
    Moment(DateTime),
    /// Yes or no.
    Flag(bool),
}

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetKey {
    /// Day, signers, seal; and the equation by system.
    Summary,
    /// By district and kind.
    Kinds,
    /// Every account.
    Accounts,
    /// Everything that is late.
    Arrears,
    /// Of a timetable: every line.
    Lines,
    /// Of a timetable: sums by district.
    Districts,
    /// Of a timetable: sums by section.
    Sections,
    /// Of a timetable: lines that nobody stands behind.
    Unowned,
    /// Of a timetable: what has no line, and why.
    Unplaced,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Which.
    pub key: SheetKey,
    /// Its name for people, at most 31 characters as workbooks ask.
    pub name: &'static str,
    /// Heads of the columns: keys, the same in every language, for programs; then names for people.
    pub heads: Vec<(&'static str, String)>,
    /// The rows.
    pub rows: Vec<Vec<Value>>,
}

impl Sheet {
    /// As CSV: UTF-8 with a mark of byte order, so that spreadsheet programs know it for UTF-8; CRLF; one head, of keys.
    /// A text that a spreadsheet program would take for a formula begins with an apostrophe.
    pub fn to_csv(&self) -> String {
        let mut out = String::from("\u{FEFF}");
        let heads: Vec<String> = self.heads.iter().map(|(key, _)| (*key).to_owned()).collect();
        line(&mut out, &heads);
        for row in &self.rows {
            line(&mut out, &row.iter().map(cell).collect::<Vec<_>>());
        }
        out
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => format!("'{text}"),
        Value::Text(text) => text.clone(),
        Value::Count(count) => count.to_string(),
        Value::Signed(count) => count.to_string(),
        Value::Day(day) => day.to_string(),
        Value::Moment(at) => at.strftime("%Y-%m-%d %H:%M").to_string(),
        Value::Flag(yes) => yes.to_string(),
    }
}

fn line(out: &mut String, cells: &[String]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push_str("\r\n");
}

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

type Heads = Vec<(&'static str, String)>;

fn head(key: &'static str, lang: Lang, zh: &str, en: &str) -> (&'static str, String) {
    (key, lang.pick(zh, en).to_owned())
}

fn equation_heads(lang: Lang) -> Heads {
    let sides = SIDES.iter().map(|side| (side.key, side.name(lang).to_owned()));
    sides.chain([head("residual", lang, "差额", "Residual")]).collect()
}

fn equation(tally: &Tally) -> Vec<Value> {
    tally.units.0.iter().map(|units| Value::Count(*units)).chain([Value::Signed(tally.units.residual())]).collect()
}

fn late(tally: &Tally) -> Vec<Value> {
    vec![
        Value::Count(tally.late),
        tally.oldest_minutes.map_or(Value::Empty, |minutes| Value::Count(minutes / 60)),
        Value::Flag(tally.synthetic),
    ]
}

fn late_heads(lang: Lang) -> Heads {
    vec![
        head("late_obligations", lang, "逾期项数", "Late obligations"),
        head("oldest_hours", lang, "最长逾期（小时）", "Oldest, hours"),
        head("synthetic", lang, "模拟数据", "Synthetic"),
    ]
}

impl StatementFacts {
    /// All tables, names in this language. The summary comes first, then by district and kind, what is late, the accounts.
    pub fn sheets(&self, lang: Lang) -> Vec<Sheet> {
        vec![self.summary(lang), self.kinds_sheet(lang), self.arrears_sheet(lang), self.accounts(lang)]
    }

    fn summary(&self, lang: Lang) -> Sheet {
        let heads: Heads = [head("item", lang, "项目", "Item"), head("detail", lang, "内容", "Detail")]
            .into_iter()
            .chain(equation_heads(lang))
            .chain(late_heads(lang))
            .collect();
        let mut rows = Vec::new();
        let mut say = |zh: &str, en: &str, value: Value| rows.push(vec![text(lang.pick(zh, en)), value]);
        say("城市", "City", text(lang.of(&self.city)));
        say("范围", "Scope", text(lang.of(&self.scope)));
        say("日期", "Day", Value::Day(self.day));
        match &self.standing {
            Standing::Sealed { by: [first, second], at, seal } => {
                say("状态", "State", text(lang.pick("已封账", "sealed")));
                say("第一签署人", "Signed first by", text(lang.of(first)));
                say("封账人", "Sealed by", text(lang.of(second)));
                say("封账时间", "Sealed at", Value::Moment(*at));
                say("封印", "Seal", text(seal));
            }
            Standing::Signed { by } => {
                say("状态", "State", text(lang.pick("未封账：待第二人封账", "NOT SEALED: waits for a second person")));
                say("第一签署人", "Signed first by", text(lang.of(by)));
            }
            Standing::Draft => say("状态", "State", text(lang.pick("未封账：草稿", "NOT SEALED: draft"))),
        }
        if let Some(digest) = &self.digest {
            say("报表摘要", "Statement digest", text(digest));
        }
        let first = lang.pick("首日，无前序", "first day, none before");
        say("上日封印", "Chained to", text(self.chained_to.as_deref().unwrap_or(first)));
        rows.push(vec![]);
        let sum = |name: Vec<Value>, tally: &Tally| [name, equation(tally), late(tally)].concat();
        for (nth, tally) in self.by_system() {
            rows.push(sum(vec![text(lang.of(&system(nth))), Value::Count(nth.into())], &tally));
        }
        rows.push(sum(vec![text(lang.pick("合计", "Total")), Value::Empty], &self.total()));
        Sheet { key: SheetKey::Summary, name: lang.pick("汇总", "summary"), heads, rows }
    }

    fn place_and_kind(&self, lang: Lang, area: &str, kind: &str) -> Vec<Value> {
        let system = self.kinds.get(kind).map_or(0, |words| words.system);
        vec![
            text(area),
            text(lang.of(&self.area(area))),
            Value::Count(system.into()),
            text(kind),
            text(lang.of(&self.kind(kind))),
            text(lang.of(&self.unit(kind))),
        ]
    }

    fn kinds_sheet(&self, lang: Lang) -> Sheet {
        let heads: Heads = [
            head("district", lang, "区县代码", "District code"),
            head("district_name", lang, "区县", "District"),
            head("system", lang, "体系", "System"),
            head("kind", lang, "事项代码", "Kind code"),
            head("kind_name", lang, "事项", "Kind"),
            head("unit", lang, "单位", "Unit"),
        ]
        .into_iter()
        .chain(equation_heads(lang))
        .chain(late_heads(lang))
        .collect();
        let row = |((district, kind), tally): (&(String, String), &Tally)| {
            [self.place_and_kind(lang, district, kind), equation(tally), late(tally)].concat()
        };
        let rows = self.by_district_and_kind().iter().map(row).collect();
        Sheet { key: SheetKey::Kinds, name: lang.pick("分区县分事项", "by district and kind"), heads, rows }
    }

    fn accounts(&self, lang: Lang) -> Sheet {
        let heads: Heads = [
            head("day", lang, "日期", "Day"),
            head("sealed", lang, "已封账", "Sealed"),
            head("district", lang, "区县代码", "District code"),
            head("area", lang, "区域代码", "Area code"),
            head("area_name", lang, "区域", "Area"),
            head("system", lang, "体系", "System"),
            head("kind", lang, "事项代码", "Kind code"),
            head("kind_name", lang, "事项", "Kind"),
            head("unit", lang, "单位", "Unit"),
        ]
        .into_iter()
        .chain(equation_heads(lang))
        .chain([head("synthetic", lang, "模拟数据", "Synthetic")])
        .collect();
        let rows = self.lines.iter().map(|line| {
            let before = vec![Value::Day(self.day), Value::Flag(self.is_sealed()), text(self.district(&line.area))];
            let tally = Tally { units: line.units, ..Tally::default() };
            let mark = vec![Value::Flag(line.synthetic)];
            [before, self.place_and_kind(lang, &line.area, &line.kind), equation(&tally), mark].concat()
        });
        Sheet { key: SheetKey::Accounts, name: lang.pick("账户", "accounts"), heads, rows: rows.collect() }
    }

    fn arrears_sheet(&self, lang: Lang) -> Sheet {
        let heads: Heads = vec![
            head("obligation", lang, "事项编号", "Obligation"),
            head("district", lang, "区县代码", "District code"),
            head("area", lang, "区域代码", "Area code"),
            head("area_name", lang, "区域", "Area"),
            head("system", lang, "体系", "System"),
            head("kind", lang, "事项代码", "Kind code"),
            head("kind_name", lang, "事项", "Kind"),
            head("unit", lang, "单位", "Unit"),
            head("units", lang, "数量", "Units"),
            head("section", lang, "工作组", "Section"),
            head("due", lang, "应办结时间", "Due"),
            head("late_minutes", lang, "逾期（分钟）", "Late, minutes"),
            head("reason", lang, "理由", "Reason"),
            head("owner", lang, "责任人", "Owner"),
            head("synthetic", lang, "模拟数据", "Synthetic"),
        ];
        let rows = self.arrears_in_order().into_iter().map(|arrear| {
            let said =
                |words: &Option<crate::facts::Words>| words.as_ref().map_or(Value::Empty, |words| text(lang.of(words)));
            [
                vec![text(&arrear.obligation), text(self.district(&arrear.area))],
                self.place_and_kind(lang, &arrear.area, &arrear.kind),
                vec![
                    Value::Count(arrear.units),
                    text(lang.of(&arrear.section)),
                    Value::Moment(arrear.due),
                    Value::Count(arrear.late_minutes),
                    said(&arrear.reason),
                    said(&arrear.owner),
                    Value::Flag(arrear.synthetic),
                ],
            ]
            .concat()
        });
        Sheet { key: SheetKey::Arrears, name: lang.pick("逾期事项", "arrears"), heads, rows: rows.collect() }
    }
}
