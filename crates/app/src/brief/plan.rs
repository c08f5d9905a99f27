//! Demand against capacity, proposed orders and what cannot be met.

use super::tomorrow_at;
use super::words::{Names, Naming};
use crate::day::Day;
use crate::plans::PlanDocument;
use jiff::civil::Date;
use levee_brief::facts::{
    Arg, Binding, Estimate, Figure, Load, LoadDay, LoadPanel, LoadUnit, Message, Plan as BriefPlan, ShortfallRow,
    Surge as BriefSurge, Words,
};
use levee_model::facility::Level;
use levee_model::plan::{CareClass, CareNeed, Cause, Mend, Plan, Remedy, Shortfall, Surge};
use levee_model::report::VehicleKind;
use levee_outlook::demand::Kind;
use std::collections::{BTreeMap, BTreeSet};

const LEVELS: [Level; 4] = [Level::Critical, Level::Severe, Level::General, Level::Makeshift];

pub(crate) fn level_words(level: Level) -> Words {
    match level {
        Level::Critical => Words::new("危重床位", "intensive care beds"),
        Level::Severe => Words::new("重症床位", "beds for severe patients"),
        Level::General => Words::new("定点普通床位", "general ward beds"),
        Level::Makeshift => Words::new("方舱床位", "makeshift beds"),
        Level::Isolation => Words::new("隔离房间", "isolation rooms"),
        Level::Laboratory => Words::new("检测能力", "laboratory capacity"),
    }
}

pub(crate) fn class_words(class: CareClass) -> Words {
    match class {
        CareClass::Mild => Words::new("轻症与无症状", "mild and asymptomatic"),
        CareClass::Moderate => Words::new("普通型", "moderate"),
        CareClass::Severe => Words::new("重型", "severe"),
        CareClass::Critical => Words::new("危重型", "critical"),
    }
}

pub(crate) fn care_words(care: CareNeed) -> Words {
    match care {
        CareNeed::Dialysis => Words::new("透析", "dialysis"),
        CareNeed::Obstetrics => Words::new("产科", "obstetrics"),
        CareNeed::Paediatrics => Words::new("儿科", "paediatrics"),
        CareNeed::Psychiatry => Words::new("精神科", "psychiatry"),
        CareNeed::Frail => Words::new("失能护理", "nursing for the frail"),
    }
}

/// Beds of a level, with the service that they come with where that is what lacks.
fn ward_words(level: Level, care: Option<CareNeed>) -> Words {
    let beds = level_words(level);
    match care.map(care_words) {
        None => beds,
        Some(care) => Words::new(format!("{}（{}）", beds.zh, care.zh), format!("{} with {}", beds.en, care.en)),
    }
}

pub(crate) fn vehicle_words(kind: VehicleKind) -> Words {
    match kind {
        VehicleKind::Ambulance => Words::new("救护车", "ambulances"),
        VehicleKind::NegativePressureAmbulance => Words::new("负压救护车", "negative-pressure ambulances"),
        VehicleKind::Coach => Words::new("客车", "coaches"),
        VehicleKind::Taxi => Words::new("出租车", "taxis"),
    }
}

fn limit_words(limit: Binding) -> Words {
    match limit {
        Binding::Physical => Words::new("床位", "beds"),
        Binding::Staffed => Words::new("人员", "staff"),
        Binding::Equipped => Words::new("设备", "equipment"),
    }
}

pub(super) fn unknown(why: &crate::day::Why) -> Message {
    Message::new("said").with("text", Arg::Words(Words::new(&why.zh, &why.en)))
}

/// Occupied beds of a level at the end of each plan day if everybody who needs one had one, from the demand's joint draws: median
/// and 80 % interval, or why not.
fn level_demand(day: &Day, class: CareClass, on: Date) -> Figure<Estimate> {
    let demand = match &day.demand {
        Ok(demand) => demand,
        Err(why) => return Figure::unknown(unknown(why)),
    };
    super::demand::estimate(demand, day.known.places.city(), Kind::Beds(class), on)
}

fn dominant(values: impl Iterator<Item = (u64, Binding)>) -> Option<Binding> {
    let mut by_limit: BTreeMap<Binding, u64> = BTreeMap::new();
    for (usable, binding) in values {
        *by_limit.entry(binding).or_default() += usable.max(1);
    }
    by_limit.into_iter().max_by_key(|(_, usable)| *usable).map(|(binding, _)| binding)
}

pub(super) fn load(day: &Day) -> Figure<Load> {
    let (inputs, plan) = match &day.plan {
        Ok(both) => both,
        Err(why) => return Figure::unknown(unknown(why)),
    };
    let mut levels = Vec::new();
    for level in LEVELS {
        let class = CareClass::ALL.into_iter().find(|c| c.level_needed() == level).unwrap_or(CareClass::Mild);
        let of_level: Vec<_> = plan.loads.iter().filter(|l| l.level == level).collect();
        let unreported = inputs.capacity.iter().filter(|c| c.level == level && c.physical.is_none()).count() as u64;
        let days = (0..i64::from(plan.days)).map(|nth| {
            let on = plan.start.saturating_add(jiff::Span::new().days(nth));
            let usable: u64 = of_level.iter().filter(|l| l.day == on).map(|l| l.usable.get()).sum();
            LoadDay {
                day: on,
                demand: level_demand(day, class, on),
                usable: if of_level.is_empty() {
                    Figure::unknown(Message::new("never_reported"))
                } else {
                    Figure::known(usable, plan.origin)
                },
            }
        });
        let mut binding = match dominant(of_level.iter().map(|l| (l.usable.get(), l.binding))) {
            Some(binding) => Figure::known(binding, plan.origin),
            None => Figure::unknown(Message::new("never_reported")),
        };
        if unreported > 0
            && let Figure::Known(known) = &mut binding
        {
            known.basis = Some(Message::new("basis.without_unreported").with("n", Arg::Count(unreported)));
        }
        levels.push(LoadPanel { name: level_words(level), unit: LoadUnit::Beds, binding, days: days.collect() });
    }
    // What the plan puts into one facility is a decision, not a forecast: it stands in the table of orders, not in a fan.
    Figure::known(Load { levels, facilities: vec![] }, plan.origin)
}

fn mend(mend: &Mend, names: &dyn Naming) -> Message {
    let saves = mend.saves_person_days.map(|[life, moderate, mild]| life + moderate + mild);
    let message = match &mend.remedy {
        Remedy::OneBed { facility, limits, .. } => Message::new("mend.one_bed")
            .with("facility", Arg::Words(names.facility(facility)))
            .with("limits", Arg::List(limits.iter().map(|l| Arg::Words(limit_words(*l))).collect())),
        Remedy::OneCoachSeat { district, .. } => {
            Message::new("mend.one_seat").with("place", Arg::Words(names.short(district)))
        }
        Remedy::ReportCapacity { facility, .. } => {
            Message::new("mend.report_capacity").with("facility", Arg::Words(names.facility(facility)))
        }
        Remedy::Acceptance { facility } => {
            Message::new("mend.acceptance").with("facility", Arg::Words(names.facility(facility)))
        }
        Remedy::Lanes { district } => Message::new("mend.lanes").with("place", Arg::Words(names.short(district))),
        Remedy::ReportFleet { district, kind } => Message::new("mend.report_fleet")
            .with("place", Arg::Words(names.short(district)))
            .with("kind", Arg::Words(vehicle_words(*kind))),
        Remedy::OpenEarlier { facility } => {
            Message::new("mend.open_earlier").with("facility", Arg::Words(names.facility(facility)))
        }
        Remedy::Facility { level } => Message::new("mend.facility").with("level", Arg::Words(level_words(*level))),
        Remedy::Reconcile => Message::new("mend.reconcile"),
        Remedy::Service { level, care } => Message::new("mend.service")
            .with("care", Arg::Words(care_words(*care)))
            .with("level", Arg::Words(level_words(*level))),
        Remedy::ReportService { facility, care, .. } => Message::new("mend.report_service")
            .with("care", Arg::Words(care_words(*care)))
            .with("facility", Arg::Words(names.facility(facility))),
        Remedy::OneSlot { facility, care, .. } => Message::new("mend.one_slot")
            .with("care", Arg::Words(care_words(*care)))
            .with("facility", Arg::Words(names.facility(facility))),
        Remedy::LiftPin { facility, .. } => {
            Message::new("mend.lift_pin").with("facility", Arg::Words(names.facility(facility)))
        }
    };
    match saves.and_then(|days| u64::try_from(days).ok()).filter(|days| *days > 0) {
        Some(days) => {
            Message::new("mend.saving").with("what", Arg::Message(Box::new(message))).with("days", Arg::Count(days))
        }
        None => message,
    }
}

fn cause(cause: Cause) -> Message {
    Message::new(match cause {
        Cause::NoFacility => "cause.no_facility",
        Cause::NoLane => "cause.no_lane",
        Cause::UnknownCapacity => "cause.unknown_capacity",
        Cause::NotAccepted => "cause.not_accepted",
        Cause::NotOpen => "cause.not_open",
        Cause::Vehicles => "cause.vehicles",
        Cause::Beds => "cause.beds",
        Cause::Staff => "cause.staff",
        Cause::Equipment => "cause.equipment",
        Cause::NoService => "cause.no_service",
        Cause::Slots => "cause.slots",
        Cause::Pinned => "cause.pinned",
    })
}

/// Shortfalls gathered by class, with every cause: thirty-eight districts short of the same beds are one thing to decide,
/// and the interval of the demand is one of the level, not of a cause. Where the service is what lacks, and not the bed, the
/// service has a row of its own: other beds would not help.
pub(crate) fn shortfalls(day: Option<&Day>, plan: &Plan, names: &dyn Naming) -> Vec<ShortfallRow> {
    // Life-saving care whose beds nobody reported is told by `unknown_care`.
    let told_apart = |short: &&Shortfall| short.class.is_life_saving() && short.cause == Cause::UnknownCapacity;
    type Group = (std::cmp::Reverse<CareClass>, Option<CareNeed>, bool);
    let mut groups: BTreeMap<Group, Vec<&Shortfall>> = BTreeMap::new();
    for short in plan.shortfalls.iter().filter(|short| !told_apart(short)) {
        let unknown = short.cause == Cause::UnknownCapacity;
        let care = short.care.filter(|_| matches!(short.cause, Cause::NoService | Cause::Slots));
        groups.entry((std::cmp::Reverse(short.class), care, unknown)).or_default().push(short);
    }
    let mut rows = Vec::new();
    for ((std::cmp::Reverse(class), care, unknown), shorts) in groups {
        let mut by_day: BTreeMap<Date, u64> = BTreeMap::new();
        for short in &shorts {
            *by_day.entry(short.day).or_default() += short.people.get();
        }
        let Some((from, _)) = by_day.first_key_value() else { continue };
        let Some((worst, most)) = by_day.iter().max_by_key(|(day, n)| (**n, std::cmp::Reverse(**day))) else {
            continue;
        };
        let mut districts: Vec<_> = shorts.iter().filter(|s| s.day == *worst).collect();
        districts.sort_by_key(|s| std::cmp::Reverse(s.people));
        let places: Vec<Arg> = districts.iter().take(5).map(|s| Arg::Words(names.short(&s.district))).collect();
        let by_remedy: BTreeMap<&Remedy, &Mend> =
            shorts.iter().flat_map(|s| &s.mends).map(|m| (&m.remedy, m)).collect();
        let mut mends: Vec<&Mend> = by_remedy.into_values().collect();
        mends.sort_by_key(|m| std::cmp::Reverse(m.saves_person_days.map_or(0, |[a, b, c]| a + b + c)));
        let missing = match care {
            None => missing_beds(day, plan, class, *worst, *most),
            Some(_) => missing_slots(day, class, *worst, *most),
        };
        let what = Message::new(if care.is_some() { "short.care" } else { "short.class" })
            .with("n", Arg::Count(*most))
            .with("class", Arg::Words(class_words(class)))
            .with("day", Arg::Day(*worst))
            .with("places", Arg::List(places));
        rows.push(ShortfallRow {
            noun: ward_words(class.level_needed(), care),
            what: match care {
                Some(care) => what.words("care", care_words(care)),
                None => what,
            },
            from: *from,
            missing: if unknown {
                Figure::unknown(cause(Cause::UnknownCapacity))
            } else {
                Figure::known(missing, plan.origin)
            },
            unit: LoadUnit::Beds,
            reasons: shorts.iter().map(|s| s.cause).collect::<BTreeSet<_>>().into_iter().map(cause).collect(),
            mends: first_two(mends.into_iter().map(|m| mend(m, names))),
            life_saving: class.is_life_saving(),
        });
    }
    rows
}

/// The first two that do not say the same: one bed more on two days is one thing to do.
fn first_two(mends: impl Iterator<Item = Message>) -> Vec<Message> {
    let mut said: Vec<Message> = Vec::new();
    for mend in mends {
        if said.len() < 2 && !said.contains(&mend) {
            said.push(mend);
        }
    }
    said
}

/// How many are missing on a day: the plan's number, and the interval that the demand of that day leaves beyond the usable
/// beds of the level.
fn missing_beds(day: Option<&Day>, plan: &Plan, class: CareClass, on: Date, planned: u64) -> Estimate {
    let level = class.level_needed();
    let of_level = plan.loads.iter().filter(|l| l.level == level && l.day == on);
    #[expect(clippy::cast_precision_loss, reason = "counts of beds lie far below 2^52")]
    let usable = of_level.map(|l| l.usable.get()).sum::<u64>() as f64;
    #[expect(clippy::cast_precision_loss, reason = "counts of people lie far below 2^52")]
    let planned = planned as f64;
    let demand = day.and_then(|day| level_demand(day, class, on).value().copied());
    let beyond = |value: f64| (value - usable).max(0.0);
    let (low, high) = demand.map_or((planned, planned), |d| (beyond(d.low), beyond(d.high)));
    Estimate { median: planned, low: low.min(planned), high: high.max(planned), interval_pct: 80 }
}

/// How many places of a service are missing on a day; the interval is that of the class's demand, of which they are a share.
fn missing_slots(day: Option<&Day>, class: CareClass, on: Date, planned: u64) -> Estimate {
    #[expect(clippy::cast_precision_loss, reason = "counts of people lie far below 2^52")]
    let planned = planned as f64;
    let demand = day.and_then(|day| level_demand(day, class, on).value().copied()).filter(|d| d.median > 0.0);
    let (low, high) = demand.map_or((1.0, 1.0), |d| (d.low / d.median, d.high / d.median));
    Estimate { median: planned, low: (planned * low).round(), high: (planned * high).round(), interval_pct: 80 }
}

/// Life-saving care for which no facility has said what it can hold: nobody can say that it falls short, nor that it does
/// not. It stands first, and what would mend it is a report.
pub(crate) fn unknown_care(plan: &Plan, names: &dyn Naming) -> Vec<ShortfallRow> {
    let mut by_class: BTreeMap<std::cmp::Reverse<CareClass>, Vec<&Surge>> = BTreeMap::new();
    for surge in plan.surge.iter().filter(|surge| surge.cause == Cause::UnknownCapacity) {
        by_class.entry(std::cmp::Reverse(surge.class)).or_default().push(surge);
    }
    let row = |(class, surges): (std::cmp::Reverse<CareClass>, Vec<&Surge>)| {
        let nearest = surges.iter().find_map(|s| s.facility.as_ref());
        Some(ShortfallRow {
            noun: level_words(class.0.level_needed()),
            what: Message::new("short.unknown_class").with("class", Arg::Words(class_words(class.0))),
            from: surges.iter().map(|s| s.day).min()?,
            missing: Figure::unknown(cause(Cause::UnknownCapacity)),
            unit: LoadUnit::Beds,
            reasons: vec![cause(Cause::UnknownCapacity), Message::new("reason.life_saving")],
            mends: nearest
                .map(|id| Message::new("mend.report_capacity").with("facility", Arg::Words(names.facility(id))))
                .into_iter()
                .collect(),
            life_saving: true,
        })
    };
    by_class.into_iter().filter_map(row).collect()
}

pub(crate) fn surges(plan: &Plan, names: &dyn Naming) -> Vec<BriefSurge> {
    let mut by_facility: BTreeMap<_, Vec<&Surge>> = BTreeMap::new();
    for surge in plan.surge.iter().filter(|surge| surge.cause != Cause::UnknownCapacity) {
        by_facility.entry(&surge.facility).or_default().push(surge);
    }
    by_facility
        .into_iter()
        .filter_map(|(facility, surges)| {
            let from = surges.iter().map(|s| s.day).min()?;
            let mut by_day: BTreeMap<Date, u64> = BTreeMap::new();
            for surge in &surges {
                *by_day.entry(surge.day).or_default() += surge.in_surge.get();
            }
            #[expect(clippy::cast_precision_loss, reason = "counts of people lie far below 2^52")]
            let most = by_day.values().copied().max().unwrap_or(0) as f64;
            Some(BriefSurge {
                facility: facility.as_ref().map_or_else(
                    || Words::new("最近的急诊科", "the nearest emergency department"),
                    |id| names.facility(id),
                ),
                from,
                people_over: Figure::known(
                    Estimate { median: most, low: most, high: most, interval_pct: 80 },
                    plan.origin,
                ),
                reasons: surges.iter().map(|s| s.cause).collect::<BTreeSet<_>>().into_iter().map(cause).collect(),
            })
        })
        .collect()
}

pub(super) fn facts(day: &Day, document: Option<&PlanDocument>, names: &Names<'_>) -> Figure<BriefPlan> {
    let (_, plan) = match &day.plan {
        Ok(both) => both,
        Err(why) => return Figure::unknown(unknown(why)),
    };
    let mut shortfalls = shortfalls(Some(day), plan, names);
    shortfalls.splice(0..0, unknown_care(plan, names));
    let surge = surges(plan, names);
    let orders = super::orders::rows(plan, names);
    let before = day.before.as_ref().map(|before| &before.document);
    let sections = document.map(|now| crate::plans::sections(now, before)).unwrap_or_default();
    Figure::known(BriefPlan { orders, shortfalls, surge, sections }, plan.origin)
}

/// When the night's work must be done.
pub(super) fn deadline(day: &Day) -> Option<jiff::civil::DateTime> {
    tomorrow_at(day.day, 8)
}
