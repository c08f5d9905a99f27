//! The 29 systems of a city, in the short form that tables have room for.

use crate::facts::Words;

const SYSTEMS: [(&str, &str); 29] = [
    ("会议部署", "Command meeting"),
    ("分析研判", "Situation analysis"),
    ("国家方案落实", "National plan"),
    ("挂图作战", "Operations map"),
    ("社会面防控", "Community spread"),
    ("高风险区", "High-risk areas"),
    ("其他区域", "Other areas"),
    ("中心城区联防", "Central districts"),
    ("四方责任", "Responsibility"),
    ("市场保供", "Market supply"),
    ("特殊群体与患者", "Special groups"),
    ("企业闭环", "Closed-loop firms"),
    ("一线人员关爱", "Front-line staff"),
    ("方舱医院", "Makeshift hospitals"),
    ("转运", "Transfer"),
    ("隔离场所", "Isolation sites"),
    ("检测", "Testing"),
    ("分级救治", "Tiered treatment"),
    ("应急物资", "Emergency supplies"),
    ("信息发布", "Public information"),
    ("心理疏导", "Counselling"),
    ("群众诉求", "Residents' requests"),
    ("消防与安全", "Fire and safety"),
    ("价格监管", "Price watch"),
    ("各环节提速", "Speed of every link"),
    ("力量调配", "Deployment of people"),
    ("输入风险", "Imported risk"),
    ("社区自治", "Community initiative"),
    ("纾困与复工", "Relief and reopening"),
];

/// Name of a system, 1 to 29; 0 and beyond belong to none.
pub(super) fn system(nth: u8) -> Words {
    let found = usize::from(nth).checked_sub(1).and_then(|at| SYSTEMS.get(at));
    found.map_or_else(|| Words::new("未归类", "Of no system"), |(zh, en)| Words::new(*zh, *en))
}
