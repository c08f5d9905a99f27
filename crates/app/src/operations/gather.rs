//! What every source needs to make its lines: names, owners, times, and the tally of what was found.

use crate::ledger::Desk;
use crate::ledger::statement_facts::section_words;
use crate::settings::Calendar;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use levee_brief::facts::Words;
use levee_brief::operations::{At, Feature, NotInBooks, Owner, Row, Source, Tally, Unplaced, WhyUnplaced};
use levee_ledger::AreaPath;
use levee_ledger::duty::How;
use levee_model::area::PlaceCode;
use levee_model::ids::PersonId;
use std::collections::BTreeMap;

/// Areas of a path that are told: the city down to the community. Fewer people than that are somebody.
const TOLD: usize = 4;

/// Gathers lines, features and what has neither.
pub(super) struct Gather<'a> {
    pub(super) desk: &'a Desk,
    pub(super) calendar: &'a Calendar,
    pub(super) now: Timestamp,
    pub(super) rows: Vec<Row>,
    pub(super) unplaced: Vec<Unplaced>,
    pub(super) features: Vec<Feature>,
    pub(super) missing: Vec<NotInBooks>,
    pub(super) tally: BTreeMap<Source, Tally>,
}

/// A place of the timetable.
pub(super) struct Where {
    pub(super) district: String,
    pub(super) place: String,
    pub(super) name: Words,
}

impl<'a> Gather<'a> {
    pub(super) fn new(desk: &'a Desk, now: Timestamp) -> Self {
        Self {
            desk,
            calendar: &desk.calendar,
            now,
            rows: vec![],
            unplaced: vec![],
            features: vec![],
            missing: vec![],
            tally: Source::ALL.into_iter().map(|source| (source, Tally::default())).collect(),
        }
    }

    pub(super) fn at(&self, utc: Timestamp) -> At {
        At { utc, local: self.calendar.civil(utc) }
    }

    /// A time of the city's calendar as a moment; `None` beyond the calendar.
    pub(super) fn civil(&self, local: DateTime) -> Option<At> {
        self.calendar.moment(local).map(|utc| self.at(utc))
    }

    /// 00:00 of a day.
    pub(super) fn begin(&self, day: Date) -> Option<At> {
        self.civil(day.to_datetime(Time::midnight()))
    }

    pub(super) fn today(&self) -> Date {
        // At 24:00 of a day it is that day that is looked back on.
        let within = self.now.checked_sub(jiff::SignedDuration::from_secs(1)).unwrap_or(self.now);
        self.calendar.civil(within).date()
    }

    /// That so many were found in a source, counted before any line is made.
    pub(super) fn found(&mut self, source: Source, n: u64) {
        let tally = self.tally.entry(source).or_default();
        tally.found = tally.found.saturating_add(n);
    }

    pub(super) fn row(&mut self, row: Row) {
        self.tally.entry(row.source).or_default().rows += 1;
        self.rows.push(row);
    }

    pub(super) fn unplaced(
        &mut self,
        source: Source,
        id: String,
        what: Words,
        district: Option<String>,
        why: WhyUnplaced,
    ) {
        self.tally.entry(source).or_default().unplaced += 1;
        self.unplaced.push(Unplaced { source, id, what, district, why });
    }

    /// The short name of a place; a code that nobody named stands as it is.
    pub(super) fn short(&self, code: &str) -> Words {
        let code: Result<PlaceCode, _> = code.parse();
        let name = code.as_ref().ok().and_then(|code| self.desk.places.name(code));
        match (name, &code) {
            (Some(name), _) => Words::new(&name.short_zh, &name.short_en),
            (None, Ok(code)) => Words::same(code.as_str()),
            (None, Err(_)) => Words::default(),
        }
    }

    /// Where a path leads, told down to the community.
    pub(super) fn told(&self, path: &AreaPath) -> Where {
        let place = path.codes().take(TOLD).last().unwrap_or_default().to_owned();
        Where { district: path.book().to_owned(), name: self.short(&place), place }
    }

    /// The path of a place.
    pub(super) fn path(&self, code: &PlaceCode) -> Option<AreaPath> {
        crate::ledger::path_of(&self.desk.places, code)
    }

    fn named(&self, id: &PersonId) -> Words {
        let person = self.desk.duties.people.iter().find(|person| person.id == *id);
        person.map_or_else(|| Words::same(id.as_str()), |person| Words::new(&person.name_zh, &person.name_en))
    }

    /// Somebody by id.
    pub(super) fn person(&self, id: &PersonId, how: &str) -> Owner {
        Owner { person: id.to_string(), name: self.named(id), how: how.to_owned() }
    }

    /// Who answers for a section at a place and a time: nobody's is `None`.
    pub(super) fn on_duty(&self, path: &AreaPath, section: &str, at: Timestamp) -> Option<Owner> {
        let section = section.parse().ok()?;
        let owner = self.desk.duties.owner(path, &section, at.max(self.now))?;
        let how = match owner.how {
            How::Rostered => "rostered",
            How::TookOver => "took_over",
            How::ByRole => "by_role",
            How::Headquarters => "headquarters",
        };
        Some(self.person(&owner.person, how))
    }

    /// Minutes for which something due is late.
    pub(super) fn late(&self, due: Timestamp) -> Option<u64> {
        (due < self.now).then(|| u64::try_from(self.now.duration_since(due).as_mins()).unwrap_or(0))
    }

    /// Names of the sections and districts that lines speak of.
    pub(super) fn names(&self) -> (BTreeMap<String, Words>, BTreeMap<String, Words>) {
        let kinds = self.desk.catalogue.kinds().map(|kind| kind.owner.section.clone());
        let sections = kinds.chain(self.rows.iter().map(|row| row.section.clone()));
        let sections = sections.map(|section| (section.clone(), section_words(&section))).collect();
        let city = self.desk.places.city().as_str().to_owned();
        let mut districts: BTreeMap<String, Words> =
            self.desk.places.districts().map(|area| (area.code.to_string(), self.short(area.code.as_str()))).collect();
        districts.insert(city.clone(), self.short(&city));
        for row in &self.rows {
            districts.entry(row.district.clone()).or_insert_with(|| self.short(&row.district));
        }
        (districts, sections)
    }
}
