//! How earlier outlooks did: intervals that held, scores against the baseline, earlier fans with what came.

use super::{bullets, part};
use crate::chart::look_back::{Frame, look_back};
use crate::facts::{LookBack, Outlook, RecordOf, Relative, Scores, TrackRecord};
use crate::html::View;
use crate::html::markup::esc;
use crate::html::pager::{Part, Piece, WIDTH};
use crate::html::table::{Cell, Col, Table, table};
use crate::lang::DateStyle;
use crate::rich::Rich;

/// Small charts of districts shown.
const DISTRICTS: usize = 6;

/// The part, with the caveats and the reproduction number that the outlook's own part adds.
pub(super) fn calibration(view: &View<'_>, outlook: &Outlook, said: Vec<(Rich, bool)>) -> Part {
    let mut all = part(view, "coverage", view.t("检验", "Calibration"), "");
    if let Some(record) = &outlook.record {
        all.sub = basis(view, record);
        all.pieces.extend(bullets(view, record.verdicts.iter().map(|said| (view.say(said), false)).collect()));
        if !record.city.is_empty() {
            all.pieces.extend(city(view, &record.city));
        }
        all.pieces.push(Piece::Table(lines(view, record)));
        all.pieces.push(note(view, &scale(view, record)));
    }
    all.pieces.extend(bullets(view, said));
    all
}

/// District by district; nothing where no district's outcome is known.
pub(super) fn districts(view: &View<'_>, outlook: &Outlook) -> Option<Part> {
    let record = outlook.record.as_ref().filter(|record| !record.districts.is_empty())?;
    let sub = view.t(
        "提前1—7天的预测；命中为区间包含结果的份数；÷基线小于1为优于基线；各图纵轴不同",
        "1 to 7 days ahead; held = intervals that contain the outcome; ÷ baseline below 1 is better than it; axes differ",
    );
    let mut all = part(view, "record_districts", view.t("区县检验", "Districts: calibration"), sub);
    let looks: Vec<_> = record.district_looks.iter().take(DISTRICTS).collect();
    for row in looks.chunks(3) {
        let mut html = String::from("<div class=\"grid3\">");
        for one in row {
            let name = view.speaker.lang.of(&one.place.name);
            let words = caption(view, &one.look);
            let frame = Frame { width: 215.0, height: 84.0, words: false, speaker: view.speaker };
            let drawn = look_back(&one.look, frame, &format!("{name}{}{words}", view.t("：", ": ")));
            html.push_str(&format!(
                "<figure class=\"mini\"><h3>{}</h3><p>{}</p>{drawn}</figure>",
                esc(name),
                esc(&words)
            ));
        }
        html.push_str("</div>");
        all.pieces.push(Piece::Whole(html, 141.0));
    }
    let compared = record.districts.iter().any(|one| one.scores.relative.is_some());
    let mut cols = vec![
        Col(view.t("区县", "District"), 110.0, false),
        Col(view.t("依据", "Rests on"), 96.0, false),
        Col(view.t("份数", "Forecasts"), 64.0, true),
        Col(view.t("50%命中", "50% held"), 78.0, true),
        Col(view.t("80%命中", "80% held"), 78.0, true),
        Col(view.t("95%命中", "95% held"), 78.0, true),
    ];
    if compared {
        cols.push(Col(view.t("评分÷基线", "Score ÷ baseline"), 85.0, true));
        cols.push(Col(view.t("对数÷基线", "Log ÷ baseline"), 85.0, true));
    }
    let rows = record
        .districts
        .iter()
        .map(|one| {
            let rests = match one.of {
                RecordOf::Borrowed => view.t("全市占比", "share of city"),
                RecordOf::City | RecordOf::Districts => view.t("自身数据", "own data"),
            };
            let mut cells = vec![
                Cell::titled(view.speaker.lang.of(&one.place.name), view.speaker.lang.of(&one.place.full)),
                Cell::text(rests),
                Cell::text(&view.speaker.count(one.scores.forecasts)),
            ];
            cells.extend(held(view, &one.scores));
            if compared {
                cells.extend(ratios(view, one.scores.relative));
            }
            cells
        })
        .collect();
    all.pieces.push(Piece::Table(table(view.t("各区县往期预测", "Earlier forecasts by district"), &cols, rows, true)));
    Some(all)
}

fn basis(view: &View<'_>, record: &TrackRecord) -> String {
    let speaker = view.speaker;
    let (first, last) = (speaker.day(record.first, DateStyle::Short), speaker.day(record.last, DateStyle::Short));
    let n = record.outlooks;
    let span = if record.first == record.last { last } else { speaker.range(&first, &last) };
    speaker.lang.pick(
        format!("此前{n}份研判（{span}）对照已知结果；一份研判、一地、一日计一份预测"),
        format!(
            "{n} earlier outlook{} ({span}) against what has come; one forecast = one outlook, place and day",
            if n == 1 { "" } else { "s" }
        ),
    )
}

fn city(view: &View<'_>, looks: &[LookBack]) -> [Piece; 2] {
    let width = if looks.len() > 1 { (WIDTH - 28.0) / 2.0 } else { WIDTH };
    let mut html = String::from(if looks.len() > 1 {
        "<div class=\"two\" style=\"margin-top:7px\">"
    } else {
        "<div style=\"margin-top:7px\">"
    });
    for look in looks.iter().take(2) {
        let words = caption(view, look);
        let frame = Frame { width, height: 158.0, words: true, speaker: view.speaker };
        html.push_str(&format!(
            "<figure class=\"mini\"><h3>{}</h3><p>{}</p>{}</figure>",
            esc(&issued(view, look)),
            esc(&words),
            look_back(look, frame, &format!("{}{}{words}", issued(view, look), view.t("：", ": ")))
        ));
    }
    html.push_str("</div>");
    let key = view.t(
        "全市每日新增感染，人；柱：发布时已知；色带：当时的50%与95%区间；点：后来的结果，圆环：落在95%区间外；各图纵轴不同。",
        "New infections per day in the city, people. Bars: known then; bands: its 50% and 95% intervals; dots: what came; a ring: outside the 95% interval. Axes differ.",
    );
    [Piece::Whole(html, 223.0), note(view, key)]
}

/// "Issued 11 Nov, 7 days ago".
fn issued(view: &View<'_>, look: &LookBack) -> String {
    let (day, ago) = (view.speaker.day(look.issued, DateStyle::Short), look.days_ago);
    view.speaker.lang.pick(
        format!("{day}发布（{ago}天前）"),
        format!("Issued {day}, {ago} day{} ago", if ago == 1 { "" } else { "s" }),
    )
}

/// What became of it, in words; for those who do not see the chart, too.
fn caption(view: &View<'_>, look: &LookBack) -> String {
    let (held, of) = look.held();
    let said = match of {
        0 => view.t("结果尚未知", "nothing has come yet").to_owned(),
        _ => view
            .speaker
            .lang
            .pick(format!("95%区间命中{of}天中的{held}天"), format!("95% interval held on {held} of {of} days")),
    };
    let newest = look.came.iter().rev().find_map(|(day, came)| Some((*day, *came.value()?)));
    let newest =
        newest.and_then(|(day, came)| Some((look.fan.days.iter().find(|one| one.day == day)?.at(0.5)?, day, came)));
    let Some((median, day, came)) = newest else { return said };
    let speaker = view.speaker;
    let (median, came, day) =
        (speaker.number(median.round(), 0), speaker.count(came), speaker.day(day, DateStyle::Short));
    speaker.lang.pick(
        format!("{said}；{day}预测中位数{median}，实际{came}"),
        format!("{said}; {day}: median {median}, came {came}"),
    )
}

fn whose(view: &View<'_>, of: RecordOf) -> &'static str {
    match of {
        RecordOf::City => view.t("全市", "City"),
        RecordOf::Districts => view.t("区县，自身数据", "Districts, own data"),
        RecordOf::Borrowed => view.t("区县，全市占比", "Districts, share of city"),
    }
}

fn lines(view: &View<'_>, record: &TrackRecord) -> Table {
    let cols = [
        Col(view.t("预测", "Forecasts of"), 130.0, false),
        Col(view.t("提前", "Days ahead"), 54.0, false),
        Col(view.t("份数", "Number"), 50.0, true),
        Col(view.t("50%命中", "50% held"), 82.0, true),
        Col(view.t("80%命中", "80% held"), 82.0, true),
        Col(view.t("95%命中", "95% held"), 82.0, true),
        Col(view.t("平均评分", "Mean score"), 62.0, true),
        Col(view.t("÷基线", "÷ baseline"), 64.0, true),
        Col(view.t("对数÷基线", "Log ÷ baseline"), 64.0, true),
    ];
    let rows = record
        .lines
        .iter()
        .map(|line| {
            let (from, to) = (line.ahead_from, line.ahead_to);
            let mut cells = vec![
                Cell::text(whose(view, line.of)),
                Cell::text(&view.speaker.lang.pick(format!("{from}—{to}天"), format!("{from}–{to}"))),
                Cell::text(&view.speaker.count(line.scores.forecasts)),
            ];
            cells.extend(held(view, &line.scores));
            cells.push(Cell::text(&view.speaker.number(line.scores.wis, u8::from(line.scores.wis < 100.0))));
            cells.extend(ratios(view, line.scores.relative));
            cells
        })
        .collect();
    table(view.t("往期预测的命中与评分", "How earlier forecasts held and scored"), &cols, rows, true)
}

/// "12 (86%)": intervals that held, and the share that should equal the head of the column; of few, "2/3", because a share of
/// three says nothing.
#[expect(clippy::cast_precision_loss, reason = "counts of forecasts stay far below 2^52")]
fn held(view: &View<'_>, scores: &Scores) -> [Cell; 3] {
    [scores.held50, scores.held80, scores.held95].map(|held| {
        let n = view.speaker.count(held);
        let share = 100.0 * held as f64 / scores.forecasts.max(1) as f64;
        let text = match scores.forecasts {
            0..10 => format!("{n}/{}", scores.forecasts),
            _ => view.speaker.lang.pick(format!("{n}（{share:.0}%）"), format!("{n} ({share:.0}%)")),
        };
        Cell::html(format!("<span class=\"nw\">{}</span>", esc(&text)), crate::rich::ems(&text))
    })
}

fn ratios(view: &View<'_>, relative: Option<Relative>) -> [Cell; 2] {
    match relative {
        Some(known) => [known.natural, known.log].map(|ratio| Cell::text(&view.speaker.number(ratio, 2))),
        None => [Cell::text("–"), Cell::text("–")],
    }
}

/// What the figures of the table are.
fn scale(view: &View<'_>, record: &TrackRecord) -> String {
    let baseline = record.baseline.as_ref().map(|words| view.speaker.lang.of(words));
    let mut text = match baseline {
        Some(name) => view.speaker.lang.pick(
            format!("评分：加权区间评分，人/日，越小越好。基线：{name}；比值小于1为优于基线；对数口径下大小区县同等计。"),
            format!(
                "Score: weighted interval score, persons a day, lower is better. Baseline: {name}; below 1 is better than it; on \
                 the log scale small places count as much as large ones."
            ),
        ),
        None => view
            .t(
                "评分：加权区间评分，人/日，越小越好；未存基线。",
                "Score: weighted interval score, persons a day, lower is better. No baseline was kept.",
            )
            .to_owned(),
    };
    text.push_str(view.t(
        "同一研判各日的误差相互关联，研判份数少时命中率仅供参考。",
        " Errors of one outlook go together over its days: of few outlooks, a share says little.",
    ));
    text
}

fn note(view: &View<'_>, text: &str) -> Piece {
    let margin = view.t("4px 0 6px", "3px 0 6px");
    let high = crate::html::table::lines(crate::rich::ems(text), 11.5, WIDTH) * 16.7 + 10.0;
    Piece::Whole(format!("<p class=\"note\" style=\"margin:{margin}\">{}</p>", esc(text)), high)
}
