//! The checks, in the order in which a person would want to hear of them: cheap first, the tests last.

use std::path::Path;

use crate::run::Call;
use crate::verify::tools;

/// One check.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// One or two words, for the table.
    pub(super) name: &'static str,
    /// What it means that it holds.
    pub(super) what: &'static str,
    pub(super) work: Work,
}

/// What a check does.
#[derive(Clone, Debug)]
pub(super) enum Work {
    /// A command that exits with 0 when all is well.
    Call(Call),
    /// A test runner, whose count is read.
    Tests(Call),
    /// The house rules, in this very process.
    Tidy,
    /// It cannot be tried, and why.
    Missing(String),
}

pub(super) fn all(root: &Path) -> Vec<Step> {
    let step = |name, what, work| Step { name, what, work };
    let call = |args: &[&str]| Work::Call(Call::cargo(args));
    vec![
        step("format", "every file is as rustfmt writes it", call(&["fmt", "--all", "--check"])),
        step("tidy", "the house rules hold", Work::Tidy),
        step("dependencies", "licences, bans and sources as deny.toml wants them", deny(root)),
        step(
            "packs",
            "the city packs are what their raw files give",
            Work::Call(Call::new("python3", &["packs/build.py", "--check"])),
        ),
        step("data packages", "the city packs are valid Frictionless Data Packages", frictionless(root)),
        // Before anything is compiled: the server takes the bundle into the binary.
        step("screens", "the screens' types and unit tests hold, and the bundle is built", screens()),
        step(
            "lints",
            "no warning in any target",
            call(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]),
        ),
        step(
            "documentation",
            "it builds, and its links lead somewhere",
            Work::Call(
                Call::cargo(&["doc", "--workspace", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "-D warnings"),
            ),
        ),
        step(
            "examples",
            "the examples in the documentation run",
            Work::Tests(Call::cargo(&["test", "--doc", "--workspace", "--locked", "--no-fail-fast"])),
        ),
        step("tests", "unit, property, snapshot and end-to-end tests", Work::Tests(tests(root))),
        step("client", "a day through the API alone, by a client made of its document", scripted_day()),
        step(
            "whole API",
            "a program that others wrote finds no fault and no undocumented answer",
            Work::Call(fuzzed()),
        ),
        step("walks", "people's walks through the screens in a real browser, in both languages", walks()),
        step(
            "city days",
            "the laws hold over simulated days with every kind of fault",
            Work::Call(crate::sim::smoke()),
        ),
        step("killed", "a killed process loses nothing that it acknowledged", Work::Call(crate::crash::smoke())),
        step(
            "load",
            "a served city bears readers, writers, streams, a file and far too much",
            Work::Call(crate::load::smoke()),
        ),
    ]
}

/// What `cargo xtask web` runs, as one call.
fn screens() -> Work {
    let each: Vec<String> = crate::web::calls().iter().map(ToString::to_string).collect();
    Work::Call(Call::new("sh", &["-c", &each.join(" && ")]))
}

/// The types of the client were made when the screens were; the program is the one that the tests were run with. Nothing is built: with
/// other packages chosen, cargo would build half of the workspace again with other features.
fn scripted_day() -> Work {
    Work::Call(Call::new("npm", &["--prefix", "web", "run", "--silent", "day"]))
}

/// The browser asks the program that the tests were run with; its screens are those that were built above.
fn walks() -> Work {
    let script = "LEVEE=$(realpath ${CARGO_TARGET_DIR:-target})/debug/levee npm --prefix web run --silent e2e";
    Work::Call(Call::new("sh", &["-c", script]))
}

/// All tests but the examples. A snapshot that differs fails and is never rewritten.
fn tests(root: &Path) -> Call {
    let runner: &[&str] = if tools::nextest(root) {
        &["nextest", "run", "--profile", "ci", "--workspace", "--locked"]
    } else {
        &["test", "--workspace", "--tests", "--locked", "--no-fail-fast"]
    };
    Call::cargo(runner).env("INSTA_UPDATE", "no").env("INSTA_FORCE_PASS", "0")
}

/// Schemathesis against a served city; it prints what it tried. Of the tests' own program, so that nothing more is built.
fn fuzzed() -> Call {
    let args = ["test", "--locked", "--workspace", "--test", "served", "fuzzed"];
    ["--", "--ignored", "--nocapture"].iter().fold(Call::cargo(&args), |call, arg| call.arg(*arg))
}

fn deny(root: &Path) -> Work {
    match tools::deny(root) {
        Some(program) => Work::Call(Call::new(&program, &["check", "licenses", "bans", "sources"])),
        None => Work::Missing(format!("cargo-deny is not here; install it with `{}`", tools::deny_install())),
    }
}

/// Every pack must have its descriptor: a pack without one would otherwise pass unseen.
fn frictionless(root: &Path) -> Work {
    let packs = match packs(root) {
        Ok(packs) if packs.is_empty() => return Work::Missing("no pack (a folder with city.toml) in packs/".into()),
        Ok(packs) => packs,
        Err(error) => return Work::Missing(format!("could not list packs/: {error}")),
    };
    let bare = packs.iter().filter(|pack| !root.join(pack).join("datapackage.json").is_file());
    let bare: Vec<String> = bare.map(|pack| format!("`levee pack describe {pack}`")).collect();
    if !bare.is_empty() {
        return Work::Missing(format!("datapackage.json is missing; write it with {}", bare.join(" and ")));
    }
    if !root.join(tools::FRICTIONLESS).is_file() {
        return Work::Missing("frictionless is not here; run `cargo verify` without --skip-install".into());
    }
    let descriptors = packs.iter().map(|pack| format!("{pack}/datapackage.json"));
    // One process a package: frictionless takes several files on one command line for tables of a single package.
    let each: Vec<String> =
        descriptors.map(|file| Call::new(tools::FRICTIONLESS, &["validate", &file]).to_string()).collect();
    Work::Call(Call::new("sh", &["-c", &each.join(" && ")]))
}

/// The folders in `packs/` that are city packs.
fn packs(root: &Path) -> std::io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root.join("packs"))? {
        let entry = entry?;
        if entry.path().join("city.toml").is_file() {
            found.push(format!("packs/{}", entry.file_name().to_string_lossy()));
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_pack_without_its_descriptor_is_not_passed_over() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("packs/atown")).unwrap();
        fs::write(root.path().join("packs/atown/city.toml"), "").unwrap();
        let Work::Missing(why) = frictionless(root.path()) else { panic!("it was tried") };
        assert_eq!(why, "datapackage.json is missing; write it with `levee pack describe packs/atown`");
    }
}
