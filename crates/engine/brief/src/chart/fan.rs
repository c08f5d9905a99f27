//! A forecast: 95 % and 50 % bands and the median, over days given as pixels.

use super::svg::{Canvas, Scale};
use crate::facts::FanDay;

/// A fan on its way into a chart: one x per day, in pixels.
#[derive(Debug)]
pub struct FanShape<'a> {
    /// The days, ascending.
    pub days: &'a [FanDay],
    /// The x of each.
    pub xs: &'a [f64],
}

impl FanShape<'_> {
    /// The largest value that is drawn.
    pub fn max(&self) -> f64 {
        self.days.iter().filter_map(|day| day.at(0.975).or_else(|| day.at(0.5))).fold(0.0, f64::max)
    }
    /// Draws the bands and the median. A day without its quantiles is a gap, never a straight line.
    pub fn draw(&self, canvas: &mut Canvas, y: Scale) {
        for (low, high, class) in [(0.025, 0.975, "f95"), (0.25, 0.75, "f50")] {
            for run in self.runs(&[low, high]) {
                let line = |level: f64| -> Vec<(f64, f64)> {
                    run.iter().filter_map(|(x, day)| Some((*x, y.px(day.at(level)?)))).collect()
                };
                canvas.area(&line(high), &line(low), class);
            }
        }
        for run in self.runs(&[0.5]) {
            let points: Vec<(f64, f64)> = run.iter().filter_map(|(x, day)| Some((*x, y.px(day.at(0.5)?)))).collect();
            canvas.polyline(&points, "med");
        }
    }
    /// The stretches in which every day has all these quantiles.
    fn runs(&self, levels: &[f64]) -> Vec<Vec<(f64, &FanDay)>> {
        let mut all: Vec<Vec<(f64, &FanDay)>> = vec![Vec::new()];
        for (x, day) in self.xs.iter().zip(self.days) {
            if levels.iter().all(|level| day.at(*level).is_some()) {
                if let Some(run) = all.last_mut() {
                    run.push((*x, day));
                }
            } else if all.last().is_some_and(|run| !run.is_empty()) {
                all.push(Vec::new());
            }
        }
        all
    }
}
