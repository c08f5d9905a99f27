//! The scores as a table for people, with a histogram of where outcomes fell.

use super::super::day::lang_pick;
use crate::cli::Lang;
use crate::say;
use levee_app::day::BASELINE;
use levee_app::outlooks::{Line, ScoreReport, Whose};

pub(super) fn of(report: &ScoreReport, lang: Lang) -> String {
    let mut text = head(report, lang);
    for whole in &report.whole {
        text.push_str("\n\n");
        text.push_str(&block(report, whole, lang));
    }
    text.push_str("\n\n");
    text.push_str(lang_pick(lang, LEGEND_ZH, LEGEND_EN));
    text
}

const LEGEND_ZH: &str = "\
WIS：加权区间评分，人/日，越小越好；宽度、偏高、偏低是它的三部分，占百分比；对数：对ln(1+人数)计算\n\
÷基线：与基线平均评分之比，小于1为优于基线；50%、80%、95%：区间命中率；偏差：-1（偏低）至1（偏高）\n\
PIT：结果落在预测分布的哪一十分之一；各行相当为校准良好，两端多为区间过窄，偏向一端为系统性偏低或偏高\n\
待定：该日尚未到或尚无数据；未报：之后的日期已有数据而该日无人报告；二者均不计分";

const LEGEND_EN: &str = "\
WIS: weighted interval score, persons a day, lower is better; width, too high, too low are its parts, in percent; log: of ln(1+count)\n\
/base: mean score over that of the baseline, below 1 is better; 50% 80% 95%: intervals that held; bias: -1 (too low) to 1 (too high)\n\
PIT: in which tenth of its forecast an outcome fell; even rows are calibrated, full ends are intervals too narrow, one full end a bias\n\
to come: days after the newest known; no report: nobody reported that day although later ones are known; neither is scored";

fn head(report: &ScoreReport, lang: Lang) -> String {
    let join = |names: &std::collections::BTreeMap<String, u32>, none: &str| {
        let one = |(name, n): (&String, &u32)| format!("{} ({n})", called(name, none, lang));
        names.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let (n, first, last) = (report.issued.len(), report.issued.first(), report.issued.last());
    let span = first.zip(last).map(|(first, last)| format!("{first} - {last}")).unwrap_or_default();
    let newest = report.newest_outcome.map_or_else(|| lang_pick(lang, "无", "none").to_owned(), |day| day.to_string());
    let moment = report.as_of_local.strftime("%Y-%m-%d %H:%M");
    let again = match (report.again, lang) {
        (0, _) => String::new(),
        (n, Lang::Zh) => format!("；另有{n}份为同日再次发布，不计分"),
        (n, Lang::En) => format!("; {n} issued again for the same day, not scored"),
    };
    match lang {
        Lang::Zh => format!(
            "已发布研判{n}份（{span}）{again}\n结果按{moment}所知，最新为{newest}\n方法：{}\n基线：{}",
            join(&report.engines, "未记录"),
            join(&report.baselines, "无"),
        ),
        Lang::En => format!(
            "{n} outlook(s) issued ({span}){again}\noutcomes as known at {moment}, the newest of {newest}\nmethod: {}\nbaseline: {}",
            join(&report.engines, "not recorded"),
            join(&report.baselines, "none"),
        ),
    }
}

/// Names are kept in English; the baseline's has a Chinese one.
fn called<'a>(name: &'a str, none: &'a str, lang: Lang) -> &'a str {
    match name {
        "" => none,
        BASELINE => lang_pick(lang, "同星期持续，各地共用变化并去中位数", BASELINE),
        other => other,
    }
}

fn whose(whose: Whose, lang: Lang) -> &'static str {
    match whose {
        Whose::City => lang_pick(lang, "全市", "City"),
        Whose::District => lang_pick(lang, "区县，依据自身数据", "Districts, from their own days"),
        Whose::Borrowed => lang_pick(lang, "区县，按占全市比例推算", "Districts, as shares of the city"),
    }
}

fn block(report: &ScoreReport, whole: &Line, lang: Lang) -> String {
    let lines: Vec<&Line> = report.lines.iter().filter(|line| line.whose == whole.whose).collect();
    let columns = match lang {
        Lang::Zh => [
            "份数",
            "WIS",
            "宽度",
            "偏高",
            "偏低",
            "÷基线",
            "对数WIS",
            "÷基线",
            "50%",
            "80%",
            "95%",
            "偏差",
            "待定",
            "未报",
        ],
        Lang::En => [
            "n",
            "WIS",
            "width",
            "high",
            "low",
            "/base",
            "log WIS",
            "/base",
            "50%",
            "80%",
            "95%",
            "bias",
            "to come",
            "no report",
        ],
    };
    let mut rows = vec![std::iter::once(String::new()).chain(columns.map(str::to_owned)).collect::<Vec<_>>()];
    for line in &lines {
        rows.push(std::iter::once(group(report, line, lang)).chain(cells(line)).collect());
    }
    if lines.len() > 1 {
        rows.push(std::iter::once(lang_pick(lang, "合计", "all").to_owned()).chain(cells(whole)).collect());
    }
    let right: Vec<usize> = (1..=columns.len()).collect();
    let table = say::table(&rows, &right);
    let mut text = format!("{}\n{table}", whose(whole.whose, lang));
    if whole.scores.forecasts > 0 {
        text.push_str(&format!("\n{}", histogram(whole)));
    }
    text
}

/// "days 1-7, Yuzhong, week of 2022-11-21".
fn group(report: &ScoreReport, line: &Line, lang: Lang) -> String {
    let ahead = line.ahead.map(|(from, to)| match lang {
        Lang::Zh => format!("第{from}-{to}天"),
        Lang::En => format!("days {from}-{to}"),
    });
    let place = line.place.as_ref().map(|code| {
        report.places.get(code).map_or_else(|| code.to_string(), |(zh, en)| lang_pick(lang, zh, en).to_owned())
    });
    let week = line.week.map(|monday| match lang {
        Lang::Zh => format!("{monday}起一周"),
        Lang::En => format!("week of {monday}"),
    });
    let said: Vec<String> = [ahead, place, week].into_iter().flatten().collect();
    if said.is_empty() { lang_pick(lang, "合计", "all").to_owned() } else { said.join(lang_pick(lang, "，", ", ")) }
}

/// What cannot be said of nothing is a dash.
fn cells(line: &Line) -> [String; 14] {
    let s = &line.scores;
    let dash = || "-".to_owned();
    let any = |text: String| if s.forecasts > 0 { text } else { dash() };
    let part = |part: f64| {
        if s.wis > 0.0 { format!("{:.0}%", 100.0 * part / s.wis) } else { dash() }
    };
    let percent = |share: f64| any(format!("{:.0}%", 100.0 * share));
    let relative = s.relative();
    [
        s.forecasts.to_string(),
        any(format!("{:.1}", s.wis)),
        part(s.parts.dispersion),
        part(s.parts.overprediction),
        part(s.parts.underprediction),
        relative.map_or_else(dash, |(natural, _)| format!("{natural:.2}")),
        any(format!("{:.3}", s.wis_log1p)),
        relative.map_or_else(dash, |(_, log)| format!("{log:.2}")),
        percent(s.coverage50),
        percent(s.coverage80),
        percent(s.coverage95),
        any(format!("{:+.2}", s.bias)),
        line.pending.to_string(),
        line.not_reported.to_string(),
    ]
}

/// A row for each tenth: how many outcomes fell there.
fn histogram(whole: &Line) -> String {
    const WIDE: u32 = 30;
    let bins = &whole.scores.pit;
    let most = bins.iter().copied().max().unwrap_or(0).max(1);
    let row = |(nth, n): (usize, &u32)| {
        // A bin with something in it is never drawn as empty.
        let long = (n * WIDE).div_ceil(most) as usize;
        format!("PIT {:.1}-{:.1} {:<30} {n}", nth as f64 / 10.0, (nth + 1) as f64 / 10.0, "#".repeat(long))
    };
    bins.iter().enumerate().map(row).collect::<Vec<_>>().join("\n")
}
