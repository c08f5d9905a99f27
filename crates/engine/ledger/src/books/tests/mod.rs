//! The books held to their laws: a small catalogue, people of every standing, and commands that meet the same few
//! obligations again and again.

mod history;
mod laws;
mod orders;
mod reasons;
mod refusals;

use super::{Acting, Books, Standing};
use crate::catalogue::{
    Catalogue, Class, Counting, DueFrom, Kind, Ladder, MayDecide, Outcome, Post, Reason, Rung, SubjectKind,
};
use crate::change::{Change, Evidence, Said};
use crate::command::{Command, NewObligation};
use crate::obligation::{Digest, Obligation, ObligationId, Section};
use crate::order::{Hold, Order, OrderId, OrderState, Promise, Why};
use crate::place::AreaPath;
use crate::refusal::Refusal;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use levee_model::area::Level;
use levee_model::ids::{EntityId, PersonId};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

/// Counted or named, care: never expires.
const CARE: &str = "care_placement";
/// Counted or named, saves lives.
const RESCUE: &str = "urgent_care";
/// Counted only, ordinary.
const TEST: &str = "test_round";
/// Named only, an exit; asks for a photograph.
const EXIT: &str = "exit_inspection";
/// Counted or named, ordinary.
const VISIT: &str = "visit";
/// Counted, ordinary, due as the meeting says.
const DIRECTIVE: &str = "directive";

fn reason(outcome: Outcome, code: &str, by: MayDecide, moot: bool, evidence: &[&str]) -> Reason {
    let (name_zh, name_en) = (code.to_owned(), code.to_owned());
    let evidence = evidence.iter().map(|what| (*what).to_owned()).collect();
    Reason { outcome, code: code.to_owned(), name_zh, name_en, by, moot, evidence }
}

fn catalogue() -> Arc<Catalogue> {
    static CATALOGUE: OnceLock<Arc<Catalogue>> = OnceLock::new();
    let make = || {
        let post = Post { section: "transfer".to_owned(), level: Level::District };
        let kind = |id: &str, counting, class, life_saving, evidence: &[&str]| Kind {
            id: id.parse().unwrap(),
            system: 15,
            name_zh: id.to_owned(),
            name_en: id.to_owned(),
            unit: ("人".to_owned(), "people".to_owned()),
            counting,
            class,
            life_saving,
            priority: 2,
            due: if id == DIRECTIVE { DueFrom::Order } else { DueFrom::Rule(24 * 60) },
            owner: post.clone(),
            ladder: "hours".to_owned(),
            evidence: evidence.iter().map(|what| (*what).to_owned()).collect(),
            subject: if counting == Counting::Counted { SubjectKind::None } else { SubjectKind::Person },
            retention_days: 30,
        };
        let kinds = vec![
            kind(CARE, Counting::Both, Class::Care, false, &[]),
            kind(RESCUE, Counting::Both, Class::Care, true, &[]),
            kind(TEST, Counting::Counted, Class::Ordinary, false, &[]),
            kind(EXIT, Counting::Named, Class::Exit, false, &["photo"]),
            kind(VISIT, Counting::Both, Class::Ordinary, false, &[]),
            kind(DIRECTIVE, Counting::Counted, Class::Ordinary, false, &[]),
        ];
        let ladder = Ladder { id: "hours".to_owned(), rungs: vec![Rung { after_minutes: 0, post: post.clone() }] };
        let (own, lead) = (MayDecide::Owner, MayDecide::SectionLead);
        let common = [
            reason(Outcome::Met, "done", own, false, &[]),
            reason(Outcome::Waived, "refused", MayDecide::Recipient, false, &[]),
            reason(Outcome::Waived, "recovered", MayDecide::Clinician, true, &[]),
            reason(Outcome::Waived, "moved_away", own, true, &[]),
            reason(Outcome::Waived, "need_gone", lead, true, &["record"]),
            reason(Outcome::Waived, "excused", own, false, &[]),
            reason(Outcome::Waived, "lead_excused", lead, false, &[]),
            reason(Outcome::Waived, "superseded", MayDecide::Commander, false, &[]),
            reason(Outcome::Expired, "not_done", own, false, &[]),
            reason(Outcome::Voided, "duplicate", own, false, &[]),
            reason(Outcome::Voided, "report_corrected", own, false, &[]),
            reason(Outcome::Carried, "no_capacity", own, false, &[]),
            reason(Outcome::Carried, "other", lead, false, &[]),
        ];
        let catalogue = Catalogue::new(kinds, vec![], vec![ladder], common.map(|one| (None, one)).into());
        Arc::new(catalogue.unwrap())
    };
    Arc::clone(CATALOGUE.get_or_init(make))
}

/// Entities by small numbers, so that commands meet the same ones again and again.
fn entity(nth: u32) -> EntityId {
    EntityId::new(Uuid::from_u128(0x0193_4a5b_0000_7000_9000_0000_0000_0000), nth)
}

fn obligation(nth: u32) -> ObligationId {
    ObligationId(entity(nth))
}

fn order_id(nth: u32) -> OrderId {
    OrderId(entity(1000 + nth))
}

fn path(nth: usize) -> AreaPath {
    ["500000/500103/500103-a", "500000", "500000/500112", "500000/500103"][nth % 4].parse().unwrap()
}

/// So many hours after eight o'clock on 18 November 2022 in UTC, which is this city's time here.
fn at(hour: i64) -> Timestamp {
    let begin: Timestamp = "2022-11-18T08:00:00Z".parse().unwrap();
    begin + SignedDuration::from_hours(hour)
}

fn day(hour: i64) -> Date {
    at(hour).to_zoned(jiff::tz::TimeZone::UTC).date()
}

const FIRST_DAY: Date = date(2022, 11, 18);

fn new(nth: u32, kind: &str, units: u64) -> NewObligation {
    NewObligation {
        id: obligation(nth),
        kind: kind.parse().unwrap(),
        path: path(0),
        units,
        subject: None,
        ground: None,
        opened_at: at(0),
        due: Some(at(24)),
        owner: None,
        fields: BTreeMap::new(),
        note: None,
        synthetic: true,
    }
}

fn open(nth: u32, kind: &str, units: u64) -> Command {
    Command::Open(Box::new(new(nth, kind, units)))
}

fn meet(nth: u32, units: u64) -> Command {
    let (what, said, evidence) = (obligation(nth).into(), Said::Actor, photo());
    Command::Meet { what, units, reason: None, said, evidence }
}

fn begin(nth: u32, units: u64) -> Command {
    Command::Begin { what: obligation(nth).into(), units }
}

fn photo() -> Vec<Evidence> {
    ["photo", "record"].map(|what| Evidence { what: what.to_owned(), digest: Digest([7; 32]) }).into()
}

/// An order that holds a bed from the first hour on for two days, unless it is taken by hour 30.
fn order(nth: u32, meets: &[(u32, u64)], bed: Option<u8>) -> Order {
    let hold = |bed| Hold {
        resource: format!("hospital:bed-{bed}").parse().unwrap(),
        units: 1,
        from: at(0),
        until: at(48),
        confirm_by: at(30),
        used: false,
        surge: false,
    };
    Order {
        id: order_id(nth),
        action: "transfer".parse().unwrap(),
        path: path(0),
        section: "transfer".parse().unwrap(),
        meets: meets.iter().map(|(of, units)| Promise { obligation: obligation(*of), units: *units }).collect(),
        why: Why { code: "need".to_owned(), rests_on: "infections:2022-11-18".to_owned() },
        holds: bed.into_iter().map(hold).collect(),
        life_saving: false,
        carried_out_by: None,
        due: at(40),
        state: OrderState::Proposed,
        reason: None,
        version: 1,
    }
}

fn beds() -> Vec<(crate::order::ResourceId, u64)> {
    (0..3).map(|bed| (format!("hospital:bed-{bed}").parse().unwrap(), 1)).collect()
}

fn approve(nth: u32) -> Command {
    Command::Approve { order: order_id(nth), version: None, capacities: beds() }
}

fn issue(nth: u32) -> Command {
    Command::Issue { order: order_id(nth), capacities: beds() }
}

/// Who acts: nobody, or a person who stands so.
type Who = Option<Standing>;

fn person() -> PersonId {
    "zhang-wei".parse().unwrap()
}

/// Asks the books.
fn decide(books: &Books, who: Who, hour: i64, command: Command) -> Result<Vec<Change>, Refusal> {
    let actor = person();
    let standing = |_: &AreaPath, _: &Section, _: Option<&PersonId>| who.unwrap_or(Standing::Stranger);
    let actor = who.map(|_| &actor);
    books.decide(&Acting { now: at(hour), day: day(hour), actor, standing: &standing }, command)
}

/// A city that can be told what to do.
#[derive(Clone, Debug)]
struct World {
    books: Books,
    who: Who,
    hour: i64,
}

impl World {
    fn new() -> Self {
        Self { books: Books::new(catalogue()), who: Some(Standing::Commander), hour: 1 }
    }

    /// After commands that must be accepted.
    fn after(commands: impl IntoIterator<Item = Command>) -> Self {
        let mut world = Self::new();
        commands.into_iter().for_each(|command| drop(world.done(command)));
        world
    }

    fn ask(&self, command: Command) -> Result<Vec<Change>, Refusal> {
        decide(&self.books, self.who, self.hour, command)
    }

    fn done(&mut self, command: Command) -> Vec<Change> {
        let changes = self.ask(command).unwrap();
        changes.iter().for_each(|change| self.books.apply(change));
        changes
    }

    /// What is said to whoever is refused.
    fn refused(&self, command: Command) -> String {
        match self.ask(command) {
            Err(refusal) => format!("refused: {refusal}\nhint: {}", refusal.hint()),
            Ok(changes) => format!("accepted: {changes:?}"),
        }
    }

    fn of(&self, nth: u32) -> &Obligation {
        self.books.obligation(&obligation(nth)).unwrap()
    }

    fn order(&self, nth: u32) -> &Order {
        self.books.order(&order_id(nth)).unwrap()
    }

    /// At another hour.
    fn at(mut self, hour: i64) -> Self {
        self.hour = hour;
        self
    }

    /// As somebody else.
    fn by(mut self, who: Who) -> Self {
        self.who = who;
        self
    }
}
