//! `levee measures observe`: what was done outside Levee is written down, judged and flagged.

use super::super::rulebook::{books, words::verdict};
use crate::cli::{Cli, ExitsSeen, Lang, ObserveArgs};
use crate::commands::ledger::{Counter, told};
use crate::failure::Failure;
use crate::open::Access;
use crate::say;
use levee_app::city::AppError;
use levee_app::measures::page::words;
use levee_app::measures::{Ask, Sighting, carry_out};
use levee_measures::{Flag, ObservedMeasure};
use std::process::ExitCode;

pub(super) fn run(cli: &Cli, args: &ObserveArgs) -> Result<ExitCode, Failure> {
    let mut counter = Counter::open(cli, &args.city, Access::Write, args.when.lang)?;
    let at = counter.at(&args.when)?;
    let lang = counter.lang;
    let fault = |fault| told(AppError::Measure(Box::new(fault)), lang);
    let sighting = match &args.file {
        Some(file) => {
            let text = std::fs::read_to_string(file);
            let text = text.map_err(|error| Failure::io("read", file, &error).told_in(lang))?;
            Sighting::read(&text, &counter.desk.calendar).map_err(fault)?
        }
        None => of_arguments(&counter, args)?,
    };
    let day = counter.desk.calendar.civil(sighting.since.or(sighting.last_seen).unwrap_or(at)).date();
    let book = books::of_city(&counter.opened, args.rulebook.as_deref(), (day, at), lang)?;
    let observed = sighting.observed(&book, &counter.desk.calendar, at).map_err(fault)?;
    let (ask, envelope) = (Ask::Observe(Box::new(observed.clone())), counter.envelope.clone());
    let done = carry_out(&mut counter.opened.city(), &envelope, &ask, Some(at)).map_err(|error| told(error, lang))?;
    let id = done.id.map_or_else(String::new, |id| id.to_string());
    if cli.json {
        let mut document = levee_app::audit::document::observed(&observed);
        document["schema"] = "levee.measure_observed/1".into();
        document["measure"] = id.into();
        document["rulebook"] = book.rules().id().as_str().into();
        document["command"] = done.receipt.command_id.to_string().into();
        say::json(&document);
        return Ok(ExitCode::SUCCESS);
    }
    say::out(counter.say(
        &format!("{id}：已记录；他人所为，只评判、标注，不设核查"),
        &format!("{id}: recorded as others did it; judged and flagged, never gated"),
    ));
    for line in flags(&observed, lang) {
        say::out(&format!("  {line}"));
    }
    say::note(&format!("{} {}", counter.say("命令", "command"), done.receipt.command_id));
    Ok(ExitCode::SUCCESS)
}

fn of_arguments(counter: &Counter, args: &ObserveArgs) -> Result<Sighting, Failure> {
    let missing = || Failure::new("nothing is said of what was seen", "see `levee measures observe --help`");
    let moment = |given: Option<jiff::civil::DateTime>| given.map(|civil| counter.moment(civil)).transpose();
    let facts = args.facts.iter().map(|fact| match fact.split_once('=') {
        Some((path, value)) => Ok(format!("{path}: {value}")),
        None => Err(counter.failure(
            (format!("“{fact}”不是 PATH=VALUE"), format!("`{fact}` is not PATH=VALUE")),
            ("如 --fact measure.scope=building".into(), "such as --fact measure.scope=building".into()),
        )),
    });
    Ok(Sighting {
        place: args.place.clone().ok_or_else(missing)?,
        what: args.what.clone().ok_or_else(missing)?,
        report: args.report.clone().ok_or_else(missing)?,
        since: moment(args.since)?,
        end: moment(args.end)?,
        last_seen: moment(args.last_seen)?,
        services: args.services.iter().copied().collect(),
        exits_open: args.exits.map(|seen| seen == ExitsSeen::Open),
        facts: facts.collect::<Result<Vec<_>, _>>()?.join("\n"),
    })
}

/// What speaks against it, one line each; services that nobody saw are one line.
pub(super) fn flags(observed: &ObservedMeasure, lang: Lang) -> Vec<String> {
    let pick = |zh: &str, en: &str| match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    };
    let mut lines = Vec::new();
    if let Some(said) = observed.verdict {
        lines.push(format!("{}{}", pick("规则库判定：", "the rulebook says: "), verdict(lang, said)));
    }
    let mut unseen = Vec::new();
    for flag in observed.flags() {
        match flag {
            Flag::Blocked | Flag::Stricter | Flag::Laxer | Flag::Undetermined => {}
            Flag::NotJudged => lines.push(pick("未评判：没有可对照的事实", "not judged: no fact was given")),
            Flag::NoEnd => lines.push(pick("没有公布终止时间", "no end is known")),
            Flag::PastItsEnd => lines.push(pick("已过终止时间，仍在执行", "it goes on after its end")),
            Flag::NoService(service) => {
                let (zh, en) = words(service);
                unseen.push(pick(zh, en));
            }
            Flag::ExitsNotShown => lines.push(match observed.exits_open {
                Some(false) => pick("有出口被堵", "an exit is blocked"),
                _ => pick("未见报告出口畅通", "nobody reported that the exits are open"),
            }),
        }
    }
    if !unseen.is_empty() {
        let list = unseen.join(&pick("、", ", "));
        lines.push(format!("{}{list}", pick("未见报告有：", "nobody reported that there is: ")));
    }
    lines
}
