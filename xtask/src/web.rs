//! `cargo xtask web`: the screens, from `web/` into `web/dist`, where the server takes them from.
//!
//! Installs the packages that `package-lock.json` names, makes the client's types of the OpenAPI document, checks types, runs the unit
//! tests and builds the bundle. Needs Node with npm; nothing else of this repository does, but for the demo's screens.

use std::path::Path;

use anyhow::{Result, ensure};

use crate::Answer;
use crate::run::{Call, on_path};

const FOLDER: &str = "web";

/// Builds the screens.
pub fn web(root: &Path) -> Result<Answer> {
    ensure!(
        on_path("npm"),
        "npm is not here: install Node 18.20 or later with npm (Debian: `apt-get install nodejs npm`)"
    );
    for call in calls() {
        println!("   {call}");
        if !call.holds(root)? {
            return Ok(Answer::No);
        }
    }
    Ok(Answer::Yes)
}

/// What is run, in this order, each in `web/`.
pub(crate) fn calls() -> Vec<Call> {
    let npm = |args: &[&str]| args.iter().fold(Call::new("npm", &["--prefix", FOLDER]), |call, arg| call.arg(*arg));
    vec![
        // Not `ci`: it wants the binaries of every platform in the lock, and a mirror may lack some. Versions come from the lock all the same.
        npm(&["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]),
        npm(&["run", "--silent", "client"]),
        npm(&["run", "--silent", "check"]),
        npm(&["run", "--silent", "test"]),
        npm(&["run", "--silent", "build"]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundle_is_built_of_what_the_lock_names_and_only_when_types_and_tests_hold() {
        let calls: Vec<String> = calls().iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(calls.join("\n"), @"
        npm --prefix web install --no-save --no-audit --no-fund --loglevel=error
        npm --prefix web run --silent client
        npm --prefix web run --silent check
        npm --prefix web run --silent test
        npm --prefix web run --silent build
        ");
    }
}
