//! A brief of Chongqing, 18 November 2022, 18:00, for tests and for looking at the page.
//!
//! Counts of infections, shares, patients, district lists and observed measures are published figures (municipal health
//! commission and its briefings, as collected in the pack `chongqing-2022`). Everything about outlook, load, plan,
//! facilities, obligations and decisions is invented for this test and is therefore marked synthetic.

use super::facts::*;
use jiff::civil::{Date, DateTime, date, datetime};
use levee_model::time::Period;
use timetable::{audit, timetable};
use work::{care, decisions, load, owed, plan, trust};

#[path = "fixture/timetable.rs"]
mod timetable;
#[path = "fixture/work.rs"]
mod work;

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
        record: Some(record()),
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

/// Two outlooks that were issued a week and two weeks before.
fn record() -> TrackRecord {
    let look = |issued: i8, factor: f64| LookBack {
        issued: nov(issued),
        data_until: nov(issued - 1),
        days_ago: u64::try_from(18 - issued).unwrap(),
        fan: Fan {
            days: (issued..=17)
                .map(|day| {
                    let median = 300.0 * factor * 1.25f64.powi(i32::from(day) - 4);
                    let value = |level, by: f64| Quantile { level, value: tenth(median * by) };
                    let quantiles = vec![
                        value(0.025, 0.5),
                        value(0.25, 0.85),
                        value(0.5, 1.0),
                        value(0.75, 1.2),
                        value(0.975, 2.0),
                    ];
                    FanDay { day: nov(day), quantiles }
                })
                .collect(),
        },
        came: (issued - 7..=17)
            .filter(|day| *day >= 1)
            .map(|day| {
                let counts = usize::try_from(day - 1).ok().and_then(|at| DAYS.get(at).copied().flatten());
                let unknown = || Figure::unknown(Message::new("not_reported").day("day", nov(day)));
                (nov(day), counts.map_or_else(unknown, |(c, a)| Figure::reported(c + a)))
            })
            .collect(),
    };
    let scores = |forecasts: u64, relative| Scores {
        forecasts,
        held50: forecasts / 2,
        held80: forecasts * 3 / 4,
        held95: forecasts - 1,
        wis: 212.5,
        bias: -0.125,
        relative,
    };
    let better = Some(Relative { natural: 0.72, log: 0.81, forecasts: 7 });
    let line =
        |of, (ahead_from, ahead_to), n, relative| RecordLine { of, ahead_from, ahead_to, scores: scores(n, relative) };
    TrackRecord {
        outlooks: 9,
        first: nov(4),
        last: nov(16),
        baseline: Some(w("同星期持续", "same-weekday persistence")),
        verdicts: vec![Message::new("record.wide").words("whose", w("全市", "The city's"))],
        lines: vec![
            line(RecordOf::City, (1, 7), 7, better),
            line(RecordOf::City, (8, 14), 4, better),
            line(RecordOf::Districts, (1, 7), 63, better),
            line(RecordOf::Borrowed, (1, 7), 120, None),
        ],
        districts: DISTRICTS
            .iter()
            .take(4)
            .map(|row| DistrictRecord { place: place(row), of: RecordOf::Districts, scores: scores(9, better) })
            .collect(),
        city: vec![look(11, 2.0), look(4, 1.0)],
        district_looks: DISTRICTS
            .iter()
            .take(2)
            .map(|row| DistrictLook { place: place(row), look: look(11, 1.0) })
            .collect(),
    }
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
        demand: Figure::synthetic(demand()),
        explanation: Figure::synthetic(explanation()),
        plan: Figure::synthetic(plan()),
        owed: Figure::synthetic(owed()),
        decisions: decisions(),
        timetable: Figure::reported(timetable()),
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
            audit: Figure::derived(audit()),
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

fn explanation() -> Explanation {
    let place = |code: &str, zh: &str, en: &str| Place { code: code.into(), name: w(zh, en), full: w(zh, en) };
    let share = |code: &str, people: f64| DriverShare { name: Message::new(code), people };
    let change = |place: Place, before: f64, after: f64| Change {
        place,
        before,
        after,
        drivers: vec![
            share("driver.level", (after - before) * 1.3),
            share("driver.growth", (before - after) * 0.2),
            share("driver.revisions", (before - after) * 0.1),
        ],
        surprise: Some(
            Message::new("explain.above").count("days", 1).with("pct", Arg::Number { value: 12.0, decimals: 0 }),
        ),
    };
    Explanation {
        against: nov(17),
        days: (nov(18), nov(24)),
        city: Some(change(place("500000", "全市", "City"), 31_200.0, 34_900.0)),
        districts: vec![
            change(place("500103", "渝中", "Yuzhong"), 9_100.0, 10_900.0),
            change(place("500107", "九龙坡", "Jiulongpo"), 6_300.0, 5_700.0),
        ],
        not_comparable: vec![place("500243", "彭水", "Pengshui")],
    }
}

fn demand() -> Demand {
    let figure = |median: f64| {
        Figure::synthetic(Estimate {
            median,
            low: (median * 0.6).round(),
            high: (median * 1.7).round(),
            interval_pct: 80,
        })
    };
    let place = |code: &str, zh: &str, en: &str| Place { code: code.into(), name: w(zh, en), full: w(zh, en) };
    Demand {
        days: vec![nov(19), nov(25), nov(30)],
        city: vec![
            DemandRow {
                name: w("方舱床位", "makeshift beds"),
                unit: w("张", "beds"),
                by_day: [21_300.0, 26_440.0, 31_200.0].map(figure).into(),
                capacity: Some(Figure::synthetic(33_000)),
            },
            DemandRow {
                name: w("供氧", "oxygen"),
                unit: w("升/分", "litres a minute"),
                by_day: vec![figure(2_450.0), figure(3_100.0), Figure::unknown(Message::new("not_stated"))],
                capacity: Some(Figure::never_reported()),
            },
        ],
        districts: vec![DistrictDemand {
            place: place("500103", "渝中", "Yuzhong"),
            transfers_7_days: figure(4_100.0),
            makeshift: figure(3_900.0),
            hospital: figure(320.0),
            rooms: Figure::unknown(Message::new("not_stated")),
        }],
        district_day: nov(25),
        notes: vec![Message::new("demand.present_from_counts").day("day", nov(1)), Message::new("demand.no_age")],
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
    facts.demand = Figure::unknown(none());
    facts.explanation = Figure::unknown(Message::new("no_earlier_forecast"));
    facts.plan = Figure::unknown(Message::new("no_plan"));
    facts.owed = Figure::unknown(none());
    facts.timetable = Figure::unknown(Message::new("not_computed"));
    facts.measures.audit = Figure::unknown(Message::new("audit.no_rulebook"));
    facts.measures.observed.clear();
    facts.sources.clear();
    facts.parameters.clear();
    facts.synthetic_note = None;
    facts
}
