//! What every decision saves: each is taken back, alone, and the flow is solved again.

use super::network::{Change, Network, Solved, WAITS, Waits};
use super::propose::{Best, Work, staff_days};
use super::sites::{Act, Candidate, Field, kind_index};
use levee_model::plan::{
    CareClass, LeftBecause, OneMoreBed, OpeningReason, OpeningsInputs, ProposedClosing, ProposedOpening,
    SavedPersonDays, SiteLeft, StaffCount, StaffKind, StaffLoad,
};
use levee_model::quantity::Persons;

/// How many beds are named of which one more would save most.
const BEDS_NAMED: usize = 5;

/// All that the plan says beside its numbers.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) openings: Vec<ProposedOpening>,
    pub(crate) closings: Vec<ProposedClosing>,
    pub(crate) left: Vec<SiteLeft>,
    pub(crate) staff: Vec<StaffLoad>,
    pub(crate) one_more_bed: Vec<OneMoreBed>,
}

struct Teller<'a> {
    inputs: &'a OpeningsInputs,
    field: &'a Field<'a>,
    network: &'a Network,
    best: &'a Best,
    proved: bool,
}

pub(crate) fn all(
    inputs: &OpeningsInputs,
    field: &Field<'_>,
    network: &Network,
    best: Option<&Best>,
    proved: bool,
    work: &mut Work,
) -> Said {
    let leave = vec![0; field.candidates.len()];
    let choices = best.map_or(&leave, |b| &b.choices);
    let mut said = Said { staff: staff(inputs, field, choices), ..Said::default() };
    said.left = field
        .left
        .iter()
        .map(|(facility, because)| SiteLeft { facility: facility.clone(), because: because.clone() })
        .collect();
    for (c, candidate) in field.candidates.iter().enumerate() {
        let facility = candidate.site.facility.clone();
        let Some(best) = best else {
            said.left.push(SiteLeft { facility, because: LeftBecause::NotTried });
            continue;
        };
        let teller = Teller { inputs, field, network, best, proved };
        match candidate.choices[best.choices[c]].act {
            Act::Open(day) => said.openings.push(teller.opening(c, candidate, day, work)),
            Act::Close(day) => said.closings.push(teller.closing(c, candidate, day, work)),
            Act::Leave => {
                let because = teller.left(c, candidate, work);
                said.left.push(SiteLeft { facility, because });
            }
        }
    }
    said.openings.sort_by(|a, b| (a.opens_on, &a.facility).cmp(&(b.opens_on, &b.facility)));
    said.closings.sort_by(|a, b| (a.closes_on, &a.facility).cmp(&(b.closes_on, &b.facility)));
    said.left.sort_by(|a, b| a.facility.cmp(&b.facility));
    if let Some(best) = best {
        said.one_more_bed = one_more_bed(field, network, best, work);
    }
    said
}

fn saved(without: Waits, with: Waits) -> SavedPersonDays {
    std::array::from_fn(|k| without[k] - with[k])
}

impl Teller<'_> {
    /// The plan with another choice about one candidate.
    fn with(&self, c: usize, choice: usize, work: &mut Work) -> Option<Solved> {
        let mut choices = self.best.choices.clone();
        choices[c] = choice;
        work.solve(self.network, &choices, None, Some(&self.best.solved.basis))
    }

    /// Why a decision is taken: what it saves against leaving the site as it is, and who waits less.
    fn reasons(&self, c: usize, work: &mut Work) -> Vec<OpeningReason> {
        let mut leave = self.best.choices.clone();
        leave[c] = 0;
        let Some(without) = self.with(c, 0, work) else { return Vec::new() };
        let staff = staff_days(self.field, &leave) - staff_days(self.field, &self.best.choices);
        let mut reasons =
            vec![OpeningReason::Saves { person_days: saved(without.waits, self.best.solved.waits), staff_days: staff }];
        let before = self.network.by_class(&without);
        let after = self.network.by_class(&self.best.solved);
        let less = (0..5).map(|k| (before[k] - after[k], k)).max_by_key(|&(less, k)| (less, std::cmp::Reverse(k)));
        if let Some((person_days, class)) = less.and_then(|(less, k)| Some((u64::try_from(less).ok()?, k)))
            && person_days > 0
        {
            reasons.push(OpeningReason::Need { class: CareClass::ALL.get(class).copied(), person_days });
        }
        reasons
    }

    fn opening(&self, c: usize, candidate: &Candidate<'_>, day: usize, work: &mut Work) -> ProposedOpening {
        let site = candidate.site;
        let lead_days = site.lead_days.unwrap_or(0);
        let mut reasons = self.reasons(c, work);
        if day == usize::from(lead_days) {
            reasons.push(OpeningReason::AsEarlyAsLeadTimeLets { lead_days });
        } else if self.proved {
            reasons.push(OpeningReason::NoEarlierDayBetter);
        }
        let opens_on = self.field.dates[day];
        let after = jiff::Span::new().days(i64::from(site.minimum_days_open));
        ProposedOpening {
            facility: site.facility.clone(),
            kind: site.kind,
            district: site.district.clone(),
            prepare_from: self.field.dates[day - usize::from(lead_days)],
            opens_on,
            closes_not_before: opens_on.saturating_add(after),
            beds: candidate.beds.clone(),
            prepared_by: together(site.prepared_by.as_deref()),
            run_by: together(site.run_by.as_deref()),
            reasons,
            origin: super::propose::origin(self.inputs),
        }
    }

    fn closing(&self, c: usize, candidate: &Candidate<'_>, day: usize, work: &mut Work) -> ProposedClosing {
        let site = candidate.site;
        let mut reasons = self.reasons(c, work);
        let frees = together(site.run_by.as_deref());
        reasons.push(OpeningReason::FreesStaff { staff: frees.clone() });
        let rows = self.inputs.city.capacity.iter().filter(|row| row.facility == site.facility);
        let levels: std::collections::BTreeSet<_> = rows.map(|row| row.level).collect();
        let still = |level| super::network::still_there(self.inputs, &site.facility, level, day);
        ProposedClosing {
            facility: site.facility.clone(),
            kind: site.kind,
            district: site.district.clone(),
            closes_on: self.field.dates[day],
            moved_out: levels.into_iter().map(|l| (l, Persons::new(still(l)))).filter(|(_, p)| p.get() > 0).collect(),
            frees,
            reasons,
            origin: super::propose::origin(self.inputs),
        }
    }

    fn left(&self, c: usize, candidate: &Candidate<'_>, work: &mut Work) -> LeftBecause {
        let now = self.best.solved.waits;
        if let (Some((because, _)), Some(change)) = (&candidate.barred, &self.network.barred[c]) {
            let opened = work.solve(self.network, &self.best.choices, Some(change), Some(&self.best.solved.basis));
            return match (because, opened) {
                (LeftBecause::NotAccepted { inspect_by, .. }, Some(opened)) => LeftBecause::NotAccepted {
                    inspect_by: *inspect_by,
                    saves_person_days: Some(saved(now, opened.waits)),
                },
                _ => because.clone(),
            };
        }
        let Some(other) = self.with(c, 1, work) else { return LeftBecause::NotTried };
        if candidate.beds.is_empty() {
            return match saved(other.waits, now) {
                saves if saves > [0; WAITS] => LeftBecause::StillNeeded { saves_person_days: saves },
                _ if self.proved => LeftBecause::NothingToSave,
                _ => LeftBecause::NotTried,
            };
        }
        let saves = saved(now, other.waits);
        if saves <= [0; WAITS] {
            return LeftBecause::NothingToSave;
        }
        let used = used(self.field, &self.best.choices);
        let missing = candidate.choices[1].uses.iter().enumerate().map(|(r, more)| {
            let short = if *more > 0 { used[r] + more - self.field.free[r] } else { 0 };
            (short, std::cmp::Reverse(r))
        });
        match missing.max() {
            Some((short, std::cmp::Reverse(r))) if short > 0 => LeftBecause::StaffShort {
                short: StaffCount {
                    kind: StaffKind::ALL[r / self.field.days()],
                    people: u64::try_from(short).unwrap_or(0),
                },
                saves_person_days: saves,
            },
            _ => LeftBecause::NotTried,
        }
    }
}

/// One entry for each kind.
fn together(counts: Option<&[StaffCount]>) -> Vec<StaffCount> {
    let mut sums = std::collections::BTreeMap::new();
    for count in counts.unwrap_or_default() {
        let sum: &mut u64 = sums.entry(count.kind).or_default();
        *sum = sum.saturating_add(count.people);
    }
    sums.into_iter().filter(|(_, people)| *people > 0).map(|(kind, people)| StaffCount { kind, people }).collect()
}

fn used(field: &Field<'_>, choices: &[usize]) -> Vec<i64> {
    let mut used = vec![0; field.free.len()];
    for (candidate, &k) in field.candidates.iter().zip(choices) {
        for (sum, more) in used.iter_mut().zip(&candidate.choices[k].uses) {
            *sum += more;
        }
    }
    used
}

/// Staff by kind and day, for every kind of which somebody is free or asked for.
fn staff(inputs: &OpeningsInputs, field: &Field<'_>, choices: &[usize]) -> Vec<StaffLoad> {
    let named = |kind: StaffKind| {
        let counts = |c: &Option<Vec<StaffCount>>| c.iter().flatten().any(|count| count.kind == kind);
        inputs.staff.iter().any(|team| team.kind == kind)
            || inputs.sites.iter().any(|site| counts(&site.run_by) || counts(&site.prepared_by))
    };
    let mut loads = Vec::new();
    for kind in StaffKind::ALL.into_iter().filter(|kind| named(*kind)) {
        for (day, &date) in field.dates.iter().enumerate() {
            let (mut freed, mut preparing, mut running) = (0, 0, 0);
            for (candidate, &k) in field.candidates.iter().zip(choices) {
                let uses = candidate.choices[k].uses[kind_index(kind) * field.days() + day];
                match candidate.choices[k].act {
                    Act::Open(opens) if day >= opens => running += uses,
                    Act::Open(_) => preparing += uses,
                    _ => freed -= uses,
                }
            }
            let whole = |x: i64| u64::try_from(x).unwrap_or(0);
            loads.push(StaffLoad {
                kind,
                day: date,
                free: whole(field.free[kind_index(kind) * field.days() + day]),
                freed: whole(freed),
                preparing: whole(preparing),
                running: whole(running),
            });
        }
    }
    loads
}

/// Where one more bed would save most: those with the highest rent are given one, and the flow is solved again.
fn one_more_bed(field: &Field<'_>, network: &Network, best: &Best, work: &mut Work) -> Vec<OneMoreBed> {
    let solved = &best.solved;
    let potentials = solved.basis.potentials(&solved.flow);
    let mut rents: Vec<(Waits, usize, usize, usize)> = Vec::new();
    for (ward, row) in network.wards.iter().enumerate() {
        // The first day on which the ward takes anybody in this plan.
        let candidate = field.candidates.iter().zip(&best.choices).find(|(c, _)| c.site.facility == row.facility);
        let day = match candidate.map(|(c, &k)| (c, c.choices[k].act)) {
            Some((_, Act::Open(day))) => day,
            Some((_, Act::Close(_))) => continue,
            Some((c, Act::Leave)) if !c.beds.is_empty() => continue,
            _ => 0,
        };
        let Some(arc) = row.freed.get(day).copied().flatten() else { continue };
        let a = &solved.flow.arcs[arc];
        let rent: Waits = std::array::from_fn(|k| potentials[a.to][k + 1] - potentials[a.from][k + 1] - a.cost.0[k]);
        if rent > [0; WAITS] {
            rents.push((rent, ward, day, arc));
        }
    }
    rents.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut named = Vec::new();
    for (_, ward, day, arc) in rents.into_iter().take(BEDS_NAMED) {
        let cap = solved.flow.arcs[arc].cap;
        let change = Change { caps: vec![(arc, cap, cap + 1)], people: Vec::new() };
        let Some(more) = work.solve(network, &best.choices, Some(&change), Some(&solved.basis)) else { continue };
        let saves_person_days = saved(solved.waits, more.waits);
        if saves_person_days > [0; WAITS] {
            let row = &network.wards[ward];
            let from_day = field.dates[day];
            named.push(OneMoreBed { facility: row.facility.clone(), level: row.level, from_day, saves_person_days });
        }
    }
    named.sort_by_key(|bed| std::cmp::Reverse(bed.saves_person_days));
    named
}
