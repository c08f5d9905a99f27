//! New infections by day, what is forecast after them, and under both the share found in the community.

use super::fan::FanShape;
use super::svg::{Canvas, Scale, ticks};
use crate::facts::{CityDay, CityPartDay, FanDay, MedianPoint, SharePoint};
use crate::lang::{DateStyle, Lang, Speaker};
use jiff::civil::Date;

/// What an epi curve shows. Values are people.
#[derive(Debug)]
pub struct EpiCurve<'a> {
    /// Full days, ascending.
    pub days: &'a [CityDay],
    /// The day that is not over.
    pub part_day: Option<&'a CityPartDay>,
    /// Forecast, ascending; empty = none.
    pub forecast: &'a [FanDay],
    /// Medians of an earlier forecast.
    pub earlier: &'a [MedianPoint],
    /// Shares found in the community, drawn in a strip of their own; empty = no strip.
    pub shares: &'a [SharePoint],
    /// Whether the forecast is synthetic; its heading then carries the mark.
    pub synthetic: bool,
    /// Width, pixels.
    pub width: f64,
    /// Height, pixels.
    pub height: f64,
    /// Who writes.
    pub speaker: Speaker,
}

/// Room for "1,000,000" before the axis.
const LEFT: f64 = 58.0;
/// Room for "95% 123,456" at the end of the fan.
const RIGHT: f64 = 86.0;
const TOP: f64 = 14.0;
const AXIS: f64 = 18.0;
const STRIP: f64 = 64.0;

impl EpiCurve<'_> {
    /// Draws it; `name` is its finding.
    #[expect(clippy::cast_precision_loss, reason = "days and people stay far below 2^52")]
    pub fn draw(&self, name: &str) -> String {
        let mut canvas = Canvas::default();
        let Some(first) = self.days.first().map(|day| day.day).or_else(|| self.forecast.first().map(|day| day.day))
        else {
            return canvas.finish(self.width, self.height, name);
        };
        let slots = self.slots(first);
        let x = Scale { from: 0.0, to: slots, from_px: LEFT, to_px: self.width - RIGHT };
        let at = |day: Date| x.px(f64::from(first.until(day).map_or(0, |span| span.get_days())));
        let width = x.px(1.0) - x.px(0.0);
        let xs: Vec<f64> = self.forecast.iter().map(|day| at(day.day) + width / 2.0).collect();
        let fan = FanShape { days: self.forecast, xs: &xs };
        let counted = self.days.iter().filter_map(|day| day.new.value()).max().copied().unwrap_or(0) as f64;
        let part = self.part_day.and_then(|part| part.new.value()).copied().unwrap_or(0) as f64;
        let marks = ticks(counted.max(fan.max()).max(part));
        let strip = if self.shares.is_empty() { 0.0 } else { STRIP };
        let bottom = self.height - AXIS - strip;
        let y = Scale { from: 0.0, to: marks.last().copied().unwrap_or(1.0), from_px: bottom, to_px: TOP };
        let decimals = u8::from(marks.get(1).is_some_and(|step| step.fract() > 1e-9));
        for mark in &marks {
            canvas.line(LEFT, y.px(*mark), self.width - RIGHT, y.px(*mark), if *mark > 0.0 { "gl" } else { "ax" });
            canvas.text(LEFT - 5.0, y.px(*mark) + 4.0, &self.speaker.number(*mark, decimals), "tk", "end");
        }
        self.bars(&mut canvas, &at, y, width);
        fan.draw(&mut canvas, y);
        let in_view = |day: Date| day >= first && f64::from(first.until(day).map_or(0, |s| s.get_days())) < slots;
        let earlier: Vec<(f64, f64)> = self
            .earlier
            .iter()
            .filter(|point| point.median.is_finite() && point.median <= y.to && in_view(point.day))
            .map(|point| (at(point.day) + width / 2.0, y.px(point.median)))
            .collect();
        canvas.polyline(&earlier, "old");
        if !earlier.is_empty()
            && let Some((px, py)) = earlier.last()
        {
            let label = self.speaker.lang.pick("上周预测", "last week's median");
            // Under the end of its line and left of it, unless it would run into the reported bars.
            let frontier = self.forecast.first().map_or(LEFT, |day| at(day.day));
            let left = px - frontier > crate::rich::ems(label) * 11.0 + 8.0;
            let (x, anchor) = if left { (*px, "end") } else { (px + 4.0, "start") };
            canvas.text(x, (py + 18.0).min(bottom - 3.0), label, "tk halo", anchor);
        }
        self.frontier(&mut canvas, &at, bottom);
        self.end_labels(&mut canvas, y);
        self.date_axis(&mut canvas, first, slots, &at, width);
        if strip > 0.0 {
            self.share_strip(&mut canvas, &at, width, &in_view);
        }
        canvas.finish(self.width, self.height, name)
    }

    fn slots(&self, first: Date) -> f64 {
        let days = [self.days.last().map(|day| day.day), self.forecast.last().map(|day| day.day), self.part_date()];
        let last = days.into_iter().flatten().max().unwrap_or(first);
        f64::from(first.until(last).map_or(0, |span| span.get_days()).clamp(0, 400)) + 1.0
    }

    fn part_date(&self) -> Option<Date> {
        self.part_day.map(|part| part.period.start().date())
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of people stay far below 2^52")]
    fn bars(&self, canvas: &mut Canvas, at: &dyn Fn(Date) -> f64, y: Scale, width: f64) {
        let gap = (width * 0.12).clamp(0.5, 2.0);
        let zero = y.px(0.0);
        let bar = |canvas: &mut Canvas, day: Date, from: f64, to: f64, class: &str| {
            canvas.rect(at(day) + gap / 2.0, y.px(to), width - gap, y.px(from) - y.px(to), class);
        };
        for day in self.days {
            let Some(new) = day.new.value().map(|new| *new as f64) else {
                // No height would be true, so the whole of the day is hatched.
                canvas.rect(at(day.day) + gap / 2.0, TOP, width - gap, zero - TOP, "hx");
                canvas.text(at(day.day) + width / 2.0, zero - 5.0, "?", "lb halo", "middle");
                continue;
            };
            match (day.community.value(), day.managed.value()) {
                (Some(community), Some(managed)) if *community as f64 + *managed as f64 <= new + 0.5 => {
                    let (community, both) = (*community as f64, *community as f64 + *managed as f64);
                    bar(canvas, day.day, 0.0, community, "barc");
                    bar(canvas, day.day, community, both, "barm");
                    bar(canvas, day.day, both, new, "hx");
                }
                _ => bar(canvas, day.day, 0.0, new, "bar0"),
            }
        }
        if let (Some(day), Some(new)) = (self.part_date(), self.part_day.and_then(|part| part.new.value())) {
            bar(canvas, day, 0.0, *new as f64, "barp");
        }
        let last = self.days.iter().rev().find_map(|day| Some((day.day, *day.new.value()?)));
        if let Some((day, new)) = last {
            let right = at(day) + width;
            canvas.text(right - 1.0, y.px(new as f64) - 5.0, &self.speaker.count(new), "lb halo", "end");
        }
    }

    fn frontier(&self, canvas: &mut Canvas, at: &dyn Fn(Date) -> f64, bottom: f64) {
        let Some(first) = self.forecast.first() else { return };
        let x = at(first.day);
        canvas.line(x, 6.0, x, bottom, "now");
        let mark = if self.synthetic { "ˢ" } else { "" };
        if !self.days.is_empty() {
            canvas.text(x - 4.0, 11.0, self.speaker.lang.pick("已报", "reported"), "halo", "end");
        }
        canvas.text(x + 4.0, 11.0, &format!("{}{mark}", self.speaker.lang.pick("预测", "forecast")), "halo", "start");
    }

    /// The ends of the fan, written where they end and never over one another.
    fn end_labels(&self, canvas: &mut Canvas, y: Scale) {
        let Some(last) = self.forecast.last() else { return };
        let x = self.width - RIGHT + 6.0;
        let labels = [(0.975, "tk", "95% "), (0.5, "lb", ""), (0.025, "tk", "")];
        let mut floor = f64::NEG_INFINITY;
        for (level, class, before) in labels {
            if let Some(value) = last.at(level) {
                let at = (y.px(value) + 4.0).max(floor + 12.0);
                canvas.text(x, at, &format!("{before}{}", self.speaker.number(value.round(), 0)), class, "start");
                floor = at;
            }
        }
    }

    fn date_axis(&self, canvas: &mut Canvas, first: Date, slots: f64, at: &dyn Fn(Date) -> f64, width: f64) {
        let every = if slots > 42.0 { 14 } else { 7 };
        let mut day = first;
        while f64::from(first.until(day).map_or(i32::MAX, |span| span.get_days())) < slots {
            let middle = at(day) + width / 2.0;
            let (x, anchor) = if day == first { (at(day), "start") } else { (middle, "middle") };
            canvas.text(x, self.height - 4.0, &self.speaker.day(day, DateStyle::Short), "tk", anchor);
            match day.checked_add(jiff::Span::new().days(every)) {
                Ok(next) => day = next,
                Err(_) => break,
            }
        }
    }

    fn share_strip(&self, canvas: &mut Canvas, at: &dyn Fn(Date) -> f64, width: f64, in_view: &dyn Fn(Date) -> bool) {
        let (top, bottom) = (self.height - AXIS - STRIP + 18.0, self.height - AXIS);
        let known: Vec<(Date, f64)> = self
            .shares
            .iter()
            .filter(|point| in_view(point.day))
            .filter_map(|point| Some((point.day, *point.percent.value()?)))
            .filter(|(_, percent)| percent.is_finite())
            .collect();
        let marks = ticks(known.iter().map(|(_, percent)| *percent).fold(10.0, f64::max));
        let end = marks.last().copied().unwrap_or(100.0);
        let y = Scale { from: 0.0, to: end, from_px: bottom, to_px: top };
        for mark in [0.0, end] {
            canvas.line(LEFT, y.px(mark), self.width - RIGHT, y.px(mark), if mark > 0.0 { "gl" } else { "ax" });
            canvas.text(LEFT - 5.0, y.px(mark) + 4.0, &self.speaker.percent(mark), "tk", "end");
        }
        for pair in known.windows(2) {
            let [(a, first), (b, second)] = [pair[0], pair[1]];
            let next = a.tomorrow().is_ok_and(|next| next == b);
            // A missing day is bridged by dots, never by a line.
            let points = [(at(a) + width / 2.0, y.px(first)), (at(b) + width / 2.0, y.px(second))];
            canvas.polyline(&points, if next { "shr" } else { "gap" });
        }
        for (day, percent) in &known {
            canvas.dot(at(*day) + width / 2.0, y.px(*percent), 2.4, "dot");
        }
        if let Some((day, percent)) = known.last() {
            let text = match self.speaker.lang {
                Lang::Zh => format!("社会面{}", self.speaker.percent(*percent)),
                Lang::En => format!("community {}", self.speaker.percent(*percent)),
            };
            canvas.text(at(*day) + width + 3.0, y.px(*percent) + 4.0, &text, "lb halo", "start");
        }
    }
}
