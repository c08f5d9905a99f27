//! Writes the brief of the fixture as a page: `preview PATH [zh|en] [stress]`.

#[path = "../tests/support/fixture.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod fixture;

use levee_brief::facts;

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let path = args.get(1).map_or("brief.html", String::as_str);
    let lang = if args.get(2).is_some_and(|lang| lang == "en") { levee_brief::Lang::En } else { levee_brief::Lang::Zh };
    let document = levee_brief::Document::new(fixture::fixture());
    std::fs::write(path, document.to_html(lang))
}
