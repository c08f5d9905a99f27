//! The plan against the facts.

use super::facts::{Facts, Staff, Standing, added, says};
use super::violation::OpeningViolation;
use levee_model::ids::FacilityId;
use levee_model::plan::{
    LeftBecause, OpeningReason, OpeningTier, OpeningsInputs, OpeningsPlan, ProposedClosing, ProposedOpening, SiteNow,
    StaffKind,
};
use levee_model::quantity::Beds;
use std::collections::{BTreeMap, BTreeSet};

struct Judge<'a> {
    plan: &'a OpeningsPlan,
    facts: Facts<'a>,
    found: Vec<OpeningViolation>,
    /// By kind and index of day: people who prepare, who run, who come free.
    used: BTreeMap<(StaffKind, usize), [u64; 3]>,
    staff_days: i64,
}

pub(super) fn check(plan: &OpeningsPlan, inputs: &OpeningsInputs) -> Vec<OpeningViolation> {
    let facts = Facts::of(inputs);
    let mut judge = Judge { plan, facts, found: Vec::new(), used: BTreeMap::new(), staff_days: 0 };
    if plan.start != inputs.city.start || usize::from(plan.days) != judge.facts.days.len() {
        judge.found.push(OpeningViolation::WrongDays);
    }
    judge.once();
    for opening in &plan.openings {
        judge.opening(opening);
    }
    for closing in &plan.closings {
        judge.closing(closing);
    }
    judge.lefts();
    judge.staff();
    judge.tiers();
    judge.one_more_bed();
    if plan.gaps != judge.facts.gaps {
        judge.found.push(OpeningViolation::Gaps);
    }
    let origin = judge.facts.origin();
    let all = plan.openings.iter().map(|o| o.origin).chain(plan.closings.iter().map(|c| c.origin));
    if all.chain([plan.origin]).any(|o| o != origin) {
        judge.found.push(OpeningViolation::Origin);
    }
    judge.found
}

fn lex_positive(saves: &[i64; 4]) -> bool {
    *saves > [0; 4]
}

impl Judge<'_> {
    fn wrong(&mut self, facility: &FacilityId, what: &'static str) {
        self.found.push(OpeningViolation::Decision { facility: facility.clone(), what });
    }

    /// Whether the plan says that it is the best.
    fn proved(&self) -> bool {
        self.plan.tiers.iter().all(|tier| tier.bound == Some(tier.value))
    }

    fn once(&mut self) {
        let plan = self.plan;
        let mut times: BTreeMap<&FacilityId, usize> = BTreeMap::new();
        let named = plan.openings.iter().map(|o| &o.facility).chain(plan.closings.iter().map(|c| &c.facility));
        for facility in named.chain(plan.left.iter().map(|l| &l.facility)) {
            *times.entry(facility).or_insert(0) += 1;
        }
        let asked: BTreeSet<&FacilityId> = self.facts.sites.keys().copied().collect();
        let all: BTreeSet<&FacilityId> = asked.iter().copied().chain(times.keys().copied()).collect();
        for facility in all {
            let (times, asked) = (times.get(facility).copied().unwrap_or(0), usize::from(asked.contains(facility)));
            if (times, asked) != (1, 1) {
                self.found.push(OpeningViolation::NotOnce { facility: facility.clone(), times, asked });
            }
        }
        let sorted = plan.openings.is_sorted_by_key(|o| (o.opens_on, &o.facility))
            && plan.closings.is_sorted_by_key(|c| (c.closes_on, &c.facility))
            && plan.left.is_sorted_by_key(|l| &l.facility);
        if !sorted {
            self.found.push(OpeningViolation::Tiers("the lists are out of order"));
        }
    }

    fn take(&mut self, staff: &Staff, days: std::ops::Range<usize>, what: usize) -> u64 {
        let mut sum = 0u64;
        for (&kind, &people) in staff {
            for day in days.clone() {
                self.used.entry((kind, day)).or_insert([0; 3])[what] += people;
                sum = sum.saturating_add(people);
            }
        }
        sum
    }

    fn opening(&mut self, said: &ProposedOpening) {
        let name = &said.facility;
        let Some(Standing::MayOpen(site, earliest, beds)) = self.facts.standing(name) else {
            return self
                .wrong(name, "it may not open: not shut, not known, not accepted, or its lead time is too long");
        };
        if said.kind != site.kind || said.district != site.district || said.beds != beds {
            self.wrong(name, "kind, district or beds are not those of the site");
        }
        let (prepared, run) = (added(site.prepared_by.as_ref()), added(site.run_by.as_ref()));
        if !says(&said.prepared_by, &prepared) || !says(&said.run_by, &run) {
            self.wrong(name, "the staff is not what the site takes");
        }
        let lead = jiff::Span::new().days(i64::from(site.lead_days.unwrap_or(0)));
        let least = jiff::Span::new().days(i64::from(site.minimum_days_open));
        let Some(day) = self.facts.day(said.opens_on).filter(|day| *day >= earliest) else {
            return self.wrong(name, "it opens before its lead time, or outside the plan");
        };
        if said.prepare_from.saturating_add(lead) != said.opens_on {
            self.wrong(name, "preparing does not begin a lead time before it opens");
        }
        if said.closes_not_before != said.opens_on.saturating_add(least) {
            self.wrong(name, "the day on which it may close again is another");
        }
        let days = self.facts.days.len();
        let taken = self.take(&prepared, day - earliest..day, 0) + self.take(&run, day..days, 1);
        let taken = i64::try_from(taken).unwrap_or(i64::MAX);
        self.staff_days += taken;
        self.saves(name, &said.reasons, -taken);
        for reason in &said.reasons {
            let so = match reason {
                OpeningReason::AsEarlyAsLeadTimeLets { lead_days } => {
                    day == earliest && Some(*lead_days) == site.lead_days
                }
                OpeningReason::NoEarlierDayBetter => day > earliest,
                OpeningReason::FreesStaff { .. } => false,
                OpeningReason::Saves { .. } | OpeningReason::Need { .. } => true,
            };
            if !so {
                self.wrong(name, "a reason is not so");
            }
        }
        let times = |wanted: fn(&OpeningReason) -> bool| said.reasons.iter().filter(|r| wanted(r)).count();
        let later = times(|r| matches!(r, OpeningReason::NoEarlierDayBetter));
        if later > 1 || (self.proved() && (later == 1) != (day > earliest)) {
            self.wrong(name, "why it does not open earlier is missing, or said twice");
        }
        let early = said.reasons.iter().any(|r| matches!(r, OpeningReason::AsEarlyAsLeadTimeLets { .. }));
        if early != (day == earliest) || times(|r| matches!(r, OpeningReason::AsEarlyAsLeadTimeLets { .. })) > 1 {
            self.wrong(name, "the reason for the day is missing");
        }
    }

    fn closing(&mut self, said: &ProposedClosing) {
        let name = &said.facility;
        let Some(Standing::MayClose(site, earliest)) = self.facts.standing(name) else {
            return self.wrong(name, "it may not close: not open, not known, or opened too short ago");
        };
        let run = added(site.run_by.as_ref());
        if said.kind != site.kind || said.district != site.district || !says(&said.frees, &run) {
            self.wrong(name, "kind, district or staff are not those of the site");
        }
        let Some(day) = self.facts.day(said.closes_on).filter(|day| *day >= earliest) else {
            return self.wrong(name, "it closes before its minimum days, or outside the plan");
        };
        if said.moved_out != self.facts.still_there(name, day) {
            self.wrong(name, "those to be moved out are not those still there");
        }
        let days = self.facts.days.len();
        let freed = self.take(&run, day..days, 2);
        let all = run.values().fold(0u64, |sum, people| sum.saturating_add(*people)).saturating_mul(days as u64);
        let whole = |x: u64| i64::try_from(x).unwrap_or(i64::MAX);
        self.staff_days += whole(all) - whole(freed);
        self.saves(name, &said.reasons, whole(freed));
        let frees = said.reasons.iter().filter_map(|reason| match reason {
            OpeningReason::FreesStaff { staff } => Some(staff),
            _ => None,
        });
        if !frees.eq([&said.frees]) {
            self.wrong(name, "the reason names other staff than comes free");
        }
        let foreign = |r: &OpeningReason| {
            matches!(r, OpeningReason::AsEarlyAsLeadTimeLets { .. } | OpeningReason::NoEarlierDayBetter)
        };
        if said.reasons.iter().any(foreign) {
            self.wrong(name, "a reason is not so");
        }
    }

    /// Exactly one statement of what is saved, with the staff-days that follow from the site.
    fn saves(&mut self, name: &FacilityId, reasons: &[OpeningReason], staff: i64) {
        let mut said = reasons.iter().filter_map(|reason| match reason {
            OpeningReason::Saves { staff_days, .. } => Some(*staff_days),
            _ => None,
        });
        if said.next() != Some(staff) || said.next().is_some() {
            self.wrong(name, "what it saves is missing, twice, or other staff-days");
        }
        let needs: Vec<_> = reasons.iter().filter(|r| matches!(r, OpeningReason::Need { .. })).collect();
        if needs.len() > 1 || needs.iter().any(|r| matches!(r, OpeningReason::Need { person_days: 0, .. })) {
            self.wrong(name, "the need behind it is said twice or is none");
        }
    }

    fn lefts(&mut self) {
        let plan = self.plan;
        for left in &plan.left {
            let Some(standing) = self.facts.standing(&left.facility) else { continue };
            let what = match (&standing, &left.because) {
                (
                    Standing::Fixed(LeftBecause::NotAccepted { inspect_by, .. }),
                    LeftBecause::NotAccepted { inspect_by: said, .. },
                ) => (said != inspect_by).then_some("another day of inspection would do"),
                (Standing::Fixed(so), said) => (so != said).then_some("the inputs say otherwise"),
                (Standing::MayOpen(..) | Standing::MayClose(..), LeftBecause::NothingToSave) => None,
                (Standing::MayOpen(..) | Standing::MayClose(..), LeftBecause::NotTried) => {
                    self.proved().then_some("the plan says that everything was tried")
                }

                (Standing::MayOpen(site, earliest, _), LeftBecause::StaffShort { short, saves_person_days }) => {
                    self.pending(site, *earliest, *short, saves_person_days)
                }
                (Standing::MayClose(..), LeftBecause::StillNeeded { saves_person_days }) => {
                    (!lex_positive(saves_person_days)).then_some("nothing is saved by that")
                }
                _ => Some("the inputs say otherwise"),
            };
            if let Some(what) = what {
                self.found.push(OpeningViolation::Left { facility: left.facility.clone(), what });
            }
            if let (Standing::MayClose(site, _), true) = (&standing, matches!(standing, Standing::MayClose(..))) {
                let run: u64 = added(site.run_by.as_ref()).values().fold(0, |sum: u64, p| sum.saturating_add(*p));
                let days = self.facts.days.len() as u64;
                self.staff_days += i64::try_from(run.saturating_mul(days)).unwrap_or(i64::MAX);
            }
        }
    }

    /// Whether the staff that is said to be missing is what is missing most.
    fn pending(
        &self,
        site: &levee_model::plan::Site,
        earliest: usize,
        short: levee_model::plan::StaffCount,
        saves: &[i64; 4],
    ) -> Option<&'static str> {
        if !lex_positive(saves) {
            return Some("nothing is saved by that");
        }
        let (prepared, run) = (added(site.prepared_by.as_ref()), added(site.run_by.as_ref()));
        let mut most: Vec<(u64, StaffKind)> = Vec::new();
        for kind in StaffKind::ALL {
            for (day, &date) in self.facts.days.iter().enumerate() {
                let more = if day < earliest { prepared.get(&kind) } else { run.get(&kind) };
                let more = more.copied().unwrap_or(0);
                let [preparing, running, freed] = self.used.get(&(kind, day)).copied().unwrap_or([0; 3]);
                let missing = (preparing + running + more).saturating_sub(self.facts.free(kind, date) + freed);
                if more > 0 && missing > 0 {
                    most.push((missing, kind));
                }
            }
        }
        let worst = most.iter().map(|(missing, _)| *missing).max();
        let so = Some(short.people) == worst
            && most.iter().find(|(m, _)| Some(*m) == worst).map(|(_, k)| *k) == Some(short.kind);
        (!so).then_some("other staff is missing, or none")
    }

    fn staff(&mut self) {
        let mut kinds: BTreeSet<StaffKind> = self.facts.inputs.staff.iter().map(|team| team.kind).collect();
        for site in &self.facts.inputs.sites {
            kinds.extend(site.run_by.iter().chain(&site.prepared_by).flatten().map(|count| count.kind));
        }
        let mut listed = self.plan.staff.iter();
        for kind in kinds {
            for (day, &date) in self.facts.days.iter().enumerate() {
                let [preparing, running, freed] = self.used.get(&(kind, day)).copied().unwrap_or([0; 3]);
                let free = self.facts.free(kind, date);
                let said = listed.next().map(|l| (l.kind, l.day, l.free, l.freed, l.preparing, l.running));
                if said != Some((kind, date, free, freed, preparing, running)) {
                    self.found.push(OpeningViolation::Staff { kind, day: date });
                }
                let (used, there) = (preparing + running, free + freed);
                if used > there {
                    self.found.push(OpeningViolation::StaffShort { kind, day: date, used, there });
                }
            }
        }
        if let Some(more) = listed.next() {
            self.found.push(OpeningViolation::Staff { kind: more.kind, day: more.day });
        }
    }

    fn tiers(&mut self) {
        let plan = self.plan;
        if plan.tiers.is_empty() && plan.solver.fell_back.is_some() {
            if !(plan.openings.is_empty() && plan.closings.is_empty()) {
                self.found.push(OpeningViolation::Tiers("something is decided although nothing was solved"));
            }
            return;
        }
        if !plan.tiers.iter().map(|t| t.tier).eq(OpeningTier::ALL) {
            self.found.push(OpeningViolation::Tiers("not each of the five once, in order"));
            return;
        }
        let mut known = true;
        for tier in &plan.tiers {
            if tier.bound.is_some() != known || tier.bound.is_some_and(|bound| bound > tier.value) {
                self.found.push(OpeningViolation::Tiers("a bound is above its value, missing, or after a gap"));
            }
            known &= tier.bound == Some(tier.value);
        }
        let values: Vec<u64> = plan.tiers.iter().map(|t| t.value).collect();
        let unchanged: Vec<u64> = plan.tiers.iter().map(|t| t.unchanged).collect();
        let decided = !(plan.openings.is_empty() && plan.closings.is_empty());
        if values > unchanged || (!decided && values != unchanged) {
            self.found.push(OpeningViolation::Tiers("it would have been no worse to decide nothing"));
        }
        let days = self.facts.days.len() as u64;
        let open = self.facts.sites.keys().filter_map(|facility| match self.facts.standing(facility)? {
            Standing::MayClose(site, _) if matches!(site.now, SiteNow::Open { .. }) => Some(site),
            _ => None,
        });
        let run = |site: &levee_model::plan::Site| {
            added(site.run_by.as_ref()).values().fold(0u64, |s, p| s.saturating_add(*p))
        };
        let at_rest = open.map(|site| run(site).saturating_mul(days)).fold(0, u64::saturating_add);
        let staff = plan.tiers.last();
        if staff.is_some_and(|t| t.unchanged != at_rest || i64::try_from(t.value) != Ok(self.staff_days)) {
            self.found.push(OpeningViolation::Tiers("other staff-days follow from the decisions"));
        }
    }

    fn one_more_bed(&mut self) {
        let plan = self.plan;
        let mut seen = BTreeSet::new();
        for bed in &plan.one_more_bed {
            let opened = plan.openings.iter().find(|o| o.facility == bed.facility);
            let there = match opened {
                Some(opening) => {
                    let has = |(level, beds): &(_, Beds)| *level == bed.level && beds.get() > 0;
                    opening.beds.iter().any(has) && opening.opens_on == bed.from_day
                }
                None => {
                    let rows = &self.facts.inputs.city.capacity;
                    rows.iter().any(|row| row.facility == bed.facility && row.level == bed.level)
                        && plan.closings.iter().all(|c| c.facility != bed.facility)
                        && bed.from_day == plan.start
                }
            };
            let what = if !there {
                "there are no such beds, or not from that day"
            } else if !lex_positive(&bed.saves_person_days) {
                "it saves nothing"
            } else if !seen.insert((&bed.facility, bed.level)) {
                "it is named twice"
            } else {
                continue;
            };
            self.found.push(OpeningViolation::OneMoreBed { facility: bed.facility.clone(), what });
        }
        if plan.one_more_bed.len() > 5
            || !plan.one_more_bed.is_sorted_by(|a, b| a.saves_person_days >= b.saves_person_days)
        {
            self.found.push(OpeningViolation::Tiers("more than five beds are named, or not the best first"));
        }
    }
}
