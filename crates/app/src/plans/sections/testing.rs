//! Testing: whose result is in time, what binds, what to ask for, which second samples to expect, how full the laboratories are.

use crate::brief::words::Naming;
use crate::plans::document::{Answered, PlanDocument};
use crate::plans::view::DocumentNames;
use jiff::civil::{Date, DateTime, Time};
use levee_brief::facts::{Arg, Message, PlanSection, SectionColumn, SectionTable, Words};
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::testing::{
    Binding, DutyOutcome, TestClass, TestingCause, TestingGap, TestingInputs, TestingPlan, TestingRemedy,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Laboratories that the table shows.
const SHOWN: usize = 12;
/// Causes that are told; the rest stands in the plan.
const CAUSES: usize = 3;

pub(super) fn section(document: &PlanDocument) -> Option<PlanSection> {
    let Answered { asked, plan } = document.testing.as_ref()?;
    let names = DocumentNames(document);
    let mut lines = Vec::new();
    lines.extend(causes(plan, &names));
    lines.extend(binds(plan, &names));
    lines.extend(ask(plan));
    lines.extend(second_samples(plan));
    lines.extend(pools(plan));
    lines.extend(unknown(asked, plan, &names));
    lines.push(Message::new("testing.care"));
    Some(PlanSection {
        part: "testing".to_owned(),
        title: title(plan),
        lines,
        table: table(asked, plan, &names),
        origin: plan.origin,
    })
}

/// The hour that begins so many hours after the plan does.
fn moment(start: Date, hour: u16) -> DateTime {
    start.to_datetime(Time::midnight()).saturating_add(jiff::Span::new().hours(i64::from(hour)))
}

fn title(plan: &TestingPlan) -> Message {
    let sum = |of: fn(&DutyOutcome) -> u64| plan.duties.iter().map(of).sum::<u64>();
    let (late, missed) = (sum(|duty| duty.late.get()), sum(|duty| duty.unsampled.get()));
    let people = plan.totals.people.get();
    let message = |code: &str| Message::new(code).count("people", people).day("day", plan.start);
    match late + missed {
        0 => message("testing.in_time").count("tubes", plan.totals.collected.get()),
        n => message("testing.short").count("n", n).count("late", late).count("missed", missed),
    }
}

/// "the first" and whether there are more.
fn among(message: Message, places: usize, first: Words) -> Message {
    let more = Message::new(if places > 1 { "gap.more" } else { "fact.empty" });
    message.count("places", places as u64).words("first", first).with("more", Arg::Message(Box::new(more)))
}

fn class(class: TestClass) -> Words {
    match class {
        TestClass::Urgent => Words::new("发热急诊", "fever clinics"),
        TestClass::Recheck => Words::new("复核", "second samples"),
        TestClass::Contact => Words::new("密接", "contacts"),
        TestClass::HighRiskArea => Words::new("高风险区", "high-risk areas"),
        TestClass::Institution => Words::new("重点机构", "institutions"),
        TestClass::KeyPost => Words::new("重点岗位", "key posts"),
        TestClass::Screening => Words::new("轮次筛查", "rounds"),
    }
}

/// Why people are late or not sampled, and what would mend it: the causes that hit most people.
fn causes(plan: &TestingPlan, names: &dyn Naming) -> Vec<Message> {
    let mut by_cause: BTreeMap<TestingCause, Vec<&DutyOutcome>> = BTreeMap::new();
    for duty in &plan.duties {
        if let Some(cause) = duty.cause {
            by_cause.entry(cause).or_default().push(duty);
        }
    }
    let hit = |duty: &DutyOutcome| duty.late.get() + duty.unsampled.get();
    let mut rows: Vec<(u64, TestingCause, Vec<&DutyOutcome>)> = by_cause
        .into_iter()
        .map(|(cause, duties)| (duties.iter().map(|duty| hit(duty)).sum(), cause, duties))
        .collect();
    rows.sort_by_key(|(people, cause, _)| (Reverse(*people), *cause));
    rows.truncate(CAUSES);
    let said = |(people, cause, duties): (u64, TestingCause, Vec<&DutyOutcome>)| {
        let code = match cause {
            TestingCause::NoSite => "testing.no_site",
            TestingCause::NoTeam => "testing.no_team",
            TestingCause::NoLane => "testing.no_lane",
            TestingCause::NoLaboratory => "testing.no_laboratory",
            TestingCause::PromiseTooShort => "testing.promise",
            TestingCause::Teams => "testing.teams",
            TestingCause::Laboratories => "testing.laboratories",
        };
        let mut places: BTreeMap<&PlaceCode, u64> = BTreeMap::new();
        let mut classes = BTreeSet::new();
        for duty in &duties {
            *places.entry(&duty.district).or_default() += hit(duty);
            classes.insert(duty.class);
        }
        let worst = places.iter().max_by_key(|(code, people)| (**people, Reverse(**code)))?;
        let classes = Arg::List(classes.into_iter().map(|one| Arg::Words(class(one))).collect());
        let message = Message::new(code).count("n", people).with("classes", classes);
        let message = among(message, places.len(), names.short(worst.0));
        let longest = duties.iter().flat_map(|duty| &duty.mends).filter_map(|mend| match mend {
            TestingRemedy::LongerPromise { minutes } => Some(*minutes),
            _ => None,
        });
        Some(match longest.max() {
            // The next whole hour: a promise in minutes is none.
            Some(minutes) => message.with("hours", Arg::Hours(f64::from(minutes.div_ceil(60)))),
            None => message,
        })
    };
    rows.into_iter().filter_map(said).collect()
}

/// What a proof of shortfall names.
fn binds(plan: &TestingPlan, names: &dyn Naming) -> Option<Message> {
    let proof = plan.proof.as_ref()?;
    let mut laboratories: BTreeMap<&FacilityId, u16> = BTreeMap::new();
    let mut team_hours = 0u64;
    for binding in &proof.binding {
        let (laboratory, hour) = match binding {
            Binding::LaboratoryHour { laboratory, hour, .. } => (laboratory, *hour),
            Binding::LaboratoryDay { laboratory, day, .. } => (laboratory, day * 24),
            Binding::TeamHour { .. } => {
                team_hours += 1;
                continue;
            }
        };
        let first = laboratories.entry(laboratory).or_insert(hour);
        *first = hour.min(*first);
    }
    let message = |code: &str| Message::new(code).count("short", proof.short.get()).count("needed", proof.needed.get());
    Some(match laboratories.iter().min_by_key(|(id, hour)| (**hour, **id)) {
        Some((first, hour)) => {
            let from = Arg::Moment(moment(plan.start, *hour));
            among(message("testing.proof_laboratories").with("from", from), laboratories.len(), names.facility(first))
        }
        None => message("testing.proof_teams").count("hours", team_hours),
    })
}

fn ask(plan: &TestingPlan) -> Option<Message> {
    let ask = plan.ask.as_ref()?;
    let message = Message::new("testing.ask").count("tubes", ask.tubes.get()).count("peak", ask.peak.get());
    Some(message.with("from", Arg::Moment(moment(plan.start, ask.from_hour))))
}

/// Second samples that the plan's own results lead one to expect, and those that it holds hours for.
fn second_samples(plan: &TestingPlan) -> Option<Message> {
    let mut sums = [0.0f64; 3];
    for wave in &plan.waves {
        let people = wave.people?;
        sums.iter_mut().zip(people).for_each(|(sum, people)| *sum += people);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of people")]
    let [low, mid, high] = sums.map(|people| people.round().max(0.0) as u64);
    let held: u64 = plan.reserves.iter().map(|reserve| reserve.people.get()).sum();
    let message = Message::new("testing.second_samples").count("n", mid).count("low", low).count("high", high);
    (high > 0).then(|| message.count("held", held))
}

/// How many share a tube in the rounds, by district.
fn pools(plan: &TestingPlan) -> Option<Message> {
    let mut sizes: BTreeMap<Reverse<u32>, u64> = BTreeMap::new();
    for pool in plan.pools.iter().filter(|pool| pool.class == TestClass::Screening) {
        *sizes.entry(Reverse(pool.size)).or_default() += 1;
    }
    let said = |(Reverse(size), places): (&Reverse<u32>, &u64)| {
        Arg::Message(Box::new(Message::new("testing.pool").count("size", u64::from(*size)).count("places", *places)))
    };
    let list: Vec<Arg> = sizes.iter().map(said).collect();
    (!list.is_empty()).then(|| Message::new("testing.pools").with("list", Arg::List(list)))
}

/// What the plan was not told of.
fn unknown(asked: &TestingInputs, plan: &TestingPlan, names: &dyn Naming) -> Vec<Message> {
    let mut said = Vec::new();
    let mut laboratories = BTreeSet::new();
    let mut sites = BTreeSet::new();
    let mut prevalence = BTreeSet::new();
    for gap in &plan.gaps {
        match gap {
            TestingGap::LaboratoryUnknown { laboratory } => {
                laboratories.insert(laboratory);
            }
            TestingGap::SiteUnknown { site } | TestingGap::SiteContradicts { site } | TestingGap::NoLanes { site } => {
                sites.insert(site);
            }
            TestingGap::PrevalenceUnknown { district } => {
                prevalence.insert(district);
            }
            _ => {}
        }
    }
    let facilities = |code: &str, ids: &BTreeSet<&FacilityId>| {
        Some(among(Message::new(code).count("n", ids.len() as u64), ids.len(), names.facility(ids.first()?)))
    };
    said.extend(facilities("testing.gap_laboratories", &laboratories));
    said.extend(facilities("testing.gap_sites", &sites));
    said.extend(prevalence.first().map(|first| {
        let message = Message::new("testing.gap_prevalence").count("n", prevalence.len() as u64);
        among(message, prevalence.len(), names.short(first))
    }));
    let mut not_counted = Vec::new();
    if !asked.duties.iter().any(|duty| duty.class == TestClass::HighRiskArea) {
        not_counted.push(Words::new("高风险区居民", "residents of high-risk areas"));
    }
    if asked.waiting.is_empty() {
        not_counted.push(Words::new("零时前已采未出结果的样本", "tubes collected before midnight without a result"));
    }
    if !not_counted.is_empty() {
        let list = Arg::List(not_counted.into_iter().map(Arg::Words).collect());
        said.push(Message::new("testing.not_counted").with("list", list));
    }
    said
}

/// Laboratories by how full their first day is.
fn table(asked: &TestingInputs, plan: &TestingPlan, names: &dyn Naming) -> Option<SectionTable> {
    struct Row<'a> {
        district: &'a PlaceCode,
        limit: Option<u64>,
        all: u64,
        first_day: u64,
        full: Vec<u16>,
    }
    let mut rows: BTreeMap<&FacilityId, Row<'_>> = BTreeMap::new();
    for one in &asked.laboratories {
        let share = u64::from(asked.limits.share_per_mille);
        let limit = one.per_day.map(|tubes| tubes.get().saturating_mul(share) / 1000);
        let (all, first_day, full) = (0, 0, Vec::new());
        rows.insert(&one.laboratory, Row { district: &one.district, limit, all, first_day, full });
    }
    for load in &plan.loads {
        let Some(row) = rows.get_mut(&load.laboratory) else { continue };
        row.all += load.tubes.get();
        if load.hour < 24 {
            row.first_day += load.tubes.get();
        }
        if load.tubes.get() > 0 && load.tubes == load.possible {
            row.full.push(load.hour);
        }
    }
    let per_mille = |row: &Row<'_>| (row.first_day * 1000).checked_div(row.limit.unwrap_or(0)).unwrap_or(0);
    let mut rows: Vec<(&FacilityId, Row<'_>)> = rows.into_iter().collect();
    rows.sort_by_key(|(id, row)| (Reverse(per_mille(row)), Reverse(row.all), *id));
    let left_out = rows.len().saturating_sub(SHOWN) as u64;
    let cells = rows.into_iter().take(SHOWN).map(|(id, row)| {
        #[expect(clippy::cast_precision_loss, reason = "thousandths")]
        let share = row.limit.filter(|limit| *limit > 0).map(|_| Arg::Percent(per_mille(&row) as f64 / 10.0));
        let full = match row.full.first() {
            Some(first) => {
                let at = moment(plan.start, *first);
                let today = at.date() == plan.start;
                let from = if today { Arg::Plain(at.strftime("%H:%M").to_string()) } else { Arg::Moment(at) };
                Message::new("testing.full").with("from", from).count("hours", row.full.len() as u64)
            }
            None => Message::new("testing.never_full"),
        };
        vec![
            Some(Arg::Words(names.facility(id))),
            Some(Arg::Words(names.short(row.district))),
            Some(Arg::Count(row.all)),
            row.limit.map(Arg::Count),
            share,
            Some(Arg::Message(Box::new(full))),
        ]
    });
    let columns = vec![
        SectionColumn::text("实验室", "Laboratory", 30),
        SectionColumn::text("区县", "District", 12),
        SectionColumn::figures("检测管数", "Tubes", 10),
        SectionColumn::figures("日上限", "Limit a day", 14),
        SectionColumn::figures("首日负荷", "First day", 12),
        SectionColumn::text("满负荷", "Full", 20),
    ];
    let rows: Vec<_> = cells.collect();
    (!rows.is_empty()).then_some(SectionTable { columns, rows, left_out })
}
