//! The record: measures, all districts, facilities, the series behind the chart, sources and parameters.

use super::load::{binding, unit};
use super::{bullets, part, void};
use crate::facts::{CityDay, DistrictRow, FacilityRow, Figure, Level, Message, Origin};
use crate::html::View;
use crate::html::first::{audit_unknown, measure_text, period_words};
use crate::html::pager::{Part, Piece};
use crate::html::table::{Cell, Col, table, table_of_known};
use crate::lang::DateStyle;
use crate::rich::Rich;

pub(super) fn measures(view: &View<'_>) -> Part {
    let mut all =
        part(view, "measures", view.t("措施", "Measures"), view.t("按公开记录原文", "as the public record has them"));
    let observed = view.facts.measures.observed.iter().map(|one| {
        let mut said = measure_text(view, one);
        if !one.sources.is_empty() {
            said.push(Rich::text(format!(" [{}]", one.sources.join(", "))));
        }
        (said, one.origin == Origin::Synthetic)
    });
    all.pieces = bullets(view, observed.collect());
    let unknown = audit_unknown(view);
    if !unknown.is_empty() {
        all.pieces.push(Piece::Whole(format!("<ul class=\"bul\">{unknown}</ul>"), 26.0));
    }
    if let Some(audit) = view.facts.measures.audit.value().filter(|audit| !audit.lines.is_empty()) {
        all.pieces.push(Piece::Table(audited(view, audit)));
    }
    all
}

/// What others did that is stricter or laxer than the rules, or undetermined, and for how long.
fn audited(view: &View<'_>, audit: &crate::facts::Audit) -> crate::html::table::Table {
    let speaker = view.speaker;
    let cols = [
        Col(view.t("对照规则库", "Against the rulebook"), 96.0, false),
        Col(view.t("区县", "District"), 104.0, false),
        Col(view.t("做法（记录原文）", "What was done, as the record has it"), 268.0, false),
        Col(view.t("规则", "Rule"), 156.0, false),
        Col(view.t("天数", "Days"), 50.0, true),
    ];
    let rows = audit
        .lines
        .iter()
        .map(|line| {
            let verdict = match line.verdict.as_str() {
                "stricter" => view.t("◀ 偏严", "◀ stricter"),
                "laxer" => view.t("偏松 ▶", "laxer ▶"),
                _ => view.t("? 待裁定", "? undetermined"),
            };
            vec![
                Cell::text(verdict),
                Cell::text(speaker.lang.of(&line.place)),
                Cell::text(speaker.lang.of(&line.what)),
                Cell::text(&line.rules.join(view.t("、", ", "))),
                Cell::text(&speaker.count(line.days)),
            ]
        })
        .collect();
    table(view.t("对照规则库", "Against the rulebook"), &cols, rows, true)
}

pub(super) fn districts(view: &View<'_>) -> Part {
    let rows = &view.facts.districts.rows;
    let sub = view
        .speaker
        .lang
        .pick(format!("{}；未知以斜线标明", period_words(view)), format!("{}; unknown is hatched", period_words(view)));
    let mut all = part(view, "table", view.t("区县", "Districts"), sub);
    all.together = true;
    all.chapter = true;
    if rows.is_empty() {
        all.sub.clear();
        all.pieces.push(void(view, Some(&Message::new("no_list"))));
        return all;
    }
    let cols = [
        Col(view.t("区县", "District"), 104.0, false),
        Col(view.t("新增（人）", "New, people"), 88.0, true),
        Col(view.t("每10万人", "per 100,000"), 88.0, true),
        Col(view.t("社会面占比", "Community share"), 104.0, true),
        Col(view.t("7日发病率", "7 days per 100,000"), 116.0, true),
        Col(view.t("再生数", "Reproduction number"), 174.0, true),
    ];
    let cells = |row: &DistrictRow| {
        let speaker = view.speaker;
        vec![
            Cell::titled(speaker.lang.of(&row.place.name), speaker.lang.of(&row.place.full)),
            Cell::figure(view, &row.new, |n| speaker.count(*n)),
            Cell::figure(view, &row.per_100k, |n| speaker.number(*n, 1)),
            Cell::figure(view, &row.community_pct, |n| speaker.percent(*n)),
            Cell::figure(view, &row.incidence_7d, |n| speaker.number(*n, 1)),
            Cell::figure(view, &row.reproduction, |of| {
                let range = speaker.range(&speaker.number(of.low, 2), &speaker.number(of.high, 2));
                format!("{} ({range})", speaker.number(of.median, 2))
            }),
        ]
    };
    let count = rows.len();
    let all_rows = rows.iter().chain(view.facts.districts.city.as_ref()).map(cells).collect();
    let mut built = table_of_known(view, &view.title("table").0.plain(), cols.into(), all_rows, true);
    for row in built.rows.iter_mut().skip(count) {
        row.0 = row.0.replacen("<tr>", "<tr class=\"sum\">", 1);
    }
    all.pieces.push(Piece::Table(built));
    all
}

fn level(view: &View<'_>, level: Level) -> &'static str {
    match level {
        Level::Isolation => view.t("隔离", "isolation"),
        Level::Makeshift => view.t("方舱", "makeshift"),
        Level::General => view.t("普通", "ward"),
        Level::Severe => view.t("重型", "severe"),
        Level::Critical => view.t("危重型", "intensive"),
        Level::Laboratory => view.t("检测", "laboratory"),
    }
}

/// People in care by severity, and deaths.
pub(super) fn care(view: &View<'_>) -> Part {
    let speaker = view.speaker;
    let care = &view.facts.care;
    let mut all = part(view, "care", view.t("收治", "Care"), "");
    if !care.by_severity.is_empty() {
        let mut said = Rich::text(view.t("在院患者：", "People in care: "));
        let items = care.by_severity.iter().map(|row| {
            let mut item = Rich::text(speaker.lang.of(&row.name));
            item.push(Rich::text(view.t("", " ")));
            item.push(match row.people.value() {
                Some(people) => {
                    Rich::whole(speaker.lang.pick(format!("{}人", speaker.count(*people)), speaker.count(*people)))
                }
                None => Rich::unknown(speaker.unknown()),
            });
            item
        });
        said.push(speaker.list(items.collect()));
        let deaths = match care.deaths.value() {
            Some(deaths) => Rich::whole(speaker.count(*deaths)),
            None => Rich::unknown(speaker.unknown()),
        };
        said.push(Rich::text(view.t("；累计死亡", "; deaths so far ")));
        said.push(deaths);
        let synthetic = care.deaths.is_synthetic() || care.by_severity.iter().any(|row| row.people.is_synthetic());
        all.pieces.extend(bullets(view, vec![(said, synthetic)]));
    }
    all
}

pub(super) fn facilities(view: &View<'_>) -> Part {
    let care = &view.facts.care;
    let mut all = part(
        view,
        "facilities",
        view.t("收治", "Care"),
        view.t("可用＝物理、人员、设备三者最小", "usable = min(physical, staffed, equipped)"),
    );
    if care.facilities.is_empty() {
        all.pieces.push(void(view, Some(&Message::new("never_reported"))));
        return all;
    }
    let cols = [
        Col(view.t("设施", "Facility"), 160.0, false),
        Col(view.t("级别", "Level"), 78.0, false),
        Col(view.t("物理", "Physical"), 72.0, true),
        Col(view.t("人员到位", "Staffed"), 72.0, true),
        Col(view.t("设备到位", "Equipped"), 74.0, true),
        Col(view.t("占用", "In use"), 72.0, true),
        Col(view.t("瓶颈", "Binds"), 78.0, false),
        Col(view.t("时效", "Age"), 66.0, true),
    ];
    let rows = care.facilities.iter().map(|row| facility_cells(view, row)).collect();
    all.pieces.push(Piece::Table(table(&view.title("facilities").0.plain(), &cols, rows, true)));
    all
}

fn facility_cells(view: &View<'_>, row: &FacilityRow) -> Vec<Cell> {
    let speaker = view.speaker;
    let count = |figure: &Figure<u64>| Cell::figure(view, figure, |n| speaker.count(*n));
    let over = matches!((row.occupied.value(), row.physical.value()), (Some(used), Some(beds)) if used > beds);
    let used = if over {
        let n = row.occupied.value().copied().unwrap_or(0);
        Cell::html(format!("<b class=\"t-over\">▲ {}</b>", speaker.count(n)), 6.0)
    } else {
        count(&row.occupied)
    };
    let old = matches!((row.age_hours, row.age_limit_hours), (Some(age), Some(limit)) if age > limit);
    let age = match row.age_hours {
        None => Cell::unknown(view, Some(&Message::new("never_reported"))),
        Some(age) if old => Cell::html(format!("<span class=\"t-soon\">◔ {}</span>", speaker.hours(age)), 5.0),
        Some(age) => Cell::text(&speaker.hours(age)),
    };
    let binds = match &row.binding {
        Figure::Known(known) => Cell::text(binding(view, known.value)),
        Figure::Unknown(unknown) => Cell::unknown(view, Some(&unknown.reason)),
    };
    let of = format!(
        "{}{}",
        level(view, row.level),
        view.speaker.lang.pick(format!("（{}）", unit(view, row.unit)), String::new())
    );
    vec![
        Cell::text(speaker.lang.of(&row.name)),
        Cell::text(&of),
        count(&row.physical),
        count(&row.staffed),
        count(&row.equipped),
        used,
        binds,
        age,
    ]
}

pub(super) fn series(view: &View<'_>) -> Part {
    let speaker = view.speaker;
    let mut all = part(
        view,
        "series_table",
        view.t("数据", "Figures"),
        view.t("每日新增感染，人", "new infections per day, people"),
    );
    all.chapter = true;
    let city = &view.facts.city;
    if city.days.is_empty() {
        all.pieces.push(void(view, Some(&Message::new("never_reported"))));
        return all;
    }
    let cols = [
        Col(view.t("日期", "Day"), 84.0, false),
        Col(view.t("新增", "New"), 84.0, true),
        Col(view.t("确诊", "Confirmed"), 84.0, true),
        Col(view.t("无症状", "Asymptomatic"), 96.0, true),
        Col(view.t("社会面", "Community"), 90.0, true),
        Col(view.t("社会面占比", "Community share"), 108.0, true),
        Col(view.t("来源", "Sources"), 96.0, false),
    ];
    let from = city.days.len().saturating_sub(28);
    let mut bases: Vec<&Message> = Vec::new();
    for basis in city.days.iter().skip(from).filter_map(|day| day.new.as_known()?.basis.as_ref()) {
        if !bases.contains(&basis) {
            bases.push(basis);
        }
    }
    let rows = city
        .days
        .iter()
        .skip(from)
        .map(|day| {
            let share = city.community_share.iter().find(|point| point.day == day.day);
            let share = match share {
                Some(point) => Cell::figure(view, &point.percent, |pct| speaker.percent(*pct)),
                None => Cell::unknown(view, Some(&Message::new("not_stated"))),
            };
            let sources = day.new.as_known().map(|known| known.sources.join(", ")).unwrap_or_default();
            let count = |figure: &Figure<u64>| Cell::figure(view, figure, |n| speaker.count(*n));
            vec![
                Cell::text(&speaker.day(day.day, DateStyle::Short)),
                new_cell(view, day, &bases),
                count(&day.confirmed),
                count(&day.asymptomatic),
                count(&day.community),
                share,
                Cell::text(&sources),
            ]
        })
        .collect();
    all.pieces.push(Piece::Table(table_of_known(view, &view.title("series_table").0.plain(), cols.into(), rows, true)));
    let notes = bases.iter().zip(1..).map(|(basis, number)| {
        let mut note = Rich::whole(format!("[{number}] "));
        note.push(view.say(basis));
        (note, false)
    });
    all.pieces.extend(bullets(view, notes.collect()));
    all
}

/// The count of a day, with the number of the note that says how it came about.
fn new_cell(view: &View<'_>, day: &CityDay, bases: &[&Message]) -> Cell {
    let note = day
        .new
        .as_known()
        .and_then(|known| known.basis.as_ref())
        .and_then(|basis| bases.iter().position(|one| *one == basis));
    Cell::figure(view, &day.new, |n| match note {
        Some(at) => format!("{} [{}]", view.speaker.count(*n), at + 1),
        None => view.speaker.count(*n),
    })
}

pub(super) fn sources(view: &View<'_>) -> Vec<Part> {
    let speaker = view.speaker;
    let mut all = part(view, "sources", view.t("来源", "Sources"), "");
    all.chapter = true;
    if !view.facts.sources.is_empty() {
        let cols = [
            Col(view.t("编号", "Id"), 70.0, false),
            Col(view.t("标题", "Title"), 330.0, false),
            Col(view.t("发布者", "Publisher"), 180.0, false),
            Col(view.t("日期", "Date"), 94.0, false),
        ];
        let rows = view
            .facts
            .sources
            .iter()
            .map(|source| {
                let publisher = source.publisher.as_ref();
                let day = source.published;
                vec![
                    Cell::text(&source.id),
                    Cell::text(speaker.lang.of(&source.title)),
                    publisher.map_or_else(|| Cell::unknown(view, None), |words| Cell::text(speaker.lang.of(words))),
                    day.map_or_else(|| Cell::unknown(view, None), |day| Cell::text(&speaker.day(day, DateStyle::Full))),
                ]
            })
            .collect();
        all.pieces.push(Piece::Table(table(view.t("来源", "Sources"), &cols, rows, true)));
    }
    if !view.facts.parameters.is_empty() {
        let cols = [
            Col(view.t("参数", "Parameter"), 230.0, false),
            Col(view.t("取值", "Value"), 90.0, true),
            Col(view.t("范围", "Range"), 110.0, true),
            Col(view.t("单位", "Unit"), 100.0, false),
            Col(view.t("来源", "Source"), 144.0, false),
        ];
        let rows = view.facts.parameters.iter().map(|line| parameter_cells(view, line)).collect();
        all.pieces.push(Piece::Whole("<div style=\"height:14px\"></div>".into(), 14.0));
        all.pieces.push(Piece::Table(table(view.t("参数", "Parameters"), &cols, rows, true)));
    }
    let head = &view.facts.masthead;
    let made = speaker.lang.pick(
        format!("由Levee {}生成，随机种子{}，编码{}。", head.engine_version, head.seed, head.code),
        format!("Made by Levee {}, seed {}, code {}.", head.engine_version, head.seed, head.code),
    );
    let mut notes = vec![(Rich::text(made), false)];
    notes.extend(view.facts.licences.iter().map(|words| (Rich::text(speaker.lang.of(words)), false)));
    all.pieces.push(Piece::Whole("<div style=\"height:14px\"></div>".into(), 14.0));
    all.pieces.extend(bullets(view, notes));
    vec![all]
}

fn parameter_cells(view: &View<'_>, line: &crate::facts::ParameterLine) -> Vec<Cell> {
    let speaker = view.speaker;
    let plain = |value: f64| {
        let text = format!("{value}");
        if value.is_finite() && text.len() <= 12 { text.replace('-', "−") } else { speaker.number(value, 3) }
    };
    let range = match line.range {
        Some((low, high)) => Cell::text(&speaker.range(&plain(low), &plain(high))),
        None => Cell::unknown(view, None),
    };
    vec![
        Cell::text(&line.id),
        Cell::figure(view, &line.value, |value| plain(*value)).marked(view, line.value.is_synthetic()),
        range,
        Cell::text(&line.unit),
        Cell::text(&line.source),
    ]
}
