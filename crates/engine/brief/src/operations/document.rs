//! The timetable as one JSON document, `levee.operations/1`.

use super::facts::{Operations, Owner, Row};
use serde_json::{Map, Value, json};

/// The schema of the document.
pub(super) const SCHEMA: &str = "levee.operations/1";

pub(super) fn owner(owner: Option<&Owner>) -> Value {
    owner.map_or(
        Value::Null,
        |one| json!({ "person": one.person, "name_zh": one.name.zh, "name_en": one.name.en, "how": one.how }),
    )
}

fn row(row: &Row) -> Value {
    json!({
        "from": { "source": row.source.code(), "id": row.id }, "state": row.state.code(), "proposal": row.source.is_proposal(),
        "what_zh": row.what.zh, "what_en": row.what.en,
        "units": row.units.as_ref().map(|(count, unit)| json!({ "count": count, "unit_zh": unit.zh, "unit_en": unit.en })),
        "section": row.section, "owner": owner(row.owner.as_ref()), "unowned": row.is_unowned(),
        "district": row.district, "place": row.place, "place_zh": row.place_name.zh, "place_en": row.place_name.en,
        "starts": row.from.map(|at| at.utc), "until": row.until.utc, "until_local": row.until.local,
        "late_minutes": row.late_minutes, "life_saving": row.life_saving, "origin": row.origin,
        "note": row.note.as_ref().map(|note| json!({ "zh": note.zh, "en": note.en })),
    })
}

impl Operations {
    /// As one JSON document.
    pub fn to_json(&self) -> Value {
        let tally: Map<String, Value> = self
            .tally
            .iter()
            .map(|(source, t)| {
                let counts =
                    json!({ "found": t.found, "rows": t.rows, "unplaced": t.unplaced, "filtered": t.filtered });
                (source.code().to_owned(), counts)
            })
            .collect();
        let unplaced = self.unplaced.iter().map(|one| {
            let why = one.why.words();
            json!({ "from": { "source": one.source.code(), "id": one.id }, "what_zh": one.what.zh, "what_en": one.what.en,
                "district": one.district, "why": one.why.code(), "why_zh": why.zh, "why_en": why.en })
        });
        let missing = self.missing.iter().map(
            |one| json!({ "what_zh": one.what.zh, "what_en": one.what.en, "why_zh": one.why.zh, "why_en": one.why.en }),
        );
        let names = |of: &std::collections::BTreeMap<String, crate::facts::Words>| -> Map<String, Value> {
            of.iter().map(|(code, name)| (code.clone(), json!({ "zh": name.zh, "en": name.en }))).collect()
        };
        json!({
            "schema": SCHEMA, "city": { "code": self.city_code, "zh": self.city.zh, "en": self.city.en },
            "at": self.at.utc, "at_local": self.at.local, "time_zone": self.zone.id, "replay": self.replay,
            "plan": self.plan, "rulebook": self.rulebook,
            "asked": { "district": self.district, "section": self.section },
            "headline": { "zh": self.headline(crate::Lang::Zh), "en": self.headline(crate::Lang::En) },
            "counts": { "rows": self.rows.len(), "overdue": self.overdue().count(), "unowned": self.unowned().count() },
            "rows": self.rows.iter().map(row).collect::<Vec<_>>(), "unplaced": unplaced.collect::<Vec<_>>(),
            "tally": tally, "missing": missing.collect::<Vec<_>>(),
            "districts": names(&self.districts), "sections": names(&self.sections),
        })
    }
}
