//! The page: both languages in one file, each a sequence of A4 sheets, switched by style alone.
//!
//! Self-contained: no script, no font, no request; its content security policy forbids them all.

mod first;
mod markup;
mod pager;
mod parts;
mod style;
mod table;

pub(crate) use markup::{esc, synthetic};
pub(crate) use style::STYLE;
pub(crate) use table::lines;

use crate::chart::svg::HATCH;
use crate::facts::{BriefFacts, Message};
use crate::findings::Findings;
use crate::lang::{DateStyle, Lang, Speaker};
use crate::rich::Rich;
use crate::tokens;

/// What every part of the page is made from.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) facts: &'a BriefFacts,
    pub(crate) findings: &'a Findings,
    pub(crate) speaker: Speaker,
}

impl View<'_> {
    /// One of two fixed texts.
    pub(crate) fn t(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.speaker.lang.pick(zh, en)
    }
    /// A message in this language.
    pub(crate) fn say(&self, message: &Message) -> Rich {
        crate::catalogue::write(message, self.speaker)
    }
    /// A message as markup.
    pub(crate) fn html(&self, message: &Message) -> String {
        markup::rich(&self.say(message))
    }
    /// Messages one after the other; English parts its sentences by a space.
    pub(crate) fn say_all(&self, messages: &[Message]) -> Rich {
        let mut all = Rich::default();
        for (at, message) in messages.iter().enumerate() {
            if at > 0 && self.speaker.lang == Lang::En {
                all.push(Rich::text(" "));
            }
            all.push(self.say(message));
        }
        all
    }
    /// Messages that are no full sentences, parted by semicolons.
    pub(crate) fn say_clauses(&self, messages: &[Message]) -> Rich {
        let mut all = Rich::default();
        for (at, message) in messages.iter().enumerate() {
            if at > 0 {
                all.push(Rich::text(self.t("；", "; ")));
            }
            all.push(self.say(message));
        }
        all
    }
    /// The title of a part and whether it rests on synthetic figures.
    pub(crate) fn title(&self, key: &str) -> (Rich, bool) {
        match self.findings.titles.get(key) {
            Some(finding) => (self.say(&finding.message).capitalised(), finding.synthetic),
            None => (Rich::text(key), false),
        }
    }
    /// The S mark, if it is due.
    pub(crate) fn s(&self, is: bool) -> &'static str {
        markup::synthetic(self.speaker, is)
    }
}

/// The whole page; `shown` is the language that is shown first.
pub(crate) fn page(facts: &BriefFacts, findings: &Findings, shown: Lang) -> String {
    let mut bodies = String::new();
    let mut contents = String::new();
    let mut title = String::new();
    for lang in Lang::BOTH {
        let speaker = Speaker { lang, year: facts.masthead.day.year() };
        let view = View { facts, findings, speaker };
        let (article, toc) = article(&view);
        bodies.push_str(&article);
        contents.push_str(&toc);
        if lang == shown {
            let day = speaker.day(facts.masthead.day, DateStyle::Full);
            title = format!("{} · {} · {day}", lang.of(&facts.masthead.city), view.t("每日简报", "Daily brief"));
        }
    }
    let checked = |lang: Lang| if lang == shown { " checked" } else { "" };
    format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"referrer\" content=\"no-referrer\">\
<title>{}</title>\n<style>{}{}</style></head>\n<body>\
<input class=\"pick\" type=\"radio\" name=\"lang\" id=\"pick-zh\"{}><input class=\"pick\" type=\"radio\" name=\"lang\" id=\"pick-en\"{}>\
<nav class=\"bar\" aria-label=\"简报 Brief\">{contents}<div class=\"langs\"><label class=\"l-zh\" for=\"pick-zh\" lang=\"zh-CN\">中文</label>\
<label class=\"l-en\" for=\"pick-en\" lang=\"en\">English</label></div></nav>{HATCH}<main>{bodies}</main></body></html>\n",
        shown.tag(),
        esc(&title),
        tokens::custom_properties(),
        STYLE,
        checked(Lang::Zh),
        checked(Lang::En),
    )
}

/// One language: its sheets, and its table of contents for the screen.
fn article(view: &View<'_>) -> (String, String) {
    let lang = view.speaker.lang;
    let pages = pager::lay_out(view, parts::all(view));
    let first = first::sheet(view, &pages);
    let mut sheets = String::new();
    for sheet in pages.sheets() {
        sheets.push_str(sheet);
    }
    let mut toc = format!("<div class=\"toc toc-{}\" lang=\"{}\">", lang.key(), lang.tag());
    for (page, label) in pages.contents() {
        toc.push_str(&format!("<a href=\"#{}-p{page}\">{page} {}</a>", lang.key(), esc(label)));
    }
    toc.push_str("</div>");
    (format!("<article class=\"a-{}\" lang=\"{}\">{first}{sheets}</article>", lang.key(), lang.tag()), toc)
}
