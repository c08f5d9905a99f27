//! The layers of docs/ARCHITECTURE.md hold in what cargo builds, and these tests can fail.
#![expect(clippy::unwrap_used, clippy::panic, reason = "clippy takes the helpers of an integration test for code")]

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use xtask::layers::breaches;
use xtask::{purity, tree};

/// What cargo says of the workspace on this platform, all features of all members on.
fn metadata() -> Value {
    let root = tree::root().unwrap();
    let output = cargo(&root, &["-vV"]);
    let host = output.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let args =
        ["metadata", "--format-version", "1", "--offline", "--locked", "--all-features", "--filter-platform", host];
    serde_json::from_str(&cargo(&root, &args)).unwrap()
}

fn cargo(root: &Path, args: &[&str]) -> String {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program).args(args).current_dir(root).output().unwrap();
    assert!(output.status.success(), "cargo {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn said(metadata: &Value) -> Vec<String> {
    breaches(metadata).unwrap().iter().map(ToString::to_string).collect()
}

fn id_of(metadata: &Value, name: &str) -> Value {
    let packages = metadata["packages"].as_array().unwrap();
    packages.iter().find(|package| package["name"] == name).unwrap_or_else(|| panic!("no crate {name}"))["id"].clone()
}

/// The metadata with one more edge: what it would say if `from`, in whichever version, had `to` among its dependencies.
fn with_edge(mut metadata: Value, from: &str, to: &str, kind: &Value) -> Value {
    let to = id_of(&metadata, to);
    let packages = metadata["packages"].as_array().unwrap();
    let from: Vec<Value> =
        packages.iter().filter(|package| package["name"] == from).map(|package| package["id"].clone()).collect();
    assert!(!from.is_empty());
    for node in metadata["resolve"]["nodes"].as_array_mut().unwrap() {
        if from.contains(&node["id"]) {
            let edge = json!({ "name": "x", "pkg": to, "dep_kinds": [{ "kind": kind, "target": null }] });
            node["deps"].as_array_mut().unwrap().push(edge);
        }
    }
    metadata
}

#[test]
fn every_crate_knows_only_the_layers_above_it() {
    assert_eq!(said(&metadata()), [""; 0]);
}

#[test]
fn the_sources_of_the_engines_touch_nothing_outside() {
    let tree = tree::Tree::read(&tree::root().unwrap()).unwrap();
    assert!(purity::files_read(&tree) > 20, "the rule reads {} files", purity::files_read(&tree));
    assert_eq!(purity::impurities(&tree), []);
}

#[test]
fn a_crate_that_reaches_the_wrong_way_is_caught() {
    let clean = metadata();
    let caught = |from, to| said(&with_edge(clean.clone(), from, to, &Value::Null)).join("\n");
    assert_eq!(caught("levee-model", "levee-picture"), "levee-model must not know levee-picture (in its code)");
    assert_eq!(caught("levee-picture", "levee-outlook"), "levee-picture must not know levee-outlook (in its code)");
    // The app brings Cedar's calendar with it, the store SQLite: told twice, once for each rule.
    assert!(caught("levee-ledger", "levee-app").starts_with("levee-ledger must not know levee-app (in its code)\n"));
    assert!(caught("levee-app", "levee-store").contains("levee-app must not know levee-store (in its code)"));
    assert_eq!(caught("xtask", "levee-model"), "xtask must not know levee-model (in its code)");
}

#[test]
fn the_checker_never_knows_the_planner_not_even_in_its_tests() {
    let clean = metadata();
    let caught = |from, to| said(&with_edge(clean.clone(), from, to, &json!("dev"))).join("\n");
    assert_eq!(caught("levee-check", "levee-planner"), "levee-check must not know levee-planner (in its tests)");
    assert_eq!(caught("levee-planner", "levee-check"), "");
    assert_eq!(caught("levee-picture", "levee-planner"), "levee-picture must not know levee-planner (in its tests)");
}

#[test]
fn an_engine_that_gains_a_store_or_chance_is_caught_by_any_road() {
    let clean = metadata();
    let direct = said(&with_edge(clean.clone(), "levee-outlook", "rusqlite", &Value::Null));
    assert_eq!(direct, ["levee-outlook > rusqlite (a store)"]);
    // By way of somebody else's crate, and so for every engine that uses it.
    let hidden = said(&with_edge(clean.clone(), "thiserror", "tempfile", &Value::Null));
    assert!(hidden.contains(&"levee-outlook > thiserror > tempfile (files)".to_owned()), "{hidden:?}");
    assert!(hidden.len() > 5, "{hidden:?}");
    // In tests it may.
    assert_eq!(said(&with_edge(clean, "levee-outlook", "tempfile", &json!("dev"))), [""; 0]);
}

#[test]
fn a_crate_that_nobody_gave_a_layer_is_caught() {
    let mut doctored = metadata();
    let root = doctored["workspace_root"].as_str().unwrap().to_owned();
    let packages = doctored["packages"].as_array_mut().unwrap();
    packages.iter_mut().find(|package| package["name"] == "levee-sim").unwrap()["manifest_path"] =
        json!(format!("{root}/crates/extra/Cargo.toml"));
    assert_eq!(said(&doctored), ["levee-sim in crates/extra has no layer: say in xtask/src/layers.rs where it stands"]);
}
