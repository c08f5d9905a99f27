//! Rules over the manifests of the crates, and the licence.

use crate::tidy::Finding;
use crate::tree::Tree;

/// Each crate takes its lints and its licence from the workspace, so that they stand in one place.
pub(super) fn lints_and_licence_are_the_workspaces(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in tree.ending("/Cargo.toml") {
        let squeezed: String = file.text.split_whitespace().collect();
        for (wanted, mend) in [
            ("[lints]workspace=true", "add `[lints]` with `workspace = true`"),
            ("license.workspace=true", "add `license.workspace = true`"),
            ("publish.workspace=true", "add `publish.workspace = true`"),
        ] {
            if !squeezed.contains(wanted) {
                found.push(Finding::new(&file.path, 0, mend));
            }
        }
    }
    found
}

pub(super) fn the_licence_is_there(tree: &Tree) -> Vec<Finding> {
    match tree.text("LICENSE") {
        Some(text) if text.contains("Apache License") && text.contains("Version 2.0") => Vec::new(),
        Some(_) => vec![Finding::new("LICENSE", 0, "is not the Apache License, Version 2.0")],
        None => vec![Finding::new("LICENSE", 0, "is missing")],
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    #[test]
    fn a_crate_that_goes_its_own_way_is_found() {
        let own = "[package]\nname = \"a\"\nlicense = \"MIT\"\npublish.workspace = true\n\n[lints]\nworkspace = true\n";
        assert_eq!(
            said(lints_and_licence_are_the_workspaces, &[("crates/a/Cargo.toml", own)]),
            "crates/a/Cargo.toml: add `license.workspace = true`"
        );
    }

    #[test]
    fn a_licence_that_is_missing_or_another_is_found() {
        assert_eq!(said(the_licence_is_there, &[]), "LICENSE: is missing");
        assert_eq!(
            said(the_licence_is_there, &[("LICENSE", "MIT License")]),
            "LICENSE: is not the Apache License, Version 2.0"
        );
        assert_eq!(said(the_licence_is_there, &[("LICENSE", "Apache License\nVersion 2.0, January 2004")]), "");
    }
}
