//! The page that a resident reads: what holds, why, until when, who decided, how to appeal, which help comes and from whom.
//!
//! One self-contained HTML file that opens without a network. Nothing personal stands on it: no pseudonym, no count of people.

use super::view::{Shown, suspended_why};
use crate::blob::Blobs;
use crate::city::AppError;
use crate::journal::Read;
use crate::places::gazetteer;
use crate::rights::person;
use crate::settings::Calendar;
use jiff::Timestamp;
use levee_measures::{Basis, Deferrable, EndReason, ExitKind, Phase, Service};
use levee_model::settings::{Bilingual, Language};
use levee_rulebook::Rulebook;

/// What stands on the page, in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// What it is called.
    pub title: String,
    /// Where it stands, in one sentence.
    pub state: String,
    /// Whether it holds people now.
    pub binds: bool,
    /// In the order in which somebody who is held needs them: until when and which help comes before on what ground.
    pub parts: Vec<Part>,
    /// As of when.
    pub as_of: String,
}

/// A part of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Its heading.
    pub heading: String,
    /// Paragraphs.
    pub lines: Vec<String>,
    /// Help: what, from whom.
    pub help: Vec<(String, String)>,
    /// Whether it must not be missed.
    pub urgent: bool,
}

/// Where each part stands on the page.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nth {
    What,
    Time,
    Why,
    Help,
    PutOff,
    Urgent,
    Ways,
    Appeal,
    Who,
    Ground,
}

/// One of two wordings.
struct Say(Language);

impl Say {
    fn pick(&self, zh: &str, en: &str) -> String {
        match self.0 {
            Language::Zh => zh.to_owned(),
            Language::En => en.to_owned(),
        }
    }
    fn of(&self, text: &Bilingual) -> String {
        self.pick(&text.zh, &text.en)
    }
    fn service(&self, service: Service) -> String {
        let (zh, en) = words(service);
        self.pick(zh, en)
    }
}

/// A service in both languages.
pub fn words(service: Service) -> (&'static str, &'static str) {
    match service {
        Service::Food => ("食品和生活物资", "Food"),
        Service::Water => ("饮用水", "Drinking water"),
        Service::Medicine => ("药品", "Medicine"),
        Service::UrgentCare => ("急救和紧急就医", "Urgent care"),
        Service::Dialysis => ("血液透析", "Dialysis"),
        Service::Chemotherapy => ("放化疗", "Chemotherapy and radiotherapy"),
        Service::Obstetric => ("孕产妇就医", "Care around birth"),
        Service::HelpForTheOld => ("老年人照护", "Help for old people who live alone"),
        Service::HelpForChildren => ("儿童照护", "Help for children without a carer"),
        Service::Refuse => ("垃圾清运", "Refuse"),
    }
}

/// What may be put off, in both languages.
pub fn deferred(what: Deferrable) -> (&'static str, &'static str) {
    match what {
        Deferrable::Food => words(Service::Food),
        Deferrable::Medicine => words(Service::Medicine),
        Deferrable::Water => words(Service::Water),
        Deferrable::Notice => ("告知", "Notice"),
    }
}

/// Why people are free for now, in both languages.
pub fn freed_because(why: &str) -> (&'static str, &'static str) {
    match why {
        "way_blocked" => ("有出口或消防通道被堵", "a way out is blocked"),
        "inspection_overdue" => ("有出口超过72小时未巡查", "nobody inspected a way out for 72 hours"),
        "urgent_care_lost" => ("急救保障中断", "urgent care was lost"),
        "unserved" => ("应送的生活保障超过24小时未到", "a delivery did not come for 24 hours"),
        "override_over" => ("暂缓期已满，保障仍未到位", "what was put off is still not there"),
        _ => ("指挥部决定中止", "headquarters decided so"),
    }
}

fn state(say: &Say, shown: &Shown, at: &dyn Fn(Timestamp) -> String, now: Timestamp) -> String {
    let measure = &shown.row.measure;
    let terms = measure.terms();
    let free = say.pick("您不受此措施限制。", "It does not hold you.");
    match measure.phase() {
        // What time has brought holds, whether or not anybody wrote it down.
        phase if !phase.name().is_over() && terms.end() <= now => say.pick(
            &format!("本措施已于 {} 到期，自动终止。您不受限制。", at(terms.end())),
            &format!("It ended by itself on {}. You are free.", at(terms.end())),
        ),
        Phase::Live(_) if measure.binds(now) => say.pick(
            &format!("本措施现行有效，至 {} 自动终止。", at(terms.end())),
            &format!("In force. It ends by itself on {}.", at(terms.end())),
        ),
        Phase::Live(_) if now < terms.start() => say.pick(
            &format!("本措施自 {} 起生效，至 {} 自动终止。", at(terms.start()), at(terms.end())),
            &format!("In force from {}; it ends by itself on {}.", at(terms.start()), at(terms.end())),
        ),
        Phase::Live(_) => say.pick(
            "一项保障条件已不满足，您现在不受限制；已安排的服务照常提供。",
            "One of its conditions is no longer met, so it does not hold you now. The help below goes on.",
        ),
        Phase::Suspended(reason) => {
            let (zh, en) = freed_because(suspended_why(reason).0);
            say.pick(
                &format!("本措施已中止（{zh}）。您现在不受限制；已安排的服务照常提供。"),
                &format!("Suspended: {en}. You are free for now, and the help below goes on."),
            )
        }
        Phase::Ended(reason) => {
            let (zh, en) = match reason {
                EndReason::AppealUpheld => ("申诉成立", "an appeal was upheld"),
                EndReason::GroundLapsed => ("依据已消失", "what it rested on is no longer so"),
                EndReason::Decided => ("决定解除", "it was lifted"),
            };
            let over = measure.over_at().map_or_else(String::new, at);
            say.pick(
                &format!("本措施已于 {over} 解除（{zh}）。您不受限制。"),
                &format!("It ended on {over}: {en}. You are free."),
            )
        }
        Phase::Lapsed => say.pick(
            &format!("本措施已于 {} 到期，自动终止。您不受限制。", at(terms.end())),
            &format!("It ended by itself on {}. You are free.", at(terms.end())),
        ),
        Phase::Draft | Phase::Assessed | Phase::Gated(_) => {
            let head = say.pick("本措施仅为拟议，尚未生效。", "Only proposed, not in force. ");
            format!("{head}{free}")
        }
    }
}

/// Title of the rule in the book that it was judged by.
fn rule_title(say: &Say, shown: &Shown, blobs: &dyn Blobs) -> Result<Option<String>, AppError> {
    let Some(judged) = &shown.row.judged else { return Ok(None) };
    let text = blobs.get(&judged.text)?;
    let Ok(book) = Rulebook::parse(&String::from_utf8_lossy(&text)) else { return Ok(None) };
    let rule = book.rule(&shown.row.measure.terms().ground().rule);
    Ok(rule.and_then(|rule| {
        let (zh, en) = (rule.title.zh.as_deref(), rule.title.en.as_deref());
        Some(say.pick(zh.or(en)?, en.or(zh)?))
    }))
}

/// The page of one restriction, as of a moment.
pub fn page(
    on: &dyn Read,
    blobs: &dyn Blobs,
    calendar: &Calendar,
    shown: &Shown,
    language: Language,
    now: Timestamp,
) -> Result<Page, AppError> {
    let say = Say(language);
    let at = |moment: Timestamp| {
        let civil = calendar.civil(moment);
        match language {
            Language::Zh => civil.strftime("%Y年%-m月%-d日%H:%M").to_string(),
            Language::En => civil.strftime("%-d %B %Y, %H:%M").to_string(),
        }
    };
    let row = &shown.row;
    let terms = row.measure.terms();
    let words = shown.words.as_ref();
    let title = words.map_or_else(|| row.measure.id().to_string(), |words| say.of(&words.place));
    let mut parts = Vec::new();
    let mut part = |nth: Nth, zh: &str, en: &str, lines: Vec<String>| {
        let part = Part { heading: say.pick(zh, en), lines, urgent: nth == Nth::Urgent, help: vec![] };
        parts.push((nth, part));
    };
    if let Some(words) = words {
        part(Nth::What, "限制什么", "What it asks", vec![say.of(&words.what)]);
        part(Nth::Why, "为什么", "Why", vec![say.of(&words.why)]);
    }
    let title_of_rule = rule_title(&say, shown, blobs)?;
    let ground = title_of_rule.unwrap_or_else(|| terms.ground().rule.to_string());
    part(
        Nth::Ground,
        "依据什么",
        "On what ground",
        vec![
            ground,
            say.pick(&format!("条款：{}", terms.ground().clause), &format!("Clause: {}", terms.ground().clause)),
        ],
    );
    part(
        Nth::Time,
        "从何时到何时",
        "From when until when",
        vec![
            say.pick(
                &format!("{} 起，{} 止；到期自动终止，无须等待通知。", at(terms.start()), at(terms.end())),
                &format!(
                    "From {} to {}. It ends by itself; nobody has to lift it.",
                    at(terms.start()),
                    at(terms.end())
                ),
            ),
            say.pick(
                &format!("最迟 {} 重新审查是否仍有必要。", at(terms.review())),
                &format!("By {} somebody looks again at whether it is still needed.", at(terms.review())),
            ),
        ],
    );
    let decider = person(on, terms.decider())?;
    let decider = decider.map_or_else(|| terms.decider().to_string(), |one| say.pick(&one.name_zh, &one.name_en));
    let place = match &row.sheet {
        Some(sheet) => {
            let code = sheet.path.area().parse().ok();
            let places = gazetteer(on)?;
            code.and_then(|code| places.name(&code).map(|name| say.pick(&name.zh, &name.en))).unwrap_or_default()
        }
        None => String::new(),
    };
    part(
        Nth::Who,
        "谁决定的",
        "Who decided",
        vec![match place.is_empty() {
            true => decider,
            false => say.pick(&format!("{decider}，{place}"), &format!("{decider}, {place}")),
        }],
    );
    if let Phase::Live(Basis::Overridden(pass)) = row.measure.phase() {
        let lines = pass.interim().iter().map(|(what, who)| {
            let (zh, en) = deferred(*what);
            say.pick(&format!("{zh}：暂由{who}提供"), &format!("{en}: {who} helps out"))
        });
        let until = say.pick(
            &format!("以下保障经两人批准暂缓，最迟 {} 到位；届时未到位，限制自动中止：", at(pass.until())),
            &format!(
                "Put off by two persons until {} at the latest; if it is not there by then, you are free:",
                at(pass.until())
            ),
        );
        part(Nth::PutOff, "暂缓的保障", "Put off for now", std::iter::once(until).chain(lines).collect());
    }
    let mut ways: Vec<String> = row
        .ways
        .iter()
        .map(|way| {
            let kind = match way.kind {
                ExitKind::Exit => say.pick("出口", "Exit"),
                ExitKind::FireLane => say.pick("消防通道", "Fire lane"),
            };
            let seen = match &way.inspected {
                Some(seen) if seen.open => {
                    say.pick(&format!("畅通，{} 巡查", at(seen.at)), &format!("open, inspected {}", at(seen.at)))
                }
                Some(seen) => {
                    say.pick(&format!("被堵，{} 发现", at(seen.at)), &format!("blocked, seen {}", at(seen.at)))
                }
                None => say.pick("未巡查", "not inspected"),
            };
            say.pick(&format!("{kind} {}：{seen}", way.id), &format!("{kind} {}: {seen}", way.id))
        })
        .collect();
    ways.push(say.pick(
        "出口和消防通道任何时候都不得封堵。发现被堵请立即举报：确认被堵，限制即行中止。",
        "Exits and fire lanes are never blocked. Report one that is: a blocked way out suspends this restriction at once.",
    ));
    part(Nth::Ways, "出口", "Ways out", ways);
    part(
        Nth::Urgent,
        "急救",
        "Urgent care",
        vec![say.pick(
        "急病、外伤、临产，请立即拨打急救电话。核酸结果、通行证、风险区状态、床位、审批，都不得耽误救治。",
        "Ill, hurt or giving birth? Call the ambulance at once. No test, pass, zone, bed or signature may delay it.",
    )],
    );
    let mut appeal = Vec::new();
    match &row.appeal_channel {
        Some(channel) => appeal.push(say.pick(&format!("申诉渠道：{channel}"), &format!("Where to: {channel}"))),
        None => appeal.push(say.pick("尚未公布申诉渠道。", "No appeal channel has been named yet.")),
    }
    appeal.push(say.pick(
        "受限制的任何人都可以申诉。24小时内由另一人作出决定；申诉成立，限制即行解除。",
        "Anybody it holds can ask for review. Somebody else decides within 24 hours; if you are right, it ends.",
    ));
    part(Nth::Appeal, "如何申诉", "How to appeal", appeal);
    let mut promises: Vec<_> = row.promises.iter().collect();
    promises.sort_by_key(|promise| promise.service);
    let help: Vec<(String, String)> = promises
        .into_iter()
        .map(|promise| {
            let who = match &promise.vehicle {
                Some(vehicle) => say.pick(
                    &format!("{}（车辆：{vehicle}）", promise.provider),
                    &format!("{} (vehicle: {vehicle})", promise.provider),
                ),
                None => promise.provider.to_string(),
            };
            (say.service(promise.service), who)
        })
        .collect();
    let none = say.pick("尚未落实。", "None is arranged yet.");
    let lines = if help.is_empty() { vec![none] } else { vec![] };
    let heading = say.pick("有哪些帮助，由谁提供", "Which help comes, and from whom");
    parts.push((Nth::Help, Part { heading, lines, help, urgent: false }));
    parts.sort_by_key(|(nth, _)| *nth);
    let parts = parts.into_iter().map(|(_, part)| part).collect();
    Ok(Page { title, state: state(&say, shown, &at, now), binds: row.measure.binds(now), parts, as_of: at(now) })
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

const STYLE: &str = "*{box-sizing:border-box}body{font:17px/1.65 system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif;\
color:#1c1c1c;background:#f4f3f0;margin:0;padding:1.5rem 1rem}main{max-width:42rem;margin:0 auto;background:#fff;padding:1.8rem 2rem;\
border:1px solid #dcd9d2;border-radius:.5rem}h1{font-size:1.75rem;line-height:1.3;margin:0 0 1rem}h2{font-size:1.02rem;margin:1.5rem 0 .3rem;\
padding-top:.9rem;border-top:1px solid #e6e3dc}p{margin:.25rem 0}.state{border-left:.45rem solid #1d6b3a;background:#eef6f0;padding:.8rem 1rem;\
font-weight:600;border-radius:.2rem}.state.binds{border-color:#9a3412;background:#fdf1ea}.urgent{background:#fff4f2;border:1px solid #e3a79b;\
border-radius:.4rem;padding:.8rem 1rem;margin-top:1.5rem}.urgent h2{border:0;padding:0;margin:0 0 .2rem;color:#9b1c1c}\
table{border-collapse:collapse;width:100%}th,td{text-align:left;border-bottom:1px solid #e6e3dc;padding:.45rem .8rem .45rem 0;\
vertical-align:top}th{font-weight:600;color:#555;font-size:.88rem}footer{margin-top:1.8rem;padding-top:.8rem;border-top:1px solid #e6e3dc;\
color:#555;font-size:.85rem}@media(max-width:30rem){body{padding:0}main{border:0;border-radius:0;padding:1.2rem 1rem}}\
@media print{body{background:#fff;padding:0}main{border:0;padding:0}h2,.urgent{break-after:avoid;break-inside:avoid}}";

impl Part {
    fn html(&self, say: &Say, out: &mut String) {
        let class = if self.urgent { " class=\"urgent\"" } else { "" };
        out.push_str(&format!("<section{class}><h2>{}</h2>\n", escaped(&self.heading)));
        for line in &self.lines {
            out.push_str(&format!("<p>{}</p>\n", escaped(line)));
        }
        if !self.help.is_empty() {
            let (what, who) = (say.pick("帮助", "Help"), say.pick("提供者", "From"));
            out.push_str(&format!(
                "<table><thead><tr><th scope=\"col\">{what}</th><th scope=\"col\">{who}</th></tr></thead><tbody>\n"
            ));
            for (what, who) in &self.help {
                out.push_str(&format!("<tr><td>{}</td><td>{}</td></tr>\n", escaped(what), escaped(who)));
            }
            out.push_str("</tbody></table>\n");
        }
        out.push_str("</section>\n");
    }
}

impl Page {
    /// As one self-contained HTML file.
    pub fn html(&self, language: Language) -> String {
        let say = Say(language);
        let lang = say.pick("zh-CN", "en");
        let mut out = format!(
            "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width,initial-scale=1\"><title>{0}</title><style>{STYLE}</style></head>\n<body>\n<main>\n<h1>{0}</h1>\n",
            escaped(&self.title)
        );
        let class = if self.binds { "state binds" } else { "state" };
        out.push_str(&format!("<p class=\"{class}\">{}</p>\n", escaped(&self.state)));
        for part in &self.parts {
            part.html(&say, &mut out);
        }
        let footer = say.pick(
            &format!("截至 {}。本页不含任何个人信息。", self.as_of),
            &format!("As of {}. Nothing personal stands on this page.", self.as_of),
        );
        out.push_str(&format!("<footer>{}</footer>\n</main>\n</body></html>\n", escaped(&footer)));
        out
    }
}
