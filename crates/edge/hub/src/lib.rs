//! Forecast-hub packs: reads the tasks of a pack and what was known when, forecasts every task, gives hubverse rows.
//!
//! In goes a folder with `tasks.csv.gz`, `truth_daily_vintages.csv.gz` or `truth_vintages.csv.gz`, and `locations.csv` where
//! there is one. No other file of the folder is opened: the final truth and what others forecast cannot leak in. Each task
//! is forecast from the newest figures with `as_of` no later than its own origin (`Vintages::known_at`), by the pooled
//! forecaster of `levee-outlook`.
//!
//! Names of targets and locations are data. Which weekday weeks end on follows from the tasks' `target_end_date`.

mod error;
mod pack;
mod panel;
mod run;
mod table;
mod tasks;
mod vintages;
mod write;

pub use error::{PackError, Place};
pub use pack::HubPack;
pub use run::{Engine, Forecast, forecast, forecast_with};
pub use tasks::Task;
pub use vintages::Vintages;
pub use write::render;
