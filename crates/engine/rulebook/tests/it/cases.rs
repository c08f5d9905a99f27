//! The public decision cases.

use crate::common::{books, cases, render};
use levee_rulebook::judge;

#[test]
fn all_public_cases_get_the_expected_verdict_from_the_expected_rule() {
    let books = books();
    let cases = cases();
    assert_eq!(cases.len(), 25);
    let mut failed = Vec::new();
    for case in &cases {
        let book = books.iter().find(|book| *book.id() == case.rulebook).unwrap();
        let judgement = judge(book, case.date, &case.facts);
        let expected = case.expected.as_ref().unwrap();
        if !expected.met_by(&judgement) {
            failed.push(format!("{} expected {expected:?}\n{}", case.id, render(&judgement)));
        }
    }
    assert!(failed.is_empty(), "{} of 25 failed:\n{}", failed.len(), failed.join("\n"));
}
