//! `levee measure`: restrictions, from proposal to expiry.

mod changes;
mod refusal;
mod show;

pub(super) use refusal::told;

use super::ledger::{Counter, told as told_of};
use super::rulebook::books;
use crate::cli::measure::{MeasureCommand, Seen};
use crate::cli::{Cli, Lang};
use crate::failure::Failure;
use crate::files::write_whole;
use crate::open::Access;
use crate::say;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::city::AppError;
use levee_app::measures::sheet::counted;
use levee_app::measures::{Ask, Book, Effect, Fault, Proof, Proposal, Reserve, carry_out_proven, page, view};
use levee_app::settings::Language;
use levee_measures::{FieldReport, For, MeasureId};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, command: &MeasureCommand) -> Result<ExitCode, Failure> {
    let (city, when) = command.place();
    let looks =
        matches!(command, MeasureCommand::List { .. } | MeasureCommand::Show { .. } | MeasureCommand::Page { .. });
    let access = if looks { Access::Read } else { Access::Write };
    let mut counter = Counter::open(cli, city, access, when.lang)?;
    let at = counter.at(when)?;
    match command {
        MeasureCommand::List { .. } => show::list(&counter, at),
        MeasureCommand::Show { one } => show::one(&counter, one.id, at),
        MeasureCommand::Page { one, out } => write_page(&counter, one.id, at, out.as_deref()),
        _ => {
            let ask = asked(&counter, command, at)?;
            let (file, service) = command.proof();
            let file = file.map(std::fs::read).transpose().map_err(|error| {
                let path = command.proof().0.map(PathBuf::as_path).unwrap_or(Path::new(""));
                Failure::io("read", path, &error).told_in(counter.lang)
            })?;
            let proof = Proof { file: file.as_deref(), service };
            let (city, envelope) = (&mut counter.opened.city(), &counter.envelope);
            let done = carry_out_proven(&counter.desk, city, envelope, (&ask, proof), Some(at))
                .map_err(|error| told_of(error, counter.lang))?;
            changes::report(&counter, &done)
        }
    }
}

fn fault(counter: &Counter, fault: Fault) -> Failure {
    told_of(AppError::Measure(Box::new(fault)), counter.lang)
}

fn text(counter: &Counter, file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| Failure::io("read", file, &error).told_in(counter.lang))
}

/// The rulebook by which a restriction is judged at a moment: for a new one that of the day it starts, for a renewal that of the day.
fn book(counter: &Counter, given: Option<&Path>, day: Date, at: Timestamp) -> Result<Box<Book>, Failure> {
    let book = books::of_city(&counter.opened, given, (day, at), counter.lang)?;
    if given.is_none() {
        let id = book.rules().id();
        say::note(counter.say(&format!("规则库：{id}（本城所用）"), &format!("rulebook: {id}, the city's own")));
    }
    Ok(Box::new(book))
}

/// The day on which a restriction starts.
fn start(counter: &Counter, id: MeasureId) -> Result<Date, Failure> {
    let shown = view::one(&counter.opened.journal, &counter.opened.blobs, id);
    let shown = shown.map_err(|error| told_of(error, counter.lang))?;
    Ok(counter.desk.calendar.civil(shown.row.measure.terms().start()).date())
}

/// What the arguments ask.
fn asked(counter: &Counter, command: &MeasureCommand, at: Timestamp) -> Result<Ask, Failure> {
    Ok(match command {
        MeasureCommand::Propose { file, .. } => {
            let read = Proposal::read(&text(counter, file)?, &counter.desk.calendar);
            Ask::Propose(Box::new(read.map_err(|error| fault(counter, error))?))
        }
        MeasureCommand::Count { one, numbers } => {
            let table: BTreeMap<String, u64> = numbers.iter().map(|one| (one.name.clone(), one.units)).collect();
            let counted = counted(&table).map_err(|error| fault(counter, error))?;
            let counted = counted.ok_or_else(|| fault(counter, Fault::NotCounted(one.id)))?;
            Ask::Count { id: one.id, counted }
        }
        MeasureCommand::Assess { one, rulebook, effect, low, high, outlook } => {
            let effect = match (effect, low, high, outlook) {
                (Some(what), Some(low), Some(high), Some(outlook)) => {
                    Some(Effect { what: what.clone(), low: *low, high: *high, outlook: *outlook })
                }
                _ => None,
            };
            let book = book(counter, rulebook.as_deref(), start(counter, one.id)?, at)?;
            Ask::Assess { id: one.id, book, effect }
        }
        MeasureCommand::Service { one, service, provider, withdraw: true, .. } => {
            Ask::Withdraw { id: one.id, provider: provider.clone(), service: *service }
        }
        MeasureCommand::Service { one, service, provider, units, vehicle, from, to, .. } => {
            let moment = |civil: &Option<jiff::civil::DateTime>| civil.map(|civil| counter.moment(civil)).transpose();
            let promise = Reserve {
                service: *service,
                provider: provider.clone(),
                reserved: units.unwrap_or(0),
                vehicle: vehicle.clone(),
                from: moment(from)?,
                to: moment(to)?,
            };
            Ask::Reserve { id: one.id, promise }
        }
        MeasureCommand::Offer { service, provider, units, .. } => {
            Ask::Offer { provider: provider.clone(), service: *service, units: *units }
        }
        MeasureCommand::Inspect { one, way, kind, blocked, .. } => {
            let (kind, open) = (kind.map(Into::into), Some(!blocked));
            Ask::Inspect { id: one.id, way: way.clone(), kind, open }
        }
        MeasureCommand::Notice { one, how, appeal_channel, .. } => {
            Ask::Notice { id: one.id, how: how.clone(), appeal_channel: appeal_channel.clone() }
        }
        MeasureCommand::Gate { one } => Ask::Gate(one.id),
        MeasureCommand::Override { one, until, put_off, with } => Ask::Override {
            id: one.id,
            until: counter.moment(*until)?,
            interim: put_off.iter().map(|interim| (interim.what, interim.who.clone())).collect(),
            second: with.clone(),
        },
        MeasureCommand::Activate { one, with } | MeasureCommand::Resume { one, with } => {
            Ask::Activate { id: one.id, second: with.clone() }
        }
        MeasureCommand::Complete { one } => Ask::Complete(one.id),
        MeasureCommand::Suspend { one } => Ask::Suspend(one.id),
        MeasureCommand::Renew { one, end, review, evidence, rulebook, with } => Ask::Renew {
            id: one.id,
            end: counter.moment(*end)?,
            review: counter.moment(*review)?,
            evidence: evidence
                .iter()
                .map(|report| Ok(report.item(counter.moment(report.occurred)?)))
                .collect::<Result<_, Failure>>()?,
            book: book(counter, rulebook.as_deref(), counter.desk.calendar.civil(at).date(), at)?,
            second: with.clone(),
        },
        MeasureCommand::Review { one, ask, .. } => Ask::Review { id: one.id, open: *ask },
        MeasureCommand::End { one } => Ask::End(one.id),
        MeasureCommand::Report(seen) => report(counter, seen)?,
        MeasureCommand::Appeal { one, by, household } => {
            let asks = household.clone().map_or(For::All, For::Household);
            Ask::Appeal { id: one.id, by: by.clone(), asks }
        }
        MeasureCommand::Decide { one, appeal, upheld, reason, .. } => {
            Ask::Decide { id: one.id, appeal: *appeal, upheld: *upheld, reason: reason.clone() }
        }
        MeasureCommand::Urgent { subject, .. } => Ask::UrgentCare { subject: subject.clone() },
        // They write nothing and were answered before.
        MeasureCommand::List { .. } | MeasureCommand::Show { .. } | MeasureCommand::Page { .. } => {
            return Err(Failure::new("nothing is asked", "see `levee measure --help`"));
        }
    })
}

fn report(counter: &Counter, seen: &Seen) -> Result<Ask, Failure> {
    let (id, report) = match seen {
        Seen::ExitBlocked { one, way } => {
            return Ok(Ask::Inspect { id: one.id, way: way.clone(), kind: None, open: Some(false) });
        }
        Seen::UrgentCareLost { one } => (one.id, FieldReport::UrgentCareLost),
        Seen::UrgentCareBack { one } => (one.id, FieldReport::UrgentCareBack),
        Seen::Unserved { one, household, since } => {
            let since = counter.moment(*since)?;
            (one.id, FieldReport::Unserved { household: household.clone(), since })
        }
        Seen::Served { one, household, .. } => (one.id, FieldReport::Served { household: household.clone() }),
        Seen::GroundLapsed { one } => (one.id, FieldReport::GroundLapsed),
    };
    Ok(Ask::Report { id, report })
}

/// Writes the page that a resident reads.
fn write_page(counter: &Counter, id: MeasureId, at: Timestamp, out: Option<&Path>) -> Result<ExitCode, Failure> {
    let (journal, blobs) = (&counter.opened.journal, &counter.opened.blobs);
    let language = match counter.lang {
        Lang::Zh => Language::Zh,
        Lang::En => Language::En,
    };
    let shown = view::one(journal, blobs, id).map_err(|error| told_of(error, counter.lang))?;
    let page = page::page(journal, blobs, &counter.desk.calendar, &shown, language, at)?;
    let path = match out {
        Some(out) => out.to_owned(),
        None => {
            let folder = counter.folder.join("measures");
            std::fs::create_dir_all(&folder).map_err(|e| Failure::io("make the folder", &folder, &e))?;
            folder.join(format!("{id}.{}.html", counter.say("zh", "en")))
        }
    };
    write_whole(&[(&path, page.html(language).as_bytes())])?;
    if counter.wants_json() {
        say::json(&serde_json::json!({ "schema": "levee.measure_page/1", "page": path.display().to_string() }));
    } else {
        say::out(&path.display().to_string());
    }
    Ok(ExitCode::SUCCESS)
}
