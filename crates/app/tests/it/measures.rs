//! Restrictions in a city: random commands through the use cases, in any order, at any hour. None binds without its services outside an
//! override, none binds after its end, urgent care is never refused, and the record is whole.
//!
//! 10^4 commands, or as many as `LEVEE_RANDOM_COMMANDS` says; `cargo xtask prove` says 10^6.

use crate::town::{Town, moment, person};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use levee_app::city::AppError;
use levee_app::event::Mode;
use levee_app::ledger::Desk;
use levee_app::measures::{Ask, Book, Done, Fault, Proof, Proposal, Reserve, carry_out_at, carry_out_proven};
use levee_app::projection::ledger::read;
use levee_app::projection::measures::{measure, measures};
use levee_measures::{
    Deferrable, ExitKind, FieldReport, For, MeasureId, Phase, PhaseName, Provider, Refusal, Service, WayId,
};
use levee_model::command::Actor;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Commands of one history.
const STEPS: u32 = 40;

fn cases() -> u32 {
    let commands: u32 = std::env::var("LEVEE_RANDOM_COMMANDS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    commands.div_ceil(STEPS)
}

pub(crate) fn at(hour: i64) -> Timestamp {
    moment(date(2022, 11, 24).at(8, 0, 0, 0)) + SignedDuration::from_hours(hour)
}

pub(crate) fn book() -> Box<Book> {
    static TEXT: OnceLock<String> = OnceLock::new();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebooks/measles-school.yaml");
    let text = TEXT.get_or_init(|| std::fs::read_to_string(path).unwrap());
    Box::new(Book::read(text.clone()).unwrap())
}

pub(crate) fn proposal(hours: i64, personal: bool) -> Proposal {
    let civil = |hour: i64| {
        let civil = date(2022, 11, 24).at(8, 0, 0, 0).checked_add(SignedDuration::from_hours(hour)).unwrap();
        civil.strftime("%Y-%m-%dT%H:%M").to_string()
    };
    let rule = book().rules().in_force(date(2022, 11, 24)).first().unwrap().id.to_string();
    // The terms that the help shows, of a classroom, a person, or whatever the book at hand has a rule for.
    let mut text = include_str!("../../../../docs/examples/building.toml").split_once("[facts]").unwrap().0.to_owned();
    for (shown, given) in [
        ("decided_by = \"commander-1\"", String::new()),
        ("tests_on = [1, 2, 3, 5]", "tests_on = [1, 2]".to_owned()),
        ("500103-jfb-7", "500103-s1".to_owned()),
        ("cn.zone.high.designate", rule),
        ("main-door", "door".to_owned()),
        ("2022-11-24T08:00", "START".to_owned()),
        ("2022-11-27T08:00", "REVIEW".to_owned()),
        ("2022-11-29T08:00", "END".to_owned()),
    ] {
        assert_eq!(text.matches(shown).count(), 1, "{shown}");
        text = text.replace(shown, &given);
    }
    for (name, hour) in [("START", hours), ("REVIEW", hours + 48), ("END", hours + 96)] {
        text = text.replace(name, &civil(hour));
    }
    if personal {
        let (head, rest) = text.split_once("[place]").unwrap();
        let (_, rest) = rest.split_once("[ground]").unwrap();
        let person = "[person]\nsubject = \"p-17\"\nkind = \"quarantine\"\nwithin = \"500103\"\n";
        text = format!("{head}{person}[ground]{rest}");
    }
    let calendar = levee_app::settings::Calendar::of(
        &levee_app::settings::parse(&std::fs::read_to_string(pack_toml()).unwrap()).unwrap(),
    );
    Proposal::read(&text, &calendar.unwrap()).unwrap()
}

fn pack_toml() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/chongqing-2022/city.toml")
}

pub(crate) struct Place {
    pub(crate) town: Town,
    desk: Desk,
    pub(crate) now: i64,
    ids: Vec<MeasureId>,
}

impl Place {
    pub(crate) fn new() -> Self {
        let mut town = Town::new(Mode::Replay);
        let desk = Desk::load(town.city().journal).unwrap();
        Self { town, desk, now: 0, ids: vec![] }
    }

    pub(crate) fn ask(&mut self, who: &str, ask: impl Into<Box<Ask>>) -> Result<Done, AppError> {
        let ask = ask.into();
        let envelope = self.town.command(person(who));
        let desk = self.desk.clone();
        carry_out_at(&desk, &mut self.town.city(), &envelope, &ask, Some(at(self.now)))
    }

    pub(crate) fn provide(&mut self, id: MeasureId, left_out: Option<Service>) {
        for service in Service::ALL.into_iter().filter(|one| Some(*one) != left_out) {
            let promise = Reserve {
                service,
                provider: format!("{service} of {id}").parse().unwrap(),
                reserved: 40,
                vehicle: (service == Service::UrgentCare).then(|| "ambulance 3".to_owned()),
                from: Some(at(-500)),
                to: Some(at(5000)),
            };
            self.ask("lead-supplies", Ask::Reserve { id, promise }).unwrap();
        }
    }

    pub(crate) fn inspect(&mut self, id: MeasureId, way: &str, open: bool) -> Result<Done, AppError> {
        let way: WayId = way.parse().unwrap();
        self.ask("lead-safety", Ask::Inspect { id, way, kind: None, open: Some(open) })
    }

    /// By the law's words alone: whatever binds now has its services, its exits and its time.
    fn sound(&self) {
        let now = at(self.now);
        for row in measures(&self.town.journal).unwrap() {
            let measure = &row.measure;
            if !measure.binds(now) {
                continue;
            }
            let Phase::Live(basis) = measure.phase() else { unreachable!("only what is live binds") };
            assert!(measure.terms().start() <= now && now < measure.terms().end(), "it binds outside its time");
            assert!(basis.until().is_none_or(|until| now < until), "it binds past its override");
            let counted = row.counted.as_ref().unwrap();
            for service in Service::ALL {
                let kept = basis.promises().iter().filter(|p| p.service == service && p.to >= measure.terms().end());
                let kept: u64 = kept.map(|promise| promise.reserved).sum();
                let may_wait = matches!(service, Service::Food | Service::Medicine | Service::Water);
                let put_off = basis.until().is_some() && may_wait;
                assert!(put_off || Some(kept) >= counted.demand.of(service), "{service} is missing");
            }
            for way in measure.ways() {
                let seen = way.inspected.as_ref().unwrap();
                assert!(seen.open && now.duration_since(seen.at).as_hours() < 72, "a way out is not shown to be open");
            }
            assert!(row.promises.iter().any(|p| p.service == Service::UrgentCare), "urgent care was given back");
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Wait(i64),
    Propose(bool),
    /// All that is needed, but perhaps for one service, up to and with the gate.
    Ready(u8, bool),
    Act(u8, u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..30_i64).prop_map(Step::Wait),
        1 => any::<bool>().prop_map(Step::Propose),
        3 => (0..14_u8, any::<bool>()).prop_map(|(service, fresh)| Step::Ready(service, fresh)),
        12 => (0..19_u8, 0..6_u8).prop_map(|(what, how)| Step::Act(what, how)),
    ]
}

fn run(place: &mut Place, step: &Step) {
    let known = |place: &Place, how: u8| place.ids.get(usize::from(how) % place.ids.len().max(1)).copied();
    match *step {
        Step::Wait(hours) => place.now += hours,
        Step::Propose(personal) => {
            let (now, whom) = (place.now, personal);
            if let Ok(done) = place.ask("coordinator-500103", Ask::Propose(Box::new(proposal(now, whom)))) {
                place.ids.extend(done.id);
            }
        }
        Step::Ready(service, fresh) => {
            let Some(id) = known(place, service) else { return };
            place.provide(id, Service::ALL.get(usize::from(service)).copied());
            if fresh {
                for way in ["door", "lane"] {
                    place.inspect(id, way, true).unwrap();
                }
                let notice = Ask::Notice { id, how: "posted".into(), appeal_channel: None };
                place.ask("lead-community", notice).unwrap();
            }
            let assess = Ask::Assess { id, book: book(), effect: None };
            let _ = place.ask("coordinator-500103", assess);
            let _ = place.ask("coordinator-500103", Ask::Gate(id));
            let activate = Ask::Activate { id, second: "commander-1".parse().unwrap() };
            let _ = place.ask("coordinator-500103", activate);
        }
        Step::Act(what, how) => {
            let Some(id) = known(place, how) else { return };
            let second = if how == 5 { "coordinator-500103" } else { "commander-1" }.parse().unwrap();
            let provider: Provider = "street kitchen".parse().unwrap();
            let household = "h-1".parse().unwrap();
            let until = at(place.now + 5 * i64::from(how));
            let ask = match what {
                0 => Ask::Gate(id),
                1 => Ask::Override {
                    id,
                    until,
                    interim: BTreeMap::from([
                        (Deferrable::Food, provider.clone()),
                        (if how < 3 { Deferrable::Water } else { Deferrable::Notice }, provider),
                    ]),
                    second,
                },
                2 | 3 => Ask::Activate { id, second },
                4 => Ask::Complete(id),
                5 => Ask::Suspend(id),
                6 => Ask::End(id),
                7 => Ask::Review { id, open: how > 2 },
                8 => Ask::Report { id, report: FieldReport::UrgentCareLost },
                9 => Ask::Report { id, report: FieldReport::UrgentCareBack },
                10 => Ask::Report { id, report: FieldReport::Unserved { household, since: at(place.now - 20) } },
                11 => Ask::Report { id, report: FieldReport::Served { household } },
                12 => Ask::Appeal { id, by: format!("p-{how}").parse().unwrap(), asks: For::All },
                13 => {
                    let row = measure(&place.town.journal, id).unwrap().unwrap();
                    let Some(appeal) = row.measure.appeals().keys().next().copied() else { return };
                    Ask::Decide { id, appeal, upheld: how > 3, reason: "checked again".into() }
                }
                14 => Ask::Withdraw {
                    id,
                    provider: format!("{} of {id}", Service::UrgentCare).parse().unwrap(),
                    service: Service::UrgentCare,
                },
                15 => Ask::Inspect {
                    id,
                    way: "lane".parse().unwrap(),
                    kind: Some(ExitKind::FireLane),
                    open: Some(how > 1),
                },
                16 => Ask::Renew {
                    id,
                    end: at(place.now + 120),
                    review: at(place.now + 60),
                    evidence: [levee_measures::EvidenceItem {
                        report: format!("r-{}", place.now),
                        occurred: at(place.now),
                    }]
                    .into(),
                    book: book(),
                    second,
                },
                17 => Ask::Report { id, report: FieldReport::GroundLapsed },
                _ => Ask::UrgentCare { subject: "p-3".parse().unwrap() },
            };
            let urgent = matches!(ask, Ask::UrgentCare { .. });
            let by = if what == 13 { "commander-2" } else { "coordinator-500103" };
            let done = place.ask(by, ask);
            assert!(!urgent || done.is_ok(), "urgent care was refused: {done:?}");
            if let Err(error) = done {
                let told = matches!(error, AppError::Measure(_) | AppError::NotAllowed(_));
                assert!(told, "not refused but failed: {error}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn no_random_commands_bind_people_without_services_or_past_the_end(steps in prop::collection::vec(step(), STEPS as usize)) {
        let mut place = Place::new();
        run(&mut place, &Step::Propose(false));
        for step in &steps {
            run(&mut place, step);
            place.sound();
        }
        place.town.verify();
    }
}

fn ready() -> (Place, MeasureId) {
    let mut place = Place::new();
    let done = place.ask("coordinator-500103", Ask::Propose(Box::new(proposal(0, false)))).unwrap();
    let id = done.id.unwrap();
    place.provide(id, None);
    for way in ["door", "lane"] {
        place.inspect(id, way, true).unwrap();
    }
    place.ask("lead-community", Ask::Notice { id, how: "posted".into(), appeal_channel: None }).unwrap();
    place.ask("coordinator-500103", Ask::Assess { id, book: book(), effect: None }).unwrap();
    place.ask("coordinator-500103", Ask::Gate(id)).unwrap();
    (place, id)
}

fn activate(place: &mut Place, id: MeasureId) -> Result<Done, AppError> {
    place.ask("coordinator-500103", Ask::Activate { id, second: "commander-1".parse().unwrap() })
}

/// Units of the measure's obligations that were opened, met, waived, and are still owed.
fn units(place: &Place, id: MeasureId) -> BTreeMap<&'static str, u64> {
    let row = measure(&place.town.journal, id).unwrap().unwrap();
    let mut units = BTreeMap::from([("all", 0), ("owed", 0), ("waived", 0)]);
    for one in &row.obliged {
        let known = read::obligation(&place.town.journal, &one.obligation).unwrap().unwrap();
        *units.get_mut("all").unwrap() += known.split.all();
        *units.get_mut("owed").unwrap() += known.owed();
        *units.get_mut("waived").unwrap() += known.split.of(levee_ledger::State::Waived);
    }
    units
}

#[test]
fn going_live_opens_what_is_owed_and_ending_waives_what_became_moot() {
    let (mut place, id) = ready();
    assert_eq!(units(&place, id)["all"], 0, "something is owed before anybody is held");
    let done = activate(&mut place, id).unwrap();
    // Four days: food, water, medicine, calls to the old and refuse each day; dialysis once; tests on two days; two ways
    // looked at once; a review; release.
    assert_eq!(done.opened, 4 * 5 + 1 + 2 + 2 + 1 + 1);
    let kinds: BTreeSet<String> = measure(&place.town.journal, id)
        .unwrap()
        .unwrap()
        .obliged
        .iter()
        .map(|one| read::obligation(&place.town.journal, &one.obligation).unwrap().unwrap().kind.to_string())
        .collect();
    insta::assert_snapshot!(kinds.into_iter().collect::<Vec<_>>().join(" "), @"door_sampling exit_inspection food_delivery medicine_delivery operation_task water_delivery wellbeing_call zone_release");
    // Free for now: nobody is asked for a test, and services go on.
    place.now = 30;
    let done = place.ask("coordinator-500103", Ask::Suspend(id)).unwrap();
    assert_eq!((done.opened, done.closed), (0, 1));
    place.inspect(id, "door", true).unwrap();
    place.inspect(id, "lane", true).unwrap();
    assert_eq!(activate(&mut place, id).unwrap().opened, 1);
    // Over: what was due before is still owed, and so is telling people.
    place.now = 60;
    let done = place.ask("coordinator-500103", Ask::End(id)).unwrap();
    assert!(done.closed > 0);
    let now = units(&place, id);
    assert_eq!(now["all"], now["owed"] + now["waived"]);
    let left: Vec<_> = measure(&place.town.journal, id).unwrap().unwrap().obliged;
    for one in left {
        let known = read::obligation(&place.town.journal, &one.obligation).unwrap().unwrap();
        let release = known.kind.as_str() == "zone_release";
        assert!(known.owed() == 0 || release || one.due <= at(60), "{} is owed after the end", known.kind);
    }
    // Conserved: no account of the ledger is out of balance.
    let books = vec!["500103".to_owned()];
    let last = read::last_day(&place.town.journal, date(2022, 11, 24)).unwrap();
    for line in read::lines(&place.town.journal, "500000", &books, last, last).unwrap() {
        assert_eq!(line.residual(), 0, "{line:?}");
    }
    place.town.verify();
}

#[test]
fn a_look_with_its_photo_meets_what_was_owed_and_the_next_is_owed_72_hours_later() {
    let (mut place, id) = ready();
    activate(&mut place, id).unwrap();
    let look = |place: &mut Place, who: &str, photo: Option<&[u8]>| {
        let ask = Ask::Inspect { id, way: "door".parse().unwrap(), kind: None, open: Some(true) };
        let (envelope, desk) = (place.town.command(person(who)), place.desk.clone());
        let (now, proof) = (at(place.now), Proof { file: photo, service: None });
        carry_out_proven(&desk, &mut place.town.city(), &envelope, (&ask, proof), Some(now)).unwrap()
    };
    let owed = |place: &Place| -> Vec<Timestamp> {
        let row = measure(&place.town.journal, id).unwrap().unwrap();
        let all =
            row.obliged.iter().map(|one| read::obligation(&place.town.journal, &one.obligation).unwrap().unwrap());
        let door = |one: &levee_ledger::Obligation| one.subject.as_ref().is_some_and(|way| way.as_str() == "door");
        all.filter(|one| door(one) && one.owed() > 0).map(|one| one.due).collect()
    };
    assert_eq!(owed(&place), [at(72)]);
    place.now = 10;
    // Somebody who does not answer for it, and nobody's photo: both looks are recorded, and neither meets anything.
    let done = look(&mut place, "lead-supplies", Some(b"photo"));
    assert!(matches!(done.unmet, Some(levee_ledger::Refusal::NotTheirs { .. })), "{done:?}");
    assert_eq!((done.met, done.opened, owed(&place)), (0, 1, vec![at(72), at(82)]));
    place.now = 12;
    let done = look(&mut place, "lead-safety", None);
    assert!(matches!(done.unmet, Some(levee_ledger::Refusal::EvidenceMissing { .. })), "{done:?}");
    assert_eq!((done.met, owed(&place)), (0, vec![at(72), at(82), at(84)]));
    place.now = 20;
    let done = look(&mut place, "lead-safety", Some(b"photo"));
    assert_eq!((done.met, done.opened, done.unmet, owed(&place)), (3, 1, None, vec![at(92)]));
    // The next would be due after the end: none is owed.
    place.now = 30;
    let done = look(&mut place, "lead-safety", Some(b"another"));
    assert_eq!((done.met, done.opened, owed(&place)), (1, 0, vec![]));
    let last = read::last_day(&place.town.journal, date(2022, 11, 24)).unwrap();
    for line in read::lines(&place.town.journal, "500000", &["500103".to_owned()], last, last).unwrap() {
        assert_eq!(line.residual(), 0, "{line:?}");
    }
    place.town.verify();
}

#[test]
fn two_people_of_the_right_role_and_place_put_it_in_force() {
    let (mut place, id) = ready();
    let with = |place: &mut Place, by: &str, second: &str| {
        place.ask(by, Ask::Activate { id, second: second.parse().unwrap() }).map(|_| ())
    };
    let alone = with(&mut place, "commander-1", "commander-1").unwrap_err();
    assert!(matches!(&alone, AppError::Measure(fault) if matches!(**fault, Fault::Refused(Refusal::SamePerson(_)))));
    for (by, second) in [
        ("lead-safety", "commander-1"),
        ("commander-1", "clerk-1"),
        ("commander-1", "nobody"),
        ("coordinator-500107", "commander-1"),
        ("commander-1", "coordinator-500107"),
    ] {
        assert!(with(&mut place, by, second).is_err(), "{by} with {second}");
    }
    let envelope = place.town.command(Actor::LocalOperator);
    let ask = Ask::Activate { id, second: "commander-1".parse().unwrap() };
    let desk = place.desk.clone();
    assert!(carry_out_at(&desk, &mut place.town.city(), &envelope, &ask, Some(at(0))).is_err());
    with(&mut place, "coordinator-500103", "commander-1").unwrap();
}

#[test]
fn what_time_brought_is_written_down_before_a_command_even_if_that_is_refused() {
    let (mut place, id) = ready();
    activate(&mut place, id).unwrap();
    place.now = 100;
    let late = place.ask("coordinator-500103", Ask::Suspend(id)).unwrap_err();
    assert!(late.to_string().contains("lapsed"), "{late}");
    let row = measure(&place.town.journal, id).unwrap().unwrap();
    assert_eq!((row.measure.phase().name(), row.measure.over_at()), (PhaseName::Lapsed, Some(at(96))));
    // The same command again finds nothing to do, and a command carried out twice writes once.
    let events = place.town.journal_len();
    assert!(place.ask("coordinator-500103", Ask::Suspend(id)).is_err());
    assert_eq!(place.town.journal_len(), events);
    place.town.verify();
}
