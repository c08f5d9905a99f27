//! The next two days of the timetable, and what others did against the rulebook, as the brief says them.

use crate::audit::MeasuresAudit;
use crate::operations::Operations;
use levee_brief::catalogue::write;
use levee_brief::facts::{
    Audit, AuditLine, DueLine, Figure, Known, MeasureLine, Message, Origin, PostLine, Qualifier, Timetable, Words,
    ZoneLine,
};
use levee_brief::lang::{Lang, Speaker};
use levee_brief::operations::{FeatureKind, Row, Source, State, ZoneClock};
use levee_measures::audit::Audited;
use levee_rulebook::Verdict;
use std::collections::BTreeMap;

/// The horizon of the meeting: today's decisions bind tomorrow and the day after.
const HOURS: i64 = 48;
/// Lines and posts that the brief has room for; their totals are stated.
const ROWS: usize = 14;
const POSTS: usize = 12;
/// Places that one measure of others is told with.
const PLACES: usize = 3;
/// Measures of others that are listed.
const AUDITED: usize = 30;

/// The timetable of the next two days.
pub(super) fn timetable(operations: Option<&Operations>) -> Figure<Timetable> {
    let Some(of) = operations else { return Figure::unknown(Message::new("not_computed")) };
    let now = of.at.local;
    let until = now.checked_add(jiff::SignedDuration::from_hours(HOURS)).unwrap_or(now);
    let within = |row: &&Row| row.until.local <= until;
    let tasks: Vec<&Row> = of.rows.iter().filter(|row| row.is_task()).filter(within).collect();
    let overdue = tasks.iter().filter(|row| row.state == State::Overdue).count() as u64;
    let (rows, posts) = (due(of, &tasks), posts(of, &tasks));
    let timetable = Timetable {
        until,
        overdue,
        due: tasks.len() as u64 - overdue,
        unowned: tasks.iter().filter(|row| row.is_unowned()).count() as u64,
        proposed: of
            .rows
            .iter()
            .filter(|row| row.state == State::Planned && row.source.is_proposal())
            .filter(within)
            .count() as u64,
        posts_left_out: posts.len().saturating_sub(POSTS) as u64,
        posts: posts.into_iter().take(POSTS).collect(),
        rows_left_out: rows.iter().skip(ROWS).map(|row| row.lines).sum(),
        rows: rows.into_iter().take(ROWS).collect(),
        measures: measures(of),
        zones: zones(of),
        origin: tasks.iter().map(|row| row.origin).min().unwrap_or(Origin::Reported),
    };
    let origin = tasks.iter().map(|row| row.origin).max().unwrap_or(Origin::Derived);
    Figure::Known(Known {
        value: timetable,
        qualifier: Qualifier::Exact,
        origin,
        as_of: Some(levee_brief::facts::AsOf::Moment(now)),
        known_at: None,
        age_hours: None,
        sources: vec![],
        basis: None,
    })
}

fn section(of: &Operations, section: &str) -> Words {
    Words::new(of.section_name(section, Lang::Zh), of.section_name(section, Lang::En))
}

fn owner(row: &Row) -> Option<Words> {
    row.owner.as_ref().filter(|_| !row.is_unowned()).map(|owner| owner.name.clone())
}

/// The lines in the order of the timetable: life-saving care first, then what is overdue the longest. Lines of the same work at the same
/// place, for the same people to do, stand together: a week of the same lateness is one finding.
fn due(of: &Operations, tasks: &[&Row]) -> Vec<DueLine> {
    let mut groups: Vec<Vec<&Row>> = Vec::new();
    let same = |a: &Row, b: &Row| {
        let key = |row: &Row| (row.source, row.state, row.life_saving, row.is_unowned(), row.origin);
        let names = |row: &Row| [&row.what.zh, &row.place, &row.section, &row.district].map(String::clone);
        let unit = |row: &Row| row.units.as_ref().map(|(_, unit)| unit.clone());
        key(a) == key(b) && names(a) == names(b) && unit(a) == unit(b) && owner(a) == owner(b) && a.note == b.note
    };
    for row in tasks {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| same(first, row))) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups.iter().filter_map(|group| line_of(of, group)).collect()
}

/// One line for rows of the same work; the first of them is the longest due.
fn line_of(of: &Operations, group: &[&Row]) -> Option<DueLine> {
    let first = group.first()?;
    let units = group.iter().filter_map(|row| row.units.as_ref()).fold(0u64, |sum, (n, _)| sum.saturating_add(*n));
    let unit = first.units.as_ref().map(|(_, unit)| unit);
    let lines = group.len() as u64;
    let said = |lang: Lang| {
        let counted = unit.map(|unit| Message::new("timetable.units").count("n", units).words("unit", unit.clone()));
        let several = (lines > 1).then(|| Message::new("timetable.lines").count("n", lines));
        let note = first.note.as_ref().map(|note| Message::new("timetable.note").words("note", note.clone()));
        let speaker = Speaker { lang, year: of.at.local.year() };
        let parts = [counted, several, note].into_iter().flatten().map(|part| write(&part, speaker).plain());
        format!("{}{}", lang.of(&first.what), parts.collect::<String>())
    };
    #[expect(clippy::cast_precision_loss, reason = "minutes of an outbreak lie far below 2^52")]
    let late_hours = first.late_minutes.map(|minutes| minutes as f64 / 60.0);
    Some(DueLine {
        what: Words::new(said(Lang::Zh), said(Lang::En)),
        place: first.place_name.clone(),
        section: section(of, &first.section),
        owner: owner(first),
        due: first.until.local,
        late_hours,
        lines,
        life_saving: first.life_saving,
        origin: first.origin,
    })
}

fn posts(of: &Operations, tasks: &[&Row]) -> Vec<PostLine> {
    let mut posts: BTreeMap<(&str, &str), PostLine> = BTreeMap::new();
    for row in tasks {
        let post = posts.entry((&row.district, &row.section)).or_insert_with(|| PostLine {
            district: Words::new(of.district_name(&row.district, Lang::Zh), of.district_name(&row.district, Lang::En)),
            section: section(of, &row.section),
            overdue: 0,
            due: 0,
            unowned: 0,
            oldest_hours: None,
        });
        match row.state {
            State::Overdue => post.overdue += 1,
            _ => post.due += 1,
        }
        post.unowned += u64::from(row.is_unowned());
        post.oldest_hours = post.oldest_hours.max(row.late_minutes.map(|minutes| minutes / 60));
    }
    let mut posts: Vec<PostLine> = posts.into_values().collect();
    posts.sort_by_key(|post| std::cmp::Reverse((post.overdue, post.oldest_hours, post.due)));
    posts
}

fn measures(of: &Operations) -> Vec<MeasureLine> {
    let review = |id: &str| of.rows.iter().find(|row| row.source == Source::Review && row.id == id);
    let line = |row: &Row| {
        let review = review(&row.id);
        MeasureLine {
            place: row.place_name.clone(),
            what: row.what.clone(),
            state: row.state.code().to_owned(),
            note: row.note.clone(),
            review: review.map(|review| review.until.local),
            review_late: review.is_some_and(|review| review.state == State::Overdue),
            end: row.until.local,
            owner: row.owner.as_ref().map(|owner| owner.name.clone()),
            origin: row.origin,
        }
    };
    of.rows.iter().filter(|row| row.source == Source::Measure).map(line).collect()
}

/// Areas that are closed, or released on the day, with their clocks.
fn zones(of: &Operations) -> Figure<Vec<ZoneLine>> {
    if of.rulebook.is_none() {
        return Figure::unknown(Message::new("audit.no_rulebook"));
    }
    let asked: Vec<&str> = of.rows.iter().filter(|row| row.source == Source::Zone).map(|row| row.id.as_str()).collect();
    let zone = |feature: &levee_brief::operations::Feature| {
        let clock: ZoneClock = serde_json::from_value(feature.more.get("clock")?.clone()).ok()?;
        let days = |days: i64| u64::try_from(days).unwrap_or(0);
        Some(ZoneLine {
            place: feature.name.clone(),
            since: clock.since,
            days_clear: days(clock.days_clear),
            days_needed: clock.days_needed.map(days),
            complete_on: clock.complete_on,
            waits_for_round: clock.waits_for_round,
            released_on: clock.released_on,
        })
    };
    let of_zones = of.features.iter().filter(|one| one.kind == FeatureKind::Zone && asked.contains(&one.id.as_str()));
    Figure::derived(of_zones.filter_map(zone).collect())
}

/// What others did, held against the rulebook of the day.
pub(super) fn audit(audit: Option<&MeasuresAudit>) -> Figure<Audit> {
    let Some(audit) = audit else { return Figure::unknown(Message::new("audit.no_rulebook")) };
    if audit.measures.is_empty() {
        return Figure::unknown(Message::new("audit.none_read"));
    }
    let running: Vec<&Audited> = audit.measures.iter().filter(|one| one.seen.runs(audit.on)).collect();
    if running.is_empty() {
        return Figure::unknown(Message::new("audit.none_running"));
    }
    let count = |verdict: Verdict| {
        running.iter().filter(|one| one.latest().is_some_and(|span| span.verdict == verdict)).count() as u64
    };
    let mut lines: Vec<AuditLine> = running.iter().filter_map(|one| line(audit, one)).collect();
    lines.sort_by(|a, b| (rank(&a.verdict), b.days, &a.what).cmp(&(rank(&b.verdict), a.days, &b.what)));
    let of = |verdict: &str| -> Vec<Words> {
        let aged = |line: &AuditLine| {
            let (place, days) = (&line.place, line.days);
            let unit = if days == 1 { "day" } else { "days" };
            Words::new(format!("{}{days}天", place.zh), format!("{}, {days} {unit}", place.en))
        };
        lines.iter().filter(|line| line.verdict == verdict).map(aged).collect()
    };
    let undetermined: Vec<u64> =
        lines.iter().filter(|line| line.verdict == "undetermined").map(|line| line.days).collect();
    Figure::derived(Audit {
        live: running.len() as u64,
        stricter: of("stricter"),
        laxer: of("laxer"),
        suspended: 0,
        undetermined: undetermined.len() as u64,
        undetermined_days: undetermined.iter().max().copied(),
        within: count(Verdict::Within),
        not_covered: count(Verdict::NotCovered),
        lines: lines.into_iter().take(AUDITED).collect(),
    })
}

fn rank(verdict: &str) -> u8 {
    match verdict {
        "stricter" => 0,
        "laxer" => 1,
        _ => 2,
    }
}

/// One measure that is not within the rules; none for one that is, or that no rule covers.
fn line(audit: &MeasuresAudit, one: &Audited) -> Option<AuditLine> {
    let span = one.latest()?;
    let (verdict, days) = match span.verdict {
        Verdict::Stricter | Verdict::Blocked => ("stricter", one.days_stricter()),
        Verdict::Laxer => ("laxer", one.days_laxer()),
        Verdict::Undetermined => ("undetermined", span.days()),
        Verdict::Within | Verdict::NotCovered => return None,
    };
    let name = |code: &levee_model::area::PlaceCode| {
        audit
            .places
            .name(code)
            .map_or_else(|| Words::same(code.as_str()), |name| Words::new(&name.short_zh, &name.short_en))
    };
    let districts: Vec<Words> = one.seen.districts.iter().map(name).collect();
    let place = match districts.len() {
        0 => name(audit.places.city()),
        n if n == audit.places.districts().count() => name(audit.places.city()),
        n if n > PLACES => Words::new(format!("{n}个区县"), format!("{n} districts")),
        _ => {
            let join = |of: fn(&Words) -> &str, with: &str| districts.iter().map(of).collect::<Vec<_>>().join(with);
            Words::new(join(|w| &w.zh, "、"), join(|w| &w.en, ", "))
        }
    };
    let words = one.seen.words.first().cloned().unwrap_or_default();
    Some(AuditLine {
        verdict: verdict.to_owned(),
        place,
        what: Words::new(words.1, words.0),
        rules: span.rules.iter().map(ToString::to_string).collect(),
        days: u64::try_from(days).unwrap_or(0),
    })
}
