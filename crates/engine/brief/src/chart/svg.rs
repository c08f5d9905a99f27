//! What every chart is made of: a canvas, a linear scale, round ticks.

use crate::html::esc;
use std::fmt::Write as _;

/// A drawing under way. Sizes are CSS pixels.
#[derive(Debug, Default)]
pub struct Canvas(String);

impl Canvas {
    /// A rectangle of a class; nothing for one without width or height.
    pub fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, class: &str) {
        if width > 0.0 && height > 0.0 && [x, y, width, height].iter().all(|v| v.is_finite()) {
            let _ = write!(
                self.0,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" class=\"{class}\"/>"
            );
        }
    }
    /// A line of a class.
    pub fn line(&mut self, x1: f64, y1: f64, x2: f64, y2: f64, class: &str) {
        if [x1, y1, x2, y2].iter().all(|v| v.is_finite()) {
            let _ =
                write!(self.0, "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" class=\"{class}\"/>");
        }
    }
    /// A text of a class; `anchor` is start, middle or end.
    pub fn text(&mut self, x: f64, y: f64, text: &str, class: &str, anchor: &str) {
        if x.is_finite() && y.is_finite() {
            let text = esc(text);
            let _ = write!(
                self.0,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\" text-anchor=\"{anchor}\">{text}</text>"
            );
        }
    }
    /// A line through points; points that are not finite end it and a new one begins after them.
    pub fn polyline(&mut self, points: &[(f64, f64)], class: &str) {
        let d = path(points);
        if !d.is_empty() {
            let _ = write!(self.0, "<path d=\"{d}\" class=\"{class}\"/>");
        }
    }
    /// An area between an upper and a lower line over the same x.
    pub fn area(&mut self, upper: &[(f64, f64)], lower: &[(f64, f64)], class: &str) {
        let around: Vec<(f64, f64)> = upper.iter().chain(lower.iter().rev()).copied().collect();
        if upper.len() > 1 && around.iter().all(|(x, y)| x.is_finite() && y.is_finite()) {
            let _ = write!(self.0, "<path d=\"{}z\" class=\"{class}\"/>", path(&around));
        }
    }
    /// A dot.
    pub fn dot(&mut self, x: f64, y: f64, radius: f64, class: &str) {
        if x.is_finite() && y.is_finite() {
            let _ = write!(self.0, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" class=\"{class}\"/>");
        }
    }
    /// The finished image; `name` is its finding, read by those who do not see it.
    pub fn finish(self, width: f64, height: f64, name: &str) -> String {
        format!(
            "<svg viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\" aria-label=\"{}\">{}</svg>",
            esc(name),
            self.0
        )
    }
}

fn path(points: &[(f64, f64)]) -> String {
    let mut d = String::new();
    let mut pen = 'M';
    for (x, y) in points {
        if x.is_finite() && y.is_finite() {
            let _ = write!(d, "{pen}{x:.1} {y:.1}");
            pen = 'L';
        } else {
            pen = 'M';
        }
    }
    d
}

/// The pattern of what is unknown; once in a page, before the first chart.
pub const HATCH: &str = "<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\" focusable=\"false\"><defs>\
<pattern id=\"hx\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
<rect width=\"5\" height=\"5\" fill=\"#F3F3F0\"/><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"5\" stroke=\"#858B93\" stroke-width=\"1.6\"/>\
</pattern></defs></svg>";

/// A linear scale from values to pixels.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Value at `from_px`.
    pub from: f64,
    /// Value at `to_px`.
    pub to: f64,
    /// Pixel of `from`.
    pub from_px: f64,
    /// Pixel of `to`.
    pub to_px: f64,
}

impl Scale {
    /// The pixel of a value.
    pub fn px(&self, value: f64) -> f64 {
        self.from_px + (value - self.from) / (self.to - self.from) * (self.to_px - self.from_px)
    }
}

/// Round ticks from 0 to at or above `max`: three to five of them, the last one the end of the axis. Nothing is ever
/// cut off by an axis.
pub fn ticks(max: f64) -> Vec<f64> {
    let max = if max.is_finite() && max > 0.0 { max.min(1e15) } else { 1.0 };
    let power = 10f64.powf((max / 4.0).log10().floor());
    let mut step = power;
    for factor in [1.0, 2.0, 2.5, 5.0, 10.0] {
        step = power * factor;
        if max / step <= 4.0 {
            break;
        }
    }
    if step < 1.0 && max >= 1.0 {
        step = 1.0;
    }
    let mut all = vec![0.0];
    let mut at = 0.0;
    while at < max - 1e-9 * max && all.len() < 8 {
        at += step;
        all.push(at);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_few_and_reach_above_the_largest_value() {
        assert_eq!(ticks(9_692.0), [0.0, 2_500.0, 5_000.0, 7_500.0, 10_000.0]);
        assert_eq!(ticks(10_000.0).last(), Some(&10_000.0));
        assert_eq!(ticks(3.0), [0.0, 1.0, 2.0, 3.0]);
        for max in [0.0, f64::NAN, f64::INFINITY, 1.0, 7.0, 4_666.0, 123_456.0, 1e300] {
            let all = ticks(max);
            assert!((2..=6).contains(&all.len()), "{max}: {all:?}");
        }
    }
}
