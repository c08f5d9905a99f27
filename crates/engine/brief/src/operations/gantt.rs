//! The lanes: one bar for each line, by district and section, on one axis of time.

use super::facts::{Operations, Row, State};
use super::words::{lateness, speaker, who, who_short};
use crate::facts::Origin;
use crate::html::{esc, synthetic};
use crate::lang::{DateStyle, Lang};
use jiff::SignedDuration;
use jiff::civil::DateTime;
use std::collections::BTreeMap;

/// Hours of the axis before the moment, and after it: yesterday's lateness, and the next two days (the horizon of the meeting).
const BEFORE_HOURS: i64 = 24;
const AFTER_HOURS: i64 = 48;

/// Lanes that one section of a district shows; the table has them all, up to its own limit.
const LANES: usize = 6;

/// Hours in which something counts as due soon.
const SOON_HOURS: i64 = 6;

struct Axis {
    from: DateTime,
    minutes: f64,
}

impl Axis {
    fn of(operations: &Operations) -> Self {
        let at = operations.at.local;
        let from = at.checked_sub(SignedDuration::from_hours(BEFORE_HOURS)).unwrap_or(at);
        #[expect(clippy::cast_precision_loss, reason = "three days in minutes")]
        let minutes = ((BEFORE_HOURS + AFTER_HOURS) * 60) as f64;
        Self { from, minutes }
    }

    /// Percent of the axis, before its beginning below 0, after its end above 100.
    #[expect(clippy::cast_precision_loss, reason = "minutes of an outbreak lie far below 2^52")]
    fn percent(&self, at: DateTime) -> f64 {
        at.duration_since(self.from).as_mins() as f64 / self.minutes * 100.0
    }

    fn midnights(&self) -> Vec<(f64, DateTime)> {
        let mut all = Vec::new();
        let mut day = self.from.date();
        while let Ok(next) = day.tomorrow() {
            let at = next.to_datetime(jiff::civil::Time::midnight());
            if self.percent(at) > 99.0 {
                break;
            }
            all.push((self.percent(at), at));
            day = next;
        }
        all
    }
}

fn grid(axis: &Axis, now: DateTime) -> String {
    let mut out: String =
        axis.midnights().iter().map(|(at, _)| format!("<i class=\"g\" style=\"left:{at:.2}%\"></i>")).collect();
    out.push_str(&format!("<i class=\"now\" style=\"left:{:.2}%\"></i>", axis.percent(now)));
    out
}

fn lane(of: &Operations, row: &Row, axis: &Axis, grid: &str, lang: Lang) -> String {
    let speaker = speaker(of, lang);
    let now = of.at.local;
    let (start, end) = (axis.percent(row.from.map_or(row.until.local, |at| at.local)), axis.percent(row.until.local));
    // A late task runs on to now: dark from its due time.
    let (left, right) = (start.clamp(0.0, 100.0), end.clamp(0.0, 100.0));
    let mut track = String::from(grid);
    let bar = |track: &mut String, from: f64, to: f64, class: &str| {
        if to > from {
            track.push_str(&format!("<i class=\"b {class}\" style=\"left:{from:.2}%;width:{:.2}%\"></i>", to - from));
        }
    };
    match row.state {
        State::Overdue => {
            bar(&mut track, left, right, State::Owed.code());
            bar(&mut track, right, axis.percent(now), State::Overdue.code());
        }
        state => bar(&mut track, left, right, state.code()),
    }
    let soon =
        row.state == State::Owed && end <= axis.percent(now.saturating_add(SignedDuration::from_hours(SOON_HOURS)));
    if (0.0..=100.0).contains(&end) {
        let (sign, class) = match row.state {
            State::Overdue => ("▲", "overdue"),
            State::Owed if soon => ("◔", "soon"),
            State::Done => ("✓", "done"),
            _ => ("◇", "ends"),
        };
        track.push_str(&format!("<i class=\"d {class}\" style=\"left:{end:.2}%;font-style:normal\">{sign}</i>"));
    }
    let when = match (row.state, row.late_minutes) {
        (State::Overdue, Some(minutes)) => {
            let late = lateness(minutes, speaker);
            format!("<b>▲ {}</b>", lang.pick(format!("逾期{late}"), format!("{late} late")))
        }
        (State::Done, _) => format!("✓ {}", row.state.name(lang)),
        (state, _) => {
            let until = speaker.moment(row.until.local);
            let sign = if soon { "◔ " } else { "" };
            let word = match state {
                State::Owed => lang.pick("前", "by"),
                _ => lang.pick("止", "until"),
            };
            format!("{sign}{}", lang.pick(format!("{until}{word}"), format!("{word} {until}")))
        }
    };
    let (owner, short) = (who(row, lang), who_short(row, lang));
    let owner_html = if row.is_unowned() && row.is_open() { format!("<b>! {}</b>", esc(&short)) } else { esc(&short) };
    let units = row
        .units
        .as_ref()
        .map_or_else(String::new, |(count, unit)| format!(" {} {}", speaker.count(*count), lang.of(unit)));
    let state = row.state;
    let what = format!("{} {}{units} · {}", state.sign(), lang.of(&row.what), lang.of(&row.place_name));
    let mark = synthetic(speaker, of.synthetic().1 && row.origin == Origin::Synthetic);
    let label = format!("{what}; {}; {owner}", state.name(lang));
    format!(
        "<div class=\"lane\" role=\"listitem\" aria-label=\"{}\"><div class=\"w\" title=\"{}\">{}{mark}</div><div class=\"track\" \
         aria-hidden=\"true\">{track}</div><div class=\"o\" title=\"{}\">{when} · {owner_html}</div></div>",
        esc(&label),
        esc(&what),
        esc(&what),
        esc(&owner),
    )
}

/// The lines of a district by section.
type Sections<'a> = Vec<(String, Vec<&'a Row>)>;

/// Lines that belong together: a district, then a section, the latest and the soonest first.
fn groups(of: &Operations) -> Vec<(String, Sections<'_>)> {
    let mut by: BTreeMap<&str, BTreeMap<&str, Vec<&Row>>> = BTreeMap::new();
    for row in &of.rows {
        by.entry(row.district.as_str()).or_default().entry(row.section.as_str()).or_default().push(row);
    }
    let worst = |rows: &BTreeMap<&str, Vec<&Row>>| {
        let overdue = rows.values().flatten().filter(|row| row.state == State::Overdue).count();
        let open = rows.values().flatten().filter(|row| row.is_open()).count();
        (overdue, open)
    };
    let mut districts: Vec<_> = by.into_iter().collect();
    // The whole city first, then the districts with most that is late.
    districts.sort_by_key(|(code, rows)| (*code != of.city_code, std::cmp::Reverse(worst(rows)), *code));
    districts
        .into_iter()
        .map(|(code, sections)| {
            (code.to_owned(), sections.into_iter().map(|(section, rows)| (section.to_owned(), rows)).collect())
        })
        .collect()
}

/// All lanes of a page.
pub(super) fn lanes(of: &Operations, lang: Lang) -> String {
    let speaker = speaker(of, lang);
    let axis = Axis::of(of);
    let grid = grid(&axis, of.at.local);
    let mut out = String::new();
    let mut head: String = axis
        .midnights()
        .iter()
        .map(|(at, day)| format!("<span style=\"left:{at:.2}%\">{}</span>", speaker.day(day.date(), DateStyle::Short)))
        .collect();
    head.push_str(&format!("<i class=\"now\" style=\"left:{:.2}%\"></i>", axis.percent(of.at.local)));
    out.push_str(&format!(
        "<div class=\"axis\" aria-hidden=\"true\"><div></div><div class=\"track\">{head}</div><div></div></div>"
    ));
    for (district, sections) in groups(of) {
        let rows = || sections.iter().flat_map(|(_, rows)| rows);
        let overdue = rows().filter(|row| row.state == State::Overdue).count() as u64;
        let counts = lang.pick(
            format!("{}行，逾期{}", speaker.count(rows().count() as u64), speaker.count(overdue)),
            format!("{} lines, {} overdue", speaker.count(rows().count() as u64), speaker.count(overdue)),
        );
        out.push_str(&format!(
            "<h3>{} <span class=\"n\">{counts}</span></h3>",
            esc(&of.district_name(&district, lang))
        ));
        for (section, rows) in &sections {
            let name = of.section_name(section, lang);
            let more = rows.len().saturating_sub(LANES);
            let note = match more {
                0 => String::new(),
                more => {
                    let more = speaker.count(more as u64);
                    lang.pick(format!("，另有{more}行见下表"), format!("; {more} more in the table"))
                }
            };
            let lines = rows.iter().take(LANES).map(|row| lane(of, row, &axis, &grid, lang)).collect::<String>();
            out.push_str(&format!("<div class=\"sub\">{}{note}</div><div role=\"list\">{lines}</div>", esc(&name)));
        }
    }
    out
}
