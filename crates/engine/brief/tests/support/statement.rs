//! Statements for tests and for looking at: invented, seeded, the same every time.

use jiff::civil::{date, datetime};
use levee_brief::facts::Words;
use levee_brief::statement::{AreaWords, KindWords, Standing, StatementArrear, StatementFacts, StatementLine, Units};
use std::collections::BTreeMap;

const KINDS: [(&str, u8, &str, &str, &str, &str, bool); 24] = [
    ("directive", 1, "会议部署", "meeting directive", "项", "directives", false),
    ("daily_judgement", 2, "每日研判", "daily situation judgement", "份", "judgements", false),
    ("measure_correction", 3, "防控措施纠偏", "measure brought back to the rules", "项", "measures", false),
    ("zone_review", 6, "高风险区复核", "review of a high-risk area", "个", "areas", false),
    ("door_delivery", 6, "上门配送", "delivery to the door", "户", "households", true),
    ("food_delivery", 10, "生活物资配送", "food delivery", "户", "households", true),
    ("dialysis", 11, "血液透析", "haemodialysis", "人次", "sessions", true),
    ("birth_care", 11, "孕产妇服务", "care at birth", "人", "people", true),
    ("medicine", 11, "慢病送药", "medicine for the chronically ill", "人", "people", true),
    ("loop_consent", 12, "闭环员工书面同意", "written consent to a closed loop", "人", "people", false),
    ("staff_rest", 13, "一线人员轮休", "rest of front-line staff", "人", "people", false),
    ("bed_opening", 14, "方舱床位启用", "makeshift beds opened", "张", "beds", false),
    ("care_placement", 15, "转运收治", "placement in care", "人", "people", true),
    ("room_turnover", 16, "隔离房间周转", "isolation room turned over", "间", "rooms", false),
    ("sampling", 17, "核酸采样", "samples taken", "人次", "people", false),
    ("tube_result", 17, "检测结果回报", "result of a tube", "管", "tubes", false),
    ("upgrade", 18, "重症上转", "upgrade to a higher level of care", "人", "people", true),
    ("stock_dispatch", 19, "应急物资调拨", "dispatch of emergency stock", "批", "consignments", false),
    ("correction_notice", 20, "更正发布", "correction published", "条", "notices", false),
    ("counselling", 21, "心理热线回访", "call back of the counselling line", "人", "people", false),
    ("request", 22, "群众诉求办理", "residents' request", "件", "requests", false),
    ("exit_opening", 23, "消防通道打通", "fire exit opened", "处", "exits", true),
    ("team_posting", 26, "支援队伍到岗", "outside team at its post", "人", "people", false),
    ("premises_reopening", 29, "场所恢复开放", "premises reopened", "处", "premises", false),
];

const DISTRICTS: [(&str, &str, &str); 12] = [
    ("500103", "渝中", "Yuzhong"),
    ("500104", "大渡口", "Dadukou"),
    ("500105", "江北", "Jiangbei"),
    ("500106", "沙坪坝", "Shapingba"),
    ("500107", "九龙坡", "Jiulongpo"),
    ("500108", "南岸", "Nan'an"),
    ("500109", "北碚", "Beibei"),
    ("500112", "渝北", "Yubei"),
    ("500113", "巴南", "Banan"),
    ("500151", "铜梁", "Tongliang"),
    ("500241", "秀山", "Xiushan"),
    ("500243", "彭水", "Pengshui"),
];

const REASONS: [(&str, &str, &str, &str); 5] = [
    ("无可用容量（床位、房间、检测能力等）", "no capacity free", "李晓梅（虚构）", "Li Xiaomei (fictional)"),
    ("无可用车辆", "no vehicle free", "王建国（虚构）", "Wang Jianguo (fictional)"),
    ("人手不足", "not enough staff", "陈思远（虚构）", "Chen Siyuan (fictional)"),
    ("等待检测结果", "waiting for a result", "李晓梅（虚构）", "Li Xiaomei (fictional)"),
    (
        "受硬性限制（夜间停运、驾驶时长、休息）",
        "a hard limit stands against it (night curfew, driving hours, rest)",
        "王建国（虚构）",
        "Wang Jianguo (fictional)",
    ),
];

/// Numbers from a seed: Knuth's MMIX generator, its upper half.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most.max(1)
    }
}

fn account(dice: &mut Dice, large: u64) -> Units {
    let (carried_in, opened) = (dice.below(large / 3), dice.below(large));
    let (transferred_in, corrected) = (dice.below(3) * dice.below(large / 40 + 1), dice.below(12) / 11);
    let mut left = carried_in + opened + transferred_in + corrected;
    let mut take = |most: u64| {
        let units = most.min(left);
        left -= units;
        units
    };
    let met = take(opened * 4 / 5);
    let waived = take(dice.below(large / 30 + 1));
    let expired = take(dice.below(20) / 19 * dice.below(large / 50 + 2));
    let voided = take(dice.below(large / 100 + 1));
    let transferred_out = take(dice.below(3) * dice.below(large / 40 + 1));
    Units([carried_in, opened, transferred_in, corrected, met, waived, expired, voided, transferred_out, left])
}

/// A sealed day with so many late obligations.
pub fn sealed(late: u64) -> StatementFacts {
    let mut dice = Dice(20_221_118);
    let words = |zh: &str, en: &str| Words::new(zh, en);
    let kinds: BTreeMap<String, KindWords> = KINDS
        .iter()
        .map(|(code, system, zh, en, unit_zh, unit_en, protected)| {
            let (name, unit) = (words(zh, en), words(unit_zh, unit_en));
            ((*code).to_owned(), KindWords { system: *system, name, unit, protected: *protected })
        })
        .collect();
    let areas = DISTRICTS
        .iter()
        .map(|(code, zh, en)| ((*code).to_owned(), AreaWords { name: words(zh, en), district: (*code).to_owned() }))
        .collect();
    let mut lines = Vec::new();
    for (area, ..) in DISTRICTS {
        for (kind, ..) in KINDS {
            let large = match kind {
                "sampling" => 60_000,
                "tube_result" => 9_000,
                "food_delivery" | "door_delivery" => 4_000,
                _ => 60,
            };
            let units = account(&mut dice, large);
            if units.0.iter().any(|units| *units > 0) {
                lines.push(StatementLine { area: area.into(), kind: kind.into(), units, synthetic: true });
            }
        }
    }
    let ends = datetime(2022, 11, 19, 0, 0, 0, 0);
    let arrears = (0..late)
        .map(|nth| {
            let (kind, ..) = KINDS[usize::try_from(dice.below(KINDS.len() as u64)).unwrap()];
            let (area, ..) = DISTRICTS[usize::try_from(dice.below(DISTRICTS.len() as u64)).unwrap()];
            let (zh, en, owner_zh, owner_en) = REASONS[usize::try_from(dice.below(5)).unwrap()];
            let late_minutes = 15 * dice.below(4 * 60);
            StatementArrear {
                obligation: format!("01939a5b-0000-7000-9000-0000000000{:02x}.{nth}", nth % 256),
                kind: kind.into(),
                area: area.into(),
                section: words("转运专班", "Transfer"),
                units: 1 + dice.below(40),
                due: ends - jiff::SignedDuration::from_mins(i64::try_from(late_minutes).unwrap()),
                late_minutes,
                reason: Some(words(zh, en)),
                owner: Some(words(owner_zh, owner_en)),
                synthetic: true,
            }
        })
        .collect();
    StatementFacts {
        city: words("重庆", "Chongqing"),
        scope: words("重庆", "Chongqing"),
        sealed_apart: vec![],
        day: date(2022, 11, 18),
        standing: Standing::Sealed {
            by: [words("李晓梅（虚构）", "Li Xiaomei (fictional)"), words("陈思远（虚构）", "Chen Siyuan (fictional)")],
            at: datetime(2022, 11, 19, 0, 42, 0, 0),
            seal: "4b1f9c02d7e8a6530f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566778".into(),
        },
        digest: Some("a9c3e5f7012b4d6f8091a2b3c4d5e6f70819202122232425262728292a2b2c2d".into()),
        chained_to: Some("77e0d1c2b3a495867768594a3b2c1d0e0f1e2d3c4b5a69788796a5b4c3d2e1f0".into()),
        replay: true,
        kinds,
        areas,
        lines,
        arrears,
    }
}

/// The same day before anybody signed it: some of what is late has no reason yet.
pub fn draft(late: u64) -> StatementFacts {
    let mut facts = sealed(late);
    (facts.standing, facts.digest) = (Standing::Draft, None);
    for arrear in facts.arrears.iter_mut().step_by(5) {
        (arrear.reason, arrear.owner) = (None, None);
    }
    facts
}

/// A day on which nothing was owed.
pub fn nothing() -> StatementFacts {
    StatementFacts { lines: vec![], arrears: vec![], chained_to: None, replay: false, ..sealed(0) }
}
