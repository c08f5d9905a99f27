//! Words: flags, choices, identifiers, places, free text.

use super::Fault;
use crate::message::code;
use crate::places::{Found, PlaceIndex};
use crate::text::{narrow, nearest, suggestion};
use levee_model::ids::FacilityId;

/// Most characters of a text. A cell of a spreadsheet cannot hold more.
const LONGEST_TEXT: usize = 32_767;

pub(super) fn flag(text: &str) -> Result<bool, Fault> {
    match text {
        "true" | "1" => return Ok(true),
        "false" | "0" => return Ok(false),
        _ => {}
    }
    match narrow(text).to_lowercase().as_str() {
        "true" | "yes" | "y" | "是" | "1" | "1.0" => Ok(true),
        "false" | "no" | "n" | "否" | "0" | "0.0" => Ok(false),
        _ => Err(Fault::bare(code::NOT_A_FLAG)),
    }
}

pub(super) fn choice(text: &str, choices: &'static [&'static str]) -> Result<String, Fault> {
    let narrow = narrow(text);
    let word = narrow.trim();
    match choices.iter().find(|c| c.eq_ignore_ascii_case(word)) {
        Some(choice) => Ok((*choice).to_owned()),
        None => {
            let near = nearest(&word.replace(' ', "_"), choices.iter().copied());
            Err(Fault::with(code::NOT_A_CHOICE, [choices.join(", "), suggestion(near)]))
        }
    }
}

/// The model knows what an identifier is; every kind of them has the same form.
pub(super) fn id(text: &str) -> Result<String, Fault> {
    let narrow = narrow(text);
    narrow.trim().parse::<FacilityId>().map(String::from).map_err(|_| Fault::bare(code::BAD_ID))
}

pub(super) fn ids(text: &str) -> Result<String, Fault> {
    if !text.contains(['+', '＋']) {
        return id(text);
    }
    let all: Result<Vec<String>, Fault> = text.split(['+', '＋']).map(|one| id(one.trim())).collect();
    Ok(all?.join("+"))
}

pub(super) fn place(text: &str, places: &PlaceIndex) -> Result<String, Fault> {
    match places.find(text) {
        Found::One(code) => Ok(code.as_str().to_owned()),
        Found::Several(codes) => {
            let codes: Vec<&str> = codes.iter().map(|c| c.as_str()).collect();
            Err(Fault::with(code::AMBIGUOUS_PLACE, [codes.join(", ")]))
        }
        Found::Total => Err(Fault::with(code::TOTAL_ROW, [places.city().to_owned()])),
        Found::None(near) => Err(Fault::with(code::UNKNOWN_PLACE, [suggestion(near.as_deref())])),
    }
}

pub(super) fn places(text: &str, places: &PlaceIndex) -> Result<String, Fault> {
    let all: Result<Vec<String>, Fault> =
        text.split(['+', '＋', '、', '，', ',']).map(|one| place(one.trim(), places)).collect();
    Ok(all?.join("+"))
}

pub(super) fn free(text: &str) -> Result<String, Fault> {
    if text.len() > LONGEST_TEXT && text.chars().nth(LONGEST_TEXT).is_some() {
        return Err(Fault::with(code::TOO_LONG, [LONGEST_TEXT.to_string()]));
    }
    // U+FFFD stands where an earlier program lost a character.
    let damaged = |c: char| (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || c == '\u{FFFD}';
    if text.chars().any(damaged) {
        return Err(Fault::bare(code::DAMAGED_TEXT));
    }
    Ok(text.to_owned())
}
