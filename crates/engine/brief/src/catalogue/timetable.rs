//! Sentences of the timetable.

use super::Entry;

const fn e(code: &'static str, en: &'static str, zh: &'static str) -> Entry {
    Entry { code, en, zh }
}

pub(super) const ENTRIES: &[Entry] = &[
    e(
        "title.timetable",
        "{due} due by {until}, {overdue} overdue by the books{nobody}",
        "{until}前到期{due}项，账上逾期{overdue}项{nobody}",
    ),
    e("title.timetable_quiet", "Nothing is overdue, and nothing is due by {until}", "无逾期，{until}前亦无到期事项"),
    e("title.timetable_unknown", "The timetable: {reason}", "时刻表：{reason}"),
    e("timetable.nobody", "; **{n} with nobody behind them**", "；**{n}项无人负责**"),
    e(
        "title.zones",
        "{live} {live#restriction|restrictions} in force, {ending} of them {ending#ends|end} by {until}; {zones} {zones#area|areas} of high risk proposed",
        "现行限制措施{live}项，其中{ending}项于{until}前到期；建议高风险区{zones}个",
    ),
    e(
        "title.zones_unknown",
        "{live} {live#restriction|restrictions} in force, {ending} of them {ending#ends|end} by {until}; areas of high risk are not known",
        "现行限制措施{live}项，其中{ending}项于{until}前到期；高风险区未知",
    ),
    e(
        "title.zones_quiet",
        "No restriction is in force through Levee; {zones} {zones#area|areas} of high risk proposed",
        "无经Levee实施的现行限制措施；建议高风险区{zones}个",
    ),
    e(
        "title.zones_quiet_unknown",
        "No restriction is in force through Levee; areas of high risk are not known",
        "无经Levee实施的现行限制措施；高风险区未知",
    ),
    e("timetable.units", ", {n} {unit}", "{n}{unit}"),
    e("timetable.lines", " ({n} lines, the oldest first due as shown)", "（{n}行，时限为最早一行）"),
    e("timetable.note", "; {note}", "；{note}"),
    e("title.zones_none", "Restrictions and areas of high risk: not known", "限制措施与高风险区：未知"),
];
