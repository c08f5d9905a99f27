//! Sums of old journals, turned into the obligations that they stood for.

use super::touched::Touched;
use super::{Gathered, apply, law};
use crate::event::legacy::{Entry, Flow, ObligationsMoved};
use crate::journal::{JournalError, Projections};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use levee_ledger::{
    AreaPath, Change, Ground, Grown, KindId, Move, Obligation, ObligationId, Opened, Opening, Said, Section, Split,
    State,
};
use levee_model::ids::EntityId;

/// Every ground of an account was one obligation; its id follows from both, as there was none.
fn id(kind: &KindId, area: &str, ground: Date) -> ObligationId {
    let digest = blake3::derive_key("levee 2026 obligation of a sum v1", format!("{kind}/{area}/{ground}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(digest.get(..16).unwrap_or(&[0; 16]));
    ObligationId(EntityId::new(uuid::Builder::from_custom_bytes(bytes).into_uuid(), 0))
}

fn midnight(day: Date) -> Timestamp {
    // Old journals knew days only; the moment serves for sorting, and nothing of theirs was ever late.
    day.to_datetime(Time::midnight()).to_zoned(TimeZone::UTC).map_or(Timestamp::MIN, |zoned| zoned.timestamp())
}

pub(in crate::projection) fn moved(
    on: &mut dyn Projections,
    at: Timestamp,
    event: &ObligationsMoved,
) -> Result<(), JournalError> {
    let mut gathered = Gathered::default();
    for entry in &event.entries {
        if let Some(change) = change(on, &mut gathered.touched, entry)? {
            apply(on, &mut gathered, at, &change)?;
        }
    }
    gathered.write(on)
}

fn change(on: &dyn Projections, touched: &mut Touched, entry: &Entry) -> Result<Option<Change>, JournalError> {
    let (account, units) = (&entry.account, entry.units);
    let bad = |why: String| law(why);
    // What carried over needs no entry any more: it follows from what is owed.
    if matches!(entry.flow, Flow::CarriedIn | Flow::CarriedOut) || units == 0 {
        return Ok(None);
    }
    let ground = entry.ground.unwrap_or(account.day);
    let id = id(&account.kind, account.area.as_str(), ground);
    let to = match entry.flow {
        Flow::Opened | Flow::TransferredIn => {
            if touched.get(on, &id)?.is_some() {
                return Ok(Some(Change::Grown(Grown { obligation: id, units, day: account.day })));
            }
            let path = AreaPath::new([&account.area]).map_err(|e| bad(e.to_string()))?;
            let text = |e: levee_ledger::BadText| law(e.to_string());
            let section: Section = "transfer".parse().map_err(text)?;
            let ground: Ground = format!("infections:{ground}").parse().map_err(text)?;
            let opened_at = midnight(account.day);
            let due = opened_at.checked_add(jiff::SignedDuration::from_hours(24)).unwrap_or(opened_at);
            let obligation = Obligation {
                id,
                kind: account.kind.clone(),
                path,
                subject: None,
                ground: Some(ground),
                opened_at,
                due,
                section,
                priority: 2,
                never_expires: true,
                life_saving: false,
                synthetic: false,
                fields: std::collections::BTreeMap::new(),
                split: Split::opened(units),
                owner: None,
                posted: account.day,
                arrears: None,
                orders: vec![],
                version: 1,
            };
            return Ok(Some(Change::Opened(Box::new(Opened { obligation, how: Opening::New, note: None }))));
        }
        Flow::Met => State::Met,
        Flow::Waived => State::Waived,
        Flow::Expired => State::Expired,
        Flow::Voided => State::Voided,
        Flow::TransferredOut => State::Transferred,
        Flow::CarriedIn | Flow::CarriedOut => return Ok(None),
    };
    Ok(Some(Change::Moved(Move {
        obligation: id,
        from: State::Opened,
        to,
        units,
        day: account.day,
        reason: entry.reason.clone(),
        said: Said::Actor,
        evidence: vec![],
    })))
}
