//! What changes of restrictions bring to the ledger: obligations opened and closed, in the commit of the changes.

use super::obliges::{Opener, is_review};
use crate::city::{AppError, stream};
use crate::event::{Event, MeasureRecorded, MeasuresChanged, NewEvent, Obliged, Owes};
use crate::journal::{Read, Transaction};
use crate::ledger::Desk;
use crate::projection::ledger::read;
use crate::projection::measures::{MeasureRow, measure};
use jiff::Timestamp;
use levee_ledger::{Command, Obligation, Said, State};
use levee_measures::{Change, GateFacts, MeasureId, Way};
use uuid::Uuid;

/// Writes within one commit.
pub(super) struct Writer<'a> {
    pub(super) desk: &'a Desk,
    /// The command, from which entities are named.
    pub(super) command: Uuid,
    /// When it happened and when it was known.
    pub(super) times: (Timestamp, Timestamp),
    pub(super) opened: u64,
    pub(super) closed: u64,
}

impl Writer<'_> {
    fn append(&self, tx: &mut dyn Transaction, event: Event) -> Result<(), AppError> {
        let (occurred, known_at) = self.times;
        tx.append(NewEvent { stream: stream("measures")?, occurred, known_at, event })?;
        Ok(())
    }

    /// Writes down what was recorded.
    pub(super) fn record(&self, tx: &mut dyn Transaction, recorded: MeasureRecorded) -> Result<(), AppError> {
        self.append(tx, Event::MeasureRecorded(Box::new(recorded)))
    }

    /// Writes down any other event of restrictions.
    pub(super) fn event(&self, tx: &mut dyn Transaction, event: Event) -> Result<(), AppError> {
        self.append(tx, event)
    }

    /// Writes down changes, with the facts of their gate, and what follows from them in the ledger.
    pub(super) fn changes(
        &mut self,
        tx: &mut dyn Transaction,
        changes: &[Change],
        gate: Option<GateFacts>,
    ) -> Result<(), AppError> {
        if changes.is_empty() {
            return Ok(());
        }
        let gate = gate.filter(|_| changes.iter().any(|change| change.basis().is_some())).map(Box::new);
        let before: Vec<Option<MeasureRow>> = changes
            .iter()
            .map(|change| change.measure().map(|id| measure(&*tx, id)).transpose().map(Option::flatten))
            .collect::<Result<_, _>>()?;
        self.append(tx, Event::MeasuresChanged(MeasuresChanged { changes: changes.to_vec(), gate }))?;
        for (change, before) in changes.iter().zip(before) {
            self.follow(tx, change, before.as_ref())?;
        }
        Ok(())
    }

    fn follow(
        &mut self,
        tx: &mut dyn Transaction,
        change: &Change,
        before: Option<&MeasureRow>,
    ) -> Result<(), AppError> {
        let now = self.times.0;
        match change {
            Change::Activated { id, .. } => {
                let first = before.is_none_or(|row| row.runs == 0);
                let unlooked = self.without_look(&*tx, *id)?;
                self.open(tx, *id, |opener, row| {
                    let (start, end) = (row.measure.terms().start().max(now), row.measure.terms().end());
                    if first {
                        opener.services(row, start, end)?;
                        opener.review(row)?;
                        opener.duties(row)?;
                        opener.release(row)?;
                    }
                    unlooked.iter().try_for_each(|way| opener.look(row, way))?;
                    opener.tests(row)
                })
            }
            Change::Renewed { id, .. } => {
                let old_end = before.map_or(now, |row| row.measure.terms().end());
                self.close(tx, *id, "measure_renewed", |one, known| {
                    one.owes == Owes::Release || (is_review(known) && one.due > now)
                })?;
                let unlooked = self.without_look(&*tx, *id)?;
                self.open(tx, *id, |opener, row| {
                    let end = row.measure.terms().end();
                    opener.services(row, old_end, end)?;
                    unlooked.iter().try_for_each(|way| opener.look(row, way))?;
                    opener.review(row)?;
                    opener.release(row)
                })
            }
            // People are free: nobody is asked for a test. Services go on, and so do the looks at exits.
            Change::Suspended { id, .. } => {
                self.close(tx, *id, "released", |one, _| one.owes == Owes::Test && one.due > now)
            }
            // What was due before stays owed: it was not done. People have to be told that they are free, now.
            Change::Ended { id, at, .. } | Change::Lapsed { id, at } => {
                let moot =
                    |one: &Obliged, _: &Obligation| !matches!(one.owes, Owes::Release | Owes::Appeal) && one.due > *at;
                self.close(tx, *id, "measure_ended", moot)
            }
            _ => Ok(()),
        }
    }

    /// Opens what follows for a restriction.
    pub(super) fn open(
        &mut self,
        tx: &mut dyn Transaction,
        id: MeasureId,
        what: impl FnOnce(&mut Opener<'_>, &MeasureRow) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let Some(row) = measure(&*tx, id)? else { return Ok(()) };
        let city = crate::ledger::path_of(&self.desk.places, self.desk.places.city())
            .ok_or_else(|| AppError::Places("the city has no root".to_owned()))?;
        let mut opener = Opener::new(self.command, &self.desk.calendar, &row, city, self.times.0);
        what(&mut opener, &row)?;
        let (commands, recorded) = opener.done();
        self.opened = self.opened.saturating_add(commands.len() as u64);
        self.desk.follow(tx, self.times, &commands)?;
        recorded.map_or(Ok(()), |recorded| self.record(tx, recorded))
    }

    /// Waives what became moot.
    fn close(
        &mut self,
        tx: &mut dyn Transaction,
        id: MeasureId,
        reason: &str,
        moot: impl Fn(&Obliged, &Obligation) -> bool,
    ) -> Result<(), AppError> {
        let mut commands = Vec::new();
        for (one, known) in self.owed(&*tx, id)? {
            if moot(&one, &known) {
                commands.push(Command::Close {
                    what: known.id.into(),
                    to: State::Waived,
                    units: known.owed(),
                    reason: reason.to_owned(),
                    said: Said::Actor,
                    evidence: vec![],
                });
            }
        }
        self.closed = self.closed.saturating_add(commands.len() as u64);
        self.desk.follow(tx, self.times, &commands)
    }

    /// What is still owed under a restriction, soonest first.
    pub(super) fn owed(&self, on: &dyn Read, id: MeasureId) -> Result<Vec<(Obliged, Obligation)>, AppError> {
        let Some(row) = measure(on, id)? else { return Ok(vec![]) };
        let mut owed = Vec::new();
        for one in row.obliged {
            owed.extend(
                read::obligation(on, &one.obligation)?.filter(|known| known.owed() > 0).map(|known| (one, known)),
            );
        }
        owed.sort_by_key(|(one, _)| one.due);
        Ok(owed)
    }

    /// The ways out at which no look is owed.
    fn without_look(&self, on: &dyn Read, id: MeasureId) -> Result<Vec<Way>, AppError> {
        let owed = self.owed(on, id)?;
        let looked_at = |way: &Way| {
            owed.iter().any(|(one, known)| {
                let subject = known.subject.as_ref().map(levee_ledger::Subject::as_str);
                one.owes == Owes::Inspection && subject == Some(way.id.as_str())
            })
        };
        let ways = measure(on, id)?.map(|row| row.ways).unwrap_or_default();
        Ok(ways.into_iter().filter(|way| !looked_at(way)).collect())
    }
}
