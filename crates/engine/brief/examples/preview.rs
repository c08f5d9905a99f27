//! Writes a brief of the tests as a page: `preview PATH [zh|en] [stressed|nothing]`.

#[path = "../tests/support/fixture.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::type_complexity,
    clippy::cast_precision_loss,
    reason = "shared with the tests, where a fault should stop at once"
)]
mod fixture;

use levee_brief::facts;

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let path = args.get(1).map_or("brief.html", String::as_str);
    let lang = if args.get(2).is_some_and(|lang| lang == "en") { levee_brief::Lang::En } else { levee_brief::Lang::Zh };
    let facts = match args.get(3).map(String::as_str) {
        Some("stressed") => fixture::stressed(),
        Some("nothing") => fixture::nothing(),
        _ => fixture::fixture(),
    };
    std::fs::write(path, levee_brief::Document::new(facts).to_html(lang))
}
