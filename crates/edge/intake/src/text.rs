//! How texts are made comparable: width, spaces, case. And how far two of them lie apart.

use std::borrow::Cow;

/// Full-width letters, digits and signs as their ASCII twins, the ideographic and the no-break space as a space.
pub(crate) fn narrow(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(narrow_char).collect())
}

fn narrow_char(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{00A0}' => ' ',
        // The minus sign and the hyphens that editors put in place of one.
        '\u{2212}' | '\u{2010}' | '\u{2011}' => '-',
        c => c,
    }
}

/// The form in which names and headings are compared: narrow, lower case, without white space, round brackets only.
pub(crate) fn folded(text: &str) -> String {
    text.chars()
        .map(narrow_char)
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200B}' | '\u{FEFF}'))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '[' | '{' | '【' | '〔' | '〈' => '(',
            ']' | '}' | '】' | '〕' | '〉' => ')',
            c => c,
        })
        .collect()
}

/// The candidate nearest to `given`, if one lies near enough to be worth a mention.
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given: Vec<char> = folded(given).chars().take(40).collect();
    if given.is_empty() {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let other: Vec<char> = folded(candidate).chars().take(40).collect();
        // A third of the letters may differ, and one of two: 渝忠区 is near 渝中区.
        let limit = (given.len().max(other.len()) / 3).max(1);
        if given.len().abs_diff(other.len()) > limit {
            continue;
        }
        let apart = distance(&given, &other);
        if apart <= limit && apart < other.len() && best.is_none_or(|(least, _)| apart < least) {
            best = Some((apart, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Insertions, deletions and replacements that make one of the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (y, above) in b.iter().zip(row.iter_mut().skip(1)) {
            let here = (diagonal + usize::from(x != y)).min(left + 1).min(*above + 1);
            (diagonal, left, *above) = (*above, here, here);
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// A suggestion for a sentence: the candidate, or a dash.
pub(crate) fn suggestion(found: Option<&str>) -> String {
    found.unwrap_or("—").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_compare_without_width_space_case_and_bracket() {
        assert_eq!(folded("　Ｎｅｗ 【例】"), "new(例)");
        assert_eq!(folded("新增（ 例 ）"), folded("新增(例)"));
        assert_ne!(folded("新增(累计)"), folded("新增"));
    }

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        assert_eq!(nearest("渝忠区", ["江北区", "渝中区", "渝北区"]), Some("渝中区"));
        assert_eq!(nearest("confirmd", ["converted", "confirmed"]), Some("confirmed"));
        assert_eq!(nearest("xyz", ["confirmed"]), None);
        assert_eq!(distance(&['a', 'b', 'c'], &['a', 'c', 'd']), 2);
    }
}
