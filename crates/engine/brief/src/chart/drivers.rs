//! What drove a change: one bar a driver, to the right of the middle line for more, to the left for fewer.

use super::svg::{Canvas, Scale};

const ROW: f64 = 17.0;

/// Draws signed contributions, each with its name and its figure as written, in the order given. `name` is the finding.
pub fn drivers(rows: &[(String, f64, String)], width: f64, name: &str) -> String {
    let mut canvas = Canvas::default();
    let most = rows.iter().map(|row| row.1.abs()).filter(|v| v.is_finite()).fold(1e-9, f64::max);
    let (left, right) = (width * 0.42, width - 66.0);
    let x = Scale { from: -most, to: most, from_px: left, to_px: right };
    let height = ROW * rows.len() as f64 + 6.0;
    for (at, (label, value, written)) in rows.iter().enumerate() {
        let y = 3.0 + ROW * at as f64;
        canvas.text(0.0, y + 12.0, label, "", "start");
        if value.is_finite() {
            let (from, to) = (x.px(value.min(0.0)), x.px(value.max(0.0)));
            canvas.rect(from, y + 3.0, to - from, ROW - 6.0, if *value > 0.0 { "barc" } else { "barm" });
        }
        canvas.text(width, y + 12.0, written, "", "end");
    }
    canvas.line(x.px(0.0), 0.0, x.px(0.0), height, "ax");
    canvas.finish(width, height, name)
}
