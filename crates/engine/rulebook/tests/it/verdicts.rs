//! One judgement per verdict, as people will come to read it.

use crate::common::{CHINA, GENERIC, MEASLES, book, render};
use jiff::civil::date;
use levee_rulebook::{Facts, judge};

fn judged(text: &str, facts: &str) -> String {
    let book = book(text);
    let facts = Facts::parse(facts).unwrap();
    render(&judge(&book, date(2022, 11, 24), &facts))
}

#[test]
fn blocked_a_closed_building_to_which_nobody_brings_medicine() {
    let facts = "
        measure: {type: close_area, level: high, scope: building, ordered_by: county, exits: open, expires: true}
        measure.services: [food, emergency_medical]
        place.role: residence
        outbreak: {transmission_risk_unclear: false, extensive_community: false}";
    insta::assert_snapshot!(judged(CHINA, facts), @"
    2022-11-24 blocked: cn.zone.high.regime
    - cn.zone.high.regime/services: finding.blocked
        clauses: T4-ZONE high-risk area (2) control measures; M20 measure 17; IDL art. 41
        used: measure.level=high, measure.services=[food, emergency_medical], measure.type=close_area
        change.fact_must(fact=measure.services op=contains_all value=[food, medicine, emergency_medical])
    - cn.authority.closure/level: passed
    - cn.authority.closure/approval42: not_concerned
    - cn.authority.closure/announced: skipped
        clauses: IDL arts. 41 and 42; QA1128 question 1
        used: measure.type=close_area
        missing: measure.announced
        change.report_fact(fact=measure.announced)
    - cn.hazard.exits/open: passed
    - cn.zone.high.designate/place_role: passed
    - cn.zone.high.designate/scope: passed
    - cn.zone.high.designate/scope_enlarged: not_concerned
    - cn.zone.high.designate/scope_far: not_concerned
    - cn.zone.high.regime/egress: passed
    - cn.zone.high.regime/medical_trip: skipped
        clauses: T4-ZONE high-risk area (2) control measures; M20 measure 17; IDL art. 41
        used: measure.level=high, measure.type=close_area
        missing: measure.medical_trip_allowed
        change.report_fact(fact=measure.medical_trip_allowed)
    - product.order.expiry/expiry: passed
    ? cn.zone.low: place.zone
    ? cn.zone.none: case.found_in
    gate cn.authority.closure/level: open
    gate cn.authority.closure/announced: shut, nobody reported measure.announced
    gate cn.hazard.exits/open: open
    gate cn.zone.high.regime/services: shut
    gate cn.zone.high.regime/egress: open
    gate product.order.expiry/expiry: open
    ");
}

#[test]
fn stricter_three_tests_to_leave_the_city() {
    let facts = "
        measure: {type: leave_city_condition, test_hours: 24, tests_count: 3, permit_required: true}
        person.zone: low";
    insta::assert_snapshot!(judged(CHINA, facts), @"
    2022-11-24 stricter: cn.travel.leave
    - cn.travel.leave/age_max: finding.stricter
        clauses: T4-ZONE low-risk area; T4-TEST routine part (plane, high-speed train)
        used: measure.test_hours=24, measure.type=leave_city_condition, person.zone=low
        change.fact_must(fact=measure.test_hours op=ge value=48)
    - cn.travel.leave/count: finding.stricter
        clauses: T4-ZONE low-risk area; T4-TEST routine part (plane, high-speed train)
        used: measure.tests_count=3, measure.type=leave_city_condition, person.zone=low
        change.fact_must(fact=measure.tests_count op=le value=1)
    - cn.travel.leave/permit: finding.stricter
        clauses: T4-ZONE low-risk area; T4-TEST routine part (plane, high-speed train)
        used: measure.permit_required=true, measure.type=leave_city_condition, person.zone=low
        change.fact_must(fact=measure.permit_required op=ne value=true)
    - cn.travel.leave/age_min: passed
    ");
}

#[test]
fn laxer_a_measles_case_back_at_school_too_early() {
    let facts = "{measure.type: isolate, person.class: case, measure.days_after_rash: 2}";
    insta::assert_snapshot!(judged(MEASLES, facts), @"
    2022-11-24 laxer: ms.case.isolation
    - ms.case.isolation/min: finding.laxer
        clauses: IOWA A; WA 1.C.4
        used: measure.days_after_rash=2, measure.type=isolate, person.class=case
        change.fact_must(fact=measure.days_after_rash op=ge value=4)
    - ms.case.isolation/max: passed
    ");
}

#[test]
fn undetermined_nobody_found_the_hours_for_a_transfer() {
    let facts = "{measure.type: transfer, person.class: infected, measure.hours: 5}";
    insta::assert_snapshot!(judged(CHINA, facts), @"
    2022-11-24 undetermined: cn.case.transfer
    - cn.case.transfer/hours: finding.undetermined
        clauses: V9 not seen
        used: measure.hours=5, measure.type=transfer, person.class=infected
        no number: hours
        change.find_number(param=hours)
    ");
}

#[test]
fn within_a_contact_quarantined_exactly_by_the_rule() {
    let facts = "
        measure: {type: quarantine_contact, until_day: 21}
        person.immune: false";
    insta::assert_snapshot!(judged(MEASLES, facts), @"
    2022-11-24 within: ms.contact.susceptible
    - ms.contact.susceptible/until: passed
    - ms.contact.susceptible/max: passed
    ");
}

#[test]
fn not_covered_and_what_would_have_to_be_known() {
    insta::assert_snapshot!(judged(GENERIC, "{measure.type: print_leaflets, measure.restricts_people: false}"), @"
    2022-11-24 not_covered: 
    ? who.privacy: data.personal
    ? who.services: measure.confines_people
    gate who.privacy/need: shut, nobody reported data.needed_for_control, data.personal
    gate who.privacy/retention: shut, nobody reported data.personal, data.retention_set
    gate who.privacy/published: shut, nobody reported data.personal, data.published_identifiable
    gate who.services/basics: shut, nobody reported measure.confines_people, measure.services
    gate who.services/air: shut, nobody reported measure.confines_people, site.ventilated
    ");
}
