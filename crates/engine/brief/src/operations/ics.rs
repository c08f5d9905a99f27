//! The timetable as a calendar (RFC 5545).
//!
//! What has to be done by a time is a `VTODO` with a due time: a late task stays on the list of things to do, where an event
//! would stand in the past and be seen by nobody. What runs for a time (restrictions, runs, teams, areas) is a `VEVENT`. Times
//! carry the city's zone; where its clocks change within the timetable they are given in UTC, which every calendar shows rightly.

use super::facts::{At, Operations, Row, Source, State};
use super::words::{lateness, speaker, who};
use crate::facts::Origin;
use crate::lang::Lang;
use jiff::Timestamp;

/// Octets of a line without its break (RFC 5545, 3.1).
const LINE: usize = 75;

/// A line, folded: no line is longer than 75 octets, and no letter is broken in two.
fn fold(out: &mut String, line: &str) {
    let mut room = LINE;
    for c in line.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = LINE - 1;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    out.push_str("\r\n");
}

/// A text value (RFC 5545, 3.3.11). Control characters have no place in it.
fn text(given: &str) -> String {
    let mut out = String::with_capacity(given.len());
    for c in given.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// An offset as `+0800`.
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

struct Calendar<'a> {
    of: &'a Operations,
    lang: Lang,
    out: String,
}

impl Calendar<'_> {
    fn line(&mut self, line: &str) {
        fold(&mut self.out, line);
    }

    fn time(&mut self, name: &str, at: At) {
        let value = match self.of.zone.fixed_offset {
            Some(_) => format!("{name};TZID={}:{}", self.of.zone.id, at.local.strftime("%Y%m%dT%H%M%S")),
            None => format!("{name}:{}", utc(at.utc)),
        };
        self.line(&value);
    }

    fn zone(&mut self) {
        let Some(seconds) = self.of.zone.fixed_offset else { return };
        self.line("BEGIN:VTIMEZONE");
        self.line(&format!("TZID:{}", self.of.zone.id));
        self.line("BEGIN:STANDARD");
        self.line("DTSTART:19700101T000000");
        self.line(&format!("TZOFFSETFROM:{}", offset(seconds)));
        self.line(&format!("TZOFFSETTO:{}", offset(seconds)));
        self.line("END:STANDARD");
        self.line("END:VTIMEZONE");
    }

    fn summary(&self, row: &Row) -> String {
        let lang = self.lang;
        let late = if row.state == State::Overdue { lang.pick("【逾期】", "OVERDUE: ") } else { "" };
        let place = lang.of(&row.place_name);
        let units = row.units.as_ref().map_or_else(String::new, |(count, unit)| {
            format!(" {} {}", speaker(self.of, lang).count(*count), lang.of(unit))
        });
        let synthetic = if row.origin == Origin::Synthetic { " [S]" } else { "" };
        format!("{late}{} · {place}{units}{synthetic}", lang.of(&row.what))
    }

    fn description(&self, row: &Row) -> String {
        let lang = self.lang;
        let mut lines = vec![
            format!("{}{}", lang.pick("责任人：", "Owner: "), who(row, lang)),
            format!("{}{}, {}", lang.pick("状态：", "State: "), row.state.name(lang), row.source.name(lang)),
        ];
        if let Some(minutes) = row.late_minutes {
            lines.push(format!("{}{}", lang.pick("已逾期：", "Late by: "), lateness(minutes, speaker(self.of, lang))));
        }
        if let Some(note) = &row.note {
            lines.push(lang.of(note).to_owned());
        }
        if row.source.is_proposal() {
            lines.push(lang.pick("建议，由人决定。", "A proposal: people decide.").to_owned());
        }
        if row.origin == Origin::Synthetic {
            lines.push(lang.pick("S：依据模拟数据。", "S: rests on invented rows.").to_owned());
        }
        lines.push(format!("{}:{}", row.source.code(), row.id));
        lines.join("\n")
    }

    fn row(&mut self, row: &Row) {
        let lang = self.lang;
        // What must be decided or done by a time; everything else runs for a time.
        let task = matches!(
            row.source,
            Source::Obligation | Source::Order | Source::Review | Source::Appeal | Source::Settlement
        );
        let name = if task { "VTODO" } else { "VEVENT" };
        self.line(&format!("BEGIN:{name}"));
        self.line(&format!("UID:{}-{}@{}.levee", row.source.code(), text(&row.id), self.of.city_code));
        self.line(&format!("DTSTAMP:{}", utc(self.of.at.utc)));
        match (task, row.from) {
            // A start after the due time is no start (RFC 5545, 3.8.2.3).
            (true, from) => {
                if let Some(from) = from.filter(|from| from.utc < row.until.utc) {
                    self.time("DTSTART", from);
                }
                self.time("DUE", row.until);
            }
            (false, Some(from)) if from.utc < row.until.utc => {
                self.time("DTSTART", from);
                self.time("DTEND", row.until);
            }
            (false, _) => self.time("DTSTART", row.until),
        }
        let (summary, description) = (text(&self.summary(row)), text(&self.description(row)));
        self.line(&format!("SUMMARY:{summary}"));
        self.line(&format!("DESCRIPTION:{description}"));
        self.line(&format!("LOCATION:{}", text(lang.of(&row.place_name))));
        let categories = [
            self.of.section_name(&row.section, lang),
            self.of.district_name(&row.district, lang),
            row.state.name(lang).to_owned(),
        ];
        self.line(&format!("CATEGORIES:{}", categories.map(|one| text(&one)).join(",")));
        if row.life_saving {
            self.line("PRIORITY:1");
        }
        let status = match (task, row.state) {
            (true, State::Done) => "COMPLETED",
            (true, _) => "NEEDS-ACTION",
            (false, State::Live | State::Done) => "CONFIRMED",
            (false, State::Suspended) => "CANCELLED",
            (false, _) => "TENTATIVE",
        };
        self.line(&format!("STATUS:{status}"));
        if !task {
            // A restriction does not fill anybody's day.
            self.line("TRANSP:TRANSPARENT");
        }
        self.line(&format!("END:{name}"));
    }
}

impl Operations {
    /// What the calendar is called.
    fn calendar_name(&self, lang: Lang) -> String {
        let mut name = format!("{} · {}", lang.of(&self.city), lang.pick("作战时刻表", "Operations timetable"));
        if let Some(district) = &self.district {
            name.push_str(&format!(" · {}", self.district_name(district, lang)));
        }
        if let Some(section) = &self.section {
            name.push_str(&format!(" · {}", self.section_name(section, lang)));
        }
        name
    }

    /// As a calendar in one language.
    pub fn ics(&self, lang: Lang) -> String {
        let mut calendar = Calendar { of: self, lang, out: String::new() };
        let name = text(&self.calendar_name(lang));
        calendar.line("BEGIN:VCALENDAR");
        calendar.line("VERSION:2.0");
        calendar.line("PRODID:-//Levee//Operations timetable//EN");
        calendar.line("CALSCALE:GREGORIAN");
        calendar.line("METHOD:PUBLISH");
        calendar.line(&format!("X-WR-CALNAME:{name}"));
        calendar.line(&format!("X-WR-TIMEZONE:{}", self.zone.id));
        calendar.zone();
        for row in &self.rows {
            calendar.row(row);
        }
        calendar.line("END:VCALENDAR");
        calendar.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fold_at_75_octets_and_never_within_a_letter() {
        let mut out = String::new();
        fold(&mut out, &"重庆a".repeat(40));
        let lines: Vec<&str> = out.split("\r\n").collect();
        assert!(lines.iter().all(|line| line.len() <= LINE), "{lines:?}");
        assert!(lines.iter().any(|line| line.len() >= LINE - 2));
        assert_eq!(out.replace("\r\n ", "").trim_end(), "重庆a".repeat(40));
    }

    #[test]
    fn texts_are_escaped_as_the_standard_asks() {
        assert_eq!(text("a;b,c\\d\ne\r\u{7}"), "a\\;b\\,c\\\\d\\ne");
        assert_eq!((offset(28_800), offset(-12_600), offset(0)), ("+0800".into(), "-0330".into(), "+0000".into()));
    }
}
