//! A brief of Chongqing, 18 November 2022, 18:00, for tests and for looking at the page.
//!
//! Counts of infections, shares, patients, district lists and observed measures are published figures (municipal health
//! commission and its briefings, as collected in the pack `chongqing-2022`). Everything about outlook, load, plan,
//! facilities, obligations and decisions is invented for this test and is therefore marked synthetic.

use super::facts::*;
use jiff::civil::{Date, DateTime, date, datetime};
use levee_model::time::Period;

/// A day of which nothing is known.
pub fn empty_day(day: Date) -> CityDay {
    let none = || Figure::unknown(Message::new("not_reported").day("day", day));
    CityDay {
        day,
        new: none(),
        confirmed: none(),
        asymptomatic: none(),
        converted: none(),
        community: none(),
        managed: none(),
    }
}

fn w(zh: &str, en: &str) -> Words {
    Words::new(zh, en)
}

/// One digit after the point: what a document writes and reads again without a change.
fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn at(day: i8, hour: i8) -> DateTime {
    datetime(2022, 11, day, hour, 0, 0, 0)
}

fn nov(day: i8) -> Date {
    date(2022, 11, 1).checked_add(jiff::Span::new().days(i64::from(day) - 1)).unwrap()
}

/// Confirmed and asymptomatic by day from 1 November; `None` = not found.
const DAYS: [Option<(u64, u64)>; 17] = [
    Some((13, 3)),
    Some((10, 7)),
    Some((41, 39)),
    Some((39, 41)),
    Some((40, 61)),
    Some((42, 84)),
    Some((89, 192)),
    Some((157, 333)),
    Some((123, 633)),
    None,
    None,
    Some((158, 1662)),
    Some((150, 2147)),
    Some((157, 2794)),
    Some((126, 2688)),
    Some((172, 3900)),
    Some((193, 4473)),
];

fn city() -> CityFacts {
    let days = DAYS
        .iter()
        .zip(1i8..)
        .map(|(counts, day)| match counts {
            None => empty_day(nov(day)),
            Some((confirmed, asymptomatic)) => CityDay {
                new: Figure::reported(confirmed + asymptomatic).from_sources(["S24", "S27"]),
                confirmed: Figure::reported(*confirmed),
                asymptomatic: Figure::reported(*asymptomatic),
                ..empty_day(nov(day))
            },
        })
        .collect();
    let shares = [(10, 58.86), (11, 60.43), (12, 62.65), (15, 36.21), (16, 26.76)];
    CityFacts {
        days,
        part_day: None,
        share_area: w("中心城区", "the central area"),
        community_share: shares
            .into_iter()
            .map(|(day, pct)| SharePoint { day: nov(day), percent: Figure::reported(pct), counts: None })
            .collect(),
        community_share_elsewhere: Figure::unknown(Message::new("not_stated")),
        seven_days: Figure::unknown(Message::new("not_reported").day("day", nov(11))),
        seven_days_before: Figure::unknown(Message::new("not_reported").day("day", nov(10))),
        seven_days_per_100k: Figure::unknown(Message::new("not_reported").day("day", nov(11))),
    }
}

/// Code, short names, full names, population, confirmed and asymptomatic of 17 November 00–12 h.
#[rustfmt::skip]
const DISTRICTS: [(&str, &str, &str, &str, &str, Option<u64>, u64); 38] = [
    ("500241", "秀山", "Xiushan", "秀山土家族苗族自治县", "Xiushan Tujia and Miao Autonomous County", None, 223),
    ("500103", "渝中", "Yuzhong", "渝中区", "Yuzhong District", Some(588_717), 164),
    ("500107", "九龙坡", "Jiulongpo", "九龙坡区", "Jiulongpo District", Some(1_526_821), 98),
    ("500105", "江北", "Jiangbei", "江北区", "Jiangbei District", Some(925_800), 96),
    ("500238", "巫溪", "Wuxi", "巫溪县", "Wuxi County", None, 49),
    ("500113", "巴南", "Banan", "巴南区", "Banan District", Some(1_178_856), 43),
    ("500112", "渝北", "Yubei", "渝北区", "Yubei District", Some(2_191_493), 40),
    ("500231", "垫江", "Dianjiang", "垫江县", "Dianjiang County", Some(650_694), 38),
    ("500108", "南岸", "Nan'an", "南岸区", "Nan'an District", Some(1_197_639), 29),
    ("500101", "万州", "Wanzhou", "万州区", "Wanzhou District", Some(1_564_449), 10),
    ("500106", "沙坪坝", "Shapingba", "沙坪坝区", "Shapingba District", Some(1_477_345), 9),
    ("500117", "合川", "Hechuan", "合川区", "Hechuan District", Some(1_245_294), 8),
    ("500155", "梁平", "Liangping", "梁平区", "Liangping District", Some(645_315), 7),
    ("500116", "江津", "Jiangjin", "江津区", "Jiangjin District", Some(1_359_611), 6),
    ("500120", "璧山", "Bishan", "璧山区", "Bishan District", Some(756_022), 6),
    ("500154", "开州", "Kaizhou", "开州区", "Kaizhou District", Some(1_203_306), 6),
    ("500118", "永川", "Yongchuan", "永川区", "Yongchuan District", Some(1_148_896), 5),
    ("500115", "长寿", "Changshou", "长寿区", "Changshou District", Some(692_960), 4),
    ("500237", "巫山", "Wushan", "巫山县", "Wushan County", Some(462_462), 4),
    ("500151", "铜梁", "Tongliang", "铜梁区", "Tongliang District", Some(685_729), 3),
    ("500110", "綦江", "Qijiang", "綦江区", "Qijiang District", Some(1_011_334), 3),
    ("500119", "南川", "Nanchuan", "南川区", "Nanchuan District", Some(572_362), 2),
    ("500153", "荣昌", "Rongchang", "荣昌区", "Rongchang District", Some(668_977), 2),
    ("500235", "云阳", "Yunyang", "云阳县", "Yunyang County", None, 2),
    ("500152", "潼南", "Tongnan", "潼南区", "Tongnan District", Some(688_115), 1),
    ("500233", "忠县", "Zhong", "忠县", "Zhong County", None, 1),
    ("500102", "涪陵", "Fuling", "涪陵区", "Fuling District", Some(1_115_016), 0),
    ("500104", "大渡口", "Dadukou", "大渡口区", "Dadukou District", Some(421_904), 0),
    ("500109", "北碚", "Beibei", "北碚区", "Beibei District", Some(834_887), 0),
    ("500111", "大足", "Dazu", "大足区", "Dazu District", Some(834_592), 0),
    ("500114", "黔江", "Qianjiang", "黔江区", "Qianjiang District", Some(487_281), 0),
    ("500156", "武隆", "Wulong", "武隆区", "Wulong District", Some(356_748), 0),
    ("500229", "城口", "Chengkou", "城口县", "Chengkou County", Some(197_497), 0),
    ("500230", "丰都", "Fengdu", "丰都县", "Fengdu County", Some(557_374), 0),
    ("500236", "奉节", "Fengjie", "奉节县", "Fengjie County", Some(744_836), 0),
    ("500240", "石柱", "Shizhu", "石柱土家族自治县", "Shizhu Tujia Autonomous County", Some(389_001), 0),
    ("500242", "酉阳", "Youyang", "酉阳土家族苗族自治县", "Youyang Tujia and Miao Autonomous County", None, 0),
    ("500243", "彭水", "Pengshui", "彭水苗族土家族自治县", "Pengshui Miao and Tujia Autonomous County", Some(530_599), 0),
];

fn place(row: &(&str, &str, &str, &str, &str, Option<u64>, u64)) -> Place {
    Place { code: row.0.into(), name: w(row.1, row.2), full: w(row.3, row.4) }
}

fn districts() -> DistrictFacts {
    let half = Period::new(at(17, 0), at(17, 12)).unwrap();
    let few = |have: u64| Figure::unknown(Message::new("too_few_days").count("have", have).count("need", 14));
    let row = |place: Place, new: u64, population: Option<u64>| DistrictRow {
        place,
        new: Figure::reported(new).of(AsOf::Period(half)),
        per_100k: match population {
            Some(population) => Figure::derived(tenth(new as f64 / population as f64 * 1e5)),
            None => Figure::unknown(Message::new("population_unknown")),
        },
        community_pct: Figure::unknown(Message::new("not_stated")),
        incidence_7d: Figure::unknown(Message::new("not_stated")),
        reproduction: few(9),
        growth_pct: few(9),
        standing: Standing::Borrowed { from: w("全市", "the city") },
    };
    DistrictFacts {
        period: Some(half),
        rows: DISTRICTS.iter().map(|given| row(place(given), given.6, given.5)).collect(),
        city: Some(row(
            Place { code: "500000".into(), name: w("全市", "City"), full: w("重庆市", "Chongqing") },
            859,
            Some(32_124_300),
        )),
    }
}

/// Quantiles 0.025, 0.25, 0.5, 0.75, 0.975 of new infections a day from 18 November. Invented.
#[rustfmt::skip]
const FAN: [[f64; 5]; 28] = [
    [3997.,4632.,5018.,5456.,6390.],[4341.,5109.,5584.,6125.,7296.],[4599.,5514.,6087.,6742.,8198.],[4760.,5833.,6511.,7284.,9052.],
    [4830.,6054.,6837.,7726.,9816.],[4816.,6172.,7053.,8056.,10475.],[4720.,6184.,7155.,8266.,11027.],[4540.,6088.,7142.,8355.,11462.],
    [4290.,5893.,7012.,8316.,11750.],[3988.,5609.,6773.,8152.,11854.],[3647.,5254.,6437.,7870.,11782.],[3276.,4848.,6024.,7490.,11584.],
    [2889.,4405.,5557.,7034.,11289.],[2508.,3942.,5054.,6516.,10874.],[2152.,3480.,4529.,5951.,10322.],[1825.,3034.,4008.,5360.,9650.],
    [1526.,2609.,3511.,4762.,8892.],[1256.,2211.,3041.,4178.,8098.],[1015.,1846.,2598.,3624.,7311.],[810.,1522.,2189.,3110.,6545.],
    [640.,1242.,1822.,2640.,5800.],[500.,1002.,1499.,2217.,5092.],[386.,799.,1221.,1840.,4439.],[294.,630.,984.,1510.,3841.],
    [222.,492.,784.,1226.,3290.],[166.,381.,618.,986.,2784.],[120.,288.,480.,784.,2312.],[80.,207.,357.,606.,1860.],
];

fn fan(share: f64) -> Fan {
    let levels = [0.025, 0.25, 0.5, 0.75, 0.975];
    let day = |row: &[f64; 5], day: i8| FanDay {
        day: nov(day),
        quantiles: levels
            .iter()
            .zip(row)
            .map(|(level, value)| Quantile { level: *level, value: (value * share).round() })
            .collect(),
    };
    Fan { days: FAN.iter().zip(18i8..).map(|(row, n)| day(row, n)).collect() }
}

fn outlook() -> Outlook {
    let reported = |new: u64| {
        (0..7i8).map(|back| (nov(11 + back), Figure::synthetic(new * u64::from(back.unsigned_abs() + 5) / 6))).collect()
    };
    let central = ["500103", "500107", "500105", "500113", "500112", "500108", "500106", "500104", "500109"];
    let districts = DISTRICTS
        .iter()
        .filter(|row| central.contains(&row.0) || row.6 > 35)
        .map(|row| {
            let own = row.6 > 35 && row.5.is_some();
            let few = || Message::new("too_few_cases").count("have", row.6).count("need", 50);
            DistrictOutlook {
                place: place(row),
                standing: match (own, row.6) {
                    (true, _) => Standing::Own,
                    (false, 9..) => Standing::Borrowed { from: w("全市", "the city") },
                    _ => Standing::Unknown { reason: few() },
                },
                reproduction: match row.6 {
                    9.. => Figure::synthetic(Estimate { median: 1.18, low: 0.94, high: 1.43, interval_pct: 95 }),
                    _ => Figure::unknown(few()),
                },
                growth_pct: match row.6 {
                    90.. => Figure::synthetic(Estimate { median: 6.1, low: 1.2, high: 11.4, interval_pct: 95 }),
                    9.. => Figure::synthetic(Estimate { median: 2.4, low: -3.2, high: 8.0, interval_pct: 95 }),
                    _ => Figure::unknown(few()),
                },
                fan: if row.6 >= 9 { Figure::synthetic(fan(row.6 as f64 / 859.0)) } else { Figure::unknown(few()) },
                reported: reported(row.6 * 4),
                next_7_days: match row.6 {
                    9.. => Figure::synthetic(Estimate {
                        median: row.6 as f64 * 52.0,
                        low: row.6 as f64 * 31.0,
                        high: row.6 as f64 * 80.0,
                        interval_pct: 95,
                    }),
                    _ => Figure::unknown(few()),
                },
            }
        })
        .collect();
    Outlook {
        issued: at(18, 18),
        data_until: nov(17),
        city: Figure::synthetic(fan(1.0)),
        reproduction: Figure::synthetic(Estimate { median: 1.24, low: 1.08, high: 1.41, interval_pct: 95 }),
        last_week: (12..26i8)
            .map(|day| MedianPoint { day: nov(day), median: tenth(1500.0 * 1.09f64.powi(i32::from(day) - 12)) })
            .collect(),
        coverage: Figure::synthetic(Coverage { held: 6, of: 7, interval_pct: 95 }),
        districts,
        community_end: Figure::synthetic(DateEstimate {
            median: date(2022, 12, 6),
            low: date(2022, 11, 30),
            high: Some(date(2022, 12, 15)),
            interval_pct: 80,
        }),
        model: w("更新方程，负二项观测，版本1", "renewal equation, negative binomial reports, version 1"),
        caveats: vec![
            Message::new("caveat.no_measures"),
            Message::new("caveat.testing"),
            Message::new("caveat.share_gaps").count("days", 9).count("of", 17),
        ],
    }
}

fn panel(
    name: Words,
    unit: LoadUnit,
    usable: Option<u64>,
    start: f64,
    step: f64,
    binding: Option<Binding>,
) -> LoadPanel {
    LoadPanel {
        name,
        unit,
        binding: binding.map_or_else(
            || Figure::unknown(Message::new("missing_limit").words("what", w("人员", "staff"))),
            Figure::synthetic,
        ),
        days: (0..7i8)
            .map(|n| {
                let median = start + step * f64::from(n);
                LoadDay {
                    day: nov(19 + n),
                    demand: Figure::synthetic(Estimate {
                        median,
                        low: tenth(median * 0.82),
                        high: tenth(median * 1.22),
                        interval_pct: 80,
                    }),
                    usable: usable.map_or_else(Figure::never_reported, Figure::synthetic),
                }
            })
            .collect(),
    }
}

fn load() -> Load {
    use LoadUnit::{Beds, Rooms, TubesPerDay, Vehicles};
    Load {
        levels: vec![
            panel(w("重症床位", "intensive care beds"), Beds, Some(120), 21.0, 4.0, Some(Binding::Staffed)),
            panel(w("普通床位", "ward beds"), Beds, Some(1400), 880.0, 60.0, Some(Binding::Physical)),
            panel(w("方舱床位", "makeshift beds"), Beds, Some(26_200), 22_300.0, 1_240.0, Some(Binding::Staffed)),
            panel(w("转运客车", "coaches"), Vehicles, Some(310), 262.0, 19.0, Some(Binding::Staffed)),
            panel(
                w("样本检测", "tubes tested"),
                TubesPerDay,
                Some(1_100_000),
                640_000.0,
                9_000.0,
                Some(Binding::Equipped),
            ),
            panel(w("隔离房间", "isolation rooms"), Rooms, None, 31_000.0, 1_100.0, None),
        ],
        facilities: vec![
            panel(
                w("悦来方舱", "Yuelai makeshift hospital"),
                Beds,
                Some(9_000),
                7_800.0,
                420.0,
                Some(Binding::Staffed),
            ),
            panel(
                w("狮子山方舱", "Shizishan makeshift hospital"),
                Beds,
                Some(1_000),
                700.0,
                30.0,
                Some(Binding::Physical),
            ),
            panel(
                w("江北区方舱", "Jiangbei makeshift hospital"),
                Beds,
                Some(2_400),
                1_900.0,
                70.0,
                Some(Binding::Equipped),
            ),
            panel(
                w("市公共卫生医疗救治中心", "Public Health Treatment Centre"),
                Beds,
                Some(620),
                480.0,
                18.0,
                Some(Binding::Staffed),
            ),
            panel(w("永川区定点医院", "Yongchuan designated hospital"), Beds, None, 90.0, 5.0, None),
            panel(
                w("万州区方舱", "Wanzhou makeshift hospital"),
                Beds,
                Some(1_500),
                300.0,
                25.0,
                Some(Binding::Physical),
            ),
        ],
    }
}

fn plan() -> Plan {
    let short = |noun: Words, what: Words, n: f64, unit, life_saving| ShortfallRow {
        noun,
        what: Message::new("short.capacity")
            .words("what", what)
            .with("n", Arg::Number { value: n, decimals: 0 })
            .day("day", nov(24)),
        from: nov(22),
        missing: Figure::synthetic(Estimate { median: n, low: tenth(n * 0.28), high: n * 2.0, interval_pct: 80 }),
        unit,
        reasons: vec![
            Message::new("reason.binds").words("what", w("人员", "staff")).words("place", w("悦来方舱", "Yuelai")),
        ],
        mends: vec![Message::new("mend.move_staff").count("n", 140).words("from", w("万州", "Wanzhou"))],
        life_saving,
    };
    let order = |id: &str, what: Message, life_saving| OrderRow {
        id: id.into(),
        what,
        starts: Some(at(19, 6)),
        due: Some(at(19, 20)),
        owner: w("转运专班", "Transfer"),
        reasons: vec![
            Message::new("reason.waiting").count("n", 160).with("age", Arg::Hours(31.0)),
            Message::new("reason.free_elsewhere").words("place", w("悦来方舱", "Yuelai")).count("n", 640),
        ],
        life_saving,
        origin: Origin::Synthetic,
    };
    let transfer = |n: u64, zh: &str, en: &str| {
        Message::new("order.transfer")
            .count("n", n)
            .words("from", w(zh, en))
            .words("to", w("悦来方舱", "Yuelai makeshift hospital"))
    };
    Plan {
        orders: vec![
            order(
                "P-001",
                Message::new("order.urgent_care")
                    .count("n", 12)
                    .words("place", w("市公共卫生医疗救治中心", "the Public Health Treatment Centre")),
                true,
            ),
            order("P-002", transfer(160, "九龙坡", "Jiulongpo"), false),
            order("P-003", transfer(120, "渝中", "Yuzhong"), false),
            order("P-004", transfer(90, "江北", "Jiangbei"), false),
            order(
                "P-005",
                Message::new("order.move_staff")
                    .count("n", 140)
                    .words("from", w("万州", "Wanzhou"))
                    .words("to", w("悦来方舱", "Yuelai")),
                false,
            ),
            order(
                "P-006",
                Message::new("order.lend_vehicles")
                    .count("n", 18)
                    .words("kind", w("客车", "coaches"))
                    .words("from", w("涪陵", "Fuling"))
                    .words("to", w("渝北", "Yubei")),
                false,
            ),
            order(
                "P-007",
                Message::new("order.ask_report")
                    .words("who", w("各区县", "all districts"))
                    .words("what", w("空余隔离房间", "free isolation rooms")),
                false,
            ),
        ],
        shortfalls: vec![
            short(w("床位", "beds"), w("方舱床位", "makeshift beds"), 1120.0, LoadUnit::Beds, false),
            short(w("转运车辆", "coaches"), w("转运客车", "coaches"), 47.0, LoadUnit::Vehicles, false),
        ],
        surge: vec![],
    }
}

fn owed() -> Vec<OwedRow> {
    let row = |kind: Words, open: u64, overdue: u64, hours: f64, owner: Option<Words>| OwedRow {
        life_saving: kind.en == "Urgent care",
        kind,
        open: Figure::synthetic(open),
        overdue: Figure::synthetic(overdue),
        oldest_hours: Figure::synthetic(hours),
        owner,
    };
    vec![
        row(w("急救", "Urgent care"), 9, 6, 0.233, Some(w("120调度", "120 dispatch"))),
        row(w("转运", "Transfer"), 2210, 438, 39.0, Some(w("转运专班", "Transfer"))),
        row(w("配送", "Delivery"), 1300, 227, 8.0, Some(w("物资保障", "Supplies"))),
        row(w("出结果", "Results"), 900, 60, 26.0, None),
        OwedRow {
            overdue: Figure::unknown(Message::new("not_reported_yet")),
            oldest_hours: Figure::unknown(Message::new("not_reported_yet")),
            ..row(w("检查", "Inspection"), 70, 33, 5.0, Some(w("安全", "Safety")))
        },
    ]
}

fn decisions() -> Vec<Decision> {
    let one = |what: Message, why: Vec<Message>, owner: Words, deadline: DateTime| Decision {
        what,
        why,
        owner,
        deadline: Some(deadline),
        life_saving: false,
        origin: Origin::Synthetic,
    };
    vec![
        one(
            Message::new("decide.move_staff")
                .count("n", 140)
                .words("from", w("万州", "Wanzhou"))
                .words("to", w("悦来", "Yuelai"))
                .day("day", nov(22)),
            vec![
                Message::new("why.no_bed")
                    .count("n", 1120)
                    .day("day", nov(24))
                    .count("interval", 80)
                    .count("low", 310)
                    .count("high", 2240),
                Message::new("why.cost").words("place", w("万州", "Wanzhou")).with("share", Arg::Percent(96.0)),
            ],
            w("人员专班", "Personnel"),
            at(22, 8),
        ),
        one(
            Message::new("decide.lend")
                .count("n", 18)
                .words("what", w("客车", "coaches"))
                .words("from", w("涪陵", "Fuling"))
                .words("to", w("渝北", "Yubei")),
            vec![Message::said(w("2—5时继续禁行。", "Night driving stays barred from 02:00 to 05:00."))],
            w("转运专班", "Transfer"),
            at(19, 5),
        ),
        one(
            Message::new("decide.report")
                .words("who", w("各区县", "all districts"))
                .words("what", w("空余隔离房间", "free isolation rooms"))
                .with("at", Arg::Moment(at(18, 20))),
            vec![Message::new("why.none_has")],
            w("各区县", "All districts"),
            at(18, 20),
        ),
    ]
}

fn care() -> CareFacts {
    let severity = [
        ("危重型", "critical", 5u64),
        ("重型", "severe", 8),
        ("普通型", "moderate", 38),
        ("轻型", "mild", 1465),
        ("无症状", "asymptomatic", 16_960),
    ];
    let facility =
        |id: &str, zh: &str, en: &str, level, figures: [Option<u64>; 4], binding: Option<Binding>, age: Option<f64>| {
            let figure = |given: Option<u64>| given.map_or_else(Figure::never_reported, Figure::synthetic);
            FacilityRow {
                id: id.into(),
                name: w(zh, en),
                level,
                unit: LoadUnit::Beds,
                physical: figure(figures[0]),
                staffed: figure(figures[1]),
                equipped: figure(figures[2]),
                occupied: figure(figures[3]),
                binding: binding.map_or_else(
                    || Figure::unknown(Message::new("missing_limit").words("what", w("人员", "staff"))),
                    Figure::synthetic,
                ),
                age_hours: age,
                age_limit_hours: Some(24.0),
            }
        };
    CareFacts {
        in_care: Figure::reported(18_476).of(AsOf::Moment(at(17, 12))).since(at(17, 16), 30.0).from_sources(["S24"]),
        by_severity: severity
            .into_iter()
            .map(|(zh, en, n)| SeverityRow { name: w(zh, en), people: Figure::reported(n) })
            .collect(),
        beds_opened: Figure::unknown(Message::new("not_stated")),
        beds_in_use: Figure::never_reported(),
        deaths: Figure::reported(0),
        facilities: vec![
            facility(
                "yuelai",
                "悦来方舱",
                "Yuelai makeshift hospital",
                Level::Makeshift,
                [Some(12_000), Some(9_000), Some(11_200), Some(7_410)],
                Some(Binding::Staffed),
                Some(6.0),
            ),
            facility(
                "shizishan",
                "狮子山方舱",
                "Shizishan makeshift hospital",
                Level::Makeshift,
                [Some(1_000), Some(1_050), Some(1_000), Some(655)],
                Some(Binding::Physical),
                Some(31.0),
            ),
            facility(
                "yongchuan",
                "永川区定点医院",
                "Yongchuan designated hospital",
                Level::General,
                [Some(400), None, None, None],
                None,
                None,
            ),
        ],
    }
}

fn trust() -> (Vec<Contradiction>, Vec<DataAge>) {
    let hc = || w("市卫生健康委", "health commission");
    let one = |what: Message, headline: bool| Contradiction { what, touches: None, touches_headline: headline };
    let contradictions = vec![
        one(
            Message::new("contradiction.two_figures")
                .words("place", w("全市", "City"))
                .day("day", nov(15))
                .words("first_office", hc())
                .count("first", 2814)
                .words("second_office", w("国家卫生健康委", "the national commission"))
                .count("second", 2824),
            true,
        ),
        one(
            Message::new("contradiction.sum_differs")
                .words("place", w("全市", "City"))
                .with("day", Arg::Period(Period::new(at(17, 0), at(17, 12)).unwrap()))
                .count("stated", 3_169)
                .count("sum", 859),
            false,
        ),
    ];
    let age = |office: Words, zh: &str, en: &str, hours: Option<f64>, limit: f64| DataAge {
        office,
        table: w(zh, en),
        age_hours: hours,
        limit_hours: Some(limit),
        last: hours.map(|_| at(17, 16)),
    };
    let ages = vec![
        age(hc(), "每日新增", "daily infections", Some(18.0), 30.0),
        age(hc(), "区县清单", "district lists", Some(30.0), 24.0),
        age(hc(), "社会面占比", "community share", Some(42.0), 30.0),
        age(w("救治专班", "treatment section"), "在院人数", "people under care", Some(30.0), 36.0),
        age(w("救治专班", "treatment section"), "床位占用", "beds in use", None, 6.0),
        age(w("隔离专班", "isolation section"), "空余房间", "free rooms", None, 12.0),
    ];
    (contradictions, ages)
}

/// The facts of the brief.
pub fn fixture() -> BriefFacts {
    let (contradictions, data_ages) = trust();
    let measure = |id: &str, from: i8, zh: (&str, &str), en: (&str, &str)| ObservedMeasure {
        id: id.into(),
        starts_on: nov(from),
        ends_on: None,
        place: Some(w(zh.0, en.0)),
        text: w(zh.1, en.1),
        origin: Origin::Reported,
        sources: vec!["S28".into()],
    };
    BriefFacts {
        masthead: Masthead {
            city: w("重庆市", "Chongqing"),
            headquarters: w("重庆市疫情防控指挥部", "Chongqing outbreak headquarters"),
            day: nov(18),
            outbreak_started: Some(nov(1)),
            as_known_at: at(18, 18),
            replay: true,
            code: "20221118-1800-3f9c".into(),
            engine_version: "0.1.0".into(),
            seed: 7,
        },
        city: city(),
        districts: districts(),
        care: care(),
        changes: vec![
            Message::new("change.new_day").day("day", nov(17)).count("n", 4666),
            Message::new("change.new_district").words("place", w("梁平", "Liangping")).count("n", 7),
            Message::new("change.went_old")
                .words("what", w("社会面占比", "the community share"))
                .words("who", w("市卫生健康委", "the health commission"))
                .with("limit", Arg::Hours(30.0)),
        ],
        contradictions,
        data_ages,
        outlook: Figure::synthetic(outlook()),
        load: Figure::synthetic(load()),
        plan: Figure::synthetic(plan()),
        owed: Figure::synthetic(owed()),
        decisions: decisions(),
        measures: MeasureFacts {
            observed: vec![
                measure(
                    "shopping",
                    17,
                    ("中心城区部分区域", "居民采购每次限一人、两小时"),
                    ("Parts of the central area", "shopping trips limited to one person and two hours"),
                ),
                measure("kits", 16, ("江北", "发放自测试剂"), ("Jiangbei", "self-test kits handed out")),
                measure(
                    "leave",
                    15,
                    ("全市", "出渝须街镇24小时内出具证明并有三天三检，就医优先"),
                    (
                        "City",
                        "leaving the city needs a permit by the subdistrict within 24 h and three tests in 72 h; medical trips first",
                    ),
                ),
                measure(
                    "tests",
                    15,
                    ("中心城区", "高风险区外隔日一检"),
                    ("Central area", "tests every second day outside high-risk areas"),
                ),
            ],
            audit: Figure::unknown(Message::new("not_kept_yet")),
        },
        sources: vec![
            SourceLine {
                id: "S24".into(),
                title: w("11月17日新闻发布会", "Briefing of 17 Nov"),
                publisher: Some(w("重庆市卫生健康委", "Chongqing health commission")),
                published: Some(nov(17)),
                licence: None,
            },
            SourceLine {
                id: "S27".into(),
                title: w("国家每日通报（11月17日）", "National daily report for 17 Nov"),
                publisher: Some(w("国家卫生健康委", "National Health Commission")),
                published: Some(nov(18)),
                licence: None,
            },
            SourceLine {
                id: "S28".into(),
                title: w("居民采购安排", "Shopping arrangements"),
                publisher: None,
                published: Some(nov(17)),
                licence: None,
            },
        ],
        parameters: vec![
            ParameterLine {
                id: "stay.makeshift_days".into(),
                value: Figure::reported(7.0),
                range: Some((5.0, 10.0)),
                unit: "days".into(),
                source: "S24".into(),
            },
            ParameterLine {
                id: "generation_time.mean_days".into(),
                value: Figure::unknown(Message::new("not_stated")),
                range: None,
                unit: "days".into(),
                source: "not found".into(),
            },
        ],
        licences: vec![w(
            "疫情数字为政府公开信息；区划界线：MIT许可。",
            "Outbreak figures are public government information; outlines: MIT licence.",
        )],
        synthetic_note: Some(w("S为本测试的模拟数据", "S marks figures invented for this test")),
    }
}

/// The same brief with names, texts and lists longer than any that was ever seen.
pub fn stressed() -> BriefFacts {
    let mut facts = fixture();
    let long = || {
        w(
            "市疫情防控指挥部物资保障与生活服务综合协调专班",
            "Joint Section for Supplies, Household Services and Coordination",
        )
    };
    facts.masthead.headquarters = w(
        "重庆市应对新型冠状病毒肺炎疫情工作领导小组综合协调指挥部",
        "Chongqing Leading Group Headquarters for Outbreak Response and Coordination",
    );
    for row in &mut facts.districts.rows {
        row.place.name = row.place.full.clone();
    }
    let mut rows = owed();
    rows.extend(owed());
    for row in &mut rows {
        row.kind = w("需要特殊照护居民的透析与化疗接送", "Dialysis and chemotherapy rides");
        row.owner = Some(long());
    }
    facts.owed = Figure::synthetic(rows);
    let mut asked = decisions();
    asked.extend(decisions());
    for one in &mut asked {
        one.owner = long();
        one.why.extend(one.why.clone());
        one.why.push(Message::said(w("各专班须在会前完成测算并报送依据，逾期未报的视为无意见，由牵头单位负责。", "Every section must bring its figures before the meeting; the lead section answers for those that do not arrive.")));
    }
    facts.decisions = asked;
    for one in &mut facts.measures.observed {
        one.text = w(
            "居民采购每户每次限一人、每次两小时以内，须持社区出具的当日通行凭证并全程规范佩戴口罩，单元出入口设专人登记，遇就医、孕产、透析等情形一律优先放行，不得以任何理由阻拦或延误",
            "shopping trips are limited to one person of each household and to two hours, with a pass of the day by the community; people who need a doctor, dialysis or a delivery ward pass first and may not be held up for any reason",
        );
    }
    facts.changes = vec![Message::said(long()); 40];
    let mut full = plan();
    full.surge = vec![Surge {
        facility: w(
            "重庆市公共卫生医疗救治中心平顶山院区",
            "Pingdingshan Campus of the Public Health Treatment Centre",
        ),
        from: nov(21),
        people_over: Figure::synthetic(Estimate { median: 14.0, low: 3.0, high: 41.0, interval_pct: 80 }),
        reasons: vec![Message::new("reason.life_saving")],
    }];
    facts.plan = Figure::synthetic(full);
    facts
}

/// A brief of a day of which nothing is known.
pub fn nothing() -> BriefFacts {
    let mut facts = fixture();
    let none = || Message::new("not_kept_yet");
    facts.city.days = vec![empty_day(nov(17))];
    facts.city.community_share.clear();
    facts.districts = DistrictFacts { period: None, rows: vec![], city: None };
    facts.care.in_care = Figure::never_reported();
    facts.care.by_severity.clear();
    facts.care.facilities.clear();
    facts.changes.clear();
    facts.contradictions.clear();
    facts.data_ages.clear();
    facts.decisions.clear();
    facts.outlook = Figure::unknown(Message::new("too_few_days").count("have", 0).count("need", 14));
    facts.load = Figure::unknown(none());
    facts.plan = Figure::unknown(Message::new("no_plan"));
    facts.owed = Figure::unknown(none());
    facts.measures.observed.clear();
    facts.sources.clear();
    facts.parameters.clear();
    facts.synthetic_note = None;
    facts
}
