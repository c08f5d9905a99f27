//! Who is on duty, and how a post is handed over with a signed list of what is open.

use super::desk::Desk;
use crate::city::{AppError, City, reference_rows, stream};
use crate::event::{Event, HandOverStep, HandedOver, NewEvent};
use crate::facts::known;
use crate::journal::{JournalError, Read, Receipt, Space};
use crate::projection::decode;
use crate::projection::ledger::rows::{HandOverRow, OwedRow};
use crate::projection::ledger::{keys, read};
use crate::rights;
use crate::settings::Calendar;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_ledger::duty::{Duties, Shift, TakenOver};
use levee_ledger::{ObligationId, Section};
use levee_model::area::PlaceCode;
use levee_model::command::Envelope;
use levee_model::ids::PersonId;
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;

/// Everybody who may answer: the roster as known now, who took over, and who has which role.
pub fn duties(on: &dyn Read, calendar: &Calendar) -> Result<Duties, AppError> {
    duties_at(on, calendar, Timestamp::MAX)
}

/// The same as the roster was known at a moment.
pub(crate) fn duties_at(on: &dyn Read, calendar: &Calendar, moment: Timestamp) -> Result<Duties, AppError> {
    let mut shifts = Vec::new();
    for row in known(on, "duty_roster", None, Date::MAX, moment)? {
        let row = row.row;
        let bad = |why: &str| AppError::Meaning { table: "duty_roster".into(), why: why.to_owned() };
        let text = |column: &str| row.text(column).ok_or_else(|| bad(&format!("`{column}` is empty")));
        let at = |column: &str| {
            row.datetime(column).and_then(|civil| calendar.moment(civil)).ok_or_else(|| bad("a shift has no time"))
        };
        let id = |given: &str| given.parse::<PersonId>().map_err(|error| bad(&error.to_string()));
        shifts.push(Shift {
            area: text("area")?.to_owned(),
            section: text("section")?.parse().map_err(|error: levee_ledger::BadText| bad(&error.to_string()))?,
            from: at("starts_at")?,
            until: at("ends_at")?,
            person: id(text("person")?)?,
            deputy: row.text("deputy").map(id).transpose()?,
        });
    }
    let mut taken_over = Vec::new();
    read::each(on, Space::HandOver, &(vec![], vec![0xff; 4]), &mut |key, value| {
        let row: HandOverRow = decode(Space::HandOver, value)?;
        if row.accepted
            && let Some((area, section, at)) = keys::hand_over_parts(key)
        {
            taken_over.push(TakenOver { area, section, at, by: row.to });
        }
        Ok(ControlFlow::Continue(()))
    })?;
    taken_over.sort_by_key(|one| one.at);
    let mut people = Vec::new();
    for row in reference_rows(on, "people")? {
        if let Some(id) = row.text("person").and_then(|id| id.parse::<PersonId>().ok())
            && let Some(person) = rights::person(on, &id)?
        {
            people.push(person);
        }
    }
    Ok(Duties { shifts, taken_over, people })
}

/// A line of the list that is signed at a hand-over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenLine {
    /// Which obligation.
    pub obligation: ObligationId,
    /// By when it is owed, seconds since 1970.
    pub due: i64,
    /// What, where, how many.
    #[serde(flatten)]
    pub row: OwedRow,
}

/// What is open at a post, the oldest first.
pub fn open_at(on: &dyn Read, area: &levee_ledger::AreaPath, section: &Section) -> Result<Vec<OpenLine>, AppError> {
    let mut lines = Vec::new();
    let range = keys::owed_before(area.book(), section, Timestamp::MAX);
    read::each(on, Space::Owed, &range, &mut |key, value| {
        let row = read::owed_row(key, value)?;
        if row.path.is_within(area)
            && let Some((_, due, obligation)) = keys::owed_parts(key)
        {
            lines.push(OpenLine { obligation, due, row });
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(lines)
}

/// A post, and who hands it to whom.
#[derive(Clone, Debug)]
pub struct HandOver {
    /// The area.
    pub area: PlaceCode,
    /// The section.
    pub section: Section,
    /// Who takes over; for a take-over, whoever acts.
    pub to: PersonId,
    /// When; none = now.
    pub at: Option<Timestamp>,
}

/// What was handed over.
#[derive(Clone, Debug)]
pub struct HandOverReport {
    /// Where it stands in the journal.
    pub receipt: Receipt,
    /// What was open.
    pub open: Vec<OpenLine>,
    /// Whether it is only offered yet.
    pub step: HandOverStep,
}

fn asked(what: String, hint: &str) -> AppError {
    AppError::Asked { what, hint: hint.to_owned() }
}

/// Offers a post: the one on duty signs the list of what is open. Or takes it over: the next one signs the same list.
pub fn hand_over(city: &mut City<'_>, envelope: &Envelope, post: &HandOver) -> Result<HandOverReport, AppError> {
    if let Some(done) = done_before(city, envelope)? {
        return Ok(done);
    }
    let desk = Desk::load(city.journal)?;
    let now = city.clock.now();
    let (occurred, known_at) = desk.times(now, post.at)?;
    let nameless = rights::NotAllowed::Nameless { what: "hand over or take over a post" };
    let actor = desk.actor(envelope)?.ok_or(nameless)?;
    let area = super::path_of(&desk.places, &post.area)
        .ok_or_else(|| asked(format!("the city knows no place `{}`", post.area), "see areas.csv of the pack"))?;
    if rights::person(city.journal, &post.to)?.is_none() {
        return Err(rights::NotAllowed::Unknown(post.to.clone()).into());
    }
    let stream = stream(&format!("ledger.{}", area.book()))?;
    let rests_on = super::rest::head(city.journal, &stream)?;
    let open = open_at(city.journal, &area, &post.section)?;
    let list = city.blobs.put(
        &serde_json::to_vec(&open)
            .map_err(|error| AppError::Meaning { table: "hand-over".into(), why: error.to_string() })?,
    )?;
    let waits = offered(city.journal, post.area.as_str(), &post.section)?;
    let (from, step) = match waits {
        Some((at, row)) if row.to == actor.id => {
            if row.list != list {
                return Err(asked(
                    format!("what is open has changed since {} signed the list at {at}", row.from),
                    "let them offer the post again, so that both sign the same list",
                ));
            }
            (row.from, HandOverStep::Accepted)
        }
        _ => {
            let on_duty = desk.duties.owner(&area, &post.section, occurred);
            let theirs = on_duty
                .as_ref()
                .is_some_and(|owner| owner.person == actor.id || owner.deputy.as_ref() == Some(&actor.id));
            if !theirs || post.to == actor.id {
                let who = on_duty.map_or_else(|| "nobody".to_owned(), |owner| owner.person.to_string());
                return Err(asked(
                    format!("{} of {} is with {who}, and is not offered to you", post.section, post.area),
                    "the one on duty offers it with `levee duty hand-over`, then the next one takes it",
                ));
            }
            (actor.id.clone(), HandOverStep::Offered)
        }
    };
    let event = Event::HandedOver(HandedOver {
        area: post.area.to_string(),
        section: post.section.clone(),
        from,
        to: post.to.clone(),
        step,
        at: occurred,
        open: open.len() as u64,
        list,
    });
    let receipt = city.journal.transact(envelope, now, &mut |tx| {
        tx.expect(&stream, rests_on)?;
        tx.append(NewEvent { stream: stream.clone(), occurred, known_at, event: event.clone() }).map(|_| ())
    })?;
    Ok(HandOverReport { receipt, open, step })
}

/// What a command has handed over already: whoever asks again because the answer was lost is told so.
fn done_before(city: &City<'_>, envelope: &Envelope) -> Result<Option<HandOverReport>, AppError> {
    let Some(receipt) = city.journal.receipt(envelope.command_id)? else { return Ok(None) };
    match super::rest::first_event(city.journal, &receipt)? {
        Some(Event::HandedOver(over)) => {
            let open = serde_json::from_slice(&city.blobs.get(&over.list)?)
                .map_err(|error| AppError::Meaning { table: "hand-over".into(), why: error.to_string() })?;
            Ok(Some(HandOverReport { receipt, open, step: over.step }))
        }
        _ => Err(super::rest::another(envelope)),
    }
}

/// The last hand-over of a post, if it is only offered yet.
fn offered(on: &dyn Read, area: &str, section: &Section) -> Result<Option<(Timestamp, HandOverRow)>, JournalError> {
    let mut last = None;
    let (from, to) = keys::hand_overs(area, section);
    read::each(on, Space::HandOver, &(from, to), &mut |key, value| {
        let row: HandOverRow = decode(Space::HandOver, value)?;
        last = keys::hand_over_parts(key).map(|(_, _, at)| (at, row));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(last.filter(|(_, row)| !row.accepted))
}
