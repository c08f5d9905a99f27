//! Rows as offices send them.

use crate::support::{answer, bytes, layout, read, shown};
use jiff::civil::datetime;
use levee_intake::ReadRow;

#[test]
fn a_district_table_with_a_title_is_read_by_its_headings() {
    insta::assert_snapshot!(answer(&bytes("重庆市疫情日报,,,,\n（单位：例）,,,,\n区县,日期,确诊病例（例）,无症状感染者,备注\n渝中区,2022年11月18日,12,\"1,034\",\n500112.0,2022/11/18,１２,-,见附件\n")), @"
    4 place=500103 period_start=2022-11-18T00:00 period_end=2022-11-19T00:00 confirmed=12 asymptomatic=1034
    5 place=500112 period_start=2022-11-18T00:00 period_end=2022-11-19T00:00 confirmed=12 note=见附件
    ");
}

#[test]
fn every_problem_of_a_row_is_told() {
    insta::assert_snapshot!(answer(&bytes("place,date,confirmed,asymptomatic,converted,community_pct\n渝忠区,18/11/2022,-3,4.5,x,240\n新区,2022-12-05,1,,,\n合计,,1,1,0,\n")), @"
    2 rejected
        x L1114 `place` = “渝忠区” is no place that this city knows; nearest: 渝中区 (500103); write its code or its full name
        x L1108 `date` = “18/11/2022” is not a date; write year, month, day: 2022-11-18, 2022/11/18 or 2022年11月18日
        x L1103 `confirmed` = “-3” is negative, and a count cannot be; write the count itself; send a correction as the corrected count, not as a difference
        x L1104 `asymptomatic` = “4.5” has a fraction, and a count cannot have one; write a whole number; a percentage belongs in a column of its own
        x L1102 `converted` = “x” is not a whole number; write digits only, such as 1234; leave it empty if it is not known
        x L1107 `community_pct` = “240” lies outside 0 to 100; check the figure and its unit
    3 rejected
        x L1115 `place` = “新区” names more than one place: CQ-GX, CQ-LJ; write the code
        x L1202 `period_end` = “2022-12-06T00:00” lies after now, 2022-12-01T09:00: nobody can report it yet; check the date; a forecast is not a report
        x L1203 the row claims the full day up to `period_end` = “2022-12-06T00:00”, but was known at 2022-12-01T08:00, before the day had ended; a report for part of a day says so: give the real period_start and period_end
    4 rejected
        x L1116 `place` = “合计” marks a row of totals, which is not a report; delete the row; if the office states a total for the whole city, write 500000 as its place
        x L1101 `date` is empty or “not known”, but a row cannot do without it; fill it in
    ");
}

#[test]
fn contradictions_are_accepted_and_flagged() {
    insta::assert_snapshot!(answer(&bytes("place,date,confirmed,asymptomatic,converted,total,community,managed,community_pct\n渝中,2022-11-18,5,10,7,9,8,4,0.24\n")), @"
    2 place=500103 period_start=2022-11-18T00:00 period_end=2022-11-19T00:00 confirmed=5 asymptomatic=10 converted=7 total=9 community=8 managed=4 community_pct=0.24
        ! L1301 `converted` = “7” is more than the confirmed cases, 5; accepted as stated; ask the office which of the two holds
        ! L1303 `total` = “9” differs from confirmed + asymptomatic - converted, 8; accepted as stated; ask the office which of them holds
        ! L1302 found in the community and in managed groups add up to 12, more than the 9 new infections; accepted as stated; ask the office whether the parts hold conversions
        ! L1306 `community_pct` = “0.24” is below 1: it may be a share where percent are expected; accepted as stated; if 0.243 was meant as 24.3 %, send 24.3
    ");
}

#[test]
fn a_half_day_claimed_as_full_is_rejected_and_a_half_day_is_not() {
    let mut layout = layout("infections");
    layout.defaults.known_at = Some(datetime(2022, 11, 18, 16, 0, 0, 0));
    let table = "place,period_start,period_end,confirmed\n渝中,2022-11-18T00:00,2022-11-18T24:00,5\n渝中,2022年11月18日0时,2022年11月18日12时,5\n渝中,2022-11-18,2022-11-18,5\n";
    insta::assert_snapshot!(shown(&read(&bytes(table), &layout).unwrap().0), @"
    2 rejected
        x L1203 the row claims the full day up to `period_end` = “2022-11-19T00:00”, but was known at 2022-11-18T16:00, before the day had ended; a report for part of a day says so: give the real period_start and period_end
    3 place=500103 period_start=2022-11-18T00:00 period_end=2022-11-18T12:00 confirmed=5
    4 rejected
        x L1110 `period_end` = “2022-11-18” ends a period without an hour: it could mean 00:00 or 24:00; write the hour, such as 2022-11-18T24:00 for the whole of that day, or use one column `date` for full days
    ");
}

#[test]
fn an_overfull_ward_is_a_fact_and_a_reversed_acceptance_is_not() {
    let status = "facility,at,level,unit,physical,staffed,occupied\nf1,2022-11-18 12:00,makeshift,beds,100,120,130\n";
    insta::assert_snapshot!(shown(&read(&bytes(status), &layout("facility_status")).unwrap().0), @"
    2 facility=f1 at=2022-11-18T12:00 level=makeshift unit=beds physical=100 staffed=120 occupied=130
        ! L1305 `staffed` = “120” is more than exist, 100; accepted as stated; ask the office which of the two holds
        ! L1304 `occupied` = “130” is more than exist, 100; accepted as stated: an overfull ward is a fact
    ");
    let facilities = "facility,kind,name_zh,name_en,area_code,acceptance_on,acceptance_until\nf1,Laboratry,甲,A,渝中,2022-11-18,2022-11-17\n";
    insta::assert_snapshot!(shown(&read(&bytes(facilities), &layout("facilities")).unwrap().0), @"
    2 rejected
        x L1113 `kind` = “Laboratry” is none of: makeshift_hospital, designated_hospital, isolation_site, laboratory, sampling_site, depot, warehouse; write one of these words; nearest: laboratory
        x L1204 `acceptance_until` = “2022-11-17” lies before the day of acceptance, 2022-11-18; check both days of the safety acceptance
    ");
}

#[test]
fn rows_of_the_wrong_width_are_rejected_and_blank_ones_counted() {
    insta::assert_snapshot!(answer(&bytes("place,date,confirmed\r\n渝中,2022-11-18,1,034\r\n\r\n,,\r\n渝中,2022-11-18\r\n渝北,\"2022-11-18\"x,3\r\n渝北,2022-11-18,3")), @"
    2 rejected
        x L1207 the row has 4 cells where the headings have 3: a cell may hold a separator, as in 1,234; put such a cell in quotation marks, or take the separator out
    5 rejected
        x L1206 the row has 2 cells where the headings have 3; complete the row; cells that are not known stay empty between their separators
    6 rejected
        x L1208 text follows a closing quotation mark; write a quotation mark inside a quoted cell twice
        x L1108 `date` = “2022-11-18x” is not a date; write year, month, day: 2022-11-18, 2022/11/18 or 2022年11月18日
    7 place=500112 period_start=2022-11-18T00:00 period_end=2022-11-19T00:00 confirmed=3
    note L1404 2 blank row(s) were skipped
    note L1403 the last line has no line end
    ");
}

#[test]
fn references_are_checked_when_lists_are_given() {
    let mut layout = layout("infections");
    layout.references.offices = Some(["cq-hc".to_owned()].into());
    layout.references.sources = Some(["bulletin-a".to_owned(), "bulletin-b".to_owned()].into());
    let table = "place,date,office,source_id\n渝中,2022-11-18,cq-hx,bulletin-a+bulletin-c\n渝中,2022-11-18,cq-hc,bulletin-a+bulletin-b\n";
    insta::assert_snapshot!(shown(&read(&bytes(table), &layout).unwrap().0), @"
    2 rejected
        x L1122 `office` = “cq-hx” is no office that this city knows; nearest: cq-hc; or add the office to offices.csv
        x L1123 `source_id` = “bulletin-c” names a source that this city does not know; nearest: bulletin-a; or add the document to sources.csv
    3 place=500103 period_start=2022-11-18T00:00 period_end=2022-11-19T00:00
    ");
}

#[test]
fn a_reader_may_stop_early() {
    let source = bytes("place,date\n渝中,2022-11-18\n渝北,2022-11-18\n");
    let mut seen = 0;
    let summary = levee_intake::read_rows(&source, &layout("infections"), &mut |row| {
        assert!(matches!(row, ReadRow::Good { line: 2, .. }));
        seen += 1;
        std::ops::ControlFlow::Break(())
    });
    let summary = summary.unwrap();
    assert!(summary.stopped && summary.received == 1 && seen == 1);
}
