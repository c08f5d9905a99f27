//! The first sheet: is the day closed, what is late, does it balance, who sealed it.

use super::facts::{Standing, StatementArrear};
use super::page::{View, foot, short};
use super::parts::{Row, equation, equation_row, row_height};
use super::systems::system;
use super::tally::{Tally, Total};
use crate::html::{esc, lines};
use crate::lang::DateStyle;
use crate::rich::ems;

/// Height of the first sheet without margins and foot, pixels. What has no room is added up in one row; all of it follows
/// on the next sheets.
const HEIGHT: f64 = 1045.0;
/// Rows of reasons.
const REASONS: usize = 6;

pub(super) fn sheet(view: &View<'_>, total: usize) -> String {
    let (masthead, lead, points) = (masthead(view), lead(view), points(view));
    let (reasons, seal) = (reasons(view), seal(view));
    let used = [&masthead, &lead, &points, &reasons, &seal].map(|part| part.1).iter().sum::<f64>();
    let books = books(view, HEIGHT - used);
    let body = [masthead.0, lead.0, points.0, books, reasons.0, seal.0].concat();
    format!("<section class=\"sheet first\">{body}{}</section>", foot(view, 1, total))
}

/// How high a text stands, markup not counted.
fn high(markup: &str, font: f64, width: f64, line: f64) -> f64 {
    let mut text = String::with_capacity(markup.len());
    let mut within = false;
    for c in markup.chars() {
        match c {
            '<' => within = true,
            '>' => within = false,
            c if !within => text.push(c),
            _ => {}
        }
    }
    lines(ems(&text), font, width) * line
}

fn masthead(view: &View<'_>) -> (String, f64) {
    let facts = view.facts;
    let day = view.speaker.day(facts.day, DateStyle::Full);
    let weekday = view.speaker.weekday(facts.day);
    let place = match facts.scope == facts.city {
        true => view.say(&facts.scope),
        false => format!("{}{}{}", view.say(&facts.city), view.t("·", ", "), view.say(&facts.scope)),
    };
    let when = view.speaker.lang.pick(format!("{day} {weekday}"), format!("{weekday} {day}"));
    let mut out = format!(
        "<header class=\"mast\"><b>{}</b><span class=\"hq\">{place}</span><span class=\"when\">{when}</span></header>",
        view.title()
    );
    match &facts.standing {
        Standing::Sealed { .. } => {}
        Standing::Signed { by } => {
            let by = view.say(by);
            let said = view.speaker.lang.pick(
                format!("未封账：{by}已签署，待第二人封账。"),
                format!("Not sealed: {by} has signed; a second person must seal it."),
            );
            out.push_str(&format!("<p class=\"draft\">{said}</p>"));
        }
        Standing::Draft => {
            let said = view.t("未封账：草稿，数字仍会变动。", "Not sealed: a draft; its figures may still change.");
            out.push_str(&format!("<p class=\"draft\">{said}</p>"));
        }
    }
    if facts.replay {
        let said = view.t(
            "重放：依公开记录重新推演，非当日原件。",
            "Replay: made again from the public record; not an original of that day.",
        );
        out.push_str(&format!("<p class=\"replay\">{said}</p>"));
    }
    let banners = u8::from(!facts.is_sealed()) + u8::from(facts.replay);
    (out, 31.0 + 30.0 * f64::from(banners))
}

/// The longest late.
fn oldest<'a>(view: &View<'a>) -> Option<&'a StatementArrear> {
    view.facts.arrears.iter().min_by_key(|arrear| (arrear.due, &arrear.obligation))
}

/// What is late the longest, in brackets.
fn which(view: &View<'_>, arrear: &StatementArrear) -> String {
    let facts = view.facts;
    let (kind, area) = (facts.kind(&arrear.kind), facts.area(&arrear.area));
    let late = view.late(arrear.late_minutes);
    view.speaker.lang.pick(
        format!("最久逾期<span class=\"nw\">{late}</span>：{}（{}）", view.say(&kind), view.say(&area)),
        format!("the oldest is <span class=\"nw\">{late}</span> late: {} ({})", view.say(&kind), view.say(&area)),
    )
}

/// The finding.
fn lead(view: &View<'_>) -> (String, f64) {
    let facts = view.facts;
    let lang = view.speaker.lang;
    let day = view.speaker.day(facts.day, DateStyle::Long);
    let late = facts.arrears.len() as u64;
    let open = facts.arrears.iter().filter(|arrear| arrear.reason.is_none()).count() as u64;
    let residual = facts.total().units.residual();
    let (n, no) = (view.count(late), view.count(open));
    let tail = oldest(view).map(|arrear| which(view, arrear)).unwrap_or_default();
    let are = if late == 1 { "obligation is" } else { "obligations are" };
    let said = if residual != 0 || facts.lines.iter().any(|line| line.units.residual() != 0) {
        lang.pick(
            format!("{day}账目不平，不得封账。"),
            format!("The books of {day} do not balance and cannot be sealed."),
        )
    } else if open > 0 {
        let have = if open == 1 { "late obligation has" } else { "late obligations have" };
        lang.pick(
            format!("{day}尚不能封账：{no}项逾期未说明理由；{tail}。"),
            format!("{day} cannot be sealed yet: {no} {have} no reason; {tail}."),
        )
    } else {
        let closed = match &facts.standing {
            Standing::Sealed { .. } => lang.pick(format!("{day}已封账"), format!("{day} is closed")),
            _ => lang.pick(format!("{day}可以封账"), format!("{day} can be sealed")),
        };
        match late {
            0 => lang.pick(
                format!("{closed}：应办结的无一逾期。"),
                format!("{closed}: nothing that was due is still owed."),
            ),
            _ => lang.pick(
                format!("{closed}：{n}项逾期结转，均有理由和责任人；{tail}。"),
                format!("{closed}: {n} late {are} carried over, each with a reason and an owner; {tail}."),
            ),
        }
    };
    // Balanced lines are shorter than the sheet is wide.
    let height = high(&said, 21.0, 600.0, 28.5) + 18.0;
    (format!("<h1 class=\"lead\">{said}{}</h1>", view.s(facts.is_synthetic())), height)
}

fn points(view: &View<'_>) -> (String, f64) {
    let items: Vec<String> =
        [balance(view), protected(view), failed(view), corrected(view), apart(view)].into_iter().flatten().collect();
    let height = items.iter().map(|item| high(item, 12.5, 655.0, 18.75) + 2.0).sum();
    (format!("<ul class=\"bul\">{}</ul>", items.concat()), height)
}

fn bullet(strong: &str, rest: &str) -> Option<String> {
    Some(format!("<li><b>{strong}</b>{rest}</li>"))
}

fn balance(view: &View<'_>) -> Option<String> {
    let total = view.facts.total();
    let kinds = view.facts.by_kind().len() as u64;
    let places = view.facts.by_district().len() as u64;
    let (accounts, kinds, places) = (view.count(total.accounts), view.count(kinds), view.count(places));
    let off = view.facts.lines.iter().filter(|line| line.units.residual() != 0).count() as u64;
    if off > 0 {
        let off = view.count(off);
        return view.speaker.lang.pick(
            bullet(&format!("{off}个账户不平"), "：请核验账本。"),
            bullet(&format!("{off} accounts do not balance"), ": verify the journal."),
        );
    }
    view.speaker.lang.pick(
        bullet("差额为0", &format!("：{accounts}个账户（{places}处账本、{kinds}类事项）逐一平衡。")),
        bullet("Residual 0", &format!(" in each of {accounts} accounts ({places} books, {kinds} kinds).")),
    )
}

fn protected(view: &View<'_>) -> Option<String> {
    let facts = view.facts;
    let late: Vec<&StatementArrear> = facts.arrears.iter().filter(|one| facts.is_protected(&one.kind)).collect();
    let Some(oldest) = late.iter().min_by_key(|one| (one.due, &one.obligation)) else {
        return view
            .speaker
            .lang
            .pick(bullet("救治、照护、食品、出口类无逾期", "。"), bullet("No care, food or exit is late", "."));
    };
    let n = view.count(late.len() as u64);
    let which = which(view, oldest);
    view.speaker.lang.pick(
        bullet(&format!("救治、照护、食品、出口类逾期{n}项"), &format!("；{which}。这些事项不会失效。")),
        bullet(&format!("{n} late obligations of care, food or exits"), &format!("; {which}. These never expire.")),
    )
}

/// Up to three kinds, the most units first, each in its own unit.
fn kinds_with(view: &View<'_>, key: &str) -> Option<(String, usize)> {
    let facts = view.facts;
    let by_kind = facts.by_kind();
    let mut some: Vec<(&String, u64)> =
        by_kind.iter().map(|((_, kind), tally)| (kind, tally.units.of(key))).filter(|(_, units)| *units > 0).collect();
    some.sort_by_key(|(kind, units)| (std::cmp::Reverse(*units), (*kind).clone()));
    if some.is_empty() {
        return None;
    }
    let said: Vec<String> = some
        .iter()
        .take(3)
        .map(|(kind, units)| {
            let (name, unit) = (view.say(&facts.kind(kind)), view.say(&facts.unit(kind)));
            let count = view.count(*units);
            view.speaker.lang.pick(
                format!("{name}<span class=\"nw\">{count}{unit}</span>"),
                format!("{name} (<span class=\"nw\">{count} {unit}</span>)"),
            )
        })
        .collect();
    Some((said.join(view.t("、", ", ")), some.len()))
}

fn failed(view: &View<'_>) -> Option<String> {
    let Some((which, kinds)) = kinds_with(view, "expired") else {
        return view.speaker.lang.pick(bullet("无失效事项", "。"), bullet("Nothing expired", "."));
    };
    let more = kinds.saturating_sub(3) as u64;
    let n = view.count(kinds as u64);
    let (more_zh, more_en) = match more {
        0 => (String::new(), String::new()),
        more => (format!("等{n}类"), format!(" and {} more kinds", view.count(more))),
    };
    view.speaker.lang.pick(
        bullet("失效（未完成）", &format!("：{which}{more_zh}。")),
        bullet("Expired, that is failed", &format!(": {which}{more_en}.")),
    )
}

fn corrected(view: &View<'_>) -> Option<String> {
    let (which, kinds) = kinds_with(view, "corrected")?;
    let more = if kinds > 3 { view.t("等", " and others") } else { "" };
    view.speaker.lang.pick(
        bullet("更正后重新计入", &format!("：{which}{more}。")),
        bullet("Owed again after a correction", &format!(": {which}{more}.")),
    )
}

fn apart(view: &View<'_>) -> Option<String> {
    let apart = &view.facts.sealed_apart;
    if apart.is_empty() {
        return None;
    }
    let names: Vec<String> = apart.iter().map(|name| view.say(name)).collect();
    let names = names.join(view.t("、", ", "));
    view.speaker.lang.pick(
        bullet("另行封账，不在本单", &format!("：{names}。")),
        bullet("Sealed apart, not in this statement", &format!(": {names}.")),
    )
}

/// The equation by system, in so much room.
fn books(view: &View<'_>, room: f64) -> String {
    let (open, close, width) = equation(view, view.t("体系", "System"), false);
    // Title and unit, heads of the columns, the sum.
    let mut left = room - 52.0 - 52.0 - 24.0;
    let all: Vec<(u8, Tally)> = view.facts.by_system().into_iter().collect();
    let mut order: Vec<&(u8, Tally)> = all.iter().collect();
    // What carries most over is worth a row of its own; the order of rows stays that of the systems.
    order.sort_by_key(|(nth, tally)| {
        (std::cmp::Reverse((tally.late, tally.units.of("carried_out"), tally.units.of("met"))), *nth)
    });
    let name = |nth: u8| system(nth);
    let height = |nth: u8| row_height(view.speaker.lang.of(&name(nth)), width);
    let mut shown = Vec::new();
    let mut rest = order.as_slice();
    while let Some(((nth, tally), more)) = rest.split_first().map(|(first, more)| (*first, more)) {
        // Unless it is the last, room must be left for the row of all others.
        let needed = height(*nth) + if more.is_empty() { 0.0 } else { 20.5 };
        if needed > left {
            break;
        }
        left -= height(*nth);
        shown.push((*nth, tally));
        rest = more;
    }
    shown.sort_by_key(|(nth, _)| *nth);
    let mut rows: Vec<String> = shown
        .into_iter()
        .map(|(nth, tally)| equation_row(view, &view.say(&name(nth)), tally, Row::Plain, false))
        .collect();
    if !rest.is_empty() {
        let mut others = Tally::default();
        rest.iter().for_each(|(_, tally)| others.add(tally));
        let n = view.count(rest.len() as u64);
        let name = view.speaker.lang.pick(format!("其他{n}个体系"), format!("{n} other systems"));
        rows.push(equation_row(view, &name, &others, Row::Plain, false));
    }
    rows.push(equation_row(view, view.t("合计", "Total"), &view.facts.total(), Row::Sum, false));
    format!(
        "<section class=\"sec\"><header><h2>{}</h2><p class=\"sub\">{}</p></header>{open}{}{close}</section>",
        view.t("应办事项收支平衡", "What was owed, and what became of it"),
        view.t(
            "各事项自有单位，合计仅示平衡；分区县、分事项见后",
            "each kind has its own unit, sums only show the balance; districts and kinds follow"
        ),
        rows.concat(),
    )
}

fn reasons(view: &View<'_>) -> (String, f64) {
    let totals = view.facts.by_reason_and_owner();
    if totals.is_empty() {
        return (String::new(), 0.0);
    }
    let items: u64 = totals.iter().map(|total| total.items).sum();
    let left_out = totals.len().saturating_sub(REASONS);
    let rows: Vec<(String, f64)> = totals.iter().take(REASONS).map(|total| reason_row(view, total)).collect();
    let height = 79.0 + rows.iter().map(|row| row.1).sum::<f64>();
    let rows: String = rows.into_iter().map(|row| row.0).collect();
    let more = match left_out {
        0 => String::new(),
        _ => {
            let hidden: u64 = totals.iter().skip(REASONS).map(|total| total.items).sum();
            let (rows, hidden) = (view.count(left_out as u64), view.count(hidden));
            view.speaker.lang.pick(
                format!("；另有{rows}种共{hidden}项，见逾期明细"),
                format!("; {rows} more with {hidden} obligations, in full below"),
            )
        }
    };
    let heads = [
        (view.t("理由", "Reason"), "32%", ""),
        (view.t("责任人", "Owner"), "22%", ""),
        (view.t("项数", "Late"), "8%", " class=\"num\""),
        (view.t("最久", "Oldest"), "9%", " class=\"num\""),
        (view.t("最久一项", "The oldest"), "29%", ""),
    ];
    let cols: String = heads.iter().map(|(_, width, _)| format!("<col style=\"width:{width}\">")).collect();
    let heads: String = heads.iter().map(|(name, _, class)| format!("<th scope=\"col\"{class}>{name}</th>")).collect();
    let n = view.count(items);
    let title = view.speaker.lang.pick(format!("{n}项逾期：理由与责任人"), format!("{n} late: by reason and owner"));
    let html = format!(
        "<section class=\"sec\"><header><h2>{title}</h2><p class=\"sub\">{}{more}</p></header><table class=\"tight\"><colgroup>{cols}</colgroup><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></section>",
        view.t("按当日24:00计", "counted at 24:00 of the day"),
    );
    (html, height)
}

fn reason_row(view: &View<'_>, total: &Total<'_>) -> (String, f64) {
    let facts = view.facts;
    let none = format!("<span class=\"t-no\">{}</span>", view.t("未说明", "none given"));
    let said = |words: Option<&crate::facts::Words>| words.map_or_else(|| none.clone(), |words| view.say(words));
    let (reason, owner) = (said(total.reason), said(total.owner));
    let (kind, area) = (facts.kind(&total.oldest.kind), facts.area(&total.oldest.area));
    let oldest = format!("{}{}{}", view.say(&kind), view.t("，", ", "), view.say(&area));
    let height = [(&reason, 0.32), (&owner, 0.22), (&oldest, 0.29)]
        .map(|(text, share)| high(text, 12.0, 674.0 * share - 12.0, 16.2) + 4.0)
        .into_iter()
        .fold(22.0, f64::max);
    let html = format!(
        "<tr><th scope=\"row\">{reason}{}</th><td>{owner}</td><td class=\"num\">{}</td><td class=\"num\">{}</td><td>{oldest}</td></tr>",
        view.mark(total.synthetic),
        view.count(total.items),
        view.late(total.oldest.late_minutes),
    );
    (html, height)
}

fn seal(view: &View<'_>) -> (String, f64) {
    let facts = view.facts;
    let hex = |hex: &str| format!("<span class=\"hex\" title=\"{}\">{}</span>", esc(hex), esc(&short(hex)));
    let cell = |name: &str, value: String| format!("<div><dt>{name}</dt><dd>{value}</dd></div>");
    let chained = facts.chained_to.as_deref().map_or_else(|| view.t("首日，无前序", "first day").to_owned(), hex);
    let none = || view.t("待定", "not yet").to_owned();
    let digest = facts.digest.as_deref().map_or_else(none, hex);
    let (class, by, seal, at) = match &facts.standing {
        Standing::Sealed { by: [first, second], at, seal } => (
            "seal",
            format!("{}<br>{}", view.say(first), view.say(second)),
            hex(seal),
            format!("<span class=\"nw\">{}</span>", view.speaker.moment(*at)),
        ),
        Standing::Signed { by } => {
            let waits = view.t("待第二人", "waits for a second person").to_owned();
            ("seal open", view.say(by), none(), waits)
        }
        Standing::Draft => ("seal open", none(), none(), String::new()),
    };
    let sealed_by = match facts.is_sealed() {
        true => view.t("封账人（两人）", "Sealed by two people"),
        false => view.t("签署人", "Signed by"),
    };
    let html = format!(
        "<dl class=\"{class}\">{}{}{}{}</dl>",
        cell(sealed_by, format!("{by}<br><span class=\"m2\" style=\"font-weight:400\">{at}</span>")),
        cell(view.t("封印", "Seal"), seal),
        cell(view.t("上接上日封印", "Chained to the day before"), chained),
        cell(view.t("报表摘要", "Digest of the statement"), digest),
    );
    let wraps = match &facts.standing {
        Standing::Sealed { by, .. } => by.iter().filter(|name| ems(view.of(name)) * 12.5 > 140.0).count(),
        Standing::Signed { .. } | Standing::Draft => 0,
    };
    let more = if wraps > 1 { 34.0 } else { 17.0 * f64::from(u8::from(wraps == 1)) };
    (html, 104.0 + more)
}
