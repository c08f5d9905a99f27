//! Rejected rows go out, are corrected, and come back.

use crate::support::{bytes, layout, read};
use levee_intake::{Lang, ReadRow, write_rejected};
use proptest::prelude::*;

fn returned(rows: &[ReadRow], header: &[String], lang: Lang) -> String {
    let mut out = Vec::new();
    write_rejected(&mut out, header, rows, lang).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_corrected_row_is_taken_in() {
    let sent = "区县,日期,确诊病例,备注\n渝忠区,2022-11-18,12,=HYPERLINK(\"x\")\n渝北区,2022-11-18,3,\n";
    let (rows, summary) = read(&bytes(sent), &layout("infections")).unwrap();
    assert_eq!((summary.good, summary.bad), (1, 1));
    let out = returned(&rows, &summary.head.header, Lang::Zh);
    insta::assert_snapshot!(out.trim_start_matches('\u{FEFF}').replace("\r\n", "\n"), @r#"
    区县,日期,确诊病例,备注,line,problem,mend
    渝忠区,2022-11-18,12,"'=HYPERLINK(""x"")",2,`place`＝“渝忠区” 不是本市已知的地点,最接近：渝中区 (500103)；请填写代码或全称
    "#);
    assert!(out.starts_with('\u{FEFF}'));
    let corrected = out.replacen("渝忠区,2022", "渝中区,2022", 1);
    let (rows, summary) = read(&bytes(&corrected), &layout("infections")).unwrap();
    assert_eq!((summary.good, summary.bad, summary.notes.len()), (1, 0, 0));
    let ReadRow::Good { row, .. } = &rows[0] else { panic!("rejected") };
    assert_eq!((row.text("place"), row.text("note")), (Some("500103"), Some("=HYPERLINK(\"x\")")));
}

#[test]
fn a_row_may_be_rejected_twice_without_growing_columns() {
    let sent = "place,date,note\n渝忠,2022-11-18,-\n";
    let (rows, summary) = read(&bytes(sent), &layout("infections")).unwrap();
    let once = returned(&rows, &summary.head.header, Lang::En);
    let (rows, summary) = read(&bytes(&once), &layout("infections")).unwrap();
    assert_eq!(returned(&rows, &summary.head.header, Lang::En), once);
}

proptest! {
    /// Sending rejected rows back unchanged meets the same problems, whatever stood in the cells.
    #[test]
    fn rejected_rows_come_back_as_they_went(cells in proptest::collection::vec("[^\u{0}]{0,12}", 1..8)) {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["place", "date", "confirmed", "note"]).unwrap();
        for cell in &cells {
            csv.write_record([cell.as_str(), "not a day", cell, cell]).unwrap();
        }
        let sent = bytes(csv.into_inner().unwrap());
        // A cell that names two columns is a second row of headings; a file that looks binary is refused as one.
        let Ok((rows, summary)) = read(&sent, &layout("infections")) else { return Ok(()) };
        let (again, _) = read(&bytes(returned(&rows, &summary.head.header, Lang::En)), &layout("infections")).unwrap();
        prop_assert_eq!(rows.len(), again.len());
        for (first, second) in rows.iter().zip(&again) {
            let (ReadRow::Bad { problems: a, .. }, ReadRow::Bad { problems: b, .. }) = (first, second) else {
                return Err(TestCaseError::fail("a row without a date was taken in"));
            };
            let codes = |all: &[levee_model::table::CellProblem]| all.iter().map(|p| (p.code, p.column.clone())).collect::<Vec<_>>();
            prop_assert_eq!(codes(a), codes(b));
        }
    }
}
