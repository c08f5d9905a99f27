//! Isolation rooms: what is promised, what is short, what opens, what sharing saves.

use crate::brief::words::Naming;
use crate::plans::document::PlanDocument;
use crate::plans::view::DocumentNames;
use levee_brief::facts::{Arg, Message, PlanSection, SectionColumn, SectionTable};
use levee_model::plan::room_plan::{RoomDay, RoomGap, RoomPlan};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Districts that the table shows.
const SHOWN: usize = 12;

pub(super) fn section(document: &PlanDocument) -> Option<PlanSection> {
    let plan = &document.rooms.as_ref()?.plan;
    let names = DocumentNames(document);
    let mut lines = Vec::new();
    lines.extend(openings(plan));
    lines.extend(sharing(plan));
    lines.extend(record(plan));
    lines.extend(gaps(plan, &names));
    Some(PlanSection {
        part: "rooms".to_owned(),
        title: title(plan),
        lines,
        table: table(plan, &names),
        origin: plan.origin,
    })
}

fn percent(plan: &RoomPlan) -> Arg {
    Arg::Percent(((1.0 - plan.overflow_probability) * 1_000.0).round() / 10.0)
}

/// The city's worst day.
fn worst(days: &[RoomDay]) -> Option<&RoomDay> {
    days.iter().max_by_key(|day| (day.uncovered.or(Some(day.known_short)), Reverse(day.day)))
}

fn title(plan: &RoomPlan) -> Message {
    let Some(day) = worst(&plan.city) else { return Message::new("rooms.none") };
    let (Some(need), Some(short)) = (day.need, day.uncovered) else { return Message::new("rooms.no_outlook") };
    let message = |code: &str| {
        Message::new(code)
            .with("pct", percent(plan))
            .count("need", need.get())
            .count("usable", day.usable.get())
            .day("day", day.day)
    };
    match short.get() {
        0 => message("rooms.suffice"),
        n => message("rooms.short").count("n", n),
    }
}

fn openings(plan: &RoomPlan) -> Option<Message> {
    let first = plan.openings.first()?;
    let rooms: u64 = plan.openings.iter().map(|opening| opening.rooms.get()).sum();
    let message = Message::new("rooms.open").count("n", plan.openings.len() as u64).count("rooms", rooms);
    Some(message.day("day", first.decide_by))
}

/// On the day on which one reserve saves most.
fn sharing(plan: &RoomPlan) -> Option<Message> {
    let saves =
        |day: &&levee_model::plan::room_plan::RoomSharing| day.separate.get().saturating_sub(day.together.get());
    let day = plan.sharing.iter().max_by_key(saves)?;
    let saved = saves(&day);
    #[expect(clippy::cast_precision_loss, reason = "counts of rooms lie far below 2^52")]
    let pct = (1_000.0 * saved as f64 / day.separate.get().max(1) as f64).round() / 10.0;
    let message =
        Message::new("rooms.sharing").count("together", day.together.get()).count("separate", day.separate.get());
    Some(message.count("saved", saved).with("pct", Arg::Percent(pct)))
}

fn record(plan: &RoomPlan) -> Option<Message> {
    let held = plan.record.iter().find(|one| !one.of_districts && one.known > 0)?;
    let kept = u64::from(held.known.saturating_sub(held.broken));
    Some(Message::new("rooms.record").count("kept", kept).count("n", u64::from(held.known)))
}

fn gaps(plan: &RoomPlan, names: &dyn Naming) -> Vec<Message> {
    let mut unknown = BTreeSet::new();
    let mut opening = BTreeSet::new();
    for gap in &plan.gaps {
        match gap {
            RoomGap::RoomsUnknown { site, .. } | RoomGap::SiteContradicts { site } | RoomGap::NotAccepted { site } => {
                unknown.insert(site);
            }
            RoomGap::OpeningUnknown { site, .. } => {
                opening.insert(site);
            }
            _ => {}
        }
    }
    let of = |code: &str, sites: &BTreeSet<&levee_model::ids::FacilityId>| {
        let first = sites.first()?;
        let more = if sites.len() > 1 { "gap.more" } else { "fact.empty" };
        let message = Message::new(code).count("n", sites.len() as u64).words("first", names.facility(first));
        Some(message.with("more", Arg::Message(Box::new(Message::new(more)))))
    };
    [of("rooms.gap_unknown", &unknown), of("rooms.gap_opening", &opening)].into_iter().flatten().collect()
}

/// Districts by what is missing on their worst day.
fn table(plan: &RoomPlan, names: &dyn Naming) -> Option<SectionTable> {
    let mut districts: Vec<_> =
        plan.districts.iter().filter_map(|row| Some((worst(&row.days)?, &row.district, row))).collect();
    districts.sort_by_key(|(day, district, _)| (Reverse(day.uncovered), *district));
    let short = districts.iter().filter(|(day, _, _)| day.uncovered.is_some_and(|n| n.get() > 0)).count();
    let shown = short.clamp(1, SHOWN);
    let left_out = short.saturating_sub(shown) as u64;
    let rows: Vec<Vec<Option<Arg>>> = districts
        .iter()
        .take(shown)
        .map(|(day, district, row)| {
            let opens: u64 =
                plan.openings.iter().filter(|one| one.district == row.district).map(|one| one.rooms.get()).sum();
            vec![
                Some(Arg::Words(names.short(district))),
                Some(Arg::Day(day.day)),
                Some(Arg::Count(day.usable.get())),
                day.need.map(|need| Arg::Count(need.get())),
                day.uncovered.map(|short| Arg::Count(short.get())),
                Some(Arg::Count(opens)),
            ]
        })
        .collect();
    let columns = vec![
        SectionColumn::text("区县", "District", 24),
        SectionColumn::text("最紧日", "Worst day", 16),
        SectionColumn::figures("可用", "Usable", 14),
        SectionColumn::figures("需储备", "Needed", 14),
        SectionColumn::figures("缺", "Short", 14),
        SectionColumn::figures("其中启用", "By openings", 18),
    ];
    (!rows.is_empty()).then_some(SectionTable { columns, rows, left_out })
}
