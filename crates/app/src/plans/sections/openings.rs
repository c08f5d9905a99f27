//! Openings and closings: what should open and by when it must be decided, what that saves, whose staff, and what keeps others shut.

use crate::brief::words::Naming;
use crate::plans::document::PlanDocument;
use crate::plans::view::DocumentNames;
use jiff::civil::Date;
use levee_brief::facts::{Arg, Message, PlanSection, SectionColumn, SectionTable, Words};
use levee_model::facility::FacilityKind;
use levee_model::ids::FacilityId;
use levee_model::plan::room_plan::{RoomOpening, RoomReason};
use levee_model::plan::{
    LeftBecause, OpeningGap, OpeningReason, OpeningsPlan, ProposedClosing, ProposedOpening, SiteNow, StaffCount,
    StaffKind,
};
use std::collections::BTreeSet;

/// Rows that the table shows.
const SHOWN: usize = 12;

pub(super) fn section(document: &PlanDocument) -> Option<PlanSection> {
    let part = document.openings.as_ref()?;
    let plan = &part.plan;
    let names = DocumentNames(document);
    let nothing_shut = !part.asked.sites.iter().any(|site| site.now == SiteNow::Shut);
    let mut lines = Vec::new();
    lines.extend(saves(plan));
    lines.extend(staff(plan));
    lines.extend(left(plan, &names));
    if !plan.openings.is_empty() || !plan.closings.is_empty() {
        lines.push(Message::new("openings.binds"));
    } else if nothing_shut {
        lines.push(Message::new("openings.report_reserve"));
    }
    Some(PlanSection {
        part: "openings".to_owned(),
        title: title(plan, nothing_shut),
        lines,
        table: table(document, plan, &names),
        origin: plan.origin,
    })
}

fn decide_by(closing: &ProposedClosing) -> Date {
    closing.closes_on
}

fn title(plan: &OpeningsPlan, no_sites: bool) -> Message {
    let days = plan.openings.iter().map(|one| one.prepare_from).chain(plan.closings.iter().map(decide_by));
    let Some(first) = days.min() else {
        return Message::new(if no_sites { "openings.no_sites" } else { "openings.none" });
    };
    let beds: u64 = plan.openings.iter().map(beds).sum();
    let (opened, closed) = (plan.openings.len() as u64, plan.closings.len() as u64);
    let code = match (opened, closed) {
        (_, 0) => "openings.open",
        (0, _) => return Message::new("openings.close").count("n", closed).day("day", first),
        _ => "openings.both",
    };
    Message::new(code).count("n", opened).count("beds", beds).count("closed", closed).day("day", first)
}

fn beds(opening: &ProposedOpening) -> u64 {
    opening.beds.iter().map(|(_, beds)| beds.get()).sum()
}

/// Waiting with the plan and without it; nothing to say where nothing changes.
fn saves(plan: &OpeningsPlan) -> Option<Message> {
    if plan.openings.is_empty() && plan.closings.is_empty() {
        return None;
    }
    let waiting = plan.tiers.get(..4)?;
    let (value, unchanged): (u64, u64) = (
        waiting.iter().map(|tier| tier.value).fold(0, u64::saturating_add),
        waiting.iter().map(|tier| tier.unchanged).fold(0, u64::saturating_add),
    );
    let proved = waiting.iter().all(|tier| tier.bound == Some(tier.value));
    let code = if proved { "openings.saves_proved" } else { "openings.saves_found" };
    (unchanged > 0).then(|| Message::new(code).count("value", value).count("unchanged", unchanged))
}

/// The kind and day on which the largest share of the free staff is needed.
fn staff(plan: &OpeningsPlan) -> Option<Message> {
    let needed = plan.staff.iter().filter(|row| row.preparing + row.running > 0);
    let share = |used: u64, free: u64| u128::from(used) * 1_000_000 / u128::from(free.max(1));
    let row = needed.max_by_key(|row| {
        let used = row.preparing.saturating_add(row.running);
        (share(used, row.free.saturating_add(row.freed)), std::cmp::Reverse((row.day, row.kind)))
    })?;
    let message = Message::new("openings.staff").day("day", row.day).words("kind", staff_words(row.kind));
    let message = message.count("used", row.preparing.saturating_add(row.running));
    Some(message.count("free", row.free.saturating_add(row.freed)))
}

pub(super) fn staff_words(kind: StaffKind) -> Words {
    match kind {
        StaffKind::Physician => Words::new("医师", "physicians"),
        StaffKind::Nurse => Words::new("护士", "nurses"),
        StaffKind::IntensiveCare => Words::new("重症护理人员", "intensive-care staff"),
        StaffKind::Support => Words::new("保障人员", "support staff"),
    }
}

/// How many of which: the first by name, and that there are more.
fn named<T: Ord>(code: &str, all: &BTreeSet<T>, name: impl Fn(&T) -> Words) -> Option<Message> {
    let first = all.first()?;
    let more = if all.len() > 1 { "gap.more" } else { "fact.empty" };
    let message = Message::new(code).count("n", all.len() as u64).words("first", name(first));
    Some(message.with("more", Arg::Message(Box::new(Message::new(more)))))
}

/// What keeps sites shut that somebody could mend, and staff that nobody reported.
fn left(plan: &OpeningsPlan, names: &dyn Naming) -> Vec<Message> {
    let (mut not_accepted, mut unknown, mut short) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let (mut inspect_by, mut missing, mut most) = (None, BTreeSet::new(), None::<StaffCount>);
    for site in &plan.left {
        match &site.because {
            LeftBecause::NotAccepted { inspect_by: day, .. } => {
                not_accepted.insert(&site.facility);
                inspect_by = Some(inspect_by.map_or(*day, |held: Date| held.min(*day)));
            }
            // Of a site that is open nobody must report anything: it stays open.
            LeftBecause::Unknown { missing: what }
                if !what.iter().any(|name| name == "since" || name == "occupied") =>
            {
                unknown.insert(&site.facility);
                missing.extend(what);
            }
            LeftBecause::StaffShort { short: lacking, .. } => {
                short.insert(&site.facility);
                most = most.max(Some(*lacking));
            }
            _ => {}
        }
    }
    let facility = |id: &&FacilityId| names.facility(id);
    let mut lines = Vec::new();
    lines.extend(
        inspect_by.and_then(|day| Some(named("openings.not_accepted", &not_accepted, facility)?.day("day", day))),
    );
    lines.extend(most.and_then(|most| {
        let message = named("openings.staff_short", &short, facility)?;
        Some(message.count("people", most.people).words("kind", staff_words(most.kind)))
    }));
    lines.extend(named("openings.unknown", &unknown, facility).map(|message| {
        let what = missing.iter().map(|name| Message::new(format!("openings.missing.{name}")));
        message.with("what", Arg::List(what.map(|one| Arg::Message(Box::new(one))).collect()))
    }));
    let teams: BTreeSet<_> = plan
        .gaps
        .iter()
        .filter_map(|gap| match gap {
            OpeningGap::TeamUnknown { team, .. } | OpeningGap::TeamContradicts { team, .. } => Some(team),
            OpeningGap::RoomsNeedUnusable { .. } => None,
        })
        .collect();
    lines.extend(named("openings.teams", &teams, |team| {
        let district = team.as_str().split('.').next().and_then(|code| code.parse().ok());
        district.map_or_else(|| Words::same(team.as_str()), |code| names.short(&code))
    }));
    lines
}

type Row = Vec<Option<Arg>>;

fn boxed(message: Message) -> Option<Arg> {
    Some(Arg::Message(Box::new(message)))
}

fn people(staff: &[StaffCount]) -> u64 {
    staff.iter().map(|count| count.people).fold(0, u64::saturating_add)
}

fn why(reasons: &[OpeningReason]) -> Option<Arg> {
    reasons.iter().find_map(|reason| match reason {
        OpeningReason::Saves { person_days, .. } => {
            let saved: i64 = person_days.iter().fold(0, |sum, n| sum.saturating_add(*n));
            let saved = u64::try_from(saved).ok().filter(|saved| *saved > 0)?;
            boxed(Message::new("openings.why_waiting").count("n", saved))
        }
        OpeningReason::FreesStaff { staff } => boxed(Message::new("openings.why_staff").count("n", people(staff))),
        _ => None,
    })
}

fn opening(one: &ProposedOpening, names: &dyn Naming) -> Row {
    vec![
        Some(Arg::Day(one.prepare_from)),
        Some(Arg::Words(names.facility(&one.facility))),
        Some(Arg::Words(names.short(&one.district))),
        boxed(Message::new("openings.row_opens").day("day", one.opens_on).count("n", beds(one))),
        Some(Arg::Count(people(&one.run_by))),
        why(&one.reasons),
    ]
}

fn closing(one: &ProposedClosing, names: &dyn Naming) -> Row {
    let moved = one.moved_out.iter().map(|(_, people)| people.get()).sum();
    vec![
        Some(Arg::Day(decide_by(one))),
        Some(Arg::Words(names.facility(&one.facility))),
        Some(Arg::Words(names.short(&one.district))),
        boxed(Message::new("openings.row_closes").day("day", one.closes_on).count("n", moved)),
        Some(Arg::Count(people(&one.frees))),
        why(&one.reasons),
    ]
}

/// An isolation site, as the plan of rooms wants it: whoever decides about sites sees all of them in one table.
fn rooms(one: &RoomOpening, names: &dyn Naming) -> Row {
    let room_days = one.reasons.iter().find_map(|reason| match reason {
        RoomReason::Known { room_days } | RoomReason::Promise { room_days } => Some(*room_days),
        _ => None,
    });
    vec![
        Some(Arg::Day(one.decide_by)),
        Some(Arg::Words(names.facility(&one.site))),
        Some(Arg::Words(names.short(&one.district))),
        boxed(Message::new("openings.row_opens_rooms").day("day", one.opens_on).count("n", one.rooms.get())),
        one.staff.map(Arg::Count),
        room_days.and_then(|n| boxed(Message::new("openings.why_rooms").count("n", n))),
    ]
}

fn table(document: &PlanDocument, plan: &OpeningsPlan, names: &dyn Naming) -> Option<SectionTable> {
    let isolation = document.rooms.iter().flat_map(|part| &part.plan.openings);
    let mut all: Vec<(Date, FacilityKind, &FacilityId, Row)> = Vec::new();
    all.extend(plan.openings.iter().map(|one| (one.prepare_from, one.kind, &one.facility, opening(one, names))));
    all.extend(plan.closings.iter().map(|one| (decide_by(one), one.kind, &one.facility, closing(one, names))));
    all.extend(isolation.map(|one| (one.decide_by, FacilityKind::IsolationSite, &one.site, rooms(one, names))));
    // Hospitals first: there are few of them, and most beds.
    let isolation = |kind: FacilityKind| kind == FacilityKind::IsolationSite;
    all.sort_by(|a, b| (isolation(a.1), a.0, a.1, a.2).cmp(&(isolation(b.1), b.0, b.1, b.2)));
    let left_out = all.len().saturating_sub(SHOWN) as u64;
    let columns = vec![
        SectionColumn::text("最迟决定", "Decide by", 11),
        SectionColumn::text("场所", "Site", 34),
        SectionColumn::text("区县", "District", 13),
        SectionColumn::text("事项", "What", 25),
        SectionColumn::figures("每日人员", "Staff a day", 12),
        SectionColumn::text("理由", "Why", 25),
    ];
    let rows: Vec<Row> = all.into_iter().take(SHOWN).map(|(_, _, _, row)| row).collect();
    (!rows.is_empty()).then_some(SectionTable { columns, rows, left_out })
}
