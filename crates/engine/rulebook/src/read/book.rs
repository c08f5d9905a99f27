//! Reading the head of a book and its sources.

use super::fields::{At, Faults, Fields, text};
use super::refs::{self, Names};
use super::rule;
use crate::book::{Jurisdiction, Orders, Period, Rulebook, Source, Title};
use crate::problem::Fault;
use crate::rule::Rule;
use serde_norway::Value as Yaml;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn read(root: &Yaml, faults: &mut Faults<'_>) -> Option<Rulebook> {
    let mut f = Fields::open(root, At::default(), faults)?;
    schema(&mut f, Rulebook::SCHEMA, faults)?;
    let id = f.id("id", faults);
    let book_title = f.need("title", faults).and_then(|given| title(given, f.at.child("title"), faults));
    let disease = f.text("disease", faults);
    let jurisdiction = jurisdiction(&mut f, faults);
    let as_of = f.date("as_of", faults);
    let timezone = f.text("timezone", faults);
    let orders = orders(&mut f, faults);
    let mut glossary = BTreeMap::new();
    for (term, given, at) in names(&mut f, "glossary", false, faults) {
        if let Some(given) = title(given, at, faults) {
            glossary.insert(term, given);
        }
    }
    let timeline = f.list("timeline", false, faults);
    let timeline = timeline.into_iter().filter_map(|(at, item)| period(item, at, faults)).collect();
    let mut sources = BTreeMap::new();
    let mut known = Names { sources: BTreeSet::new(), rules: Vec::new() };
    for (key, given, at) in names(&mut f, "sources", true, faults) {
        known.sources.insert(key.clone());
        if let Some(given) = source(given, at, faults) {
            sources.insert(key, given);
        }
    }
    let given = f.list("rules", true, faults);
    faults.expect_entries(given.len());
    if given.is_empty() {
        faults.add(&f.at.child("rules"), Fault::Missing);
    }
    known.rules = given.iter().map(|(_, rule)| Some(rule.get("id")?.as_str()?.to_owned())).collect();
    let rules = rules(&given, &orders, &known, faults);
    refs::versions(&rules, &known, faults);
    refs::contradictions(&rules, &orders, &known, faults);
    f.close(faults);
    let book = Rulebook {
        id: id?,
        title: book_title?,
        disease: disease?,
        jurisdiction: jurisdiction?,
        as_of: as_of?,
        timezone: timezone?,
        orders,
        glossary,
        timeline,
        sources,
        rules,
        vocabulary: Vec::new(),
    };
    Some(book.settled())
}

/// The first thing to look at: a file of another form would only give a heap of unknown fields.
pub(crate) fn schema(f: &mut Fields<'_>, expected: &'static str, faults: &mut Faults<'_>) -> Option<()> {
    let given = f.text("schema", faults)?;
    if given != expected {
        let given = given.chars().take(80).collect();
        faults.add(&f.at.child("schema"), Fault::Schema { given, expected });
        return None;
    }
    Some(())
}

fn rules(
    given: &[(At, &Yaml)],
    orders: &Orders,
    names: &Names,
    faults: &mut Faults<'_>,
) -> BTreeMap<crate::ids::RuleId, Rule> {
    let mut rules = BTreeMap::new();
    for (position, (_, value)) in given.iter().enumerate() {
        let Some(rule) = rule::read(value, position, orders, names, faults) else { continue };
        if rules.contains_key(&rule.id) {
            let at = At::entry(position, rule.id.to_string()).child("id");
            faults.add(&at, Fault::Duplicate { id: rule.id.to_string() });
            continue;
        }
        rules.insert(rule.id.clone(), rule);
    }
    rules
}

pub(super) fn title(given: &Yaml, at: At, faults: &mut Faults<'_>) -> Option<Title> {
    let mut f = Fields::open(given, at, faults)?;
    let title = Title { en: f.text_if_any("en", faults), zh: f.text_if_any("zh", faults) };
    let at = f.at.clone();
    f.close(faults);
    if title == Title::default() {
        faults.bad_value(&at, "{}", "has neither `en` nor `zh`");
        return None;
    }
    Some(title)
}

fn jurisdiction(f: &mut Fields<'_>, faults: &mut Faults<'_>) -> Option<Jurisdiction> {
    let given = f.need("jurisdiction", faults)?;
    let mut f = Fields::open(given, f.at.child("jurisdiction"), faults)?;
    let country = f.text("country", faults);
    let (province_level, note) = (f.text_if_any("province_level", faults), f.text_if_any("note", faults));
    f.close(faults);
    Some(Jurisdiction { country: country?, province_level, note })
}

fn orders(f: &mut Fields<'_>, faults: &mut Faults<'_>) -> Orders {
    let Some(given) = f.need("orders", faults) else { return Orders::default() };
    let Some(mut f) = Fields::open(given, f.at.child("orders"), faults) else { return Orders::default() };
    let orders = Orders { scope: f.texts("scope", true, faults), authority: f.texts("authority", true, faults) };
    for (key, levels) in [("scope", &orders.scope), ("authority", &orders.authority)] {
        for (i, level) in levels.iter().enumerate() {
            if levels[..i].contains(level) {
                faults.add(&f.at.child(key), Fault::Duplicate { id: level.clone() });
            }
        }
    }
    f.close(faults);
    orders
}

fn names<'a>(
    f: &mut Fields<'a>,
    key: &'static str,
    must: bool,
    faults: &mut Faults<'_>,
) -> Vec<(String, &'a Yaml, At)> {
    let given = if must { f.need(key, faults) } else { f.take(key) };
    let opened = given.and_then(|given| Fields::open(given, f.at.child(key), faults));
    opened.map_or_else(Vec::new, |names| names.into_names().collect())
}

fn period(given: &Yaml, at: At, faults: &mut Faults<'_>) -> Option<Period> {
    let mut f = Fields::open(given, at, faults)?;
    let instrument = f.text("instrument", faults);
    let (from, to) = (f.date("from", faults), f.date_if_any("to", faults));
    let note = f.text_if_any("note", faults);
    let at = f.at.clone();
    f.close(faults);
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        faults.add(&at, Fault::EndsBeforeStart { from, to });
    }
    Some(Period { instrument: instrument?, from: from?, to, note })
}

fn source(given: &Yaml, at: At, faults: &mut Faults<'_>) -> Option<Source> {
    let mut f = Fields::open(given, at, faults)?;
    let (title, seen) = (f.text("title", faults), f.text("seen", faults));
    let date = match f.take("date") {
        None | Some(Yaml::Null) => None,
        // A year alone is a number in YAML.
        Some(Yaml::Number(year)) => Some(year.to_string()),
        Some(other) => text(other, &f.at.child("date"), faults),
    };
    let (zh, issuer) = (f.text_if_any("zh", faults), f.text_if_any("issuer", faults));
    let (doc_no, url) = (f.text_if_any("doc_no", faults), f.text_if_any("url", faults));
    let (published, in_force) = (f.date_if_any("published", faults), f.date_if_any("in_force", faults));
    f.close(faults);
    Some(Source { title: title?, zh, issuer, doc_no, date, published, in_force, url, seen: seen? })
}
