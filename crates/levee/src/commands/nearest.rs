//! What somebody may have meant.

/// Letters to change, add or take away to get from one word to the other (Levenshtein's distance).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = (0..=b.len()).collect();
    for (nth, x) in a.chars().enumerate() {
        let mut row = vec![nth + 1];
        for (at, y) in b.iter().enumerate() {
            let changed = before.get(at).copied().unwrap_or(0) + usize::from(x != *y);
            let added = row.last().copied().unwrap_or(0) + 1;
            let taken = before.get(at + 1).copied().unwrap_or(0) + 1;
            row.push(changed.min(added).min(taken));
        }
        before = row;
    }
    before.last().copied().unwrap_or(0)
}

/// The known word that is nearest to what was given; the first of several.
pub(super) fn nearest<'k>(given: &str, known: &'k [String]) -> Option<&'k str> {
    known.iter().min_by_key(|one| distance(given, one)).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_the_one_with_fewest_letters_changed() {
        let known = ["testing", "treatment", "transfer"].map(str::to_owned);
        assert_eq!(nearest("tresting", &known), Some("testing"));
        assert_eq!(nearest("transport", &known), Some("transfer"));
        assert_eq!(nearest("x", &[]), None);
    }
}
