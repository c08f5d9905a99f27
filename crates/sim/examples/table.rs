//! Writes a synthetic table of infections:
//! `table --rows N --out FILE [--seed N] [--bad N] [--duplicate N] [--superseding N]`, the last three in rows per thousand.
#![expect(clippy::print_stdout, reason = "an example talks to the terminal")]

use levee_sim::{Faults, Table, infections_csv};
use std::io::BufWriter;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut table = Table::good(65_537, 1);
    let mut out = None;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let value = args.next().ok_or_else(|| format!("{arg} needs a value"))?;
        let Faults { bad_per_mille, duplicate_per_mille, superseding_per_mille } = &mut table.faults;
        match arg.as_str() {
            "--rows" => table.rows = value.parse()?,
            "--seed" => table.seed = value.parse()?,
            "--bad" => *bad_per_mille = value.parse()?,
            "--duplicate" => *duplicate_per_mille = value.parse()?,
            "--superseding" => *superseding_per_mille = value.parse()?,
            "--out" => out = Some(PathBuf::from(value)),
            _ => return Err(format!("unknown argument {arg}; see the head of this example").into()),
        }
    }
    let out = out.ok_or("name a file with --out FILE")?;
    let file = std::fs::File::create(&out).map_err(|e| format!("could not write {}: {e}", out.display()))?;
    let tally = infections_csv(BufWriter::new(file), &table)?;
    println!("{}: {tally:?}", out.display());
    Ok(())
}
