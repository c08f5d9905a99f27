//! Tables of infections as a diligent city would send them: every hour, every place, what the day has brought so far.
//!
//! A day has 24 periods (0-1 h, 0-2 h, …, 0-24 h), each listing the districts, Wansheng apart, the central group and the
//! city. Counts only grow within a day, the group and the city are the sums they claim to be, and
//! total = confirmed + asymptomatic - converted = community + managed; so whatever contradiction is found in such a
//! table was put there, or is a fault of whoever found it. (A superseding row changes one figure and nothing else.)

use crate::faults::{Fate, Faults};
use crate::places::{APART, CENTRAL, CENTRAL_DISTRICTS, CITY, DISTRICTS};
use crate::random::Random;
use jiff::Span;
use jiff::civil::{Date, DateTime, date};
use std::io::{self, Write};

/// The newest day of a table; tables reach back from here as far as their rows need. The outbreak of the pack begins on
/// the day after, so that invented rows never stand among real ones.
pub const LAST_DAY: Date = date(2022, 10, 31);
/// Rows of a whole day: 24 periods of 41 places.
pub const ROWS_PER_DAY: u64 = 24 * PLACES as u64;

const PLACES: usize = DISTRICTS.len() + 3;
const HEADINGS: &str = "place,period_start,period_end,confirmed,asymptomatic,converted,total,pending,community,managed,\
    community_pct,deaths,office,source_id,known_at,known_at_assumed,origin,note";

/// What table to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Rows below the headings, exactly; bad and repeated ones included.
    pub rows: u64,
    /// The same seed gives the same bytes.
    pub seed: u64,
    /// What is wrong with it.
    pub faults: Faults,
}

impl Table {
    /// A table of good rows.
    pub fn good(rows: u64, seed: u64) -> Self {
        Self { rows, seed, faults: Faults::default() }
    }
}

/// What stands in a table that was made: rows = new + bad + duplicate + superseding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows below the headings.
    pub rows: u64,
    /// Good rows, the first of their key.
    pub new: u64,
    /// Rows that must be rejected.
    pub bad: u64,
    /// Rows that repeat another word for word.
    pub duplicate: u64,
    /// Rows that correct another.
    pub superseding: u64,
    /// Sum over `confirmed` of new rows, to hold an import against.
    pub confirmed: u64,
}

/// What a place has found so far today.
#[derive(Clone, Copy, Default)]
struct SoFar {
    confirmed: u64,
    asymptomatic: u64,
    converted: u64,
    community: u64,
}

impl SoFar {
    fn total(&self) -> u64 {
        self.confirmed + self.asymptomatic - self.converted
    }

    fn grow(&mut self, random: &mut Random) {
        let mut up_to = |most: u64| u64::from(random.below(u32::try_from(most + 1).unwrap_or(u32::MAX)));
        let (confirmed, asymptomatic) = (up_to(3), up_to(40));
        let converted = up_to(confirmed);
        self.confirmed += confirmed;
        self.asymptomatic += asymptomatic;
        self.converted += converted;
        self.community += up_to(confirmed + asymptomatic - converted);
    }

    fn add(&mut self, other: &Self) {
        self.confirmed += other.confirmed;
        self.asymptomatic += other.asymptomatic;
        self.converted += other.converted;
        self.community += other.community;
    }
}

/// One good row.
#[derive(Clone, Copy)]
struct Line {
    place: &'static str,
    start: DateTime,
    end: DateTime,
    known_at: DateTime,
    counts: SoFar,
}

impl Line {
    fn write(&self, out: &mut impl Write, place: &str, confirmed: &dyn std::fmt::Display) -> io::Result<()> {
        let Self { start, end, known_at, counts, .. } = self;
        let SoFar { asymptomatic, converted, community, .. } = counts;
        let (total, managed) = (counts.total(), counts.total() - community);
        let moment = |at: &DateTime| at.strftime("%Y-%m-%dT%H:%M").to_string();
        writeln!(
            out,
            "{place},{},{},{confirmed},{asymptomatic},{converted},{total},,{community},{managed},,,levee-synthetic,SYN,\
             {},false,synthetic,",
            moment(start),
            moment(end),
            moment(known_at),
        )
    }

    fn good(&self, out: &mut impl Write) -> io::Result<()> {
        self.write(out, self.place, &self.counts.confirmed)
    }

    /// The row with something in it that no check may let through.
    fn bad(&self, out: &mut impl Write, kind: u32) -> io::Result<()> {
        match kind {
            0 => self.write(out, self.place, &format_args!("-{}", self.counts.confirmed + 1)),
            1 => self.write(out, self.place, &format_args!("{}.5", self.counts.confirmed)),
            2 => self.write(out, "599999", &self.counts.confirmed),
            3 => self.write(out, "", &self.counts.confirmed),
            4 => self.write(out, self.place, &"many"),
            _ => Self { start: self.end, end: self.start, ..*self }.good(out),
        }
    }
}

/// Kinds of [`Line::bad`].
const BAD_KINDS: u32 = 6;

/// The good rows, in order, for ever.
struct Lines {
    day: Date,
    hour: i64,
    nth: usize,
    /// Districts, then the unit apart, then the group, then the city.
    counts: [SoFar; PLACES],
    random: Random,
}

impl Lines {
    fn new(table: &Table) -> io::Result<Self> {
        let days = table.rows.div_ceil(ROWS_PER_DAY);
        let too_long = || io::Error::new(io::ErrorKind::InvalidInput, "more rows than the calendar has hours for");
        let back = i64::try_from(days.saturating_sub(1)).map_err(|_| too_long())?;
        let day = Span::new().try_days(back).and_then(|back| LAST_DAY.checked_sub(back)).map_err(|_| too_long())?;
        let counts = [SoFar::default(); PLACES];
        let mut lines = Self { day, hour: 1, nth: 0, counts, random: Random::new(table.seed, 0) };
        lines.next_hour();
        Ok(lines)
    }

    /// Counts one hour more.
    fn next_hour(&mut self) {
        if self.hour == 1 {
            self.counts = [SoFar::default(); PLACES];
        }
        let (mut city, mut central) = (SoFar::default(), SoFar::default());
        for (nth, counts) in self.counts.iter_mut().take(DISTRICTS.len() + 1).enumerate() {
            counts.grow(&mut self.random);
            city.add(counts);
            if DISTRICTS.get(nth).is_some_and(|code| CENTRAL_DISTRICTS.contains(code)) {
                central.add(counts);
            }
        }
        let [.., group, whole] = &mut self.counts;
        (*group, *whole) = (central, city);
    }

    fn place(nth: usize) -> &'static str {
        match (DISTRICTS.get(nth), nth.saturating_sub(DISTRICTS.len())) {
            (Some(district), _) => district,
            (None, 0) => APART,
            (None, 1) => CENTRAL,
            (None, _) => CITY,
        }
    }
}

impl Iterator for Lines {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let start = self.day.at(0, 0, 0, 0);
        let end = start.checked_add(Span::new().hours(self.hour)).ok()?;
        // Lists come out half an hour after the hour they end with.
        let known_at = end.checked_add(Span::new().minutes(30)).ok()?;
        let line = Line { place: Self::place(self.nth), start, end, known_at, counts: *self.counts.get(self.nth)? };
        self.nth += 1;
        if self.nth == PLACES {
            self.nth = 0;
            self.hour = self.hour % 24 + 1;
            if self.hour == 1 {
                self.day = self.day.tomorrow().ok()?;
            }
            self.next_hour();
        }
        Some(line)
    }
}

/// Writes a table of infections as CSV in UTF-8, headings first, and says what stands in it.
pub fn infections_csv(mut out: impl Write, table: &Table) -> io::Result<Tally> {
    let mut lines = Lines::new(table)?;
    let mut chance = Random::new(table.seed, 1);
    let mut tally = Tally::default();
    let mut last: Option<Line> = None;
    writeln!(out, "{HEADINGS}")?;
    while tally.rows < table.rows {
        let fate = table.faults.draw(&mut chance);
        match (fate, &mut last) {
            (Fate::Bad, Some(line)) => {
                line.bad(&mut out, chance.below(BAD_KINDS))?;
                tally.bad += 1;
            }
            (Fate::Duplicate, Some(line)) => {
                line.good(&mut out)?;
                tally.duplicate += 1;
            }
            (Fate::Superseding, Some(line)) => {
                line.counts.asymptomatic += 1;
                line.known_at = line.known_at.saturating_add(Span::new().minutes(5));
                line.good(&mut out)?;
                tally.superseding += 1;
            }
            // Only a first row can be repeated or corrected.
            (Fate::New, _) | (_, None) => {
                let Some(line) = lines.next() else { break };
                line.good(&mut out)?;
                tally.new += 1;
                tally.confirmed += line.counts.confirmed;
                last = Some(line);
            }
        }
        tally.rows += 1;
    }
    out.flush()?;
    Ok(tally)
}
