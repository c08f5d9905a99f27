//! What trees find in the residuals of a ridge, over all weeks ahead at once.

use crate::pooled::boost::{self, Binned, Lessons};
use crate::pooled::linear::Table;
use crate::pooled::member::{self, Lesson};
use crate::pooled::recipe::{Correction, RidgeMember};
use crate::pooled::rows::{Row, Rows};
use std::collections::BTreeMap;

/// Means by lead: fitted for the rows of each lesson, then for the live rows.
pub(crate) type Means = BTreeMap<i64, (Vec<f64>, Vec<f64>)>;

/// Means of a ridge with what trees find in its residuals, over all weeks ahead at once. Trees have seen the rows that they are
/// fitted to: with all of it taken off, residuals would look smaller than errors are; see [`Correction::credit`].
pub(crate) fn corrected(rows: &Rows, lessons: &BTreeMap<i64, Lesson>, ridge: &RidgeMember, how: &Correction) -> Means {
    let mut means: Means = lessons.iter().map(|(lead, lesson)| (*lead, member::means(rows, lesson, ridge))).collect();
    if lessons.values().any(|lesson| lesson.rows.len() < how.fewest_rows) {
        return means;
    }
    let columns = how.features.len() + 1;
    let describe =
        |row: &Row, weeks: f64| -> Vec<f64> { how.features.iter().map(|f| row.feature(*f)).chain([weeks]).collect() };
    let mut past = Table { cells: vec![], columns };
    let mut live = Table { cells: vec![], columns };
    let (mut response, mut weights) = (vec![], vec![]);
    for (lead, lesson) in lessons {
        let scale = lesson.weeks_ahead.powf(how.horizon_power);
        let fitted = means.get(lead).map_or(&[][..], |m| &m.0);
        for ((nth, z), mean) in lesson.rows.iter().zip(&lesson.response).zip(fitted) {
            let Some(row) = rows.past.get(*nth) else { continue };
            past.cells.extend(describe(row, lesson.weeks_ahead));
            response.push((z - mean) / scale);
            weights.push(member::decay(row.age, how.half_life_weeks) * row.base.powf(how.size_power));
        }
        for row in &rows.live {
            live.cells.extend(describe(row, lesson.weeks_ahead));
        }
    }
    let mean = weights.iter().sum::<f64>() / weights.len().max(1) as f64;
    weights.iter_mut().for_each(|w| *w /= mean);
    let mut sizes: Vec<f64> = response.iter().map(|r: &f64| r.abs()).collect();
    let limit = (HUBER * 1.4826 * crate::quantile::median(&mut sizes).unwrap_or(0.0)).max(1e-6);
    let binned = Binned::of(&past, response.len());
    let from = Lessons { rows: &binned, response: &response, weights: &weights };
    let (found, now) = boost::boost(&from, limit, &how.boosting, &live, how.seed);
    let (mut at_past, mut at_live) = (0, 0);
    for (lead, lesson) in lessons {
        let Some((fitted, ahead)) = means.get_mut(lead) else { continue };
        let scale = lesson.weeks_ahead.powf(how.horizon_power);
        for mean in fitted {
            *mean += how.credit * found.get(at_past).copied().unwrap_or(0.0) * scale;
            at_past += 1;
        }
        for mean in ahead {
            *mean += now.get(at_live).copied().unwrap_or(0.0) * scale;
            at_live += 1;
        }
    }
    means
}

/// Limit of residuals in robust standard deviations.
const HUBER: f64 = 1.5;
