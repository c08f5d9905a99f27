//! The Frictionless descriptor of a pack (Data Package v1, profile `tabular-data-package`), made from [`TABLES`].
//!
//! Same pack, same bytes. It is how readers outside Levee learn the columns, types, keys and sources of a pack.

use crate::cells::LARGEST_COUNT;
use crate::pack::{Pack, PackProblem, read_pack};
use levee_model::table::{Column, Kind, TABLES, TableSpec, Use};
use serde_json::{Map, Value, json};
use std::path::Path;

/// Name of the descriptor's file.
pub const FILE: &str = "datapackage.json";

/// Format of moments: `2022-11-17T12:00`.
const MOMENT: &str = "%Y-%m-%dT%H:%M";

/// The descriptor of the pack in `dir`.
pub fn describe(dir: &Path) -> Result<Value, Vec<PackProblem>> {
    let pack = read_pack(dir)?;
    let file = |spec: &TableSpec| format!("{}.csv", spec.name);
    let tables = TABLES.iter().filter(|spec| dir.join(file(spec)).exists()).map(|spec| resource(spec, &file(spec)));
    let owed = pack.owed.iter().filter_map(|kind| {
        let spec = crate::owed::spec(&pack.catalogue, kind)?;
        Some(resource(spec, &format!("{}/{kind}.csv", crate::owed::FOLDER)))
    });
    let resources: Vec<Value> = tables.chain(owed).collect();
    let mut all = Map::new();
    let mut put = |key: &str, value: Value| all.insert(key.to_owned(), value);
    put("profile", json!("tabular-data-package"));
    put("name", json!(pack.settings.id));
    put("title", json!(format!("{} {}", pack.settings.name.en, pack.settings.name.zh)));
    put(
        "description",
        json!(format!("City pack ({}); docs/pack.md of Levee explains its tables", pack.settings.schema)),
    );
    if dir.join("LICENSES.md").exists() {
        put("licenses", json!([{ "path": "LICENSES.md", "title": "Licences of the parts of this pack" }]));
    }
    put("sources", Value::Array(sources(&pack)));
    put("resources", Value::Array(resources));
    Ok(Value::Object(all))
}

/// The descriptor as the bytes of its file.
pub fn to_text(descriptor: &Value) -> String {
    // Printing a value that was built in memory cannot fail; the form on one line would be as valid.
    let mut text = serde_json::to_string_pretty(descriptor).unwrap_or_else(|_| descriptor.to_string());
    text.push('\n');
    text
}

fn sources(pack: &Pack) -> Vec<Value> {
    let one = |source: &crate::pack::Document| {
        let mut all = Map::new();
        all.insert("title".to_owned(), json!(format!("{}: {}", source.id, source.title)));
        if let Some(url) = source.url.as_ref().filter(|url| url.starts_with("http://") || url.starts_with("https://")) {
            all.insert("path".to_owned(), json!(url));
        }
        Value::Object(all)
    };
    pack.sources.iter().map(one).collect()
}

fn resource(spec: &TableSpec, path: &str) -> Value {
    let fields: Vec<Value> = spec.columns.iter().map(field).collect();
    // A later report with the same key supersedes: only together with the moment it became known does it name a row.
    let mut key: Vec<&str> = spec.key.to_vec();
    if spec.used == Use::Report {
        key.push("known_at");
    }
    let mut schema = Map::new();
    schema.insert("fields".to_owned(), Value::Array(fields));
    schema.insert("missingValues".to_owned(), json!([""]));
    schema.insert("primaryKey".to_owned(), json!(key));
    let refers = foreign_keys(spec);
    if !refers.is_empty() {
        schema.insert("foreignKeys".to_owned(), Value::Array(refers));
    }
    json!({
        "profile": "tabular-data-resource",
        "name": spec.name,
        "path": path,
        "description": spec.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": { "delimiter": ",", "quoteChar": "\"", "doubleQuote": true, "header": true },
        "schema": schema,
    })
}

/// Columns that name exactly one row of another table. Lists in one cell cannot be said in this format.
fn foreign_keys(spec: &TableSpec) -> Vec<Value> {
    if spec.used == Use::Reference {
        return Vec::new();
    }
    let to_offices = json!({ "fields": "office", "reference": { "resource": "offices", "fields": "office" } });
    spec.position("office").map(|_| to_offices).into_iter().collect()
}

fn field(column: &Column) -> Value {
    let (kind, format) = match column.kind {
        Kind::Count => ("integer", None),
        Kind::Decimal => ("number", None),
        Kind::Date => ("date", None),
        Kind::DateTime => ("datetime", Some(MOMENT)),
        Kind::Flag => ("boolean", None),
        _ => ("string", None),
    };
    let mut field = Map::new();
    let mut put = |key: &str, value: Value| field.insert(key.to_owned(), value);
    put("name", json!(column.name));
    put("type", json!(kind));
    if let Some(format) = format {
        put("format", json!(format));
    }
    put("description", json!(column.about));
    if column.kind == Kind::Flag {
        put("trueValues", json!(["true"]));
        put("falseValues", json!(["false"]));
    }
    let mut constraints = Map::new();
    if column.required {
        constraints.insert("required".to_owned(), json!(true));
    }
    let range = match (column.kind, column.name) {
        (Kind::Count, _) => Some((json!(0), json!(LARGEST_COUNT))),
        (Kind::Decimal, "lat") => Some((json!(-90), json!(90))),
        (Kind::Decimal, "lon") => Some((json!(-180), json!(180))),
        (Kind::Decimal, name) if name.ends_with("_pct") => Some((json!(0), json!(100))),
        _ => None,
    };
    if let Some((least, most)) = range {
        constraints.insert("minimum".to_owned(), least);
        constraints.insert("maximum".to_owned(), most);
    }
    if let Kind::Choice(choices) = column.kind {
        constraints.insert("enum".to_owned(), json!(choices));
    }
    if !constraints.is_empty() {
        put("constraints", Value::Object(constraints));
    }
    Value::Object(field)
}

/// Where two descriptors differ: the name of each top-level key, and of each resource, that is not the same.
pub(crate) fn differences(there: &Value, wanted: &Value) -> Vec<String> {
    let mut out = Vec::new();
    let empty = Map::new();
    let (there, wanted) = (there.as_object().unwrap_or(&empty), wanted.as_object().unwrap_or(&empty));
    for key in there.keys().filter(|key| !wanted.contains_key(*key)) {
        out.push(format!("`{key}` does not belong in it"));
    }
    for (key, value) in wanted.iter().filter(|(key, value)| there.get(*key) != Some(value)) {
        if key != "resources" {
            out.push(format!("`{key}` differs"));
            continue;
        }
        let named = |all: Option<&Value>| -> Vec<(String, Value)> {
            let name = |one: &Value| one.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            let all = all.and_then(Value::as_array).cloned().unwrap_or_default();
            all.into_iter().map(|one| (name(&one), one)).collect()
        };
        let (have, want) = (named(there.get(key)), named(Some(value)));
        let before = out.len();
        for (name, one) in &want {
            match have.iter().find(|(other, _)| other == name) {
                Some((_, other)) if other == one => {}
                Some(_) => out.push(format!("resource `{name}` differs")),
                None => out.push(format!("resource `{name}` is missing")),
            }
        }
        for (name, _) in have.iter().filter(|(name, _)| !want.iter().any(|(other, _)| other == name)) {
            out.push(format!("resource `{name}` has no table in the pack"));
        }
        if out.len() == before {
            out.push("the resources stand in another order".to_owned());
        }
    }
    out
}
