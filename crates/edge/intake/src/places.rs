//! Finds the place that a cell means: by code, also as a spreadsheet mangles codes, or by exact name.

use crate::text::{folded, narrow, nearest};
use levee_model::area::{Name, PlaceCode};
use levee_model::gazetteer::Gazetteer;
use std::collections::BTreeMap;

/// What a cell of a place turned out to mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// This place.
    One(&'a PlaceCode),
    /// Any of these: the name is not enough.
    Several(&'a [PlaceCode]),
    /// A row of totals, not a place.
    Total,
    /// No place the city knows; the name and code of the nearest, if one is near.
    None(Option<String>),
}

/// Every code and name under which a city's places are known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlaceIndex {
    by_code: BTreeMap<String, PlaceCode>,
    by_name: BTreeMap<String, Vec<PlaceCode>>,
    /// Names as written, with their place, for suggestions.
    names: BTreeMap<String, PlaceCode>,
    city: String,
}

/// How rows of totals are marked.
const TOTALS: &[&str] = &["合计", "总计", "小计", "共计", "总数", "total", "totals", "sum", "subtotal"];

impl PlaceIndex {
    /// From the places of a city. 全市 ("the whole city") means the city itself.
    pub fn new(gazetteer: &Gazetteer) -> Self {
        let mut index = Self { city: gazetteer.city().to_string(), ..Self::default() };
        let areas = gazetteer.areas().map(|a| (&a.code, &a.name));
        let units = gazetteer.units().map(|u| (&u.code, &u.name));
        for (code, Name { zh, en, short_zh, short_en }) in areas.chain(units) {
            index.by_code.insert(code.to_string(), code.clone());
            for name in [zh, en, short_zh, short_en] {
                index.name(name, code);
            }
        }
        index.name("全市", gazetteer.city());
        index
    }

    fn name(&mut self, name: &str, code: &PlaceCode) {
        let codes = self.by_name.entry(folded(name)).or_default();
        if !codes.contains(code) {
            codes.push(code.clone());
        }
        self.names.entry(name.to_owned()).or_insert_with(|| code.clone());
    }

    /// The code of the whole city.
    pub fn city(&self) -> &str {
        &self.city
    }

    /// The place that `text` means.
    pub fn find(&self, text: &str) -> Found<'_> {
        if let Some(code) = self.by_code.get(text) {
            return Found::One(code);
        }
        let narrow = narrow(text);
        let narrow = narrow.trim();
        // A spreadsheet that took the code for a number writes 500103.0.
        let whole = match narrow.split_once('.') {
            Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
            _ => narrow,
        };
        if let Some(code) = self.by_code.get(whole) {
            return Found::One(code);
        }
        let folded = folded(text);
        match self.by_name.get(&folded).map(Vec::as_slice) {
            Some([one]) => return Found::One(one),
            Some(several) => return Found::Several(several),
            None => {}
        }
        if let Some(code) = self.by_code.iter().find(|(code, _)| code.to_lowercase() == folded).map(|(_, code)| code) {
            return Found::One(code);
        }
        if TOTALS.contains(&folded.as_str()) {
            return Found::Total;
        }
        let name = nearest(text, self.names.keys().map(String::as_str));
        let near = name.and_then(|name| self.names.get(name).map(|code| format!("{name} ({code})")));
        Found::None(near.or_else(|| nearest(whole, self.by_code.keys().map(String::as_str)).map(str::to_owned)))
    }
}
