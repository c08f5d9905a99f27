//! `levee obligation`, `levee explain`, `levee undo`: work on what is owed.

use super::counter::Counter;
use super::show;
use crate::cli::Cli;
use crate::cli::ledger::{
    Close, ExplainArgs, ObligationArgs, ObligationCommand, SaidBy, Target as One, UndoArgs, WasRecorded,
};
use crate::failure::Failure;
use crate::open::Access;
use levee_app::city::AppError;
use levee_app::ledger::orders::named;
use levee_app::ledger::undo::undo_at;
use levee_ledger::{Command, Obligation, ObligationId, Said, State, Target};
use levee_model::command::CommandId;
use levee_model::ids::EntityId;
use std::collections::BTreeMap;
use std::process::ExitCode;

fn said(by: Option<SaidBy>) -> Said {
    match by {
        None => Said::Actor,
        Some(SaidBy::Recipient) => Said::Recipient,
        Some(SaidBy::Clinician) => Said::Clinician,
    }
}

fn target(one: &One) -> Target {
    Target { id: one.id, version: one.version }
}

/// The obligation, or the refusal that there is none.
pub(super) fn known(counter: &Counter, id: ObligationId) -> Result<Obligation, Failure> {
    levee_app::ledger::orders::known(&counter.opened.journal, id)
        .map_err(|error| super::refusal::told(error, counter.lang))
}

pub(crate) fn run(cli: &Cli, args: &ObligationArgs) -> Result<ExitCode, Failure> {
    let write = |lang| Counter::open(cli, &args.city, Access::Write, lang);
    match &args.what {
        ObligationCommand::Show { id, lang } => {
            show::obligation(&Counter::open(cli, &args.city, Access::Read, *lang)?, *id)
        }
        ObligationCommand::Assign { ids, which, to, back: _, version, when } => {
            let mut counter = write(when.lang)?;
            let at = counter.at(when)?;
            if let Some(person) = to {
                counter.known(person)?;
            }
            if version.is_some() && ids.len() > 1 {
                return Err(counter.failure(
                    ("--version 只用于单个事项".into(), "--version goes with one obligation".into()),
                    ("去掉 --version，或逐个办理".into(), "leave it out, or give them one by one".into()),
                ));
            }
            let what = match which {
                Some(chosen) => counter.chosen(chosen, at, None)?,
                None => ids.iter().map(|id| Target { id: *id, version: *version }).collect(),
            };
            counter.carry_out(vec![Command::Assign { what, to: to.clone() }], at, None)
        }
        ObligationCommand::Begin { target: one, units, when } => {
            let mut counter = write(when.lang)?;
            let at = counter.at(when)?;
            let split = known(&counter, one.id)?.split;
            let idle = split.of(State::Opened).saturating_add(split.of(State::Assigned));
            let units = units.unwrap_or(idle);
            counter.carry_out(vec![Command::Begin { what: target(one), units }], at, None)
        }
        ObligationCommand::Meet { target: one, units, reason, said: by, evidence, note, when } => {
            let mut counter = write(when.lang)?;
            let at = counter.at(when)?;
            let units = units.unwrap_or(known(&counter, one.id)?.owed());
            let evidence = counter.evidence(evidence)?;
            let (what, reason, said) = (target(one), reason.clone(), said(*by));
            counter.carry_out(vec![Command::Meet { what, units, reason, said, evidence }], at, note.clone())
        }
        ObligationCommand::Waive(args) => close(write(args.when.lang)?, args, State::Waived),
        ObligationCommand::Expire(args) => close(write(args.when.lang)?, args, State::Expired),
        ObligationCommand::Void(args) => close(write(args.when.lang)?, args, State::Voided),
        ObligationCommand::Correct { target: one, from, units, reason, note, when } => {
            let mut counter = write(when.lang)?;
            let at = counter.at(when)?;
            let from = match from {
                WasRecorded::Met => State::Met,
                WasRecorded::Waived => State::Waived,
                WasRecorded::Expired => State::Expired,
                WasRecorded::Voided => State::Voided,
            };
            let command = Command::Correct { what: target(one), from, units: *units, reason: reason.clone() };
            counter.carry_out(vec![command], at, note.clone())
        }
        ObligationCommand::Transfer { target: one, to_area, units, when } => {
            let mut counter = write(when.lang)?;
            let (at, to) = (counter.at(when)?, counter.path(to_area)?);
            let id = ObligationId(counter.new_entity());
            counter.carry_out(vec![Command::Transfer { what: target(one), units: *units, to, id }], at, None)
        }
        ObligationCommand::Name { target: one, subjects, when } => {
            let mut counter = write(when.lang)?;
            let at = counter.at(when)?;
            let twice: BTreeMap<_, u32> = subjects.iter().fold(BTreeMap::new(), |mut all, subject| {
                *all.entry(subject).or_default() += 1;
                all
            });
            if let Some((subject, _)) = twice.iter().find(|(_, times)| **times > 1) {
                return Err(counter.failure(
                    (format!("“{subject}”写了两次"), format!("{subject} is named twice")),
                    ("每人只写一次".into(), "name each of them once".into()),
                ));
            }
            let (command, mut made) = (counter.envelope.command_id.uuid(), 0);
            let mut new_id = || {
                made += 1;
                EntityId::new(command, made)
            };
            let subjects = named(&counter.opened.journal, one.id, subjects, &mut new_id)
                .map_err(|error| super::refusal::told(error, counter.lang))?;
            counter.carry_out(vec![Command::Name { what: target(one), subjects }], at, None)
        }
    }
}

fn close(mut counter: Counter, args: &Close, to: State) -> Result<ExitCode, Failure> {
    let at = counter.at(&args.when)?;
    let units = args.units.unwrap_or(known(&counter, args.target.id)?.owed());
    let evidence = counter.evidence(&args.evidence)?;
    let (what, reason, said) = (target(&args.target), args.reason.clone(), said(args.said));
    counter.carry_out(vec![Command::Close { what, to, units, reason, said, evidence }], at, args.note.clone())
}

pub(crate) fn explain(cli: &Cli, args: &ExplainArgs) -> Result<ExitCode, Failure> {
    let mut counter = Counter::open(cli, &args.city, Access::Write, args.when.lang)?;
    let at = counter.at(&args.when)?;
    counter.known(&args.owner)?;
    let ends = counter.desk.calendar.end_of(args.date).ok_or_else(|| {
        counter.failure(
            ("该日超出历法范围".into(), "that day has no end".into()),
            ("请核对 --date".into(), "check --date".into()),
        )
    })?;
    let what = match &args.which {
        Some(chosen) => counter.chosen(chosen, at, Some(ends))?,
        None => args.ids.iter().map(|id| (*id).into()).collect(),
    };
    let (day, reason, owner) = (args.date, args.reason.clone(), args.owner.clone());
    counter.carry_out(vec![Command::Explain { what, day, ends, reason, owner }], at, args.note.clone())
}

pub(crate) fn undo(cli: &Cli, args: &UndoArgs) -> Result<ExitCode, Failure> {
    let mut counter = Counter::open(cli, &args.city, Access::Write, args.when.lang)?;
    let (at, envelope) = (counter.at(&args.when)?, counter.envelope.clone());
    let command = CommandId::new(args.command);
    let done = undo_at(&mut counter.opened.city(), &envelope, command, Some(at));
    let asked = matches!(done, Err(AppError::Asked { .. }));
    counter.report(done).map_err(|failure| if asked { failure.no() } else { failure })
}
