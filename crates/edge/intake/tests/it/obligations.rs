//! The catalogue of obligations and its tables: read, refused, and never turned against the law.

use crate::support::{bytes, told};
use jiff::civil::{DateTime, datetime};
use levee_app::catalogue::{from_rows, sections};
use levee_app::owed::{OwedRow, from_row};
use levee_intake::message::MESSAGES;
use levee_intake::owed::{headings, spec, template};
use levee_intake::pack::{Pack, check_pack, founding_rows, read_pack};
use levee_intake::{Lang, Layout, ReadRow, Source, read_rows};
use levee_ledger::catalogue::{Catalogue, Counting, FieldType, FieldValue, KindId, MayDecide, Outcome};
use levee_model::table::{Cell, CellProblem, Kind, Row, Use};
use proptest::prelude::*;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::LazyLock;
use tempfile::TempDir;

fn packs() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../packs")
}

fn now() -> DateTime {
    datetime(2026, 1, 1, 0, 0, 0, 0)
}

static PACK: LazyLock<Pack> = LazyLock::new(|| read_pack(&packs().join("chongqing-2022")).unwrap());

/// The rows of the standard catalogue.
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let rows = founding_rows(&PACK).unwrap().reference.into_iter().flatten();
    rows.filter(|row| row.spec().name.starts_with("obligation_")).collect()
});

fn catalogue() -> &'static Catalogue {
    &PACK.catalogue
}

fn kind(name: &str) -> KindId {
    name.parse().unwrap()
}

/// The rows of a file of obligations of one kind, each as a value or as its problems.
fn owed(name: &str, source: &Source) -> Vec<Result<OwedRow, Vec<CellProblem>>> {
    let mut layout: Layout = PACK.owed_layout(&kind(name), now()).unwrap();
    layout.references = levee_intake::References::default();
    let mut out = Vec::new();
    read_rows(source, &layout, &mut |row| {
        out.push(match row {
            ReadRow::Good { row, .. } => from_row(catalogue(), &kind(name), &row),
            ReadRow::Bad { problems, .. } => Err(problems),
        });
        ControlFlow::Continue(())
    })
    .unwrap();
    out
}

fn refusals(name: &str, file: &str) -> String {
    let rows = owed(name, &bytes(file));
    let problems = rows.into_iter().flat_map(|row| row.err().unwrap_or_else(|| panic!("a row was taken in")));
    problems.map(|problem| told(&problem)).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_standard_catalogue_serves_every_system_and_every_kind_can_be_met() {
    let kinds: Vec<_> = catalogue().kinds().collect();
    assert!((55..=80).contains(&kinds.len()), "{}", kinds.len());
    for system in 1..=29 {
        assert!(kinds.iter().any(|kind| kind.system == system), "system {system} owes nothing");
    }
    for kind in &kinds {
        assert!(catalogue().reasons(kind, Outcome::Met).next().is_some(), "{}", kind.id);
        assert!(catalogue().reasons(kind, Outcome::Carried).next().is_some(), "{}", kind.id);
        let expires = catalogue().reasons(kind, Outcome::Expired).next().is_some();
        assert_eq!(expires, !kind.class.never_expires(), "{}", kind.id);
        assert!(catalogue().ladder(kind).is_some(), "{}", kind.id);
    }
    let placed = catalogue().kind(&kind("care_placement")).unwrap();
    let met: Vec<&str> = catalogue().reasons(placed, Outcome::Met).map(|reason| reason.code.as_str()).collect();
    insta::assert_snapshot!(met.join(" "), @"transferred admitted exempt_clinical exempt_carer exempt_child_with_guardian exempt_disability");
    assert_eq!((placed.system, placed.counting, placed.priority), (15, Counting::Both, 2));
}

/// Law 2: whoever reads a lawful catalogue finds no official who may end what protects a person.
fn keeps_law_two(catalogue: &Catalogue) -> bool {
    let protected = catalogue.kinds().filter(|kind| kind.class.never_expires());
    protected.into_iter().all(|kind| {
        let mut waivers = catalogue.reasons(kind, Outcome::Waived);
        catalogue.reasons(kind, Outcome::Expired).next().is_none()
            && waivers.all(|reason| reason.moot || reason.by == MayDecide::Recipient)
    })
}

proptest! {
    /// Rows are lost, doubled, or changed in one cell: the catalogue is refused or keeps the law, and never panics.
    #[test]
    fn a_damaged_catalogue_is_refused_or_keeps_the_law(
        damage in prop::collection::vec((any::<prop::sample::Index>(), 0..4u8, any::<prop::sample::Index>()), 0..6),
    ) {
        let mut rows = ROWS.clone();
        for (at, what, other) in damage {
            let (nth, from) = (at.index(rows.len()), other.index(rows.len()));
            match what {
                0 => { rows.remove(nth); }
                1 => { let row = rows[nth].clone(); rows.push(row); }
                _ => {
                    // A cell of one row takes the value of the same column in another row.
                    let columns = rows[nth].spec().columns;
                    let column = columns[from % columns.len()].name;
                    if let Some(cell) = rows[from].get(column).cloned()
                        && std::mem::discriminant(&cell) == std::mem::discriminant(rows[nth].get(column).unwrap_or(&Cell::Flag(true)))
                    {
                        rows[nth] = rows[nth].clone().with(column, cell);
                    }
                }
            }
        }
        match from_rows(&rows) {
            Ok(catalogue) => prop_assert!(keeps_law_two(&catalogue)),
            Err(problems) => for problem in problems {
                prop_assert!(MESSAGES.iter().any(|message| message.code == problem.problem.code));
                prop_assert!(problem.nth.is_some_and(|nth| rows[nth].spec().name == problem.table), "{problem}");
            }
        }
    }
}

#[test]
fn every_code_has_its_sentences() {
    for code in levee_app::catalogue::code::ALL.iter().chain(levee_app::owed::code::ALL) {
        assert!(MESSAGES.iter().any(|message| message.code == *code), "{code}");
    }
}

/// The invented city, copied, with one file changed.
fn changed(file: &str, change: impl Fn(&str) -> String) -> TempDir {
    let (dir, from) = (tempfile::tempdir().unwrap(), packs().join("riverside-synthetic"));
    std::fs::create_dir(dir.path().join("owed")).unwrap();
    for folder in ["", "owed"] {
        for entry in std::fs::read_dir(from.join(folder)).unwrap().map(Result::unwrap) {
            if entry.path().is_file() && entry.file_name() != "datapackage.json" {
                std::fs::copy(entry.path(), dir.path().join(folder).join(entry.file_name())).unwrap();
            }
        }
    }
    let path = dir.path().join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    std::fs::write(path, change(&text)).unwrap();
    dir
}

fn problems(dir: &TempDir) -> String {
    let report = check_pack(dir.path(), now());
    let problems = report.problems.iter().chain(&report.warnings);
    problems.map(|p| format!("{p}\n  {}", p.explain(Lang::Zh).0)).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_catalogue_against_the_law_is_refused_with_file_line_and_mend() {
    let dir = changed("obligation_reasons.csv", |text| {
        format!(
            "{text}food_delivery,waived,too_far,路远,too far,owner,false,\nfood_delivery,expired,late,逾期,late,owner,false,\n"
        )
    });
    insta::assert_snapshot!(problems(&dir), @"
    obligation_reasons.csv line 165 [L1518]: `by` = “owner”: `food_delivery` protects a person, so reason `too_far` may not end it: such kinds never expire, and are waived only by the recipient or because the need is gone; set `by` to recipient, or `moot` to true if the reason says that the need is gone; or take the reason away
      `by`＝“owner”：“food_delivery”涉及人身保障，理由“too_far”不得终结：此类事项不过期，仅可由对象本人或因需求消失而免除
    obligation_reasons.csv line 166 [L1518]: `outcome` = “expired”: `food_delivery` protects a person, so reason `late` may not end it: such kinds never expire, and are waived only by the recipient or because the need is gone; set `by` to recipient, or `moot` to true if the reason says that the need is gone; or take the reason away
      `outcome`＝“expired”：“food_delivery”涉及人身保障，理由“late”不得终结：此类事项不过期，仅可由对象本人或因需求消失而免除
    ");
}

#[test]
fn faults_of_a_catalogue_are_told_where_they_stand() {
    let dir = changed("obligation_kinds.csv", |text| {
        text.replacen(",rule,1440,", ",order,1440,", 1).replacen("headquarters_city_day", "headquarter_city_day", 1)
    });
    insta::assert_snapshot!(problems(&dir), @"
    obligation_kinds.csv line 3 [L1520]: `due_after_minutes` = “1440”: minutes go with due_from = rule, and only with it; fill in the minutes, or empty the cell
      `due_after_minutes`＝“1440”：仅当 due_from = rule 时填写分钟数
    ");
    let dir = changed("obligation_kinds.csv", |text| text.replacen("headquarters_city_day", "headquarter_city_day", 1));
    insta::assert_snapshot!(problems(&dir), @"
    obligation_kinds.csv line 2 [L1516]: `ladder` = “headquarter_city_day” is no ladder of obligation_ladders.csv; add its steps there, or correct the spelling
      `ladder`＝“headquarter_city_day” 不在 obligation_ladders.csv 中
    ");
    let dir = changed("obligation_ladders.csv", |text| text.replacen("transfer_hours,2,120", "transfer_hours,2,0", 1));
    insta::assert_snapshot!(problems(&dir), @"
    obligation_ladders.csv line 89 [L1517]: `after_minutes` = “0”: the steps of ladder `transfer_hours` do not rise; each step is asked later than the one below it; number them from 1
      `after_minutes`＝“0”：升级链“transfer_hours”的各级时间未递增
    ");
    let dir = changed("obligation_fields.csv", |text| {
        format!("{text}directive,owner,9,id,,false,,甲,one\nno_such,x,1,choice,,true,,乙,two\n")
    });
    insta::assert_snapshot!(problems(&dir), @"
    obligation_fields.csv line 300 [L1522]: `field` = “owner”: the name `owner` is taken; choose another name
      `field`＝“owner”：名称“owner”已被占用
    obligation_fields.csv line 301 [L1521]: `choices`: words go with holds = choice, and only with it; list the words joined by +, or empty the cell
      `choices`：仅当 holds = choice 时填写选项
    ");
    let dir = changed("obligation_fields.csv", |text| format!("{text}no_such,x,1,id,,true,,乙,two\n"));
    insta::assert_snapshot!(problems(&dir), @"
    obligation_fields.csv line 300 [L1515]: `kind` = “no_such” is no kind of this catalogue; add it to obligation_kinds.csv, or correct the spelling
      `kind`＝“no_such” 不是事项目录中的类别
    ");
    let dir = changed("people.csv", |text| {
        text.lines().filter(|l| !l.contains(",welfare,")).fold(String::new(), |all, l| all + l + "\n")
    });
    let told = problems(&dir);
    assert!(told.contains("people.csv [L1405]: nobody in people.csv leads section `welfare`"), "{told}");
}

#[test]
fn tables_of_obligations_are_held_against_the_city() {
    let dir = changed("owed/tube_balance.csv", |text| {
        text.replacen("RS-LAB-01", "RS-LAB-99", 1).replacen("lead-testing", "lead-nobody", 1)
    });
    let told = problems(&dir);
    assert!(
        told.contains("owed/tube_balance.csv line") && told.contains("[L1124]: `laboratory` = “RS-LAB-99”"),
        "{told}"
    );
    assert!(told.contains("[L1126]: `owner` = “lead-nobody” is nobody whom this city knows"), "{told}");
    let dir = changed("owed/pizza_delivery.csv", |_| "ref\n".to_owned());
    insta::assert_snapshot!(problems(&dir), @"
    owed/pizza_delivery.csv [L1515]: `kind` = “pizza_delivery” is no kind of this catalogue; add it to obligation_kinds.csv, or correct the spelling
      `kind`＝“pizza_delivery” 不是事项目录中的类别
    ");
    let dir = changed("duty_roster.csv", |text| {
        text.replacen("T20:00,lead-", "T08:00,lead-", 1).replacen(
            ",duty-testing,lead-testing,",
            ",lead-x,lead-testing,",
            1,
        )
    });
    let told = problems(&dir);
    assert!(
        told.contains("[L1213]: `ends_at` = “2024-03-15T08:00” is not after the start, 2024-03-15T08:00"),
        "{told}"
    );
    assert!(told.contains("[L1126]: `person` = “lead-x”"), "{told}");
}

#[test]
fn a_city_without_kinds_knows_care_placement_alone() {
    let alone = from_rows(&[]).unwrap();
    assert_eq!(alone.kinds().map(|kind| kind.id.to_string()).collect::<Vec<_>>(), ["care_placement"]);
    assert!(keeps_law_two(&alone));
    assert_eq!(sections(&alone).into_iter().collect::<Vec<_>>(), ["headquarters", "transfer"]);
    // What both say of it is the same, but for fields and reasons of every kind.
    let (built_in, standard) = (alone.kinds().next().unwrap(), catalogue().kind(&kind("care_placement")).unwrap());
    assert_eq!(built_in, standard);
}

#[test]
fn the_table_of_a_kind_is_made_once_and_follows_its_catalogue() {
    let food = spec(catalogue(), &kind("food_delivery")).unwrap();
    assert!(std::ptr::eq(food, spec(&PACK.catalogue.clone(), &kind("food_delivery")).unwrap()));
    assert_eq!((food.name, food.used, food.key), ("owed.food_delivery", Use::Owed, &["ref", "area"][..]));
    let names: Vec<&str> = food.columns.iter().map(|column| column.name).collect();
    insta::assert_snapshot!(names.join(" "), @"ref area units subject opened_at due owner zone packages supplier name telephone address office source_id origin note");
    let kinds = |name: &str| food.columns.iter().find(|column| column.name == name).unwrap().kind;
    assert_eq!((kinds("name"), kinds("packages")), (Kind::Note, Kind::Count));
    // Another wording is another table; the first one stands.
    let position = ROWS.iter().position(|row| row.text("field") == Some("packages")).unwrap();
    let mut rows = ROWS.clone();
    rows[position] = rows[position].clone().with("about_en", Cell::Text("parcels".to_owned()));
    let other = from_rows(&rows).unwrap();
    let again = spec(&other, &kind("food_delivery")).unwrap();
    assert!(!std::ptr::eq(food, again) && again.columns.iter().any(|column| column.about.starts_with("parcels")));
    assert_eq!(spec(catalogue(), &kind("no_such_kind")), None);
}

#[test]
fn the_template_of_every_kind_reads_back() {
    for of in catalogue().kinds() {
        let text = template(catalogue(), &of.id).unwrap().replace("CODE", "500112").replace(",ID,", ",I-1,");
        let rows = owed(of.id.as_str(), &bytes(&text));
        let [Ok(row)] = rows.as_slice() else { panic!("{}: {rows:?}\n{text}", of.id) };
        assert_eq!(row.subject.is_some(), of.counting == Counting::Named, "{}", of.id);
        let public = catalogue().fields(&of.id).iter().filter(|field| field.holds != FieldType::Personal).count();
        assert_eq!((row.fields.len(), row.personal.len()), (public, 0), "{}", of.id);
        assert_eq!(catalogue().check_fields(&of.id, &row.fields), Ok(()), "{}", of.id);
    }
}

const FOOD: &str =
    "编号,区县,户数,服务对象,登记时间,办结时限,责任人,风险区编号,份数,姓名,联系电话,住址,填报单位,来源,数据性质,备注\n";

#[test]
fn an_office_writes_its_own_headings_and_personal_cells_are_kept_apart() {
    let file = format!(
        "{FOOD}W-1,渝北区,1,p-4semw3bq7yesf5n2dc6qfzeeeg,2022年11月18日 8:05,,,HRA-1,2,张示例甲,138-0000-0001,示例路1号,hc,S1,synthetic,敲门无人\nW-2,500103,30,,2022/11/18 9:00,,,,60,,,,hc,S1,synthetic,\n"
    );
    let (gbk, _, _) = encoding_rs::GB18030.encode(&file);
    let rows = owed("food_delivery", &bytes(&gbk));
    let [Ok(named), Ok(counted)] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((named.area.as_str(), named.units, counted.units), ("500112", 1, 30));
    assert_eq!(named.fields["packages"], FieldValue::Count(2));
    assert_eq!(named.personal.keys().collect::<Vec<_>>(), ["address", "name", "telephone"]);
    assert_eq!((named.due, named.note.as_deref()), (None, Some("敲门无人")));
    // No log can give a name away.
    let printed = format!("{named:?}");
    assert!(!printed.contains("张") && !printed.contains("138") && !printed.contains("敲门"), "{printed}");
    insta::assert_snapshot!(printed, @r#"
    OwedRow { reference: "W-1", area: PlaceCode("500112"), units: 1, opened_at: 2022-11-18T08:05:00, due: None, named: true, personal: ["address", "name", "telephone"], .. }
    "#);
}

#[test]
fn rows_that_contradict_their_kind_are_refused() {
    let food = |cells: &str| refusals("food_delivery", &format!("{FOOD}{cells}\n"));
    insta::assert_snapshot!(food("W-1,500112,1,张三,2022-11-18 8:00,2022-11-18 7:00,,,2,,,,hc,S1,synthetic,"), @"
    L1209 `due` = “2022-11-18T07:00” lies before it was opened, 2022-11-18T08:00; check both moments
    L1125 `subject` names nobody by a pseudonym; write the pseudonym, `p-` and 26 letters and digits; a name or a number may not stand here
    ");
    insta::assert_snapshot!(food("W-1,500112,5,p-4semw3bq7yesf5n2dc6qfzeeeg,2022-11-18 8:00,,,,2,,,,hc,S1,synthetic,"), @"
    L1211 `units` = “5”: it must be at least 1, and exactly 1 where a subject is named; one row for each subject, or no subject
    ");
    insta::assert_snapshot!(food("W-1,500112,5,,2022-11-18 8:00,,,,2,张示例甲,,,hc,S1,synthetic,"), @"
    L1212 `name`: personal data stand in a row that names nobody; give the row a subject (a pseudonym), or empty the personal cells
    ");
    insta::assert_snapshot!(food("W-1,500112,0,,2022-11-18 8:00,,,,2,,,,hc,S1,synthetic,"), @"
    L1211 `units` = “0”: it must be at least 1, and exactly 1 where a subject is named; one row for each subject, or no subject
    ");
    insta::assert_snapshot!(food("W-1,500112,1,,2027-11-18 8:00,,,,2,,,,hc,S1,synthetic,"), @"
    L1202 `opened_at` = “2027-11-18T08:00” lies after now, 2026-01-01T00:00: nobody can report it yet; check the date; a forecast is not a report
    ");
    let directive = "ref,area,subject,opened_at,due,meeting,item,closes_with,office,source_id,origin\n";
    insta::assert_snapshot!(refusals("directive", &format!("{directive}1,500000,x,2022-11-18 8:00,,M,1,promise,hc,S1,synthetic\n1,500000,x,2022-11-18 8:00,2022-11-18 9:00,M,1,report,hc,S1,synthetic\n")), @"
    L1101 `due` is empty or “not known”, but a row cannot do without it; fill it in
    L1113 `closes_with` = “promise” is none of: report, figures, site_check; write one of these words; nearest: —
    L1210 `subject` = “x”: obligations of this kind are counted and name nobody; leave the cell empty
    ");
}

#[test]
fn what_a_field_is_called_is_understood_as_its_heading() {
    let all = headings(&PACK.headings, catalogue(), &kind("mutual_aid"));
    let table = spec(catalogue(), &kind("mutual_aid")).unwrap();
    // 数量 is an office's word for `units`; for this kind the catalogue says that it is the amount lent.
    for (heading, column) in [("支援区县", "from_area"), ("数量", "amount"), ("人数", "units"), ("deadline", "due")]
    {
        let at = table.position(column).unwrap();
        assert_eq!(all.resolve(table, heading), Some(levee_intake::headings::Target::Column(at)), "{heading}");
    }
}
