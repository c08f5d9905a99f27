//! What is asked of the server, one after the other.

use crate::client::{Ask, Seen, Target};
use crate::server::Running;
use levee_bench::BenchError;
use levee_bench::owing::{Owing, load};
use serde_json::json;
use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep, sleep_until};

/// How much, and how long.
pub(crate) struct Plan {
    pub(crate) seconds: u64,
    pub(crate) reads: u32,
    pub(crate) writes: u32,
    pub(crate) connections: usize,
    pub(crate) streams: usize,
    pub(crate) import: Option<PathBuf>,
    pub(crate) orders: Orders,
}

/// The day after the city's last: everything is on record.
const AT: &str = "2022-11-30T20:00:00%2B08:00";
const WRITTEN_AT: &str = "2022-11-30T20:00:00+08:00";
const DAY: &str = "2022-11-30";
/// Districts of Chongqing by their codes, as the city of `ledger_large` has them.
const DISTRICTS: [&str; 8] = ["500101", "500103", "500105", "500107", "500112", "500113", "500151", "500230"];
/// Connections that read.
const READERS: usize = 64;

fn districts(nth: u64) -> &'static str {
    let nth = usize::try_from(nth % 8).unwrap_or(0);
    DISTRICTS.get(nth).copied().unwrap_or("500101")
}

/// The `nth` that is open and not late: nine in ten were met.
fn open(nth: u64) -> u64 {
    // 19, 29, 39, 49 of every 50.
    50 * (nth / 4) + 10 * (nth % 4) + 19
}

/// Whether orders are asked for among everything else, or only by themselves: their list is slow, and would hide all others.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Orders {
    Among,
    Alone,
}

/// What people ask, in the shares of a day at work: what is owed here, what is late here, orders, one thing, the picture, the whole city.
fn read(nth: u64, orders: Orders) -> Ask {
    let area = districts(nth / 20);
    Ask::get(match nth % 20 {
        0..8 => format!("/api/v1/obligations?at={AT}&area={area}"),
        8..11 => format!("/api/v1/obligations?at={AT}&area={area}&late=true"),
        11..14 if orders == Orders::Alone => format!("/api/v1/obligations/{}", Owing::id(open(nth))),
        11..14 => format!("/api/v1/orders?area={area}"),
        14..17 => format!("/api/v1/obligations/{}", Owing::id(open(nth))),
        17..19 => format!("/api/v1/days/{DAY}/situation"),
        _ => format!("/api/v1/obligations?at={AT}"),
    })
}

fn write(nth: u64) -> Ask {
    let to = if nth.is_multiple_of(2) { "lead-transfer" } else { "lead-testing" };
    let what = json!([{ "obligation": Owing::id(open(nth / 2)) }]);
    Ask::post("/api/v1/ledger", &json!({ "at": WRITTEN_AT, "commands": [{ "do": "assign", "what": what, "to": to }] }))
}

/// Sends requests at a rate for a time over so many connections.
async fn at_rate(
    target: &Arc<Target>,
    (rate, connections): (u32, usize),
    lasts: Duration,
    ask: impl Fn(u64) -> Ask + 'static,
) -> Result<Seen, BenchError> {
    let seen = Rc::new(RefCell::new(Seen::default()));
    let free = Rc::new(RefCell::new(Vec::new()));
    for _ in 0..connections {
        let open = target.connect().await?;
        free.borrow_mut().push(open);
    }
    let places = Arc::new(Semaphore::new(connections));
    let all = lasts.as_secs() * u64::from(rate);
    let began = Instant::now();
    let local = LocalSet::new();
    local
        .run_until(async {
            let mut asked = Vec::new();
            for nth in 0..all {
                let due = began + Duration::from_nanos(nth * (1_000_000_000 / u64::from(rate)));
                sleep_until(due).await;
                // Where all connections wait for answers the request waits too, and the waiting counts.
                let place = Arc::clone(&places).acquire_owned().await;
                let (target, seen, free, ask) = (Arc::clone(target), Rc::clone(&seen), Rc::clone(&free), ask(nth));
                asked.push(tokio::task::spawn_local(async move {
                    let _place = place;
                    let connection = free.borrow_mut().pop();
                    let mut connection = match connection {
                        Some(open) => open,
                        None => match target.connect().await {
                            Ok(open) => open,
                            Err(error) => return seen.borrow_mut().note(due.elapsed(), Err(error)),
                        },
                    };
                    let mut answer = connection.ask(&target, &ask).await;
                    // The server closes a connection that lay idle; a request that never left is sent over a new one.
                    if answer.as_ref().is_err_and(|error| error.to_string().contains("channel closed")) {
                        answer = match target.connect().await {
                            Ok(open) => {
                                connection = open;
                                connection.ask(&target, &ask).await
                            }
                            Err(error) => Err(error),
                        };
                    }
                    if answer.is_ok() {
                        free.borrow_mut().push(connection);
                    }
                    seen.borrow_mut().note(due.elapsed(), answer);
                }));
            }
            for one in asked {
                one.await?;
            }
            Ok::<_, BenchError>(())
        })
        .await?;
    let took = began.elapsed().as_secs_f64();
    println!("  {all} asked at {rate}/s, {:.0} answered a second", seen.borrow().took.len() as f64 / took);
    drop(local);
    Rc::try_unwrap(seen).map(RefCell::into_inner).map_err(|_| "still asking".into())
}

async fn reads(target: &Arc<Target>, plan: &Plan, lasts: Duration, what: &str) -> Result<(), BenchError> {
    let orders = plan.orders;
    let mut seen = at_rate(target, (plan.reads, READERS), lasts, move |nth| read(nth, orders)).await?;
    seen.say(what, &[200])?;
    Ok(())
}

/// All phases.
pub(crate) async fn all(target: &Arc<Target>, plan: &Plan, server: &Running) -> Result<(), BenchError> {
    let lasts = Duration::from_secs(plan.seconds);
    println!("reads");
    for (nth, what) in [
        (0, "owed in a district"),
        (8, "late in a district"),
        (11, "orders"),
        (14, "one"),
        (17, "situation"),
        (19, "owed in the city"),
    ] {
        let mut seen =
            at_rate(target, (20, READERS), Duration::from_secs(5), move |of| read(20 * of + nth, Orders::Among))
                .await?;
        seen.say(what, &[200])?;
    }
    reads(target, plan, lasts, "all kinds together").await?;
    println!("  server: {}, load {}", server.memory(), load());
    streams(target, plan, server).await?;
    println!("writes");
    let before = server.processor();
    let mut seen = at_rate(target, (plan.writes, plan.connections), lasts, write).await?;
    seen.say("durable writes", &[200])?;
    println!(
        "  server: {}, {:.1} s of processor time, load {}",
        server.memory(),
        (server.processor() - before).as_secs_f64(),
        load()
    );
    if let Some(file) = &plan.import {
        import(target, plan, file).await?;
    }
    overload(target, plan).await
}

/// Streams that stay open while others read and write.
async fn streams(target: &Arc<Target>, plan: &Plan, server: &Running) -> Result<(), BenchError> {
    println!("streams");
    let (opened, bytes) = (Rc::new(Cell::new(0usize)), Rc::new(Cell::new(0usize)));
    let local = LocalSet::new();
    local
        .run_until(async {
            let mut listening = Vec::new();
            for _ in 0..plan.streams {
                let (target, opened, bytes) = (Arc::clone(target), Rc::clone(&opened), Rc::clone(&bytes));
                listening.push(tokio::task::spawn_local(async move {
                    let mut connection = target.connect().await?;
                    connection
                        .listen(&target, "/api/v1/changes", |came| match came {
                            0 => opened.set(opened.get() + 1),
                            came => bytes.set(bytes.get() + came),
                        })
                        .await
                }));
            }
            let since = Instant::now();
            while opened.get() < plan.streams && since.elapsed() < Duration::from_secs(30) {
                sleep(Duration::from_millis(50)).await;
            }
            println!(
                "  {} of {} open after {:.1} s; server: {}",
                opened.get(),
                plan.streams,
                since.elapsed().as_secs_f64(),
                server.memory()
            );
            let before = server.processor();
            let mut seen = at_rate(target, (20, 16), Duration::from_secs(10), write).await?;
            sleep(Duration::from_secs(1)).await;
            seen.say("20 writes a second, which all hear", &[200])?;
            println!(
                "  {} bytes heard, {:.1} s of processor time; server: {}",
                bytes.get(),
                (server.processor() - before).as_secs_f64(),
                server.memory()
            );
            let ended = listening.iter().filter(|one| one.is_finished()).count();
            println!("  {ended} of them ended before their time");
            for one in listening {
                one.abort();
            }
            Ok::<_, BenchError>(())
        })
        .await
}

/// A long file comes in while others read.
async fn import(target: &Arc<Target>, plan: &Plan, file: &std::path::Path) -> Result<(), BenchError> {
    println!("import");
    let orders = plan.orders;
    reads(target, plan, Duration::from_secs(20), "reads before").await?;
    let body = std::fs::read(file)?;
    println!("  {} MiB are sent", body.len() >> 20);
    let local = LocalSet::new();
    let sending = Arc::clone(target);
    local
        .run_until(async {
            let sent = tokio::task::spawn_local(async move {
                let began = Instant::now();
                let ask = Ask {
                    method: hyper::Method::POST,
                    path: "/api/v1/imports?table=infections".to_owned(),
                    body: None,
                };
                let request = sending.request(&ask)?.map(|_| http_body_util::Full::new(body.into()));
                let (status, answer) = sending.connect().await?.send(request).await?;
                let said: serde_json::Value = serde_json::from_slice(&answer).unwrap_or_default();
                if status != 201 {
                    return Err(format!("the file: {status}, {said}").into());
                }
                println!("  {status} after {:.1} s: {}", began.elapsed().as_secs_f64(), said["balance"]);
                Ok::<_, BenchError>(())
            });
            let mut first =
                at_rate(target, (plan.reads, READERS), Duration::from_secs(8), move |nth| read(nth, orders)).await?;
            first.say("reads meanwhile", &[200])?;
            sent.await?
        })
        .await?;
    reads(target, plan, Duration::from_secs(20), "reads after").await
}

/// Far more than can be borne, and urgent care among it.
async fn overload(target: &Arc<Target>, plan: &Plan) -> Result<(), BenchError> {
    println!("overload: the whole city's list, from twice as many connections as may wait");
    let lasts = Duration::from_secs(10);
    let (flood, urgent) = (Arc::clone(target), Arc::clone(target));
    let local = LocalSet::new();
    local
        .run_until(async {
            let flooding = tokio::task::spawn_local(async move {
                let whole = |_| Ask::get(format!("/api/v1/obligations?at={AT}"));
                at_rate(&flood, (3_000, 1_500), lasts, whole).await
            });
            sleep(Duration::from_secs(1)).await;
            let care =
                |nth| Ask::post("/api/v1/urgent-care", &json!({ "subject": format!("p-{nth}"), "at": WRITTEN_AT }));
            let mut seen = at_rate(&urgent, (5, 8), Duration::from_secs(8), care).await?;
            seen.say("urgent care, 5 a second", &[200])?;
            let mut seen = flooding.await??;
            seen.say("everything else", &[200, 429, 503])?;
            Ok::<_, BenchError>(())
        })
        .await?;
    sleep(Duration::from_secs(1)).await;
    reads(target, plan, Duration::from_secs(10), "reads afterwards").await
}
