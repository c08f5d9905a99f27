//! What the planner is asked beside transfers and beds: from what the city knows, its outlook and its parameters.

pub(crate) mod openings;
pub(crate) mod rooms;
pub(crate) mod runs;
pub(crate) mod testing;

use crate::day::Why;
use crate::day::known::KnownCity;
use jiff::civil::Date;

/// A parameter in force, or why the part cannot be planned.
pub(crate) fn parameter(known: &KnownCity, id: &str, day: Date) -> Result<f64, Why> {
    known.parameters.in_force(id, day).map(|(_, value)| value).map_err(|e| {
        Why::new(
            format!("参数 {id} 没有取值，请在 parameters.csv 中补充并注明来源"),
            format!("{e}; the pack's parameters.csv must name it, with its source"),
        )
    })
}
