//! `cargo xtask load`: a served city under load, from its first read to its overload, then killed and started again.
//!
//! What is asked is `served_load` of `levee-bench`, which fails when an answer came that should not have come; its times are printed and
//! judged by nobody but whoever writes `bench/results/server.md`.

use std::path::Path;

use anyhow::Result;

use crate::Answer;
use crate::run::{Call, spoken, timed};

/// What `cargo xtask load` is asked.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    /// Obligations that the city has had
    #[arg(long, value_name = "N", default_value_t = 5_000_000)]
    obligations: u64,
    /// Orders
    #[arg(long, value_name = "N", default_value_t = 200_000)]
    orders: u64,
    /// Seconds of reading, and of writing
    #[arg(long, value_name = "N", default_value_t = 600)]
    seconds: u32,
    /// Durable writes a second
    #[arg(long, value_name = "N", default_value_t = 3_000)]
    writes: u32,
    /// Connections that write
    #[arg(long, value_name = "N", default_value_t = 500)]
    connections: u32,
    /// Streams that stay open
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    streams: u32,
    /// Rows of the file that comes in meanwhile
    #[arg(long, value_name = "N", default_value_t = 400_000)]
    rows: u32,
}

/// Makes the city and asks it.
pub fn load(root: &Path, args: &Args) -> Result<Answer> {
    let call = call(args, true);
    println!("   {call}");
    let (held, took) = timed(|| call.holds(root));
    println!("took {}", spoken(took));
    Ok(if held? { Answer::Yes } else { Answer::No })
}

/// The programs are built first; in `cargo verify` its tests have built them with the same choice of packages, and nothing is built twice.
fn call(args: &Args, release: bool) -> Call {
    let (build, built) = match release {
        true => (BUILD, "release"),
        false => (BUILD_SMALL, "debug"),
    };
    let Args { obligations, orders, seconds, writes, connections, streams, rows } = args;
    let script = format!(
        "set -e; at=$(realpath ${{CARGO_TARGET_DIR:-target}}); {build}rm -rf $at/load; mkdir -p $at/load; cd $at/{built}; \
         examples/ledger_large build $at/load/city --obligations {obligations} --orders {orders}; \
         examples/table --rows {rows} --out $at/load/table.csv; \
         examples/served_load ./levee $at/load/city --seconds {seconds} --writes {writes} --connections {connections} \
         --streams {streams} --import $at/load/table.csv; rm -rf $at/load"
    );
    Call::new("sh", &["-c", &script])
}

const BUILD_SMALL: &str = "cargo build --quiet --locked --workspace --bins --examples; ";
const BUILD: &str = "cargo build --quiet --locked --release --package levee --bin levee; \
                     cargo build --quiet --locked --release --package levee-bench --package levee-sim --examples; ";

/// The size for every check of the repository.
#[must_use]
pub fn smoke() -> Call {
    let (obligations, orders, rows) = (40_000, 1_000, 5_000);
    call(&Args { obligations, orders, seconds: 5, writes: 200, connections: 100, streams: 200, rows }, false)
}

/// The size of the long proof.
#[must_use]
pub fn full() -> Call {
    let (obligations, orders, rows) = (5_000_000, 200_000, 400_000);
    call(&Args { obligations, orders, seconds: 600, writes: 3_000, connections: 500, streams: 2_000, rows }, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_tries_all_of_it_in_small() {
        let said = smoke().to_string();
        for part in ["ledger_large build", "examples/table", "served_load", "--streams 200", "--import"] {
            assert!(said.contains(part), "{said}");
        }
        assert!(!said.contains("--release") && full().to_string().contains("--release"));
    }
}
