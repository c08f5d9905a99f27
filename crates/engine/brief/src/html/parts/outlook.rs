//! The outlook in detail: 28 days, how good earlier forecasts were, district by district.

use super::{part, record_of, void};
use crate::chart::epi::EpiCurve;
use crate::chart::multiples::{Shape, district, district_max};
use crate::facts::{DistrictOutlook, Estimate, Fan, Figure, Outlook, Standing};
use crate::html::View;
use crate::html::markup::{esc, rich};
use crate::html::pager::{Part, Piece, WIDTH};
use crate::html::table::{Cell, Col, table};
use crate::lang::DateStyle;
use crate::rich::Rich;

/// Small charts shown; the table holds every district. Nine: the districts of a central area and a page's worth.
const MULTIPLES: usize = 9;

pub(super) fn parts(view: &View<'_>) -> Vec<Part> {
    let mut fan = part(view, "fan", view.t("研判", "Outlook"), "");
    fan.chapter = true;
    let outlook = match &view.facts.outlook {
        Figure::Known(outlook) => &outlook.value,
        Figure::Unknown(unknown) => {
            fan.pieces.push(void(view, Some(&unknown.reason)));
            return vec![fan];
        }
    };
    let speaker = view.speaker;
    let until = speaker.day(outlook.data_until, DateStyle::Short);
    let issued = speaker.moment(outlook.issued);
    let model = speaker.lang.of(&outlook.model);
    fan.sub = speaker.lang.pick(
        format!("每日新增感染，人；色带为50%与95%区间；数据至{until}，{issued}发布；{model}"),
        format!("new infections per day, people; bands 50% and 95%; data until {until}, issued {issued}; {model}"),
    );
    fan.pieces = city(view, outlook);
    let mut said: Vec<(Rich, bool)> = outlook.caveats.iter().map(|caveat| (view.say(caveat), false)).collect();
    said.push(reproduction(view, outlook));
    let mut all = vec![fan, record_of::calibration(view, outlook, said)];
    if !outlook.districts.is_empty() {
        all.push(growth(view, outlook));
        all.push(multiples(view, outlook));
    }
    all.extend(record_of::districts(view, outlook));
    all
}

fn city(view: &View<'_>, outlook: &Outlook) -> Vec<Piece> {
    let fan = match &outlook.city {
        Figure::Known(fan) => &fan.value,
        Figure::Unknown(unknown) => return vec![void(view, Some(&unknown.reason))],
    };
    let city = &view.facts.city;
    let from = city.days.len().saturating_sub(21);
    let drawn = EpiCurve {
        days: city.days.get(from..).unwrap_or_default(),
        part_day: city.part_day.as_ref(),
        forecast: &fan.days,
        earlier: &outlook.last_week,
        shares: &city.community_share,
        synthetic: view.facts.outlook.is_synthetic() || outlook.city.is_synthetic(),
        width: WIDTH,
        height: 236.0,
        speaker: view.speaker,
    }
    .draw(&view.title("fan").0.plain());
    vec![Piece::Whole(format!("<figure>{drawn}</figure>"), 240.0), Piece::Table(quantiles(view, fan))]
}

/// The figures of the fan, every seventh day: the table twin of the chart's right half.
fn quantiles(view: &View<'_>, fan: &Fan) -> crate::html::table::Table {
    let cols = [
        Col(view.t("日期", "Day"), 110.0, false),
        Col("2.5%", 90.0, true),
        Col("25%", 90.0, true),
        Col(view.t("中位数", "Median"), 90.0, true),
        Col("75%", 90.0, true),
        Col("97.5%", 90.0, true),
    ];
    let rows = fan
        .days
        .iter()
        .enumerate()
        .filter(|(at, _)| at % 7 == 6 || *at == 0)
        .map(|(_, day)| {
            let value = |level| match day.at(level) {
                Some(value) => Cell::text(&view.speaker.number(value.round(), 0)),
                None => Cell::unknown(view, None),
            };
            let date = Cell::text(&view.speaker.day(day.day, DateStyle::Short));
            vec![date, value(0.025), value(0.25), value(0.5), value(0.75), value(0.975)]
        })
        .collect();
    table(view.t("预测分位数", "Quantiles of the forecast"), &cols, rows, true)
}

fn reproduction(view: &View<'_>, outlook: &Outlook) -> (Rich, bool) {
    let label = view.t("全市再生数：", "Reproduction number of the city: ");
    let mut said = Rich::text(label);
    match &outlook.reproduction {
        Figure::Known(known) => said.push(Rich::text(estimate(view, &known.value, 2))),
        Figure::Unknown(unknown) => {
            said.push(Rich::unknown(view.speaker.unknown()));
            said.push(Rich::text(view.t("，", ", ")));
            said.push(view.say(&unknown.reason));
        }
    }
    (said, outlook.reproduction.is_synthetic())
}

/// "1.24 (95% 1.08 to 1.41)".
fn estimate(view: &View<'_>, of: &Estimate, decimals: u8) -> String {
    let speaker = view.speaker;
    let low = speaker.number(of.low, decimals);
    let high = speaker.number(of.high, decimals);
    let range = speaker.range(&low, &high);
    let median = speaker.number(of.median, decimals);
    let pct = of.interval_pct;
    speaker.lang.pick(format!("{median}（{pct}%区间{range}）"), format!("{median} ({pct}% {range})"))
}

/// The median and under it, if the column is narrow, its interval.
pub(super) fn interval_cell(view: &View<'_>, of: &Estimate, decimals: u8) -> Cell {
    let range = view.speaker.range(&view.speaker.number(of.low, decimals), &view.speaker.number(of.high, decimals));
    let median = view.speaker.number(of.median, decimals);
    let text = match (of.interval_pct, view.speaker.lang) {
        (95, crate::lang::Lang::Zh) => format!("{median}（{range}）"),
        (95, crate::lang::Lang::En) => format!("{median} ({range})"),
        _ => estimate(view, of, decimals),
    };
    let at = text.find(['（', '(']).unwrap_or(text.len());
    let (median, range) = text.split_at(at);
    let html = format!(
        "<span class=\"wr\"><span class=\"nw\">{}</span> <span class=\"nw\">{}</span></span>",
        esc(median.trim_end()),
        esc(range)
    );
    Cell::html(html, crate::rich::ems(&text))
}

fn standing(view: &View<'_>, standing: &Standing) -> String {
    match standing {
        Standing::Own => view.t("自身数据", "own data").to_owned(),
        Standing::Borrowed { from } => {
            let from = view.speaker.lang.of(from);
            view.speaker.lang.pick(format!("借用{from}"), format!("borrowed from {from}"))
        }
        Standing::Unknown { .. } => view.speaker.unknown().to_owned(),
    }
}

fn multiples(view: &View<'_>, outlook: &Outlook) -> Part {
    let sub = view.t(
        "每日新增感染，人；同一纵轴；色带为50%与95%区间",
        "new infections per day, people; one axis for all; bands 50% and 95%",
    );
    let mut all = part(view, "multiples", view.t("区县", "Districts"), sub);
    let shown: Vec<&DistrictOutlook> = outlook.districts.iter().take(MULTIPLES).collect();
    let shape = Shape { width: 215.0, height: 86.0, max: district_max(shown.iter().copied()), speaker: view.speaker };
    for row in shown.chunks(3) {
        let mut html = String::from("<div class=\"grid3\">");
        for one in row {
            html.push_str(&panel(view, one, shape));
        }
        html.push_str("</div>");
        all.pieces.push(Piece::Whole(html, 143.0));
    }
    all
}

fn panel(view: &View<'_>, one: &DistrictOutlook, shape: Shape) -> String {
    let name = view.speaker.lang.of(&one.place.name);
    let (words, reason) = match (&one.next_7_days, &one.standing) {
        (_, Standing::Unknown { reason }) => (view.speaker.unknown().to_owned(), Some(view.say(reason).plain())),
        (Figure::Known(next), standing_of) => {
            let next = estimate(view, &next.value, 0);
            let week = view.speaker.lang.pick(format!("未来7天{next}"), format!("next 7 days {next}"));
            (format!("{}{}{week}", standing(view, standing_of), view.t("；", "; ")), None)
        }
        (Figure::Unknown(unknown), standing_of) => {
            (standing(view, standing_of), Some(view.say(&unknown.reason).plain()))
        }
    };
    let words = match reason {
        Some(reason) => format!("{words}{}{reason}", view.t("：", ": ")),
        None => words,
    };
    let drawn = district(one, shape, &format!("{name}{}{words}", view.t("：", ": ")));
    format!("<figure class=\"mini\"><h3>{}</h3><p>{}</p>{drawn}</figure>", esc(name), esc(&words))
}

fn growth(view: &View<'_>, outlook: &Outlook) -> Part {
    let sub = view.t(
        "每日增长与再生数，括号内为95%区间；“确定”指区间全在零的一侧",
        "growth a day and reproduction number, 95% intervals in brackets; \"for sure\" = the whole interval lies on one side of zero",
    );
    let mut all = part(view, "growth", view.t("增长", "Growth"), sub);
    let cols = [
        Col(view.t("区县", "District"), 80.0, false),
        Col(view.t("日增长%", "Growth a day, %"), 120.0, true),
        Col(view.t("再生数", "Reproduction number"), 136.0, true),
        Col(view.t("未来7天（人）", "Next 7 days, people"), 188.0, true),
        Col(view.t("依据", "Rests on"), 156.0, false),
    ];
    let rows = outlook
        .districts
        .iter()
        .map(|one| {
            let figure = |figure: &Figure<Estimate>, decimals| match figure {
                Figure::Known(known) => interval_cell(view, &known.value, decimals),
                Figure::Unknown(unknown) => Cell::unknown(view, Some(&unknown.reason)),
            };
            let rests = match &one.standing {
                Standing::Unknown { reason } => Cell::html(rich(&view.say(reason)), view.say(reason).ems()),
                known => Cell::text(&standing(view, known)),
            };
            vec![
                Cell::titled(view.speaker.lang.of(&one.place.name), view.speaker.lang.of(&one.place.full)),
                figure(&one.growth_pct, 1),
                figure(&one.reproduction, 2),
                figure(&one.next_7_days, 0),
                rests,
            ]
        })
        .collect();
    all.pieces.push(Piece::Table(table(&view.title("growth").0.plain(), &cols, rows, true)));
    all
}
