//! What offices send by mistake: a message that says what, where and how to mend it, and nothing half-written.

use crate::support::{City, Output, balance, copy_pack, pack};
use rust_xlsxwriter::{Format, Formula, Workbook};

/// The file as a whole cannot be taken in: refused with `words` and a mend, and the journal is as it was.
#[track_caller]
fn refused_whole(city: &City, name: &str, bytes: impl AsRef<[u8]>, words: &[&str]) -> Output {
    city.write(name, bytes);
    let (events, facts) = (city.events(), city.facts());
    let said = city.import(name, &[]).refused(words).refused(&[name, "mend: "]);
    assert_eq!((city.events(), city.facts()), (events, facts), "{said:#?}");
    city.is_whole();
    said
}

/// Some rows cannot be taken in: `balance` holds, the message holds `words` and a mend, and only the batch is recorded.
#[track_caller]
fn rejected_rows(city: &City, name: &str, bytes: impl AsRef<[u8]>, wanted: [u64; 4], words: &[&str]) -> Output {
    city.write(name, bytes);
    let facts = city.facts();
    let said = city.import(name, &[]).no(words).no(&["mend: ", "to correct and send again"]);
    assert_eq!(balance(&city.last_batch()["balance"]), wanted, "{said:#?}");
    assert_eq!(city.facts(), facts + wanted[1]);
    city.is_whole();
    said
}

/// Today in Chongqing.
#[expect(clippy::disallowed_methods, reason = "the program runs on the machine's clock, and the test beside it")]
fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().in_tz("Asia/Shanghai").unwrap().date()
}

#[test]
fn a_cut_text_file_is_refused_whole() {
    let city = City::live();
    let head = "区县,日期,确诊病例,无症状感染者,备注\n渝中区,2022-11-16,12,300,\n";
    refused_whole(&city, "quote.csv", format!("{head}渝北区,2022-11-16,3,40,\"隔离点"), &["L1006", "line 3", "cut"]);
    refused_whole(&city, "row.csv", format!("{head}渝北区,2022-1"), &["L1007", "line 3", "2 of 5 cells"]);
    let cut_character = [head.as_bytes(), "渝北区,2022-11-16,3,40,隔".as_bytes().split_last().unwrap().1].concat();
    refused_whole(&city, "character.csv", cut_character, &["L1005", "line 3", "middle of a character"]);
    refused_whole(&city, "empty.csv", "", &["L1002", "empty"]);
}

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(["区县", "日期", "确诊病例", "无症状感染者"]) {
        sheet.write(0, column, heading).unwrap();
    }
    for row in 1..200 {
        sheet.write(row, 0, "渝中区").unwrap();
        sheet.write(row, 1, "2022-11-16").unwrap();
        sheet.write(row, 2, row).unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_cut_workbook_is_refused_whole() {
    let city = City::live();
    let whole = workbook();
    for tenths in [2, 5, 9] {
        let cut = &whole[..whole.len() * tenths / 10];
        refused_whole(&city, "cut.xlsx", cut, &["L1008", "cut or damaged", "fetch it again"]);
    }
}

#[test]
fn wrong_encodings_and_files_that_are_no_tables_are_refused_whole() {
    let city = City::live();
    let head = "place,date,confirmed,asymptomatic,note\n500103,2022-11-16,12,300,";
    let broken = [head.as_bytes(), &[0xE6, 0xB8, 0x9D, 0xFF, 0xFF, 0x80, b'\n']].concat();
    refused_whole(&city, "bytes.csv", broken, &["L1017", "line 2", "CSV UTF-8"]);
    let (big5, _, _) = encoding_rs::BIG5.encode("區縣,日期,確診,備註\n渝中區,2022-11-16,12,隔離點發現的感染者\n");
    refused_whole(&city, "big5.csv", big5, &["CSV UTF-8"]);
    refused_whole(&city, "report.pdf", b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj\n", &["L1003", "PDF", ".xlsx"]);
    refused_whole(&city, "photo.xlsx", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &["L1003", ".xlsx"]);
}

#[test]
fn a_workbook_with_formulas_and_merged_titles_gives_the_figures_that_its_cells_show() {
    let city = City::live();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.merge_range(0, 0, 1, 3, "重庆市疫情日报", &Format::new()).unwrap();
    for (column, heading) in (0..).zip(["区县", "日期", "确诊病例", "无症状感染者"]) {
        sheet.write(2, column, heading).unwrap();
    }
    for (row, place) in [(3, "渝中区"), (4, "渝北区")] {
        sheet.write(row, 0, place).unwrap();
        sheet.write(row, 1, "2022-11-16").unwrap();
        sheet.write_formula(row, 2, Formula::new("=5+7").set_result("12")).unwrap();
        sheet.write_formula(row, 3, Formula::new("=C4*100").set_result("1200")).unwrap();
    }
    city.write("formulas.xlsx", book.save_to_buffer().unwrap());
    city.import("formulas.xlsx", &[]).done();
    let facts: Vec<Vec<u8>> = city
        .database()
        .prepare("SELECT value FROM projection WHERE space = 3")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(facts.len(), 2);
    for fact in facts {
        let fact: serde_json::Value = serde_json::from_slice(&fact).unwrap();
        assert_eq!((&fact["row"]["confirmed"], &fact["row"]["asymptomatic"]), (&12.into(), &1200.into()));
    }
}

#[test]
fn the_error_of_a_formula_and_a_district_merged_over_two_rows_are_rejected_by_row() {
    let city = City::live();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(["区县", "日期", "确诊病例"]) {
        sheet.write(0, column, heading).unwrap();
    }
    sheet.merge_range(1, 0, 2, 0, "渝中区", &Format::new()).unwrap();
    for (row, date) in [(1, "2022-11-16"), (2, "2022-11-17"), (3, "2022-11-18")] {
        sheet.write(row, 1, date).unwrap();
        sheet.write(row, 2, 12).unwrap();
    }
    sheet.write(3, 0, "渝北区").unwrap();
    sheet.write_formula(3, 2, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    let words = ["line 3, place", "L1101", "line 4, confirmed", "#DIV/0!", "L1118"];
    rejected_rows(&city, "merged.xlsx", book.save_to_buffer().unwrap(), [3, 1, 2, 0], &words);
}

#[test]
fn two_rows_of_headings_are_refused_whole() {
    let city = City::live();
    let table = "区县,日期,确诊病例,无症状感染者\n渝中区,2022-11-16,12,300\n";
    let said = refused_whole(&city, "two.csv", format!("{table}{table}"), &["L1013", "lines 1 and 3"]);
    assert!(said.err.contains("one row of headings"), "{said:#?}");
    let twice = "区县,日期,确诊病例,新增确诊\n渝中区,2022-11-16,12,300\n";
    refused_whole(&city, "column.csv", twice, &["L1015", "`confirmed`", "确诊病例", "新增确诊"]);
}

#[test]
fn impossible_counts_dates_and_places_are_rejected_by_row() {
    let city = City::live();
    let table = "区县,日期,确诊病例,无症状感染者\n渝中区,2022-11-16,-1,300\n渝北区,2022-11-16,1.5,40\n江北区,2035-01-01,1,2\n火星区,2022-11-16,1,2\n渝北,2022-11-17,十二,2\n渝中区,2022-13-17,1,2\n渝中区,2022-11-17,1,2\n江北区,2022-11-17,1,234,5\n";
    let said = rejected_rows(
        &city,
        "rows.csv",
        table,
        [8, 1, 7, 0],
        &[
            "line 2, confirmed: `confirmed` = “-1” is negative",
            "L1103",
            "line 3, confirmed: `confirmed` = “1.5” has a fraction",
            "L1104",
            "line 4, period_end",
            "lies after now",
            "L1202",
            "line 5, place: `place` = “火星区” is no place that this city knows",
            "L1114",
            "line 6, confirmed",
            "L1102",
            "line 7, ",
            "line 9: the row has 5 cells where the headings have 4: a cell may hold a separator",
            "L1207",
        ],
    );
    assert!(!said.err.contains("line 8"), "{said:#?}");
}

#[test]
fn a_report_for_today_that_claims_the_full_day_is_rejected() {
    let city = City::live();
    let today = today();
    let words = ["line 2, period_end", "L1203", "claims the full day", "for part of a day says so"];
    let table = format!("区县,日期,确诊病例,无症状感染者\n渝中区,{today},12,300\n");
    rejected_rows(&city, "today.csv", table, [1, 0, 1, 0], &words);
    // In a replay the pack says when it was known: half a day before its end.
    let city = City::replay();
    let table = "区县,日期,确诊病例,获知时间\n渝中区,2022-11-18,12,2022-11-18 13:00\n";
    rejected_rows(&city, "noon.csv", table, [1, 0, 1, 0], &words);
    // Said as what it is, it is taken in.
    city.write(
        "mended.csv",
        "区县,起始时间,截止时间,确诊病例,获知时间\n渝中区,2022-11-18T00:00,2022-11-18T12:00,12,2022-11-18 13:00\n",
    );
    city.import("mended.csv", &[]).done();
}

#[test]
fn two_rows_of_one_file_that_contradict_each_other_are_not_both_taken_in() {
    let city = City::live();
    let table =
        "区县,日期,确诊病例,无症状感染者\n渝中区,2022-11-16,12,300\n渝北区,2022-11-16,1,2\n渝中区,2022-11-16,21,300\n";
    rejected_rows(
        &city,
        "twice.csv",
        table,
        [3, 2, 1, 0],
        &["line 4", "line 2 of the same file", "L1190", "keep the right"],
    );
}

#[test]
fn two_contradicting_rows_far_apart_in_a_long_file_are_found_too() {
    let city = City::live();
    let long = crate::support::hourly(2_500);
    let first = long.lines().nth(1).unwrap().to_owned();
    let (place, rest) = first.split_once(',').unwrap();
    let other = rest.replace(",0,0,", ",9,9,");
    assert_ne!(other, rest);
    rejected_rows(
        &city,
        "long.csv",
        format!("{long}{place},{other}\n"),
        [2_501, 2_500, 1, 0],
        &["line 2502", "line 2 of", "L1190"],
    );
}

#[test]
fn a_missing_column_is_named_with_the_headings_that_count() {
    let city = City::live();
    refused_whole(&city, "place.csv", "日期,确诊病例\n2022-11-16,12\n", &["L1014", "`place`", "区县"]);
    refused_whole(&city, "prose.csv", "重庆市昨日新增感染者若干\n详见附件\n", &["L1012", "no row of headings"]);
    // What a file lacks can be said on the command line, and the message says how.
    city.write("office.csv", "区县,日期,确诊病例\n渝中区,2022-11-16,12\n");
    city.run(&["import", "city", "--table", "infections", "office.csv"]).refused(&["`office`", "--office"]);
    city.run(&["import", "city", "--table", "infections", "office.csv", "--office", "cq-hc"])
        .refused(&["`source_id`", "--source"]);
    city.run(&["import", "city", "--table", "infections", "office.csv", "--office", "cq-hc", "--source", "S23"]).done();
}

#[test]
fn an_office_or_document_that_nobody_knows_is_rejected_by_row() {
    let city = City::live();
    let table =
        "区县,日期,确诊病例,填报单位,来源编号\n渝中区,2022-11-16,12,cq-hz,S23\n渝北区,2022-11-16,12,cq-hc,S9999\n";
    rejected_rows(&city, "who.csv", table, [2, 0, 2, 0], &["L1122", "nearest: cq-hc", "L1123", "S9999"]);
    city.write("a.csv", "区县,日期,确诊病例\n渝中区,2022-11-16,12\n");
    let given = ["import", "city", "--table", "infections", "a.csv", "--office", "cq-hz", "--source", "S23"];
    city.run(&given).refused(&["--office cq-hz", "mend: name one of: cq-amr, cq-eic, cq-gov, cq-hc"]);
    city.import("a.csv", &["--dry-run"]).done();
    let given = ["import", "city", "--table", "infections", "a.csv", "--office", "cq-hc", "--source", "S23+S9999"];
    city.run(&given).refused(&["`S9999`", "mend: name documents of sources.csv"]);
    assert_eq!(city.facts(), 0);
}

#[test]
fn what_is_not_there_is_named() {
    let city = City::live();
    let missing = "no city folder: it holds no levee.db";
    for line in [
        "import nowhere --table infections a.csv",
        "batches nowhere",
        "picture nowhere --date 2022-11-18",
        "day nowhere --date 2022-11-18",
        "brief nowhere --date 2022-11-18",
        "journal verify nowhere",
    ] {
        let args: Vec<&str> = line.split(' ').collect();
        city.run(&args).refused(&["nowhere", missing, "levee init CITY --pack DIR"]);
    }
    assert!(!city.at("nowhere").exists());
    city.run(&["import", "city", "--table", "infections", "nofile.csv"])
        .refused(&["nofile.csv", "mend: check the path"]);
    city.run(&["import", "city", "--table", "infektions", "a.csv"]).refused(&[
        "infektions",
        "infections",
        "facility_status",
    ]);
    for line in [
        "import city --pack nopack",
        "init other --pack nopack",
        "pack check nopack",
        "pack describe nopack",
        "replay nopack --from 2022-11-17 --to 2022-11-18",
    ] {
        let args: Vec<&str> = line.split(' ').collect();
        city.run(&args).refused(&["nopack is no folder", "mend: check the path"]);
    }
    std::fs::create_dir(city.at("empty")).unwrap();
    city.run(&["import", "city", "--pack", "empty"]).refused(&["empty holds no table of reports", "levee pack check"]);
    city.run(&["init", "other", "--pack", "empty"]).refused(&["city.toml", "4 problem(s)", "levee pack check empty"]);
    city.run(&["init", "other", "--pack", &pack("chongqing-2022"), "--as", "nobody"]).refused(&["no person `nobody`"]);
    assert!(!city.at("other").exists());
    city.run(&["picture", "city", "--date", "2022-11-18", "--as", "nobody"]).refused(&["no person `nobody`", "mend: "]);
    city.write("a.csv", "区县,日期,确诊病例\n渝中区,2022-11-16,12\n");
    city.import("a.csv", &["--as", "nobody"]).refused(&["no person `nobody`", "people.csv"]);
    city.import("a.csv", &["--as", "analyst-1"]).refused(&["analyst-1", "may not take in reports", "ask somebody"]);
    let none = ["rejected", "city", "--batch", "01a20172077d70248311549979b978bc-0", "--reason", "x", "--out", "r.csv"];
    city.run(&[&none[..], &["--as", "clerk-1"]].concat()).refused(&["there is no batch", "levee batches"]);
    assert_eq!(city.facts(), 0);
}

#[test]
fn a_city_is_never_made_over_another_one() {
    let city = City::live();
    let events = city.events();
    let again = ["init", "city", "--pack", &pack("shanghai-2022")];
    city.run(&again).refused(&["city is there already", "name a new folder"]);
    assert_eq!(city.events(), events);
    city.is_whole();
}

#[test]
fn a_city_that_cannot_be_made_is_not_left_half_made() {
    let city = City::none();
    let pack = pack("chongqing-2022");
    let inside = ["init", "city", "--pack", &pack, "--keys", "city/keys"];
    city.run(&inside).refused(&["the folder for keys", "lies in the city's folder"]);
    assert!(!city.at("city").exists());
    std::fs::create_dir(city.at("city")).unwrap();
    city.write("notes.txt", "");
    city.run(&["init", "city", "--pack", &pack, "--keys", "notes.txt"]).refused(&["notes.txt"]);
    assert_eq!(std::fs::read_dir(city.at("city")).unwrap().count(), 0);
    city.run(&["init", "city", "--pack", &pack]).done();
    city.is_whole();
}

#[test]
fn an_option_that_would_do_nothing_is_refused() {
    let city = City::live();
    city.write("a.csv", "区县,日期,确诊病例\n渝中区,2022-11-16,12\n");
    city.import("a.csv", &["--sheet", "日报"]).refused(&["a.csv is text and has no sheet `日报`", "mend: "]);
    city.run(&["import", "city", "--pack", &pack("chongqing-2022"), "--until", "2022-11-18"]).refused(&[
        "--until",
        "a city at work",
        "--replay",
    ]);
    city.import("a.csv", &["--until", "2022-11-18"]).refused(&["--pack"]);
    assert_eq!(city.facts(), 0);
}

#[test]
fn a_day_outside_the_outbreak_or_the_past_is_refused() {
    let city = City::live();
    let events = city.events();
    let next_year = today().checked_add(jiff::Span::new().years(1)).unwrap().to_string();
    for command in ["picture", "day"] {
        city.run(&[command, "city", "--date", "2020-01-23"])
            .refused(&["2020-01-23 lies before the outbreak", "2022-11-01"]);
        city.run(&[command, "city", "--date", &next_year]).refused(&["has not begun", "today or an earlier day"]);
    }
    assert_eq!(city.events(), events);
    assert!(!city.at("city/briefs").exists());
}

#[test]
fn a_city_whose_key_is_missing_is_refused() {
    let city = City::live();
    std::fs::rename(city.at("keys"), city.at("elsewhere")).unwrap();
    city.write("a.csv", "区县,日期,确诊病例\n渝中区,2022-11-16,12\n");
    city.import("a.csv", &[]).refused(&["the key", "is missing", "put the key file back"]);
    city.import("a.csv", &["--keys", "elsewhere"]).done();
}

#[test]
fn a_file_that_is_no_journal_is_left_as_it_is() {
    let city = City::none();
    std::fs::create_dir(city.at("city")).unwrap();
    city.write("city/levee.db", "this is my diary");
    city.run(&["batches", "city"]).refused(&["levee.db", "not a journal of Levee", "left as it is"]);
    city.run(&["init", "city", "--pack", &pack("chongqing-2022")]).refused(&["is there already"]);
    assert_eq!(city.read("city/levee.db"), "this is my diary");
}

#[test]
fn a_pack_is_checked_whole_and_every_error_says_file_line_column_and_mend() {
    let city = City::none();
    copy_pack("chongqing-2022", &city.at("pack"));
    city.run(&["pack", "check", "pack"]).done();
    let spoil = |file: &str, line: usize, from: &str, to: &str| {
        let name = format!("pack/{file}");
        let mut lines: Vec<String> = city.read(&name).lines().map(str::to_owned).collect();
        assert!(lines[line - 1].contains(from), "{}", lines[line - 1]);
        lines[line - 1] = lines[line - 1].replacen(from, to, 1);
        city.write(&name, lines.join("\n") + "\n");
    };
    spoil("infections.csv", 2, ",13,", ",-13,");
    spoil("infections.csv", 3, "500101", "599999");
    spoil("people.csv", 2, "commander,", "emperor,");
    spoil("facility_status.csv", 2, "2022-11-01T00:00", "2022-11-31T00:00");
    let said = city.run(&["pack", "check", "pack"]).no(&["4 problem(s)"]);
    for told in [
        "infections.csv:2 confirmed [L1103]: `confirmed` = “-13” is negative",
        "infections.csv:3 place [L1114]: `place` = “599999” is no place",
        "people.csv:2 role [L1113]: `role` = “emperor” is none of",
        "facility_status.csv:2 at [L1109]",
        "cannot be; write the count itself",
    ] {
        assert!(said.out.contains(told), "`{told}` is not in {}", said.out);
    }
    let json = city.run(&["pack", "check", "pack", "--json"]).no(&[]).json();
    assert_eq!(json["problems"].as_array().unwrap().len(), 4);
    let zh = city.run(&["pack", "check", "pack", "--lang", "zh"]).no(&[]);
    assert!(
        zh.out.contains("infections.csv:2 confirmed [L1103]: `confirmed`＝“-13” 为负数，计数不能为负；请填写"),
        "{}",
        zh.out
    );
    city.run(&["init", "city", "--pack", "pack"]).refused(&["people.csv", "levee pack check pack"]);
    assert!(!city.at("city").exists());
}
