//! What the program says of itself, and how it ends when nobody listens.

use crate::support::{City, LEVEE, finish};
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
fn a_wrong_command_is_refused_with_the_nearest_one() {
    City::none().run(&["improt", "city"]).refused(&["unrecognized subcommand 'improt'", "import", "--help"]);
    City::none().run(&[]).refused(&["Usage"]);
    City::none().run(&["import"]).refused(&["<CITY>", "Usage"]);
    City::none().run(&["import", "city", "--table", "infections"]).refused(&["FILE", "Usage"]);
    City::none().run(&["picture", "city", "--date", "18.11.2022"]).refused(&["18.11.2022", "--date"]);
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
