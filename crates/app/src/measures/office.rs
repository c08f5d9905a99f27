//! Carrying out what somebody asks of restrictions: who asks, whether they may, what the engine decides, what follows.

use super::ask::{Ask, Done, Effect};
use super::book::Book;
use super::fault::Fault;
use super::follow::Writer;
use super::judged::{Weighed, weigh};
use super::meets::{Met, Proof, meet};
use super::proposal::{Place, Proposal, Whom, Words};
use super::tick::tick;
use crate::city::{AppError, City};
use crate::event::{ArtefactKind, Event, Judged, MeasureRecorded, Owes, Recorded, ServiceOffered, Sheet};
use crate::journal::{Read, Space, Transaction};
use crate::ledger::{Desk, path_of};
use crate::projection::measures::{MeasureRow, measure, offers, state};
use crate::projection::{keys, ledger};
use crate::rights::{NotAllowed, Right, check, check_in};
use jiff::Timestamp;
use levee_ledger::{AreaPath, Digest, Evidence, Said};
use levee_measures::{
    Acting, AppealId, Assessment, Change, Command, FieldReport, GateFacts, Inspection, MeasureId, Notice,
    ObservedMeasure, Phase, PhaseName, Refusal, Scope, Service, Terms,
};
use levee_model::command::{Actor, Envelope};
use levee_model::ids::{EntityId, PersonId};
use std::ops::ControlFlow;

pub(super) fn refused(refusal: Refusal) -> AppError {
    fault(Fault::Refused(refusal))
}

fn fault(fault: impl Into<Fault>) -> AppError {
    AppError::Measure(Box::new(fault.into()))
}

/// Carries out what somebody asks, in one commit, after what time brought in one of its own. `at` says when it happens; none = now.
pub fn carry_out(city: &mut City<'_>, envelope: &Envelope, ask: &Ask, at: Option<Timestamp>) -> Result<Done, AppError> {
    let desk = Desk::load(city.journal)?;
    carry_out_at(&desk, city, envelope, ask, at)
}

/// [`carry_out`] at a desk that was read before, for those who carry out many commands.
pub fn carry_out_at(
    desk: &Desk,
    city: &mut City<'_>,
    envelope: &Envelope,
    ask: &Ask,
    at: Option<Timestamp>,
) -> Result<Done, AppError> {
    carry_out_proven(desk, city, envelope, (ask, Proof::default()), at)
}

/// [`carry_out_at`] with what proves that it was done, so that what is owed can be met by it.
pub fn carry_out_proven(
    desk: &Desk,
    city: &mut City<'_>,
    envelope: &Envelope,
    (ask, proof): (&Ask, Proof<'_>),
    at: Option<Timestamp>,
) -> Result<Done, AppError> {
    let none = |receipt| Done {
        receipt,
        id: ask.about(),
        appeal: None,
        ticked: vec![],
        changes: vec![],
        opened: 0,
        closed: 0,
        met: 0,
        unmet: None,
    };
    // Whoever asks again because the answer was lost is told what was done.
    if let Some(receipt) = city.journal.receipt(envelope.command_id)? {
        return Ok(none(receipt));
    }
    let now = city.clock.now();
    let times = desk.times(now, at)?;
    // Nothing stands before urgent care: not even what else is due.
    let ticked = match ask {
        Ask::UrgentCare { .. } => vec![],
        _ => tick(city, desk, envelope.command_id, times)?,
    };
    allowed(&*city.journal, desk, envelope, ask)?;
    let texts = Texts { proof: proof.file.map(|file| city.blobs.put(file)).transpose()?, ..Texts::keep(city, ask)? };
    let mut done = None;
    let receipt = crate::commit::carry_out(city.journal, envelope, now, &mut |tx| {
        let writer = Writer { desk, command: envelope.command_id.uuid(), times, opened: 0, closed: 0 };
        let (texts, id) = (&texts, ask.about());
        let mut work = Work { writer, envelope, texts, changes: vec![], id, appeal: None, met: Met::default() };
        work.carry_out(tx, ask)?;
        work.meet(tx, ask, proof.service)?;
        done = Some((work.id, work.appeal, work.changes, work.writer.opened, work.writer.closed, work.met));
        Ok(())
    })?;
    let Some((id, appeal, changes, opened, closed, Met { met, unmet })) = done else { return Ok(none(receipt)) };
    Ok(Done { receipt, id, appeal, ticked, changes, opened, closed, met, unmet })
}

fn actor(envelope: &Envelope) -> Option<&PersonId> {
    match &envelope.actor {
        Actor::Person(id) => Some(id),
        Actor::LocalOperator | Actor::System => None,
    }
}

fn right(ask: &Ask) -> Option<Right> {
    Some(match ask {
        Ask::UrgentCare { .. } => return None,
        Ask::Propose(_) | Ask::Count { .. } | Ask::Assess { .. } | Ask::Gate(_) => Right::ProposeMeasure,
        Ask::Offer { .. }
        | Ask::Reserve { .. }
        | Ask::Withdraw { .. }
        | Ask::Inspect { .. }
        | Ask::Notice { .. }
        | Ask::Observe(_) => Right::RecordForMeasure,
        Ask::Report { .. } | Ask::Appeal { .. } => Right::ReportFromField,
        Ask::Override { .. }
        | Ask::Activate { .. }
        | Ask::Complete(_)
        | Ask::Suspend(_)
        | Ask::Renew { .. }
        | Ask::Review { .. }
        | Ask::End(_) => Right::DecideMeasure,
        Ask::Decide { .. } => Right::DecideAppeal,
    })
}

/// Whether the actor may, and the second person, there where it lies.
fn allowed(on: &dyn Read, desk: &Desk, envelope: &Envelope, ask: &Ask) -> Result<(), AppError> {
    let Some(right) = right(ask) else { return Ok(()) };
    check(on, &envelope.actor, right)?;
    let path = match ask {
        Ask::Propose(proposal) => Some(known_path(desk, proposal)?),
        _ => ask.about().map(|id| measure(on, id)).transpose()?.flatten().and_then(|row| row.sheet).map(|s| s.path),
    };
    let there = |actor: &Actor, right| -> Result<(), AppError> {
        let checked = path.as_ref().map_or_else(|| check(on, actor, right), |path| check_in(on, actor, right, path));
        checked.map_err(|error| match error {
            NotAllowed::Area { person, area, .. } => fault(Fault::NotTheirs { person, area }),
            other => other.into(),
        })
    };
    there(&envelope.actor, right)?;
    if let Ask::Override { second, .. } | Ask::Activate { second, .. } | Ask::Renew { second, .. } = ask {
        there(&Actor::Person(second.clone()), right)?;
    }
    if let Ask::Propose(proposal) = ask
        && let Some(decider) = &proposal.decided_by
    {
        there(&Actor::Person(decider.clone()), Right::DecideMeasure)?;
    }
    Ok(())
}

/// The path of the area that the city knows.
fn known_path(desk: &Desk, proposal: &Proposal) -> Result<AreaPath, AppError> {
    let code = match &proposal.whom {
        Whom::Area(Place { code, within }) => within.as_ref().unwrap_or(code),
        Whom::Person { within, .. } => within,
    };
    path_of(&desk.places, code).ok_or_else(|| fault(Fault::UnknownPlace(code.clone())))
}

/// Texts of a command, kept before its commit.
#[derive(Default)]
struct Texts {
    /// The words of a proposal, the text of a rulebook, or the reason of a decision.
    text: Option<crate::blob::BlobRef>,
    /// The words of the restriction that is judged.
    words: Option<Words>,
    /// What proves that something was done.
    proof: Option<crate::blob::BlobRef>,
}

impl Texts {
    fn keep(city: &City<'_>, ask: &Ask) -> Result<Self, AppError> {
        let mut texts = Self::default();
        match ask {
            Ask::Propose(proposal) => {
                let words = serde_json::to_vec(&proposal.words).map_err(|error| meaning(&error))?;
                texts.text = Some(city.blobs.put(&words)?);
            }
            Ask::Assess { id, book, .. } | Ask::Renew { id, book, .. } => {
                texts.text = Some(city.blobs.put(book.text.as_bytes())?);
                if let Some(sheet) = measure(&*city.journal, *id)?.and_then(|row| row.sheet) {
                    let bytes = city.blobs.get(&sheet.text)?;
                    texts.words = Some(serde_json::from_slice(&bytes).map_err(|error| meaning(&error))?);
                }
            }
            Ask::Decide { reason, .. } if !reason.trim().is_empty() => {
                texts.text = Some(city.blobs.put(reason.as_bytes())?);
            }
            _ => {}
        }
        Ok(texts)
    }
}

fn meaning(error: &serde_json::Error) -> AppError {
    AppError::Meaning { table: "measures".into(), why: error.to_string() }
}

/// One command within its commit.
struct Work<'a> {
    writer: Writer<'a>,
    envelope: &'a Envelope,
    texts: &'a Texts,
    changes: Vec<Change>,
    id: Option<MeasureId>,
    appeal: Option<AppealId>,
    met: Met,
}

impl Work<'_> {
    /// Meets what was owed and is done now; the next look at a way out is owed from this one on.
    fn meet(&mut self, tx: &mut dyn Transaction, ask: &Ask, service: Option<Service>) -> Result<(), AppError> {
        let Some(row) = self.id.map(|id| measure(&*tx, id)).transpose()?.flatten() else { return Ok(()) };
        let (id, phase) = (row.measure.id(), row.measure.phase().name());
        let about = (ask, id, phase.is_over());
        self.met = meet(&self.writer, tx, self.envelope, about, (self.texts.proof, service))?;
        let (Ask::Inspect { way, .. } | Ask::Report { report: FieldReport::Inspected { way, .. }, .. }) = ask else {
            return Ok(());
        };
        let in_force = matches!(phase, PhaseName::Live | PhaseName::Suspended);
        let last = row.ways.iter().find(|known| known.id == *way).filter(|known| {
            // A look that is reported late says nothing of the next one.
            known.inspected.as_ref().is_some_and(|seen| seen.open && seen.at == self.now())
        });
        match last.filter(|_| in_force) {
            Some(way) => self.writer.open(tx, id, |opener, row| opener.look(row, way)),
            None => Ok(()),
        }
    }

    fn now(&self) -> Timestamp {
        self.writer.times.0
    }

    fn entity(&self) -> EntityId {
        EntityId::new(self.envelope.command_id.uuid(), 1)
    }

    /// Decides a command and writes what changes.
    fn decide(&mut self, tx: &mut dyn Transaction, command: Command, gate: Option<GateFacts>) -> Result<(), AppError> {
        let acting = Acting { now: self.now(), actor: actor(self.envelope) };
        let changes = state(&*tx)?.decide(&acting, command).map_err(refused)?;
        self.writer.changes(tx, &changes, gate)?;
        self.changes.extend(changes);
        Ok(())
    }

    /// Runs a command that the gate stands before, on what the city knows.
    fn at_gate(
        &mut self,
        tx: &mut dyn Transaction,
        id: MeasureId,
        command: impl FnOnce(Box<GateFacts>) -> Command,
    ) -> Result<(), AppError> {
        let facts = gate_facts(&*tx, &self.row(&*tx, id)?)?;
        self.decide(tx, command(Box::new(facts.clone())), Some(facts))
    }

    fn row(&self, on: &dyn Read, id: MeasureId) -> Result<MeasureRow, AppError> {
        measure(on, id)?.ok_or_else(|| refused(Refusal::Unknown(id)))
    }

    fn record(&self, tx: &mut dyn Transaction, id: MeasureId, what: Recorded) -> Result<(), AppError> {
        self.row(&*tx, id)?;
        self.writer.record(tx, MeasureRecorded { id, what })
    }

    fn carry_out(&mut self, tx: &mut dyn Transaction, ask: &Ask) -> Result<(), AppError> {
        match ask.clone() {
            Ask::Propose(proposal) => self.propose(tx, *proposal),
            Ask::Count { id, counted } => self.record(tx, id, Recorded::Counted(counted)),
            Ask::Assess { id, book, effect } => {
                let (assessment, judged) = self.weigh(&*tx, id, &book, effect.as_ref(), None)?;
                self.decide(tx, Command::Assess { id, assessment: Box::new(assessment) }, None)?;
                self.record(tx, id, Recorded::Judged(judged))
            }
            Ask::Offer { provider, service, units } => {
                self.writer.event(tx, Event::ServiceOffered(ServiceOffered { provider, service, units }))
            }
            Ask::Reserve { id, promise } => {
                let row = self.row(&*tx, id)?;
                let promise = promise.over(row.measure.terms().start(), row.measure.terms().end());
                self.record(tx, id, Recorded::Reserved(promise))?;
                self.urgent_care_still_there(tx, id)
            }
            Ask::Withdraw { id, provider, service } => {
                self.record(tx, id, Recorded::Withdrawn { provider, service })?;
                self.urgent_care_still_there(tx, id)
            }
            Ask::Inspect { id, way, kind, open } => self.inspect(tx, id, way, kind, open),
            Ask::Notice { id, how, appeal_channel } => {
                self.record(tx, id, Recorded::Notice(Notice { at: self.now(), how }))?;
                appeal_channel.map_or(Ok(()), |channel| self.record(tx, id, Recorded::AppealChannel(channel)))
            }
            Ask::Gate(id) => self.at_gate(tx, id, |facts| Command::Gate { id, facts }),
            Ask::Override { id, until, interim, second } => {
                self.at_gate(tx, id, |facts| Command::Override { id, facts, until, interim, second })
            }
            Ask::Activate { id, second } => self.at_gate(tx, id, |facts| Command::Activate { id, facts, second }),
            Ask::Complete(id) => self.at_gate(tx, id, |facts| Command::Complete { id, facts }),
            Ask::Suspend(id) => self.decide(tx, Command::Suspend { id }, None),
            Ask::Renew { id, end, review, evidence, book, second } => {
                let (assessment, judged) = self.weigh(&*tx, id, &book, None, Some(end))?;
                let assessment = Box::new(assessment);
                self.at_gate(tx, id, |facts| Command::Renew { id, end, review, evidence, facts, assessment, second })?;
                self.record(tx, id, Recorded::Judged(judged))
            }
            Ask::Review { id, open } => self.decide(tx, Command::Review { id, open }, None),
            Ask::End(id) => self.decide(tx, Command::End { id }, None),
            Ask::Report { id, report: FieldReport::Inspected { way, seen } } => {
                self.inspect(tx, id, way, None, Some(seen.open))
            }
            Ask::Report { id, report } => self.decide(tx, Command::Report { id, report }, None),
            Ask::Appeal { id, by, asks } => self.appeal(tx, id, by, asks),
            Ask::Decide { id, appeal, upheld, .. } => self.decide_appeal(tx, id, appeal, upheld),
            Ask::Observe(observed) => {
                let id = MeasureId(self.entity());
                self.id = Some(id);
                if path_of(&self.writer.desk.places, &observed.area).is_none() {
                    return Err(fault(Fault::UnknownPlace(observed.area)));
                }
                self.decide(tx, Command::Observe(Box::new(ObservedMeasure { id, ..*observed })), None)
            }
            Ask::UrgentCare { subject } => self.decide(tx, Command::SendUrgentCare { subject }, None),
        }
    }

    fn propose(&mut self, tx: &mut dyn Transaction, proposal: Proposal) -> Result<(), AppError> {
        let id = MeasureId(self.entity());
        self.id = Some(id);
        let path = known_path(self.writer.desk, &proposal)?;
        let Proposal { whom, ground, evidence, decided_by, start, review, end, .. } = proposal;
        let scope = match whom {
            Whom::Area(Place { code, .. }) => Scope::Area(code),
            Whom::Person { subject, kind, .. } => Scope::Person { subject, kind },
        };
        let decider = decided_by.or_else(|| actor(self.envelope).cloned()).ok_or(refused(Refusal::NeedsAPerson))?;
        let terms = Terms::new(scope, ground, evidence, decider, (start, review, end)).map_err(fault)?;
        self.decide(tx, Command::Propose { id, terms: Box::new(terms) }, None)?;
        let text = self.texts.text.ok_or_else(|| fault(Fault::Sheet("the proposal has no words".to_owned())))?;
        self.record(tx, id, Recorded::Sheet(Sheet { path, text, tests_on: proposal.tests_on }))?;
        if let Some(counted) = proposal.counted {
            self.record(tx, id, Recorded::Counted(counted))?;
        }
        for (way, kind) in proposal.ways {
            usable(&way)?;
            self.record(tx, id, Recorded::Way { id: way, kind })?;
        }
        proposal.appeal_channel.map_or(Ok(()), |channel| self.record(tx, id, Recorded::AppealChannel(channel)))
    }

    fn weigh(
        &self,
        on: &dyn Read,
        id: MeasureId,
        book: &Book,
        effect: Option<&Effect>,
        renewed_to: Option<Timestamp>,
    ) -> Result<(Assessment, Judged), AppError> {
        let row = self.row(on, id)?;
        if let Some(Effect { outlook, .. }) = effect {
            let (from, to) = keys::artefact_range(ArtefactKind::Outlook, *outlook, *outlook);
            let mut issued = false;
            on.scan(Space::Artefact, &from, &to, &mut |_| {
                issued = true;
                ControlFlow::Break(())
            })?;
            if !issued {
                return Err(fault(Fault::Effect(format!("rests on an outlook of {outlook}, and none was issued"))));
            }
        }
        let words = self.texts.words.as_ref();
        let words = words.ok_or_else(|| fault(Fault::Sheet(format!("{id} has no words"))))?;
        let text = self.texts.text.ok_or_else(|| fault(Fault::Sheet("there is no rulebook".to_owned())))?;
        let terms = row.measure.terms();
        let (from, over) = match renewed_to {
            Some(end) => (self.now(), (terms.start(), end)),
            None => (terms.start(), (terms.start(), terms.end())),
        };
        let day = self.writer.desk.calendar.civil(from).date();
        weigh(&row, &Weighed { book, text, words, effect, day, over }).map_err(fault)
    }

    /// Urgent care that nobody keeps any more is lost, and that frees people at once.
    fn urgent_care_still_there(&mut self, tx: &mut dyn Transaction, id: MeasureId) -> Result<(), AppError> {
        let row = self.row(&*tx, id)?;
        if !matches!(row.measure.phase(), Phase::Live(_)) {
            return Ok(());
        }
        let (now, end) = (self.now(), row.measure.terms().end());
        let kept = row.promises.iter().filter(|promise| {
            promise.service == Service::UrgentCare
                && promise.vehicle.is_some()
                && promise.from <= now
                && promise.to >= end
        });
        let kept = kept.fold(0_u64, |sum, promise| sum.saturating_add(promise.reserved));
        let needed = row.counted.as_ref().and_then(|counted| counted.demand.of(Service::UrgentCare));
        if needed.is_some_and(|needed| needed <= kept) {
            return Ok(());
        }
        self.decide(tx, Command::Report { id, report: FieldReport::UrgentCareLost }, None)
    }

    fn inspect(
        &mut self,
        tx: &mut dyn Transaction,
        id: MeasureId,
        way: levee_measures::WayId,
        kind: Option<levee_measures::ExitKind>,
        open: Option<bool>,
    ) -> Result<(), AppError> {
        let row = self.row(&*tx, id)?;
        match kind {
            Some(kind) => {
                usable(&way)?;
                self.record(tx, id, Recorded::Way { id: way.clone(), kind })?;
            }
            None if row.ways.iter().all(|known| known.id != way) => {
                return Err(fault(Fault::UnknownWay { id, way: way.to_string() }));
            }
            None => {}
        }
        let Some(open) = open else { return Ok(()) };
        let by = actor(self.envelope).cloned().ok_or_else(|| refused(Refusal::NeedsAPerson))?;
        let seen = Inspection { at: self.now(), by, open };
        self.record(tx, id, Recorded::Seen { way: way.clone(), seen: seen.clone() })?;
        self.decide(tx, Command::Report { id, report: FieldReport::Inspected { way, seen } }, None)
    }

    fn appeal(
        &mut self,
        tx: &mut dyn Transaction,
        id: MeasureId,
        by: levee_measures::Subject,
        asks: levee_measures::For,
    ) -> Result<(), AppError> {
        let appeal = AppealId(self.entity());
        self.appeal = Some(appeal);
        let who = by.as_str().to_owned();
        self.decide(tx, Command::Appeal { id, appeal, by, asks }, None)?;
        let due = self.row(&*tx, id)?.measure.appeals().get(&appeal).map(levee_measures::Appeal::due);
        due.map_or(Ok(()), |due| self.writer.open(tx, id, |opener, _| opener.appeal(&who, due)))
    }

    fn decide_appeal(
        &mut self,
        tx: &mut dyn Transaction,
        id: MeasureId,
        appeal: AppealId,
        upheld: bool,
    ) -> Result<(), AppError> {
        self.appeal = Some(appeal);
        let text = self.texts.text;
        // The words of the reason lie in the blob store; here stands their digest.
        let reason = text.map_or_else(String::new, |text| text.to_string());
        self.decide(tx, Command::DecideAppeal { id, appeal, upheld, reason }, None)?;
        let row = self.row(&*tx, id)?;
        let by = row.measure.appeals().get(&appeal).map(|appeal| appeal.by.as_str().to_owned());
        for one in row.obliged.iter().filter(|one| one.owes == Owes::Appeal) {
            let Some(known) = ledger::read::obligation(&*tx, &one.obligation)? else { continue };
            let theirs = known.subject.as_ref().map(levee_ledger::Subject::as_str) == by.as_deref();
            if known.owed() == 0 || !theirs || known.id.0.command() != appeal.0.command() {
                continue;
            }
            let proof = text.map(|text| Evidence { what: "answer_letter".into(), digest: Digest(text.0) });
            let meet = levee_ledger::Command::Meet {
                what: known.id.into(),
                units: known.owed(),
                reason: Some(if upheld { "answered_released" } else { "answered_upheld" }.to_owned()),
                said: Said::Actor,
                evidence: proof.into_iter().collect(),
            };
            self.writer.desk.work(tx, self.envelope, self.writer.times, &[meet], None)?;
        }
        Ok(())
    }
}

/// The name of a way is also what is owed to be looked at: the ledger must be able to name it.
fn usable(way: &levee_measures::WayId) -> Result<(), AppError> {
    let named: Result<levee_ledger::Subject, _> = way.as_str().parse();
    named.map(|_| ()).map_err(|_| fault(Fault::BadName { given: way.to_string(), what: "the name of a way out" }))
}

/// What the gate is told: all that was recorded, and nothing else.
pub(super) fn gate_facts(on: &dyn Read, row: &MeasureRow) -> Result<GateFacts, AppError> {
    Ok(GateFacts {
        demand: row.counted.as_ref().map(|counted| counted.demand.clone()).unwrap_or_default(),
        promises: row.promises.clone(),
        offers: offers(on)?,
        ways: row.ways.clone(),
        notice: row.notice.clone(),
        appeal_channel: row.appeal_channel.clone(),
    })
}
