//! Lines of restrictions: from start to end, their reviews and their appeals; and their place on the map.

use super::gather::{Gather, Where};
use super::then::Then;
use crate::blob::Blobs;
use crate::city::AppError;
use crate::measures::view::{self, Shown, suspended_why};
use levee_brief::facts::{Origin, Words};
use levee_brief::operations::{Feature, FeatureKind, NoGeometry, Row, Source, State, WhyUnplaced};
use levee_ledger::AreaPath;
use levee_measures::{Phase, Scope};
use serde_json::json;
use std::collections::BTreeMap;

/// Whose they are: the headquarters decide, and one person of them is named in each.
const SECTION: &str = "headquarters";

/// How a restriction stands, and what must be known beside it.
fn standing(gather: &Gather<'_>, one: &Shown) -> (State, Option<Words>) {
    let (measure, now) = (&one.row.measure, gather.now);
    let terms = measure.terms();
    match measure.phase() {
        // Time ends it, whatever it is in, before anybody writes it down.
        phase if !phase.name().is_over() && terms.end() <= now => {
            (State::Done, Some(Words::new("已自动解除，尚未登记", "ended by itself; not written down yet")))
        }
        Phase::Draft => (State::Planned, Some(Words::new("拟议", "draft"))),
        Phase::Assessed => (State::Planned, Some(Words::new("已评估，未过门槛", "weighed, not through its gate"))),
        Phase::Gated(_) => (State::Planned, Some(Words::new("已过门槛，待两人启用", "gated, waits for two people"))),
        Phase::Live(_) if measure.binds(now) => {
            (State::Live, measure.review_open().then(|| Words::new("复核已到期", "its review is due")))
        }
        Phase::Live(_) if now < terms.start() => (State::Planned, Some(Words::new("尚未开始", "has not begun"))),
        Phase::Live(_) => (
            State::Suspended,
            Some(Words::new("出口或急救不具备，不约束任何人", "a way out or urgent care is missing: it binds nobody")),
        ),
        Phase::Suspended(reason) => {
            let (zh, en) = match suspended_why(reason).0 {
                "decided" => ("经决定", "by decision"),
                "way_blocked" => ("出口受阻", "a way out is blocked"),
                "inspection_overdue" => ("出口检查逾期", "an inspection of a way out is overdue"),
                "urgent_care_lost" => ("急救中断", "urgent care was lost"),
                "unserved" => ("住户未获服务", "a household went unserved"),
                _ => ("特批到期", "its override is over"),
            };
            (State::Suspended, Some(Words::new(zh, en)))
        }
        Phase::Ended(_) => (State::Done, Some(Words::new("已解除", "ended"))),
        Phase::Lapsed => (State::Done, Some(Words::new("已自动解除", "lapsed by itself"))),
    }
}

/// Where it holds: its own place, and for one person the community at most.
fn place_of(gather: &Gather<'_>, one: &Shown) -> Option<(AreaPath, Where)> {
    let scope = one.row.measure.terms().scope();
    let sheet = one.row.sheet.as_ref().map(|sheet| sheet.path.clone());
    let path = match scope {
        Scope::Area(code) => sheet.or_else(|| gather.path(code))?,
        Scope::Person { .. } => sheet?,
    };
    let mut told = gather.told(&path);
    if let (Scope::Area(code), Some(words)) = (scope, &one.words) {
        // The place of a restriction is published with its notice.
        told.place = code.to_string();
        told.name = Words::new(&words.place.zh, &words.place.en);
    }
    Some((path, told))
}

fn what(one: &Shown) -> Words {
    let of = |words: &crate::measures::Words| Words::new(&words.what.zh, &words.what.en);
    let personal = || Words::new("限制措施", "restriction");
    match one.row.measure.terms().scope() {
        Scope::Area(_) => one.words.as_ref().map_or_else(personal, of),
        // What is said of one person's restriction may say who it is.
        Scope::Person { .. } => {
            one.words.as_ref().map_or_else(personal, |words| Words::new(&words.place.zh, &words.place.en))
        }
    }
}

/// All lines and features of restrictions.
pub(super) fn restrictions(on: &Then<'_>, blobs: &dyn Blobs, gather: &mut Gather<'_>) -> Result<(), AppError> {
    let today = gather.today();
    let mut all = view::all(on, blobs)?;
    // What was over before today is history.
    all.retain(|one| {
        let measure = &one.row.measure;
        let over = measure.over_at().or_else(|| (measure.terms().end() <= gather.now).then(|| measure.terms().end()));
        over.is_none_or(|over| gather.at(over).local.date() >= today)
    });
    for one in &all {
        measure(gather, one);
    }
    Ok(())
}

fn measure(gather: &mut Gather<'_>, one: &Shown) {
    let measure = &one.row.measure;
    let terms = measure.terms();
    let id = measure.id().to_string();
    let (state, note) = standing(gather, one);
    let open = state != State::Done;
    let appeals = measure.appeals().iter().filter(|(_, appeal)| appeal.decided.is_none()).count() as u64;
    gather.found(Source::Measure, 1);
    gather.found(Source::Review, u64::from(open));
    gather.found(Source::Appeal, appeals);
    let Some((path, place)) = place_of(gather, one) else {
        let none = WhyUnplaced::NoPlace;
        gather.unplaced(Source::Measure, id.clone(), what(one), None, none);
        if open {
            gather.unplaced(Source::Review, id.clone(), what(one), None, none);
        }
        for appeal in measure.appeals().iter().filter(|(_, appeal)| appeal.decided.is_none()).map(|(id, _)| id) {
            gather.unplaced(Source::Appeal, appeal.to_string(), Words::new("申诉", "appeal"), None, none);
        }
        return;
    };
    let line = |source, id: String, state, what, until, late| Row {
        source,
        id,
        state,
        what,
        units: None,
        section: SECTION.to_owned(),
        owner: Some(gather.person(terms.decider(), "decided")),
        district: place.district.clone(),
        place: place.place.clone(),
        place_name: place.name.clone(),
        from: None,
        until: gather.at(until),
        late_minutes: late,
        life_saving: false,
        origin: Origin::Reported,
        note: None,
    };
    let mut rows = vec![Row {
        from: Some(gather.at(terms.start())),
        note: note.clone(),
        ..line(Source::Measure, id.clone(), state, what(one), measure.over_at().unwrap_or(terms.end()), None)
    }];
    if open {
        let late = (state != State::Planned || measure.review_open()).then(|| gather.late(terms.review())).flatten();
        let review = match (state, late) {
            (_, Some(_)) => State::Overdue,
            (State::Planned, None) => State::Planned,
            _ => State::Owed,
        };
        let review_what = Words::new(format!("复核：{}", what(one).zh), format!("review: {}", what(one).en));
        rows.push(line(Source::Review, id.clone(), review, review_what, terms.review(), late));
    }
    for (appeal, asked) in measure.appeals().iter().filter(|(_, appeal)| appeal.decided.is_none()) {
        let late = gather.late(asked.due());
        let state = if late.is_some() { State::Overdue } else { State::Owed };
        let mut row = line(
            Source::Appeal,
            appeal.to_string(),
            state,
            Words::new("裁定申诉", "decide an appeal"),
            asked.due(),
            late,
        );
        // Somebody else decides it: not the one who decided the restriction.
        let on_duty = gather.on_duty(&path, SECTION, gather.now);
        row.owner = on_duty.filter(|owner| owner.person != terms.decider().as_str());
        row.note =
            Some(Words::new("由作出决定以外的人裁定", "somebody other than who decided the restriction decides it"));
        row.from = Some(gather.at(asked.opened));
        rows.push(row);
    }
    for row in rows {
        gather.row(row);
    }
    let feature = feature(gather, one, &place, state, note.as_ref());
    gather.features.push(feature);
}

fn feature(gather: &Gather<'_>, one: &Shown, place: &Where, state: State, note: Option<&Words>) -> Feature {
    let measure = &one.row.measure;
    let terms = measure.terms();
    let more = BTreeMap::from([
        ("phase".to_owned(), json!(measure.phase().name().code())),
        ("binds".to_owned(), json!(measure.binds(gather.now))),
        ("rule".to_owned(), json!(terms.ground().rule.as_str())),
        ("clause".to_owned(), json!(terms.ground().clause)),
        ("review".to_owned(), json!(terms.review())),
        ("note_zh".to_owned(), json!(note.map(|note| &note.zh))),
        ("note_en".to_owned(), json!(note.map(|note| &note.en))),
        ("obligations_owed".to_owned(), json!(one.owed.0)),
    ]);
    Feature {
        kind: FeatureKind::Measure,
        id: measure.id().to_string(),
        name: what(one),
        place: place.place.clone(),
        district: place.district.clone(),
        section: Some(SECTION.to_owned()),
        owner: Some(gather.person(terms.decider(), "decided")),
        state: Some(state),
        from: Some(gather.at(terms.start())),
        until: Some(gather.at(measure.over_at().unwrap_or(terms.end()))),
        origin: Origin::Reported,
        more,
        geometry: match terms.scope() {
            Scope::Person { .. } => Err(NoGeometry::OnePerson),
            // The map draws places once all features are there.
            Scope::Area(_) => Err(NoGeometry::PlaceNotDrawn),
        },
    }
}
