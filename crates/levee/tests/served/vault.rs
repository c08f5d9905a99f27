//! Personal data: masked until somebody who may reads them for a reason, and by two for many people.

use crate::client::Served;
use crate::support::City;
use levee_app::city::City as Open;
use levee_app::clock::MachineClock;
use levee_app::vault::{NewSubject, PersonalRecord, Sealing, Secret, seal};
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use levee_store::sqlite::SqliteJournal;
use levee_store::vault::{FolderVault, random_pseudonym};
use serde_json::json;
use uuid::Uuid;

/// Takes so many invented people in; gives their pseudonyms.
fn taken_in(city: &City, people: usize) -> Vec<String> {
    let mut journal = SqliteJournal::open(&city.at("city")).unwrap();
    let blobs = city.blobs();
    let mut open = Open { journal: &mut journal, blobs: &blobs, clock: &MachineClock };
    let mut vault = FolderVault::open(&city.at("city"), &city.at("keys")).unwrap();
    let new = |nth: usize| {
        let fields = [("name", format!("Invented Person {nth}")), ("phone", format!("1380000{nth:04}"))];
        let fields = fields.map(|(field, value)| (field.parse().unwrap(), Secret::new(value)));
        let until = "2999-01-01".parse().unwrap();
        let record = PersonalRecord::new(fields.into(), "care_placement".parse().unwrap(), until).unwrap();
        NewSubject { subject: random_pseudonym().unwrap(), record }
    };
    let all: Vec<NewSubject> = (0..people).map(new).collect();
    let envelope = Envelope {
        command_id: CommandId::new(Uuid::now_v7()),
        actor: Actor::Person("clerk-1".parse().unwrap()),
        on_behalf_of: None,
        channel: Channel::Cli,
        assurance: Assurance::Asserted,
    };
    seal(&mut open, &mut vault, &envelope, &all, Sealing::New).unwrap();
    all.iter().map(|one| one.subject.to_string()).collect()
}

#[test]
fn values_are_masked_until_somebody_who_may_reads_them_for_a_reason() {
    let city = City::live();
    let whom = taken_in(&city, 1).remove(0);
    let served = Served::start(city);
    let admin = served.administrator();
    let (lead, analyst) = (served.person(&admin, "lead-transfer"), served.person(&admin, "analyst-1"));
    let shown = analyst.get(&format!("/api/v1/vault/{whom}")).ok();
    assert!(shown.text.contains("care_placement") && !shown.text.contains("Invented"), "{shown:?}");
    admin.get(&format!("/api/v1/vault/{whom}")).problem(403, "belongs to nobody");
    let reading = |reason: &str| json!({ "subjects": [whom], "fields": ["name"], "reason": reason });
    analyst.post("/api/v1/vault/readings", &reading("to see")).problem(403, "may not read personal data");
    lead.post("/api/v1/vault/readings", &reading("  ")).problem(422, "for a reason");
    let read = lead.post("/api/v1/vault/readings", &reading("call about the bed")).ok();
    assert!(read.text.contains("Invented Person 0") && !read.text.contains("1380000"), "{read:?}");
    let city = served.stop();
    let audit = ["vault", "city", "audit", "--from", "2020-01-01", "--to", "2998-12-31", "--as", "auditor-1"];
    let audit = city.run(&audit).done();
    for said in ["lead-transfer", whom.as_str(), "call about the bed", "1 readings"] {
        assert!(audit.out.contains(said), "{said}: {audit:#?}");
    }
}

#[test]
fn data_of_many_people_are_read_by_two_who_each_sign_in_themselves() {
    let city = City::live();
    let whom = taken_in(&city, 101);
    let served = Served::start(city);
    let admin = served.administrator();
    let (first, second) = (served.person(&admin, "lead-transfer"), served.person(&admin, "commander-1"));
    let other = served.person(&admin, "commander-2");
    let alone = json!({ "subjects": whom, "fields": ["name"], "reason": "a list for the coaches" });
    first.post("/api/v1/vault/readings", &alone).problem(422, "by two persons");
    let mut reading = alone;
    reading["with"] = json!("lead-transfer");
    first.post("/api/v1/vault/readings", &reading).problem(422, "first one again");
    reading["with"] = json!("commander-1");
    let ask = || first.post("/api/v1/vault/readings", &reading);
    let waits = ask().ok();
    assert_eq!(waits.status, 202);
    let waits = waits.json();
    assert_eq!((&waits["people"], &waits["confirmed"]), (&json!(101), &json!(false)));
    assert_eq!(ask().status, 202, "asking twice is not two people");
    let confirm = format!("/api/v1/vault/readings/{}/confirm", waits["id"].as_str().unwrap());
    for not_named in [&first, &other] {
        not_named.ask("POST", &confirm, &[], None).problem(404, "waits for you");
    }
    let confirmed = second.ask("POST", &confirm, &[], None).ok().json();
    assert_eq!(
        (&confirmed["reader"], &confirmed["reason"]),
        (&json!("lead-transfer"), &json!("a list for the coaches"))
    );
    let read = ask().ok();
    assert_eq!((read.status, read.json().as_array().unwrap().len()), (200, 101));
    assert_eq!(ask().status, 202, "a word counts once");
}
