//! Proposed areas for people.

use super::super::rulebook::words::pick;
use crate::cli::Lang;
use crate::say;
use levee_app::zones::ProposedZones;
use levee_measures::zones::{Clock, FreeState, Zone, ZoneState};
use levee_model::area::{Level, PlaceCode};
use levee_rulebook::Rulebook;

/// Terminal cells of a line.
const WIDE: usize = 100;
/// Rows of a list that are printed; the JSON has all.
const ROWS: usize = 40;

pub(super) fn of(proposed: &ProposedZones, book: &Rulebook, lang: Lang) -> String {
    let mut lines = Vec::new();
    head(proposed, book, lang, &mut lines);
    coarse(proposed, lang, &mut lines);
    closed(proposed, lang, &mut lines);
    released(proposed, lang, &mut lines);
    assess(proposed, lang, &mut lines);
    rest(proposed, lang, &mut lines);
    lines.join("\n")
}

fn head(proposed: &ProposedZones, book: &Rulebook, lang: Lang, lines: &mut Vec<String>) {
    let (on, closed) = (proposed.on, proposed.zones.closed().count());
    let releases = today(proposed).count();
    lines.push(match lang {
        Lang::Zh => format!("{on}：建议高风险区{closed}处，建议解除{releases}处（仅为建议，由人决定）"),
        Lang::En => format!("{on}: {closed} areas of high risk proposed, {releases} to be released; people decide"),
    });
    let named =
        |levels: &[Level]| levels.iter().map(|one| level(lang, *one)).collect::<Vec<_>>().join(pick(lang, "、", ", "));
    let (yes, ask) = (named(&proposed.levels.0), named(&proposed.levels.1));
    let none = pick(lang, "无", "none").to_owned();
    let or_none = |said: String| if said.is_empty() { none.clone() } else { said };
    let days = proposed.clear_days.map_or_else(|| pick(lang, "未规定", "not said").to_owned(), |days| days.to_string());
    let round = match (proposed.round_needed, lang) {
        (true, Lang::Zh) => "并须末轮检测全阴",
        (true, Lang::En) => " and an all-negative closing round",
        (false, _) => "",
    };
    let rules: Vec<&str> = proposed.grounds.iter().map(|rule| rule.as_str()).collect();
    push(
        lines,
        0,
        &match lang {
            Lang::Zh => format!(
                "`{}`当日规定：可划定 {}；须由人判断 {}；连续无新增天数 {days}{round}（{}）",
                book.id(),
                or_none(yes),
                or_none(ask),
                rules.join("、")
            ),
            Lang::En => format!(
                "`{}` on that day: may be drawn {}; left to a human {}; clear days {days}{round} ({})",
                book.id(),
                or_none(yes),
                or_none(ask),
                rules.join(", ")
            ),
        },
    );
}

fn coarse(proposed: &ProposedZones, lang: Lang, lines: &mut Vec<String>) {
    let coarse = &proposed.zones.too_coarse;
    if coarse.is_empty() {
        return;
    }
    let persons: u64 = coarse.iter().map(|one| one.persons).sum();
    let mut levels: Vec<&str> = coarse
        .iter()
        .map(|one| one.level.map_or(pick(lang, "上报单位", "reporting unit"), |one| level(lang, one)))
        .collect();
    levels.sort_unstable();
    levels.dedup();
    let levels = levels.join(pick(lang, "、", ", "));
    lines.push(String::new());
    push(
        lines,
        0,
        &match lang {
            Lang::Zh => format!(
                "{}例感染者只知所在{levels}，共{}处：规定不许按此级别划定，故不建议任何区域。不知道楼栋不等于没有风险。",
                say::count(persons),
                coarse.len()
            ),
            Lang::En => format!(
                "{} infections are known only by {levels} ({} places): no area of that level may be drawn, so none is proposed. \
                 Not knowing the building is not knowing that there is no risk.",
                say::count(persons),
                coarse.len()
            ),
        },
    );
    let mut first: Vec<_> = coarse.iter().collect();
    first.sort_by(|a, b| b.persons.cmp(&a.persons).then_with(|| a.place.cmp(&b.place)));
    let named: Vec<String> = first
        .iter()
        .take(8)
        .map(|one| format!("{} {}", name(proposed, &one.place, lang), say::count(one.persons)))
        .collect();
    push(lines, 4, &format!("{}{}", named.join(", "), if first.len() > 8 { " ..." } else { "" }));
}

fn closed(proposed: &ProposedZones, lang: Lang, lines: &mut Vec<String>) {
    let mut rows = vec![
        match lang {
            Lang::Zh => ["区域", "级别", "自", "最近感染", "已无新增", "还需"],
            Lang::En => ["area", "level", "since", "last infection", "clear", "needs"],
        }
        .map(str::to_owned)
        .to_vec(),
    ];
    let all: Vec<(&Zone, Clock)> = proposed.zones.closed().collect();
    if all.is_empty() {
        return;
    }
    for (zone, clock) in all.iter().take(ROWS) {
        rows.push(vec![
            full_name(proposed, &zone.place, lang),
            level(lang, zone.level).to_owned(),
            zone.since.to_string(),
            clock.last_infection.to_string(),
            days(lang, clock.days_clear),
            needs(*clock, lang),
        ]);
    }
    lines.push(String::new());
    lines.push(pick(lang, "建议划定或保持：", "To be closed or kept closed:").to_owned());
    lines.push(say::table(&rows, &[4]));
    more(all.len(), lang, lines);
}

fn needs(clock: Clock, lang: Lang) -> String {
    if clock.waits_for_round() {
        return pick(lang, "天数已满，须立即末轮检测", "days complete: make the closing round now").to_owned();
    }
    if clock.round == Some(false) {
        return pick(lang, "末轮检测未全阴", "the closing round was not all negative").to_owned();
    }
    let round = match (clock.round_needed, lang) {
        (true, Lang::Zh) => "，末轮检测全阴",
        (true, Lang::En) => ", closing round all negative",
        (false, _) => "",
    };
    match (clock.complete_on(), lang) {
        (None, _) => pick(lang, "规定未说明天数", "no number of days is given").to_owned(),
        (Some(day), Lang::Zh) => format!("至{day}无新增{round}"),
        (Some(day), Lang::En) => format!("none found until {day}{round}"),
    }
}

fn today(proposed: &ProposedZones) -> impl Iterator<Item = &Zone> {
    let on = proposed.on;
    proposed
        .zones
        .zones
        .iter()
        .filter(move |zone| matches!(zone.state, ZoneState::Released { on: day, .. } if day == on))
}

fn released(proposed: &ProposedZones, lang: Lang, lines: &mut Vec<String>) {
    let names: Vec<String> = today(proposed).map(|zone| full_name(proposed, &zone.place, lang)).collect();
    if !names.is_empty() {
        lines.push(String::new());
        let listed = names.iter().take(ROWS).cloned().collect::<Vec<_>>().join("; ");
        push(
            lines,
            0,
            &format!("{}{listed}", pick(lang, "条件已满足，当日解除：", "Condition holds, release today: ")),
        );
        more(names.len(), lang, lines);
    }
    let earlier = proposed.zones.zones.iter().filter(|zone| matches!(zone.state, ZoneState::Released { .. })).count();
    if earlier > names.len() {
        let count = earlier - names.len();
        lines.push(match lang {
            Lang::Zh => format!("此前已满足解除条件：{count}处"),
            Lang::En => format!("Condition held on an earlier day: {count} areas"),
        });
    }
}

fn assess(proposed: &ProposedZones, lang: Lang, lines: &mut Vec<String>) {
    let persons: u64 = proposed.zones.to_assess.iter().map(|case| case.persons).sum();
    if persons == 0 {
        return;
    }
    lines.push(String::new());
    push(
        lines,
        0,
        &match lang {
            Lang::Zh => format!("{}例在管控人员中发现：先评估有无外溢风险，未评估前不建议划区", say::count(persons)),
            Lang::En => format!(
                "{} infections were found among people under control: whether they bring a risk has to be assessed before any area \
                 is drawn",
                say::count(persons)
            ),
        },
    );
}

fn rest(proposed: &ProposedZones, lang: Lang, lines: &mut Vec<String>) {
    let back: Vec<String> = proposed
        .zones
        .routine
        .iter()
        .filter_map(|(code, day)| day.map(|day| format!("{} ({day})", name(proposed, code, lang))))
        .collect();
    if !back.is_empty() {
        lines.push(String::new());
        push(
            lines,
            0,
            &format!("{}{}", pick(lang, "可转入常态化的区县：", "May go back to routine: "), back.join(", ")),
        );
    }
    lines.push(String::new());
    let Some((days, rule)) = &proposed.free_days else {
        lines.push(
            pick(
                lang,
                "无疫社区：当日没有规定说明须多少天",
                "Communities without infections: no rule in force says for how many days",
            )
            .to_owned(),
        );
        return;
    };
    let of = |wanted: FreeState| proposed.communities.values().filter(|state| **state == wanted).count();
    let (free, not, unknown) = (of(FreeState::Free), of(FreeState::NotFree), of(FreeState::Unknown));
    push(
        lines,
        0,
        &match lang {
            Lang::Zh => format!("{days}天内无感染者的社区（{rule}）：{free}个；有感染者{not}个；无法判断{unknown}个"),
            Lang::En => {
                format!(
                    "Communities without infections for {days} days ({rule}): {free}; with some: {not}; not known: {unknown}"
                )
            }
        },
    );
}

fn more(all: usize, lang: Lang, lines: &mut Vec<String>) {
    if all > ROWS {
        lines.push(match lang {
            Lang::Zh => format!("……另有{}处，见 --json", all - ROWS),
            Lang::En => format!("... and {} more, see --json", all - ROWS),
        });
    }
}

fn days(lang: Lang, days: i64) -> String {
    match lang {
        Lang::Zh => format!("{days}天"),
        Lang::En => format!("{days} d"),
    }
}

fn level(lang: Lang, level: Level) -> &'static str {
    match (level, lang) {
        (Level::City, Lang::Zh) => "全市",
        (Level::City, Lang::En) => "city",
        (Level::District, Lang::Zh) => "区县",
        (Level::District, Lang::En) => "district",
        (Level::Subdistrict, Lang::Zh) => "街镇",
        (Level::Subdistrict, Lang::En) => "subdistrict",
        (Level::Community, Lang::Zh) => "社区",
        (Level::Community, Lang::En) => "community",
        (Level::Compound, Lang::Zh) => "小区",
        (Level::Compound, Lang::En) => "compound",
        (Level::Building, Lang::Zh) => "楼栋",
        (Level::Building, Lang::En) => "building",
        (Level::Unit, Lang::Zh) => "单元",
        (Level::Unit, Lang::En) => "unit",
        (Level::Household, Lang::Zh) => "户",
        (Level::Household, Lang::En) => "household",
    }
}

fn name<'p>(proposed: &'p ProposedZones, place: &'p PlaceCode, lang: Lang) -> &'p str {
    proposed.places.name(place).map_or(place.as_str(), |name| pick(lang, &name.short_zh, &name.short_en))
}

fn full_name(proposed: &ProposedZones, place: &PlaceCode, lang: Lang) -> String {
    format!("{} ({place})", name(proposed, place, lang))
}

fn push(lines: &mut Vec<String>, indent: usize, text: &str) {
    let margin = " ".repeat(indent);
    lines.extend(say::wrap(text, WIDE.saturating_sub(indent)).into_iter().map(|line| format!("{margin}{line}")));
}
