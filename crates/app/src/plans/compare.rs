//! Two plans side by side: who is served, who waits, how far people travel, what stays free, which orders differ and why.

use super::document::{NoPlan, PlanDocument};
use super::said;
use super::view::DocumentNames;
use crate::brief::plan::class_words;
use crate::brief::words::Naming as _;
use jiff::civil::Date;
use levee_brief::facts::{Message, Words};
use levee_model::plan::{ChangeCause, Plan, PlanChange, PlanComparison};
use levee_model::quantity::Persons;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Two plans side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Names of the two.
    pub names: (String, String),
    /// Days of their meetings.
    pub days: (Date, Date),
    /// First and last day of each.
    pub covers: ((Date, Date), (Date, Date)),
    /// Their figures and what differs.
    pub comparison: PlanComparison,
}

/// What differs for one destination and class on one day: districts gathered.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangedRow {
    /// The day.
    pub day: Date,
    /// To which facility.
    pub facility: Words,
    /// How ill.
    pub class: Words,
    /// People in the first plan, in the second.
    pub people: (u64, u64),
    /// From where, with people before and after; the greatest change first.
    pub from: Vec<(Words, u64, u64)>,
    /// Why, the most telling first.
    pub why: Vec<Message>,
}

/// The two plans side by side.
///
/// # Errors
/// When one of them has no transfers, or cannot be named.
pub fn compare(a: &PlanDocument, b: &PlanDocument) -> Result<Compared, NoPlan> {
    let none = || NoPlan::Json("it has no transfers; make it with `--what transfer`".to_owned());
    let (of_a, of_b) = (a.transfer.as_ref().ok_or_else(none)?, b.transfer.as_ref().ok_or_else(none)?);
    let name = |document: &PlanDocument| document.name().map_err(|e| NoPlan::Json(e.to_string()));
    Ok(Compared {
        names: (name(a)?, name(b)?),
        days: (a.day, b.day),
        covers: (covers(&of_a.plan), covers(&of_b.plan)),
        comparison: levee_planner::compare_plans((&of_a.asked, &of_a.plan), (&of_b.asked, &of_b.plan)),
    })
}

fn covers(plan: &Plan) -> (Date, Date) {
    let last = plan.start.saturating_add(jiff::Span::new().days(i64::from(plan.days) - 1));
    (plan.start, last)
}

impl Compared {
    /// What differs on days that both plans cover, by day, the most ill first, the greatest change first.
    pub fn rows(&self, named_by: &PlanDocument) -> Vec<ChangedRow> {
        let names = DocumentNames(named_by);
        let mut groups: BTreeMap<_, Vec<&PlanChange>> = BTreeMap::new();
        let only_one = |change: &&PlanChange| change.why.contains(&ChangeCause::OtherDays);
        for change in self.comparison.changes.iter().filter(|change| !only_one(change)) {
            groups.entry((change.day, Reverse(change.class), &change.facility)).or_default().push(change);
        }
        groups
            .into_iter()
            .map(|((day, Reverse(class), facility), mut changes)| {
                changes.sort_by_key(|change| Reverse(change.before.get().abs_diff(change.after.get())));
                let sum = |of: fn(&PlanChange) -> u64| changes.iter().map(|change| of(change)).sum::<u64>();
                ChangedRow {
                    day,
                    facility: names.facility(facility),
                    class: class_words(class),
                    people: (sum(|change| change.before.get()), sum(|change| change.after.get())),
                    from: changes
                        .iter()
                        .map(|change| (names.short(&change.from), change.before.get(), change.after.get()))
                        .collect(),
                    why: why(&changes),
                }
            })
            .collect()
    }

    /// People placed otherwise on the days that both plans cover: who goes elsewhere counts once.
    pub fn people_changed(&self) -> u64 {
        let common = || self.comparison.changes.iter().filter(|change| !change.why.contains(&ChangeCause::OtherDays));
        let more: u64 = common().map(|change| change.after.get().saturating_sub(change.before.get())).sum();
        let fewer: u64 = common().map(|change| change.before.get().saturating_sub(change.after.get())).sum();
        more.max(fewer)
    }
}

/// The causes of several changes, amounts added up; what only follows from others is said when nothing else is.
fn why(changes: &[&PlanChange]) -> Vec<Message> {
    let mut causes: Vec<ChangeCause> = Vec::new();
    for cause in changes.iter().flat_map(|change| &change.why) {
        match (cause, causes.iter_mut().find(|known| std::mem::discriminant(*known) == std::mem::discriminant(cause))) {
            (_, None) => causes.push(cause.clone()),
            (ChangeCause::NeedGrew { by }, Some(ChangeCause::NeedGrew { by: sum }))
            | (ChangeCause::NeedShrank { by }, Some(ChangeCause::NeedShrank { by: sum })) => {
                *sum = Persons::new(sum.get().saturating_add(by.get()));
            }
            // Beds are one facility's: the same beds for every district.
            (_, Some(_)) => {}
        }
    }
    if causes.len() > 1 {
        causes.retain(|cause| *cause != ChangeCause::Elsewhere);
    }
    causes.sort();
    causes.iter().map(said::cause).collect()
}
