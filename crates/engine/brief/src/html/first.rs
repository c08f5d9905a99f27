//! The first sheet: what a commander reads in one minute. One A4 page in either language, whatever the facts.

use super::View;
use super::markup::{self, esc, rich};
use super::pager::{Pages, WIDTH, foot};
use super::table::{Cell, Col, Table, lines, table};
use crate::chart::epi::EpiCurve;
use crate::facts::{DistrictRow, Figure, OwedRow};
use crate::findings::FIRST_SHEET_DAYS;
use crate::lang::{DateStyle, Lang};
use crate::rich::{Rich, shortened};

/// Height of a sheet without its margins, pixels.
const HEIGHT: f64 = 1123.0 - 46.0 - 30.0;
const HALF: f64 = (WIDTH - 28.0) / 2.0;
/// Full days shown before the forecast: three weeks, so that each weekday is seen three times.
const DAYS_SHOWN: usize = 21;
const DECISIONS: usize = 3;
const CHART_LEAST: f64 = 122.0;
const CHART_MOST: f64 = 196.0;

/// How many rows of each list the sheet has room for.
#[derive(Clone, Copy)]
struct Room {
    rows: usize,
    measures: usize,
    chart: f64,
}

pub(super) fn sheet(view: &View<'_>, pages: &Pages) -> String {
    let lead = lead(view);
    let points = points(view);
    let decisions = decisions(view, pages);
    let sources = sources(view);
    let fixed = mast_height(view) + lead.1 + points.1 + decisions.1 + sources.1;
    let room = room(view, fixed);
    let measures = measures(view, pages, room.measures);
    let body = [
        mast(view),
        lead.0,
        points.0,
        chart(view, pages, room.chart),
        format!("<div class=\"two\">{}{}</div>", place(view, pages, room.rows), owed(view, pages, room.rows)),
        decisions.0,
        measures.0,
        foot(view, &sources.0, 1, pages.total()),
    ];
    format!(
        "<section class=\"sheet first\" id=\"{}-p1\" aria-label=\"{}\">{}</section>",
        view.speaker.lang.key(),
        view.t("要情", "Summary"),
        body.concat()
    )
}

/// Takes rows from the lists before the chart becomes too low to read; the rows stand on a later page.
fn room(view: &View<'_>, fixed: f64) -> Room {
    let choices = [(6, 3), (6, 2), (5, 2), (5, 1), (4, 1), (3, 1), (2, 1)];
    let mut last = Room { rows: 2, measures: 1, chart: CHART_LEAST };
    for (rows, measures) in choices {
        let left = HEIGHT - fixed - chart_head(view) - tables_height(view, rows) - measures_height(view, measures);
        last = Room { rows, measures, chart: left.clamp(CHART_LEAST, CHART_MOST) };
        if left >= CHART_LEAST {
            break;
        }
    }
    last
}

fn mast_height(view: &View<'_>) -> f64 {
    if view.facts.masthead.replay { 62.0 } else { 34.0 }
}

fn mast(view: &View<'_>) -> String {
    let head = &view.facts.masthead;
    let speaker = view.speaker;
    let number = match (head.number(), speaker.lang) {
        (Some(n), Lang::Zh) => format!("每日简报 第{n}期"),
        (Some(n), Lang::En) => format!("Daily brief no. {n}"),
        (None, Lang::Zh) => "每日简报".into(),
        (None, Lang::En) => "Daily brief".into(),
    };
    let day = speaker.day(head.day, DateStyle::Full);
    let known = if head.as_known_at.date() == head.day {
        speaker.clock(head.as_known_at)
    } else {
        speaker.moment(head.as_known_at)
    };
    let weekday = speaker.weekday(head.day);
    let when =
        speaker.lang.pick(format!("{day}（{weekday}）按{known}所知"), format!("{weekday} {day}, as known at {known}"));
    let replay = if head.replay {
        let text = view.t(
            "按当时所知重演：由公开记录重新计算，仅用当时已到达的数据，并非当日原件。",
            "As known then: made again from the public record with only what had arrived by then; not an original of that day.",
        );
        format!("<p class=\"replay clamp1\">{text}</p>")
    } else {
        String::new()
    };
    format!(
        "<div class=\"mast\"><b>{}</b><span class=\"hq\">{}</span><span class=\"when\">{}</span></div>{replay}",
        esc(&number),
        esc(speaker.lang.of(&head.headquarters)),
        esc(&when)
    )
}

/// The lead, and how high it is. Sentences that would need a fourth line are left to the chapters below.
fn lead(view: &View<'_>) -> (String, f64) {
    let mut html = String::new();
    let mut width = 0.0;
    for (at, finding) in view.findings.lead.iter().enumerate() {
        let said = view.say(&finding.message);
        width += said.ems() + if finding.synthetic { 1.0 } else { 0.0 };
        if at > 0 && view.speaker.lang == Lang::En {
            html.push(' ');
        }
        html.push_str(&rich(&said));
        html.push_str(view.s(finding.synthetic));
    }
    // The largest size at which it takes three lines; below the last one it takes more and is still read whole.
    let size =
        [21.0, 20.0, 19.0, 18.0, 17.0].into_iter().find(|size| lines(width, *size, WIDTH) <= 3.0).unwrap_or(16.0);
    let high = lines(width, size, WIDTH) * size * 1.35 + 18.0;
    let style = if size < 21.0 { format!(" style=\"font-size:{size}px\"") } else { String::new() };
    (format!("<h1 class=\"lead\"{style}>{html}</h1>"), high)
}

fn points(view: &View<'_>) -> (String, f64) {
    let mut html = String::from("<ul class=\"bul\">");
    let mut high = 0.0;
    for finding in &view.findings.points {
        let said = view.say(&finding.message);
        let needs = lines(said.ems() + 2.0, 12.5, WIDTH - 14.0);
        // A fact may take a third line: in English its last sentence, what is known of today, would else be cut off.
        let (class, most) = if needs > 2.0 { ("clamp3", 3.0) } else { ("clamp2", 2.0) };
        high += needs.min(most) * 18.75 + 4.0;
        let mark = view.s(finding.synthetic);
        let text = rich(&said);
        let text = if needs > most { format!("{mark} {text}") } else { format!("{text}{mark}") };
        html.push_str(&format!("<li><span class=\"{class}\">{text}</span></li>"));
    }
    html.push_str("</ul>");
    (html, high)
}

/// A text that may be cut after two lines. Its S mark is never what is cut: on a long text it stands first.
fn two_lines(view: &View<'_>, said: &Rich, synthetic: bool, font: f64, width: f64) -> String {
    let (text, mark) = (rich(said), view.s(synthetic));
    if lines(said.ems() + 2.0, font, width) > 2.0 { format!("{mark} {text}") } else { format!("{text}{mark}") }
}

/// A section's head: the finding, the S mark and a small line under it.
fn head(view: &View<'_>, key: &str, sub: &str) -> String {
    let (title, synthetic) = view.title(key);
    let width = if matches!(key, "where" | "owed") { HALF } else { WIDTH };
    let id = format!("{}-first-{key}", view.speaker.lang.key());
    let sub = if sub.is_empty() { String::new() } else { format!("<p class=\"sub clamp1\">{sub}</p>") };
    format!(
        "<header><h2 class=\"clamp2\" id=\"{id}\">{}</h2>{sub}</header>",
        two_lines(view, &title, synthetic, 13.5, width)
    )
}

fn head_height(view: &View<'_>, key: &str, width: f64) -> f64 {
    let (title, _) = view.title(key);
    12.0 + lines(title.ems() + 2.0, 13.5, width).min(2.0) * 18.3 + 17.0 + 4.0
}

fn chart_head(view: &View<'_>) -> f64 {
    head_height(view, "series", WIDTH)
}

fn link(view: &View<'_>, pages: &Pages, key: &str, words: &str) -> String {
    match pages.page_of(key) {
        Some(_) => format!("<a href=\"#{}-{key}\">{}</a>", view.speaker.lang.key(), esc(words)),
        None => String::new(),
    }
}

fn page_words(view: &View<'_>, pages: &Pages, key: &str) -> String {
    let Some(page) = pages.page_of(key) else { return String::new() };
    let words = view.speaker.lang.pick(format!("表见第{page}页"), format!("table on page {page}"));
    format!("{}{}", view.t("；", "; "), link(view, pages, key, &words))
}

fn more(view: &View<'_>, pages: &Pages, key: &str, count: usize) -> String {
    let page = pages.page_of(key).unwrap_or(2);
    let words = view.speaker.lang.pick(format!("另{count}项见第{page}页"), format!("{count} more on page {page}"));
    link(view, pages, key, &words)
}

fn chart(view: &View<'_>, pages: &Pages, height: f64) -> String {
    let city = &view.facts.city;
    let outlook = view.facts.outlook.value();
    let fan = outlook.and_then(|outlook| outlook.city.value()).map(|fan| fan.days.as_slice()).unwrap_or_default();
    let synthetic = view.facts.outlook.is_synthetic() || outlook.is_some_and(|outlook| outlook.city.is_synthetic());
    let counted = city.days.iter().any(|day| day.new.value().is_some());
    if !counted && fan.is_empty() {
        let reason = city.days.last().and_then(|day| day.new.reason()).cloned();
        let body =
            markup::void(view.speaker, Some(&reason.unwrap_or_else(|| crate::facts::Message::new("never_reported"))));
        let sub = view.t("每日新增感染，人", "new infections per day, people");
        return format!("<section class=\"sec\">{}{body}</section>", head(view, "series", sub));
    }
    let from = city.days.len().saturating_sub(DAYS_SHOWN);
    let days = city.days.get(from..).unwrap_or_default();
    let name = view.title("series").0.plain();
    let drawn = EpiCurve {
        days,
        part_day: city.part_day.as_ref(),
        forecast: fan.get(..FIRST_SHEET_DAYS.min(fan.len())).unwrap_or_default(),
        earlier: outlook.map(|outlook| outlook.last_week.as_slice()).unwrap_or_default(),
        shares: &[],
        synthetic,
        width: WIDTH,
        height,
        speaker: view.speaker,
    }
    .draw(&name);
    let mut sub = String::from(if fan.is_empty() {
        view.t("每日新增感染，人", "new infections per day, people")
    } else {
        view.t(
            "每日新增感染，人；色带为50%与95%区间",
            "new infections per day, people; bands are 50% and 95% intervals",
        )
    });
    if days.iter().any(|day| day.new.value().is_none()) {
        sub.push_str(view.t("；斜线：未知", "; hatched: unknown"));
    }
    sub.push_str(&page_words(view, pages, "series_table"));
    format!("<section class=\"sec\">{}<figure>{drawn}</figure></section>", head(view, "series", &sub))
}

fn whole(html: &Table) -> String {
    let rows: String = html.rows.iter().map(|row| row.0.as_str()).collect();
    format!("{}{rows}{}", html.open, html.close)
}

fn tables_height(view: &View<'_>, rows: usize) -> f64 {
    let head = head_height(view, "where", HALF).max(head_height(view, "owed", HALF));
    #[expect(clippy::cast_precision_loss, reason = "a handful of rows")]
    let rows = (rows + 1) as f64;
    head + 23.0 + rows * 25.0
}

/// How the period of the district list is written, and that it is not a whole day if it is not.
pub(super) fn period_words(view: &View<'_>) -> String {
    match view.facts.districts.period {
        None => String::new(),
        Some(period) if period.full_day().is_some() => esc(&view.speaker.period(period)),
        Some(period) => {
            let words = view.speaker.period(period);
            esc(&view.speaker.lang.pick(format!("{words}，非全天"), format!("{words}, part of a day")))
        }
    }
}

fn district_cells(view: &View<'_>, row: &DistrictRow) -> Vec<Cell> {
    let speaker = view.speaker;
    vec![
        Cell::titled(speaker.lang.of(&row.place.name), speaker.lang.of(&row.place.full)),
        Cell::figure(view, &row.new, |new| speaker.count(*new)),
        Cell::figure(view, &row.per_100k, |rate| speaker.number(*rate, 1)),
    ]
}

fn place(view: &View<'_>, pages: &Pages, most: usize) -> String {
    let districts = &view.facts.districts;
    let mut sub = period_words(view);
    let shown = districts.rows.len().min(most);
    if districts.rows.len() > shown {
        if !sub.is_empty() {
            sub.push_str(view.t("；", "; "));
        }
        sub.push_str(&more(view, pages, "table", districts.rows.len() - shown));
    }
    let head = head(view, "where", &sub);
    let body = if districts.rows.is_empty() {
        markup::void(view.speaker, Some(&crate::facts::Message::new("no_list")))
    } else {
        let cols = [
            Col(view.t("区县", "District"), 140.0, false),
            Col(view.t("新增（人）", "New, people"), 92.0, true),
            Col(view.t("每10万人", "per 100,000"), 92.0, true),
        ];
        let rows = districts.rows.iter().take(shown).map(|row| district_cells(view, row)).collect();
        let mut built = table(&view.title("where").0.plain(), &cols, rows, false);
        if let Some(city) = &districts.city {
            let sum = table("", &cols, vec![district_cells(view, city)], false);
            built.rows.extend(
                sum.rows.into_iter().map(|(html, high)| (html.replacen("<tr>", "<tr class=\"sum\">", 1), high)),
            );
        }
        whole(&built)
    };
    format!("<section class=\"sec\">{head}{body}</section>")
}

/// The sum of the overdue figures: "≥" where it covers an unknown.
fn overdue_sum(view: &View<'_>, rows: &[OwedRow]) -> String {
    let known: Vec<u64> = rows.iter().filter_map(|row| row.overdue.value().copied()).collect();
    if known.is_empty() {
        return markup::unknown(view.speaker, None);
    }
    let sum = known.iter().fold(0u64, |sum, more| sum.saturating_add(*more));
    let sign = if known.len() < rows.len() { "≥ " } else { "" };
    format!("{sign}{}", view.speaker.count(sum))
}

fn owed(view: &View<'_>, pages: &Pages, most: usize) -> String {
    let speaker = view.speaker;
    let rows = match &view.facts.owed {
        Figure::Known(rows) => &rows.value,
        Figure::Unknown(unknown) => {
            let body = markup::void(speaker, Some(&unknown.reason));
            return format!(
                "<section class=\"sec\">{}{body}</section>",
                head(view, "owed", view.t("应尽与逾期", "owed and overdue"))
            );
        }
    };
    let mut ordered: Vec<&OwedRow> = rows.iter().filter(|row| row.life_saving).collect();
    ordered.extend(rows.iter().filter(|row| !row.life_saving));
    let shown = ordered.len().min(most);
    let mut sub = speaker.lang.pick(
        format!("应尽与逾期，{}", speaker.clock(view.facts.masthead.as_known_at)),
        format!("owed and overdue at {}", speaker.clock(view.facts.masthead.as_known_at)),
    );
    if ordered.len() > shown {
        sub.push_str(view.t("；", "; "));
        sub.push_str(&more(view, pages, "owed", ordered.len() - shown));
    }
    let cols = [
        Col(view.t("类别", "Kind"), 84.0, false),
        Col(view.t("逾期", "Overdue"), 82.0, true),
        Col(view.t("最久", "Oldest"), 82.0, true),
        Col(view.t("责任", "Owner"), 76.0, false),
    ];
    let cells = |row: &&OwedRow| {
        let owner = match &row.owner {
            Some(owner) => Cell::titled(speaker.lang.of(owner), speaker.lang.of(owner)),
            None => Cell::html(format!("<b class=\"t-over\">▲ {}</b>", view.t("无", "none")), 4.0),
        };
        vec![
            Cell::titled(speaker.lang.of(&row.kind), speaker.lang.of(&row.kind)),
            Cell::figure(view, &row.overdue, |n| speaker.count(*n)),
            Cell::figure(view, &row.oldest_hours, |hours| speaker.hours(*hours)),
            owner,
        ]
    };
    let mut built = table(&view.title("owed").0.plain(), &cols, ordered.iter().take(shown).map(cells).collect(), false);
    let sum = format!(
        "<tr class=\"sum\"><th scope=\"row\">{}</th><td class=\"num\">{}</td><td></td><td></td></tr>",
        view.t("合计", "All"),
        overdue_sum(view, rows)
    );
    built.rows.push((sum, 25.0));
    format!("<section class=\"sec\">{}{}</section>", head(view, "owed", &sub), whole(&built))
}

fn decisions(view: &View<'_>, pages: &Pages) -> (String, f64) {
    let all = &view.facts.decisions;
    let mut ordered: Vec<_> = all.iter().filter(|one| one.life_saving).collect();
    ordered.extend(all.iter().filter(|one| !one.life_saving));
    let mut sub =
        String::from(view.t("每项形成部署，明确责任人和时限", "each becomes a directive with an owner and a deadline"));
    if all.len() > DECISIONS {
        sub.push_str(view.t("；", "; "));
        sub.push_str(&more(view, pages, "decisions", all.len() - DECISIONS));
    }
    if all.is_empty() {
        sub.clear();
    }
    let mut high = head_height(view, "decisions", WIDTH) - if all.is_empty() { 17.0 } else { 0.0 };
    let (_, marked) = view.title("decisions");
    let mut html = format!("<section class=\"sec\">{}<ol class=\"dec\">", head(view, "decisions", &sub));
    for (one, number) in ordered.into_iter().take(DECISIONS).zip(1..) {
        let text = decision_text(view, one);
        high += (lines(text.ems(), 12.5, view.speaker.lang.pick(514.0, 528.0)).min(2.0) * 18.2)
            .max(if one.deadline.is_some() { 36.4 } else { 18.2 })
            + 11.0;
        let synthetic = one.origin == crate::facts::Origin::Synthetic && !marked;
        html.push_str(&format!(
            "<li><b>{number}</b><span class=\"clamp2\">{}</span>{}</li>",
            two_lines(view, &text, synthetic, 12.5, view.speaker.lang.pick(514.0, 528.0)),
            who(view, one)
        ));
    }
    html.push_str("</ol></section>");
    (html, high)
}

/// What is asked for in strong type, then why.
pub(super) fn decision_text(view: &View<'_>, one: &crate::facts::Decision) -> Rich {
    let mut text = view.say(&one.what);
    text.0.iter_mut().for_each(|run| run.strong = true);
    if !one.why.is_empty() {
        if view.speaker.lang == Lang::En {
            text.push(Rich::text(" "));
        }
        text.push(view.say_all(&one.why));
    }
    text
}

/// The owner and the deadline of a decision.
pub(super) fn who(view: &View<'_>, one: &crate::facts::Decision) -> String {
    let owner = view.speaker.lang.of(&one.owner);
    let deadline = one.deadline.map_or(String::new(), |at| {
        let at = view.speaker.moment(at);
        format!("<span>{}</span>", esc(&view.speaker.lang.pick(format!("{at}前"), format!("by {at}"))))
    });
    format!("<span class=\"who\"><span title=\"{}\">{}</span>{deadline}</span>", esc(owner), esc(owner))
}

fn measures_height(view: &View<'_>, most: usize) -> f64 {
    measures_body(view, most).1 + head_height(view, "measures", WIDTH)
}

fn measures_body(view: &View<'_>, most: usize) -> (String, f64) {
    let mut html = String::from("<ul class=\"bul\">");
    let mut high = 0.0;
    for one in view.facts.measures.observed.iter().take(most) {
        let said = measure_text(view, one).capitalised();
        high += lines(said.ems(), 12.5, WIDTH - 14.0).min(2.0) * 18.75 + 4.0;
        let synthetic = one.origin == crate::facts::Origin::Synthetic;
        let text = two_lines(view, &said, synthetic, 12.5, WIDTH - 14.0);
        html.push_str(&format!("<li><span class=\"clamp2\">{text}</span></li>"));
    }
    match &view.facts.measures.audit {
        Figure::Known(audit) => {
            let oldest = match audit.value.undetermined_days {
                Some(days) => crate::facts::Message::new("audit.oldest").count("days", days),
                None => crate::facts::Message::new("fact.empty"),
            };
            let mut said = view.say(
                &crate::facts::Message::new("audit.live")
                    .count("live", audit.value.live)
                    .count("within", audit.value.within)
                    .count("not_covered", audit.value.not_covered)
                    .count("undetermined", audit.value.undetermined)
                    .with("oldest", crate::facts::Arg::Message(Box::new(oldest))),
            );
            for (code, places) in [("audit.stricter", &audit.value.stricter), ("audit.laxer", &audit.value.laxer)] {
                if !places.is_empty() {
                    let names = places.iter().take(4).cloned().map(crate::facts::Arg::Words).collect();
                    let message = crate::facts::Message::new(code)
                        .count("n", u64::try_from(places.len()).unwrap_or(0))
                        .with("places", crate::facts::Arg::List(names));
                    said.push(Rich::text(view.t("", " ")));
                    said.push(view.say(&message));
                }
            }
            high += lines(said.ems(), 12.5, WIDTH - 14.0).min(2.0) * 18.75 + 4.0;
            let synthetic = view.s(view.facts.measures.audit.is_synthetic());
            html.push_str(&format!("<li><span class=\"clamp2\">{}{synthetic}</span></li>", rich(&said)));
        }
        Figure::Unknown(_) => {
            high += 24.0;
            html.push_str(&audit_unknown(view));
        }
    }
    html.push_str("</ul>");
    (html, high)
}

/// The line that says why nothing is held against the rulebook; empty while something is.
pub(super) fn audit_unknown(view: &View<'_>) -> String {
    let Some(reason) = view.facts.measures.audit.reason() else { return String::new() };
    format!(
        "<li>{}{}<span class=\"unk\"><b>{}</b></span></li>",
        view.t("对照规则库", "Against the rulebook"),
        view.t("：", ": "),
        view.html(reason)
    )
}

/// "From 17 Nov, Jiangbei: …", as the record has it.
pub(super) fn measure_text(view: &View<'_>, one: &crate::facts::ObservedMeasure) -> Rich {
    let speaker = view.speaker;
    let from = speaker.day(one.starts_on, DateStyle::Short);
    let span = match one.ends_on {
        Some(end) if end == one.starts_on => from,
        Some(end) => speaker.range(&from, &speaker.day(end, DateStyle::Short)),
        None => speaker.lang.pick(format!("{from}起"), format!("From {from}")),
    };
    let mut said = Rich::whole(span);
    said.0.iter_mut().for_each(|run| run.strong = true);
    if let Some(place) = &one.place {
        said.push(Rich::text(view.t("，", ", ")));
        said.push(Rich::text(speaker.lang.of(place)));
    }
    said.push(Rich::text(view.t("：", ": ")));
    said.push(Rich::text(speaker.lang.of(&one.text)));
    said
}

fn measures(view: &View<'_>, pages: &Pages, most: usize) -> (String, f64) {
    let observed = view.facts.measures.observed.len();
    let mut sub = String::from(view.t("公开记录与规则库对照", "public record, and held against the rulebook"));
    if observed > most {
        sub.push_str(view.t("；", "; "));
        sub.push_str(&more(view, pages, "measures", observed - most));
    }
    let (body, high) = measures_body(view, most);
    (format!("<section class=\"sec\">{}{body}</section>", head(view, "measures", &sub)), high)
}

fn sources(view: &View<'_>) -> (String, f64) {
    let speaker = view.speaker;
    let names: Vec<String> =
        view.facts.sources.iter().map(|source| format!("{} [{}]", speaker.lang.of(&source.title), source.id)).collect();
    let mut text = if names.is_empty() {
        String::from(view.t("来源：无。", "Sources: none."))
    } else {
        let listed = shortened(&names.join(view.t("；", "; ")), 84.0);
        format!("{}{listed}{}", view.t("来源：", "Sources: "), view.t("。", "."))
    };
    if let Some(outlook) = view.facts.outlook.value() {
        let issued = speaker.moment(outlook.issued);
        let until = speaker.day(outlook.data_until, DateStyle::Short);
        text.push_str(&speaker.lang.pick(
            format!("预测于{issued}发布，数据至{until}；"),
            format!(" Forecast issued {issued} on data until {until}; "),
        ));
        text.push_str(&view.title("coverage").0.plain());
        text.push_str(view.t("。", "."));
    }
    let high = lines(crate::rich::ems(&text), 10.7, WIDTH).min(3.0) * 16.0;
    (format!("<p class=\"clamp3\">{}</p>", esc(&text)), high + 26.0)
}
