//! Small multiples: one shape and one axis for all, so that eyes can compare them.

use super::fan::FanShape;
use super::svg::{Canvas, Scale, ticks};
use crate::facts::{DistrictOutlook, LoadPanel};
use crate::lang::{DateStyle, Speaker};

/// Size of one small chart and the axis it shares with the others.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Width, pixels.
    pub width: f64,
    /// Height, pixels.
    pub height: f64,
    /// End of the y axis.
    pub max: f64,
    /// Who writes.
    pub speaker: Speaker,
}

const LEFT: f64 = 36.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 8.0;
const AXIS: f64 = 16.0;

impl Shape {
    fn y(&self) -> Scale {
        Scale { from: 0.0, to: self.max.max(1e-9), from_px: self.height - AXIS, to_px: TOP }
    }
    fn frame(&self, canvas: &mut Canvas, marks: &[f64], write: impl Fn(f64) -> String) {
        for mark in marks {
            let y = self.y().px(*mark);
            canvas.line(LEFT, y, self.width - RIGHT, y, if *mark > 0.0 { "gl" } else { "ax" });
            canvas.text(LEFT - 4.0, y + 4.0, &write(*mark), "tk", "end");
        }
    }
    fn days(&self, canvas: &mut Canvas, first: jiff::civil::Date, last: jiff::civil::Date) {
        canvas.text(LEFT, self.height - 3.0, &self.speaker.day(first, DateStyle::Short), "tk", "start");
        if last > first {
            canvas.text(self.width - RIGHT, self.height - 3.0, &self.speaker.day(last, DateStyle::Short), "tk", "end");
        }
    }
    fn hatched(&self, canvas: &mut Canvas) {
        canvas.rect(LEFT, TOP, self.width - LEFT - RIGHT, self.height - TOP - AXIS, "hx");
        let middle = (LEFT + self.width - RIGHT) / 2.0;
        let y = (TOP + self.height - AXIS) / 2.0 + 4.0;
        canvas.text(middle, y, self.speaker.unknown(), "lb halo", "middle");
    }
    #[expect(clippy::cast_precision_loss, reason = "a handful of days")]
    fn xs(&self, count: usize) -> Vec<f64> {
        let x = Scale {
            from: 0.0,
            to: count.saturating_sub(1).max(1) as f64,
            from_px: LEFT + 4.0,
            to_px: self.width - RIGHT - 4.0,
        };
        (0..count).map(|at| x.px(at as f64)).collect()
    }
}

/// The largest demand of these panels in percent of what is usable, at least 120 so that the line at 100 is seen.
#[expect(clippy::cast_precision_loss, reason = "counts of beds stay far below 2^52")]
pub fn load_max(panels: &[LoadPanel]) -> f64 {
    let largest = panels
        .iter()
        .flat_map(|panel| &panel.days)
        .filter_map(|day| Some((day.demand.value()?.high, *day.usable.value()? as f64)))
        .filter(|(_, usable)| *usable > 0.0)
        .map(|(demand, usable)| demand / usable * 100.0)
        .filter(|pct| pct.is_finite())
        .fold(120.0, f64::max);
    // Beyond six times what is usable the picture says no more; the panel's words and the table hold the figure.
    ticks(largest.min(600.0)).last().copied().unwrap_or(150.0)
}

/// Demand in percent of what is usable, day by day. The black line is 100 % = min(physical, staffed, equipped); what
/// lies above it is filled.
#[expect(clippy::cast_precision_loss, reason = "counts of beds stay far below 2^52")]
pub fn load(panel: &LoadPanel, shape: Shape, name: &str) -> String {
    let mut canvas = Canvas::default();
    let y = shape.y();
    let ticks: Vec<f64> = ticks(shape.max).into_iter().filter(|mark| *mark <= shape.max + 1e-6).collect();
    shape.frame(&mut canvas, &ticks, |mark| shape.speaker.percent(mark));
    let xs = shape.xs(panel.days.len());
    let drawn: Vec<(f64, f64, f64, f64)> = xs
        .iter()
        .zip(&panel.days)
        .filter_map(|(x, day)| {
            let (demand, usable) = (day.demand.value()?, *day.usable.value()? as f64);
            let pct = |people: f64| (people / usable * 100.0).clamp(0.0, shape.max);
            (usable > 0.0).then(|| (*x, pct(demand.low), pct(demand.median), pct(demand.high)))
        })
        .filter(|(_, low, median, high)| low.is_finite() && median.is_finite() && high.is_finite())
        .collect();
    if drawn.is_empty() {
        shape.hatched(&mut canvas);
    } else {
        let line = |pick: fn(&(f64, f64, f64, f64)) -> f64| -> Vec<(f64, f64)> {
            drawn.iter().map(|point| (point.0, y.px(pick(point)))).collect()
        };
        canvas.area(&line(|p| p.3), &line(|p| p.1), "f95");
        excess(&mut canvas, &drawn, y);
        canvas.polyline(&line(|p| p.2), "med");
        if let [only] = drawn[..] {
            canvas.dot(only.0, y.px(only.2), 2.4, "dot");
        }
        canvas.line(LEFT, y.px(100.0), shape.width - RIGHT, y.px(100.0), "cap");
    }
    if let (Some(first), Some(last)) = (panel.days.first(), panel.days.last()) {
        shape.days(&mut canvas, first.day, last.day);
    }
    canvas.finish(shape.width, shape.height, name)
}

/// Fills what lies between 100 % and a median above it; where the median crosses the line, the fill begins there.
fn excess(canvas: &mut Canvas, drawn: &[(f64, f64, f64, f64)], y: Scale) {
    for pair in drawn.windows(2) {
        let [(x1, _, a, _), (x2, _, b, _)] = [pair[0], pair[1]];
        if a <= 100.0 && b <= 100.0 {
            continue;
        }
        let crossing = x1 + (x2 - x1) * (100.0 - a) / if (b - a).abs() < 1e-9 { 1.0 } else { b - a };
        let (from, to) = match (a > 100.0, b > 100.0) {
            (true, true) => ((x1, a), (x2, b)),
            (false, _) => ((crossing, 100.0), (x2, b)),
            (_, false) => ((x1, a), (crossing, 100.0)),
        };
        let upper = [(from.0, y.px(from.1)), (to.0, y.px(to.1))];
        canvas.area(&upper, &[(from.0, y.px(100.0)), (to.0, y.px(100.0))], "ex");
    }
}

/// The largest value that the district charts draw.
#[expect(clippy::cast_precision_loss, reason = "counts of people stay far below 2^52")]
pub fn district_max<'a>(districts: impl Iterator<Item = &'a DistrictOutlook>) -> f64 {
    let mut largest: f64 = 1.0;
    for district in districts {
        let reported = district.reported.iter().filter_map(|(_, new)| new.value()).max().copied().unwrap_or(0) as f64;
        let fan = district.fan.value().map_or(0.0, |fan| FanShape { days: &fan.days, xs: &[] }.max());
        largest = largest.max(reported).max(fan);
    }
    ticks(largest).last().copied().unwrap_or(1.0)
}

/// One district: the last reported days as bars, then its fan.
#[expect(clippy::cast_precision_loss, reason = "counts of people stay far below 2^52")]
pub fn district(district: &DistrictOutlook, shape: Shape, name: &str) -> String {
    let mut canvas = Canvas::default();
    let y = shape.y();
    let marks = ticks(shape.max);
    let shown: Vec<f64> =
        [marks.first(), marks.get(marks.len() / 2), marks.last()].into_iter().flatten().copied().collect();
    shape.frame(&mut canvas, &shown, |mark| shape.speaker.number(mark, 0));
    let fan = district.fan.value().map(|fan| fan.days.as_slice()).unwrap_or_default();
    let reported = &district.reported;
    let xs = shape.xs(reported.len() + fan.len());
    let width = xs.get(1).zip(xs.first()).map_or(4.0, |(b, a)| (b - a) * 0.8).clamp(1.0, 12.0);
    if fan.is_empty() {
        shape.hatched(&mut canvas);
    }
    for (x, (_, new)) in xs.iter().zip(reported) {
        match new.value() {
            Some(new) => {
                let top = y.px(*new as f64);
                canvas.rect(x - width / 2.0, top, width, y.px(0.0) - top, "bar0");
            }
            None => canvas.rect(x - width / 2.0, TOP, width, y.px(0.0) - TOP, "hx"),
        }
    }
    if let Some(rest) = xs.get(reported.len()..) {
        FanShape { days: fan, xs: rest }.draw(&mut canvas, y);
    }
    let first = reported.first().map(|(day, _)| *day).or_else(|| fan.first().map(|day| day.day));
    let last = fan.last().map(|day| day.day).or_else(|| reported.last().map(|(day, _)| *day));
    if let (Some(first), Some(last)) = (first, last) {
        shape.days(&mut canvas, first, last);
    }
    canvas.finish(shape.width, shape.height, name)
}
