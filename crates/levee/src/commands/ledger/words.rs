//! Words of the ledger in both languages.

use crate::cli::Lang;
use crate::commands::day::lang_pick;
use jiff::Timestamp;
use levee_ledger::catalogue::{Class, Counting, DueFrom, FieldType, MayDecide, Outcome, SubjectKind};
use levee_ledger::duty::How;
use levee_ledger::order::OrderState;
use levee_ledger::{Said, State};
use levee_model::area::Level;

pub(super) fn state(lang: Lang, state: State) -> &'static str {
    let (zh, en) = match state {
        State::Opened => ("待办", "open"),
        State::Assigned => ("已派", "assigned"),
        State::InProgress => ("在办", "in progress"),
        State::Met => ("办结", "met"),
        State::Waived => ("免除", "waived"),
        State::Expired => ("逾期失效", "expired"),
        State::Voided => ("作废", "voided"),
        State::Transferred => ("移交他处", "transferred"),
        State::Named => ("转为具名", "named"),
    };
    lang_pick(lang, zh, en)
}

pub(super) fn order(lang: Lang, state: OrderState) -> &'static str {
    let (zh, en) = match state {
        OrderState::Proposed => ("拟议", "proposed"),
        OrderState::Approved => ("已批准", "approved"),
        OrderState::Issued => ("已下达", "issued"),
        OrderState::Accepted => ("已领受", "accepted"),
        OrderState::Done => ("完成", "done"),
        OrderState::Failed => ("未能完成", "failed"),
        OrderState::Cancelled => ("撤销", "cancelled"),
    };
    lang_pick(lang, zh, en)
}

pub(super) fn outcome(lang: Lang, outcome: Outcome) -> &'static str {
    let (zh, en) = match outcome {
        Outcome::Met => ("办结", "met"),
        Outcome::Waived => ("免除", "waived"),
        Outcome::Expired => ("逾期失效", "expired"),
        Outcome::Voided => ("作废", "voided"),
        Outcome::Carried => ("结转", "carried over"),
    };
    lang_pick(lang, zh, en)
}

pub(super) fn by(lang: Lang, by: MayDecide) -> &'static str {
    let (zh, en) = match by {
        MayDecide::Recipient => ("本人", "the recipient"),
        MayDecide::Clinician => ("医生", "a clinician"),
        MayDecide::Owner => ("责任人", "the owner"),
        MayDecide::SectionLead => ("工作组组长", "the section lead"),
        MayDecide::Commander => ("市指挥部", "city headquarters"),
    };
    lang_pick(lang, zh, en)
}

pub(super) fn how(lang: Lang, how: How) -> &'static str {
    let (zh, en) = match how {
        How::Rostered => ("值班表", "rostered"),
        How::TookOver => ("已接班", "took over"),
        How::ByRole => ("值班表缺人，按职务", "GAP, by role"),
        How::Headquarters => ("值班表缺人，指挥部", "GAP, headquarters"),
    };
    lang_pick(lang, zh, en)
}

pub(super) fn said(lang: Lang, said: Said) -> &'static str {
    let (zh, en) = match said {
        Said::Actor => ("", ""),
        Said::Recipient => ("本人所述", "said by the recipient"),
        Said::Clinician => ("医生所述", "said by a clinician"),
    };
    lang_pick(lang, zh, en)
}

pub(super) fn counting(lang: Lang, counting: Counting) -> &'static str {
    let (zh, en) = match counting {
        Counting::Named => ("具名", "named"),
        Counting::Counted => ("计数", "counted"),
        Counting::Both => ("计数或具名", "counted or named"),
    };
    lang_pick(lang, zh, en)
}

pub(super) fn class(lang: Lang, class: Class) -> &'static str {
    let (zh, en) = match class {
        Class::Ordinary => ("一般", "ordinary; may expire with a reason"),
        Class::Care => ("照护，永不过期", "care; never expires"),
        Class::Food => ("食品、饮水、药品，永不过期", "food, water or medicine; never expires"),
        Class::Exit => ("出口，永不过期", "an exit; never expires"),
    };
    lang_pick(lang, zh, en)
}

pub(super) fn subject(lang: Lang, subject: SubjectKind) -> &'static str {
    let (zh, en) = match subject {
        SubjectKind::None => ("不具名", "nobody is named"),
        SubjectKind::Person => ("人员（假名）", "a person, by pseudonym"),
        SubjectKind::Household => ("住户", "a household"),
        SubjectKind::Site => ("场所", "a site"),
        SubjectKind::Staff => ("工作人员", "a member of staff"),
        SubjectKind::Enterprise => ("企业", "an enterprise"),
    };
    lang_pick(lang, zh, en)
}

pub(super) fn level(lang: Lang, level: Level) -> &'static str {
    let (zh, en) = match level {
        Level::City => ("市", "city"),
        Level::District => ("区县", "district"),
        Level::Subdistrict => ("街镇", "subdistrict"),
        Level::Community => ("社区", "community"),
        Level::Compound => ("小区", "compound"),
        Level::Building => ("楼栋", "building"),
        Level::Unit => ("单元", "unit"),
        Level::Household => ("户", "household"),
    };
    lang_pick(lang, zh, en)
}

pub(super) fn field(lang: Lang, holds: &FieldType) -> String {
    let zh = match holds {
        FieldType::Text => "短文本",
        FieldType::Id => "标识符",
        FieldType::Place => "地点代码",
        FieldType::Facility => "设施编号",
        FieldType::Count => "整数",
        FieldType::Decimal => "数值",
        FieldType::Date => "日期，如 2022-11-18",
        FieldType::DateTime => "时刻，如 2022-11-18T08:00",
        FieldType::Flag => "true 或 false",
        FieldType::Choice(words) => return format!("{}{}", lang_pick(lang, "取值：", "one of "), words.join(", ")),
        FieldType::Personal => "个人信息，存入保险库",
    };
    match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => holds.words(),
    }
}

pub(super) fn due(lang: Lang, due: DueFrom) -> String {
    match (lang, due) {
        (Lang::Zh, DueFrom::Rule(minutes)) => format!("发生后{}内", minutes_long(lang, minutes.into())),
        (Lang::En, DueFrom::Rule(minutes)) => format!("within {}", minutes_long(lang, minutes.into())),
        (Lang::Zh, DueFrom::Order) => "以指令为准".to_owned(),
        (Lang::En, DueFrom::Order) => "as the order says".to_owned(),
        (Lang::Zh, DueFrom::Request) => "以求助为准".to_owned(),
        (Lang::En, DueFrom::Request) => "as the request says".to_owned(),
    }
}

/// A length of time, in its two largest units.
pub(super) fn minutes_long(lang: Lang, minutes: u64) -> String {
    let units = match lang {
        Lang::Zh => [(1440, "天"), (60, "小时"), (1, "分")],
        Lang::En => [(1440, " d"), (60, " h"), (1, " min")],
    };
    let (mut left, mut parts) = (minutes, Vec::new());
    for (size, name) in units {
        if left >= size {
            parts.push(format!("{}{name}", left / size));
            left %= size;
        }
    }
    parts.truncate(2);
    match parts.is_empty() {
        true => lang_pick(lang, "0分", "0 min").to_owned(),
        false => parts.join(lang_pick(lang, "", " ")),
    }
}

/// Minutes that something is late; `None` when it is not.
pub(super) fn late_minutes(due: Timestamp, now: Timestamp) -> Option<u64> {
    if due < now { u64::try_from(now.duration_since(due).as_mins()).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_at_a_glance() {
        let said = [0, 59, 60, 200, 1440, 4000].map(|minutes| minutes_long(Lang::En, minutes));
        assert_eq!(said, ["0 min", "59 min", "1 h", "3 h 20 min", "1 d", "2 d 18 h"]);
        assert_eq!(minutes_long(Lang::Zh, 4000), "2天18小时");
    }
}
