//! `cargo demo`: builds the screens and Levee, makes a city from a pack, takes in its reports as they became known, runs its days, and
//! serves it as a demonstration.
//!
//! All that it does is call the binary as a person would; `calls` is the list.

use std::fs;
use std::io::IsTerminal;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::Answer;
use crate::day::Day;
use crate::run::{Call, on_path, spoken, timed};

/// What `cargo demo` is asked.
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Stop when the brief is written; do not serve it
    #[arg(long)]
    no_serve: bool,
    /// Where to serve it: only this machine may ask
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Run to the meeting of this day
    #[arg(long, value_name = "YYYY-MM-DD", default_value = FIRST_MEETING)]
    date: Day,
    /// Folder of the city; one that an earlier demo made is replaced
    #[arg(long, value_name = "DIR", default_value = "levee-demo")]
    city: PathBuf,
}

/// The first meeting that the demo shows. The counts of the 17th came on the 18th: its last full day is the 17th.
const FIRST_MEETING: &str = "2022-11-18";
const PACK: &str = "packs/chongqing-2022";
/// Says that a folder was made here and may be replaced.
const MARKER: &str = ".made-by-cargo-demo";
const BINARY: &str = "target/release/levee";
/// The scripted crew that works through a day (synthetic).
const CREW: &str = "target/release/crew";
/// Who seals a day, in this order.
const SEALED_BY: [&str; 2] = ["commander-1", "lead-headquarters"];

/// Builds, makes the city, runs its days, and says where the brief lies.
pub fn demo(root: &Path, args: &Args) -> Result<Answer> {
    let city = clear_for(root, &args.city)?;
    let calls = calls(&args.city.to_string_lossy(), args.date)?;
    let total = calls.len() + 1;
    println!("[1/{total}] build");
    if !screens(root, args)? {
        return Ok(Answer::No);
    }
    let build = Call::cargo(&["build", "--release", "--locked", "--package", "levee", "--package", "levee-sim"])
        .arg("--bin")
        .arg("levee")
        .arg("--bin")
        .arg("crew")
        .env("CARGO_TARGET_DIR", "target");
    println!("   {build}");
    if !build.holds(root)? {
        return Ok(Answer::No);
    }
    let (answer, took) = timed(|| run(root, &city, &calls, total));
    if answer? == Answer::No {
        return Ok(Answer::No);
    }
    println!("\nDone in {} after the build.", spoken(took));
    show(&city, args)?;
    if args.no_serve {
        return Ok(Answer::Yes);
    }
    serve(root, args)
}

/// The screens, which the program carries. Without npm it is built all the same, and serves what is not drawn.
fn screens(root: &Path, args: &Args) -> Result<bool> {
    if args.no_serve {
        return Ok(true);
    }
    if !on_path("npm") {
        println!(
            "   npm is not here: the demo has no screens (Debian: `apt-get install nodejs npm`), only its brief and its API"
        );
        return Ok(true);
    }
    Ok(crate::web::web(root)? == Answer::Yes)
}

/// Serves the city until it is told to stop, and opens the first page where somebody sits before a screen.
fn serve(root: &Path, args: &Args) -> Result<Answer> {
    let listen = args.listen.to_string();
    let mut server = Command::new(root.join(BINARY));
    server.current_dir(root).arg("serve").arg(&args.city).args(["--demo", "--listen", &listen]);
    println!("\n   {BINARY} serve {} --demo --listen {listen}", args.city.display());
    let mut server = server.spawn().with_context(|| format!("could not start {BINARY}"))?;
    if is_up(&mut server, args.listen)? {
        let address = format!("http://{listen}/situation?at={}T18:00", args.date);
        println!("The command centre of {}: {address}\nChoose who you are. Ctrl-C ends it.", args.date);
        let screen = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
        if screen && std::io::stdout().is_terminal() && on_path("xdg-open") {
            Call::new("xdg-open", &[&address]).holds(root)?;
        }
    }
    Ok(if server.wait()?.success() { Answer::Yes } else { Answer::No })
}

/// Waits until the server answers; not when it has ended.
fn is_up(server: &mut Child, listen: SocketAddr) -> Result<bool> {
    while server.try_wait()?.is_none() {
        if TcpStream::connect_timeout(&listen, Duration::from_secs(1)).is_ok() {
            return Ok(true);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(false)
}

fn run(root: &Path, city: &Path, calls: &[(String, Call)], total: usize) -> Result<Answer> {
    for (place, (what, call)) in calls.iter().enumerate() {
        println!("[{}/{total}] {what}\n   {call}", place + 2);
        let (held, took) = timed(|| call.holds(root));
        if place == 0 && city.is_dir() {
            // The folder was not there before: it is ours, even when making it stopped half-way.
            fs::write(city.join(MARKER), "Made by `cargo demo`, which replaces this folder when it runs again.\n")
                .with_context(|| format!("could not write {}", city.join(MARKER).display()))?;
        }
        if !held? {
            println!("`levee` refused; the lines above say why");
            return Ok(Answer::No);
        }
        println!("   {}", spoken(took));
    }
    Ok(Answer::Yes)
}

/// The calls of the binary: make the city, take in what was known by the day, then run the days one after the other.
/// From the first meeting on every day is run, so that the brief can say what changed since yesterday.
fn calls(city: &str, date: Day) -> Result<Vec<(String, Call)>> {
    let levee = |args: &[&str]| Call::new(BINARY, args);
    let until = date.to_string();
    let mut calls = vec![
        (format!("make the city {city} from {PACK}"), levee(&["init", city, "--pack", PACK, "--replay"])),
        (
            format!("take in what was known by {until} 24:00"),
            levee(&["import", city, "--pack", PACK, "--until", &until]),
        ),
    ];
    let mut day = date.min(FIRST_MEETING.parse()?);
    while day <= date {
        let (on, next) = (day.to_string(), day.next());
        calls.push((format!("run {on}"), levee(&["day", city, "--date", &on])));
        if day >= FIRST_MEETING.parse()? {
            let crew = Call::new(CREW, &[city, "--pack", PACK, "--date", &on]);
            calls.push((format!("a scripted crew works through {on} (synthetic)"), crew));
            for (who, minute) in SEALED_BY.into_iter().zip(["00:40", "00:50"]) {
                let at = format!("{next}T{minute}");
                let settle = levee(&["settle", city, "--date", &on, "--as", who, "--at", &at]);
                calls.push((format!("{who} settles {on}"), settle));
            }
        }
        day = next;
    }
    Ok(calls)
}

/// The place for the city, free. A folder there is removed when it carries our marker, and left alone otherwise.
fn clear_for(root: &Path, city: &Path) -> Result<PathBuf> {
    let place = root.join(city);
    match place.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(place),
        Err(error) => return Err(error).with_context(|| format!("could not look at {}", place.display())),
        Ok(found) if found.is_dir() && place.join(MARKER).is_file() => {}
        Ok(_) => bail!(
            "{} is there and was not made by `cargo demo` (it holds no {MARKER}), so it stays: \
             move it away, or name another folder with --city",
            place.display()
        ),
    }
    ensure!(place.canonicalize()? != root.canonicalize()?, "{} is the repository itself", place.display());
    fs::remove_dir_all(&place).with_context(|| format!("could not remove {}", place.display()))?;
    Ok(place)
}

/// Says where the brief lies.
fn show(city: &Path, args: &Args) -> Result<()> {
    let brief = city.join(format!("briefs/{}.html", args.date));
    ensure!(brief.is_file(), "the day was run, but there is no brief at {}", brief.display());
    println!("The brief of {}: file://{}", args.date, brief.canonicalize()?.display());
    // A day before the first meeting is run alone; nobody works through it, and nobody seals it.
    let statement = city.join(format!("statements/{}-500000.html", args.date));
    if statement.is_file() {
        println!("Its sealed statement: file://{}", statement.canonicalize()?.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(date: &str) -> String {
        let calls = calls("levee-demo", date.parse().unwrap()).unwrap();
        calls.iter().map(|(_, call)| call.to_string()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_demo_makes_a_city_takes_in_its_reports_and_runs_the_day() {
        insta::assert_snapshot!(said("2022-11-18"), @"
        target/release/levee init levee-demo --pack packs/chongqing-2022 --replay
        target/release/levee import levee-demo --pack packs/chongqing-2022 --until 2022-11-18
        target/release/levee day levee-demo --date 2022-11-18
        target/release/crew levee-demo --pack packs/chongqing-2022 --date 2022-11-18
        target/release/levee settle levee-demo --date 2022-11-18 --as commander-1 --at 2022-11-19T00:40
        target/release/levee settle levee-demo --date 2022-11-18 --as lead-headquarters --at 2022-11-19T00:50
        ");
    }

    #[test]
    fn the_second_meeting_follows_every_day_since_the_first() {
        let said = said("2022-11-20");
        let days: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("target/release/levee day ")).collect();
        assert_eq!(
            days,
            ["levee-demo --date 2022-11-18", "levee-demo --date 2022-11-19", "levee-demo --date 2022-11-20"]
        );
        assert_eq!(said.matches(" settle ").count(), 6, "two people seal each of them");
        assert!(said.ends_with("--date 2022-11-20 --as lead-headquarters --at 2022-11-21T00:50"));
    }

    #[test]
    fn a_day_before_the_first_meeting_is_run_alone() {
        assert!(said("2022-11-15").ends_with("--date 2022-11-15"));
        assert_eq!(said("2022-11-15").lines().count(), 3);
    }

    #[test]
    fn a_folder_that_is_not_ours_is_never_removed() {
        let root = tempfile::tempdir().unwrap();
        let city = root.path().join("mine");
        fs::create_dir(&city).unwrap();
        fs::write(city.join("diary.txt"), "dear diary").unwrap();
        assert!(clear_for(root.path(), Path::new("mine")).unwrap_err().to_string().contains("it stays"));
        assert!(city.join("diary.txt").is_file());
    }

    #[test]
    #[cfg(unix)]
    fn a_link_to_a_demo_elsewhere_is_not_followed() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("real")).unwrap();
        fs::write(root.path().join("real").join(MARKER), "").unwrap();
        std::os::unix::fs::symlink(root.path().join("real"), root.path().join("link")).unwrap();
        assert!(clear_for(root.path(), Path::new("link")).is_err());
        assert!(root.path().join("real").is_dir());
    }

    #[test]
    fn an_earlier_demo_makes_room() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("old")).unwrap();
        fs::write(root.path().join("old").join(MARKER), "").unwrap();
        clear_for(root.path(), Path::new("old")).unwrap();
        assert!(!root.path().join("old").exists());
    }
}
