//! Hubverse rows.

use crate::run::Forecast;
use flate2::Compression;
use flate2::write::GzEncoder;
use levee_outlook::QUANTILE_LEVELS;
use std::io::{self, Write};

/// Decimals of a count: enough for the logarithm of small ones.
const DECIMALS: f64 = 1e3;

/// The rows as CSV, compressed with gzip if asked: `origin_date,target,horizon,location,output_type,output_type_id,value`.
/// The same forecasts give the same bytes: no time and no file name is put into the compressed form.
pub fn render(forecasts: &[Forecast], compressed: bool) -> io::Result<Vec<u8>> {
    if !compressed {
        let mut out = Vec::new();
        rows(forecasts, &mut out)?;
        return Ok(out);
    }
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    rows(forecasts, &mut out)?;
    out.finish()
}

fn rows(forecasts: &[Forecast], out: &mut impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["origin_date", "target", "horizon", "location", "output_type", "output_type_id", "value"])?;
    let levels = QUANTILE_LEVELS.map(|level| level.to_string());
    for Forecast { task, quantiles } in forecasts {
        let (origin, horizon) = (task.origin.to_string(), task.horizon.to_string());
        for (level, value) in levels.iter().zip(quantiles) {
            let value = ((value * DECIMALS).round() / DECIMALS).to_string();
            csv.write_record([&origin, &task.target, &horizon, &task.location, "quantile", level, &value])?;
        }
    }
    csv.flush()
}
