//! Puts the parts onto A4 sheets and numbers them. Heights are estimates on the safe side: a sheet that is fuller than
//! thought grows, it never cuts.

use super::View;
use super::markup::{esc, rich};
use super::table::{Table, lines};
use crate::lang::DateStyle;
use crate::rich::Rich;
use std::collections::BTreeMap;

/// A part of the brief after the first sheet.
pub(crate) struct Part {
    /// Its key, used for links.
    pub(crate) key: &'static str,
    /// Its name in the table of contents.
    pub(crate) label: &'static str,
    /// Its finding.
    pub(crate) title: Rich,
    /// Whether what stands under it is synthetic.
    pub(crate) synthetic: bool,
    /// Unit, period, coverage, age; plain text.
    pub(crate) sub: String,
    /// What stands under it.
    pub(crate) pieces: Vec<Piece>,
    /// Whether it begins a new group of the table of contents and so should start on a fresh sheet if little is left.
    pub(crate) chapter: bool,
    /// Whether it should stand on one sheet if one can hold it, even at the price of white space.
    pub(crate) together: bool,
}

/// Something that stands under a title.
pub(crate) enum Piece {
    /// Cannot be parted; height in pixels.
    Whole(String, f64),
    /// Can be carried over between rows.
    Table(Table),
}

/// The sheets after the first, and where each part begins.
pub(crate) struct Pages {
    sheets: Vec<String>,
    begins: BTreeMap<&'static str, usize>,
    contents: Vec<(usize, &'static str)>,
}

impl Pages {
    /// The sheets, as markup.
    pub(crate) fn sheets(&self) -> &[String] {
        &self.sheets
    }
    /// The page on which a part begins.
    pub(crate) fn page_of(&self, key: &str) -> Option<usize> {
        self.begins.get(key).copied()
    }
    /// How many pages the brief has, the first sheet included.
    pub(crate) fn total(&self) -> usize {
        self.sheets.len() + 1
    }
    /// Page and name of the chapters.
    pub(crate) fn contents(&self) -> impl Iterator<Item = &(usize, &'static str)> {
        self.contents.iter()
    }
}

/// Height of a sheet without its running head and foot, pixels.
const HEIGHT: f64 = 968.0;
/// Width of a sheet without its margins, pixels.
pub(crate) const WIDTH: f64 = 674.0;

struct Pager {
    bodies: Vec<String>,
    y: f64,
}

impl Pager {
    fn push(&mut self, html: &str, height: f64) {
        if let Some(body) = self.bodies.last_mut() {
            body.push_str(html);
        }
        self.y += height;
    }
    fn fits(&self, height: f64) -> bool {
        self.y + height <= HEIGHT
    }
    fn turn(&mut self) {
        if self.y > 0.0 || self.bodies.is_empty() {
            self.bodies.push(String::new());
            self.y = 0.0;
        }
    }
}

/// Lays the parts out.
pub(crate) fn lay_out(view: &View<'_>, parts: Vec<Part>) -> Pages {
    let mut pager = Pager { bodies: Vec::new(), y: 0.0 };
    let mut begins = BTreeMap::new();
    let mut contents = vec![(1, view.t("要情", "Summary"))];
    pager.turn();
    for part in parts {
        let head = 24.0
            + lines(part.title.ems() + 2.0, 13.5, WIDTH) * 18.5
            + if part.sub.is_empty() { 0.0 } else { lines(crate::rich::ems(&part.sub), 11.5, WIDTH) * 16.5 };
        let first = part.pieces.first().map_or(0.0, |piece| match piece {
            Piece::Whole(_, height) => *height,
            Piece::Table(table) => table.head + table.rows.iter().take(3).map(|row| row.1).sum::<f64>(),
        });
        let total = head
            + part
                .pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Whole(_, height) => *height,
                    Piece::Table(table) => table.head + table.rows.iter().map(|row| row.1).sum::<f64>(),
                })
                .sum::<f64>();
        let parted = total <= HEIGHT && !pager.fits(total) && (part.together || pager.y > HEIGHT * 0.5);
        // A chapter that would begin at the foot of a sheet reads better on the next one.
        if parted || !pager.fits(head + first) || (part.chapter && pager.y > HEIGHT * 0.72) {
            pager.turn();
        }
        let page = pager.bodies.len() + 1;
        begins.insert(part.key, page);
        if part.chapter {
            contents.push((page, part.label));
        }
        let id = format!("{}-{}", view.speaker.lang.key(), part.key);
        let mut open = format!(
            "<section class=\"sec\" aria-labelledby=\"{id}\"><header><h2 id=\"{id}\">{}{}</h2>",
            rich(&part.title),
            view.s(part.synthetic)
        );
        if !part.sub.is_empty() {
            open.push_str(&format!("<p class=\"sub\">{}</p>", esc(&part.sub)));
        }
        open.push_str("</header>");
        pager.push(&open, head);
        for piece in part.pieces {
            place(view, &mut pager, piece, part.label);
        }
        pager.push("</section>", 0.0);
    }
    finish(view, pager, begins, contents)
}

fn carry_over(view: &View<'_>, pager: &mut Pager, label: &str) {
    pager.push("</section>", 0.0);
    pager.turn();
    let again = view.t("（续）", " (continued)");
    pager.push(&format!("<section class=\"sec\"><p class=\"sub\">{}{again}</p>", esc(label)), 34.0);
}

fn place(view: &View<'_>, pager: &mut Pager, piece: Piece, label: &str) {
    match piece {
        Piece::Whole(html, height) => {
            if !pager.fits(height) {
                carry_over(view, pager, label);
            }
            pager.push(&html, height);
        }
        Piece::Table(table) => {
            if !pager.fits(table.head + table.rows.first().map_or(0.0, |row| row.1)) {
                carry_over(view, pager, label);
            }
            pager.push(&table.open, table.head);
            for (row, height) in &table.rows {
                if !pager.fits(*height) {
                    pager.push(table.close, 0.0);
                    carry_over(view, pager, label);
                    pager.push(&table.open, table.head);
                }
                pager.push(row, *height);
            }
            pager.push(table.close, 0.0);
        }
    }
}

fn finish(
    view: &View<'_>,
    pager: Pager,
    begins: BTreeMap<&'static str, usize>,
    contents: Vec<(usize, &'static str)>,
) -> Pages {
    let total = pager.bodies.len() + 1;
    let masthead = &view.facts.masthead;
    let day = view.speaker.day(masthead.day, DateStyle::Full);
    let known = view.speaker.moment(masthead.as_known_at);
    let sheets = pager
        .bodies
        .into_iter()
        .zip(2usize..)
        .map(|(body, page)| {
            format!(
                "<section class=\"sheet\" id=\"{}-p{page}\" aria-label=\"{}\"><div class=\"run\"><span>{} · {day}</span><span>{}</span></div>{body}{}</section>",
                view.speaker.lang.key(),
                esc(&page_words(view, page, total)),
                esc(view.speaker.lang.of(&masthead.headquarters)),
                view.speaker.lang.pick(format!("按{known}所知"), format!("as known at {known}")),
                foot(view, "", page, total),
            )
        })
        .collect();
    Pages { sheets, begins, contents }
}

fn page_words(view: &View<'_>, page: usize, total: usize) -> String {
    view.speaker.lang.pick(format!("第{page}页，共{total}页"), format!("Page {page} of {total}"))
}

/// The foot of every sheet: sources on the first, then the S mark, the page and the code.
pub(crate) fn foot(view: &View<'_>, sources: &str, page: usize, total: usize) -> String {
    let note = view
        .facts
        .synthetic_note
        .as_ref()
        .map_or(String::new(), |note| format!("{}<span> {}</span>", view.s(true), esc(view.speaker.lang.of(note))));
    let code = view.t("编码", "code");
    format!(
        "<footer class=\"src\">{sources}<div class=\"pg\"><span>{note}</span><span class=\"nw\">{} · {code} {}</span></div></footer>",
        page_words(view, page, total),
        esc(&crate::rich::shortened(&view.facts.masthead.code, 24.0)),
    )
}
