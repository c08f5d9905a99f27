//! Version 1 of what changes in the ledger. Frozen, as [`super::v1`] is.

use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::blob::BlobRef;
use levee_app::event::{self, BatchRows, Event};
use levee_ledger::Digest;
use levee_ledger::catalogue::FieldValue;
use levee_ledger::order::{Action, Advanced, Hold, Order, OrderChange, OrderId, OrderState, Promise, ResourceId, Why};
use levee_ledger::{
    AreaPath, Change, Evidence, Explained, Ground, Grown, KindId, Move, Named, Obligation, ObligationId, Opened,
    Opening, Owned, Said, Section, Split, State, Subject,
};
use levee_model::ids::{EntityId, PersonId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

fn is_false(flag: &bool) -> bool {
    !flag
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LedgerChanged {
    changes: Vec<StoredChange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    batch: Option<StoredBatch>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<BlobRef>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredBatch {
    batch: EntityId,
    rows: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredChange {
    Opened(StoredOpened),
    Grown(StoredGrown),
    Moved(StoredMove),
    Named(StoredNamed),
    Owned(StoredOwned),
    Explained(StoredExplained),
    Proposed(StoredOrder),
    Advanced(StoredAdvanced),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredOpened {
    id: EntityId,
    kind: KindId,
    path: AreaPath,
    units: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<Subject>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ground: Option<Ground>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    transferred_from: Option<EntityId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    named_from: Option<EntityId>,
    opened_at: Timestamp,
    due: Timestamp,
    day: Date,
    section: Section,
    priority: u8,
    #[serde(default, skip_serializing_if = "is_false")]
    never_expires: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    life_saving: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    synthetic: bool,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<String, FieldValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner: Option<PersonId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<BlobRef>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredGrown {
    id: EntityId,
    units: u64,
    day: Date,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredState {
    Opened,
    Assigned,
    InProgress,
    Met,
    Waived,
    Expired,
    Voided,
    Transferred,
    Named,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredSaid {
    Recipient,
    Clinician,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredEvidence {
    what: String,
    blob: BlobRef,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredMove {
    id: EntityId,
    from: StoredState,
    to: StoredState,
    units: u64,
    day: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// None: whoever gave the command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    said: Option<StoredSaid>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    evidence: Vec<StoredEvidence>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredNamed {
    id: EntityId,
    from: StoredState,
    units: u64,
    day: Date,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredOwned {
    id: EntityId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<PersonId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner: Option<PersonId>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredExplained {
    id: EntityId,
    day: Date,
    reason: String,
    owner: PersonId,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredOrderState {
    Proposed,
    Approved,
    Issued,
    Accepted,
    Done,
    Failed,
    Cancelled,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredPromise {
    id: EntityId,
    units: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredHold {
    resource: ResourceId,
    units: u64,
    from: Timestamp,
    until: Timestamp,
    confirm_by: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredOrder {
    id: EntityId,
    action: Action,
    path: AreaPath,
    section: Section,
    meets: Vec<StoredPromise>,
    why: String,
    rests_on: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    holds: Vec<StoredHold>,
    #[serde(default, skip_serializing_if = "is_false")]
    life_saving: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    carried_out_by: Option<PersonId>,
    due: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredAdvanced {
    id: EntityId,
    from: StoredOrderState,
    to: StoredOrderState,
    at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    capacities: Vec<(ResourceId, u64)>,
}

fn store_state(state: State) -> StoredState {
    match state {
        State::Opened => StoredState::Opened,
        State::Assigned => StoredState::Assigned,
        State::InProgress => StoredState::InProgress,
        State::Met => StoredState::Met,
        State::Waived => StoredState::Waived,
        State::Expired => StoredState::Expired,
        State::Voided => StoredState::Voided,
        State::Transferred => StoredState::Transferred,
        State::Named => StoredState::Named,
    }
}

fn read_state(state: StoredState) -> State {
    match state {
        StoredState::Opened => State::Opened,
        StoredState::Assigned => State::Assigned,
        StoredState::InProgress => State::InProgress,
        StoredState::Met => State::Met,
        StoredState::Waived => State::Waived,
        StoredState::Expired => State::Expired,
        StoredState::Voided => State::Voided,
        StoredState::Transferred => State::Transferred,
        StoredState::Named => State::Named,
    }
}

fn store_order_state(state: OrderState) -> StoredOrderState {
    match state {
        OrderState::Proposed => StoredOrderState::Proposed,
        OrderState::Approved => StoredOrderState::Approved,
        OrderState::Issued => StoredOrderState::Issued,
        OrderState::Accepted => StoredOrderState::Accepted,
        OrderState::Done => StoredOrderState::Done,
        OrderState::Failed => StoredOrderState::Failed,
        OrderState::Cancelled => StoredOrderState::Cancelled,
    }
}

fn read_order_state(state: StoredOrderState) -> OrderState {
    match state {
        StoredOrderState::Proposed => OrderState::Proposed,
        StoredOrderState::Approved => OrderState::Approved,
        StoredOrderState::Issued => OrderState::Issued,
        StoredOrderState::Accepted => OrderState::Accepted,
        StoredOrderState::Done => OrderState::Done,
        StoredOrderState::Failed => OrderState::Failed,
        StoredOrderState::Cancelled => OrderState::Cancelled,
    }
}

/// An opening as it is stored. What a new obligation never has (an order, a second version, units that moved) has no place
/// here; an event that claims such a thing would not read back as it is, and is refused.
fn store_opened(one: &Opened) -> Result<StoredOpened, String> {
    let Opened { obligation, how, note } = one;
    let Obligation {
        id,
        kind,
        path,
        subject,
        ground,
        opened_at,
        due,
        section,
        priority,
        never_expires,
        life_saving,
        synthetic,
        fields,
        split,
        owner,
        posted,
        arrears,
        orders,
        version,
    } = obligation;
    let units = split.all();
    if *split != Split::opened(units) || arrears.is_some() || !orders.is_empty() || *version != 1 {
        return Err("an obligation is opened with something that only comes later".to_owned());
    }
    if let Some(name) = fields.iter().find_map(|(name, value)| match value {
        FieldValue::Decimal(number) if !number.is_finite() => Some(name),
        _ => None,
    }) {
        return Err(format!("field `{name}` is not a number"));
    }
    Ok(StoredOpened {
        id: id.0,
        kind: kind.clone(),
        path: path.clone(),
        units,
        subject: subject.clone(),
        ground: ground.clone(),
        transferred_from: if let Opening::Transferred(from) = how { Some(from.0) } else { None },
        named_from: if let Opening::Named(from) = how { Some(from.0) } else { None },
        opened_at: *opened_at,
        due: *due,
        day: *posted,
        section: section.clone(),
        priority: *priority,
        never_expires: *never_expires,
        life_saving: *life_saving,
        synthetic: *synthetic,
        fields: fields.clone(),
        owner: owner.clone(),
        note: note.map(|note| BlobRef(note.0)),
    })
}

fn read_opened(one: StoredOpened) -> Result<Opened, String> {
    let how = match (one.transferred_from, one.named_from) {
        (None, None) => Opening::New,
        (Some(from), None) => Opening::Transferred(ObligationId(from)),
        (None, Some(from)) => Opening::Named(ObligationId(from)),
        (Some(_), Some(_)) => return Err("it was both transferred and named".to_owned()),
    };
    let obligation = Obligation {
        id: ObligationId(one.id),
        kind: one.kind,
        path: one.path,
        subject: one.subject,
        ground: one.ground,
        opened_at: one.opened_at,
        due: one.due,
        section: one.section,
        priority: one.priority,
        never_expires: one.never_expires,
        life_saving: one.life_saving,
        synthetic: one.synthetic,
        fields: one.fields,
        split: Split::opened(one.units),
        owner: one.owner,
        posted: one.day,
        arrears: None,
        orders: vec![],
        version: 1,
    };
    Ok(Opened { obligation, how, note: one.note.map(|note| Digest(note.0)) })
}

fn store_order(one: &Order) -> Result<StoredOrder, String> {
    let Order {
        id,
        action,
        path,
        section,
        meets,
        why: Why { code, rests_on },
        holds,
        life_saving,
        carried_out_by,
        due,
        state,
        reason,
        version,
    } = one.clone();
    if state != OrderState::Proposed || reason.is_some() || version != 1 {
        return Err("an order is proposed with something that only comes later".to_owned());
    }
    let hold = |Hold { resource, units, from, until, confirm_by, used, surge }| match used || surge {
        true => Err("an order is proposed with capacity in use".to_owned()),
        false => Ok(StoredHold { resource, units, from, until, confirm_by }),
    };
    Ok(StoredOrder {
        id: id.0,
        action,
        path,
        section,
        meets: meets.into_iter().map(|p| StoredPromise { id: p.obligation.0, units: p.units }).collect(),
        why: code,
        rests_on,
        holds: holds.into_iter().map(hold).collect::<Result<_, _>>()?,
        life_saving,
        carried_out_by,
        due,
    })
}

fn read_order(one: StoredOrder) -> Order {
    let hold = |StoredHold { resource, units, from, until, confirm_by }| Hold {
        resource,
        units,
        from,
        until,
        confirm_by,
        used: false,
        surge: false,
    };
    Order {
        id: OrderId(one.id),
        action: one.action,
        path: one.path,
        section: one.section,
        meets: one
            .meets
            .into_iter()
            .map(|StoredPromise { id, units }| Promise { obligation: ObligationId(id), units })
            .collect(),
        why: Why { code: one.why, rests_on: one.rests_on },
        holds: one.holds.into_iter().map(hold).collect(),
        life_saving: one.life_saving,
        carried_out_by: one.carried_out_by,
        due: one.due,
        state: OrderState::Proposed,
        reason: None,
        version: 1,
    }
}

fn store_change(change: &Change) -> Result<StoredChange, String> {
    Ok(match change {
        Change::Opened(one) => StoredChange::Opened(store_opened(one)?),
        Change::Grown(Grown { obligation, units, day }) => {
            StoredChange::Grown(StoredGrown { id: obligation.0, units: *units, day: *day })
        }
        Change::Moved(Move { obligation, from, to, units, day, reason, said, evidence }) => {
            StoredChange::Moved(StoredMove {
                id: obligation.0,
                from: store_state(*from),
                to: store_state(*to),
                units: *units,
                day: *day,
                reason: reason.clone(),
                said: match said {
                    Said::Actor => None,
                    Said::Recipient => Some(StoredSaid::Recipient),
                    Said::Clinician => Some(StoredSaid::Clinician),
                },
                evidence: evidence
                    .iter()
                    .map(|Evidence { what, digest }| StoredEvidence { what: what.clone(), blob: BlobRef(digest.0) })
                    .collect(),
            })
        }
        Change::Named(Named { obligation, from, units, day }) => {
            StoredChange::Named(StoredNamed { id: obligation.0, from: store_state(*from), units: *units, day: *day })
        }
        Change::Owned(Owned { obligation, before, owner }) => {
            StoredChange::Owned(StoredOwned { id: obligation.0, before: before.clone(), owner: owner.clone() })
        }
        Change::Explained(Explained { obligation, day, reason, owner }) => StoredChange::Explained(StoredExplained {
            id: obligation.0,
            day: *day,
            reason: reason.clone(),
            owner: owner.clone(),
        }),
        Change::Order(order) => match order.as_ref() {
            OrderChange::Proposed(order) => StoredChange::Proposed(store_order(order)?),
            OrderChange::Advanced(Advanced { order, from, to, at, reason, capacities }) => {
                StoredChange::Advanced(StoredAdvanced {
                    id: order.0,
                    from: store_order_state(*from),
                    to: store_order_state(*to),
                    at: *at,
                    reason: reason.clone(),
                    capacities: capacities.clone(),
                })
            }
        },
    })
}

fn read_change(change: StoredChange) -> Result<Change, String> {
    Ok(match change {
        StoredChange::Opened(one) => Change::Opened(Box::new(read_opened(one)?)),
        StoredChange::Grown(StoredGrown { id, units, day }) => {
            Change::Grown(Grown { obligation: ObligationId(id), units, day })
        }
        StoredChange::Moved(StoredMove { id, from, to, units, day, reason, said, evidence }) => Change::Moved(Move {
            obligation: ObligationId(id),
            from: read_state(from),
            to: read_state(to),
            units,
            day,
            reason,
            said: match said {
                None => Said::Actor,
                Some(StoredSaid::Recipient) => Said::Recipient,
                Some(StoredSaid::Clinician) => Said::Clinician,
            },
            evidence: evidence
                .into_iter()
                .map(|StoredEvidence { what, blob }| Evidence { what, digest: Digest(blob.0) })
                .collect(),
        }),
        StoredChange::Named(StoredNamed { id, from, units, day }) => {
            Change::Named(Named { obligation: ObligationId(id), from: read_state(from), units, day })
        }
        StoredChange::Owned(StoredOwned { id, before, owner }) => {
            Change::Owned(Owned { obligation: ObligationId(id), before, owner })
        }
        StoredChange::Explained(StoredExplained { id, day, reason, owner }) => {
            Change::Explained(Explained { obligation: ObligationId(id), day, reason, owner })
        }
        StoredChange::Proposed(order) => Change::Order(Box::new(OrderChange::Proposed(read_order(order)))),
        StoredChange::Advanced(StoredAdvanced { id, from, to, at, reason, capacities }) => {
            Change::Order(Box::new(OrderChange::Advanced(Advanced {
                order: OrderId(id),
                from: read_order_state(from),
                to: read_order_state(to),
                at,
                reason,
                capacities,
            })))
        }
    })
}

pub(super) fn write_changed(one: &event::LedgerChanged) -> Result<Vec<u8>, String> {
    let event::LedgerChanged { changes, batch, note } = one;
    let stored = LedgerChanged {
        changes: changes.iter().map(store_change).collect::<Result<_, _>>()?,
        batch: batch.map(|BatchRows { batch, rows }| StoredBatch { batch, rows }),
        note: *note,
    };
    serde_json::to_vec(&stored).map_err(|error| error.to_string())
}

pub(super) fn ledger_changed(body: &[u8]) -> Result<Event, String> {
    let LedgerChanged { changes, batch, note } = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    Ok(Event::LedgerChanged(event::LedgerChanged {
        changes: changes.into_iter().map(read_change).collect::<Result<_, _>>()?,
        batch: batch.map(|StoredBatch { batch, rows }| BatchRows { batch, rows }),
        note,
    }))
}
