//! The page keeps its promises: nothing breaks out, nothing is asked from outside, unknown is never zero or blank.

#[path = "support/checker.rs"]
#[allow(unreachable_pub, reason = "a module of tests")]
mod checker;
#[path = "support/fixture.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::type_complexity,
    clippy::cast_precision_loss,
    reason = "shared with unit tests and preview"
)]
mod fixture;
#[path = "support/mutate.rs"]
#[allow(unreachable_pub, clippy::unwrap_used, reason = "a module of tests")]
mod mutate;

use checker::elements;
use levee_brief::{Document, Lang, SCHEMA, facts};
use proptest::prelude::*;

fn page(facts: facts::BriefFacts, shown: Lang) -> String {
    Document::new(facts).to_html(shown)
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    assert_eq!(page(fixture::fixture(), Lang::Zh), page(fixture::fixture(), Lang::Zh));
    let json = || Document::new(fixture::fixture()).to_json().unwrap();
    assert_eq!(json(), json());
}

#[test]
fn a_page_holds_both_languages_and_shows_the_one_asked_for() {
    for shown in Lang::BOTH {
        let html = page(fixture::fixture(), shown);
        assert!(
            html.contains("<article class=\"a-zh\" lang=\"zh-CN\">")
                && html.contains("<article class=\"a-en\" lang=\"en\">")
        );
        assert!(html.contains(&format!("id=\"pick-{}\" checked", shown.key())));
        assert_eq!(html.matches(" checked").count(), 1);
    }
}

/// The bullet with what is known of today is the longest: in English it fills a third line, which was cut off.
#[test]
fn what_is_known_of_today_is_not_cut_off() {
    let mut facts = fixture::fixture();
    let day = facts.city.days.last().unwrap().day.tomorrow().unwrap();
    let until = |hour| day.at(hour, 0, 0, 0);
    facts.city.part_day = Some(facts::CityPartDay {
        period: levee_model::time::Period::new(until(0), until(14)).unwrap(),
        new: facts::Figure::reported(2_037),
        same_hours_before: facts::Figure::unknown(facts::Message::new("not_stated")),
    });
    if let Some(facts::Figure::Known(known)) = facts.city.days.last_mut().map(|day| &mut day.new) {
        known.basis = Some(facts::Message::new("basis.may_count_twice"));
    }
    let html = page(facts, Lang::En);
    let bullet = html.split("<li>").find(|bullet| bullet.contains("Today, ")).unwrap();
    assert!(bullet.starts_with("<span class=\"clamp3\">"), "{bullet}");
}

#[test]
fn a_page_asks_nothing_from_outside_and_runs_nothing() {
    for facts in [fixture::fixture(), fixture::stressed(), fixture::nothing()] {
        let html = page(facts, Lang::En);
        assert!(html.contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:"));
        for element in elements(&html).unwrap() {
            assert!(!["script", "link", "iframe", "object", "img", "base", "form"].contains(&element.name.as_str()));
            for (name, value) in &element.attributes {
                assert!(!name.starts_with("on") && name != "src", "{name}={value}");
                assert!(name != "href" || value.starts_with('#'), "{value}");
            }
        }
        let urls = html.split("url(").skip(1).filter(|rest| !rest.starts_with("\"data:") && !rest.starts_with('#'));
        assert_eq!(urls.count(), 0);
    }
}

#[test]
fn every_link_leads_somewhere_and_no_id_stands_twice() {
    for facts in [fixture::fixture(), fixture::stressed(), fixture::nothing()] {
        let html = page(facts, Lang::En);
        let all = elements(&html).unwrap();
        let values = |wanted: &'static str| {
            all.iter()
                .flat_map(|e| &e.attributes)
                .filter(move |(name, _)| name == wanted)
                .map(|(_, value)| value.clone())
        };
        let mut ids: Vec<String> = values("id").collect();
        for target in
            values("href").map(|href| href[1..].to_owned()).chain(values("aria-labelledby")).chain(values("for"))
        {
            assert!(ids.contains(&target), "nothing has the id `{target}`");
        }
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}

#[test]
fn every_chart_says_its_finding_to_those_who_do_not_see_it() {
    let html = page(fixture::fixture(), Lang::En);
    let charts: Vec<_> = elements(&html).unwrap().into_iter().filter(|e| e.has("role", "img")).collect();
    assert!(charts.len() > 20, "{}", charts.len());
    assert!(charts.iter().all(|chart| chart.value("aria-label").is_some_and(|name| !name.is_empty())));
}

#[test]
fn a_page_is_light() {
    for facts in [fixture::fixture(), fixture::stressed()] {
        let html = page(facts, Lang::Zh);
        assert!(html.len() < 600_000, "{} bytes", html.len());
    }
}

#[test]
fn pages_are_numbered_to_the_last_one() {
    let html = page(fixture::fixture(), Lang::En);
    let english = html.split("<article class=\"a-en\"").nth(1).unwrap();
    let sheets = english.matches("class=\"sheet").count();
    for page in 1..=sheets {
        assert!(english.contains(&format!("Page {page} of {sheets} ·")), "page {page} of {sheets}");
    }
}

#[test]
fn what_is_not_kept_is_hatched_and_says_so() {
    let html = page(fixture::nothing(), Lang::En);
    let english = html.split("<article class=\"a-en\"").nth(1).unwrap();
    let first = english.split("<section class=\"sheet\"").next().unwrap();
    assert!(first.contains("<div class=\"void\"><span>unknown: not kept yet</span></div>"));
    assert!(first.contains("What is owed: not kept yet"));
    assert!(!first.contains(">0</td>"));
}

#[test]
fn a_page_without_synthetic_figures_has_no_mark_and_one_with_them_has() {
    assert!(!page(fixture::nothing(), Lang::En).contains("class=\"syn\""));
    let html = page(fixture::fixture(), Lang::En);
    // The lead's second sentence rests on the invented plan, the first on reported counts.
    let lead = html.split("<article class=\"a-en\"").nth(1).unwrap().split("</h1>").next().unwrap();
    assert_eq!(lead.matches("class=\"syn\"").count(), 1);
    assert!(lead.trim_end().ends_with("</abbr>"));
}

fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}")
}

#[test]
fn the_document_says_its_version_and_survives_its_json() {
    let document = Document::new(fixture::fixture());
    let json = document.to_json().unwrap();
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["schema"], SCHEMA);
    let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["schema", "lead", "points", "titles", "facts"]);
    // A name that changes here is a new version of the document.
    let facts: Vec<&String> = value["facts"].as_object().unwrap().keys().collect();
    insta::assert_compact_debug_snapshot!(facts, @r#"["masthead", "city", "districts", "care", "changes", "contradictions", "data_ages", "outlook", "explanation", "load", "demand", "plan", "owed", "timetable", "decisions", "measures", "sources", "parameters", "licences", "synthetic_note"]"#);
    insta::assert_snapshot!(pretty(&value["facts"]["districts"]["rows"][0]["per_100k"]), @r#"
{
  "state": "unknown",
  "reason": {
    "code": "population_unknown",
    "args": {}
  },
  "last": null
}
"#);
    insta::assert_snapshot!(pretty(&value["lead"][1]), @r#"
{
  "code": "lead.short_care",
  "args": {
    "day": {
      "is": "day",
      "value": "2022-11-22"
    },
    "what": {
      "is": "list",
      "value": [
        {
          "is": "words",
          "value": {
            "zh": "床位",
            "en": "beds"
          }
        },
        {
          "is": "words",
          "value": {
            "zh": "转运车辆",
            "en": "coaches"
          }
        }
      ]
    }
  },
  "zh": "瓶颈在收治：11月22日起床位、转运车辆不足。",
  "en": "The limit is care: beds and coaches run short from 22 November.",
  "synthetic": true
}
"#);
    assert_eq!(serde_json::from_str::<Document>(&json).unwrap(), document);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is unknown, empty, huge or odd: a page comes out, and it is well formed.
    #[test]
    fn any_facts_make_a_page(seed in any::<u64>(), text in "[<>&\"'a-z{}*中 /=\u{202e}\u{0}-]{0,40}") {
        let facts = mutate::mutated(&fixture::fixture(), seed, &text);
        let document = Document::new(facts);
        for shown in Lang::BOTH {
            let html = document.to_html(shown);
            if let Err(fault) = elements(&html) {
                prop_assert!(false, "{fault}");
            }
            let turns = html.chars().any(|c| matches!(c, '\u{202e}' | '\u{0}'));
            prop_assert!(!turns, "a sign that turns or ends text came through");
            prop_assert!(!html.contains("NaN") && !html.contains(">inf"));
        }
        prop_assert!(document.to_json().is_ok());
    }
}
