//! Version 1 of the events about personal data. Frozen, as [`super::v1`] is; they hold pseudonyms, words and digests.

use jiff::civil::Date;
use levee_app::blob::BlobRef;
use levee_app::event::{self, ErasedWhy, Event, Whom};
use levee_model::ids::PersonId;
use levee_model::subject::{PersonalField, Pseudonym, Purpose};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|e| e.to_string())
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonSealed {
    subject: Pseudonym,
    fields: Vec<PersonalField>,
    purpose: Purpose,
    retain_until: Date,
}

pub(super) fn write_sealed(one: &event::PersonSealed) -> serde_json::Result<Vec<u8>> {
    let event::PersonSealed { subject, fields, purpose, retain_until } = one.clone();
    serde_json::to_vec(&PersonSealed { subject, fields, purpose, retain_until })
}

pub(super) fn person_sealed(body: &[u8]) -> Result<Event, String> {
    let PersonSealed { subject, fields, purpose, retain_until } = read(body)?;
    Ok(Event::PersonSealed(event::PersonSealed { subject, fields, purpose, retain_until }))
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredWhom {
    Named(Vec<Pseudonym>),
    Listed(StoredList),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredList {
    count: u64,
    list: BlobRef,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonRead {
    whom: StoredWhom,
    fields: Vec<PersonalField>,
    reason: BlobRef,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    with: Option<PersonId>,
}

pub(super) fn write_read(one: &event::PersonRead) -> serde_json::Result<Vec<u8>> {
    let event::PersonRead { whom, fields, reason, with } = one.clone();
    let whom = match whom {
        Whom::Named(named) => StoredWhom::Named(named),
        Whom::Listed { count, list } => StoredWhom::Listed(StoredList { count, list }),
    };
    serde_json::to_vec(&PersonRead { whom, fields, reason, with })
}

pub(super) fn person_read(body: &[u8]) -> Result<Event, String> {
    let PersonRead { whom, fields, reason, with } = read(body)?;
    let whom = match whom {
        StoredWhom::Named(named) => Whom::Named(named),
        StoredWhom::Listed(StoredList { count, list }) => Whom::Listed { count, list },
    };
    Ok(Event::PersonRead(event::PersonRead { whom, fields, reason, with }))
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredWhy {
    PurposeEnded,
    PersonAsked,
    Retention,
    OnTheList,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonErased {
    subject: Pseudonym,
    why: StoredWhy,
}

pub(super) fn write_erased(event::PersonErased { subject, why }: &event::PersonErased) -> serde_json::Result<Vec<u8>> {
    let why = match why {
        ErasedWhy::PurposeEnded => StoredWhy::PurposeEnded,
        ErasedWhy::PersonAsked => StoredWhy::PersonAsked,
        ErasedWhy::Retention => StoredWhy::Retention,
        ErasedWhy::OnTheList => StoredWhy::OnTheList,
    };
    serde_json::to_vec(&PersonErased { subject: *subject, why })
}

pub(super) fn person_erased(body: &[u8]) -> Result<Event, String> {
    let PersonErased { subject, why } = read(body)?;
    let why = match why {
        StoredWhy::PurposeEnded => ErasedWhy::PurposeEnded,
        StoredWhy::PersonAsked => ErasedWhy::PersonAsked,
        StoredWhy::Retention => ErasedWhy::Retention,
        StoredWhy::OnTheList => ErasedWhy::OnTheList,
    };
    Ok(Event::PersonErased(event::PersonErased { subject, why }))
}
