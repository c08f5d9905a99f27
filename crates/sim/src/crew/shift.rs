//! A day's work: begun, done, done in part, excused, left; a transfer ordered and made; a post handed over; what is left
//! explained by those who answer for it.

use super::chance;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use levee_app::city::{AppError, City};
use levee_app::ledger::hand_over::{HandOver, hand_over};
use levee_app::ledger::owed::{Item, Query, owed};
use levee_app::ledger::settle::statement;
use levee_app::ledger::{Ask, Desk, placements};
use levee_app::projection::ledger::read;
use levee_ledger::catalogue::{Kind, MayDecide, Outcome, Reason};
use levee_ledger::order::{Hold, Order, OrderId, OrderState, Promise, Why};
use levee_ledger::{AreaPath, Command, Digest, Evidence, ObligationId, Said, State, Target};
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use levee_model::ids::{EntityId, PersonId};
use std::collections::BTreeMap;

/// Why the crew could not work.
#[derive(Debug, thiserror::Error)]
pub enum ShiftError {
    /// A use case refused what the script thought lawful.
    #[error(transparent)]
    App(#[from] AppError),
    /// The store failed.
    #[error(transparent)]
    Journal(#[from] levee_app::journal::JournalError),
    /// A table of the pack.
    #[error("{what}: {why}")]
    Pack {
        /// Which.
        what: String,
        /// What is wrong.
        why: String,
    },
    /// Something that the script needs is missing.
    #[error("{0}")]
    Missing(String),
}

/// What the crew did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Obligations that were worked on.
    pub worked: u64,
    /// Of these, wholly met.
    pub met: u64,
    /// Met in part.
    pub partly: u64,
    /// Excused or opened in error.
    pub closed: u64,
    /// Orders carried through.
    pub orders: u64,
    /// Posts handed over.
    pub handed_over: u64,
    /// Arrears explained.
    pub explained: u64,
}

struct Crew<'c, 'd> {
    city: &'c mut City<'d>,
    desk: Desk,
    day: Date,
    seed: u64,
    /// How many commands were given: their ids follow from it, so that a script run again does nothing twice.
    commands: u64,
    report: Report,
}

/// Works through a day.
pub fn work(city: &mut City<'_>, day: Date, seed: u64) -> Result<Report, ShiftError> {
    let desk = Desk::load(city.journal)?;
    let mut crew = Crew { city, desk, day, seed, commands: 0, report: Report::default() };
    crew.obligations()?;
    crew.transfers()?;
    crew.hand_over()?;
    crew.explain()?;
    Ok(crew.report)
}

impl Crew<'_, '_> {
    fn at(&self, hour: i8, minute: i8) -> Result<Timestamp, ShiftError> {
        let civil = self.day.at(hour, minute, 0, 0);
        self.desk.calendar.moment(civil).ok_or_else(|| ShiftError::Missing(format!("{civil} is no moment")))
    }

    fn command_id(&mut self) -> CommandId {
        self.commands += 1;
        let name = format!("{}/{}/{}", self.day, self.seed, self.commands);
        let digest = blake3::derive_key("levee 2026 command of the scripted crew v1", name.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(digest.get(..16).unwrap_or(&[0; 16]));
        CommandId::new(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    fn envelope(&mut self, person: &PersonId) -> Envelope {
        Envelope {
            command_id: self.command_id(),
            actor: Actor::Person(person.clone()),
            on_behalf_of: None,
            channel: Channel::Cli,
            assurance: Assurance::Asserted,
        }
    }

    fn give(&mut self, person: &PersonId, at: Timestamp, commands: Vec<Command>) -> Result<(), ShiftError> {
        let envelope = self.envelope(person);
        let ask = Ask { commands, at: Some(at), note: None };
        self.desk.carry_out(self.city, &envelope, &ask)?;
        Ok(())
    }

    /// Whoever answers for it at that moment.
    fn on_duty(&self, path: &AreaPath, section: &levee_ledger::Section, at: Timestamp) -> Result<PersonId, ShiftError> {
        let owner = self.desk.duties.owner(path, section, at);
        owner.map(|owner| owner.person).ok_or_else(|| ShiftError::Missing(format!("nobody answers for {section}")))
    }

    /// The lead of a section; headquarters where there is none.
    fn lead(&self, section: &str) -> Result<PersonId, ShiftError> {
        let people = &self.desk.duties.people;
        let leads = |person: &&levee_model::person::Person| {
            person.role == levee_model::person::Role::SectionLead && person.section.as_deref() == Some(section)
        };
        let commands = |person: &&levee_model::person::Person| person.role == levee_model::person::Role::Commander;
        let found = people.iter().find(leads).or_else(|| people.iter().find(commands));
        found.map(|person| person.id.clone()).ok_or_else(|| ShiftError::Missing("nobody commands".to_owned()))
    }

    fn evidence(&self, codes: &[String], id: ObligationId) -> Result<Vec<Evidence>, ShiftError> {
        let attach = |what: &String| {
            let text = format!("SYNTHETIC evidence `{what}` of {id}, made by the scripted crew");
            let digest = self.city.blobs.put(text.as_bytes()).map_err(AppError::from)?;
            Ok(Evidence { what: what.clone(), digest: Digest(digest.0) })
        };
        codes.iter().map(attach).collect()
    }

    /// Everything that is owed now.
    fn owed(&self, at: Timestamp) -> Result<Vec<Item>, ShiftError> {
        let area = levee_app::ledger::path_of(&self.desk.places, self.desk.places.city())
            .ok_or_else(|| ShiftError::Missing("the city has no path".to_owned()))?;
        let query = Query { area, late: false, kind: None, section: None, owner: None, limit: usize::MAX };
        Ok(owed(self.city.journal, &self.desk, &query, at)?.items)
    }

    fn obligations(&mut self) -> Result<(), ShiftError> {
        let (begins, ends) = (self.at(8, 30)?, self.at(21, 0)?);
        let catalogue = self.desk.catalogue.clone();
        for item in self.owed(self.at(23, 0)?)? {
            let Some(kind) = catalogue.kind(&item.row.kind) else { continue };
            let id = item.obligation;
            let opened = Timestamp::from_second(item.row.opened_at).unwrap_or(begins);
            let start = begins.max(opened) + SignedDuration::from_mins(minutes(id, self.seed, "start", 90));
            let done = (start + SignedDuration::from_mins(20 + minutes(id, self.seed, "done", 300))).min(ends);
            if start >= ends {
                continue;
            }
            self.report.worked += 1;
            match self.outcome(kind, &item) {
                Outcome::Met => self.meet(kind, &item, (start, done), item.row.units)?,
                Outcome::Waived => self.close(kind, &item, done, State::Waived)?,
                Outcome::Voided => self.close(kind, &item, done, State::Voided)?,
                // Done in part, where there is more than one.
                Outcome::Carried if item.row.units > 1 => {
                    let share = 40 + chance(id, self.seed, "share", 55);
                    let units = (item.row.units.saturating_mul(share) / 100).max(1);
                    self.meet(kind, &item, (start, done), units)?;
                }
                Outcome::Carried | Outcome::Expired => {}
            }
        }
        Ok(())
    }

    /// What becomes of an obligation today. What saves lives is done.
    fn outcome(&self, kind: &Kind, item: &Item) -> Outcome {
        let placed = kind.id.as_str() == placements::KIND;
        let overdue = item.due < self.at(0, 0).unwrap_or(item.due);
        match chance(item.obligation, self.seed, "outcome", 100) {
            _ if kind.life_saving || (placed && overdue) => Outcome::Met,
            _ if placed => Outcome::Carried,
            0..66 => Outcome::Met,
            66..70 => Outcome::Waived,
            70..73 => Outcome::Voided,
            _ => Outcome::Carried,
        }
    }

    fn meet(
        &mut self,
        kind: &Kind,
        item: &Item,
        (start, done): (Timestamp, Timestamp),
        units: u64,
    ) -> Result<(), ShiftError> {
        let what: Target = item.obligation.into();
        let mut codes = kind.evidence.clone();
        let catalogue = self.desk.catalogue.clone();
        let reason = catalogue.reasons(kind, Outcome::Met).find(|reason| reason.by == MayDecide::Owner);
        codes.extend(reason.map(|reason| reason.evidence.clone()).unwrap_or_default());
        let evidence = self.evidence(&codes, item.obligation)?;
        let by = self.on_duty(&item.row.path, &item.section, start)?;
        let by = item.row.owner.clone().unwrap_or(by);
        self.give(&by, start, vec![Command::Begin { what, units }])?;
        let reason = reason.map(|reason| reason.code.clone());
        // Shifts change while work goes on: whoever stands for the section reports it.
        let lead = self.lead(item.section.as_str())?;
        self.give(&lead, done, vec![Command::Meet { what, units, reason, said: Said::Actor, evidence }])?;
        match units == item.row.units {
            true => self.report.met += 1,
            false => self.report.partly += 1,
        }
        Ok(())
    }

    fn close(&mut self, kind: &Kind, item: &Item, at: Timestamp, to: State) -> Result<(), ShiftError> {
        let outcome = if to == State::Waived { Outcome::Waived } else { Outcome::Voided };
        let catalogue = self.desk.catalogue.clone();
        let fits = |reason: &&Reason| reason.by != MayDecide::Commander && reason.code != "deceased";
        let Some(reason) = catalogue.reasons(kind, outcome).find(fits) else { return Ok(()) };
        let said = match reason.by {
            MayDecide::Recipient => Said::Recipient,
            MayDecide::Clinician => Said::Clinician,
            _ => Said::Actor,
        };
        let evidence = self.evidence(&reason.evidence, item.obligation)?;
        let (what, reason) = (item.obligation.into(), reason.code.clone());
        let lead = self.lead(item.section.as_str())?;
        self.give(&lead, at, vec![Command::Close { what, to, units: 1, reason, said, evidence }])?;
        self.report.closed += 1;
        Ok(())
    }

    /// Two transfers by order: proposed, approved with beds held, issued, accepted, done; and one that fails.
    fn transfers(&mut self) -> Result<(), ShiftError> {
        let kind = placements::KIND;
        let waiting: Vec<Item> =
            self.owed(self.at(21, 5)?)?.into_iter().filter(|item| item.row.kind.as_str() == kind).collect();
        let lead = self.lead("transfer")?;
        for (nth, item) in waiting.iter().take(3).enumerate() {
            let minute = i8::try_from(nth).unwrap_or(0) * 10;
            let (proposed, due) = (self.at(21, 10 + minute)?, self.at(23, 30)?);
            let units = item.row.units.min(40);
            let resource: levee_ledger::order::ResourceId = "demo-makeshift:makeshift".parse().map_err(text)?;
            let id = OrderId(EntityId::new(self.command_id().uuid(), 0));
            let hold = Hold {
                resource: resource.clone(),
                units,
                from: proposed,
                until: due + SignedDuration::from_hours(24),
                confirm_by: due,
                used: false,
                surge: false,
            };
            let order = Order {
                id,
                action: "transfer".parse().map_err(text)?,
                path: item.row.path.clone(),
                section: item.section.clone(),
                meets: vec![Promise { obligation: item.obligation, units }],
                why: Why { code: "need".to_owned(), rests_on: item.obligation.to_string() },
                holds: vec![hold],
                life_saving: false,
                carried_out_by: None,
                due,
                state: OrderState::Proposed,
                reason: None,
                version: 1,
            };
            let later = |minutes| proposed + SignedDuration::from_mins(minutes);
            let capacities = vec![(resource, 100)];
            self.give(&lead, proposed, vec![Command::Propose(Box::new(order))])?;
            self.give(&lead, later(1), vec![Command::Approve { order: id, version: None, capacities }])?;
            self.give(&lead, later(2), vec![Command::Issue { order: id, capacities: vec![] }])?;
            self.give(&lead, later(3), vec![Command::Accept { order: id }])?;
            let end = match nth {
                2 => Command::Fail { order: id, reason: "vehicle_broke_down".to_owned() },
                _ => {
                    let evidence = self.evidence(&self.evidence_of(kind), item.obligation)?;
                    Command::Finish { order: id, met: None, reason: Some("transferred".to_owned()), evidence }
                }
            };
            self.give(&lead, later(9), vec![end])?;
            self.report.orders += 1;
        }
        Ok(())
    }

    fn evidence_of(&self, kind: &str) -> Vec<String> {
        let kind = kind.parse().ok().and_then(|kind| self.desk.catalogue.kind(&kind));
        kind.map(|kind| kind.evidence.clone()).unwrap_or_default()
    }

    /// The transfer post of the city goes over in the evening, with a list that both sign.
    fn hand_over(&mut self) -> Result<(), ShiftError> {
        let city = self.desk.places.city().clone();
        let section: levee_ledger::Section = "transfer".parse().map_err(text)?;
        let Some(path) = levee_app::ledger::path_of(&self.desk.places, &city) else { return Ok(()) };
        let offered = self.at(22, 0)?;
        let Some(owner) = self.desk.duties.owner(&path, &section, offered) else { return Ok(()) };
        let Some(next) = owner.deputy.clone() else { return Ok(()) };
        let post = |at| HandOver { area: city.clone(), section: section.clone(), to: next.clone(), at: Some(at) };
        let offer = self.envelope(&owner.person);
        hand_over(self.city, &offer, &post(offered))?;
        let take = self.envelope(&next);
        hand_over(self.city, &take, &post(offered + SignedDuration::from_mins(5)))?;
        self.report.handed_over += 1;
        self.desk = Desk::load(self.city.journal)?;
        Ok(())
    }

    /// After midnight whoever leads a section says why something is still owed, and who answers for it.
    fn explain(&mut self) -> Result<(), ShiftError> {
        let city = self.desk.places.city().clone();
        let statement = statement(self.city.journal, &self.desk, &city, self.day)?;
        let at = statement.ends + SignedDuration::from_mins(20);
        let catalogue = self.desk.catalogue.clone();
        let mut groups: BTreeMap<(PersonId, String, PersonId), Vec<Target>> = BTreeMap::new();
        for arrear in statement.unexplained() {
            let Some(kind) = catalogue.kind(&arrear.kind) else { continue };
            let reasons: Vec<&Reason> =
                catalogue.reasons(kind, Outcome::Carried).filter(|reason| reason.by == MayDecide::Owner).collect();
            let nth = chance(arrear.obligation, self.seed, "why", reasons.len() as u64);
            let Some(reason) = usize::try_from(nth).ok().and_then(|nth| reasons.get(nth)) else { continue };
            let answers = self.on_duty(&arrear.path, &arrear.section, at)?;
            let lead = self.lead(arrear.section.as_str())?;
            let group = groups.entry((lead, reason.code.clone(), answers)).or_default();
            group.push(arrear.obligation.into());
        }
        for ((lead, reason, owner), what) in groups {
            // An explanation is about what is there: closed meanwhile would be refused.
            let what: Vec<Target> = what
                .into_iter()
                .filter(
                    |one| matches!(read::obligation(self.city.journal, &one.id), Ok(Some(known)) if !known.is_closed()),
                )
                .collect();
            self.report.explained += what.len() as u64;
            let (day, ends) = (self.day, statement.ends);
            self.give(&lead, at, vec![Command::Explain { what, day, ends, reason, owner }])?;
        }
        Ok(())
    }
}

fn minutes(id: ObligationId, seed: u64, purpose: &str, of: u64) -> i64 {
    i64::try_from(chance(id, seed, purpose, of)).unwrap_or(0)
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where `map_err` hands over what it has")]
fn text(error: levee_ledger::BadText) -> ShiftError {
    ShiftError::Missing(error.to_string())
}
