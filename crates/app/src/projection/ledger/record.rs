//! An obligation as a row. Its key is its id, which does not stand in the row again.

use super::bytes::{In, Out};
use levee_ledger::catalogue::FieldValue;
use levee_ledger::order::OrderId;
use levee_ledger::{AreaPath, Arrears, KindId, Obligation, ObligationId, Split};
use std::collections::BTreeMap;

/// The bytes of an obligation's row.
pub fn to_bytes(obligation: &Obligation) -> Vec<u8> {
    let Obligation {
        id: _,
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
    let mut out = Out::with_capacity(192);
    out.flags([
        *synthetic,
        subject.is_some(),
        ground.is_some(),
        owner.is_some(),
        !fields.is_empty(),
        arrears.is_some(),
        !orders.is_empty(),
        *never_expires,
        *life_saving,
    ]);
    out.text(kind.as_str());
    out.text(path.as_str());
    out.text(section.as_str());
    out.byte(*priority);
    out.moment(*opened_at);
    out.moment(*due);
    out.sparse(&split.to_array());
    out.date(*posted);
    out.number(u64::from(*version));
    if let Some(subject) = subject {
        out.text(subject.as_str());
    }
    if let Some(ground) = ground {
        out.text(ground.as_str());
    }
    if let Some(owner) = owner {
        out.text(owner.as_str());
    }
    if !fields.is_empty() {
        out.number(fields.len() as u64);
        for (name, value) in fields {
            out.text(name);
            field(&mut out, value);
        }
    }
    if let Some(Arrears { day, reason, owner }) = arrears {
        out.date(*day);
        out.text(reason);
        out.text(owner.as_str());
    }
    if !orders.is_empty() {
        out.number(orders.len() as u64);
        orders.iter().for_each(|order| out.entity(order.0));
    }
    out.done()
}

fn field(out: &mut Out, value: &FieldValue) {
    match value {
        FieldValue::Text(text) => {
            out.byte(0);
            out.text(text);
        }
        FieldValue::Count(count) => {
            out.byte(1);
            out.number(*count);
        }
        FieldValue::Decimal(number) => {
            out.byte(2);
            out.decimal(*number);
        }
        FieldValue::Date(day) => {
            out.byte(3);
            out.date(*day);
        }
        FieldValue::DateTime(at) => {
            out.byte(4);
            out.civil(*at);
        }
        FieldValue::Flag(flag) => out.byte(if *flag { 6 } else { 5 }),
    }
}

fn read_field(read: &mut In<'_>) -> Option<FieldValue> {
    Some(match read.byte()? {
        0 => FieldValue::Text(read.text()?.to_owned()),
        1 => FieldValue::Count(read.number()?),
        2 => FieldValue::Decimal(read.decimal()?),
        3 => FieldValue::Date(read.date()?),
        4 => FieldValue::DateTime(read.civil()?),
        5 => FieldValue::Flag(false),
        6 => FieldValue::Flag(true),
        _ => return None,
    })
}

/// The obligation of a row.
pub fn from_bytes(id: ObligationId, bytes: &[u8]) -> Option<Obligation> {
    let mut read = In::new(bytes);
    let [synthetic, subject, ground, owner, fields, arrears, orders, never_expires, life_saving] = read.flags()?;
    let obligation = Obligation {
        id,
        kind: read.parsed()?,
        path: read.parsed()?,
        section: read.parsed()?,
        priority: read.byte()?,
        opened_at: read.moment()?,
        due: read.moment()?,
        split: Split::from_array(read.sparse()?),
        posted: read.date()?,
        version: u32::try_from(read.number()?).ok()?,
        subject: if subject { Some(read.parsed()?) } else { None },
        ground: if ground { Some(read.parsed()?) } else { None },
        owner: if owner { Some(read.parsed()?) } else { None },
        fields: if fields { read_fields(&mut read)? } else { BTreeMap::new() },
        arrears: if arrears {
            Some(Arrears { day: read.date()?, reason: read.text()?.to_owned(), owner: read.parsed()? })
        } else {
            None
        },
        orders: if orders { read_orders(&mut read)? } else { vec![] },
        never_expires,
        life_saving,
        synthetic,
    };
    read.end()?;
    Some(obligation)
}

fn read_fields(read: &mut In<'_>) -> Option<BTreeMap<String, FieldValue>> {
    let mut fields = BTreeMap::new();
    for _ in 0..read.number()? {
        let name = read.text()?.to_owned();
        fields.insert(name, read_field(read)?);
    }
    Some(fields)
}

fn read_orders(read: &mut In<'_>) -> Option<Vec<OrderId>> {
    let mut orders = Vec::new();
    for _ in 0..read.number()? {
        orders.push(OrderId(read.entity()?));
    }
    Some(orders)
}

/// The account of a row, if the obligation was invented; the rest of it is not read.
pub fn invented(bytes: &[u8]) -> Option<Option<(AreaPath, KindId)>> {
    let mut read = In::new(bytes);
    let [synthetic, ..]: [bool; 9] = read.flags()?;
    if !synthetic {
        return Some(None);
    }
    let kind = read.parsed()?;
    Some(Some((read.parsed()?, kind)))
}

#[cfg(test)]
mod tests {
    use super::super::rows::OwedRow;
    use super::*;
    use jiff::{SignedDuration, Timestamp, civil::date};
    use levee_ledger::State;
    use levee_model::ids::EntityId;
    use proptest::prelude::*;
    use proptest::strategy::ValueTree as _;

    fn value() -> impl Strategy<Value = FieldValue> {
        prop_oneof![
            ".{0,20}".prop_map(FieldValue::Text),
            any::<u64>().prop_map(FieldValue::Count),
            (-1e12f64..1e12).prop_map(FieldValue::Decimal),
            (1900i16..2200, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| FieldValue::Date(date(y, m, d))),
            (0i8..24, 0i8..60, 0i8..60).prop_map(|(h, m, s)| FieldValue::DateTime(date(2022, 11, 18).at(h, m, s, 0))),
            any::<bool>().prop_map(FieldValue::Flag),
        ]
    }

    prop_compose! {
        fn any_obligation()(
            id: u128,
            split: [u32; 9],
            fields in prop::collection::btree_map("[a-z_]{1,12}", value(), 0..4),
            names in prop::collection::vec(prop::option::of("[a-z0-9:.-]{1,20}"), 2),
            owner in prop::option::of("[a-z0-9-]{1,20}"),
            arrears in prop::option::of((0i64..30_000, "[a-z_]{1,20}")),
            orders in prop::collection::vec((any::<u128>(), any::<u32>()), 0..3),
            (priority, version, flags) in (any::<u8>(), any::<u32>(), any::<[bool; 3]>()),
            (opened, open_for) in (-9_000_000_000_000_000_000i64..4_000_000_000_000_000_000, 0i64..10_000_000),
            days in 0i64..60_000,
        ) -> Obligation {
            let entity = |id| EntityId::new(uuid::Uuid::from_u128(id), 7);
            let opened_at = Timestamp::from_nanosecond(i128::from(opened)).unwrap();
            let day = |days: i64| date(1970, 1, 1).saturating_add(jiff::Span::new().days(days));
            let [synthetic, never_expires, life_saving] = flags;
            Obligation {
                id: ObligationId(entity(id)),
                kind: "care_placement".parse().unwrap(),
                path: "500000/500103/500103-jfb".parse().unwrap(),
                subject: names[0].as_ref().map(|name| name.parse().unwrap()),
                ground: names[1].as_ref().map(|name| name.parse().unwrap()),
                opened_at,
                due: opened_at + SignedDuration::from_secs(open_for),
                section: "转运".parse().unwrap(),
                priority,
                never_expires,
                life_saving,
                synthetic,
                fields,
                split: Split::from_array(split.map(u64::from)),
                owner: owner.as_ref().map(|name| name.parse().unwrap()),
                posted: day(days),
                arrears: arrears.map(|(days, reason)| Arrears { day: day(days), reason, owner: "zhang".parse().unwrap() }),
                orders: orders.into_iter().map(|(id, nth)| OrderId(EntityId::new(uuid::Uuid::from_u128(id), nth))).collect(),
                version,
            }
        }
    }

    proptest! {
        /// Every obligation reads back from its row, and so does the line of the list that it stands in.
        #[test]
        fn an_obligation_reads_back(obligation in any_obligation()) {
            let bytes = to_bytes(&obligation);
            let read = from_bytes(obligation.id, &bytes);
            prop_assert_eq!(read.as_ref(), Some(&obligation));
            let account = obligation.synthetic.then(|| (obligation.path.clone(), obligation.kind.clone()));
            prop_assert_eq!(invented(&bytes), Some(account));
            if let Some(row) = OwedRow::of(&obligation) {
                prop_assert_eq!(OwedRow::from_bytes(&row.to_bytes()), Some(row));
            } else {
                prop_assert_eq!(obligation.owed(), 0);
            }
        }

        /// A row that was cut off, or that goes on, is refused.
        #[test]
        fn a_row_of_another_length_is_refused(obligation in any_obligation(), at: prop::sample::Index) {
            let mut bytes = to_bytes(&obligation);
            let cut = at.index(bytes.len());
            prop_assert_eq!(from_bytes(obligation.id, &bytes[..cut]), None);
            bytes.push(0);
            prop_assert_eq!(from_bytes(obligation.id, &bytes), None);
        }
    }

    #[test]
    fn a_row_is_short() {
        let mut obligation =
            any_obligation().new_tree(&mut proptest::test_runner::TestRunner::deterministic()).unwrap().current();
        obligation.fields.clear();
        obligation.orders.clear();
        (obligation.subject, obligation.ground, obligation.owner, obligation.arrears) = (None, None, None, None);
        (obligation.split, obligation.version) = (Split::opened(5), 1);
        assert_eq!(obligation.split.of(State::Opened), 5);
        // As JSON it took five times as much.
        assert!(to_bytes(&obligation).len() < 90, "{}", to_bytes(&obligation).len());
    }
}
