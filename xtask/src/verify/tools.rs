//! What tests need and a machine may lack. Installs it, or says the one line that does.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::run::{Call, on_path};

/// A package of Debian, and how one sees that it is there.
struct Package {
    name: &'static str,
    seen: Seen,
}

enum Seen {
    /// This program is on the `PATH`.
    Program(&'static str),
    /// This command exits with 0.
    Answers(&'static [&'static str]),
}

const PACKAGES: &[Package] = &[
    // Opens the brief as a reader does, and prints it to A4.
    Package { name: "chromium", seen: Seen::Program("chromium") },
    // Without a Chinese font the Chinese brief is a page of boxes, and no test of its text would notice.
    Package { name: "fonts-noto-cjk", seen: Seen::Answers(&["sh", "-c", "fc-list :lang=zh family | grep -q ."]) },
    Package { name: "fontconfig", seen: Seen::Program("fc-list") },
    // pdftotext and pdftoppm: what stands on each printed sheet.
    Package { name: "poppler-utils", seen: Seen::Program("pdftoppm") },
    // The screens are built by Node; a newer one than Debian's, on the `PATH`, does as well.
    Package { name: "nodejs", seen: Seen::Program("node") },
    Package { name: "npm", seen: Seen::Program("npm") },
    // The packs are built by Python's standard library; the validator lives in an environment of its own.
    Package { name: "python3", seen: Seen::Program("python3") },
    // The journal's tests start servers of their own; that of the machine is neither needed nor made.
    Package { name: "postgresql-15", seen: Seen::Answers(&["sh", "-c", POSTGRES]) },
    Package { name: "python3-venv", seen: Seen::Answers(&["python3", "-c", "import ensurepip, venv"]) },
];

/// HiGHS is C++ built by cmake; its bindings are read by libclang. Not part of `cargo verify`: the default build has no C++ solver.
const HIGHS: &[Package] = &[
    Package { name: "cmake", seen: Seen::Program("cmake") },
    Package { name: "clang", seen: Seen::Program("clang") },
    Package { name: "libclang-dev", seen: Seen::Answers(&["sh", "-c", LIBCLANG]) },
];

/// Where Debian puts libclang, and where whoever built it themselves says it is.
const LIBCLANG: &str = "ls /usr/lib/llvm-*/lib/libclang.so* \"$LIBCLANG_PATH\"/libclang.so* 2>/dev/null | grep -q .";

/// Debian keeps the server's programs out of the `PATH`; a machine with another version than Debian's has them in it.
const POSTGRES: &str = "ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null";

/// Debian's package makes a database and starts it, unless this file says that nobody wants one.
const NO_CLUSTER: (&str, &str) = ("/etc/postgresql-common/createcluster.conf", "create_main_cluster = false\n");

const DENY_VERSION: &str = "0.20.2";
const OUR_DENY: &str = "target/tools/bin/cargo-deny";
const VENV: &str = "target/verify/venv";
const REQUIREMENTS: &str = "xtask/requirements.txt";
/// The validator of data packages, from the root.
pub(super) const FRICTIONLESS: &str = "target/verify/venv/bin/frictionless";

/// Installs what is missing. What is there costs a second.
pub(super) fn install(root: &Path) -> Result<()> {
    println!("== tools: what the checks need");
    system_packages(root, PACKAGES, "cargo verify")?;
    validator(root)?;
    if deny(root).is_none() {
        println!("   {} (some minutes, once)", deny_install());
        ensure!(deny_call().holds(root)?, "cargo-deny could not be installed");
    }
    if !nextest(root) {
        println!(
            "   cargo-nextest is not here: `cargo test` runs the tests instead, more slowly and with the same result"
        );
    }
    Ok(())
}

/// Installs what the feature `highs` of the planner is built with. What is there costs nothing.
pub(crate) fn for_highs(root: &Path) -> Result<()> {
    system_packages(root, HIGHS, "cargo xtask highs")
}

fn system_packages(root: &Path, packages: &[Package], chore: &str) -> Result<()> {
    let missing: Vec<&str> =
        packages.iter().filter(|package| !is_there(root, &package.seen)).map(|package| package.name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let root_user = Call::new("id", &["-u"]).answer(root).as_deref() == Some("0");
    if !(root_user && on_path("apt-get")) {
        bail!(
            "system packages are missing. Install them with this line, then run `{chore}` again:\n{}",
            by_hand(&missing)
        );
    }
    if missing.iter().any(|name| name.starts_with("postgresql")) {
        no_cluster()?;
    }
    let quiet = |call: Call| call.env("DEBIAN_FRONTEND", "noninteractive");
    let update = quiet(Call::new("apt-get", &["update", "--quiet"]));
    println!("   {update}");
    ensure!(update.holds(root)?, "`apt-get update` failed");
    let install = missing.iter().fold(quiet(Call::new("apt-get", &INSTALL)), |call, name| call.arg(*name));
    println!("   {install}");
    ensure!(install.holds(root)?, "`apt-get install` failed");
    Ok(())
}

/// A file that is there was made by somebody who knows what they want.
fn no_cluster() -> Result<()> {
    let (file, content) = NO_CLUSTER;
    let path = Path::new(file);
    if path.exists() {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
    }
    fs::write(path, content).with_context(|| format!("could not write {file}"))
}

const INSTALL: [&str; 4] = ["install", "--yes", "--quiet", "--no-install-recommends"];

fn by_hand(missing: &[&str]) -> String {
    format!("  sudo apt-get update && sudo apt-get install --yes --no-install-recommends {}", missing.join(" "))
}

fn is_there(root: &Path, seen: &Seen) -> bool {
    match seen {
        Seen::Program(program) => on_path(program),
        Seen::Answers([program, args @ ..]) => Call::new(program, args).answer(root).is_some(),
        Seen::Answers([]) => false,
    }
}

/// Makes the Python environment when there is none, or when the pinned versions have changed.
fn validator(root: &Path) -> Result<()> {
    let wanted =
        fs::read_to_string(root.join(REQUIREMENTS)).with_context(|| format!("could not read {REQUIREMENTS}"))?;
    let stamp = root.join(VENV).join("installed.txt");
    if root.join(FRICTIONLESS).is_file() && fs::read_to_string(&stamp).is_ok_and(|had| had == wanted) {
        return Ok(());
    }
    let pip = format!("{VENV}/bin/pip");
    for call in [
        Call::new("python3", &["-m", "venv", "--clear", VENV]),
        Call::new(&pip, &["install", "--quiet", "--disable-pip-version-check", "--requirement", REQUIREMENTS]),
    ] {
        println!("   {call}");
        ensure!(call.holds(root)?, "what the checks need of Python could not be installed");
    }
    fs::write(&stamp, wanted).with_context(|| format!("could not write {}", stamp.display()))
}

/// cargo-deny: ours, or else the one of this machine.
pub(super) fn deny(root: &Path) -> Option<String> {
    let theirs = on_path("cargo-deny").then(|| "cargo-deny".to_owned());
    if root.join(OUR_DENY).is_file() { Some(OUR_DENY.to_owned()) } else { theirs }
}

fn deny_call() -> Call {
    let call = Call::cargo(&[
        "install",
        "--quiet",
        "--locked",
        "--debug",
        "--root",
        "target/tools",
        "--version",
        DENY_VERSION,
        "cargo-deny",
    ]);
    // Unoptimised it takes half the time to build and still answers in two seconds. A target folder of its own: what it
    // is built from is of no use to anybody else.
    call.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_TARGET_DIR", "target/tools/build")
}

/// The line that installs cargo-deny.
pub(super) fn deny_install() -> String {
    deny_call().to_string()
}

/// Whether cargo-nextest is on this machine.
pub(super) fn nextest(root: &Path) -> bool {
    Call::cargo(&["nextest", "--version"]).answer(root).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_root_gets_one_line_that_does_it() {
        insta::assert_snapshot!(by_hand(&["chromium", "python3-venv"]), @"  sudo apt-get update && sudo apt-get install --yes --no-install-recommends chromium python3-venv");
    }

    #[test]
    fn a_package_that_is_not_there_is_seen_to_be_missing() {
        let here = Path::new(".");
        assert!(is_there(here, &Seen::Program("sh")));
        assert!(!is_there(here, &Seen::Program("no-such-program-of-levee")));
        assert!(!is_there(here, &Seen::Answers(&["sh", "-c", "exit 1"])));
    }
}
