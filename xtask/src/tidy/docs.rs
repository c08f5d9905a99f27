//! Rules over the documentation.

use crate::tidy::Finding;
use crate::tree::Tree;

const INDEX: &str = "docs/README.md";
const MAP: &str = "docs/ARCHITECTURE.md";

/// How a path of the repository begins.
const ROOMS: [&str; 7] = ["bench/", "crates/", "docs/", "packs/", "rulebooks/", "web/", "xtask/"];

/// Every relative link in a Markdown file leads to a file or folder of the repository. Pages under a `src` are pieces of a
/// program, which writes them elsewhere; their links are judged there.
pub(super) fn links_lead_somewhere(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in tree.ending(".md").filter(|file| !file.path.contains("/src/")) {
        for (line, target) in links(&file.text) {
            let path = target.split(['#', '?']).next().unwrap_or_default();
            let elsewhere = target.contains("://") || target.starts_with("mailto:");
            if !elsewhere && !path.is_empty() && !exists(tree, &resolved(&file.path, path)) {
                found.push(Finding::new(&file.path, line, format!("the link to `{target}` leads nowhere")));
            }
        }
    }
    found
}

/// The map of the code names rooms that are there: each path between backticks of the architecture page exists.
pub(super) fn the_map_names_what_is_there(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(tree.text(MAP).unwrap_or_default().lines()) {
        // Every second piece between backticks is code.
        for named in line.split('`').skip(1).step_by(2) {
            let path = named.trim_end_matches('/');
            let of_the_tree = ROOMS.iter().any(|room| path.starts_with(room));
            let plain = !path.contains(['*', ' ', '{', '<']);
            if of_the_tree && plain && !exists(tree, path) {
                found.push(Finding::new(MAP, number, format!("`{named}` is not there: name the room where it is now")));
            }
        }
    }
    found
}

/// Whoever looks for a design question finds it from the index.
pub(super) fn design_is_indexed(tree: &Tree) -> Vec<Finding> {
    let linked: Vec<String> =
        links(tree.text(INDEX).unwrap_or_default()).map(|(_, target)| resolved(INDEX, target)).collect();
    let pages = tree.ending(".md").filter(|file| file.path.starts_with("docs/") && file.path != INDEX);
    pages
        .filter(|page| !linked.contains(&page.path))
        .map(|page| Finding::new(&page.path, 0, format!("is not linked from {INDEX}")))
        .collect()
}

/// Inline links and pictures, `[text](target)`, outside code, with their lines.
fn links(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    let open_lines = (1..).zip(text.lines()).filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    });
    open_lines.flat_map(|(number, line)| {
        // Every second piece between backticks is code.
        let prose = line.split('`').step_by(2);
        let after: Vec<&str> = prose.flat_map(|piece| piece.split("](").skip(1)).collect();
        let code_text = line.match_indices("`](").map(|(at, mark)| &line[at + mark.len()..]);
        let mut targets: Vec<&str> =
            after.into_iter().chain(code_text).filter_map(|rest| rest.split(')').next()).collect();
        targets.dedup();
        targets
            .into_iter()
            .map(move |target| (number, target.split(' ').next().unwrap_or_default()))
            .collect::<Vec<_>>()
    })
}

/// A link's target, told from the root of the repository.
fn resolved(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = if target.starts_with('/') { Vec::new() } else { from.split('/').collect() };
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn exists(tree: &Tree, path: &str) -> bool {
    let folder = format!("{path}/");
    path.is_empty() || tree.paths.iter().any(|known| known == path || known.starts_with(&folder))
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;
    use super::*;

    #[test]
    fn a_link_that_leads_nowhere_is_found() {
        let page = "[a](design/a.md) [b](design/b.md#why) ![p](../p.png) [w](https://example.org) [h](#here)\n\
                    ```text\n[c](c.md)\n```\n`[d](d.md)` [`e`](e.md)\n";
        let files = [("docs/README.md", page), ("docs/design/a.md", ""), ("p.png", "")];
        insta::assert_snapshot!(said(links_lead_somewhere, &files), @"
        docs/README.md:1: the link to `design/b.md#why` leads nowhere
        docs/README.md:5: the link to `e.md` leads nowhere
        ");
    }

    #[test]
    fn a_link_to_a_folder_counts_and_one_out_of_the_repository_does_not() {
        let files = [("docs/README.md", "[packs](../packs) [up](../../b.md)"), ("packs/a/city.toml", ""), ("c.md", "")];
        assert_eq!(said(links_lead_somewhere, &files), "docs/README.md:1: the link to `../../b.md` leads nowhere");
    }

    #[test]
    fn a_room_that_moved_is_found_on_the_map() {
        let map = "| a | `crates/a/src/a.rs`, `b.rs` |\n| c | `crates/a/src/c.rs`; all: `crates/a/src/`, `rulebooks/*.yaml` |\n";
        let files = [("docs/ARCHITECTURE.md", map), ("crates/a/src/a.rs", "")];
        let found = said(the_map_names_what_is_there, &files);
        assert_eq!(found, "docs/ARCHITECTURE.md:2: `crates/a/src/c.rs` is not there: name the room where it is now");
    }

    #[test]
    fn a_page_that_the_index_forgot_is_found() {
        let files = [("docs/README.md", "[a](design/a.md)"), ("docs/design/a.md", ""), ("docs/design/b.md", "")];
        assert_eq!(said(design_is_indexed, &files), "docs/design/b.md: is not linked from docs/README.md");
    }
}
