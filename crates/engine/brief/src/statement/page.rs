//! The page: both languages in one file, each a sequence of A4 sheets.

use super::facts::{Standing, StatementFacts};
use super::{first, parts, style};
use crate::facts::Words;
use crate::html::{STYLE, esc};
use crate::lang::{DateStyle, Lang, Speaker};
use crate::tokens;

/// The facts and the language in which they are said.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) facts: &'a StatementFacts,
    pub(super) speaker: Speaker,
}

impl<'a> View<'a> {
    pub(super) fn t<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        self.speaker.lang.pick(zh, en)
    }
    pub(super) fn of(&self, words: &'a Words) -> &'a str {
        self.speaker.lang.of(words)
    }
    /// Words of its own, as markup.
    pub(super) fn say(&self, words: &Words) -> String {
        esc(self.speaker.lang.of(words))
    }
    pub(super) fn count(&self, count: u64) -> String {
        self.speaker.count(count)
    }
    /// How late, in the largest unit that says it well.
    pub(super) fn late(&self, minutes: u64) -> String {
        #[expect(clippy::cast_precision_loss, reason = "minutes of lateness lie far below 2^52")]
        self.speaker.hours(minutes as f64 / 60.0)
    }
    /// The S mark, if it is due.
    pub(super) fn s(&self, is: bool) -> &'static str {
        crate::html::synthetic(self.speaker, is)
    }
    /// The S mark in a row: only where some rows are invented and others are not; else the title says it for all.
    pub(super) fn mark(&self, is: bool) -> &'static str {
        self.s(is && self.facts.is_mixed())
    }
    /// What the page is called.
    pub(super) fn title(&self) -> &'static str {
        self.speaker.lang.pick("日清日结单", "Settlement statement")
    }
}

/// A hash for people to compare: its first sixteen digits in fours.
pub(super) fn short(hex: &str) -> String {
    let digits: Vec<char> = hex.chars().take(16).collect();
    digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The foot of every sheet.
pub(super) fn foot(view: &View<'_>, page: usize, total: usize) -> String {
    let lang = view.speaker.lang;
    let note = match view.facts.is_synthetic() {
        true => format!(
            "{} {}",
            view.s(true),
            view.t("含模拟数据，非真实记录。", "rests on synthetic rows: invented, not on record.")
        ),
        false => String::new(),
    };
    let mark = match &view.facts.standing {
        Standing::Sealed { seal, .. } => format!("{} {}", view.t("封印", "seal"), short(seal)),
        Standing::Signed { .. } | Standing::Draft => view.t("未封账", "NOT SEALED").to_owned(),
    };
    let page = lang.pick(format!("第{page}页，共{total}页"), format!("Page {page} of {total}"));
    format!(
        "<footer class=\"src\"><div class=\"pg\"><span>{note}</span><span class=\"nw\">{page} · {}</span></div></footer>",
        esc(&mark)
    )
}

fn article(view: &View<'_>) -> String {
    let lang = view.speaker.lang;
    let bodies = parts::lay_out(view);
    let total = bodies.len() + 1;
    let day = view.speaker.day(view.facts.day, DateStyle::Full);
    let mut sheets = first::sheet(view, total);
    for (body, page) in bodies.iter().zip(2usize..) {
        sheets.push_str(&format!(
            "<section class=\"sheet\"><div class=\"run\"><span>{} · {}</span><span>{day}</span></div>{body}{}</section>",
            view.title(),
            view.say(&view.facts.scope),
            foot(view, page, total),
        ));
    }
    format!("<article class=\"a-{}\" lang=\"{}\">{sheets}</article>", lang.key(), lang.tag())
}

impl StatementFacts {
    /// The page with both languages; `shown` is the one that is shown first and printed.
    pub fn to_html(&self, shown: Lang) -> String {
        let view = |lang| View { facts: self, speaker: Speaker { lang, year: self.day.year() } };
        let bodies: String = Lang::BOTH.into_iter().map(|lang| article(&view(lang))).collect();
        let first = view(shown);
        let title =
            format!("{} · {} · {}", first.of(&self.scope), first.title(), first.speaker.day(self.day, DateStyle::Full));
        let checked = |lang: Lang| if lang == shown { " checked" } else { "" };
        format!(
            "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"referrer\" content=\"no-referrer\">\
<title>{}</title>\n<style>{}{STYLE}{}</style></head>\n<body>\
<input class=\"pick\" type=\"radio\" name=\"lang\" id=\"pick-zh\"{}><input class=\"pick\" type=\"radio\" name=\"lang\" id=\"pick-en\"{}>\
<nav class=\"bar\" aria-label=\"日清日结单 Statement\"><div class=\"langs\"><label class=\"l-zh\" for=\"pick-zh\" lang=\"zh-CN\">中文</label>\
<label class=\"l-en\" for=\"pick-en\" lang=\"en\">English</label></div></nav><main>{bodies}</main></body></html>\n",
            shown.tag(),
            esc(&title),
            tokens::custom_properties(),
            style::STYLE,
            checked(Lang::Zh),
            checked(Lang::En),
        )
    }
}
