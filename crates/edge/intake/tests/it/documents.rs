//! Pages that are written from the code say what the code says.

use levee_intake::message::{MESSAGES, errors_page};
use levee_intake::{Lang, explain};
use levee_model::table::CellProblem;
use std::path::PathBuf;

/// Compares a page in `docs/` with its text; `LEVEE_WRITE_DOCS=1` writes it.
fn current(page: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../docs").join(page);
    if std::env::var_os("LEVEE_WRITE_DOCS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "docs/{page} is not current; write it with LEVEE_WRITE_DOCS=1 cargo test -p levee-intake");
}

#[test]
fn the_page_of_errors_is_current() {
    current("errors.md", &errors_page());
}

#[test]
fn the_page_of_packs_is_current() {
    current("pack.md", &levee_intake::pack::pack_page());
}

#[test]
fn the_page_of_kinds_is_current() {
    let packs = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../packs");
    let pack = levee_intake::pack::read_pack(&packs.join("chongqing-2022")).unwrap();
    current("catalogue.md", &levee_intake::pack::catalogue_page(&pack.catalogue));
}

#[test]
fn explanations_in_both_languages() {
    let args: Vec<String> = ["A", "B", "C"].map(str::to_owned).to_vec();
    let all: Vec<String> = MESSAGES
        .iter()
        .filter(|m| ("L1101".."L1400").contains(&m.code))
        .map(|m| {
            let problem = CellProblem { column: "col".into(), value: "值".into(), code: m.code, args: args.clone() };
            let (en, mend) = explain(&problem, Lang::En);
            let (zh, mend_zh) = explain(&problem, Lang::Zh);
            format!("{}\n  {en}\n  > {mend}\n  {zh}\n  > {mend_zh}", m.code)
        })
        .collect();
    insta::assert_snapshot!(all.join("\n"));
}
