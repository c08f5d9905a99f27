//! Age of data against its limit: a bar with a tick, hatched where nothing ever came.

use super::svg::Canvas;

/// A bar of `age` hours against `limit`; `longest` hours fill the width. All in hours.
pub fn bar(age: Option<f64>, limit: Option<f64>, longest: f64, width: f64, name: &str) -> String {
    let mut canvas = Canvas::default();
    let px = |hours: f64| (hours / longest.max(1.0) * (width - 2.0)).clamp(0.0, width - 2.0);
    match age.filter(|age| age.is_finite()) {
        Some(age) => {
            let old = limit.is_some_and(|limit| age > limit);
            canvas.rect(0.0, 3.0, px(age).max(1.0), 8.0, if old { "ag-old" } else { "ag" });
        }
        None => canvas.rect(0.0, 3.0, width - 2.0, 8.0, "hx"),
    }
    if let Some(limit) = limit.filter(|limit| limit.is_finite()) {
        canvas.line(px(limit), 0.0, px(limit), 14.0, "cap");
    }
    canvas.finish(width, 14.0, name)
}
