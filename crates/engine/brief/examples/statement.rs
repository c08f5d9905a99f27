//! Writes a statement of the tests as a page: `statement PATH [zh|en] [draft|nothing]`.

#[path = "../tests/support/statement.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "shared with the tests, where a fault should stop at once"
)]
mod statement;

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let path = args.get(1).map_or("statement.html", String::as_str);
    let lang = if args.get(2).is_some_and(|lang| lang == "en") { levee_brief::Lang::En } else { levee_brief::Lang::Zh };
    let facts = match args.get(3).map(String::as_str) {
        Some("draft") => statement::draft(83),
        Some("nothing") => statement::nothing(),
        _ => statement::sealed(83),
    };
    std::fs::write(path, facts.to_html(lang))
}
