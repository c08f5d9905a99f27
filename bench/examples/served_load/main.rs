//! What a server bears: `served_load LEVEE FOLDER [--seconds 60] [--reads 200] [--writes 3000] [--connections 500]
//! [--streams 2000] [--import FILE] [--orders alone]`. LEVEE is the program, FOLDER a city of `ledger_large build`.
//! Results and how they were made: `bench/results/server.md`.
//!
//! Requests are sent when their time has come, whether or not earlier ones were answered, and their latency counts from that
//! time: a server that stalls is not spared the requests that would have come meanwhile.
#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

mod client;
mod phases;
mod server;

use client::Target;
use levee_bench::BenchError;
use levee_bench::owing::{load, syncs_per_second};
use levee_store::blobs::FolderBlobs;
use phases::{Orders, Plan};
use server::Running;
use std::path::PathBuf;
use std::sync::Arc;

fn main() -> Result<(), BenchError> {
    let mut args = std::env::args().skip(1);
    let (Some(levee), Some(folder)) = (args.next(), args.next()) else {
        return Err("served_load LEVEE FOLDER [--seconds N] [--reads N] [--writes N] [--connections N] [--streams N] [--import FILE]".into());
    };
    let (levee, folder) = (PathBuf::from(levee), PathBuf::from(folder));
    let mut plan = Plan {
        seconds: 60,
        reads: 200,
        writes: 3_000,
        connections: 500,
        streams: 2_000,
        import: None,
        orders: Orders::Among,
    };
    while let Some(name) = args.next() {
        let value = args.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--seconds" => plan.seconds = value.parse()?,
            "--reads" => plan.reads = value.parse()?,
            "--writes" => plan.writes = value.parse()?,
            "--connections" => plan.connections = value.parse()?,
            "--streams" => plan.streams = value.parse()?,
            "--orders" => plan.orders = if value == "alone" { Orders::Alone } else { Orders::Among },
            "--import" => plan.import = Some(value.into()),
            other => return Err(format!("{other} is not known").into()),
        }
    }
    println!("load {}, {:.0} syncs/s", load(), syncs_per_second(&folder)?);
    // `ledger_large` keeps no blobs; a server wants the key of those that it will.
    let keys = server::keys(&folder);
    if !folder.join("blobs").exists() {
        std::fs::create_dir_all(&keys)?;
        FolderBlobs::create(&folder, &keys)?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let server = Running::start(&levee, &folder).await?;
        let token = server.token(&folder).await?;
        let target = Arc::new(Target { address: server.address, token });
        let done = phases::all(&target, &plan, &server).await;
        println!("server: {}", server.memory());
        let how = server.stop().await?;
        println!("stopped by {how}");
        done?;
        let again = Running::start(&levee, &folder).await?;
        println!("started again, ready after {:.0} ms", again.took.as_secs_f64() * 1e3);
        again.stop().await?;
        Ok::<_, BenchError>(())
    })?;
    println!("after: load {}, {:.0} syncs/s", load(), syncs_per_second(&folder)?);
    Ok(())
}
