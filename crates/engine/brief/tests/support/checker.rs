//! A tiny reader of the markup that the page may consist of. It knows these elements and attributes and no others, so
//! that a text which breaks out of its place is found as an element or an attribute that should not be there.

/// An element as it was opened.
#[derive(Debug)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// Its attributes, values unescaped only as far as they are written.
    pub attributes: Vec<(String, String)>,
}

impl Element {
    /// The value of an attribute.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
    /// Whether an attribute has this value.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.value(name) == Some(value)
    }
}

const ELEMENTS: &[&str] = &[
    "html", "head", "meta", "title", "style", "body", "input", "nav", "div", "label", "a", "main", "article",
    "section", "header", "footer", "h1", "h2", "h3", "p", "ul", "ol", "li", "span", "b", "abbr", "table", "colgroup",
    "col", "thead", "tbody", "tr", "th", "td", "figure", "svg", "defs", "pattern", "rect", "line", "path", "circle",
    "text",
];
const ATTRIBUTES: &[&str] = &[
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "class",
    "type",
    "id",
    "checked",
    "for",
    "aria-label",
    "aria-hidden",
    "aria-labelledby",
    "href",
    "title",
    "style",
    "scope",
    "start",
    "width",
    "height",
    "viewBox",
    "role",
    "focusable",
    "x",
    "y",
    "x1",
    "x2",
    "y1",
    "y2",
    "cx",
    "cy",
    "r",
    "d",
    "text-anchor",
    "fill",
    "stroke",
    "stroke-width",
    "patternUnits",
    "patternTransform",
];
const VOID: &[&str] = &["meta", "input", "col"];

/// Every element in order, or what is wrong and where.
pub fn elements(html: &str) -> Result<Vec<Element>, String> {
    let mut rest = html.strip_prefix("<!doctype html>").ok_or("no doctype")?;
    let (mut all, mut open) = (Vec::new(), Vec::<String>::new());
    while let Some(at) = rest.find('<') {
        if rest[..at].contains('>') {
            return Err(format!("a bare `>` near `{}`", near(rest)));
        }
        let tag = &rest[at + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            let end = name.find('>').ok_or("a closing tag without an end")?;
            if open.pop().as_deref() != Some(&name[..end]) {
                return Err(format!("`{}` closes what is not open", &name[..end]));
            }
            rest = &name[end + 1..];
            continue;
        }
        let (element, closed, after) = opening(tag)?;
        let name = element.name.clone();
        rest = after;
        if name == "style" {
            rest = &rest[rest.find("</style>").ok_or("style is not closed")?..];
        }
        if !closed && !VOID.contains(&name.as_str()) {
            open.push(name);
        }
        all.push(element);
    }
    if open.is_empty() { Ok(all) } else { Err(format!("left open: {open:?}")) }
}

fn near(text: &str) -> String {
    text.chars().take(80).collect()
}

fn opening(tag: &str) -> Result<(Element, bool, &str), String> {
    let end = tag.find([' ', '>', '/']).ok_or("a tag without an end")?;
    let name = tag[..end].to_owned();
    if !ELEMENTS.contains(&name.as_str()) {
        return Err(format!("an element that no page has: `{}`", near(tag)));
    }
    let mut element = Element { name, attributes: Vec::new() };
    let mut rest = &tag[end..];
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            return Ok((element, true, after));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Ok((element, false, after));
        }
        let end = rest.find(['=', ' ', '>']).ok_or("an attribute without an end")?;
        let key = rest[..end].to_owned();
        if !ATTRIBUTES.contains(&key.as_str()) {
            return Err(format!("an attribute that no element has: `{}`", near(rest)));
        }
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').ok_or("a value without an end")?;
            value = quoted[..end].to_owned();
            rest = &quoted[end + 1..];
            if !rest.starts_with([' ', '>', '/']) {
                return Err(format!("a value that ends early: `{}`", near(rest)));
            }
        }
        element.attributes.push((key, value));
    }
}

#[test]
fn the_checker_finds_what_breaks_out() {
    let page = |inner: &str| format!("<!doctype html><html><body><p title=\"{inner}\">{inner}</p></body></html>");
    assert!(elements(&page("plain")).is_ok());
    assert!(elements(&page("<script>")).is_err());
    assert!(elements(&page("\" onclick=\"x")).is_err());
    assert!(elements(&page("</p>")).is_err());
}
