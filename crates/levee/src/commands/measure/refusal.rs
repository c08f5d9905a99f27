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
        PhaseName::Gated => "已通过启用核查",
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
        Lack::PersonsUnknown => "尚未清点受限人数".to_owned(),
        Lack::DemandUnknown(service) => format!("尚不清楚有多少人需要{}", words(*service).0),
        Lack::Service { service, needed, reserved } => {
            format!("{}：全程须预留 {needed}，目前只有 {reserved}", words(*service).0)
        }
        Lack::NoVehicle(provider) => format!("“{provider}”承诺急救，但没有写明车辆"),
        Lack::PromisedTwice { provider, service, promised, offered, .. } => {
            format!("“{provider}”的{}被重复承诺：共承诺 {promised}，只能提供 {offered}", words(*service).0)
        }
        Lack::NoWay(kind) => format!("没有列明{}", way(*kind)),
        Lack::NotInspected { id, kind } => format!("{}“{id}”尚未巡查", way(*kind)),
        Lack::InspectionOld { id, kind, .. } => format!("{}“{id}”最近一次巡查早于启用前24小时", way(*kind)),
        Lack::Blocked { id, kind } => format!("{}“{id}”被堵", way(*kind)),
        Lack::NoNotice => "尚未告知受限人员".to_owned(),
        Lack::NoAppealChannel => "尚未公布申诉渠道".to_owned(),
        Lack::NotAssessed => "尚未评估".to_owned(),
        Lack::Rulebook => "规则库不允许，或其前提尚未满足".to_owned(),
    }
}

fn mend(lack: &Lack) -> String {
    match lack {
        Lack::PersonsUnknown => "清点受限人数".to_owned(),
        Lack::DemandUnknown(service) => format!("逐户询问谁需要{}；没有人需要就填 0", words(*service).0),
        Lack::Service { service, needed, reserved } => {
            format!("补足{} {}，覆盖整个限制期", words(*service).0, needed.saturating_sub(*reserved))
        }
        Lack::NoVehicle(provider) => format!("写明“{provider}”的车辆，或另找提供者"),
        Lack::PromisedTwice { service, promised, offered, .. } => {
            format!("另找提供者补足{} {}", words(*service).0, promised.saturating_sub(*offered))
        }
        Lack::NoWay(kind) => format!("列明每个{}", way(*kind)),
        Lack::NotInspected { id, .. } | Lack::InspectionOld { id, .. } => format!("启用前24小时内派人具名巡查“{id}”"),
        Lack::Blocked { id, .. } => format!("先疏通“{id}”，再重新巡查"),
        Lack::NoNotice => "公布限制内容、原因、起止时间、决定人和申诉办法；限制个人的须送达本人".to_owned(),
        Lack::NoAppealChannel => "公布申诉渠道".to_owned(),
        Lack::NotAssessed => "先作评估：预期效果、受限人数、较轻的办法、是否合规".to_owned(),
        Lack::Rulebook => "按判定理由整改，或修改措施".to_owned(),
    }
}

fn refused(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Unknown(id) => format!("没有措施 {id}"),
        Refusal::Exists(id) => format!("{id} 已存在"),
        Refusal::NeedsAPerson => "须由具名人员办理".to_owned(),
        Refusal::SamePerson(id) => format!("须有两人，不能都是“{id}”"),
        Refusal::WrongPhase { id, is, .. } => format!("{id} 目前为“{}”，不能这样办理", phase(*is)),
        Refusal::GateShut { id, lacks } => {
            let lacks: Vec<String> = lacks.iter().map(lack).collect();
            format!("{id} 未通过启用核查：{}", lacks.join("；"))
        }
        Refusal::OverrideUsed(id) => format!("{id} 已暂缓过一次，不能再次暂缓"),
        Refusal::NothingDeferred => "没有写明暂缓哪些保障".to_owned(),
        Refusal::OverrideTooLong { until, most } => format!("暂缓至 {until}：超过24小时（最迟 {most}），或时间已过"),
        Refusal::StaleEvidence(report) => format!("“{report}”已作过依据，或早于现有依据"),
        Refusal::NoEvidence => "续期没有新的依据".to_owned(),
        Refusal::BadRenewal { end, review, .. } => format!("新的终止时间 {end} 或复核时间 {review} 不合要求"),
        Refusal::UnknownAppeal(id) => format!("没有申诉 {id}"),
        Refusal::AppealExists(id) => format!("申诉 {id} 已存在"),
        Refusal::AppealDecided(id) => format!("申诉 {id} 已决定"),
        Refusal::OwnCase(id) => format!("“{id}”参与过此措施的决定或启用，不能裁决对它的申诉"),
        Refusal::NoReason => "裁决申诉须说明理由".to_owned(),
        Refusal::NotObserved(id) => format!("{id} 是在本系统内拟议的措施，不能记作他人所为"),
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
        Refusal::OverrideUsed(_) => "补足所缺保障，再申请核查".to_owned(),
        Refusal::NothingDeferred => "无须暂缓，直接申请核查（levee measure gate）".to_owned(),
        Refusal::OverrideTooLong { most, .. } => format!("暂缓不得晚于 {most}"),
        Refusal::StaleEvidence(_) | Refusal::NoEvidence => "引用此后的新报告；没有新依据，限制到期终止".to_owned(),
        Refusal::BadRenewal { .. } => "终止时间须晚于现在的终止时间，复核在其之前".to_owned(),
        Refusal::AppealDecided(_) => "另行申诉".to_owned(),
        Refusal::OwnCase(_) => "请未参与的人裁决".to_owned(),
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
        Fault::BadName { given, .. } => format!("“{given}”不能用作名称或编号"),
        Fault::BeforeBook { book, day, .. } => format!("{day} 早于“{book}”的所有版本"),
        Fault::Misspelt { given, .. } => format!("规则库没有一条用到事实“{given}”"),
        Fault::NoSuchRule { rule, book, day } => format!("“{rule}”在 {day} 不是“{book}”的有效规则"),
        Fault::Facts(why) => format!("事实填写不符：{why}"),
        Fault::NotCounted(id) => format!("尚未清点 {id} 限制的人数"),
        Fault::NoAlternative => "没有说明考虑过哪种较轻的办法、为何不可行".to_owned(),
        Fault::NotTheirs { person, area } => format!("“{person}”无权决定 {area} 的事"),
        Fault::Effect(why) => format!("预期效果不成立：{why}"),
        Fault::Sheet(why) => format!("方案文件填写不符：{why}"),
        Fault::Sighting(why) => format!("记录填写不符：{why}"),
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
        Fault::Sighting(_) => "范例见 levee measures observe --help".to_owned(),
        Fault::Sheet(_) => "范例见 levee measure propose --help".to_owned(),
    }
}
