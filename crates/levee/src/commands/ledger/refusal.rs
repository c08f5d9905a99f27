//! Why the ledger refused, in the language of the city. English stands with the refusals themselves.

use super::words;
use crate::cli::Lang;
use crate::failure::Failure;
use levee_app::city::AppError;
use levee_app::rights::NotAllowed;
use levee_ledger::Refusal;
use levee_ledger::catalogue::{BadField, MayDecide};

/// A failure of a use case as a person reads it.
pub(in crate::commands) fn told(error: AppError, lang: Lang) -> Failure {
    if lang == Lang::En {
        return error.into();
    }
    match &error {
        AppError::Measure(fault) => crate::commands::measure::told(fault, lang),
        AppError::Refused(refusal) => Failure::new(what(refusal), hint(refusal)).no().told_in(lang),
        AppError::NotAllowed(NotAllowed::Unknown(id)) => {
            Failure::new(format!("本城没有人员“{id}”"), "见城市包的 people.csv").told_in(lang)
        }
        AppError::NotAllowed(NotAllowed::Nameless { .. }) => {
            Failure::new("此事须由具名人员办理", "用 --as PERSON 说明由谁办理").told_in(lang)
        }
        AppError::NotAllowed(NotAllowed::Area { person, own, area }) => {
            Failure::new(format!("“{person}”只管 {own}，{area} 不在其内"), "请该处负责人办理").told_in(lang)
        }
        AppError::NotAllowed(NotAllowed::Role { person, .. }) => {
            Failure::new(format!("“{person}”的角色无权办理此事"), "请有此职权者办理").told_in(lang)
        }
        _ => Failure::from(error).told_in(lang),
    }
}

fn what(refusal: &Refusal) -> String {
    let zh = Lang::Zh;
    match refusal {
        Refusal::UnknownKind(kind) => format!("本城目录中没有事项类别“{kind}”"),
        Refusal::UnknownObligation(id) => format!("没有应尽事项 {id}"),
        Refusal::UnknownOrder(id) => format!("没有指令 {id}"),
        Refusal::OpenedTwice(id) => format!("{id} 已经登记"),
        Refusal::GroundTaken { ground, id } => format!("“{ground}”已登记为 {id}，对象是另一人或另一处"),
        Refusal::Stale { id, seen, now } => format!("{id} 已有变化：所见为第 {seen} 版，现为第 {now} 版"),
        Refusal::TooMany { id, asked, there, .. } => format!("{id}：要处理 {asked} 个单位，而此状态下只有 {there} 个"),
        Refusal::NoUnits(id) => format!("{id}：没有说明数量"),
        Refusal::NeverExpires { kind } => format!("“{kind}”永不过期：须办结、由本人免除，或因事由消失而免除"),
        Refusal::UnknownReason { kind, outcome, reason, .. } => {
            format!("“{reason}”不是“{kind}”可以{}的原因", words::outcome(zh, *outcome))
        }
        Refusal::NotTheirReason { reason, by } => format!("原因“{reason}”只能由{}提出", words::by(zh, *by)),
        Refusal::NotTheirs { id, owner } => format!("{id} 的责任人是 {owner}，您不是其上级"),
        Refusal::NeedsAPerson => "须由人员办理：方案和时钟只能提议，由人决定".to_owned(),
        Refusal::EvidenceMissing { id, what } => format!("{id} 缺少依据：{what}"),
        Refusal::Field(field) => field_zh(field),
        Refusal::Counting { kind, why } => format!("“{kind}”的计数或具名方式不符（{why}）"),
        Refusal::NoDue { kind } => format!("“{kind}”没有时限规则，也没有给出时限"),
        Refusal::DueBeforeOpened { due, opened_at } => format!("时限 {due} 早于登记时刻 {opened_at}"),
        Refusal::TimeBackwards { id, posted, day } => {
            format!("{id} 最近一次记在 {posted} 的账上，不能再记到 {day}")
        }
        Refusal::Sealed { book, day } => format!("{book} 的 {day} 账目已封存"),
        Refusal::Transition { id, from, to } => {
            format!("{id} 不能从“{}”变为“{}”", words::state(zh, *from), words::state(zh, *to))
        }
        Refusal::OrderStep { id, from, to, .. } => {
            format!("指令 {id} 现为“{}”，不能变为“{}”", words::order(zh, *from), words::order(zh, *to))
        }
        Refusal::BadOrder(why) => format!("指令不成立（{why}）"),
        Refusal::Overbooked(over) => {
            format!("{}：申请 {}，该时段内共 {}，余 {}", over.resource, over.asked, over.capacity, over.free)
        }
        Refusal::UnknownCapacity(resource) => format!("无人报告“{resource}”的容量"),
        Refusal::HoldLapsed(order) => format!("指令 {order} 预留的容量未及时使用，已失效"),
        Refusal::SameArea => "事项本来就在该地".to_owned(),
        Refusal::NotLate { id, day } => format!("{id} 在 {day} 并未逾期"),
    }
}

fn field_zh(field: &BadField) -> String {
    match field {
        BadField::Unknown { kind, field } => format!("“{kind}”没有栏目“{field}”"),
        BadField::Missing { kind, field } => format!("“{kind}”缺少栏目“{field}”"),
        BadField::Type { kind, field, expected } => format!("“{kind}”的栏目“{field}”填写不符，应为 {expected}"),
        BadField::Personal { kind, field } => format!("“{kind}”的栏目“{field}”属个人信息，应存入保险库"),
    }
}

fn hint(refusal: &Refusal) -> String {
    match refusal {
        Refusal::UnknownKind(_) => "用 levee kinds CITY 查看目录".to_owned(),
        Refusal::UnknownObligation(_) => "用 levee owed CITY 查看应尽事项".to_owned(),
        Refusal::UnknownOrder(_) | Refusal::OrderStep { .. } => "用 levee orders CITY 查看".to_owned(),
        Refusal::OpenedTwice(_) => "换用新的命令编号".to_owned(),
        Refusal::GroundTaken { .. } => "每人、每处各用一个编号".to_owned(),
        Refusal::Stale { .. } => "先看现状，再作决定".to_owned(),
        Refusal::TooMany { there, .. } => format!("数量最多为 {there}"),
        Refusal::NoUnits(_) => "请说明数量".to_owned(),
        Refusal::NeverExpires { .. } => "写明原因予以结转，或由本人免除".to_owned(),
        Refusal::UnknownReason { known, .. } if known.is_empty() => "目录中没有可用的原因".to_owned(),
        Refusal::UnknownReason { known, .. } => format!("可选：{}", known.join(", ")),
        Refusal::NotTheirReason { by: MayDecide::Recipient, .. } => {
            "由本人提出，代为记录（--said recipient）".to_owned()
        }
        Refusal::NotTheirReason { by: MayDecide::Clinician, .. } => {
            "由医生提出，代为记录（--said clinician）".to_owned()
        }
        Refusal::NotTheirReason { .. } => "请有权者办理".to_owned(),
        Refusal::NotTheirs { .. } => "请责任人、工作组组长或指挥部办理".to_owned(),
        Refusal::NeedsAPerson => "用 --as PERSON 说明由谁办理".to_owned(),
        Refusal::EvidenceMissing { .. } => "用 --evidence WHAT=FILE 附上".to_owned(),
        Refusal::Field(_) | Refusal::Counting { .. } => "用 levee kinds CITY --kind KIND 查看".to_owned(),
        Refusal::NoDue { .. } => "用 --due 给出时限".to_owned(),
        Refusal::DueBeforeOpened { .. } => "核对两个时刻".to_owned(),
        Refusal::TimeBackwards { posted, .. } => format!("记在 {posted} 或以后"),
        Refusal::Sealed { .. } => "记在今天，作为更正并注明所更正者".to_owned(),
        Refusal::Transition { .. } => "用 levee owed 查看其状态".to_owned(),
        Refusal::BadOrder(_) => "写明所办事项和理由".to_owned(),
        Refusal::Overbooked(_) => "换一处或换时段，或申请增加".to_owned(),
        Refusal::UnknownCapacity(_) => "先接收该设施的报告：不明不等于有空".to_owned(),
        Refusal::HoldLapsed(_) => "撤销后重新提出".to_owned(),
        Refusal::SameArea => "换一个地点".to_owned(),
        Refusal::NotLate { .. } => "未到期的事项无须说明即可结转".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use levee_ledger::KindId;
    use levee_ledger::catalogue::Outcome;

    #[test]
    fn a_refusal_is_told_in_chinese_with_what_to_do() {
        let kind: KindId = "food_delivery".parse().unwrap();
        let refusal = Refusal::UnknownReason {
            kind,
            outcome: Outcome::Waived,
            reason: "busy".into(),
            known: vec!["recipient_refused".into()],
        };
        assert_eq!(what(&refusal), "“busy”不是“food_delivery”可以免除的原因");
        assert_eq!(hint(&refusal), "可选：recipient_refused");
    }
}
