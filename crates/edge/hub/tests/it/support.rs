//! A small invented pack: five places, two daily targets, four Mondays.

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use levee_hub::{HubPack, forecast, render};
use std::fmt::Write as _;
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::Path;
use tempfile::TempDir;

/// The first Monday on which something is forecast.
pub(crate) const FIRST: Date = date(2021, 3, 8);
pub(crate) const ORIGINS: i64 = 4;
const PLACES: [&str; 5] = ["A", "B", "C", "D", "E"];
/// Days known on the first Monday.
const PAST: i64 = 280;

pub(crate) struct Pack {
    pub(crate) folder: TempDir,
    pub(crate) tasks: String,
    pub(crate) vintages: String,
}

fn count(target: usize, place: usize, day: i64) -> f64 {
    let wave = 1.0 + (day as f64 / 40.0 + place as f64).sin() * 0.8;
    let weekday = if day % 7 > 4 { 0.6 } else { 1.1 };
    let height = if target == 0 { 300.0 } else { 9.0 };
    (height * wave * weekday * (1.0 + place as f64)).round()
}

/// Writes the pack; `spoiled_after` replaces every figure that became known after that day.
pub(crate) fn pack(spoiled_after: Option<Date>) -> Pack {
    let mut vintages = "as_of,target,location,date,value\n".to_owned();
    let mut tasks = "origin_date,target,horizon,target_end_date,location\n".to_owned();
    for round in 0..ORIGINS {
        let origin = FIRST + (7 * round).days();
        for (nth, target) in ["day inc case", "day inc death"].into_iter().enumerate() {
            for (at, place) in PLACES.into_iter().enumerate() {
                let from = if round == 0 { -PAST } else { 7 * (round - 1) - 2 };
                for day in from..7 * round {
                    // The last two days of a week are completed a week later.
                    let late = if day >= 7 * round - 2 { 3.0 } else { 0.0 };
                    let mut value = count(nth, at, day) - late;
                    if spoiled_after.is_some_and(|last| origin > last) {
                        value = 77_777.0;
                    }
                    let date = FIRST + day.days();
                    writeln!(vintages, "{origin},{target},{place},{date},{value}").unwrap();
                }
                for horizon in 1..=4 {
                    let ends = origin + (5 + 7 * (horizon - 1)).days();
                    let target = target.replace("day", "wk");
                    writeln!(tasks, "{origin},{target},{horizon},{ends},{place}").unwrap();
                }
            }
        }
    }
    let folder = TempDir::new().unwrap();
    let out = Pack { folder, tasks, vintages };
    out.put("tasks.csv.gz", &out.tasks);
    out.put("truth_daily_vintages.csv.gz", &out.vintages);
    out.put("locations.csv", "location_name,location,population\nAlpha,A,1000000\nBeta,B,2000000\n");
    out
}

impl Pack {
    /// Writes a file, compressed by its name.
    pub(crate) fn put(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        if name.ends_with(".gz") {
            let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
            gz.write_all(text.as_bytes()).unwrap();
            std::fs::write(path, gz.finish().unwrap()).unwrap();
        } else {
            std::fs::write(path, text).unwrap();
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn rows(&self, jobs: usize) -> String {
        let pack = HubPack::read(self.path()).unwrap();
        let forecasts = forecast(&pack, NonZeroUsize::new(jobs).unwrap()).unwrap();
        assert_eq!(forecasts.len(), pack.tasks());
        String::from_utf8(render(&forecasts, false).unwrap()).unwrap()
    }
}
