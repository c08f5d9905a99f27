//! The statement: its tables add up, its page says what it rests on, nothing it is given can leave its place.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests; a failure is the test's"
)]

#[path = "support/statement.rs"]
#[allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "shared with an example")]
mod statement;

use levee_brief::Lang;
use levee_brief::facts::Words;
use levee_brief::statement::{SIDES, Sheet, SheetKey, Standing, StatementFacts, Value};

fn sheet(facts: &StatementFacts, key: SheetKey) -> Sheet {
    facts.sheets(Lang::En).into_iter().find(|sheet| sheet.key == key).unwrap()
}

/// Cells of a file, taken apart by hand so that the writer is not its own judge.
fn cells(csv: &str) -> Vec<Vec<String>> {
    let text = csv.strip_prefix('\u{FEFF}').expect("a mark of byte order");
    assert!(text.ends_with("\r\n"));
    text.trim_end()
        .split("\r\n")
        .map(|line| {
            let (mut row, mut cell, mut quoted) = (Vec::new(), String::new(), false);
            for c in line.chars() {
                match (c, quoted) {
                    ('"', _) => quoted = !quoted,
                    (',', false) => row.push(std::mem::take(&mut cell)),
                    (c, _) => cell.push(c),
                }
            }
            row.push(cell);
            row
        })
        .collect()
}

fn column(rows: &[Vec<String>], key: &str) -> u64 {
    let at = rows[0].iter().position(|head| head == key).unwrap_or_else(|| panic!("no column {key}"));
    rows[1..].iter().map(|row| row[at].parse::<u64>().unwrap()).sum()
}

#[test]
fn the_accounts_added_up_again_are_the_totals_of_every_sheet() {
    let facts = statement::sealed(83);
    let rows = cells(&sheet(&facts, SheetKey::Accounts).to_csv());
    let kinds = cells(&sheet(&facts, SheetKey::Kinds).to_csv());
    let total = facts.total();
    for side in SIDES {
        let sum: u64 = facts.lines.iter().map(|line| line.units.of(side.key)).sum();
        assert_eq!(column(&rows, side.key), sum, "{} by account", side.key);
        assert_eq!(column(&kinds, side.key), sum, "{} by district and kind", side.key);
        assert_eq!(total.units.of(side.key), sum, "{} in all", side.key);
        let systems: u64 = facts.by_system().values().map(|tally| tally.units.of(side.key)).sum();
        assert_eq!(systems, sum, "{} by system", side.key);
    }
    assert_eq!(column(&rows, "residual"), 0);
    let left = column(&rows, "carried_in") + column(&rows, "opened") + column(&rows, "transferred_in");
    let right = column(&rows, "met") + column(&rows, "waived") + column(&rows, "expired") + column(&rows, "voided");
    assert_eq!(
        left + column(&rows, "corrected"),
        right + column(&rows, "transferred_out") + column(&rows, "carried_out"),
        "law 2, by hand"
    );
    let late = cells(&sheet(&facts, SheetKey::Arrears).to_csv());
    assert_eq!(late.len() - 1, facts.arrears.len());
    assert_eq!(column(&late, "units"), facts.arrears.iter().map(|arrear| arrear.units).sum::<u64>());
    assert_eq!(facts.by_reason_and_owner().iter().map(|total| total.items).sum::<u64>(), 83);
}

#[test]
fn a_file_is_the_same_in_every_language_but_for_its_names() {
    let facts = statement::sealed(3);
    let [zh, en] = [Lang::Zh, Lang::En].map(|lang| {
        let sheets = facts.sheets(lang);
        sheets.into_iter().find(|sheet| sheet.key == SheetKey::Accounts).unwrap().to_csv()
    });
    assert_eq!(zh.lines().next(), en.lines().next(), "programs find the columns by the same keys");
    assert_ne!(zh, en);
}

#[test]
fn the_page_of_a_sealed_day_names_signers_seal_and_what_is_invented() {
    let facts = statement::sealed(83);
    let page = facts.to_html(Lang::Zh);
    for said in
        ["已封账", "差额为0", "4b1f 9c02 d7e8 a653", "77e0 d1c2", "Li Xiaomei (fictional)", "模拟数据", "is closed"]
    {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains("class=\"draft\""));
    assert_eq!(page, facts.to_html(Lang::Zh), "the same facts give the same bytes");
    for asked in ["<script", "<link", "<img", "src=", "href="] {
        assert!(!page.contains(asked), "{asked}: a page asks for nothing");
    }
}

#[test]
fn a_draft_says_on_its_face_that_it_is_not_sealed() {
    let facts = statement::draft(83);
    let page = facts.to_html(Lang::En);
    for said in
        ["Not sealed: a draft", "17 late obligations have no reason", "NOT SEALED", "未封账：草稿", "尚不能封账"]
    {
        assert!(page.contains(said), "{said}");
    }
    let summary = sheet(&facts, SheetKey::Summary).to_csv();
    assert!(summary.contains("NOT SEALED: draft"));
    assert!(sheet(&facts, SheetKey::Accounts).to_csv().contains(",false,500103"), "no row passes for sealed");
    let signed = StatementFacts { standing: Standing::Signed { by: Words::same("A") }, ..statement::sealed(0) };
    assert!(signed.to_html(Lang::En).contains("A has signed; a second person must seal it"));
}

#[test]
fn books_that_do_not_balance_are_the_headline() {
    let mut facts = statement::sealed(0);
    facts.lines[3].units.0[1] += 1;
    let page = facts.to_html(Lang::En);
    assert!(page.contains("do not balance and cannot be sealed") && page.contains("1 accounts do not balance"));
    assert!(!page.contains("is closed"));
}

#[test]
fn a_day_on_which_nothing_was_owed_has_a_statement_too() {
    let page = statement::nothing().to_html(Lang::En);
    assert!(page.contains("nothing that was due is still owed") && page.contains("first day"));
    assert_eq!(cells(&sheet(&statement::nothing(), SheetKey::Accounts).to_csv()).len(), 1);
}

#[test]
fn what_a_city_names_leaves_neither_its_cell_nor_its_element() {
    let mut facts = statement::sealed(1);
    let evil = "=HYPERLINK(\"x\",\"y\")<b>&\n";
    facts.arrears[0].reason = Some(Words::same(evil));
    facts.scope = Words::same("<script>alert(1)</script>");
    let page = facts.to_html(Lang::Zh);
    assert!(!page.contains("<script>") && !page.contains("<b>&") && page.contains("&lt;b&gt;&amp;"));
    let late = sheet(&facts, SheetKey::Arrears);
    assert!(late.to_csv().contains("\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")<b>&\n\""));
    assert!(late.rows[0].contains(&Value::Text(evil.into())), "a typed cell holds the text as it is");
}

#[test]
fn more_than_anybody_prints_is_left_to_the_tables() {
    let facts = statement::sealed(2500);
    let page = facts.to_html(Lang::En);
    assert!(page.contains("the first 1,000 are listed here"));
    assert_eq!(sheet(&facts, SheetKey::Arrears).rows.len(), 2500);
}
