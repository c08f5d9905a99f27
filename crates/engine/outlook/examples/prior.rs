//! Learns the prior from daily series of other places and prints it as the source of `src/ensemble/table.rs`.
//!
//! `cargo run --release -p levee-outlook --example prior -- province_daily.csv 2022-10-31 Shanghai,Chongqing > …/table.rs`
//!
//! The file has the columns date, province, new_local_confirmed, new_local_asymptomatic; days after the date given and the
//! places named are left out. An empty count is not known.
#![allow(clippy::print_stdout, reason = "an example that prints a table")]

#[path = "common/provinces.rs"]
mod provinces;

use levee_outlook::Config;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, until, without] = args.as_slice() else {
        return Err("usage: prior FILE LAST_DAY PLACE,PLACE".into());
    };
    let prior = provinces::learn(file, until.parse()?, without, &Config::default())?;
    let head = format!(
        "//! The built-in prior, made by `examples/prior.rs`; do not edit.\n//!\n//! Learnt from the daily local infections \
         (confirmed and asymptomatic) of the provinces of mainland China, 1 January\n//! to {until}, without {without}; \
         published daily by the National Health Commission, collected in `helloint/covid`."
    );
    print!("{}", prior.as_source(&head));
    Ok(())
}
