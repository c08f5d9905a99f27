//! Version 1 of what is recorded for the gate of a restriction. Frozen, as [`super::v1`] is.

use super::measure_parts::{StoredDemand, StoredExit, StoredInspection, StoredNotice, StoredPromise, text};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::blob::BlobRef;
use levee_app::event::{self, Counted, Duty, Event, Judged, Obliged, Owes, Recorded, Sheet};
use levee_ledger::{AreaPath, ObligationId};
use levee_measures::MeasureId;
use levee_model::ids::EntityId;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasureRecorded {
    id: EntityId,
    what: StoredRecorded,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum StoredRecorded {
    Sheet {
        path: AreaPath,
        text: BlobRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tests_on: Vec<u16>,
    },
    Counted {
        demand: StoredDemand,
        households: u64,
    },
    Reserved(StoredPromise),
    Withdrawn {
        provider: String,
        service: String,
    },
    Way {
        id: String,
        kind: StoredExit,
    },
    Seen {
        way: String,
        seen: StoredInspection,
    },
    Notice(StoredNotice),
    AppealChannel(String),
    Judged(StoredJudged),
    Obliged(Vec<StoredObliged>),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredJudged {
    book: String,
    text: BlobRef,
    day: Date,
    rules: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shut: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    duties: Vec<StoredDuty>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredDuty {
    rule: String,
    id: String,
    due_minutes: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredOwes {
    Service,
    Test,
    Inspection,
    Rule,
    Release,
    Appeal,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredObliged {
    obligation: EntityId,
    owes: StoredOwes,
    due: Timestamp,
}

fn store_obliged(Obliged { obligation, owes, due }: &Obliged) -> StoredObliged {
    let owes = match owes {
        Owes::Service => StoredOwes::Service,
        Owes::Test => StoredOwes::Test,
        Owes::Inspection => StoredOwes::Inspection,
        Owes::Rule => StoredOwes::Rule,
        Owes::Release => StoredOwes::Release,
        Owes::Appeal => StoredOwes::Appeal,
    };
    StoredObliged { obligation: obligation.0, owes, due: *due }
}

fn read_obliged(StoredObliged { obligation, owes, due }: StoredObliged) -> Obliged {
    let owes = match owes {
        StoredOwes::Service => Owes::Service,
        StoredOwes::Test => Owes::Test,
        StoredOwes::Inspection => Owes::Inspection,
        StoredOwes::Rule => Owes::Rule,
        StoredOwes::Release => Owes::Release,
        StoredOwes::Appeal => Owes::Appeal,
    };
    Obliged { obligation: ObligationId(obligation), owes, due }
}

fn store_judged(judged: &Judged) -> StoredJudged {
    let Judged { book, text, day, rules, shut, duties } = judged.clone();
    let duty = |Duty { rule, id, due_minutes }| StoredDuty { rule, id, due_minutes };
    StoredJudged { book, text, day, rules, shut, duties: duties.into_iter().map(duty).collect() }
}

fn read_judged(judged: StoredJudged) -> Judged {
    let StoredJudged { book, text, day, rules, shut, duties } = judged;
    let duty = |StoredDuty { rule, id, due_minutes }| Duty { rule, id, due_minutes };
    Judged { book, text, day, rules, shut, duties: duties.into_iter().map(duty).collect() }
}

pub(super) fn write_recorded(one: &event::MeasureRecorded) -> serde_json::Result<Vec<u8>> {
    let event::MeasureRecorded { id, what } = one;
    let what = match what {
        Recorded::Sheet(Sheet { path, text, tests_on }) => {
            StoredRecorded::Sheet { path: path.clone(), text: *text, tests_on: tests_on.clone() }
        }
        Recorded::Counted(Counted { demand, households }) => {
            StoredRecorded::Counted { demand: StoredDemand::of(demand), households: *households }
        }
        Recorded::Reserved(promise) => StoredRecorded::Reserved(StoredPromise::of(promise)),
        Recorded::Withdrawn { provider, service } => {
            StoredRecorded::Withdrawn { provider: provider.as_str().to_owned(), service: service.code().to_owned() }
        }
        Recorded::Way { id, kind } => StoredRecorded::Way { id: id.to_string(), kind: (*kind).into() },
        Recorded::Seen { way, seen } => StoredRecorded::Seen { way: way.to_string(), seen: StoredInspection::of(seen) },
        Recorded::Notice(notice) => StoredRecorded::Notice(StoredNotice::of(notice)),
        Recorded::AppealChannel(channel) => StoredRecorded::AppealChannel(channel.clone()),
        Recorded::Judged(judged) => StoredRecorded::Judged(store_judged(judged)),
        Recorded::Obliged(obliged) => StoredRecorded::Obliged(obliged.iter().map(store_obliged).collect()),
    };
    serde_json::to_vec(&MeasureRecorded { id: id.0, what })
}

pub(super) fn measure_recorded(body: &[u8]) -> Result<Event, String> {
    let MeasureRecorded { id, what } = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let what = match what {
        StoredRecorded::Sheet { path, text, tests_on } => Recorded::Sheet(Sheet { path, text, tests_on }),
        StoredRecorded::Counted { demand, households } => {
            Recorded::Counted(Counted { demand: demand.read()?, households })
        }
        StoredRecorded::Reserved(promise) => Recorded::Reserved(promise.read()?),
        StoredRecorded::Withdrawn { provider, service } => {
            Recorded::Withdrawn { provider: text(&provider)?, service: text(&service)? }
        }
        StoredRecorded::Way { id, kind } => Recorded::Way { id: text(&id)?, kind: kind.into() },
        StoredRecorded::Seen { way, seen } => Recorded::Seen { way: text(&way)?, seen: seen.read() },
        StoredRecorded::Notice(notice) => Recorded::Notice(notice.read()),
        StoredRecorded::AppealChannel(channel) => Recorded::AppealChannel(channel),
        StoredRecorded::Judged(judged) => Recorded::Judged(read_judged(judged)),
        StoredRecorded::Obliged(obliged) => Recorded::Obliged(obliged.into_iter().map(read_obliged).collect()),
    };
    Ok(Event::MeasureRecorded(Box::new(event::MeasureRecorded { id: MeasureId(id), what })))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceOffered {
    provider: String,
    service: String,
    units: u64,
}

pub(super) fn write_offered(one: &event::ServiceOffered) -> serde_json::Result<Vec<u8>> {
    let event::ServiceOffered { provider, service, units } = one;
    let (provider, service) = (provider.as_str().to_owned(), service.code().to_owned());
    serde_json::to_vec(&ServiceOffered { provider, service, units: *units })
}

pub(super) fn service_offered(body: &[u8]) -> Result<Event, String> {
    let ServiceOffered { provider, service, units } =
        serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let (provider, service) = (text(&provider)?, text(&service)?);
    Ok(Event::ServiceOffered(event::ServiceOffered { provider, service, units }))
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RulebookKept {
    book: String,
    text: BlobRef,
    from: Date,
}

pub(super) fn write_kept(one: &event::RulebookKept) -> serde_json::Result<Vec<u8>> {
    let event::RulebookKept { book, text, from } = one;
    serde_json::to_vec(&RulebookKept { book: book.clone(), text: *text, from: *from })
}

pub(super) fn rulebook_kept(body: &[u8]) -> Result<Event, String> {
    let RulebookKept { book, text, from } = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    Ok(Event::RulebookKept(event::RulebookKept { book, text, from }))
}
