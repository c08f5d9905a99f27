//! Why a restriction was refused, in Chinese. English stands with the refusals themselves.

use crate::cli::Lang;
use crate::failure::Failure;
use levee_app::measures::Fault;
use levee_app::measures::page::words;
use levee_measures::{BadTerms, ExitKind, Lack, PhaseName, Refusal};

/// A refusal as a Chinese reader reads it.
pub(in crate::commands) fn told(fault: &Fault, lang: Lang) -> Failure {
    let failure = Failure::new(what(fault), hint(fault)).told_in(lang);
    if fault.is_about_the_input() { failure } else { failure.no() }
}

fn phase(of: PhaseName) -> &'static str {
    match of {
        PhaseName::Draft => "拟议",
        PhaseName::Assessed => "已评估",
        PhaseName::Gated => "已过关口",
        PhaseName::Live => "生效",
        PhaseName::Suspended => "已中止",
        PhaseName::Ended => "已解除",
        PhaseName::Lapsed => "到期终止",
    }
}

fn way(kind: ExitKind) -> &'static str {
    match kind {
        ExitKind::Exit => "出口",
        ExitKind::FireLane => "消防通道",
    }
}

fn lack(lack: &Lack) -> String {
    match lack {
        Lack::PersonsUnknown => "未说明限制多少人".to_owned(),
        Lack::DemandUnknown(service) => format!("未说明多少人需要{}", words(*service).0),
        Lack::Service { service, needed, reserved } => {
            format!("{}：自始至终须预留 {needed}，现有 {reserved}", words(*service).0)
        }
        Lack::NoVehicle(provider) => format!("“{provider}”的急救没有车辆"),
        Lack::PromisedTwice { provider, service, promised, offered, .. } => {
            format!("“{provider}”的{}重复承诺：共 {promised}，只能提供 {offered}", words(*service).0)
        }
        Lack::NoWay(kind) => format!("未列明{}", way(*kind)),
        Lack::NotInspected { id, kind } => format!("{}“{id}”未巡查", way(*kind)),
        Lack::InspectionOld { id, kind, .. } => format!("{}“{id}”的巡查不在生效前24小时内", way(*kind)),
        Lack::Blocked { id, kind } => format!("{}“{id}”被堵", way(*kind)),
        Lack::NoNotice => "未告知".to_owned(),
        Lack::NoAppealChannel => "未公布申诉渠道".to_owned(),
        Lack::NotAssessed => "未评估".to_owned(),
        Lack::Rulebook => "规则库不允许，或其关口未满足".to_owned(),
    }
}

fn mend(lack: &Lack) -> String {
    match lack {
        Lack::PersonsUnknown => "清点人数".to_owned(),
        Lack::DemandUnknown(service) => format!("逐户询问谁需要{}；没有也是答案", words(*service).0),
        Lack::Service { service, needed, reserved } => {
            format!("再预留{} {}，覆盖全程", words(*service).0, needed.saturating_sub(*reserved))
        }
        Lack::NoVehicle(provider) => format!("说明“{provider}”的车辆，或另找提供者"),
        Lack::PromisedTwice { service, promised, offered, .. } => {
            format!("另找{} {}", words(*service).0, promised.saturating_sub(*offered))
        }
        Lack::NoWay(kind) => format!("列明每个{}", way(*kind)),
        Lack::NotInspected { id, .. } | Lack::InspectionOld { id, .. } => format!("今天由具名人员巡查“{id}”"),
        Lack::Blocked { id, .. } => format!("疏通“{id}”，再行巡查"),
        Lack::NoNotice => "公布内容、原因、起止、决定人和申诉办法；对个人须当面送达".to_owned(),
        Lack::NoAppealChannel => "公布何处可以申诉".to_owned(),
        Lack::NotAssessed => "先评估：效果、人数、较轻的办法、规则库".to_owned(),
        Lack::Rulebook => "改正判定所指出的问题，或修改措施".to_owned(),
    }
}

fn refused(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Unknown(id) => format!("没有措施 {id}"),
        Refusal::Exists(id) => format!("{id} 已存在"),
        Refusal::NeedsAPerson => "须由具名人员办理".to_owned(),
        Refusal::SamePerson(id) => format!("“{id}”不能同时是两个人"),
        Refusal::WrongPhase { id, is, .. } => format!("{id} 现为“{}”，不能这样办理", phase(*is)),
        Refusal::GateShut { id, lacks } => {
            let lacks: Vec<String> = lacks.iter().map(lack).collect();
            format!("{id} 未过关口：{}", lacks.join("；"))
        }
        Refusal::OverrideUsed(id) => format!("{id} 已用过一次缓办"),
        Refusal::NothingDeferred => "没有缓办任何事项".to_owned(),
        Refusal::OverrideTooLong { until, most } => format!("缓办至 {until} 超过24小时（最迟 {most}）或已过期"),
        Refusal::StaleEvidence(report) => format!("“{report}”以前用过，或早于现有依据"),
        Refusal::NoEvidence => "续期没有依据".to_owned(),
        Refusal::BadRenewal { end, review, .. } => format!("新的终止时间 {end} 和复核时间 {review} 不成立"),
        Refusal::UnknownAppeal(id) => format!("没有申诉 {id}"),
        Refusal::AppealExists(id) => format!("申诉 {id} 已存在"),
        Refusal::AppealDecided(id) => format!("申诉 {id} 已决定"),
        Refusal::OwnCase(id) => format!("“{id}”作过此决定或启动过此措施，不能决定对它的申诉"),
        Refusal::NoReason => "决定申诉须说明理由".to_owned(),
        Refusal::NotObserved(id) => format!("{id} 是在本系统拟议的"),
    }
}

fn refused_hint(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Unknown(_) | Refusal::UnknownAppeal(_) => "核对编号：levee measure list CITY".to_owned(),
        Refusal::Exists(_) | Refusal::AppealExists(_) | Refusal::NotObserved(_) => "换用新的编号".to_owned(),
        Refusal::NeedsAPerson => "用 --as PERSON 说明由谁办理".to_owned(),
        Refusal::SamePerson(_) => "用 --with 另指一人".to_owned(),
        Refusal::WrongPhase { .. } => "用 levee measure show 查看现状".to_owned(),
        Refusal::GateShut { lacks, .. } => lacks.iter().map(mend).collect::<Vec<_>>().join("；"),
        Refusal::OverrideUsed(_) => "补足所缺，再过关口".to_owned(),
        Refusal::NothingDeferred => "不用缓办，直接过关口".to_owned(),
        Refusal::OverrideTooLong { most, .. } => format!("最迟 {most}"),
        Refusal::StaleEvidence(_) | Refusal::NoEvidence => "引用此后的报告；否则到期终止".to_owned(),
        Refusal::BadRenewal { .. } => "终止时间须晚于现在的终止时间，复核在其之前".to_owned(),
        Refusal::AppealDecided(_) => "另行申诉".to_owned(),
        Refusal::OwnCase(_) => "请他人决定".to_owned(),
        Refusal::NoReason => "用申诉人看得懂的话说明".to_owned(),
    }
}

fn what(fault: &Fault) -> String {
    match fault {
        Fault::Refused(refusal) => refused(refusal),
        Fault::Terms(BadTerms::EndsBeforeStart { start, end }) => format!("终止时间 {end} 不晚于开始时间 {start}"),
        Fault::Terms(BadTerms::ReviewOutside { review, .. }) => format!("复核时间 {review} 不在起止之间"),
        Fault::Terms(BadTerms::NoEvidence) => "没有事实依据".to_owned(),
        Fault::Terms(BadTerms::NoClause) => "没有条款".to_owned(),
        Fault::UnknownPlace(code) => format!("本城没有地点“{code}”"),
        Fault::UnknownWay { id, way } => format!("{id} 没有出口或通道“{way}”"),
        Fault::BadName { given, .. } => format!("“{given}”不能用作名称"),
        Fault::BeforeBook { book, day, .. } => format!("{day} 早于“{book}”的所有版本"),
        Fault::Misspelt { given, .. } => format!("规则库没有一条用到事实“{given}”"),
        Fault::NoSuchRule { rule, book, day } => format!("“{rule}”在 {day} 不是“{book}”的有效规则"),
        Fault::Facts(why) => format!("事实填写不符：{why}"),
        Fault::NotCounted(id) => format!("未说明 {id} 限制多少人"),
        Fault::NoAlternative => "未说明考虑过哪种较轻的办法、为何不可行".to_owned(),
        Fault::NotTheirs { person, area } => format!("“{person}”无权决定 {area} 的事"),
        Fault::Effect(why) => format!("预期效果不成立：{why}"),
        Fault::Sheet(why) => format!("方案文件填写不符：{why}"),
    }
}

fn hint(fault: &Fault) -> String {
    match fault {
        Fault::Refused(refusal) => refused_hint(refusal),
        Fault::Terms(BadTerms::EndsBeforeStart { .. }) => "终止时间须晚于开始时间".to_owned(),
        Fault::Terms(BadTerms::ReviewOutside { .. }) => "复核时间须晚于开始、不晚于终止".to_owned(),
        Fault::Terms(BadTerms::NoEvidence) => "在 [[evidence]] 下列明所依据的报告".to_owned(),
        Fault::Terms(BadTerms::NoClause) => "在 [ground] 下写明条款".to_owned(),
        Fault::UnknownPlace(_) => "用 areas.csv 的代码；楼栋、小区用 within 写明所在地区".to_owned(),
        Fault::UnknownWay { .. } => "先列明：levee measure inspect CITY ID --way NAME --kind exit".to_owned(),
        Fault::BadName { .. } => "用 1 至 64 个字母、数字或 - _ . :".to_owned(),
        Fault::BeforeBook { first, .. } => format!("开始时间不早于 {first}，或换用有旧版本的规则库"),
        Fault::Misspelt { known, .. } => format!("是否指“{known}”？"),
        Fault::NoSuchRule { .. } => "写当天有效的规则".to_owned(),
        Fault::Facts(_) => "在 [facts] 下逐条写明，如 \"measure.scope\" = \"building\"".to_owned(),
        Fault::NotCounted(_) => "清点人数：levee measure count CITY ID persons=N households=N".to_owned(),
        Fault::NoAlternative => "在 [words] 的 alternative 下写明".to_owned(),
        Fault::NotTheirs { .. } => "请该区县协调员或指挥部办理".to_owned(),
        Fault::Effect(_) => "给出下限、上限和已发布研判的日期；不知道就不写".to_owned(),
        Fault::Sheet(_) => "范例见 levee measure propose --help".to_owned(),
    }
}
