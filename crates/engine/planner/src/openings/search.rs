//! The cheapest choice that the staff allows and no cut excludes.
//!
//! Depth first over the candidates. At a node each cut bounds what any completion costs; the staff that all completions share enters
//! that bound with a price by kind and day (Lagrange; Held, Karp, 1971), found anew for each cut by subgradient steps. Prices are
//! whole multiples of 1/1024, and all sums are whole, so a bound is a bound without any tolerance.

use super::cuts::{ALL, Cut, Value, plus};
use super::sites::Field;

/// Costs are multiplied by it, so that prices of staff may be fractions.
const SCALE: i64 = 1 << 10;
/// Steps towards good prices of staff, for each cut. Judgement: more bring little.
const STEPS: i64 = 300;
/// Steps at a node, from the prices of its cut.
const REPRICING_STEPS: i64 = 14;
/// With fewer candidates left, trying them is cheaper.
const WORTH_REPRICING: usize = 3;
/// How many nodes finding prices anew takes the time of; so a limit in nodes is a limit of work.
const REPRICING_COUNTS_AS: u64 = 60;

/// What comes after the tiers of waiting, among choices that the cuts hold equal in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Last {
    /// As much staff at work as can be: rich choices have the cuts that say most of the best one.
    MostStaff,
    /// As few staff-days as can be.
    LeastStaff,
}

impl Last {
    pub(crate) fn read(self, mut value: Value) -> Value {
        if self == Self::MostStaff {
            value[ALL - 1] = -value[ALL - 1];
        }
        value
    }
}

/// A cut with prices of staff, summed up for the search.
pub(crate) struct Priced {
    cut: Cut,
    last: Last,
    /// The cut's fixed part less the price of all staff that is free, scaled.
    fixed: Value,
    /// `[candidate][choice]`: cost and staff at their prices, scaled.
    each: Vec<Vec<Value>>,
    /// `[candidate]`: the least that it and all after it cost, scaled.
    rest: Vec<Value>,
    /// By resource, in one tier.
    prices: Vec<i64>,
    tier: usize,
}

fn scaled(value: Value) -> Value {
    value.map(|x| x.saturating_mul(SCALE))
}

/// The least whole value that is not below a scaled bound: up to the first tier that is no whole multiple, which is rounded up; what
/// follows it says nothing then.
pub(crate) fn unscaled(value: Value) -> Value {
    let mut whole = [0; ALL];
    for (to, from) in whole.iter_mut().zip(value) {
        *to = from.div_euclid(SCALE);
        if from.rem_euclid(SCALE) != 0 {
            *to += 1;
            break;
        }
    }
    whole
}

/// One subgradient step: dearer what is short, cheaper what is left over, in proportion to what there is of it. `share` of Polyak's
/// step to the value that is to be reached, in 1/64. False when nothing is short and nothing has a price.
fn reprice(prices: &mut [i64], short: &[i64], size: &[i64], missing: i64, share: i64) -> bool {
    // Only what can change the price counts: nothing is gained by a price below zero.
    let pull = |r: usize| if short[r] > 0 || prices[r] > 0 { i128::from(short[r]) } else { 0 };
    // Parts in a million of what there is.
    let part = |r: usize| pull(r) * 1_000_000 / i128::from(size[r]);
    let length: i128 = (0..prices.len()).map(|r| part(r) * part(r)).sum();
    if length == 0 {
        return false;
    }
    let steps: Vec<i128> = (0..prices.len())
        .map(|r| i128::from(missing) * i128::from(share) * part(r) * 1_000_000 / (length * i128::from(size[r]) * 64))
        .collect();
    for (price, step) in prices.iter_mut().zip(steps) {
        *price = price.saturating_add(i64::try_from(step).unwrap_or(0)).clamp(0, i64::MAX / 1_000_000);
    }
    true
}

/// By resource: the most that there could be, or that one choice takes.
fn sizes(field: &Field<'_>) -> Vec<i64> {
    let uses = |r: usize| field.candidates.iter().flat_map(|c| &c.choices).map(|choice| choice.uses[r].abs()).max();
    (0..field.free.len()).map(|r| field.free[r].max(uses(r).unwrap_or(0)).max(1)).collect()
}

impl Priced {
    /// One for each tier in which prices of staff say more than none do. `best` is what has to be undercut: the prices are chosen to
    /// show that it cannot be.
    pub(crate) fn all(cut: &Cut, field: &Field<'_>, best: Value, last: Last) -> Vec<Self> {
        let free = Self::with(cut, field, &vec![0; field.free.len()], 0, last);
        let differs = |tier: usize| {
            let each = |values: &Vec<Value>| values.iter().any(|v| v[tier] != values[0][tier]);
            cut.each.iter().any(each)
        };
        let tiers = (0..ALL).filter(|&tier| differs(tier) && best[tier] > i64::MIN / 8);
        let mut all: Vec<Self> = tiers.filter_map(|tier| Self::in_tier(cut, field, best, last, tier)).collect();
        all.push(free);
        all
    }

    /// Prices in one tier; `None` when they do no better there than no prices.
    fn in_tier(cut: &Cut, field: &Field<'_>, best: Value, last: Last, tier: usize) -> Option<Self> {
        let target = best[tier].saturating_mul(SCALE);
        let mut prices = vec![0i64; field.free.len()];
        let mut most: Option<(i64, Self)> = None;
        let mut at_none = i64::MIN;
        let (size, mut share, mut since) = (sizes(field), 64, 0);
        for step in 0..STEPS {
            let now = Self::with(cut, field, &prices, tier, last);
            let bound = now.bound()[tier];
            let mut short: Vec<i64> = field.free.iter().map(|f| -f).collect();
            for (c, each) in now.each.iter().enumerate() {
                let least = (0..each.len()).min_by_key(|&k| each[k]).unwrap_or(0);
                for (sum, used) in short.iter_mut().zip(&field.candidates[c].choices[least].uses) {
                    *sum += used;
                }
            }
            let missing = target.saturating_sub(bound).max(SCALE);
            if step == 0 {
                at_none = bound;
            }
            if most.as_ref().is_none_or(|(before, _)| bound > *before) {
                most = Some((bound, now));
                since = 0;
            } else {
                since += 1;
                if since % 6 == 0 {
                    share = (share / 2).max(1);
                }
            }
            if !reprice(&mut prices, &short, &size, missing, share) {
                break;
            }
        }
        most.filter(|(bound, _)| *bound > at_none).map(|(_, priced)| priced)
    }

    fn with(cut: &Cut, field: &Field<'_>, prices: &[i64], tier: usize, last: Last) -> Self {
        let cost =
            |uses: &[i64]| uses.iter().zip(prices).fold(0i64, |sum, (u, p)| sum.saturating_add(u.saturating_mul(*p)));
        let mut fixed = scaled(cut.fixed);
        fixed[tier] = fixed[tier].saturating_sub(cost(&field.free));
        let each: Vec<Vec<Value>> = cut
            .each
            .iter()
            .zip(&field.candidates)
            .map(|(values, candidate)| {
                let both = values.iter().zip(&candidate.choices);
                both.map(|(value, choice)| {
                    let mut value = scaled(last.read(*value));
                    value[tier] = value[tier].saturating_add(cost(&choice.uses));
                    value
                })
                .collect()
            })
            .collect();
        let mut rest = vec![[0; ALL]; each.len() + 1];
        for c in (0..each.len()).rev() {
            let least = each[c].iter().min().copied().unwrap_or([0; ALL]);
            rest[c] = plus(least, rest[c + 1]);
        }
        Self { cut: cut.clone(), last, fixed, each, rest, prices: prices.to_vec(), tier }
    }

    /// No choice costs less, scaled.
    pub(crate) fn bound(&self) -> Value {
        plus(self.fixed, self.rest.first().copied().unwrap_or([0; ALL]))
    }
}

/// What a search found.
pub(crate) struct Found {
    /// The cheapest choice by the cuts, and what they say of it; `None` = nothing below the limit.
    pub(crate) best: Option<(Vec<usize>, Value)>,
    /// All were looked at or excluded.
    pub(crate) complete: bool,
    pub(crate) nodes: u64,
}

struct Search<'a> {
    field: &'a Field<'a>,
    cuts: &'a [Priced],
    nodes: u64,
    nodes_at_most: u64,
    /// What has to be undercut.
    limit: Value,
    best: Option<(Vec<usize>, Value)>,
    /// `[candidate][resource]`: staff that it and those after it could free.
    freeable: Vec<Vec<i64>>,
    chosen: Vec<usize>,
    used: Vec<i64>,
    /// By cut: the sum over what is chosen so far, scaled.
    sums: Vec<Value>,
    /// The cut that excluded last is asked first.
    first: usize,
    /// The cut that says most of all choices: its prices of staff say which choice of a candidate to try first.
    guide: usize,
    size: Vec<i64>,
    /// By depth: the tier and the best prices found there, from which those below start.
    found_prices: Vec<Option<(usize, Vec<i64>)>>,
}

/// The cheapest choice below `limit` by the cuts.
pub(crate) fn search(field: &Field<'_>, cuts: &[Priced], limit: Value, nodes_at_most: u64) -> Found {
    let candidates = field.candidates.len();
    let mut freeable = vec![vec![0; field.free.len()]; candidates + 1];
    for c in (0..candidates).rev() {
        let after = freeable[c + 1].clone();
        for (r, (sum, after)) in freeable[c].iter_mut().zip(after).enumerate() {
            let most = field.candidates[c].choices.iter().map(|choice| -choice.uses[r]).max().unwrap_or(0);
            *sum = after + most.max(0);
        }
    }
    let mut search = Search {
        field,
        cuts,
        nodes: 0,
        nodes_at_most,
        limit,
        best: None,
        freeable,
        chosen: Vec::new(),
        used: vec![0; field.free.len()],
        sums: cuts.iter().map(|cut| cut.fixed).collect(),
        first: 0,
        guide: (0..cuts.len()).max_by_key(|&k| cuts[k].bound()).unwrap_or(0),
        size: sizes(field),
        found_prices: vec![None; candidates + 1],
    };
    let complete = search.descend();
    Found { best: search.best, complete, nodes: search.nodes }
}

impl Search<'_> {
    /// False when the work limit ended it.
    fn descend(&mut self) -> bool {
        if self.nodes >= self.nodes_at_most {
            return false;
        }
        self.nodes += 1;
        let c = self.chosen.len();
        let limit = scaled(self.limit);
        let excludes = |k: usize| plus(self.sums[k], self.cuts[k].rest[c]) >= limit;
        let count = self.cuts.len();
        if let Some(k) = (0..count).map(|k| (k + self.first) % count).find(|&k| excludes(k)) {
            self.first = k;
            return true;
        }
        let staffed = |r: usize| self.used[r] <= self.field.free[r].saturating_add(self.freeable[c][r]);
        if !(0..self.field.free.len()).all(staffed) {
            return true;
        }
        if c == self.field.candidates.len() {
            let says = self.cuts.iter().map(|cut| cut.last.read(cut.cut.at(&self.chosen))).max().unwrap_or([0; ALL]);
            if says < self.limit {
                self.limit = says;
                self.best = Some((self.chosen.clone(), says));
            }
            return true;
        }
        if self.field.candidates.len() - c >= WORTH_REPRICING && self.repriced_excludes(c, limit) {
            return true;
        }
        let mut order: Vec<usize> = (0..self.field.candidates[c].choices.len()).collect();
        if let Some(cut) = self.cuts.get(self.guide) {
            order.sort_by_key(|&k| cut.each[c][k]);
        }
        let mut complete = true;
        for k in order {
            self.step(c, k, 1);
            self.chosen.push(k);
            complete &= self.descend();
            self.chosen.pop();
            self.step(c, k, -1);
        }
        complete
    }

    /// Whether prices found for what is left at this node exclude it: by the cut that comes nearest.
    fn repriced_excludes(&mut self, c: usize, limit: Value) -> bool {
        let bound = |k: usize| plus(self.sums[k], self.cuts[k].rest[c]);
        let Some(nearest) = (0..self.cuts.len()).max_by_key(|&k| (bound(k), std::cmp::Reverse(k))) else {
            return false;
        };
        let at = bound(nearest);
        let Some(tier) = (0..ALL).find(|&t| at[t] != limit[t]).filter(|&t| limit[t] > i64::MIN / 8) else {
            return false;
        };
        self.nodes += REPRICING_COUNTS_AS;
        let priced = &self.cuts[nearest];
        let above = c.checked_sub(1).and_then(|above| self.found_prices[above].as_ref());
        let mut prices = match above.filter(|(of, _)| *of == tier) {
            Some((_, prices)) => prices.clone(),
            None if priced.tier == tier => priced.prices.clone(),
            None => vec![0; self.field.free.len()],
        };
        let mut best: Option<(Value, Vec<i64>)> = None;
        let mut failed = false;
        let value = |c: usize, k: usize| scaled(priced.last.read(priced.cut.each[c][k]));
        let so_far =
            self.chosen.iter().enumerate().fold(scaled(priced.cut.fixed), |sum, (c, &k)| plus(sum, value(c, k)));
        let left: Vec<i64> = self.field.free.iter().zip(&self.used).map(|(free, used)| free - used).collect();
        // Choices that the staff left does not carry, whatever else is freed, are none.
        let open: Vec<Vec<(Value, &[i64])>> = (c..self.field.candidates.len())
            .map(|c| {
                let choices = self.field.candidates[c].choices.iter().enumerate();
                let carried = |uses: &[i64]| {
                    let after = &self.freeable[self.chosen.len()];
                    uses.iter().zip(left.iter().zip(after)).all(|(u, (left, more))| *u <= left.saturating_add(*more))
                };
                choices.filter(|(_, h)| carried(&h.uses)).map(|(k, h)| (value(c, k), h.uses.as_slice())).collect()
            })
            .collect();
        for step in 0..REPRICING_STEPS {
            let cost = |uses: &[i64]| -> i64 {
                uses.iter().zip(&prices).fold(0, |sum: i64, (u, p)| sum.saturating_add(u.saturating_mul(*p)))
            };
            let mut bound = so_far;
            bound[tier] = bound[tier].saturating_sub(cost(&left));
            let mut short: Vec<i64> = left.iter().map(|x| -x).collect();
            for choices in &open {
                let least = choices.iter().map(|(value, uses)| {
                    let mut value = *value;
                    value[tier] = value[tier].saturating_add(cost(uses));
                    (value, *uses)
                });
                let Some((value, uses)) = least.min() else { return true };
                bound = plus(bound, value);
                for (sum, used) in short.iter_mut().zip(uses) {
                    *sum += used;
                }
            }
            if bound >= limit {
                return true;
            }
            if best.as_ref().is_none_or(|(before, _)| bound > *before) {
                best = Some((bound, prices.clone()));
            }
            let missing = limit[tier].saturating_sub(bound[tier]).max(SCALE);
            let share = 64 * (REPRICING_STEPS - step) / REPRICING_STEPS;
            failed = bound[..tier] < limit[..tier] || !reprice(&mut prices, &short, &self.size, missing, share);
            if failed {
                break;
            }
        }
        self.found_prices[c] = best.filter(|_| !failed).map(|(_, prices)| (tier, prices));
        false
    }

    fn step(&mut self, c: usize, k: usize, sign: i64) {
        for (sum, cut) in self.sums.iter_mut().zip(self.cuts) {
            let each = &cut.each[c][k];
            *sum = std::array::from_fn(|t| sum[t] + sign * each[t]);
        }
        for (used, more) in self.used.iter_mut().zip(&self.field.candidates[c].choices[k].uses) {
            *used += sign * more;
        }
    }
}
