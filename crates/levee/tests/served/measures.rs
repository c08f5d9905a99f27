//! A restriction by HTTP alone: the gate refuses, the second person confirms with their own session, a report from the field frees people.

use crate::client::{Answer, Browser, Served};
use crate::support::City;
use serde_json::{Value, json};

pub(crate) const LEAD: &str = "coordinator-500103";

pub(crate) fn proposal() -> Value {
    json!({
        "decided_by": "commander-1", "appeal_channel": "12345-3", "tests_on": [1, 2, 3, 5],
        "place": { "code": "500103-jfb-7", "within": "500103", "zh": "解放碑7号楼", "en": "Building 7, Jiefangbei" },
        "ground": { "rule": "cn.zone.high.designate", "clause": "20 measures, measure 4" },
        "time": { "start": "2022-11-24T08:00", "review": "2022-11-27T08:00", "end": "2022-11-29T08:00" },
        "evidence": [{ "report": "flow-2022-11-23-17", "occurred": "2022-11-23T20:00" }],
        "people": { "persons": 40, "households": 14, "medicine": 6, "dialysis": 1, "chemotherapy": 0, "obstetric": 0,
            "help_for_the_old": 3, "help_for_children": 0 },
        "way": [{ "id": "main-door", "kind": "exit" }, { "id": "lane", "kind": "fire_lane" }],
        "words": {
            "what": { "zh": "本楼居民足不出户，服务上门。", "en": "People of the building stay at home; services come to the door." },
            "why": { "zh": "两个单元发现3名感染者，传播链不清。", "en": "Three infections in two stairwells; how they are linked is not known." },
            "alternative": { "zh": "只管控一个单元：另一单元的来源不明。", "en": "One stairwell only: where the infection of the other came from is not known." }
        },
        "facts": {
            "measure.type": "close_area", "measure.level": "high", "place.role": "residence", "measure.scope": "building",
            "measure.ordered_by": "county", "measure.services": ["food", "medicine", "emergency_medical", "egress"],
            "measure.exits": "open", "measure.expires": true, "measure.announced": true,
            "outbreak.transmission_risk_unclear": false, "outbreak.extensive_community": false, "area.cases": 3
        }
    })
}

pub(crate) fn at(moment: &str) -> String {
    format!("{moment}:00+08:00")
}

struct Story {
    served: Served,
    admin: Browser,
    lead: Browser,
    id: String,
}

impl Story {
    fn begin() -> Self {
        let served = Served::start(City::replay());
        let admin = served.administrator();
        let lead = served.person(&admin, LEAD);
        let sheet = json!({ "sheet": proposal(), "at": at("2022-11-23T22:00") });
        let drafted = lead.post("/api/v1/measures", &sheet).ok();
        assert_eq!(drafted.status, 201);
        let id = drafted.json()["measure"].as_str().unwrap().to_owned();
        Self { served, admin, lead, id }
    }

    fn step(&self, by: &Browser, moment: &str, step: &Value) -> Answer {
        by.post(&format!("/api/v1/measures/{}/steps", self.id), &json!({ "step": step, "at": at(moment) }))
    }

    fn shown(&self, moment: &str) -> Value {
        let moment = at(moment).replace('+', "%2B");
        self.lead.get(&format!("/api/v1/measures/{}?at={moment}", self.id)).ok().json()
    }

    /// Everything that the gate asks for.
    fn provide(&self) {
        let supplies = self.served.person(&self.admin, "lead-supplies");
        for (service, provider, units) in [
            ("food", "Yonghui Jiefangbei", 40),
            ("water", "Yonghui Jiefangbei", 40),
            ("medicine", "Tongjun Pharmacy", 6),
            ("urgent_care", "Second Hospital", 40),
            ("dialysis", "Second Hospital", 1),
            ("help_for_the_old", "Jiefangbei volunteers", 3),
            ("refuse", "Yuzhong Sanitation", 40),
        ] {
            let vehicle = (service == "urgent_care").then_some("ambulance 3");
            let step = json!({ "do": "reserve", "service": service, "provider": provider, "units": units, "vehicle": vehicle });
            self.step(&supplies, "2022-11-23T23:00", &step).ok();
        }
        let safety = self.served.person(&self.admin, "lead-safety");
        for way in ["main-door", "lane"] {
            self.step(&safety, "2022-11-23T23:30", &json!({ "do": "inspect", "way": way, "open": true })).ok();
        }
        self.step(&self.lead, "2022-11-23T23:40", &json!({ "do": "notice", "how": "both-doors" })).ok();
    }
}

#[test]
fn a_restriction_is_live_only_when_a_second_person_confirms_it_themselves() {
    let story = Story::begin();
    let lead = &story.lead;
    story.step(lead, "2022-11-23T22:20", &json!({ "do": "gate" })).problem(409, "");
    story.step(lead, "2022-11-23T22:30", &json!({ "do": "assess" })).ok();
    story.provide();
    story.step(lead, "2022-11-24T07:45", &json!({ "do": "gate" })).ok();

    let before = story.served.city.events();
    story.step(lead, "2022-11-24T08:00", &json!({ "do": "activate", "second": LEAD })).problem(422, "is the first");
    let asked = story.step(lead, "2022-11-24T08:00", &json!({ "do": "activate", "second": "commander-1" })).ok();
    assert_eq!(asked.status, 202);
    let waiting = format!("/api/v1/confirmations/{}", asked.json()["confirm"].as_str().unwrap());
    // Nothing is written, and nobody is bound, until it is confirmed; nobody signs for somebody else.
    assert_eq!((story.served.city.events(), &story.shown("2022-11-24T08:30")["binds"]), (before, &json!(false)));
    lead.ask("POST", &waiting, &[], None).problem(403, "commander-1 must confirm it");
    let stranger = story.served.person(&story.admin, "commander-2");
    stranger.ask("POST", &waiting, &[], None).problem(404, "nothing waits");
    stranger.ask("DELETE", &waiting, &[], None).problem(404, "nothing waits");
    assert_eq!(stranger.get("/api/v1/confirmations").ok().json(), json!([]));
    let second = story.served.person(&story.admin, "commander-1");
    assert_eq!(second.get("/api/v1/confirmations").ok().json()[0]["step"]["step"]["do"], "activate");
    second.ask("POST", &waiting, &[], None).ok();
    second.ask("POST", &waiting, &[], None).problem(404, "nothing waits");
    assert_eq!(story.shown("2022-11-24T09:00")["binds"], true);

    // A blocked exit frees people in the same minute.
    let clerk = story.served.person(&story.admin, "clerk-1");
    story.step(&clerk, "2022-11-25T10:00", &json!({ "do": "inspect", "way": "lane", "open": false })).ok();
    assert_eq!(story.shown("2022-11-25T10:00")["binds"], false);
    // Urgent care asks nobody (law 7).
    clerk.post("/api/v1/urgent-care", &json!({ "subject": "p-7", "at": at("2022-11-25T10:05") })).ok();
    let appealed = story.step(&clerk, "2022-11-26T09:00", &json!({ "do": "appeal", "by": "hh-12" })).ok().json();
    let decide = json!({ "do": "decide", "appeal": appealed["appeal"], "upheld": true, "reason": "linked" });
    story.step(&second, "2022-11-26T12:00", &decide).problem(409, "");
    story.step(&stranger, "2022-11-26T15:00", &decide).ok();
    assert_eq!(story.shown("2022-11-26T16:00")["phase"], "ended");
    let page = lead.get(&format!("/api/v1/measures/{}/page?lang=zh&at=2022-11-26T16:00:00%2B08:00", story.id)).ok();
    assert!(page.text.contains("解放碑7号楼"), "{page:?}");
    assert!(!page.text.contains("hh-12"));
    story.served.stop().is_whole();
}

#[test]
fn what_cannot_be_read_is_refused_before_anybody_is_asked_to_sign() {
    let story = Story::begin();
    let lead = &story.lead;
    let bad = |step: Value, words: &str| story.step(lead, "2022-11-24T08:00", &step).problem(422, words);
    bad(
        json!({ "do": "override", "until": at("2022-11-25T06:00"), "interim": { "urgent_care": "x" }, "second": "commander-1" }),
        "interim",
    );
    bad(
        json!({ "do": "renew", "end": at("2022-12-01T08:00"), "review": at("2022-11-30T08:00"), "evidence": [], "rulebook": "x: 1",
        "second": "commander-1" }),
        "rulebook",
    );
    bad(json!({ "do": "reserve", "service": "dancing", "provider": "x", "units": 1 }), "service");
    bad(json!({ "do": "fly" }), "unknown variant");
    lead.post("/api/v1/measures", &json!({ "sheet": "what = ", "at": at("2022-11-23T22:00") })).problem(422, "");
    lead.get("/api/v1/measures/01a2046a6b417793b910c2b6136d72a3-1?at=2022-11-24T08:00:00%2B08:00")
        .problem(404, "no restriction");
    let asked = story.step(lead, "2022-11-24T08:00", &json!({ "do": "activate", "second": "commander-1" })).ok().json();
    // The gate was never run: confirmed or not, it is refused.
    let waiting = format!("/api/v1/confirmations/{}", asked["confirm"].as_str().unwrap());
    story.served.person(&story.admin, "commander-1").ask("POST", &waiting, &[], None).problem(409, "");
    lead.ask("DELETE", &waiting, &[], None).ok();
    assert_eq!(lead.get("/api/v1/confirmations").ok().json(), json!([]));
}
