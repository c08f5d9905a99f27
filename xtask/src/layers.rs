//! Who may know whom: the layers of the workspace, held against what `cargo metadata` says.
//!
//! In: the metadata as JSON, for one platform. Out: the edges that reach the wrong way, and the banned crates that come into
//! an engine by any road. The tables below are the rule; an exception stands in `EXCEPTIONS` with its reason or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::{Context, Result};
use serde_json::Value;

/// The layer of a crate, read from the folder it lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// `crates/model`
    Model,
    /// `crates/engine/rulebook`, the one engine that the others may know
    Rulebook,
    /// `crates/engine/*`
    Engine,
    /// `crates/app`
    App,
    /// `crates/edge/*`
    Edge,
    /// `crates/sim`
    Sim,
    /// `crates/levee`
    Binary,
    /// `bench`
    Bench,
    /// `xtask`
    Chores,
}

impl Layer {
    /// Layer of the package in this folder, told from the root of the workspace. `None`: nobody said where it stands.
    fn of(folder: &str) -> Option<Self> {
        Some(match folder {
            "crates/model" => Self::Model,
            "crates/engine/rulebook" => Self::Rulebook,
            "crates/app" => Self::App,
            "crates/sim" => Self::Sim,
            "crates/levee" => Self::Binary,
            "bench" => Self::Bench,
            "xtask" => Self::Chores,
            _ if folder.starts_with("crates/engine/") => Self::Engine,
            _ if folder.starts_with("crates/edge/") => Self::Edge,
            _ => return None,
        })
    }

    /// The layers that code of this one may use.
    fn knows(self) -> &'static [Layer] {
        use Layer::{App, Edge, Engine, Model, Rulebook, Sim};
        match self {
            Self::Model | Self::Chores => &[],
            Self::Rulebook => &[Model],
            Self::Engine => &[Model, Rulebook],
            Self::App => &[Model, Rulebook, Engine],
            Self::Edge => &[Model, Rulebook, Engine, App],
            Self::Sim | Self::Binary => &[Model, Rulebook, Engine, App, Edge],
            Self::Bench => &[Model, Rulebook, Engine, App, Edge, Sim],
        }
    }

    /// Whether it has to stay free of `BANNED` crates.
    fn is_pure(self) -> bool {
        matches!(self, Self::Model | Self::Rulebook | Self::Engine)
    }
}

/// What tests of a crate may use beyond what its code may: any engine's tests may ask the simulated city and the checker.
const IN_TESTS: &[&str] = &["levee-sim", "levee-check"];

/// Edges that no layer rule would forbid, or that not even tests may have.
const NEVER: &[(&str, &str, &str)] = &[(
    "levee-check",
    "levee-planner",
    "the checker judges plans from their definition alone, in its tests too; a plan passes `check` in the tests of the planner",
)];

/// Crates that no engine may bring in by any road.
const BANNED: &[(&str, &str)] = &[
    ("tokio", "async: an engine gives its answer when it has it"),
    ("async-std", "async"),
    ("smol", "async"),
    ("mio", "sockets"),
    ("hyper", "sockets"),
    ("reqwest", "sockets"),
    ("ureq", "sockets"),
    ("rusqlite", "a store"),
    ("libsqlite3-sys", "a store"),
    ("sqlx", "a store"),
    ("tokio-postgres", "a store"),
    ("tempfile", "files"),
    ("walkdir", "files"),
    ("memmap2", "files"),
    ("notify", "files"),
    ("getrandom", "randomness that nobody handed in"),
    ("rand", "its thread-local generator is seeded by the system: use rand_core and rand_chacha with a given seed"),
    ("fastrand", "a generator that seeds itself"),
    ("ahash", "hashes that differ between runs"),
    ("chrono", "a second calendar, with a clock"),
    ("time", "a second calendar, with a clock"),
];

/// Banned crates that are let in: which, through whom, and why that is no harm and what keeps it so.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "getrandom",
        "uuid",
        "the workspace asks uuid for version 7, which clients make; an engine only carries ids, and `purity` finds any \
         engine that makes one (now_v7, new_v4)",
    ),
    (
        "getrandom",
        "rand_core",
        "not there in truth: `cargo metadata` lists it for the weak feature `std = [\"getrandom?/std\"]` although nobody asks \
         for `os_rng`, and `cargo tree` does not; `purity` finds any engine that would use it (from_os_rng, OsRng)",
    ),
];

/// What a layer rule found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breach {
    /// A crate that lies in no known folder.
    Homeless {
        /// The crate.
        krate: String,
        /// Its folder from the root.
        folder: String,
    },
    /// A crate that reaches the wrong way.
    WrongWay {
        /// Who reaches.
        from: String,
        /// Whom it must not know.
        to: String,
        /// `code` or `tests`.
        place: &'static str,
    },
    /// A pure crate that brings in a banned one.
    Impure {
        /// The pure crate, then each step to the banned one.
        road: Vec<String>,
        /// Why the last one is banned.
        why: &'static str,
    },
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Homeless { krate, folder } => {
                write!(f, "{krate} in {folder} has no layer: say in xtask/src/layers.rs where it stands")
            }
            Self::WrongWay { from, to, place } => write!(f, "{from} must not know {to} (in its {place})"),
            Self::Impure { road, why } => write!(f, "{} ({why})", road.join(" > ")),
        }
    }
}

/// Dependencies of one package: name, and whether code (not only tests) uses it.
#[derive(Clone, Debug, Default)]
struct Package {
    name: String,
    /// Ids that its code or its build uses.
    code: BTreeSet<String>,
    /// Ids that only its tests use.
    tests: BTreeSet<String>,
}

/// Holds the metadata of `cargo metadata --format-version 1 --filter-platform …` against the layers.
pub fn breaches(metadata: &Value) -> Result<Vec<Breach>> {
    let packages = packages(metadata)?;
    let root = text(metadata, "workspace_root")?;
    let mut found = Vec::new();
    let mut layers = BTreeMap::new();
    for package in list(metadata, "packages")?.iter().filter(|package| package["source"].is_null()) {
        let manifest = text(package, "manifest_path")?;
        let folder = manifest.strip_prefix(root).unwrap_or(manifest).trim_matches('/').trim_end_matches("/Cargo.toml");
        if let Some(layer) = Layer::of(folder) {
            layers.insert(text(package, "id")?.to_owned(), layer);
        } else {
            found.push(Breach::Homeless { krate: text(package, "name")?.into(), folder: folder.into() });
        }
    }
    for (id, layer) in &layers {
        let Some(from) = packages.get(id) else { continue };
        for (edges, place) in [(&from.code, "code"), (&from.tests, "tests")] {
            for (to, to_layer) in edges.iter().filter_map(|id| Some((packages.get(id)?, layers.get(id)?))) {
                let allowed = layer.knows().contains(to_layer)
                    || (place == "tests" && (IN_TESTS.contains(&to.name.as_str()) || *layer >= Layer::App));
                let never = NEVER.iter().any(|(a, b, _)| *a == from.name && *b == to.name);
                if !allowed || never {
                    found.push(Breach::WrongWay { from: from.name.clone(), to: to.name.clone(), place });
                }
            }
        }
        if layer.is_pure() {
            found.extend(impurities(&packages, id));
        }
    }
    found.sort();
    Ok(found)
}

/// The shortest road from a package to each banned one that it reaches.
fn impurities(packages: &BTreeMap<String, Package>, start: &str) -> Vec<Breach> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut rim = vec![start];
    let mut found = Vec::new();
    while !rim.is_empty() {
        let mut next = Vec::new();
        for id in rim {
            let Some(package) = packages.get(id) else { continue };
            for to in &package.code {
                let name = packages.get(to).map_or("", |package| package.name.as_str());
                let excepted = EXCEPTIONS.iter().any(|(banned, by, _)| *banned == name && *by == package.name);
                if excepted || to == start || came_from.contains_key(to.as_str()) {
                    continue;
                }
                came_from.insert(to, id);
                match BANNED.iter().find(|(banned, _)| *banned == name) {
                    Some((_, why)) => found.push(Breach::Impure { road: road(packages, &came_from, to), why }),
                    None => next.push(to.as_str()),
                }
            }
        }
        rim = next;
    }
    found
}

fn road(packages: &BTreeMap<String, Package>, came_from: &BTreeMap<&str, &str>, end: &str) -> Vec<String> {
    let steps = std::iter::successors(Some(end), |id| came_from.get(id).copied());
    let mut names: Vec<String> = steps.filter_map(|id| packages.get(id)).map(|package| package.name.clone()).collect();
    names.reverse();
    names
}

fn packages(metadata: &Value) -> Result<BTreeMap<String, Package>> {
    let mut found = BTreeMap::new();
    for package in list(metadata, "packages")? {
        let name = text(package, "name")?.to_owned();
        found.insert(text(package, "id")?.to_owned(), Package { name, ..Package::default() });
    }
    for node in list(&metadata["resolve"], "nodes")? {
        let Some(package) = found.get_mut(text(node, "id")?) else { continue };
        for edge in list(node, "deps")? {
            let to = text(edge, "pkg")?.to_owned();
            // `kind` is null for code, "build" for build scripts, "dev" for tests.
            let in_code = list(edge, "dep_kinds")?.iter().any(|kind| kind["kind"] != "dev");
            if in_code {
                package.code.insert(to)
            } else {
                package.tests.insert(to)
            };
        }
    }
    Ok(found)
}

fn list<'v>(value: &'v Value, key: &str) -> Result<&'v Vec<Value>> {
    value[key].as_array().with_context(|| format!("cargo metadata gave no list `{key}`"))
}

fn text<'v>(value: &'v Value, key: &str) -> Result<&'v str> {
    value[key].as_str().with_context(|| format!("cargo metadata gave no text `{key}`"))
}
