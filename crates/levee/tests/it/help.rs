//! What the program says of itself, and how it ends when nobody listens.

use crate::support::{City, LEVEE, finish, pack};
use std::process::Stdio;

fn help(args: &[&str]) -> String {
    City::none().run(args).done().out
}

#[test]
fn the_help_of_levee_names_every_command() {
    insta::assert_snapshot!(help(&["--help"]));
}

#[test]
fn the_help_of_import_shows_examples() {
    insta::assert_snapshot!(help(&["import", "--help"]));
}

#[test]
fn the_help_of_the_ledger_names_what_can_be_done() {
    for command in ["kinds", "open", "owed", "obligation", "explain", "undo", "orders", "order", "duty"] {
        insta::assert_snapshot!(format!("help_{command}"), help(&[command, "--help"]));
    }
    for (group, commands) in [
        ("obligation", ["assign", "meet", "waive", "correct"].as_slice()),
        ("order", &["propose", "approve", "finish"]),
        ("duty", &["check", "hand-over"]),
    ] {
        for command in commands {
            insta::assert_snapshot!(format!("help_{group}_{command}"), help(&[group, "city", command, "--help"]));
        }
    }
}

#[test]
fn the_help_of_restrictions_shows_a_whole_example() {
    insta::assert_snapshot!("help_measure", help(&["measure", "--help"]));
    insta::assert_snapshot!("help_measure_propose", help(&["measure", "propose", "--help"]));
    insta::assert_snapshot!("help_measure_service", help(&["measure", "service", "--help"]));
}

#[test]
fn the_help_of_outlooks_shows_examples() {
    insta::assert_snapshot!("help_score", help(&["score", "--help"]));
    insta::assert_snapshot!("help_outlook_export", help(&["outlook", "export", "--help"]));
}

#[test]
fn the_help_of_the_hub_runner_says_what_is_read() {
    insta::assert_snapshot!(help(&["outlook", "hub", "--help"]));
}

#[test]
fn a_wrong_command_is_refused_with_the_nearest_one() {
    City::none().run(&["improt", "city"]).refused(&["unrecognized subcommand 'improt'", "import", "--help"]);
    City::none().run(&[]).refused(&["Usage"]);
    City::none().run(&["import"]).refused(&["<CITY>", "Usage"]);
    City::none().run(&["import", "city", "--table", "infections"]).refused(&["FILE", "Usage"]);
    City::none().run(&["picture", "city", "--date", "18.11.2022"]).refused(&["18.11.2022", "--date"]);
}

/// `/dev/full` takes nothing: every write to it says that the disk is full.
#[test]
fn an_output_that_cannot_be_written_is_not_passed_over() {
    let city = City::replay();
    let mut shell = city.command("sh");
    let said = finish(shell.args(["-c", &format!("'{LEVEE}' batches city > /dev/full")]));
    said.refused(&["could not print", "No space left", "mend: "]);
}

#[test]
fn a_device_is_written_to_and_never_replaced() {
    let city = City::replay();
    city.run(&["import", "city", "--pack", &pack("chongqing-2022"), "--until", "2022-11-18"]).done();
    city.run(&["day", "city", "--date", "2022-11-18"]).done();
    let page = city.read("city/briefs/2022-11-18.html");
    // A link to the device: were it replaced, the link would be, not the machine's device.
    std::os::unix::fs::symlink("/dev/stdout", city.at("out")).unwrap();
    let mut shell = city.command("sh");
    let said = finish(shell.args(["-c", &format!("'{LEVEE}' brief city --date 2022-11-18 --out out | cat")])).done();
    assert!(said.out.starts_with(&page), "the page did not come out");
    assert!(city.at("out").symlink_metadata().unwrap().is_symlink());
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let city = City::replay();
    for args in
        ["picture city --date 2022-11-18", "--help", "replay city --from 2022-11-10 --to 2022-11-12", "batches city"]
    {
        let mut shell = city.command("sh");
        // The reader is gone before the first word is written.
        shell.args(["-c", &format!("{{ sleep 0.2; '{LEVEE}' {args}; echo \"ended $?\" >&2; }} | true")]);
        let said = finish(shell.stdout(Stdio::piped()));
        assert_eq!(said.err, "ended 0\n", "{args}");
    }
}
