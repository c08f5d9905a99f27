//! `levee rulebook keep` and `list`: which rulebook a city goes by.

use super::books::{self, BUILT_IN};
use crate::cli::Cli;
use crate::cli::ledger::When;
use crate::commands::ledger::{Counter, told};
use crate::failure::Failure;
use crate::open::{self, Access};
use crate::say;
use jiff::civil::Date;
use levee_app::city::founded;
use levee_app::projection::rulebooks::rulebooks;
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run(
    cli: &Cli,
    city: &Path,
    rulebook: &Path,
    from: Option<Date>,
    when: &When,
) -> Result<ExitCode, Failure> {
    let mut counter = Counter::open(cli, city, Access::Write, when.lang)?;
    let at = counter.at(when)?;
    let book = books::one(rulebook, counter.lang)?;
    let envelope = counter.envelope.clone();
    let (receipt, kept) = levee_app::rulebooks::keep(&mut counter.opened.city(), &envelope, &book, from, Some(at))
        .map_err(|error| told(error, counter.lang))?;
    if cli.json {
        say::json(&json!({ "schema": "levee.rulebook_kept/1", "command": receipt.command_id.to_string(),
            "rulebook": kept.book, "from": kept.from, "digest": kept.text.to_string() }));
        return Ok(ExitCode::SUCCESS);
    }
    let (book, from) = (&kept.book, kept.from);
    say::out(counter.say(
        &format!("{from} 起的措施按规则库 {book} 评判（摘要 {}）", kept.text),
        &format!("measures from {from} on are judged by {book} (digest {})", kept.text),
    ));
    say::note(&format!("{} {}", counter.say("命令", "command"), receipt.command_id));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn list(cli: &Cli, city: Option<&Path>) -> Result<ExitCode, Failure> {
    let (named, kept) = match city {
        Some(folder) => {
            let opened = open::open(cli, folder, Access::Read)?;
            (founded(&opened.journal)?.1.rulebook, rulebooks(&opened.journal)?)
        }
        None => (None, vec![]),
    };
    if cli.json {
        let kept: Vec<_> = kept
            .iter()
            .map(|row| {
                json!({ "rulebook": row.kept.book, "from": row.kept.from, "digest": row.kept.text.to_string(),
                    "known_at": row.known_at })
            })
            .collect();
        let there = BUILT_IN.map(|(id, _)| id);
        say::json(&json!({ "schema": "levee.rulebooks/1", "with_levee": there, "city_toml": named, "kept": kept }));
        return Ok(ExitCode::SUCCESS);
    }
    for (id, _) in BUILT_IN {
        let mark = if named.as_deref() == Some(id) { "  (city.toml)" } else { "" };
        say::out(&format!("{id}{mark}"));
    }
    if let Some(other) = named.filter(|named| BUILT_IN.iter().all(|(id, _)| id != named)) {
        say::out(&format!("{other}  (city.toml; not there)"));
    }
    for row in kept {
        say::out(&format!("{}  kept, from {}  {}", row.kept.book, row.kept.from, row.kept.text));
    }
    Ok(ExitCode::SUCCESS)
}
