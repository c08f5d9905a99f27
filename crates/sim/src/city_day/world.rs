//! The world of one run: the time, the messages on their way, the stores, the tally.

use super::deed::{Answer, Deed, Message, Server, at_of, carry_out};
use super::faulty::Plan;
use super::laws::{self, SealedDay};
use super::network::{arrivals, chance, clock_offset, plan};
use super::tally::{KindOf, Tally};
use super::town::{Town, bad, envelope, paths};
use super::{Ended, Failure, Options, Report};
use crate::random::Random;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use levee_app::city::City;
use levee_app::clock::FixedClock;
use levee_app::journal::Journal;
use levee_app::ledger::Desk;
use levee_app::projection::ledger::read;
use levee_ledger::catalogue::DueFrom;
use levee_ledger::{AreaPath, KindId, ObligationId};
use levee_model::command::{Actor, CommandId};
use levee_model::ids::PersonId;
use levee_store::blobs::MemoryBlobs;
use levee_store::memory::MemoryJournal;
use levee_store::sqlite::SqliteJournal;
use std::collections::BTreeMap;

/// A request is given up after so many sendings without an answer.
const PATIENCE: u32 = 12;

pub(super) struct World {
    pub(super) options: Options,
    pub(super) seed: u64,
    pub(super) random: Random,
    pub(super) town: Town,
    pub(super) desk: Desk,
    pub(super) paths: Vec<AreaPath>,
    pub(super) blobs: MemoryBlobs,
    pub(super) memory: MemoryJournal,
    disk: Option<(tempfile::TempDir, Option<SqliteJournal>)>,
    pub(super) tally: Tally,
    pub(super) report: Report,
    pub(super) today: Date,
    day_number: u32,
    pub(super) now: Timestamp,
    offset: i64,
    pub(super) sent: u64,
    pub(super) waiting: BTreeMap<(Timestamp, u64), Message>,
    arrived: u64,
    pub(super) recent: Vec<ObligationId>,
    pub(super) groups: Vec<CommandId>,
    pub(super) counts: BTreeMap<(AreaPath, Date), u64>,
    pub(super) sealed: Vec<SealedDay>,
    acknowledged_today: Vec<CommandId>,
    doing: String,
}

impl World {
    pub(super) fn new(options: &Options, seed: u64) -> Result<Self, Ended> {
        let town = Town::new(options)?;
        let blobs = MemoryBlobs::default();
        let founded = town.first_day.at(0, 0, 0, 0).in_tz("Asia/Shanghai").map_err(bad)?.timestamp();
        let mut memory = MemoryJournal::new();
        let desk = town.found(&mut memory, &blobs, founded, seed)?;
        let disk = match options.on_disk {
            false => None,
            true => {
                // Where memory can be had as a folder, its syncs cost nothing; what a sync is worth is tried by killing processes.
                let shared = std::path::Path::new("/dev/shm");
                let folder = if shared.is_dir() { tempfile::tempdir_in(shared) } else { tempfile::tempdir() };
                let folder = folder.map_err(bad)?;
                let mut journal = SqliteJournal::create(folder.path()).map_err(bad)?;
                town.found(&mut journal, &blobs, founded, seed)?;
                Some((folder, Some(journal)))
            }
        };
        let mut tally = Tally::new(jiff::tz::TimeZone::get("Asia/Shanghai").map_err(bad)?);
        for (nth, district) in desk.places.districts().enumerate() {
            if let Some(worker) = town.workers.get(nth) {
                tally.duty.insert(district.code.to_string(), vec![(founded, worker.clone())]);
            }
        }
        let (today, paths) = (town.first_day, paths(&desk));
        Ok(Self {
            options: options.clone(),
            seed,
            random: Random::new(seed, 7),
            town,
            desk,
            paths,
            blobs,
            memory,
            disk,
            tally,
            report: Report::default(),
            today,
            day_number: 0,
            now: founded,
            offset: 0,
            sent: 2,
            waiting: BTreeMap::new(),
            arrived: 0,
            recent: Vec::new(),
            groups: Vec::new(),
            counts: BTreeMap::new(),
            sealed: Vec::new(),
            acknowledged_today: Vec::new(),
            doing: "founding".to_owned(),
        })
    }

    pub(super) fn failure(&self, what: String) -> Ended {
        let Self { seed, day_number, doing, .. } = self;
        Failure { seed: *seed, day: *day_number, step: self.report.steps, doing: doing.clone(), what }.into()
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.random.below(u32::try_from(bound).unwrap_or(u32::MAX)) as usize
    }

    pub(super) fn chance(&mut self, per_mille: u32) -> bool {
        chance(&mut self.random, per_mille)
    }

    /// A request that nobody has sent yet.
    pub(super) fn message(&mut self, actor: Actor, name: &'static str, deed: Deed) -> Message {
        let envelope = envelope(self.seed, self.sent, actor);
        self.sent += 1;
        Message { envelope, deed, name, sent: 0 }
    }

    pub(super) fn person(name: &str) -> Actor {
        name.parse::<PersonId>().map_or(Actor::System, Actor::Person)
    }

    /// The version of an obligation as somebody sees it now.
    pub(super) fn version(&self, id: ObligationId) -> Option<u32> {
        read::obligation(&self.memory, &id).ok().flatten().map(|known| known.version)
    }

    pub(super) fn journal(&self) -> &dyn Journal {
        &self.memory
    }

    /// Puts a message on its way.
    pub(super) fn send(&mut self, mut message: Message) {
        message.sent += 1;
        let arrivals = arrivals(&mut self.random, self.now);
        // A client that hears nothing sends again after a while: so a lost message arrives late.
        let again = self.now + SignedDuration::from_mins(i64::from(5 * message.sent));
        let arrivals = if arrivals.is_empty() { vec![again] } else { arrivals };
        for at in arrivals {
            self.arrived += 1;
            self.waiting.insert((at, self.arrived), message.clone());
        }
    }

    /// Lets time pass; what arrives meanwhile is carried out.
    pub(super) fn pass(&mut self, until: Timestamp) -> Result<(), Ended> {
        while let Some(entry) = self.waiting.first_entry() {
            if entry.key().0 > until {
                break;
            }
            let ((at, _), message) = entry.remove_entry();
            self.now = self.now.max(at);
            self.offset = clock_offset(&mut self.random, self.offset);
            let answer = self.deliver(&message, None)?;
            let unheard = matches!(answer, Answer::Unknown(_)) || self.chance(30);
            if unheard && message.sent < PATIENCE {
                let mut again = message;
                again.sent += 1;
                let after = SignedDuration::from_mins(i64::from(again.sent * 2));
                self.arrived += 1;
                self.waiting.insert((at + after, self.arrived), again);
            }
        }
        self.now = self.now.max(until);
        Ok(())
    }

    /// Sends until there is an answer; the network is good, the machines are not.
    pub(super) fn insist(&mut self, message: &Message, between: u32) -> Result<Answer, Ended> {
        self.offset = self.offset.max(0);
        loop {
            let other = if self.chance(between) { self.anything() } else { None };
            match self.deliver(message, other.as_ref())? {
                Answer::Unknown(_) => self.now += SignedDuration::from_secs(20),
                answer => return Ok(answer),
            }
        }
    }

    /// One request reaches a server; `other` is carried out by another server while the first one works.
    pub(super) fn deliver(&mut self, message: &Message, other: Option<&Message>) -> Result<Answer, Ended> {
        self.report.steps += 1;
        let between = match other {
            Some(other) => Some(other.clone()),
            None if self.chance(25) => self.anything(),
            None => None,
        };
        self.doing = match &between {
            Some(other) => format!("{} by {:?}, and {} in between", message.name, message.envelope.actor, other.name),
            None => format!("{} by {:?}", message.name, message.envelope.actor),
        };
        let mut fate = plan(&mut self.random);
        if self.options.forget_commit.is_some_and(|nth| nth <= self.report.commits)
            && matches!(message.deed, Deed::Ask(_))
        {
            self.options.forget_commit = None;
            fate = Plan::Forget;
        }
        let clock = FixedClock(self.now + SignedDuration::from_secs(self.offset));
        let versions = self.versions(message);
        let (told, in_between) = self.on_every_store(message, between.as_ref(), fate, clock)?;
        if let (Some(other), Some(done)) = (&between, in_between) {
            self.report.between += 1;
            self.take(other, &done, clock.0, None)?;
        }
        // What somebody saw may have changed in between; then only the store knows.
        self.take(message, &told, clock.0, between.is_none().then_some(&versions))?;
        let answer = told.0;
        let all = self.report.steps.is_multiple_of(self.options.check_all_every.max(1));
        self.check_step(all)?;
        // A machine that stopped starts again.
        if fate != Plan::Sound && self.chance(200) {
            self.restart()?;
        }
        Ok(answer)
    }

    fn restart(&mut self) -> Result<(), Ended> {
        if let Some((folder, journal)) = &mut self.disk {
            drop(journal.take());
            *journal = Some(SqliteJournal::open(folder.path()).map_err(bad)?);
        }
        self.desk = Desk::load(&self.memory).map_err(bad)?;
        Ok(())
    }

    fn check_step(&mut self, all: bool) -> Result<(), Ended> {
        let mut held = Ok(());
        if let Some((_, Some(journal))) = &self.disk {
            held = laws::after_step(&mut self.tally, journal, false, false);
            if held.is_ok() && journal.heads().ok() != self.memory.heads().ok() {
                held = Err("the stores differ in the heads of their chains".to_owned());
            }
        }
        held.and_then(|()| laws::after_step(&mut self.tally, &self.memory, all, true))
            .map_err(|what| self.failure(what))
    }

    /// The versions of what a request is about, as they stand before it.
    fn versions(&self, message: &Message) -> BTreeMap<ObligationId, u32> {
        use levee_ledger::Command;
        let Deed::Ask(ask) = &message.deed else { return BTreeMap::new() };
        let targets = ask.commands.iter().flat_map(|command| match command {
            Command::Assign { what, .. } | Command::Explain { what, .. } => what.clone(),
            Command::Begin { what, .. }
            | Command::Meet { what, .. }
            | Command::Close { what, .. }
            | Command::Correct { what, .. }
            | Command::Transfer { what, .. }
            | Command::Name { what, .. } => vec![*what],
            _ => vec![],
        });
        targets.filter(|one| one.version.is_some()).filter_map(|one| Some((one.id, self.version(one.id)?))).collect()
    }

    #[expect(clippy::type_complexity, reason = "what the request and the one in between were told")]
    fn on_every_store(
        &mut self,
        message: &Message,
        between: Option<&Message>,
        fate: Plan,
        clock: FixedClock,
    ) -> Result<((Answer, Option<CommandId>), Option<(Answer, Option<CommandId>)>), Ended> {
        let server = Server { blobs: &self.blobs, clock, desk: &self.desk };
        let one = |journal: &mut dyn Journal| {
            let mut in_between = None;
            let told = {
                let other = between.map(|other| {
                    let (server, in_between) = (&server, &mut in_between);
                    let run: super::faulty::InBetween<'_> = Box::new(move |journal: &mut dyn Journal| {
                        *in_between = Some(carry_out(journal, server, other, Plan::Sound, None));
                    });
                    run
                });
                carry_out(journal, &server, message, fate, other)
            };
            (told, in_between)
        };
        let in_memory = one(&mut self.memory);
        let on_disk = match &mut self.disk {
            Some((_, Some(journal))) => Some(one(journal)),
            _ => None,
        };
        match on_disk {
            Some(on_disk) if on_disk != in_memory => {
                Err(self
                    .failure(format!("the stores answer differently: {on_disk:?} on disk, {in_memory:?} in memory")))
            }
            _ => Ok(in_memory),
        }
    }

    /// Takes in what a request came to.
    fn take(
        &mut self,
        message: &Message,
        (answer, committed): &(Answer, Option<CommandId>),
        clock: Timestamp,
        versions: Option<&BTreeMap<ObligationId, u32>>,
    ) -> Result<(), Ended> {
        let id = message.envelope.command_id;
        let at = at_of(message, clock);
        let known = self.tally.committed.contains(&id);
        if let Answer::Fault(why) = answer {
            return Err(self.failure(format!("Levee found a fault of its own: {why}")));
        }
        if committed.is_some() || (answer.is_done() && !answer.repeated()) {
            let against = if known {
                Some("it was carried out before")
            } else {
                self.tally.must_refuse(message, at, clock, versions)
            };
            if let Some(why) = against {
                return Err(self.failure(format!("it was carried out although {why}")));
            }
            let kinds = |kind: &KindId| {
                let kind = self.desk.catalogue.kind(kind)?;
                let due_after = match kind.due {
                    DueFrom::Rule(minutes) => Some(i64::from(minutes)),
                    DueFrom::Order | DueFrom::Request => None,
                };
                let section = kind.owner.section.parse().ok()?;
                Some(KindOf {
                    section,
                    never_expires: kind.class.never_expires(),
                    life_saving: kind.life_saving,
                    due_after,
                })
            };
            let taken = self.tally.commit(&message.envelope, &message.deed, at, &kinds);
            taken.map_err(|impossible| self.failure(impossible.0))?;
            self.report.commits += 1;
            *self.report.by_name.entry(message.name).or_default() += 1;
            self.note(message);
            if let Deed::Settle { .. } | Deed::HandOver { .. } = &message.deed {
                self.after_signature(message, at)?;
            }
        }
        match answer {
            Answer::Refused(why) => {
                // Whoever sends a request again that was carried out must be told so.
                if known {
                    return Err(self.failure(format!("it was carried out, was sent again, and was refused: {why}")));
                }
                self.report.refused += 1;
                if self.tally.must_refuse(message, at, clock, versions).is_some() {
                    self.report.rightly_refused += 1;
                }
                let words = why
                    .split(|c: char| !c.is_alphabetic())
                    .filter(|word| word.len() > 2 && !word.chars().all(|c| c.is_ascii_hexdigit()));
                let words: Vec<&str> = words.take(9).collect();
                *self.report.refusals.entry(format!("{}: {}", message.name, words.join(" "))).or_default() += 1;
            }
            Answer::Unknown(_) => self.report.unknown += 1,
            told => {
                self.report.repeated += u64::from(told.repeated());
                self.tally.acknowledged.insert(id);
                self.acknowledged_today.push(id);
            }
        }
        if let Answer::Sealed { by, .. } = answer
            && by.0 == by.1
        {
            return Err(self.failure(format!("{} sealed alone", by.0)));
        }
        Ok(())
    }

    /// What a person notes down of what they did, to go on with it.
    fn note(&mut self, message: &Message) {
        let Deed::Ask(ask) = &message.deed else { return };
        for command in &ask.commands {
            match command {
                levee_ledger::Command::Open(new) if self.tally.items.contains_key(&new.id) => self.recent.push(new.id),
                levee_ledger::Command::Transfer { id, .. } => self.recent.push(*id),
                levee_ledger::Command::Name { subjects, .. } => self.recent.extend(subjects.iter().map(|one| one.id)),
                _ => {}
            }
        }
        if message.name == "group" {
            self.groups.push(message.envelope.command_id);
        }
    }

    /// A whole day: people at work, then the evening's books.
    pub(super) fn day(&mut self) -> Result<(), Ended> {
        self.day_number += 1;
        let begins = self.moment(self.today, 0)?;
        self.now = self.now.max(begins);
        let step = SignedDuration::from_secs(86_000 / i64::from(self.options.actions.max(1)));
        for nth in 0..self.options.actions {
            let at = begins + step * i32::try_from(nth).unwrap_or(i32::MAX);
            self.pass(at)?;
            if let Some(message) = self.anything() {
                self.send(message);
            }
        }
        let over = self.moment(self.today, 24 * 60 + 20)?;
        self.pass(over)?;
        self.offset = 0;
        self.evening()?;
        self.end_of_day()?;
        self.today = self.today.tomorrow().map_err(bad)?;
        // Nobody follows up what was opened long ago and is closed.
        let tally = &self.tally;
        self.recent.retain(|id| tally.items.get(id).is_some_and(|item| item.owed > 0));
        let most = 600;
        if self.recent.len() > most {
            self.recent.drain(..self.recent.len() - most);
        }
        self.groups.clear();
        Ok(())
    }

    /// A moment of a day by minutes since it began.
    pub(super) fn moment(&self, day: Date, minutes: i64) -> Result<Timestamp, Ended> {
        let begins = day.at(0, 0, 0, 0).in_tz("Asia/Shanghai").map_err(bad)?.timestamp();
        Ok(begins + SignedDuration::from_mins(minutes))
    }

    fn end_of_day(&mut self) -> Result<(), Ended> {
        self.doing = "the end of the day".to_owned();
        let mut days = vec![self.today];
        days.extend(self.sealed.iter().rev().take(3).map(|sealed| sealed.day));
        if !self.sealed.is_empty() {
            let nth = self.below(self.sealed.len());
            days.extend(self.sealed.get(nth).map(|sealed| sealed.day));
        }
        let tally = &self.tally;
        let mut held = days.iter().try_for_each(|day| laws::day(tally, &self.memory, *day));
        held = held.and_then(|()| laws::acknowledged(self.acknowledged_today.iter(), &self.memory));
        held = held.and_then(|()| laws::beds(tally, self.now));
        self.acknowledged_today.clear();
        let clock = FixedClock(self.now);
        let watched: Vec<SealedDay> = self.sealed.iter().rev().take(4).cloned().collect();
        let city = City { journal: &mut self.memory, blobs: &self.blobs, clock: &clock };
        held = held.and_then(|()| watched.iter().try_for_each(|sealed| laws::still_sealed(&city, sealed)));
        let verify =
            self.day_number.is_multiple_of(self.options.verify_every.max(1)) || self.day_number == self.options.days;
        if held.is_ok() && verify {
            self.report.verified += 1;
            held = laws::verified(&self.memory);
            if let (Ok(()), Some((_, Some(journal)))) = (&held, &self.disk) {
                held = laws::verified(journal);
            }
        }
        held.map_err(|what| self.failure(what))
    }

    /// Checks everything once more and says what it came to.
    pub(super) fn finish(mut self) -> Result<Report, Ended> {
        self.doing = "the end of the run".to_owned();
        laws::whole(&self.tally, &self.memory).map_err(|what| self.failure(what))?;
        let mut heads = blake3::Hasher::new();
        for (stream, length, hash) in self.memory.heads().map_err(bad)? {
            heads.update(stream.as_str().as_bytes()).update(&length.to_le_bytes()).update(&hash);
        }
        if let Some((_, Some(journal))) = &self.disk {
            laws::whole(&self.tally, journal).map_err(|what| self.failure(what))?;
        }
        let clock = FixedClock(self.now);
        let sealed = std::mem::take(&mut self.sealed);
        let city = City { journal: &mut self.memory, blobs: &self.blobs, clock: &clock };
        let held = sealed.iter().try_for_each(|one| laws::still_sealed(&city, one));
        held.map_err(|what| self.failure(what))?;
        self.report.events = self.memory.last().map_err(bad)?.0;
        self.report.heads = heads.finalize().to_hex().to_string();
        Ok(self.report)
    }
}
