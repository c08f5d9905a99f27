//! Commands of all sorts, by people of every standing, most in the order of time.

use super::*;
use crate::command::NewSubject;
use crate::obligation::State;
use proptest::prelude::*;

/// Something asked of the books.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) command: Command,
    pub(super) who: Who,
    pub(super) hour: i64,
}

fn who() -> impl Strategy<Value = Who> {
    let some = |standing| Just(Some(standing));
    prop_oneof![
        1 => Just(None),
        1 => some(Standing::Stranger),
        2 => some(Standing::Owner),
        2 => some(Standing::Lead),
        6 => some(Standing::Commander),
    ]
}

fn kind() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just(CARE), Just(RESCUE), Just(TEST), Just(EXIT), Just(VISIT)]
}

const REASONS: [&str; 7] = ["refused", "recovered", "moved_away", "need_gone", "excused", "lead_excused", "superseded"];

fn closing() -> impl Strategy<Value = (State, &'static str)> {
    prop_oneof![
        3 => prop::sample::select(&REASONS[..]).prop_map(|reason| (State::Waived, reason)),
        2 => Just((State::Expired, "not_done")),
        1 => Just((State::Expired, "refused")),
        1 => Just((State::Voided, "duplicate")),
        1 => prop::sample::select(&State::ALL[..]).prop_map(|state| (state, "duplicate")),
    ]
}

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![Just(Said::Actor), Just(Said::Recipient), Just(Said::Clinician)]
}

fn id() -> std::ops::Range<u32> {
    0..6
}

fn openings() -> impl Strategy<Value = Command> {
    (id(), kind(), 0usize..4, 1u64..20, prop::option::of(0u8..3), prop::bool::ANY, prop::bool::ANY).prop_map(
        |(nth, kind, area, units, ground, named, given)| {
            let named = named || kind == EXIT;
            Command::Open(Box::new(NewObligation {
                path: path(area),
                subject: named.then(|| format!("p-{nth}").parse().unwrap()),
                ground: ground.map(|ground| format!("request:{ground}").parse().unwrap()),
                owner: given.then(person),
                ..new(nth, kind, if named { 1 } else { units })
            }))
        },
    )
}

fn moves() -> impl Strategy<Value = Command> {
    let what = |nth: u32| obligation(nth).into();
    prop_oneof![
        2 => (id(), 0u64..9).prop_map(|(nth, units)| begin(nth, units)),
        3 => (id(), 0u64..9).prop_map(|(nth, units)| meet(nth, units)),
        3 => (id(), 1u64..9, closing(), said()).prop_map(move |(nth, units, (to, reason), said)| Command::Close {
            what: what(nth), to, units, reason: reason.to_owned(), said, evidence: photo(),
        }),
        2 => (id(), 1u64..5, prop::sample::select(&State::ALL[..])).prop_map(move |(nth, units, from)| {
            Command::Correct { what: what(nth), from, units, reason: "counted_twice".to_owned() }
        }),
        2 => (id(), 6u32..9, 0usize..4, 1u64..5).prop_map(move |(nth, new, to, units)| Command::Transfer {
            what: what(nth), units, to: path(to), id: obligation(new),
        }),
        2 => (id(), 9u32..14, 1u32..3).prop_map(move |(nth, first, many)| Command::Name {
            what: what(nth),
            subjects: (first..first + many).map(|new| NewSubject {
                id: obligation(new), subject: format!("p-{new}").parse().unwrap(), fields: BTreeMap::new(),
            }).collect(),
        }),
        2 => (prop::collection::vec(0u32..14, 1..4), prop::bool::ANY).prop_map(|(which, back)| Command::Assign {
            what: which.into_iter().map(|nth| obligation(nth).into()).collect(),
            to: (!back).then(person),
        }),
        1 => (0u32..14, 0i64..60).prop_map(move |(nth, hour)| Command::Explain {
            what: vec![what(nth)], day: day(hour), ends: at(hour), reason: "no_capacity".to_owned(), owner: person(),
        }),
    ]
}

pub(super) fn orders() -> impl Strategy<Value = Command> {
    let step = || 0u32..2;
    prop_oneof![
        4 => (step(), prop::collection::vec((0u32..3, 1u64..4), 1..3), prop::option::of(0u8..2))
            .prop_map(|(nth, meets, bed)| Command::Propose(Box::new(order(nth, &meets, bed)))),
        3 => step().prop_map(approve),
        3 => step().prop_map(issue),
        3 => step().prop_map(|nth| Command::Accept { order: order_id(nth) }),
        3 => (step(), prop::option::of((0u32..3, 0u64..4))).prop_map(|(nth, met)| Command::Finish {
            order: order_id(nth),
            met: met.map(|(of, units)| BTreeMap::from([(obligation(of), units)])),
            reason: None,
            evidence: photo(),
        }),
        1 => step().prop_map(|nth| Command::Fail { order: order_id(nth), reason: "road_closed".into() }),
        1 => step().prop_map(|nth| Command::Cancel { order: order_id(nth), reason: "taken_back".into() }),
    ]
}

/// Most come in the order of time; some were written down late, or the clock of a phone is wrong.
pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let command = prop_oneof![3 => openings(), 5 => moves(), 5 => orders()];
    let step = (command, who(), 0i64..90, prop::bool::weighted(0.1));
    prop::collection::vec(step, 0..120).prop_map(|mut steps| {
        let mut hours: Vec<i64> = steps.iter().map(|(_, _, hour, _)| *hour).collect();
        hours.sort_unstable();
        steps
            .drain(..)
            .zip(hours)
            .map(|((command, who, any, late), hour)| Step { command, who, hour: if late { any } else { hour } })
            .collect()
    })
}
