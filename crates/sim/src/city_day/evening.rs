//! The end of a day: what is late is done, excused or explained, and two people seal the books.

use super::deed::{Answer, Deed, Message};
use super::laws::{self, SealedDay};
use super::town::bad;
use super::world::World;
use super::{Ended, judge};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::city::City;
use levee_app::clock::FixedClock;
use levee_app::event::{Event, HandOverStep, Position};
use levee_app::ledger::settle::sealed_statement;
use levee_app::ledger::{Ask, Desk};
use levee_ledger::{Command, Digest, Evidence, ObligationId, Said, State};
use levee_model::area::PlaceCode;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// What proves that something of a kind was done, where the kind asks for it.
pub(super) fn proof(kind: &str) -> Vec<Evidence> {
    let needed = judge::EVIDENCE.iter().filter(|(of, _)| *of == kind);
    needed.map(|(_, what)| Evidence { what: (*what).to_owned(), digest: Digest([7; 32]) }).collect()
}

impl World {
    /// Late obligations of a day that nobody has explained for it, by book.
    fn late(&self, day: Date, ends: Timestamp) -> BTreeMap<String, Vec<ObligationId>> {
        let mut books: BTreeMap<String, Vec<ObligationId>> = BTreeMap::new();
        for (id, item) in &self.tally.items {
            if item.owed > 0 && item.due <= ends && item.explained.is_none_or(|said| said < day) {
                books.entry(item.path.book().to_owned()).or_default().push(*id);
            }
        }
        books
    }

    /// Does, excuses or gives up about half of what is late, each book in one command, and explains the rest.
    fn catch_up(&mut self, day: Date, ends: Timestamp) -> Result<(), Ended> {
        for (_, late) in self.late(day, ends) {
            let mut commands = Vec::new();
            for id in late {
                let Some(item) = self.tally.items.get(&id).cloned() else { continue };
                let (what, units, said) = (id.into(), item.owed, Said::Recipient);
                commands.push(match self.below(100) {
                    0..55 => Command::Meet {
                        what,
                        units,
                        reason: None,
                        said: Said::Actor,
                        evidence: proof(item.kind.as_str()),
                    },
                    55..60 => {
                        let reason = "recipient_withdrew".to_owned();
                        Command::Close { what, to: State::Waived, units, reason, said, evidence: vec![] }
                    }
                    60..75 if !item.never_expires => {
                        let reason = "not_done_in_time".to_owned();
                        Command::Close { what, to: State::Expired, units, reason, said: Said::Actor, evidence: vec![] }
                    }
                    _ => continue,
                });
            }
            if !commands.is_empty() {
                let message = self.message(
                    Self::person("commander-1"),
                    "catch_up",
                    Deed::Ask(Ask { commands, ..Ask::default() }),
                );
                self.insist(&message, 10)?;
            }
        }
        self.explain(day, ends)
    }

    fn explain(&mut self, day: Date, ends: Timestamp) -> Result<(), Ended> {
        for (_, late) in self.late(day, ends) {
            for some in late.chunks(40) {
                let what = some.iter().map(|id| (*id).into()).collect();
                let owner = "commander-2".parse().map_err(bad)?;
                let command = Command::Explain { what, day, ends, reason: "no_capacity".to_owned(), owner };
                let message = self.message(Self::person("commander-1"), "explain", Deed::Ask(command.into()));
                self.insist(&message, 10)?;
            }
        }
        Ok(())
    }

    fn sign(&mut self, who: &str, scope: &PlaceCode, day: Date) -> Message {
        self.message(Self::person(who), "settle", Deed::Settle { scope: scope.clone(), day })
    }

    /// Seals every day that is over and not sealed, except on some evenings.
    pub(super) fn evening(&mut self) -> Result<(), Ended> {
        // Nobody seals tonight; tomorrow two days are sealed.
        let city = self.desk.places.city().clone();
        if self.report.sealed > 0 && self.chance(100) {
            return Ok(());
        }
        let first = match self.tally.sealed.get(city.as_str()) {
            Some(sealed) => sealed.tomorrow().map_err(bad)?,
            None => self.town.first_day,
        };
        let mut day = first;
        while day <= self.today {
            let ends = self.moment(day, 24 * 60)?;
            // Somebody who may not, and somebody who is too early: both are refused.
            let clerk = self.sign("clerk-1", &city, day);
            self.insist(&clerk, 0)?;
            let early = self.sign("commander-1", &city, day.tomorrow().map_err(bad)?);
            self.insist(&early, 0)?;
            self.catch_up(day, ends)?;
            let districts: Vec<PlaceCode> = self.desk.places.districts().map(|area| area.code.clone()).collect();
            for district in districts {
                if self.chance(150) {
                    let (one, two) = (format!("coordinator-{district}"), format!("coordinator-{district}-2"));
                    self.seal(&one, &two, &district, day, ends)?;
                }
            }
            self.seal("commander-1", "commander-2", &city, day, ends)?;
            day = day.tomorrow().map_err(bad)?;
        }
        Ok(())
    }

    fn seal(&mut self, one: &str, two: &str, scope: &PlaceCode, day: Date, ends: Timestamp) -> Result<(), Ended> {
        let before = self.report.sealed;
        for _ in 0..12 {
            if self.report.sealed > before && self.is_sealed(scope, day) {
                return Ok(());
            }
            self.now += jiff::SignedDuration::from_secs(30);
            for who in [one, one, two] {
                // Late news come between the two signatures now and then, also while one of them is being written.
                let message = self.sign(who, scope, day);
                if let Answer::Refused(_) = self.insist(&message, 60)? {
                    self.explain(day, ends)?;
                }
            }
        }
        match self.is_sealed(scope, day) {
            true => Ok(()),
            false => Err(self.failure(format!(
                "{scope} could not be sealed on {day} in twelve attempts: {:?}",
                self.report.refusals
            ))),
        }
    }

    fn is_sealed(&self, scope: &PlaceCode, day: Date) -> bool {
        self.sealed.iter().any(|sealed| sealed.scope == *scope && sealed.day == day)
    }

    /// Takes in a signature or a hand-over that was committed, as it stands in the journal.
    pub(super) fn after_signature(&mut self, message: &Message, at: Timestamp) -> Result<(), Ended> {
        let receipt = self.journal().receipt(message.envelope.command_id).map_err(bad)?;
        let first = receipt.map_or(0, |receipt| receipt.first.0);
        let mut event = None;
        self.journal()
            .events(Position(first.saturating_sub(1)), &mut |stored| {
                event = Some(stored.event);
                ControlFlow::Break(())
            })
            .map_err(bad)?;
        match event {
            Some(Event::HandedOver(over)) if over.step == HandOverStep::Accepted => {
                self.tally.duty.entry(over.area).or_default().push((at, over.to));
                self.desk = Desk::load(self.journal()).map_err(bad)?;
                Ok(())
            }
            Some(Event::DaySealed(sealed)) => {
                if sealed.sealed_by.0 == sealed.sealed_by.1 {
                    return Err(self.failure(format!("{} sealed alone", sealed.sealed_by.0)));
                }
                let scope: PlaceCode = sealed.scope.parse().map_err(bad)?;
                let statement = {
                    let (blobs, clock) = (&self.blobs, FixedClock(at));
                    let city = City { journal: &mut self.memory, blobs, clock: &clock };
                    sealed_statement(&city, &scope, sealed.day).map_err(bad)?
                };
                let Some(statement) = statement else {
                    return Err(self.failure("a seal without a statement".to_owned()));
                };
                laws::statement(&self.tally, &statement).map_err(|what| self.failure(what))?;
                let ends = self.moment(sealed.day, 24 * 60)?;
                let unexplained = self.late(sealed.day, ends);
                if let Some((book, late)) = unexplained.iter().find(|(book, _)| sealed.books.contains(book)) {
                    let what = format!(
                        "law 3: {book} was sealed with {} late obligation(s) that nobody explained",
                        late.len()
                    );
                    return Err(self.failure(what));
                }
                for book in &sealed.books {
                    self.tally.sealed.insert(book.clone(), sealed.day);
                }
                self.sealed.push(SealedDay { scope, day: sealed.day, statement });
                self.report.sealed += 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
