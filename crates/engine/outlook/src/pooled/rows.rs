//! Rows to learn from: every place at every week of the past, described as a live one would be, and what came after.

use crate::pooled::panel::{Panel, Step};
use crate::pooled::window::{self, WEEKS, Window};

/// One place at one moment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// Place, by its number in the panel.
    pub(crate) place: usize,
    /// Weeks before the newest period.
    pub(crate) age: usize,
    /// Newest week's count and the offset.
    pub(crate) base: f64,
    /// ln of the counts by week, newest first, the offset added.
    pub(crate) logs: [f64; WEEKS],
    /// The same of the companion; `None` without one.
    pub(crate) companion: Option<[f64; WEEKS]>,
    /// ln of the last days over those a week before, of the target and of the companion.
    pub(crate) tails: [f64; 2],
    /// ln of the newest week's count per 100,000 residents.
    pub(crate) incidence: f64,
    /// Mean newest growth of all places at that moment.
    pub(crate) common: f64,
    /// How the ratio to the companion two weeks before stands to its mean over eight weeks.
    pub(crate) gap: f64,
    /// Mean size of second differences: how jumpy the weeks are.
    pub(crate) noise: f64,
    /// Variance of ln(base) that comes from figures still being completed.
    pub(crate) extra_variance: f64,
}

/// One thing that a member may look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    /// Growth from week k+1 to week k before the moment.
    Growth(usize),
    /// Level per residents.
    Incidence,
    /// Mean growth of all places.
    Common,
    /// Growth of the companion from week k+1 to k; 0 without one.
    CompanionGrowth(usize),
    /// Ratio to the companion against its own recent mean; 0 without one.
    Gap,
    /// The last three days against the same days a week before.
    Tail,
    /// The same of the companion.
    CompanionTail,
    /// The newest week against the mean of the last eight.
    Relief,
    /// How jumpy the weeks are.
    Noise,
    /// ln of the newest week's count.
    Level,
    /// Size of the newest growth.
    Jolt,
}

/// Growths are clipped here: a factor of seven in a week is a change of counting.
const GROWTH_CLIP: f64 = 2.0;
/// Newest growths that enter the mean of all places are clipped here.
const COMMON_CLIP: f64 = 1.5;
/// Residents of a place that does not state them: of the order of a region.
const RESIDENTS: f64 = 1e7;
/// Weeks over which the mean ratio to the companion is taken.
const GAP_WEEKS: usize = 8;
/// Second differences in the measure of noise.
const NOISE_TERMS: usize = 7;

impl Row {
    /// The value of a feature.
    pub(crate) fn feature(&self, feature: Feature) -> f64 {
        let growth = |logs: &[f64; WEEKS], k: usize| (logs[k] - logs[k + 1]).clamp(-GROWTH_CLIP, GROWTH_CLIP);
        match feature {
            Feature::Growth(k) => growth(&self.logs, k),
            Feature::Incidence => self.incidence,
            Feature::Common => self.common,
            Feature::CompanionGrowth(k) => self.companion.as_ref().map_or(0.0, |logs| growth(logs, k)),
            Feature::Gap => self.gap,
            Feature::Tail => self.tails[0].clamp(-GROWTH_CLIP, GROWTH_CLIP),
            Feature::CompanionTail => self.tails[1].clamp(-GROWTH_CLIP, GROWTH_CLIP),
            Feature::Relief => self.logs[0] - self.logs[..8].iter().sum::<f64>() / 8.0,
            Feature::Noise => (0.03 + self.noise).ln(),
            Feature::Level => self.logs[0],
            Feature::Jolt => (self.logs[0] - self.logs[1]).abs().min(GROWTH_CLIP),
        }
    }
}

/// All rows of a panel.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    /// Rows of the past, the newest first, in a week by place.
    pub(crate) past: Vec<Row>,
    /// One live row for each place.
    pub(crate) live: Vec<Row>,
    /// The window that each live row came from.
    pub(crate) windows: Vec<Window>,
    /// Added to counts before their logarithm is taken.
    pub(crate) offset: f64,
}

/// Offset of the companion: it is the more numerous one.
const COMPANION_OFFSET: f64 = 5.0;
/// Weeks of reports that a row needs.
pub(crate) const ROW_NEEDS_WEEKS: usize = 4;
/// Weeks beyond the twelve of a window from which on rows ask for whole windows.
const LONG_PANEL_WEEKS: usize = 26;

/// Makes the rows. `live` windows may have been corrected by the caller; they are taken as they are.
pub(crate) fn rows(panel: &Panel, offset: f64, live: &[Live]) -> Rows {
    let per_week = panel.step.per_week();
    let longest = panel.places.iter().map(|p| p.values.len()).max().unwrap_or(0);
    // A short panel cannot afford to wait for whole windows.
    let needs =
        if longest >= (WEEKS + LONG_PANEL_WEEKS) * per_week { WEEKS * per_week } else { ROW_NEEDS_WEEKS * per_week };
    let oldest = longest.saturating_sub(needs + usize::from(panel.step == Step::Day)) / per_week;
    let mut out = Rows { past: vec![], live: vec![], windows: vec![], offset };
    // The ratio to the companion by age and place: the gap needs the weeks before.
    let mut ratios: Vec<Vec<f64>> = Vec::with_capacity(oldest + 1);
    for age in 0..=oldest {
        let seen = panel.places.iter().enumerate();
        let rows = seen.map(|(nth, place)| {
            let own = match (age, live.get(nth)) {
                (0, Some(live)) => live.window.clone(),
                _ => window::window(&place.values, panel.step, age),
            };
            let ahead = (!place.companion.is_empty()).then(|| window::window(&place.companion, panel.step, age));
            (own, ahead)
        });
        let windows: Vec<(Window, Option<Window>)> = rows.collect();
        let mut rows: Vec<Row> = windows
            .iter()
            .enumerate()
            .map(|(nth, (own, ahead))| row(panel, nth, age, own, ahead.as_ref(), offset))
            .collect();
        let common = common(&rows, &windows);
        rows.iter_mut().for_each(|row| row.common = common);
        if age == 0 {
            for (row, live) in rows.iter_mut().zip(live) {
                row.extra_variance = live.extra_variance;
            }
            out.windows = windows.iter().map(|w| w.0.clone()).collect();
            out.live = rows.clone();
        } else {
            let usable = |(row, (own, _)): &(&Row, &(Window, Option<Window>))| {
                own.known >= ROW_NEEDS_WEEKS && (panel.step == Step::Day || reported(panel, row.place, age))
            };
            out.past.extend(rows.iter().zip(&windows).filter(usable).map(|(row, _)| row.clone()));
        }
        ratios.push(rows.iter().map(ratio).collect());
    }
    let gap = |row: &Row| {
        if row.companion.is_none() {
            return 0.0;
        }
        let recent: Vec<f64> =
            ratios.iter().skip(row.age).take(GAP_WEEKS).filter_map(|g| g.get(row.place).copied()).collect();
        let mean = recent.iter().sum::<f64>() / recent.len().max(1) as f64;
        (ratio(row) - mean).clamp(-GROWTH_CLIP, GROWTH_CLIP)
    };
    for row in out.past.iter_mut().chain(&mut out.live) {
        row.gap = gap(row);
    }
    out
}

/// What is known of a place now, after whatever corrections.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Live {
    /// The window that ends in the newest period, or in the newest that the place has (weekly).
    pub(crate) window: Window,
    /// See [`Row::extra_variance`].
    pub(crate) extra_variance: f64,
}

/// Whether a weekly place had reported the weeks that a row needs.
fn reported(panel: &Panel, place: usize, age: usize) -> bool {
    let values = panel.places.get(place).map_or(&[][..], |p| &p.values);
    let end = values.len().saturating_sub(age);
    end >= ROW_NEEDS_WEEKS && values[end - ROW_NEEDS_WEEKS..end].iter().all(Option::is_some)
}

fn row(panel: &Panel, nth: usize, age: usize, own: &Window, ahead: Option<&Window>, offset: f64) -> Row {
    let logs = own.weeks.map(|w| (w.max(0.0) + offset).ln());
    let residents = panel.places.get(nth).and_then(|p| p.residents).filter(|r| *r >= 1.0).unwrap_or(RESIDENTS);
    let second = |k: usize| (logs[k] - 2.0 * logs[k + 1] + logs[k + 2]).clamp(-GROWTH_CLIP, GROWTH_CLIP).abs();
    Row {
        place: nth,
        age,
        base: own.weeks[0].max(0.0) + offset,
        logs,
        companion: ahead.map(|w| w.weeks.map(|w| (w.max(0.0) + COMPANION_OFFSET).ln())),
        tails: [own.tail, ahead.map_or(0.0, |w| w.tail)],
        incidence: (1e5 * (own.weeks[0].max(0.0) + offset) / residents).ln(),
        common: 0.0,
        gap: 0.0,
        noise: (0..NOISE_TERMS).map(second).sum::<f64>() / NOISE_TERMS as f64,
        extra_variance: 0.0,
    }
}

/// ln ratio of the newest week to the companion's week two weeks before.
fn ratio(row: &Row) -> f64 {
    row.companion.as_ref().map_or(0.0, |ahead| row.logs[0] - ahead[2])
}

/// Mean newest growth, larger places weighing more; places that had not begun do not count.
fn common(rows: &[Row], windows: &[(Window, Option<Window>)]) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for (row, _) in rows.iter().zip(windows).filter(|(_, (own, _))| own.known > 1) {
        let weight = row.base.sqrt();
        sum += weight * (row.logs[0] - row.logs[1]).clamp(-COMMON_CLIP, COMMON_CLIP);
        weights += weight;
    }
    if weights > 0.0 { sum / weights } else { 0.0 }
}
