//! What people set about: mostly what they should, now and then what they may not.

use super::deed::{Deed, Message};
use super::evening::proof;
use super::tally::Item;
use super::world::World;
use jiff::SignedDuration;
use levee_app::ledger::Ask;
use levee_ledger::catalogue::FieldValue;
use levee_ledger::order::{Hold, Order, OrderId, OrderState, Promise, Why};
use levee_ledger::{AreaPath, Command, NewObligation, NewSubject, ObligationId, Said, State, Target};
use levee_model::command::Actor;
use levee_model::ids::{EntityId, PersonId};
use std::collections::BTreeMap;

/// Beds that orders compete for.
const BEDS: usize = 6;

type Fields = &'static [(&'static str, &'static str)];

/// What is opened besides counted infections: kind, whether it is named, its fields, and hours until it is due where a request
/// says so.
const KINDS: &[(&str, bool, Fields, Option<i64>)] = &[
    ("resident_request", true, &[("service", "help"), ("channel", "hotline")], Some(8)),
    ("food_delivery", false, &[("packages", "#4")], None),
    ("test_round", false, &[("round", "round-1")], None),
    ("contact_isolation", false, &[("place", "site")], None),
    ("urgent_care_dispatch", true, &[("call", "call-1")], None),
];

fn done(what: Target, units: u64, evidence: Vec<levee_ledger::Evidence>) -> Command {
    Command::Meet { what, units, reason: None, said: Said::Actor, evidence }
}

impl World {
    /// The next thing that anybody does.
    pub(super) fn anything(&mut self) -> Option<Message> {
        match self.below(100) {
            0..10 => self.count(),
            10..26 => self.open(),
            26..34 => self.assign(),
            34..56 => self.work(),
            56..61 => self.close(),
            61..64 => self.correct(),
            64..67 => self.transfer(),
            67..70 => self.name(),
            70..78 => self.propose(),
            78..93 => self.advance(),
            93..95 => self.hand_over(),
            95..96 => self.undo(),
            _ => self.wrong(),
        }
    }

    fn ask(&mut self, actor: Actor, name: &'static str, command: Command) -> Message {
        self.message(actor, name, Deed::Ask(command.into()))
    }

    /// An id that the next message makes.
    fn fresh(&self, ordinal: u32) -> EntityId {
        EntityId::new(super::town::envelope(self.seed, self.sent, Actor::System).command_id.uuid(), ordinal)
    }

    fn some_path(&mut self) -> Option<AreaPath> {
        let nth = self.below(self.paths.len());
        self.paths.get(nth).cloned()
    }

    fn some_worker(&mut self) -> Option<PersonId> {
        let nth = self.below(self.town.workers.len());
        self.town.workers.get(nth).cloned()
    }

    /// Something that is still owed, if chance finds it.
    fn some_item(&mut self, fits: &dyn Fn(&Item) -> bool) -> Option<(ObligationId, Item)> {
        for _ in 0..8 {
            let nth = self.below(self.recent.len());
            let id = *self.recent.get(nth)?;
            if let Some(item) = self.tally.items.get(&id).filter(|item| item.owed > 0 && fits(item)) {
                return Some((id, item.clone()));
            }
        }
        None
    }

    /// As somebody sees it now; some do not look.
    fn seen(&mut self, id: ObligationId) -> Target {
        let version = if self.chance(500) { self.version(id) } else { None };
        Target { id, version }
    }

    fn some_units(&mut self, most: u64) -> u64 {
        1 + u64::from(self.random.below(u32::try_from(most.min(12)).unwrap_or(1)))
    }

    /// Somebody whose it is.
    fn whose(&mut self, item: &Item) -> Actor {
        let worker = item.owner.clone();
        let district = item.path.book().to_owned();
        let city = item.path.city() == district;
        match (self.below(10), worker) {
            (0..6, Some(worker)) => Actor::Person(worker),
            (6..8, _) if !city => Self::person(&format!("coordinator-{district}")),
            (8, _) => Self::person("commander-1"),
            _ => Self::person(&format!("lead-{}", item.section)),
        }
    }

    /// A clerk takes in the count of a district: more than before, or corrected to less.
    fn count(&mut self) -> Option<Message> {
        let path = self.some_path().filter(|path| path.codes().count() <= 2)?;
        let day = if self.chance(200) { self.today.yesterday().ok()? } else { self.today };
        let before = self.counts.get(&(path.clone(), day)).copied().unwrap_or(0);
        let units =
            if self.chance(150) { before.saturating_sub(self.some_units(3)) } else { before + self.some_units(9) };
        let units = units.max(1);
        self.counts.insert((path.clone(), day), units);
        let opened_at = self.moment(day, 0).ok()?;
        let new = NewObligation {
            id: ObligationId(self.fresh(0)),
            kind: "care_placement".parse().ok()?,
            path,
            units,
            subject: None,
            ground: Some(format!("infections:{day}").parse().ok()?),
            opened_at,
            due: None,
            owner: None,
            fields: BTreeMap::new(),
            note: None,
            synthetic: true,
        };
        let actor = if self.chance(500) { Actor::System } else { Self::person("clerk-1") };
        Some(self.ask(actor, "count", Command::Open(Box::new(new))))
    }

    fn open(&mut self) -> Option<Message> {
        let nth = self.below(KINDS.len());
        let (kind, named, fields, due) = KINDS.get(nth).copied()?;
        let path = self.some_path()?;
        let value = |text: &str| match text.strip_prefix('#').and_then(|number| number.parse().ok()) {
            Some(number) => FieldValue::Count(number),
            None => FieldValue::Text(text.to_owned()),
        };
        let subject = format!("p-sim{}", self.sent);
        let new = NewObligation {
            id: ObligationId(self.fresh(0)),
            kind: kind.parse().ok()?,
            path,
            units: if named { 1 } else { self.some_units(12) },
            subject: if named { Some(subject.parse().ok()?) } else { None },
            ground: None,
            opened_at: self.now,
            due: due.map(|hours| self.now + SignedDuration::from_hours(hours)),
            owner: if self.chance(200) { self.some_worker() } else { None },
            fields: fields.iter().map(|(name, text)| ((*name).to_owned(), value(text))).collect(),
            note: None,
            synthetic: true,
        };
        let actor = if self.chance(300) { Actor::System } else { Actor::Person(self.some_worker()?) };
        Some(self.ask(actor, "open", Command::Open(Box::new(new))))
    }

    /// A lead gives one thing, or a group, to a field worker.
    fn assign(&mut self) -> Option<Message> {
        let (first, item) = self.some_item(&|_| true)?;
        let to = if self.chance(900) { Some(self.some_worker()?) } else { None };
        let actor = Self::person(&format!("lead-{}", item.section));
        let mut what = vec![self.seen(first)];
        let group = self.chance(400);
        if group {
            for _ in 0..self.below(8) {
                let section = item.section.clone();
                if let Some((id, _)) = self.some_item(&|other| other.section == section)
                    && !what.iter().any(|one| one.id == id)
                {
                    what.push(Target { id, version: None });
                }
            }
        }
        let command = Command::Assign { what, to };
        Some(self.ask(actor, if group { "group" } else { "assign" }, command))
    }

    /// Somebody begins something, or says that it is done; phones say when.
    fn work(&mut self) -> Option<Message> {
        let (id, item) = self.some_item(&|_| true)?;
        let actor = self.whose(&item);
        let (what, units) = (self.seen(id), self.some_units(item.owed).min(item.owed));
        let (name, command) = match self.chance(250) {
            true => ("begin", Command::Begin { what, units }),
            false => ("meet", done(what, units, proof(item.kind.as_str()))),
        };
        let at = self.chance(600).then_some(self.now);
        Some(self.message(actor, name, Deed::Ask(Ask { at, ..command.into() })))
    }

    fn close(&mut self) -> Option<Message> {
        let (id, item) = self.some_item(&|_| true)?;
        let actor = self.whose(&item);
        let (what, units) = (self.seen(id), self.some_units(item.owed).min(item.owed));
        let (to, reason, said) = match self.below(7) {
            0 => (State::Waived, "recipient_withdrew", Said::Recipient),
            // Only the recipient, a clinician, a lead or a commander may: some of these must be refused.
            1 => (State::Waived, "recipient_withdrew", Said::Actor),
            2 => (State::Waived, "deceased", Said::Clinician),
            3 => (State::Waived, "superseded", Said::Actor),
            4 => (State::Voided, "duplicate", Said::Actor),
            5 => (State::Voided, "opened_in_error", Said::Actor),
            _ => (State::Expired, "not_done_in_time", Said::Actor),
        };
        let command = Command::Close { what, to, units, reason: reason.to_owned(), said, evidence: vec![] };
        Some(self.ask(actor, "close", command))
    }

    /// Something was recorded as closed and is owed after all.
    fn correct(&mut self) -> Option<Message> {
        let nth = self.below(self.recent.len());
        let id = *self.recent.get(nth)?;
        let item = self.tally.items.get(&id)?.clone();
        let from = match self.below(4) {
            0..2 => State::Met,
            2 => State::Waived,
            _ => State::Expired,
        };
        let actor = self.whose(&item);
        let units = self.some_units(3);
        let command = Command::Correct { what: self.seen(id), from, units, reason: "counted_twice".to_owned() };
        Some(self.ask(actor, "correct", command))
    }

    fn transfer(&mut self) -> Option<Message> {
        let (id, item) = self.some_item(&|_| true)?;
        let (actor, to) = (self.whose(&item), self.some_path()?);
        let units = self.some_units(item.owed).min(item.owed);
        let at = self.chance(300).then_some(self.now);
        let command = Command::Transfer { what: self.seen(id), units, to, id: ObligationId(self.fresh(0)) };
        Some(self.message(actor, "transfer", Deed::Ask(Ask { at, ..command.into() })))
    }

    fn name(&mut self) -> Option<Message> {
        let (id, item) = self.some_item(&|item| item.kind.as_str() == "care_placement" && !item.named)?;
        let actor = self.whose(&item);
        let many = u32::try_from(self.below(3)).ok()? + 1;
        let mut subjects = Vec::new();
        for nth in 0..many {
            let subject = format!("p-named{}-{nth}", self.sent).parse().ok()?;
            subjects.push(NewSubject { id: ObligationId(self.fresh(nth)), subject, fields: BTreeMap::new() });
        }
        let what = self.seen(id);
        Some(self.ask(actor, "name", Command::Name { what, subjects }))
    }

    /// The planner proposes; a person may too.
    fn propose(&mut self) -> Option<Message> {
        let (first, item) = self.some_item(&|_| true)?;
        let mut meets = vec![Promise { obligation: first, units: self.some_units(item.owed).min(item.owed) }];
        if self.chance(300) {
            let section = item.section.clone();
            if let Some((id, other)) = self.some_item(&|other| other.section == section)
                && id != first
            {
                meets.push(Promise { obligation: id, units: self.some_units(other.owed).min(other.owed) });
            }
        }
        let mut holds = Vec::new();
        if self.chance(600) {
            let from = self.now + SignedDuration::from_mins(i64::try_from(self.below(600)).ok()?);
            holds.push(Hold {
                resource: format!("hospital:bed-{}", self.below(BEDS)).parse().ok()?,
                units: 1,
                from,
                until: from + SignedDuration::from_mins(60 + i64::try_from(self.below(900)).ok()?),
                confirm_by: self.now + SignedDuration::from_hours(3),
                used: false,
                surge: false,
            });
        }
        let order = Order {
            id: OrderId(self.fresh(0)),
            action: "transfer".parse().ok()?,
            path: item.path.clone(),
            section: item.section.clone(),
            meets,
            why: Why { code: "need".into(), rests_on: first.to_string() },
            holds,
            life_saving: false,
            carried_out_by: if self.chance(800) { Some(self.some_worker()?) } else { None },
            due: self.now + SignedDuration::from_hours(60),
            state: OrderState::Proposed,
            reason: None,
            version: 1,
        };
        let actor = if self.chance(700) { Actor::System } else { self.whose(&item) };
        Some(self.ask(actor, "propose", Command::Propose(Box::new(order))))
    }

    /// An order goes a step on.
    fn advance(&mut self) -> Option<Message> {
        let live: Vec<OrderId> = self
            .tally
            .orders
            .iter()
            .rev()
            .take(60)
            .filter(|(_, order)| !order.state.is_over())
            .map(|(id, _)| *id)
            .collect();
        let nth = self.below(live.len());
        let id = *live.get(nth)?;
        let order = self.tally.orders.get(&id)?.clone();
        let lead = Self::person(&format!("lead-{}", order.section));
        let doer = order.carried_out_by.clone().map_or_else(|| lead.clone(), Actor::Person);
        let capacities: Vec<_> = order.holds.iter().map(|hold| (hold.resource.clone(), 1)).collect();
        let at = self.chance(400).then_some(self.now);
        if self.chance(120) {
            let reason = "road_closed".to_owned();
            let command = if self.chance(500) {
                Command::Fail { order: id, reason }
            } else {
                Command::Cancel { order: id, reason }
            };
            return Some(self.ask(doer, "end_order", command));
        }
        let (actor, name, command) = match order.state {
            OrderState::Proposed if order.life_saving => (doer, "dispatch", Command::Issue { order: id, capacities }),
            OrderState::Proposed if self.chance(60) => {
                (Actor::System, "approve", Command::Approve { order: id, version: None, capacities })
            }
            OrderState::Proposed => (lead, "approve", Command::Approve { order: id, version: None, capacities }),
            OrderState::Approved => (lead, "issue", Command::Issue { order: id, capacities: vec![] }),
            OrderState::Issued => (doer, "accept", Command::Accept { order: id }),
            _ => {
                let mut met = BTreeMap::new();
                let mut evidence = Vec::new();
                for (obligation, promised) in &order.meets {
                    let owed = self.tally.items.get(obligation).map_or(0, |item| item.owed);
                    let most = (*promised).min(owed);
                    met.insert(*obligation, if self.chance(800) { most } else { most / 2 });
                    evidence.extend(
                        self.tally.items.get(obligation).map(|item| proof(item.kind.as_str())).unwrap_or_default(),
                    );
                }
                (doer, "finish", Command::Finish { order: id, met: Some(met), reason: None, evidence })
            }
        };
        Some(self.message(actor, name, Deed::Ask(Ask { at, ..command.into() })))
    }

    /// The one on duty for transfers in a district offers the post, or the next one takes it.
    fn hand_over(&mut self) -> Option<Message> {
        let nth = self.below(self.tally.duty.len());
        let (area, turns) = self.tally.duty.iter().nth(nth).map(|(area, turns)| (area.clone(), turns.clone()))?;
        let (_, on_duty) = turns.last()?.clone();
        let next = self.town.workers.get(turns.len() * 7 + nth)?.clone();
        let actor = if self.chance(500) { on_duty } else { next.clone() };
        let deed = Deed::HandOver { area: area.parse().ok()?, section: "transfer".parse().ok()?, to: next };
        Some(self.message(Actor::Person(actor), "hand_over", deed))
    }

    fn undo(&mut self) -> Option<Message> {
        let command = *self.groups.last()?;
        Some(self.message(Self::person("commander-1"), "undo", Deed::Undo(command)))
    }

    /// What must be refused: strangers, more than is owed, what was seen long ago, food that expires, a day ahead.
    fn wrong(&mut self) -> Option<Message> {
        let (id, item) = self.some_item(&|_| true)?;
        let (what, units) = (Target { id, version: None }, item.owed);
        let evidence = proof(item.kind.as_str());
        let stranger = Actor::Person(self.some_worker()?);
        let (actor, at, command) = match self.below(7) {
            0 => (stranger, None, done(what, units, evidence)),
            1 => (self.whose(&item), None, done(what, units + 1, evidence)),
            2 => (self.whose(&item), None, done(Target { id, version: Some(self.version(id)? + 1) }, units, evidence)),
            3 => (self.whose(&item), None, done(what, units, vec![])),
            4 => {
                let reason = "not_done_in_time".to_owned();
                let command = Command::Close { what, to: State::Expired, units, reason, said: Said::Actor, evidence };
                (Self::person("commander-1"), None, command)
            }
            5 => (self.whose(&item), Some(self.now + SignedDuration::from_hours(80)), done(what, units, evidence)),
            _ => (Actor::LocalOperator, None, done(what, units, evidence)),
        };
        Some(self.message(actor, "wrong", Deed::Ask(Ask { at, ..command.into() })))
    }
}
