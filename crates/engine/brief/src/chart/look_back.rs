//! An earlier forecast and what came: the fan as it was issued, the outcomes as dots over it.

use super::fan::FanShape;
use super::svg::{Canvas, Scale, ticks};
use crate::facts::LookBack;
use crate::lang::{DateStyle, Speaker};
use jiff::civil::Date;

/// Size of one chart. Each has an axis of its own: what counts is where the dots lie within their own fan.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Width, pixels.
    pub width: f64,
    /// Height, pixels.
    pub height: f64,
    /// Whether there is room for words and for every mark of the axis.
    pub words: bool,
    /// Who writes.
    pub speaker: Speaker,
}

const TOP: f64 = 16.0;
const AXIS: f64 = 16.0;

/// Round marks of an axis that holds all that is drawn.
#[expect(clippy::cast_precision_loss, reason = "counts of people stay far below 2^52")]
fn marks(look: &LookBack) -> Vec<f64> {
    let came = look.came.iter().filter_map(|(_, came)| came.value()).max().copied().unwrap_or(0) as f64;
    // Whole people: an axis of less than one would mark nothing but noughts.
    ticks(came.max(FanShape { days: &look.fan.days, xs: &[] }.max()).max(1.0))
}

/// Draws it; `name` is its finding.
#[expect(clippy::cast_precision_loss, reason = "counts of people stay far below 2^52")]
pub fn look_back(look: &LookBack, frame: Frame, name: &str) -> String {
    let mut canvas = Canvas::default();
    let (left, right) = if frame.words { (52.0, 12.0) } else { (46.0, 8.0) };
    let marks = marks(look);
    let end = marks.last().copied().unwrap_or(1.0);
    let y = Scale { from: 0.0, to: end, from_px: frame.height - AXIS, to_px: TOP };
    let shown: Vec<f64> = if frame.words {
        marks
    } else {
        [marks.first(), marks.get(marks.len() / 2), marks.last()].into_iter().flatten().copied().collect()
    };
    for mark in &shown {
        canvas.line(left, y.px(*mark), frame.width - right, y.px(*mark), if *mark > 0.0 { "gl" } else { "ax" });
        canvas.text(left - 4.0, y.px(*mark) + 4.0, &frame.speaker.number(*mark, 0), "tk", "end");
    }
    let days = look.came.iter().map(|(day, _)| *day).chain(look.fan.days.iter().map(|day| day.day));
    let (Some(first), Some(last)) = (days.clone().min(), days.max()) else {
        return canvas.finish(frame.width, frame.height, name);
    };
    let slots = f64::from(first.until(last).map_or(0, |span| span.get_days())) + 1.0;
    let x = Scale { from: 0.0, to: slots, from_px: left, to_px: frame.width - right };
    let width = x.px(1.0) - x.px(0.0);
    let middle = |day: Date| x.px(f64::from(first.until(day).map_or(0, |span| span.get_days())) + 0.5);
    let xs: Vec<f64> = look.fan.days.iter().map(|day| middle(day.day)).collect();
    for (day, came) in look.came.iter().filter(|(day, _)| *day <= look.data_until) {
        let (from, wide) = (middle(*day) - width * 0.4, width * 0.8);
        match came.value() {
            Some(came) => canvas.rect(from, y.px(*came as f64), wide, y.px(0.0) - y.px(*came as f64), "bar0"),
            None => canvas.rect(from, TOP, wide, y.px(0.0) - TOP, "hx"),
        }
    }
    FanShape { days: &look.fan.days, xs: &xs }.draw(&mut canvas, y);
    let radius = if frame.words { 3.2 } else { 2.3 };
    for (day, came) in look.came.iter().filter(|(day, _)| *day > look.data_until) {
        let at = middle(*day);
        match (came.value(), look.inside(*day, came.value().copied())) {
            // A ring is a day that the 95 % interval missed: told by its form, not by its colour alone.
            (Some(came), Some(false)) => canvas.dot(at, y.px(*came as f64), radius + 0.6, "miss"),
            (Some(came), _) => canvas.dot(at, y.px(*came as f64), radius, "came"),
            (None, _) => canvas.text(at, y.px(0.0) - 4.0, "?", "lb halo", "middle"),
        }
    }
    let frontier = middle(look.data_until) + width / 2.0;
    canvas.line(frontier, 4.0, frontier, y.px(0.0), "now");
    if frame.words {
        canvas.text(frontier - 4.0, 11.0, frame.speaker.lang.pick("当时已知", "known then"), "tk halo", "end");
        canvas.text(
            frontier + 4.0,
            11.0,
            frame.speaker.lang.pick("预测与结果", "forecast and outcome"),
            "tk halo",
            "start",
        );
    }
    canvas.text(left, frame.height - 3.0, &frame.speaker.day(first, DateStyle::Short), "tk", "start");
    canvas.text(frame.width - right, frame.height - 3.0, &frame.speaker.day(last, DateStyle::Short), "tk", "end");
    canvas.finish(frame.width, frame.height, name)
}
