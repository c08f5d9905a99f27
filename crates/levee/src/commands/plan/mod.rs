//! `levee plan`: make a plan, look at stored ones, compare, check, draw, hand orders to the ledger.

mod compared;
mod look;
mod text;

use super::language;
use crate::cli::{Cli, Lang, OnePlan, PartGiven, PlanArgs, PlanCommand};
use crate::failure::Failure;
use crate::open::{self, Access};
use crate::say;
use jiff::civil::Date;
use levee_app::city::founded;
use levee_app::day::DayOptions;
use levee_app::plans::{self, MadePlan, Part, PlanAsk, PlanDocument, archive};
use levee_model::plan::Pin;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, args: &PlanArgs) -> Result<ExitCode, Failure> {
    match (&args.command, &args.city, args.date) {
        (Some(command), _, _) => look(cli, command),
        (None, Some(city), Some(date)) => make(cli, args, city, date),
        // The arguments ask for both.
        (None, _, _) => Err(Failure::new("no city or no day is given", "levee plan CITY --date YYYY-MM-DD")),
    }
}

fn look(cli: &Cli, command: &PlanCommand) -> Result<ExitCode, Failure> {
    match command {
        PlanCommand::List { city, lang } => look::list(cli, city, *lang),
        PlanCommand::Show { city, plan, lang } => look::show(cli, city, plan.as_deref(), *lang),
        PlanCommand::Compare { a, b, city, lang } => {
            let load = |plan: &str| load(cli, plan, city.as_deref(), *lang);
            compared::run(cli, &load(a)?, &load(b)?, *lang)
        }
        PlanCommand::Check { of, lang } => check(cli, of, *lang),
        PlanCommand::Lanes { of, date, geojson } => look::lanes(cli, of, *date, geojson.as_deref()),
        PlanCommand::Propose { city, plan, order, at, lang } => {
            super::ledger::propose_of_plan(cli, city, plan, order, *at, *lang)
        }
    }
}

fn part(given: PartGiven) -> Part {
    match given {
        PartGiven::Transfer => Part::Transfer,
        PartGiven::Openings => Part::Openings,
        PartGiven::Rooms => Part::Rooms,
        PartGiven::Runs => Part::Runs,
        PartGiven::Testing => Part::Testing,
    }
}

fn make(cli: &Cli, args: &PlanArgs, folder: &Path, day: Date) -> Result<ExitCode, Failure> {
    let access = if args.dry_run { Access::Read } else { Access::Write };
    let mut opened = open::open(cli, folder, access)?;
    let (_, settings, _) = founded(&opened.journal)?;
    let lang = language(args.lang, settings.language);
    let pins = match &args.pin {
        Some(file) => pins(&opened.city(), file, day, lang)?,
        None => vec![],
    };
    let what = args.what.iter().map(|given| part(*given)).collect();
    let ask = PlanAsk { options: DayOptions { seed: args.seed }, pins, what };
    let made = if args.dry_run {
        let document = plans::make(&opened.city(), day, &ask)?;
        MadePlan { name: document.name()?, document, stored: false }
    } else {
        plans::issue(&mut opened.city(), &open::envelope(cli), day, &ask)?
    };
    if cli.json {
        say::json(&made.document.printed()?);
    } else {
        let before = parent(&opened.city(), &made.document)?;
        say::out(&text::plan(&made.document, before.as_ref(), &made.name, lang));
    }
    let note = match (made.stored, args.dry_run) {
        (true, _) => text::pick(lang, "已存档为 {}", "stored as {}"),
        (false, true) => text::pick(lang, "试算，未存档：{}", "a dry run, not stored: {}"),
        (false, false) => {
            text::pick(lang, "与上一方案 {} 相同，未另存", "the same as the plan before, {}: nothing new is stored")
        }
    };
    say::note(&note.replace("{}", &made.name));
    Ok(ExitCode::SUCCESS)
}

/// The plan that a plan follows, if it is stored.
fn parent(city: &levee_app::city::City<'_>, document: &PlanDocument) -> Result<Option<PlanDocument>, Failure> {
    match &document.made.parent {
        Some(name) => Ok(Some(archive::named(city, name)?.document)),
        None => Ok(None),
    }
}

fn pins(city: &levee_app::city::City<'_>, file: &Path, day: Date, lang: Lang) -> Result<Vec<Pin>, Failure> {
    let text = std::fs::read_to_string(file).map_err(|e| Failure::io("read", file, &e).told_in(lang))?;
    let known = plans::known_places(city, day)?;
    plans::parse_pins(&text, &known).map_err(|faults| {
        let said: Vec<String> = faults
            .iter()
            .map(|fault| {
                let of = |words: &levee_brief::facts::Words| super::brief_lang(lang).of(words).to_owned();
                let line = fault.line.map_or_else(String::new, |line| format!(":{line}"));
                format!("{}{line}: {}\n    {}", file.display(), of(&fault.what), of(&fault.mend))
            })
            .collect();
        let what = text::pick(lang, "指定文件有 {} 处错误：\n  ", "the file of pins has {} fault(s):\n  ");
        Failure::new(
            format!("{}{}", what.replace("{}", &faults.len().to_string()), said.join("\n  ")),
            text::pick(
                lang,
                "改正后重试；示例见 levee plan --help",
                "mend the lines, then try again; `levee plan --help` has an example",
            ),
        )
        .told_in(lang)
    })
}

/// A plan by file or by name.
fn load(cli: &Cli, plan: &str, city: Option<&Path>, lang: Lang) -> Result<PlanDocument, Failure> {
    let file = Path::new(plan);
    if file.is_file() {
        let bytes = std::fs::read(file).map_err(|e| Failure::io("read", file, &e).told_in(lang))?;
        return plans::parse(&bytes).map_err(|no| Failure::new(format!("{plan}: {no}"), no.hint()).told_in(lang));
    }
    let Some(city) = city else {
        return Err(Failure::new(
            format!("{plan}: {}", text::pick(lang, "没有这个文件", "there is no such file")),
            text::pick(
                lang,
                "已存档的方案用 --city CITY 指明城市",
                "to name a stored plan, say whose with --city CITY",
            ),
        )
        .told_in(lang));
    };
    let mut opened = open::open(cli, city, Access::Read)?;
    Ok(archive::named(&opened.city(), plan)?.document)
}

fn check(cli: &Cli, of: &OnePlan, lang: Lang) -> Result<ExitCode, Failure> {
    let document = load(cli, &of.plan, of.city.as_deref(), lang)?;
    let found = plans::check(&document)?;
    let name = document.name()?;
    if cli.json {
        say::json(&serde_json::json!({ "schema": "levee.plan_check/1", "plan": name, "parts": document.parts(),
            "violations": found }));
    } else {
        let parts = document.parts().iter().map(|part| text::part_name(*part, lang)).collect::<Vec<_>>();
        let parts = parts.join(text::pick(lang, "、", ", "));
        for violation in &found {
            say::out(violation);
        }
        let said = match found.len() {
            0 => text::pick(
                lang,
                "{}：已按其输入重新核对（{parts}），无违规",
                "{}: checked again against its inputs ({parts}), no violation",
            ),
            _ => text::pick(lang, "{}：违规{n}处（{parts}）", "{}: {n} violation(s) ({parts})"),
        };
        say::out(&said.replace("{}", &name).replace("{parts}", &parts).replace("{n}", &found.len().to_string()));
    }
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(super::NO) })
}
