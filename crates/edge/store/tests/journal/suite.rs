//! What every journal must do. A new store calls [`conformance`] and is done.

use crate::city::*;
use crate::restrictions::*;
use jiff::civil::date;
use levee_app::event::{ArtefactKind, Event, Position, StoredEvent};
use levee_app::journal::{Journal, JournalError, LawBroken, Space};
use levee_app::projection::keys;
use levee_ledger::Flow;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Holds a journal against the laws. `make` gives an empty one each time.
pub(crate) fn conformance<J: Journal>(make: impl Fn() -> J) {
    what_was_appended_is_read_back(make());
    events_come_after_a_position(make());
    chains_are_counted_and_hashed_apart(make());
    a_command_is_carried_out_once(make());
    a_command_that_fails_leaves_nothing(make());
    a_command_that_panics_leaves_nothing(make());
    a_refusal_that_is_passed_over_still_refuses_the_command(make());
    an_unbalanced_batch_is_refused(make());
    a_batch_left_open_is_refused(make());
    obligations_never_close_more_than_was_opened(make());
    personal_data_that_were_erased_stay_erased(make());
    a_restriction_that_its_gate_does_not_let_pass_is_refused(make());
    a_sealed_day_is_closed(make());
    nothing_happens_before_the_city_is_founded(make());
    a_command_sees_its_own_writes(make());
    keys_come_in_order_and_within_their_range(make());
    times_of_record_never_run_backwards(make());
    an_event_that_would_not_read_back_is_refused(make());
    a_command_without_events_has_a_receipt(make());
    a_command_sees_the_heads_of_the_chains(make());
    a_command_that_rests_on_a_chain_that_moved_on_is_refused(make());
}

pub(crate) fn all_events(of: &impl Journal, after: u64) -> Vec<StoredEvent> {
    let mut all = vec![];
    of.events(Position(after), &mut |event| {
        all.push(event);
        ControlFlow::Continue(())
    })
    .unwrap();
    all
}

pub(crate) fn dump(of: &impl Journal) -> Vec<(Space, Vec<u8>, Vec<u8>)> {
    let mut all = vec![];
    for space in Space::ALL {
        of.scan(space, &[], &[0xff; 200], &mut |(key, value)| {
            all.push((space, key.to_vec(), value.to_vec()));
            ControlFlow::Continue(())
        })
        .unwrap();
    }
    all
}

pub(crate) fn assert_sound(journal: &impl Journal) {
    let verification = journal.verify().unwrap();
    assert_eq!(verification.faults, []);
    assert_eq!(verification.events, journal.last().unwrap().0);
    assert_eq!(verification.streams, journal.heads().unwrap().len() as u64);
    assert_eq!(verification.rows, dump(journal).len() as u64);
}

/// One of each kind.
fn one_of_each() -> Vec<levee_app::event::NewEvent> {
    let reference = levee_app::event::ReferenceTaken {
        rows: vec![row(
            "headings",
            &[
                ("table", levee_model::table::Cell::Text("infections".into())),
                ("column", levee_model::table::Cell::Text("confirmed".into())),
                ("heading", levee_model::table::Cell::Text("本土确诊病例".into())),
            ],
        )],
    };
    let mut all = vec![founded(), new("city", Event::ReferenceTaken(reference))];
    all.extend(batch(1, 0..3));
    all.push(issued(1, ArtefactKind::Outlook));
    all.push(obligations("500103", Flow::Opened, 7));
    all.extend([changed(one_of_each_change()), prepared(date(2022, 11, 18), "li-na"), handed_over()]);
    all.push(read_rejected(1));
    all.extend([person_sealed(), person_read(), person_erased()]);
    all.extend([measures_changed(), measure_recorded(), service_offered(), rulebook_kept()]);
    all
}

fn what_was_appended_is_read_back(mut journal: impl Journal) {
    let given = one_of_each();
    let receipt = append(&mut journal, 1, at(100), given.clone()).unwrap();
    assert_eq!((receipt.first, receipt.last, receipt.repeated), (Position(1), Position(given.len() as u64), false));
    let stored = all_events(&journal, 0);
    // A seal needs the chains that it is set on: `a_sealed_day_is_closed` has one.
    let kinds: Vec<_> = levee_store::format::KINDS.into_iter().filter(|kind| *kind != "day_sealed").collect();
    assert_eq!(stored.iter().map(|event| event.event.kind()).collect::<Vec<_>>(), kinds);
    for (nth, (given, stored)) in given.iter().zip(&stored).enumerate() {
        assert_eq!(stored.position, Position(nth as u64 + 1));
        assert_eq!((&stored.stream, &stored.event), (&given.stream, &given.event));
        assert_eq!((stored.occurred, stored.known_at, stored.recorded_at), (at(0), at(1), at(100)));
        assert_eq!(stored.envelope, command(1));
    }
    assert_eq!(stored.len(), given.len());
    assert_sound(&journal);
}

fn events_come_after_a_position(mut journal: impl Journal) {
    assert_eq!(journal.last().unwrap(), Position(0));
    let all = one_of_each().len() as u64;
    append(&mut journal, 1, at(0), one_of_each()).unwrap();
    assert_eq!(
        all_events(&journal, 7).iter().map(|event| event.position.0).collect::<Vec<_>>(),
        (8..=all).collect::<Vec<_>>()
    );
    assert!(all_events(&journal, all).is_empty());
    assert!(all_events(&journal, u64::MAX).is_empty());
    let mut seen = 0;
    journal
        .events(Position(0), &mut |_| {
            seen += 1;
            ControlFlow::Break(())
        })
        .unwrap();
    assert_eq!(seen, 1);
}

fn chains_are_counted_and_hashed_apart(mut journal: impl Journal) {
    append(&mut journal, 1, at(0), one_of_each()).unwrap();
    let heads = journal.heads().unwrap();
    let named: Vec<_> = heads.iter().map(|(name, length, _)| (name.as_str(), *length)).collect();
    assert_eq!(
        named,
        [("audit", 4), ("city", 3), ("intake", 4), ("ledger.500103", 3), ("measures", 3), ("outlook", 1), ("seal", 1)]
    );
    append(&mut journal, 2, at(0), vec![read_rejected(1)]).unwrap();
    let later = journal.heads().unwrap();
    assert_eq!(later[0].1, 5);
    assert_ne!(later[0].2, heads[0].2);
    assert_eq!(later[1..], heads[1..]);
}

fn a_command_is_carried_out_once(mut journal: impl Journal) {
    let first = append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    let again = append(&mut journal, 1, at(5), vec![read_rejected(1)]).unwrap();
    assert_eq!(again, levee_app::journal::Receipt { repeated: true, ..first.clone() });
    assert_eq!(journal.receipt(command(1).command_id).unwrap(), Some(again));
    assert_eq!(journal.receipt(command(2).command_id).unwrap(), None);
    assert_eq!(journal.last().unwrap(), Position(1));
}

fn unchanged_by<J: Journal>(journal: &mut J, attempt: impl FnOnce(&mut J)) {
    let before = (journal.last().unwrap(), journal.heads().unwrap(), dump(journal));
    attempt(journal);
    assert_eq!((journal.last().unwrap(), journal.heads().unwrap(), dump(journal)), before);
    assert_eq!(journal.receipt(command(66).command_id).unwrap(), None);
    assert_sound(journal);
}

fn a_command_that_fails_leaves_nothing(mut journal: impl Journal) {
    append(&mut journal, 1, at(0), one_of_each()).unwrap();
    unchanged_by(&mut journal, |journal| {
        let failed = journal.transact(&command(66), at(1), &mut |on| {
            for event in batch(2, 0..50) {
                on.append(event)?;
            }
            on.append(obligations("500103", Flow::Met, 2))?;
            Err(JournalError::Full { place: "a test".into() })
        });
        assert!(matches!(failed, Err(JournalError::Full { .. })));
    });
    // The positions of what was not written are free again.
    let all = one_of_each().len() as u64 + 1;
    assert_eq!(append(&mut journal, 3, at(1), vec![read_rejected(1)]).unwrap().first, Position(all));
}

fn a_command_that_panics_leaves_nothing(mut journal: impl Journal) {
    append(&mut journal, 1, at(0), one_of_each()).unwrap();
    unchanged_by(&mut journal, |journal| {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            journal.transact(&command(66), at(1), &mut |on| {
                on.append(obligations("500103", Flow::Met, 2))?;
                std::panic::resume_unwind(Box::new("not printed"));
            })
        }));
        assert!(panicked.is_err());
    });
    append(&mut journal, 3, at(1), vec![read_rejected(1)]).unwrap();
}

fn a_refusal_that_is_passed_over_still_refuses_the_command(mut journal: impl Journal) {
    append(&mut journal, 1, at(0), one_of_each()).unwrap();
    unchanged_by(&mut journal, |journal| {
        let refused = journal.transact(&command(66), at(1), &mut |on| {
            assert!(on.append(founded()).is_err());
            on.append(read_rejected(1)).map(|_| ())
        });
        assert!(matches!(refused, Err(JournalError::Store { .. })), "{refused:?}");
    });
}

fn an_unbalanced_batch_is_refused(mut journal: impl Journal) {
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    unchanged_by(&mut journal, |journal| {
        let mut events = batch(2, 0..4);
        events[3] = closed(2, 3, 2, 1);
        let refused = append(journal, 66, at(1), events).unwrap_err();
        assert!(matches!(refused, JournalError::Law(LawBroken::Unbalanced { accepted: 4, .. })), "{refused}");
    });
}

fn a_batch_left_open_is_refused(mut journal: impl Journal) {
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    unchanged_by(&mut journal, |journal| {
        let events = batch(2, 0..4).into_iter().take(3).collect();
        let refused = append(journal, 66, at(1), events).unwrap_err();
        assert!(matches!(refused, JournalError::Law(LawBroken::BatchNotWhole { .. })), "{refused}");
    });
}

fn obligations_never_close_more_than_was_opened(mut journal: impl Journal) {
    append(&mut journal, 1, at(0), vec![founded(), obligations("500103", Flow::Opened, 3)]).unwrap();
    unchanged_by(&mut journal, |journal| {
        let refused = append(journal, 66, at(1), vec![obligations("500103", Flow::Met, 4)]).unwrap_err();
        assert!(matches!(refused, JournalError::Law(LawBroken::Obligations { .. })), "{refused}");
    });
}

fn personal_data_that_were_erased_stay_erased(mut journal: impl Journal) {
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    let refused = |journal: &mut _, events: Vec<levee_app::event::NewEvent>| {
        unchanged_by(journal, |journal| {
            let refused = append(journal, 66, at(0), events).unwrap_err();
            assert!(matches!(refused, JournalError::Law(LawBroken::Personal { .. })), "{refused}");
        });
    };
    refused(&mut journal, vec![person_read()]);
    refused(&mut journal, vec![person_erased()]);
    append(&mut journal, 2, at(0), vec![person_sealed(), person_read(), person_sealed(), person_erased()]).unwrap();
    for event in [person_sealed(), person_read(), person_erased()] {
        refused(&mut journal, vec![event]);
    }
    assert_sound(&journal);
}

fn a_restriction_that_its_gate_does_not_let_pass_is_refused(mut journal: impl Journal) {
    use levee_measures::{Basis, Change};
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    let (changes, facts) = restriction();
    let gated = changes.iter().position(|change| matches!(change, Change::Gated { .. })).unwrap();
    let (before, after) = changes.split_at(gated);
    append(&mut journal, 2, at(0), vec![restricted(before.to_vec(), None)]).unwrap();
    let mut forged = after.to_vec();
    if let Some(Change::Gated { basis, .. }) = forged.first_mut() {
        **basis = Basis::recorded(at(0), vec![]);
    }
    let mut no_food = facts.clone();
    no_food.promises.retain(|promise| promise.service != levee_measures::Service::Food);
    for (changes, gate) in [
        // A pass without the facts that it rests on, on facts that do not bear it, and another one than the gate gives.
        (after.to_vec(), None),
        (after.to_vec(), Some(no_food)),
        (forged, Some(facts.clone())),
        // Nothing goes live that did not pass.
        (after.iter().skip(1).cloned().collect(), Some(facts.clone())),
    ] {
        unchanged_by(&mut journal, |journal| {
            let refused = append(journal, 66, at(1), vec![restricted(changes, gate)]).unwrap_err();
            assert!(matches!(refused, JournalError::Law(LawBroken::Restriction { .. })), "{refused}");
        });
    }
    append(&mut journal, 3, at(1), vec![restricted(after.to_vec(), Some(facts))]).unwrap();
    assert_sound(&journal);
}

fn nothing_happens_before_the_city_is_founded(mut journal: impl Journal) {
    unchanged_by(&mut journal, |journal| {
        let refused = append(journal, 66, at(1), vec![read_rejected(1)]).unwrap_err();
        assert!(matches!(refused, JournalError::Law(LawBroken::Founding(_))), "{refused}");
    });
}

fn a_command_sees_its_own_writes(mut journal: impl Journal) {
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    let mut opened = vec![];
    journal
        .transact(&command(2), at(0), &mut |on| {
            for units in [2, 3] {
                on.append(obligations("500103", Flow::Opened, units))?;
                // By a key, and by a scan over keys that were written just now.
                let (path, kind) = ("500103".parse().unwrap(), "care_placement".parse().unwrap());
                let balance = levee_app::projection::ledger::read::balance(on, &path, &kind)?;
                let books = levee_app::projection::ledger::read::books(on)?;
                opened.push((books.len(), balance.opened));
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(opened, [(1, 2), (1, 5)]);
}

fn seal(journal: &mut impl Journal, nth: u128, day: jiff::civil::Date, by: (&str, &str)) -> Result<(), JournalError> {
    append(journal, nth, at(0), vec![prepared(day, by.0)]).unwrap();
    let sealing = journal.transact(&command(66), at(0), &mut |on| {
        let event = sealed(on, day, by);
        on.append(event).map(|_| ())
    });
    sealing.map(|_| ())
}

fn refused_settlement<J: Journal>(journal: &mut J, nth: u128, day: jiff::civil::Date, by: (&str, &str)) -> String {
    let done = seal(journal, nth, day, by);
    let Err(JournalError::Law(LawBroken::Settlement { why, .. })) = done else { panic!("{done:?}") };
    why
}

/// Law 3, and law 4 over what is sealed.
fn a_sealed_day_is_closed(mut journal: impl Journal) {
    use levee_ledger::{Change, Explained, ObligationId, State};
    let (friday, saturday) = (date(2022, 11, 18), date(2022, 11, 19));
    let two = ("li-na", "zhang-wei");
    append(&mut journal, 1, at(0), vec![founded(), areas(), changed(vec![opening(owed(21, 10))])]).unwrap();
    assert_eq!(refused_settlement(&mut journal, 2, friday, ("li-na", "li-na")), "two people seal a day");
    assert_eq!(
        refused_settlement(&mut journal, 3, friday, two),
        "10 unit(s) of 1 obligation(s) due by the end of 2022-11-18 are neither met nor explained"
    );
    let why = Explained {
        obligation: ObligationId(entity(21)),
        day: friday,
        reason: "no_vehicle".into(),
        owner: "li-na".parse().unwrap(),
    };
    let work = vec![moved(21, State::Opened, State::Met, 4, friday), Change::Explained(why)];
    append(&mut journal, 4, at(0), vec![changed(work)]).unwrap();
    seal(&mut journal, 5, friday, two).unwrap();
    unchanged_but_for_the_seal(&mut journal, |journal| {
        let late = changed(vec![moved(21, State::Opened, State::Met, 1, friday)]);
        let refused = append(journal, 67, at(1), vec![late]).unwrap_err();
        assert!(matches!(refused, JournalError::Law(LawBroken::Obligations { .. })), "{refused}");
    });
    append(&mut journal, 6, at(1), vec![changed(vec![moved(21, State::Opened, State::Met, 6, saturday)])]).unwrap();
    let lines = |day| {
        let read = levee_app::projection::ledger::read::lines(&journal, "500000", &["500103".into()], day, saturday);
        read.unwrap().into_iter().map(|line| (line.carried_in, line.carried_out, line.residual())).collect::<Vec<_>>()
    };
    assert_eq!(lines(saturday), [(6, 0, 0)]);
    assert_sound(&journal);
}

fn unchanged_but_for_the_seal<J: Journal>(journal: &mut J, attempt: impl FnOnce(&mut J)) {
    let before = (journal.last().unwrap(), journal.heads().unwrap(), dump(journal));
    attempt(journal);
    assert_eq!((journal.last().unwrap(), journal.heads().unwrap(), dump(journal)), before);
    assert_sound(journal);
}

fn keys_come_in_order_and_within_their_range(mut journal: impl Journal) {
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    append(&mut journal, 2, at(0), batch(2, 0..300)).unwrap();
    let (from, to) = keys::fact_range("infections", Some(date(2022, 11, 17)), date(2022, 11, 17));
    let mut found: Vec<Vec<u8>> = vec![];
    journal
        .scan(Space::Fact, &from, &to, &mut |(key, _)| {
            found.push(key.to_vec());
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(found.len(), 300);
    assert!(found.is_sorted());
    let count = |from: &[u8], to: &[u8]| {
        let mut count = 0;
        let more = &mut |_: (&[u8], &[u8])| {
            count += 1;
            if count == 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        journal.scan(Space::Fact, from, to, more).unwrap();
        count
    };
    assert_eq!(count(&found[3], &found[6]), 3, "up to and without the last");
    assert_eq!(count(&found[6], &found[3]), 0, "a range that ends before it starts is empty");
    assert_eq!(count(&[], &[0xff]), 10, "`Break` ends a scan");
    assert_eq!(journal.get(Space::Fact, &found[5][1..]).unwrap(), None);
    assert!(journal.get(Space::Fact, &found[5]).unwrap().is_some());
}

fn times_of_record_never_run_backwards(mut journal: impl Journal) {
    append(&mut journal, 1, at(100), vec![founded()]).unwrap();
    append(&mut journal, 2, at(96), vec![read_rejected(1)]).unwrap();
    assert_eq!(all_events(&journal, 0)[1].recorded_at, at(100));
    unchanged_by(&mut journal, |journal| {
        let refused = append(journal, 66, at(94), vec![read_rejected(1)]).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the clock says 2022-11-18T00:01:34Z, but the journal's last event was recorded at 2022-11-18T00:01:40Z; \
             set the clock right"
        );
    });
}

fn an_event_that_would_not_read_back_is_refused(mut journal: impl Journal) {
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    unchanged_by(&mut journal, |journal| {
        let not_a_number = row(
            "stock",
            &["place", "item", "unit", "office", "source_id", "origin"]
                .map(|name| (name, levee_model::table::Cell::Text("x".into())))
                .into_iter()
                .chain([
                    ("at", levee_model::table::Cell::DateTime(date(2022, 11, 17).at(0, 0, 0, 0))),
                    ("known_at", levee_model::table::Cell::DateTime(date(2022, 11, 17).at(0, 0, 0, 0))),
                    ("known_at_assumed", levee_model::table::Cell::Flag(false)),
                    ("on_hand", levee_model::table::Cell::Decimal(f64::NAN)),
                ])
                .collect::<Vec<_>>(),
        );
        let events = vec![opened(2), accepted(2, [(2, not_a_number)]), closed(2, 1, 0, 0)];
        let refused = append(journal, 66, at(0), events).unwrap_err();
        let why = std::error::Error::source(&refused).unwrap().to_string();
        assert_eq!(
            why,
            "a `rows_accepted` event would not read back as it is: column `on_hand` holds Decimal(NaN), which is not Decimal"
        );
    });
}

fn a_command_without_events_has_a_receipt(mut journal: impl Journal) {
    append(&mut journal, 1, at(0), vec![founded()]).unwrap();
    let receipt = append(&mut journal, 2, at(0), vec![]).unwrap();
    assert_eq!((receipt.first, receipt.last), (Position(2), Position(1)), "none: it would begin after it ends");
    assert!(append(&mut journal, 2, at(0), vec![read_rejected(1)]).unwrap().repeated);
    assert_sound(&journal);
}

fn a_command_sees_the_heads_of_the_chains(mut journal: impl Journal) {
    append(&mut journal, 1, at(0), vec![founded(), obligations("500103", Flow::Opened, 3)]).unwrap();
    let before = journal.heads().unwrap();
    let (ledger, audit) = ("ledger.500103".parse().unwrap(), "audit".parse().unwrap());
    journal
        .transact(&command(2), at(0), &mut |on| {
            assert_eq!(on.heads()?, before);
            assert_eq!(on.head(&audit)?, (0, [0; 32]), "there is none yet");
            let (length, hash) = on.head(&ledger)?;
            assert_eq!(length, 1);
            on.append(obligations("500103", Flow::Met, 1))?;
            on.append(read_rejected(1))?;
            let (longer, other) = on.head(&ledger)?;
            assert_eq!(longer, 2, "its own events count");
            assert_ne!(other, hash);
            let named: Vec<_> = on.heads()?.into_iter().map(|(name, length, _)| (name.to_string(), length)).collect();
            let expected = [("audit", 1), ("city", 1), ("ledger.500103", 2)];
            assert_eq!(named, expected.map(|(name, length)| (name.to_owned(), length)));
            Ok(())
        })
        .unwrap();
    assert_eq!(journal.heads().unwrap().len(), 3);
    assert_sound(&journal);
}

fn a_command_that_rests_on_a_chain_that_moved_on_is_refused(mut journal: impl Journal) {
    append(&mut journal, 1, at(0), vec![founded(), obligations("500103", Flow::Opened, 3)]).unwrap();
    let (ledger, audit) = ("ledger.500103".parse().unwrap(), "audit".parse().unwrap());
    // What it rests on is as it was: then it is carried out.
    let carried_out = journal.transact(&command(2), at(0), &mut |on| {
        on.expect(&ledger, 1)?;
        on.expect(&audit, 0)?;
        on.append(obligations("500103", Flow::Met, 1))?;
        // What it wrote itself counts from then on.
        on.expect(&ledger, 2)
    });
    assert_eq!(carried_out.unwrap().last, Position(3));
    unchanged_by(&mut journal, |journal| {
        let refused = journal.transact(&command(66), at(0), &mut |on| {
            on.append(read_rejected(1))?;
            on.expect(&ledger, 1)?;
            on.append(obligations("500103", Flow::Met, 1)).map(|_| ())
        });
        assert_eq!(
            refused.unwrap_err().to_string(),
            "`ledger.500103` has moved on: the command rests on 1 events of it, and there are 2"
        );
    });
    // Prepared anew it goes through, under the same id.
    let again = journal.transact(&command(66), at(0), &mut |on| {
        on.expect(&ledger, 2)?;
        on.append(obligations("500103", Flow::Met, 1)).map(|_| ())
    });
    assert!(!again.unwrap().repeated);
    assert_sound(&journal);
}
