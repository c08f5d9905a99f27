//! `cargo xtask highs`: the planner with its C++ back end.
//!
//! Installs cmake, clang and libclang where they are missing (as root, with apt; anybody else gets the one line to run), builds HiGHS
//! (some minutes, once) and runs the tests that compare it with our own simplex and with microlp. The default build needs none of this.

use std::path::Path;

use anyhow::Result;

use crate::Answer;
use crate::run::Call;
use crate::verify::tools;

/// Installs, builds, compares.
pub fn highs(root: &Path) -> Result<Answer> {
    tools::for_highs(root)?;
    let call = call();
    println!("   {call}");
    Ok(if call.holds(root)? { Answer::Yes } else { Answer::No })
}

/// Optimised as the product is, so that HiGHS is built once for tests and for measuring.
fn call() -> Call {
    let call = Call::cargo(&["test", "--release", "--locked", "--package", "levee-planner", "--features", "highs"]);
    ["--test", "solver", "--test", "laws", "--", "programme", "flows"].iter().fold(call, |call, word| call.arg(*word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_compares_back_ends_is_run() {
        assert_eq!(
            call().to_string(),
            "cargo test --release --locked --package levee-planner --features highs --test solver --test laws -- programme flows"
        );
    }
}
