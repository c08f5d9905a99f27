//! Plans made, pinned, ordered from, and made again.

use crate::town::{Town, good, moment, person, row_until};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use levee_app::blob::Blobs as _;
use levee_app::city::AppError;
use levee_app::day::{DayOptions, run};
use levee_app::event::Mode;
use levee_app::ledger::{Ask, Desk, carry_out};
use levee_app::plans::{self, MadePlan, Part, PlanAsk, PlanDocument, archive, compare, proposals};
use levee_ledger::Command;
use levee_model::ids::EntityId;
use levee_model::plan::{CareClass, Pin, Plan, Tier};

const MEETING: Date = date(2022, 11, 18);

fn chongqing() -> Town {
    let mut town = Town::new(Mode::Replay);
    town.send_pack();
    town
}

fn plan(town: &mut Town, pins: Vec<Pin>) -> MadePlan {
    let envelope = town.command(levee_model::command::Actor::LocalOperator);
    // Tests are planned in a module of their own.
    let what = vec![Part::Transfer, Part::Rooms];
    plans::issue(&mut town.city(), &envelope, MEETING, &PlanAsk { pins, what, ..PlanAsk::default() }).unwrap()
}

fn transfers(document: &PlanDocument) -> &Plan {
    document.transfers().unwrap()
}

/// Nobody is lost: needed = placed + without a bed, for every class, and the orders are those placed.
#[track_caller]
fn balances(document: &PlanDocument) {
    let plan = transfers(document);
    for (nth, class) in CareClass::ALL.into_iter().enumerate() {
        let (needed, placed, left) = (plan.totals.needed[nth], plan.totals.admitted[nth], plan.totals.unserved[nth]);
        assert_eq!(needed.get(), placed.get() + left.get(), "{class:?}");
        let ordered: u64 = plan.orders.iter().filter(|o| o.class == class).map(|o| o.people.get()).sum();
        assert_eq!(ordered, placed.get(), "{class:?}");
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole people")]
        let asked: u64 = document
            .transfer
            .iter()
            .flat_map(|part| &part.asked.needs)
            .filter(|need| need.class == class)
            .map(|need| need.known.get() + need.forecast.map_or(0, |f| f.people.get().ceil() as u64))
            .sum();
        assert_eq!(asked, needed.get(), "{class:?}");
    }
    assert_eq!(plans::check(document).unwrap(), Vec::<String>::new());
}

#[test]
fn a_plan_is_stored_as_issued_and_named_by_its_content() {
    let mut town = chongqing();
    let made = plan(&mut town, vec![]);
    assert!(made.stored && made.name.starts_with("20221118-"));
    balances(&made.document);
    // Word for word the same again: nothing new is stored, and no plan is its own child.
    let again = plan(&mut town, vec![]);
    assert!(!again.stored);
    assert_eq!((&again.name, &again.document), (&made.name, &made.document));
    assert_eq!(archive::stored(&town.city(), Date::MIN, Date::MAX).unwrap().len(), 1);
    let stored = archive::named(&town.city(), &made.name[..12]).unwrap();
    assert_eq!(stored.document, made.document);
    // The same city elsewhere makes the same bytes.
    let other = plan(&mut chongqing(), vec![]);
    assert_eq!(other.document.bytes().unwrap(), made.document.bytes().unwrap());
    // The day's own run says the same plan, and stores it with the outlook that it was made from.
    let envelope = town.command(levee_model::command::Actor::LocalOperator);
    let report = run(&mut town.city(), &envelope, MEETING, DayOptions::default()).unwrap();
    assert_eq!(&report.computed.plan.as_ref().unwrap().1, transfers(&made.document));
    let hint = archive::named(&town.city(), "20221119").unwrap_err();
    assert!(matches!(hint, AppError::Asked { .. }), "{hint}");
    town.verify();
}

#[test]
fn what_is_pinned_is_kept_or_refused_with_its_cause() {
    let mut town = chongqing();
    let before = plan(&mut town, vec![]);
    let order = transfers(&before.document).orders.iter().find(|o| o.class == CareClass::Mild).unwrap().clone();
    let critical = transfers(&before.document).orders.iter().find(|o| o.class == CareClass::Critical).unwrap().clone();
    let forbid = |o: &levee_model::plan::ProposedOrder| Pin::Forbid {
        from: o.from.clone(),
        facility: o.facility.clone(),
        class: Some(o.class),
    };
    let pinned = plan(&mut town, vec![forbid(&order), forbid(&critical)]);
    assert!(pinned.stored && pinned.document.made.parent.as_ref() == Some(&before.name));
    assert!(pinned.document.made.pins.is_some() && before.document.made.pins.is_none());
    balances(&pinned.document);
    let plan = transfers(&pinned.document);
    let goes = |o: &&levee_model::plan::ProposedOrder| {
        o.class == CareClass::Mild && o.from == order.from && o.facility == order.facility
    };
    assert_eq!(plan.orders.iter().find(goes), None);
    assert_eq!(plan.pins.len(), 2, "each is answered");
    let of_mild = plan.pins.iter().find(|pin| pin.pin == forbid(&order)).unwrap();
    assert_eq!(of_mild.refused, None);
    // Whatever was asked of life-saving care, nobody in need of it waits a day longer (law 7).
    let life_saving = |plan: &Plan| plan.tiers.iter().find(|t| t.tier == Tier::LifeSaving).map(|t| t.value);
    assert_eq!(life_saving(plan), life_saving(transfers(&before.document)));
    let compared = compare(&before.document, &pinned.document).unwrap();
    assert!(compared.comparison.people_changed.get() >= order.people.get());
}

/// The story of an evening: plan, pin, plan again; one order is approved, issued, accepted; plan again.
#[test]
fn an_accepted_order_stands_unchanged_in_the_next_plan() {
    let mut town = chongqing();
    let envelope = town.command(levee_model::command::Actor::LocalOperator);
    run(&mut town.city(), &envelope, MEETING, DayOptions::default()).unwrap();
    let first = plan(&mut town, vec![]);
    let at = moment(date(2022, 11, 18).at(20, 0, 0, 0));
    let stored = archive::named(&town.city(), &first.name).unwrap();
    let desk = Desk::load(&town.journal).unwrap();
    let (number, order) = numbered(&first.document);
    let lead = town.command(person("lead-transfer"));
    let mut nth = 0;
    let mut new_id = || {
        nth += 1;
        EntityId::new(lead.command_id.uuid(), nth)
    };
    let unknown = proposals(&town.journal, &desk, &stored, &["1119-99".into()], at, &mut new_id).unwrap_err();
    assert!(unknown.to_string().contains("1119-99"), "{unknown}");
    let commands = proposals(&town.journal, &desk, &stored, &[number], at, &mut new_id).unwrap();
    let [Command::Propose(proposed)] = commands.as_slice() else { panic!("one order: {commands:?}") };
    let (id, capacity) = (proposed.id, proposed.holds[0].resource.clone());
    let ask = |command: Command| Ask { commands: vec![command], at: Some(at), note: None };
    carry_out(&mut town.city(), &lead, &ask(commands[0].clone())).unwrap();
    // A proposal binds nobody: the plan is the same.
    assert!(!plan(&mut town, vec![]).stored);
    let step = |town: &mut Town, command: Command| {
        let envelope = town.command(person("lead-transfer"));
        carry_out(&mut town.city(), &envelope, &ask(command)).unwrap();
    };
    step(&mut town, Command::Approve { order: id, version: Some(1), capacities: vec![(capacity, order.people.get())] });
    step(&mut town, Command::Issue { order: id, capacities: vec![] });
    let issued = plan(&mut town, vec![]);
    let revision = &issued.document.transfer.as_ref().unwrap().asked.revision;
    assert_eq!((revision.issued.len(), revision.frozen.len()), (1, 0));
    balances(&issued.document);
    step(&mut town, Command::Accept { order: id });
    // Somebody forbids the way for the next plan; the accepted order stands all the same.
    let forbid = Pin::Forbid { from: order.from.clone(), facility: order.facility.clone(), class: Some(order.class) };
    let after = plan(&mut town, vec![forbid]);
    balances(&after.document);
    let now = transfers(&after.document);
    assert_eq!(now.frozen.len(), 1);
    assert_eq!(now.frozen[0].refused, None);
    let same = |o: &&levee_model::plan::ProposedOrder| {
        o.day == order.day && o.from == order.from && o.facility == order.facility && o.class == order.class
    };
    let standing: Vec<_> = now.orders.iter().filter(same).collect();
    assert_eq!(standing.len(), 1, "{standing:#?}");
    assert!(standing[0].frozen && standing[0].people == order.people);
    let compared = compare(&issued.document, &after.document).unwrap();
    // Those of the same district and class who need care beside the bed are other people, with orders of their own.
    let touched = compared.comparison.changes.iter().find(|c| {
        let whose = (&c.from, c.class, c.care) == (&order.from, order.class, order.care);
        whose && c.day == order.day && c.facility == order.facility
    });
    assert_eq!(touched, None, "the accepted order is not among the changes");
    town.verify();
}

/// A mild or moderate order of the first day that has its lane to itself.
fn numbered(document: &PlanDocument) -> (String, levee_model::plan::ProposedOrder) {
    for nth in 1.. {
        let group = format!("1119-{nth:02}");
        let orders = document.orders(&group);
        assert!(!orders.is_empty(), "no ordinary order");
        if let Some((number, order)) = orders.into_iter().find(|(_, order)| !order.class.is_life_saving()) {
            return (number, order.clone());
        }
    }
    unreachable!()
}

#[test]
fn without_an_outlook_known_people_are_planned_for_and_the_gap_is_said() {
    let mut town = Town::new(Mode::Replay);
    town.send_pack_without("infections");
    // Twenty districts send their list of the day until 18:00: no full day is known, so nothing can be forecast.
    let (day, known) = (date(2022, 11, 18), date(2022, 11, 18).at(20, 0, 0, 0));
    let codes: Vec<String> =
        levee_app::places::gazetteer(&town.journal).unwrap().districts().take(20).map(|d| d.code.to_string()).collect();
    let rows = (2..)
        .zip(&codes)
        .map(|(line, code)| good(line, row_until(code, day, day.at(18, 0, 0, 0), 30, known)))
        .collect();
    town.send(rows);
    let made = plan(&mut town, vec![]);
    balances(&made.document);
    let plan = transfers(&made.document);
    let needed: u64 = plan.totals.needed.iter().map(|n| n.get()).sum();
    let asked = &made.document.transfer.as_ref().unwrap().asked.needs;
    assert_eq!(needed, 600, "20 districts with 30 known people each: {:?}", asked.first());
    assert!(plan.orders.iter().all(|order| order.known == order.people), "nobody is expected");
    assert_eq!(made.document.gaps.len(), 1);
    assert!(made.document.gaps[0].why.en.contains("no full day"), "{:?}", made.document.gaps);
    assert!(made.document.made.outlook.is_none());
    let view = made.document.transfer_view().unwrap();
    assert!(view.gaps.iter().any(|gap| gap.code == "gap.forecast_failed"), "{:?}", view.gaps);
}

#[test]
fn a_plan_that_somebody_changed_is_caught() {
    let mut town = chongqing();
    let made = plan(&mut town, vec![]);
    let printed = serde_json::to_string(&made.document.printed().unwrap()).unwrap();
    assert_eq!(plans::parse(printed.as_bytes()).unwrap(), made.document);
    // One person more on an order: the name no longer fits.
    let mut value = made.document.printed().unwrap();
    value["transfer"]["plan"]["orders"][0]["people"] = 9_999.into();
    let changed = plans::parse(value.to_string().as_bytes()).unwrap_err();
    assert!(matches!(changed, plans::NoPlan::Changed { .. }), "{changed}");
    // With the name taken off, the checker finds it.
    value.as_object_mut().unwrap().remove("name");
    let document = plans::parse(value.to_string().as_bytes()).unwrap();
    assert!(plans::check(&document).unwrap().iter().any(|said| said.starts_with("transfer: ")));
    // Other inputs are no longer those that it was made from.
    let mut value = made.document.printed().unwrap();
    value["transfer"]["asked"]["needs"][0]["known"] = 77.into();
    value.as_object_mut().unwrap().remove("name");
    let document = plans::parse(value.to_string().as_bytes()).unwrap();
    assert!(plans::check(&document).unwrap()[0].contains("not those that it was made from"));
    for wrong in ["", "[]", "{}", r#"{"schema":"levee.brief/1"}"#, r#"{"schema":"levee.plan/1"}"#] {
        let no = plans::parse(wrong.as_bytes()).unwrap_err();
        assert!(no.hint().contains("levee plan"), "{wrong}: {no}");
    }
}

#[test]
fn a_plan_of_the_first_form_is_left_out_and_stops_nothing() {
    let mut town = chongqing();
    let made = plan(&mut town, vec![]);
    let bare = serde_json::to_vec(transfers(&made.document)).unwrap();
    let body = town.blobs.put(&bare).unwrap();
    let envelope = town.command(levee_model::command::Actor::LocalOperator);
    issue_body(&mut town, &envelope, body);
    assert_eq!(archive::stored(&town.city(), Date::MIN, Date::MAX).unwrap().len(), 1);
    assert_eq!(archive::latest(&town.city(), MEETING).unwrap().unwrap().name, made.name);
}

fn issue_body(town: &mut Town, envelope: &levee_model::command::Envelope, body: levee_app::blob::BlobRef) {
    use levee_app::event::{ArtefactIssued, ArtefactKind, Event, NewEvent, Position};
    use levee_app::journal::Journal as _;
    let now: Timestamp = town.clock.0;
    let id = EntityId::new(envelope.command_id.uuid(), 0);
    let issued = ArtefactIssued {
        id,
        kind: ArtefactKind::Plan,
        day: MEETING,
        as_known_at: now,
        position: Position(1),
        body,
        inputs: vec![],
        engine: "0.1.0".into(),
        seed: 1,
    };
    let stream = "plan".parse().unwrap();
    town.journal
        .transact(envelope, now, &mut |tx| {
            let event = Event::ArtefactIssued(issued.clone());
            tx.append(NewEvent { stream: Clone::clone(&stream), occurred: now, known_at: now, event })?;
            Ok(())
        })
        .unwrap();
}
