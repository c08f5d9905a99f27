//! What is told of a bad pack: which file, line and column, and how to mend it.

use crate::support::{Pack, pack};
use levee_hub::{HubPack, forecast};
use std::error::Error as _;
use std::num::NonZeroUsize;

/// What is said of a pack with one file changed.
fn said(change: impl Fn(&Pack)) -> String {
    let pack = pack(None);
    change(&pack);
    let error = HubPack::read(pack.path()).and_then(|read| forecast(&read, NonZeroUsize::MIN)).unwrap_err();
    let because = error.source().map_or(String::new(), |source| format!("\nbecause: {source}"));
    format!("{error}{because}\nmend: {}", error.hint()).replace(&format!("{}/", pack.path().display()), "")
}

fn tasks(text: &str) -> String {
    said(|pack| pack.put("tasks.csv.gz", text))
}

const HEAD: &str = "origin_date,target,horizon,target_end_date,location\n";

#[test]
fn a_missing_column_is_named() {
    insta::assert_snapshot!(tasks("origin_date,target,horizon,location\n"), @r"
    tasks.csv.gz, line 1, column `target_end_date` is missing
    mend: name the column so in the first line; the file has `origin_date`, `target`, `horizon`, `location`
    ");
}

#[test]
fn a_bad_cell_is_found() {
    insta::assert_snapshot!(tasks(&format!("{HEAD}2021-03-08,wk inc case,1,2021-03-13,A\n08.03.2021,wk inc case,2,2021-03-20,A\n")), @r"
    tasks.csv.gz, line 3, column `origin_date`: `08.03.2021` is not a day such as 2021-03-08
    mend: write a day such as 2021-03-08
    ");
    insta::assert_snapshot!(tasks(&format!("{HEAD}2021-03-08,wk inc case,0,2021-03-13,A\n")), @r"
    tasks.csv.gz, line 2, column `horizon`: `0` is not a whole number from 1
    mend: write a whole number from 1
    ");
}

#[test]
fn two_lines_for_one_task_are_refused() {
    let line = "2021-03-08,wk inc case,1,2021-03-13,A\n";
    insta::assert_snapshot!(tasks(&format!("{HEAD}{line}{line}")), @r"
    tasks.csv.gz, line 3: the task of `A` at horizon 1 stands on an earlier line already
    mend: keep one of the two lines
    ");
}

#[test]
fn a_line_with_too_few_cells_is_found() {
    let said = tasks(&format!("{HEAD}2021-03-08,wk inc case,1\n"));
    assert!(
        said.starts_with("tasks.csv.gz, line 1 could not be read\nbecause: ") && said.contains("line: 2"),
        "{said}"
    );
    assert!(said.ends_with("mend: mend the line after line 1, or copy the file again: it may be cut"), "{said}");
}

#[test]
fn a_target_that_nobody_counts_is_refused() {
    insta::assert_snapshot!(tasks(&format!("{HEAD}2021-03-08,wk inc hosp,1,2021-03-13,A\n")), @r"
    tasks.csv.gz, line 2, column `target`: nothing is known of target `wk inc hosp` on 2021-03-08
    mend: tasks and vintages name a target alike but for the first word (`wk inc case`, `day inc case`), and a forecast needs a vintage of its origin or earlier; the vintages hold `day inc case`, `day inc death`
    ");
    // Nothing was known yet.
    insta::assert_snapshot!(tasks(&format!("{HEAD}2020-03-08,wk inc case,1,2020-03-13,A\n")), @r"
    tasks.csv.gz, line 2, column `target`: nothing is known of target `wk inc case` on 2020-03-08
    mend: tasks and vintages name a target alike but for the first word (`wk inc case`, `day inc case`), and a forecast needs a vintage of its origin or earlier; the vintages hold `day inc case`, `day inc death`
    ");
}

#[test]
fn a_week_that_does_not_fit_is_refused() {
    insta::assert_snapshot!(tasks(&format!("{HEAD}2021-03-08,wk inc case,1,2031-03-13,A\n")), @r"
    wk inc case at 2021-03-08 cannot be forecast
    because: the week that ends on 2031-03-13 does not fit within a year of the newest known day
    mend: ask for a week that ends at most a year after the newest known day; for weekly figures, on their weekday
    ");
}

#[test]
fn figures_of_the_future_and_no_numbers_are_refused() {
    let head = "as_of,target,location,date,value\n";
    let vintages = |line: &str| said(|pack| pack.put("truth_daily_vintages.csv.gz", &format!("{head}{line}")));
    insta::assert_snapshot!(vintages("2021-03-08,day inc case,A,2021-03-09,4\n"), @r"
    truth_daily_vintages.csv.gz, line 2, column `as_of`: a figure for 2021-03-09 cannot have been known on 2021-03-08
    mend: correct the date or `as_of`
    ");
    insta::assert_snapshot!(vintages("2021-03-08,day inc case,A,2021-03-07,many\n"), @r"
    truth_daily_vintages.csv.gz, line 2, column `value`: `many` is not a number within ten thousand million, or empty where unknown
    mend: write a number within ten thousand million, or empty where unknown
    ");
    insta::assert_snapshot!(vintages("2021-03-08,day inc case,A,2021-03-07,inf\n"), @r"
    truth_daily_vintages.csv.gz, line 2, column `value`: `inf` is not a number within ten thousand million, or empty where unknown
    mend: write a number within ten thousand million, or empty where unknown
    ");
    insta::assert_snapshot!(vintages("2021-03-08,day inc case,A,2021-03-07,4\n2021-03-08,day inc case,A,2021-03-07,5\n"), @r"
    truth_daily_vintages.csv.gz, line 3: the figure of `A` for 2021-03-07 as known on 2021-03-08 stands on an earlier line already
    mend: keep one of the two lines
    ");
}

#[test]
fn a_folder_without_vintages_and_a_cut_file_are_refused() {
    let gone = said(|pack| std::fs::remove_file(pack.path().join("truth_daily_vintages.csv.gz")).unwrap());
    assert!(gone.contains("holds neither truth_daily_vintages.csv.gz nor truth_vintages.csv.gz"), "{gone}");
    let cut = said(|pack| {
        let file = pack.path().join("truth_daily_vintages.csv.gz");
        let bytes = std::fs::read(&file).unwrap();
        std::fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
    });
    assert!(cut.contains("truth_daily_vintages.csv.gz, line ") && cut.contains("it may be cut"), "{cut}");
    let absent = said(|pack| std::fs::remove_file(pack.path().join("tasks.csv.gz")).unwrap());
    assert!(absent.starts_with("tasks.csv.gz could not be read"), "{absent}");
}
