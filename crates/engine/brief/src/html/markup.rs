//! The one place where text becomes markup. Nothing a city sends can leave its place.

use crate::facts::{Figure, Known, Message};
use crate::lang::Speaker;
use crate::rich::Rich;

/// Text for an element or an attribute in double quotes. Control characters and marks that turn the direction of
/// writing become a replacement sign: they can make a figure read differently from what it is.
pub(crate) fn esc(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() => out.push('\u{FFFD}'),
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// A sentence as markup.
pub(crate) fn rich(rich: &Rich) -> String {
    let mut out = String::new();
    for run in &rich.0 {
        let text = esc(&run.text);
        // A long run must be able to break: what no line can hold would be cut.
        let text = if run.whole && run.text.chars().count() <= 24 {
            format!("<span class=\"nw\">{text}</span>")
        } else {
            text
        };
        if run.strong {
            out.push_str("<b>");
            out.push_str(&text);
            out.push_str("</b>");
        } else {
            out.push_str(&text);
        }
    }
    out
}

/// The mark of synthetic figures.
pub(crate) fn synthetic(speaker: Speaker, is: bool) -> &'static str {
    match (is, speaker.lang) {
        (false, _) => "",
        (true, crate::lang::Lang::Zh) => "<abbr class=\"syn\" title=\"模拟数据\">S</abbr>",
        (true, crate::lang::Lang::En) => "<abbr class=\"syn\" title=\"synthetic\">S</abbr>",
    }
}

/// The hatched word for a figure that is not known; the reason is its title.
pub(crate) fn unknown(speaker: Speaker, reason: Option<&Message>) -> String {
    let title = reason.map(|reason| crate::catalogue::write(reason, speaker).plain()).unwrap_or_default();
    format!("<span class=\"unk\" title=\"{}\"><b>{}</b></span>", esc(&title), speaker.unknown())
}

/// A hatched panel that says why nothing stands in it.
pub(crate) fn void(speaker: Speaker, reason: Option<&Message>) -> String {
    let reason = reason.map(|reason| rich(&crate::catalogue::write(reason, speaker))).unwrap_or_default();
    let colon = if reason.is_empty() { "" } else { speaker.lang.pick("：", ": ") };
    format!("<div class=\"void\"><span>{}{colon}{reason}</span></div>", speaker.unknown())
}

/// A figure in a cell, without the S mark: tables that hold synthetic figures carry it in their title.
pub(crate) fn cell<T>(speaker: Speaker, figure: &Figure<T>, write: impl Fn(&T) -> String) -> String {
    match figure {
        Figure::Known(known) => known_cell(speaker, known, write),
        Figure::Unknown(unknown_figure) => unknown(speaker, Some(&unknown_figure.reason)),
    }
}

fn known_cell<T>(speaker: Speaker, known: &Known<T>, write: impl Fn(&T) -> String) -> String {
    let text = write(&known.value);
    if text == speaker.unknown() {
        return unknown(speaker, known.basis.as_ref());
    }
    format!("{}{}", esc(speaker.sign(known.qualifier)), esc(&text))
}
