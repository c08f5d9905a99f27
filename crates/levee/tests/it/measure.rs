//! A building is closed and opened again: the gate refuses twice, a blocked exit frees people, an appeal ends it, another
//! ends by itself. And what is refused because it cannot be.

use crate::ledger_open::{again, run};
use crate::support::{City, Output};
use serde_json::Value;
use std::fmt::Write as _;

/// The terms of Building 7, as the help shows them.
const BUILDING: &str = include_str!("../../../../docs/examples/building.toml");

/// They, with the given start, review and end.
fn terms(start: &str, review: &str, end: &str) -> String {
    let times = [
        ("2022-11-24T08:00", "START", start),
        ("2022-11-27T08:00", "REVIEW", review),
        ("2022-11-29T08:00", "END", end),
    ];
    // Comments stand behind some lines; what the tests look for stands alone.
    let lines = BUILDING.lines().map(|line| line.split_once("  #").map_or(line, |(line, _)| line).trim_end());
    let mut text = lines.collect::<Vec<_>>().join("\n") + "\n";
    for (shown, name, _) in times {
        assert_eq!(text.matches(shown).count(), 1, "{shown}");
        text = text.replace(shown, name);
    }
    times.into_iter().fold(text, |text, (_, name, given)| text.replace(name, given))
}

/// One close contact in quarantine.
fn contact() -> String {
    let text = terms("2022-11-24T08:00", "2022-11-27T08:00", "2022-11-29T08:00");
    let (head, rest) = text.split_once("[place]").unwrap();
    let (_, rest) = rest.split_once("[ground]").unwrap();
    let (rest, _) = rest.split_once("[facts]").unwrap();
    let person = "[person]\nsubject = \"p-17\"\nkind = \"quarantine\"\nwithin = \"500103\"\n";
    let facts = r#""measure.type" = "quarantine_contact"
"person.class" = "close_contact"
"person.special_group" = false
"measure.central_days" = 5
"measure.home_days" = 3
"measure.total_days" = 8
"measure.services" = ["food", "medicine", "emergency_medical", "egress"]
"measure.exits" = "open"
"measure.expires" = true
"measure.announced" = true
"#;
    let count = |text: String, name: &str, from: u32, to: u32| {
        let (from, to) = (format!("{name} = {from}\n"), format!("{name} = {to}\n"));
        assert!(text.contains(&from), "{from}");
        text.replace(&from, &to)
    };
    let mut rest = rest.replace("cn.zone.high.designate", "cn.contact.close").replace("measure 4", "measure 1");
    for (name, from, to) in
        [("persons", 40, 1), ("households", 14, 1), ("medicine", 6, 0), ("dialysis", 1, 0), ("help_for_the_old", 3, 0)]
    {
        rest = count(rest, name, from, to);
    }
    format!("{head}{person}[ground]{rest}[facts]\n{facts}")
}

fn book() -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebooks/china-covid-v9-20.yaml");
    path.canonicalize().unwrap().display().to_string()
}

/// A city with a restriction that is told step by step.
struct Story {
    city: City,
    lang: &'static str,
    id: String,
    told: String,
}

impl Story {
    fn begin(lang: &'static str, file: &str) -> Self {
        let city = again("chongqing-2022");
        city.write("building.toml", file);
        let mut story = Self { city, lang, id: String::new(), told: String::new() };
        let words = "measure propose city building.toml --at 2022-11-23T22:00 --as coordinator-500103 --json";
        story.id = run(&story.city, words, &[]).done().json()["measure"].as_str().unwrap().to_owned();
        story
    }

    fn given(&self, what: &str, at: &str, who: &str, more: &[&str]) -> Output {
        let words = what.replace(" ID", &format!(" city {}", self.id));
        let words = format!("measure {words} --at {at} --as {who} --lang {}", self.lang);
        run(&self.city, &words, more)
    }

    /// Does something and writes down how it was answered.
    fn tell(&mut self, what: &str, at: &str, who: &str, more: &[&str]) -> Output {
        let said = self.given(what, at, who, more);
        let words: Vec<&str> = what.split_whitespace().filter(|word| *word != "ID").collect();
        writeln!(self.told, "> {at} {who}: {}", words.join(" ")).unwrap();
        let noise = ["command ", "命令 "];
        for line in said.out.lines().chain(said.err.lines()).filter(|line| !noise.iter().any(|n| line.starts_with(n))) {
            writeln!(self.told, "{}", line.replace(&self.id, "ID")).unwrap();
        }
        said
    }

    fn json(&self, at: &str) -> Value {
        self.given("show ID --json", at, "commander-1", &[]).done().json()
    }

    /// Everything that the gate asks for but what is left out.
    fn provide(&self, at: &str, left_out: &str) {
        self.provide_until(at, left_out, None);
    }

    fn provide_until(&self, at: &str, left_out: &str, until: Option<&str>) {
        for (service, provider, units) in [
            ("food", "Yonghui Jiefangbei", "40"),
            ("water", "Yonghui Jiefangbei", "40"),
            ("medicine", "Tongjun Pharmacy", "6"),
            ("urgent_care", "Second Hospital", "40"),
            ("dialysis", "Second Hospital", "1"),
            ("help_for_the_old", "Jiefangbei volunteers", "3"),
            ("refuse", "Yuzhong Sanitation", "40"),
        ] {
            if service == left_out {
                continue;
            }
            let vehicle: &[&str] = if service == "urgent_care" { &["--vehicle", "ambulance 3"] } else { &[] };
            let to = until.map_or(vec![], |until| vec!["--to", until]);
            let more = [&["--service", service, "--provider", provider, "--units", units], vehicle, &to].concat();
            self.given("service ID", at, "lead-supplies", &more).done();
        }
    }
}

const LEAD: &str = "coordinator-500103";

/// From proposal to expiry, in one language.
fn life(lang: &'static str) -> String {
    let mut story = Story::begin(lang, &terms("2022-11-24T08:00", "2022-11-27T08:00", "2022-11-29T08:00"));
    let judge = ["--rulebook", &book()];
    story.tell("assess ID", "2022-11-23T22:30", LEAD, &judge).done();
    story.provide("2022-11-23T23:00", "urgent_care");
    for way in ["main-door", "lane"] {
        story.given("inspect ID", "2022-11-23T23:30", "lead-safety", &["--way", way]).done();
    }
    story.given("notice ID --how both-doors", "2022-11-23T23:40", LEAD, &[]).done();
    // First: no urgent care, and no override can put it off.
    story.tell("gate ID", "2022-11-24T07:00", LEAD, &[]).no(&[]);
    let put_off = "override ID --until 2022-11-25T06:00 --put-off food=street-kitchen --with commander-1";
    story.given(put_off, "2022-11-24T07:00", LEAD, &[]).no(&[]);
    let ambulance =
        ["--service", "urgent_care", "--provider", "Second Hospital", "--units", "40", "--vehicle", "ambulance 3"];
    story.tell("service ID", "2022-11-24T07:10", "lead-treatment", &ambulance).done();
    // Then: a second exit was found, and nobody has looked at it in time.
    let early = ["--way", "garage", "--kind", "exit"];
    story.given("inspect ID", "2022-11-23T06:00", "lead-safety", &early).done();
    story.tell("gate ID", "2022-11-24T07:20", LEAD, &[]).no(&[]);
    story.tell("inspect ID --way garage", "2022-11-24T07:40", "lead-safety", &[]).done();
    story.tell("gate ID", "2022-11-24T07:45", LEAD, &[]).done();
    story.given(&format!("activate ID --with {LEAD}"), "2022-11-24T08:00", LEAD, &[]).no(&[]);
    story.tell("activate ID --with commander-1", "2022-11-24T08:00", LEAD, &[]).done();
    assert_eq!(story.json("2022-11-24T09:00")["binds"], true);
    // A blocked exit frees people in the same minute; services go on.
    story.tell("report exit-blocked ID --way lane", "2022-11-25T10:00", "clerk-1", &[]).done();
    assert_eq!(story.json("2022-11-25T10:00")["binds"], false);
    story.tell("resume ID --with commander-1", "2022-11-25T11:00", LEAD, &[]).no(&[]);
    for way in ["main-door", "lane", "garage"] {
        story.given("inspect ID", "2022-11-25T12:00", "lead-safety", &["--way", way]).done();
    }
    story.tell("resume ID --with commander-1", "2022-11-25T12:30", LEAD, &[]).done();
    // An appeal: not by those who activated it, and with a reason; upheld, it ends.
    let appealed = story.given("appeal ID --by hh-12 --json", "2022-11-26T09:00", "clerk-1", &[]).done().json();
    let appeal = appealed["appeal"].as_str().unwrap().to_owned();
    let decide = format!("decide ID --appeal {appeal} --upheld --reason linked");
    story.given(&decide, "2022-11-26T12:00", "commander-1", &[]).no(&[]);
    story.given(&decide, "2022-11-26T15:00", "commander-2", &[]).done();
    story.tell("show ID", "2022-11-26T15:00", "commander-1", &[]).done();
    assert_eq!(story.json("2022-11-26T16:00")["phase"], "ended");
    story.given("activate ID --with commander-1", "2022-11-26T16:00", LEAD, &[]).no(&[]);
    let owed = story.json("2022-11-26T16:00")["obligations"].clone();
    // What was due before it ended is still owed, and people have to be told that they are free.
    assert!(owed["owed"].as_u64().unwrap() < owed["all"].as_u64().unwrap() / 2 + 10, "{owed}");
    story.city.is_whole();
    story.told.replace(&appeal, "APPEAL")
}

#[test]
fn a_restriction_from_proposal_to_an_upheld_appeal_in_english() {
    insta::assert_snapshot!("life_en", life("en"));
}

#[test]
fn a_restriction_from_proposal_to_an_upheld_appeal_in_chinese() {
    insta::assert_snapshot!("life_zh", life("zh"));
}

/// Food is put off for a day and does not come; a renewal wants new evidence; one person is told, and free when the ground is gone.
fn put_off_renewed_and_personal(lang: &'static str) -> String {
    let mut told = String::new();
    let close = |told: &mut String, story: Story| {
        story.city.is_whole();
        writeln!(told, "{}", story.told.trim_end()).unwrap();
    };
    let inspect = |story: &Story, at: &str| {
        for way in ["main-door", "lane"] {
            story.given("inspect ID", at, "lead-safety", &["--way", way]).done();
        }
    };

    let mut story = Story::begin(lang, &terms("2022-11-24T08:00", "2022-11-27T08:00", "2022-11-29T08:00"));
    story.given("assess ID", "2022-11-23T22:30", LEAD, &[]).done();
    story.provide("2022-11-23T23:00", "food");
    inspect(&story, "2022-11-24T06:30");
    story.given("notice ID --how both-doors", "2022-11-23T23:40", LEAD, &[]).done();
    story.tell("gate ID", "2022-11-24T07:00", LEAD, &[]).no(&[]);
    let put_off = "override ID --put-off food=street-kitchen --with commander-1";
    story.tell(&format!("{put_off} --until 2022-11-25T09:00"), "2022-11-24T07:05", LEAD, &[]).no(&[]);
    story.tell(&format!("{put_off} --until 2022-11-25T07:00"), "2022-11-24T07:10", LEAD, &[]).done();
    story.tell("activate ID --with commander-1", "2022-11-24T08:00", LEAD, &[]).done();
    story.tell("complete ID", "2022-11-24T20:00", LEAD, &[]).no(&[]);
    // Nobody does anything, and people are free at the minute.
    assert_eq!(story.json("2022-11-25T06:59")["binds"], true);
    assert_eq!(story.json("2022-11-25T07:00")["binds"], false);
    let kitchen = ["--service", "food", "--provider", "Yonghui Jiefangbei", "--units", "40"];
    story.tell("service ID", "2022-11-25T09:00", "lead-supplies", &kitchen).done();
    assert_eq!(story.json("2022-11-25T09:00")["phase"], "suspended");
    story.given("inspect ID", "2022-11-25T09:30", "lead-safety", &["--way", "main-door"]).done();
    story.given("inspect ID", "2022-11-25T09:30", "lead-safety", &["--way", "lane"]).done();
    story.tell(&format!("{put_off} --until 2022-11-25T20:00"), "2022-11-25T10:00", LEAD, &[]).no(&[]);
    story.tell("resume ID --with commander-1", "2022-11-25T10:10", LEAD, &[]).done();
    close(&mut told, story);

    let mut story = Story::begin(lang, &terms("2022-11-24T08:00", "2022-11-25T20:00", "2022-11-26T08:00"));
    story.given("assess ID", "2022-11-23T22:30", LEAD, &[]).done();
    story.provide_until("2022-11-23T23:00", "", Some("2022-11-29T08:00"));
    inspect(&story, "2022-11-24T06:30");
    story.given("notice ID --how both-doors", "2022-11-23T23:40", LEAD, &[]).done();
    story.given("gate ID", "2022-11-24T07:00", LEAD, &[]).done();
    story.given("activate ID --with commander-1", "2022-11-24T08:00", LEAD, &[]).done();
    let renew = |report: &str, end: &str| {
        format!("renew ID --end {end} --review 2022-11-27T08:00 --evidence {report} --with commander-1")
    };
    // With a photo the look is done; without, it is recorded and still owed.
    story.city.write("door.jpg", "a photo");
    story.city.write("minutes.txt", "looked at again; three more infections in the same stairwells");
    story.tell("review ID --evidence minutes.txt", "2022-11-25T19:30", "commander-1", &[]).done();
    inspect(&story, "2022-11-25T19:40");
    let old = renew("flow-2022-11-23-17@2022-11-23T20:00", "2022-11-29T08:00");
    story.tell(&old, "2022-11-25T20:00", LEAD, &[]).no(&[]);
    let fresh = renew("flow-2022-11-25-3@2022-11-25T15:00", "2022-11-29T08:00");
    story.tell(&fresh, "2022-11-25T20:05", LEAD, &[]).done();
    story.tell("inspect ID --way lane", "2022-11-26T09:00", "lead-safety", &[]).done();
    story.tell("inspect ID --way main-door --evidence door.jpg", "2022-11-26T09:05", "lead-safety", &[]).done();
    assert_eq!(story.json("2022-11-29T07:59")["binds"], true);
    assert_eq!(story.json("2022-11-29T08:00")["binds"], false);
    close(&mut told, story);

    let mut story = Story::begin(lang, &contact());
    story.given("assess ID", "2022-11-23T22:30", LEAD, &[]).done();
    story.provide("2022-11-23T23:00", "");
    inspect(&story, "2022-11-24T06:30");
    story.tell("gate ID", "2022-11-24T07:00", LEAD, &[]).no(&[]);
    story.tell("notice ID --how handed-over", "2022-11-24T07:10", LEAD, &[]).done();
    story.tell("gate ID", "2022-11-24T07:20", LEAD, &[]).done();
    story.tell("activate ID --with commander-1", "2022-11-24T08:00", LEAD, &[]).done();
    story.tell("report ground-lapsed ID", "2022-11-25T11:00", "clerk-1", &[]).done();
    assert_eq!(story.json("2022-11-25T11:00")["binds"], false);
    story.city.write("released.pdf", "the form of release");
    // Whoever does not answer for it may say so, and it is still owed.
    story.tell("notice ID --how by-telephone --evidence released.pdf", "2022-11-25T11:20", "clerk-1", &[]).done();
    story.tell("notice ID --how by-telephone --evidence released.pdf", "2022-11-25T11:30", LEAD, &[]).done();
    story.tell("show ID", "2022-11-25T12:00", "commander-1", &[]).done();
    close(&mut told, story);
    told
}

#[test]
fn food_put_off_renewal_and_one_person_in_english() {
    insta::assert_snapshot!("more_en", put_off_renewed_and_personal("en"));
}

#[test]
fn food_put_off_renewal_and_one_person_in_chinese() {
    insta::assert_snapshot!("more_zh", put_off_renewed_and_personal("zh"));
}

#[test]
fn a_restriction_ends_by_itself_and_its_page_says_so_before_anybody_looks() {
    let story = Story::begin("en", &terms("2022-11-24T08:00", "2022-11-25T08:00", "2022-11-26T08:00"));
    story.given("assess ID", "2022-11-23T22:30", LEAD, &["--rulebook", &book()]).done();
    story.provide("2022-11-23T23:00", "");
    for way in ["main-door", "lane"] {
        story.given("inspect ID", "2022-11-24T07:00", "lead-safety", &["--way", way]).done();
    }
    story.given("notice ID --how both-doors", "2022-11-24T07:00", LEAD, &[]).done();
    story.given("gate ID", "2022-11-24T07:10", LEAD, &[]).done();
    story.given("activate ID --with commander-1", "2022-11-24T07:20", LEAD, &[]).done();
    assert_eq!(story.json("2022-11-24T07:30")["binds"], false, "it binds before its start");
    let page = |lang: &str, at: &str| {
        let words = format!("measure page city {} --at {at} --lang {lang} --out page.html", story.id);
        run(&story.city, &words, &[]).done();
        story.city.read("page.html")
    };
    let live = page("en", "2022-11-25T09:00");
    for part in [
        "In force",
        "26 November 2022, 08:00",
        "12345-3",
        "Second Hospital (vehicle: ambulance 3)",
        "20 measures, measure 4",
    ] {
        assert!(live.contains(part), "`{part}` does not stand on the page: {live}");
    }
    let chinese = page("zh", "2022-11-25T09:00");
    assert!(chinese.contains("到期自动终止"));
    // Until when and which help come before the ways out.
    for (page, words) in
        [(&live, ["From when", "Which help", "Ways out"]), (&chinese, ["从何时", "有哪些帮助", "<h2>出口"])]
    {
        let at: Vec<usize> = words.iter().map(|word| page.find(word).unwrap()).collect();
        assert!(at.is_sorted(), "{words:?}: {at:?}");
    }
    // How many people are held stands nowhere on it, and nothing is fetched from elsewhere.
    let text = live.split_once("<body>").unwrap().1;
    assert!(!text.contains("40") && !live.contains("http") && !live.contains("<script"), "{live}");
    let events = story.city.events();
    assert!(page("en", "2022-11-26T08:00").contains("It ended by itself on 26 November 2022, 08:00. You are free."));
    assert_eq!(story.json("2022-11-26T08:00")["binds"], false);
    assert_eq!(story.city.events(), events, "a look wrote something");
    // Any other command writes down what time has brought, at the moment of its end.
    let urgent =
        story.given("offer --service food --provider shop --units 5 ID", "2022-11-28T10:00", "lead-supplies", &[]);
    assert_eq!(urgent.code, Some(2), "an offer is about no restriction");
    let offer =
        "measure offer city --service food --provider shop --units 5 --at 2022-11-28T10:00 --as lead-supplies --json";
    let said = run(&story.city, offer, &[]).done().json();
    assert_eq!(said["time_brought"][0]["change"], "lapsed");
    let over = story.json("2022-11-28T10:00");
    assert_eq!((&over["phase"], &over["over_at"]), (&"lapsed".into(), &"2022-11-26T00:00:00Z".into()));
    story.city.is_whole();
}

#[test]
fn what_cannot_be_proposed_is_refused_with_the_field_and_the_mend() {
    let city = again("chongqing-2022");
    let good = terms("2022-11-24T08:00", "2022-11-27T08:00", "2022-11-29T08:00");
    let before = city.events();
    let propose = |file: String| {
        city.write("bad.toml", file);
        let words = "measure propose city bad.toml --at 2022-11-23T22:00 --as coordinator-500103 --lang en";
        run(&city, words, &[])
    };
    propose(good.replace("2022-11-29T08:00", "2022-11-24T07:00"))
        .refused(&["is not after `start`", "mend: put the end after"]);
    propose(good.replace("within = \"500103\"", "within = \"500999\"")).refused(&["500999", "areas.csv"]);
    propose(good.replace("within = \"500103\"\n", "")).refused(&["500103-jfb-7", "within"]);
    propose(good.replace("report = \"flow-2022-11-23-17\"", "rumour = \"x\"")).refused(&["rumour", "--help"]);
    propose(good.replace("[[evidence]]\nreport = \"flow-2022-11-23-17\"\noccurred = \"2022-11-23T20:00\"\n", ""))
        .refused(&["`evidence` is empty"]);
    propose(good.replace("households = 14\n", "")).refused(&["households"]);
    propose(good.replace("medicine = 6", "medicines = 6")).refused(&["medicines"]);
    propose(good.replace("id = \"lane\"", "id = \"the lane!\"")).refused(&["the lane!", "letters, digits"]);
    propose(good.replace("commander-1", "a-stranger")).refused(&["a-stranger"]);
    let words = "measure propose city bad.toml --at 2022-11-23T22:00 --lang en";
    run(&city, words, &[]).refused(&["a person must act", "--as PERSON"]);
    run(&city, &format!("{words} --as analyst-1"), &[]).refused(&["may not propose a restriction"]);
    city.write("bad.toml", &good);
    run(&city, &format!("{words} --as coordinator-500107"), &[]).no(&["no say over 500103"]);
    assert_eq!(city.events(), before, "a refused proposal wrote something");
    let said =
        run(&city, "measure gate city 00000000000000000000000000000001-1 --at 2022-11-23T22:00 --as commander-1", &[]);
    said.no(&["没有措施", "levee measure list"]);
}

#[test]
fn a_day_before_every_rulebook_a_misspelt_fact_and_a_service_promised_twice_are_refused() {
    let of = |day: &str| {
        let [start, review, end] = ["08:00", "09:00", "10:00"].map(|hour| format!("{day}T{hour}"));
        terms(&start, &review, &end).replace("2022-11-23T20:00", &start)
    };
    let story = Story::begin("en", &of("1999-12-02"));
    let judge = ["--rulebook", &book()];
    story
        .given("assess ID", "2022-11-23T22:30", LEAD, &judge)
        .refused(&["lies before every version", "give a start from"]);
    let story = Story::begin("en", &of("2020-01-02"));
    story.given("assess ID", "2022-11-23T22:30", LEAD, &judge).refused(&["is not in force in", "mend: "]);
    let story = Story::begin(
        "en",
        &terms("2022-11-24T08:00", "2022-11-27T08:00", "2022-11-29T08:00").replace("measure.scope", "measure.scop"),
    );
    story
        .given("assess ID", "2022-11-23T22:30", LEAD, &judge)
        .refused(&["measure.scop", "did you mean `measure.scope`"]);
    let story = Story::begin("en", &terms("2022-11-24T08:00", "2022-11-27T08:00", "2022-11-29T08:00"));
    story.given("assess ID", "2022-11-23T22:30", LEAD, &judge).done();
    let effect = ["--effect", "R", "--low", "0.7", "--high", "1.1", "--outlook", "2022-11-18", "--rulebook", &book()];
    story.given("assess ID", "2022-11-23T22:30", LEAD, &effect).refused(&["none was issued"]);
    story.provide("2022-11-23T23:00", "food");
    for (from, to) in [("2022-11-24T08:00", "2022-11-26T08:00"), ("2022-11-26T08:00", "2022-11-29T08:00")] {
        let half = ["--service", "food", "--provider", "One Shop", "--units", "40", "--from", from, "--to", to];
        story.given("service ID", "2022-11-23T23:00", "lead-supplies", &half).done();
    }
    story.given("gate ID", "2022-11-24T07:20", LEAD, &[]).no(&["`One Shop` promised food twice: 80 in all", "mend: "]);
}

#[test]
fn a_restriction_is_judged_by_the_city_s_own_book_of_the_day_it_starts() {
    let story = Story::begin("en", &terms("2022-11-24T08:00", "2022-11-27T08:00", "2022-11-29T08:00"));
    let assess = |at: &str| {
        let said = story.given("assess ID", at, LEAD, &[]).done();
        (said.err, story.json(at)["judged"].clone())
    };
    let (told, judged) = assess("2022-11-23T22:30");
    assert!(told.contains("rulebook: cn-covid19-v9-20, the city's own"), "{told}");
    assert_eq!((&judged["book"], &judged["day"]), (&"cn-covid19-v9-20".into(), &"2022-11-24".into()));
    let own = std::fs::read_to_string(book()).unwrap().replacen("id: cn-covid19-v9-20", "id: chongqing-own", 1);
    story.city.write("own.yaml", own);
    let keep = |from: &str, at: &str| {
        let words = format!("rulebook keep city own.yaml --from {from} --at {at} --as commander-1 --json");
        run(&story.city, &words, &[]).done().json()
    };
    // One for later starts changes nothing; one for this day does, from the moment it was said.
    keep("2022-11-25", "2022-11-23T22:40");
    assert_eq!(assess("2022-11-23T22:41").1["book"], "cn-covid19-v9-20");
    let kept = keep("2022-11-24", "2022-11-23T22:50");
    let (_, judged) = assess("2022-11-23T22:55");
    assert_eq!((&judged["book"], &judged["digest"]), (&"chongqing-own".into(), &kept["digest"]));
    // A book that is named goes before the city's own, by file or by id.
    story.given("assess ID", "2022-11-23T22:56", LEAD, &["--rulebook", "cn-covid19-v9-20"]).done();
    assert_eq!(story.json("2022-11-23T22:56")["judged"]["book"], "cn-covid19-v9-20");
    let wrong = ["--rulebook", "cn-covid19-v9-2O"];
    story.given("assess ID", "2022-11-23T22:57", LEAD, &wrong).refused(&["did you mean `cn-covid19-v9-20`?"]);
    story.city.is_whole();
}

#[test]
fn urgent_care_is_sent_whatever_stands_in_its_way() {
    let city = again("chongqing-2022");
    // Nobody signs, and an auditor, who may change nothing else, can send one too.
    for who in [&[][..], &["--as", "auditor-1"], &["--as", "clerk-1"]] {
        let said = run(&city, "measure urgent city --for p-3 --at 2022-11-24T03:00 --lang en", who).done();
        assert!(said.out.contains("a vehicle for urgent care was sent"), "{said:#?}");
    }
    let listed = run(&city, "measure list city --at 2022-11-24T03:00 --json", &[]).done().json();
    assert_eq!(listed["urgent_care_sent"], 3);
    city.is_whole();
}
