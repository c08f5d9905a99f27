//! What opens obligations: something newly owed, something owed elsewhere, somebody counted who is known by name now.

use super::decide::{Why, proven};
use super::draft::Draft;
use super::{Acting, Standing};
use crate::catalogue::{Counting, DueFrom, Kind};
use crate::change::{Change, Grown, Named, Opened, Opening};
use crate::command::{NewObligation, NewSubject, Target};
use crate::obligation::{Obligation, ObligationId, Split, State};
use crate::place::AreaPath;
use crate::refusal::Refusal;
use jiff::Timestamp;

fn counted_rightly(kind: &Kind, units: u64, named: bool) -> Result<(), Refusal> {
    let wrong = |why| Err(Refusal::Counting { kind: kind.id.clone(), why });
    match (kind.counting, named, units) {
        (_, _, 0) => wrong("is opened for no unit at all"),
        (Counting::Counted, true, _) => wrong("counts people and names nobody"),
        (Counting::Named, false, _) => wrong("must name whom it is owed to"),
        (_, true, 2..) => wrong("is owed to one subject, as one unit"),
        _ => Ok(()),
    }
}

fn due(kind: &Kind, opened_at: Timestamp, given: Option<Timestamp>) -> Result<Timestamp, Refusal> {
    let due = match (given, kind.due) {
        (Some(due), _) => due,
        (None, DueFrom::Rule(minutes)) => opened_at
            .checked_add(jiff::SignedDuration::from_mins(i64::from(minutes)))
            .map_err(|_| Refusal::NoDue { kind: kind.id.clone() })?,
        (None, DueFrom::Order | DueFrom::Request) => return Err(Refusal::NoDue { kind: kind.id.clone() }),
    };
    if due < opened_at { Err(Refusal::DueBeforeOpened { due, opened_at }) } else { Ok(due) }
}

impl Draft<'_> {
    pub(super) fn open(&mut self, acting: &Acting<'_>, new: NewObligation) -> Result<(), Refusal> {
        let known = new.ground.as_ref().and_then(|ground| self.books.on_ground(&new.kind, &new.path, ground));
        if let (Some(known), Some(ground)) = (known, &new.ground) {
            if known.subject != new.subject {
                return Err(Refusal::GroundTaken { ground: ground.clone(), id: known.id });
            }
            return self.reopen(acting, known.id, new.units);
        }
        if self.books.obligation(&new.id).is_some() {
            return Err(Refusal::OpenedTwice(new.id));
        }
        self.unsealed(acting, new.path.book())?;
        let catalogue = &self.books.catalogue;
        let kind = catalogue.kind(&new.kind).ok_or_else(|| Refusal::UnknownKind(new.kind.clone()))?;
        counted_rightly(kind, new.units, new.subject.is_some())?;
        catalogue.check_fields(&new.kind, &new.fields)?;
        let due = due(kind, new.opened_at, new.due)?;
        let section = kind.owner.section.parse().map_err(|_| Refusal::Counting {
            kind: kind.id.clone(),
            why: "belongs to a section whose name cannot be used",
        })?;
        let assigned = new.owner.is_some();
        let obligation = Obligation {
            id: new.id,
            kind: new.kind,
            path: new.path,
            subject: new.subject,
            ground: new.ground,
            opened_at: new.opened_at,
            due,
            section,
            priority: kind.priority,
            never_expires: kind.class.never_expires(),
            life_saving: kind.life_saving,
            synthetic: new.synthetic,
            fields: new.fields,
            split: Split::opened(new.units),
            owner: new.owner,
            posted: acting.day,
            arrears: None,
            orders: vec![],
            version: 1,
        };
        let id = obligation.id;
        let opened = Opened { obligation, how: Opening::New, note: new.note };
        if assigned {
            self.opened(opened);
            return self.shift(acting, id, &[State::Opened], State::Assigned, new.units, &Why::none());
        }
        self.changes.push(Change::Opened(Box::new(opened)));
        Ok(())
    }

    /// A ground that was opened before: corrected to the new number.
    fn reopen(&mut self, acting: &Acting<'_>, id: ObligationId, units: u64) -> Result<(), Refusal> {
        let known = self.get(&id)?;
        let (before, book) = (known.standing_units(), known.path.book().to_owned());
        if units > before && known.is_named() {
            return Err(Refusal::Counting { kind: known.kind.clone(), why: "is owed to one subject, as one unit" });
        }
        if units > before {
            self.unsealed(acting, &book)?;
            return self.push(Change::Grown(Grown { obligation: id, units: units - before, day: acting.day }));
        }
        if units == before {
            return Ok(());
        }
        let why = Why { reason: Some("report_corrected".to_owned()), ..Why::none() };
        // What nobody has begun is voided first.
        let owed = [State::Opened, State::Assigned, State::InProgress];
        self.shift(acting, id, &owed, State::Voided, before - units, &why)?;
        self.lapse(acting, id)
    }

    pub(super) fn transfer(
        &mut self,
        acting: &Acting<'_>,
        what: Target,
        units: u64,
        to: AreaPath,
        id: ObligationId,
    ) -> Result<(), Refusal> {
        let from = self.seen(what)?.clone();
        acting.stands(&from, Standing::Owner)?;
        if from.path == to {
            return Err(Refusal::SameArea);
        }
        if self.books.obligation(&id).is_some() {
            return Err(Refusal::OpenedTwice(id));
        }
        self.unsealed(acting, to.book())?;
        let owed = [State::Opened, State::Assigned, State::InProgress];
        self.shift(acting, what.id, &owed, State::Transferred, units, &Why::none())?;
        let obligation = Obligation {
            id,
            path: to,
            split: Split::opened(units),
            owner: None,
            posted: acting.day,
            arrears: None,
            orders: vec![],
            // The ground stays with where it was opened: there a corrected report is found again.
            ground: None,
            version: 1,
            ..from
        };
        self.opened(Opened { obligation, how: Opening::Transferred(what.id), note: None });
        self.lapse(acting, what.id)
    }

    pub(super) fn name(&mut self, acting: &Acting<'_>, what: Target, subjects: Vec<NewSubject>) -> Result<(), Refusal> {
        let from = self.seen(what)?.clone();
        acting.stands(&from, Standing::Owner)?;
        let kind = self.kind_of(&from)?;
        if from.is_named() || kind.counting != Counting::Both {
            return Err(Refusal::Counting { kind: kind.id.clone(), why: "is not counted first and named later" });
        }
        self.unsealed(acting, from.path.book())?;
        let units = subjects.len() as u64;
        if units == 0 {
            return Err(Refusal::NoUnits(what.id));
        }
        if units > from.split.of(State::Opened) {
            let there = from.split.of(State::Opened);
            return Err(Refusal::TooMany { id: what.id, asked: units, there, states: "open" });
        }
        self.push(Change::Named(Named { obligation: what.id, from: State::Opened, units, day: acting.day }))?;
        for NewSubject { id, subject, fields } in subjects {
            let taken = |change: &Change| matches!(change, Change::Opened(one) if one.obligation.id == id);
            if self.books.obligation(&id).is_some() || self.changes.iter().any(taken) {
                return Err(Refusal::OpenedTwice(id));
            }
            self.books.catalogue.check_fields(&from.kind, &fields)?;
            let obligation = Obligation {
                id,
                subject: Some(subject),
                ground: None,
                fields,
                split: Split::opened(1),
                owner: None,
                posted: acting.day,
                // Why all of them were late says nothing of the one who is known now.
                arrears: None,
                orders: vec![],
                version: 1,
                ..from.clone()
            };
            self.changes.push(Change::Opened(Box::new(Opened {
                obligation,
                how: Opening::Named(what.id),
                note: None,
            })));
        }
        Ok(())
    }

    pub(super) fn meet(
        &mut self,
        acting: &Acting<'_>,
        what: Target,
        units: u64,
        reason: Option<String>,
        said: crate::change::Said,
        evidence: Vec<crate::change::Evidence>,
    ) -> Result<(), Refusal> {
        let obligation = self.seen(what)?;
        obligation.may(acting)?;
        proven(obligation, self.kind_of(obligation)?.evidence.iter().map(String::as_str), &evidence)?;
        if let Some(code) = &reason {
            self.reason(acting, obligation, crate::catalogue::Outcome::Met, code, said, &evidence)?;
        }
        self.shift(acting, what.id, &State::OWED, State::Met, units, &Why { reason, said, evidence })?;
        self.lapse(acting, what.id)
    }
}
