//! One file a command: arguments in, use case, words out.

mod backup;
mod brief;
mod day;
mod import;
mod init;
mod journal;
mod ledger;
mod measure;
mod measures;
mod operations;
mod outlook;
mod outlook_hub;
mod pack;
mod picture;
mod plan;
mod rejected;
mod replay;
mod rulebook;
mod score;
mod serve;
mod settle;
mod source;
mod store;
mod vault;
mod zone;

use crate::cli::{Cli, Command, Lang};
use crate::failure::Failure;
use levee_app::settings::Language;
use std::process::ExitCode;

/// The answer is no: 1.
pub(crate) const NO: u8 = 1;

pub(crate) fn run(cli: &Cli) -> Result<ExitCode, Failure> {
    match &cli.command {
        Command::Init { city, pack, replay } => init::run(cli, city, pack, *replay),
        Command::Import(args) => import::run(cli, args),
        Command::Batches { city } => rejected::list(cli, city),
        Command::Rejected { city, batch, reason, out, lang } => rejected::export(cli, city, *batch, reason, out, *lang),
        Command::Picture { city, date, lang } => picture::run(cli, city, *date, *lang),
        Command::Day { city, date, seed, lang } => day::run(cli, city, *date, *seed, *lang),
        Command::Plan(args) => plan::run(cli, args),
        Command::Brief { city, date, lang, out } => brief::run(cli, city, *date, *lang, out.as_deref()),
        Command::Replay { city, from, to, seed } => replay::run(cli, city, *from, *to, *seed),
        Command::Score(args) => score::run(cli, args),
        Command::Outlook(command) => outlook::run(cli, command),
        Command::Kinds(args) => ledger::kinds(cli, args),
        Command::Open(args) => ledger::open(cli, args),
        Command::Owed(args) => ledger::owed(cli, args),
        Command::Obligation(args) => ledger::obligation(cli, args),
        Command::Explain(args) => ledger::explain(cli, args),
        Command::Undo(args) => ledger::undo(cli, args),
        Command::Orders(args) => ledger::orders(cli, args),
        Command::Order(args) => ledger::order(cli, args),
        Command::Duty(args) => ledger::duty(cli, args),
        Command::Measures(command) => measures::run(cli, command),
        Command::Operations(args) => operations::run(cli, args),
        Command::Zone(command) => zone::run(cli, command),
        Command::Measure(command) => measure::run(cli, command),
        Command::Settle(args) => settle::run(cli, args),
        Command::Statement(args) => settle::statement(cli, args),
        Command::Serve(args) => serve::run(cli, args),
        Command::Openapi => serve::openapi(),
        Command::Vault(args) => vault::run(cli, args),
        Command::Store(command) => store::run(cli, command),
        Command::Backup(args) => backup::run(cli, args),
        Command::Restore(args) => backup::restore(cli, args),
        Command::Journal(command) => journal::run(cli, command),
        Command::Pack(command) => pack::run(cli, command),
        Command::Rulebook(command) => rulebook::run(cli, command),
    }
}

/// The language asked for, or the city's own.
pub(crate) fn language(asked: Option<Lang>, city: Language) -> Lang {
    asked.unwrap_or(match city {
        Language::Zh => Lang::Zh,
        Language::En => Lang::En,
    })
}

pub(crate) fn intake_lang(lang: Lang) -> levee_intake::Lang {
    match lang {
        Lang::Zh => levee_intake::Lang::Zh,
        Lang::En => levee_intake::Lang::En,
    }
}

pub(crate) fn brief_lang(lang: Lang) -> levee_brief::Lang {
    match lang {
        Lang::Zh => levee_brief::Lang::Zh,
        Lang::En => levee_brief::Lang::En,
    }
}
