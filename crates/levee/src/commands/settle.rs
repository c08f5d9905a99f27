//! `levee settle`, `levee statement`: close a day by two people, and write what it says.

use super::day::lang_pick;
use super::{NO, brief_lang, language};
use crate::cli::{Cli, Lang, SettleArgs, StatementArgs};
use crate::failure::Failure;
use crate::files::write_whole;
use crate::open::{self, Access, Opened};
use crate::say;
use jiff::civil::Date;
use levee_app::city::{AppError, founded};
use levee_app::ledger::settle::{Settled, Statement, settle};
use levee_app::ledger::statement_facts::{name, of_day};
use levee_brief::statement::{Sheet, SheetKey, Standing, StatementFacts};
use levee_intake::tabular::workbook;
use levee_ledger::settlement::Unsettled;
use levee_model::area::PlaceCode;
use levee_model::ids::PersonId;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Late obligations without a reason that are listed at the terminal; the statement lists all.
const LISTED: usize = 30;

pub(crate) fn run(cli: &Cli, args: &SettleArgs) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, &args.city, Access::Write)?;
    let (_, settings, calendar) = founded(open::reader(&opened))?;
    let lang = language(args.lang, settings.language);
    let at = args.at.map(|civil| {
        let why = || Failure::new(format!("{civil} is no time of the city's calendar"), "check the time");
        calendar.moment(civil).ok_or_else(why)
    });
    let at = at.transpose()?;
    let settled = settle(&mut opened.city(), &open::envelope(cli), args.area.as_ref(), args.date, at)?;
    match settled {
        Settled::Refused { why, statement } => {
            refused(cli, &mut opened, (args.area.as_ref(), args.date), lang, &why, &statement)
        }
        Settled::Prepared { by, statement, replaces, .. } => {
            let who = |id: &PersonId| Ok::<_, AppError>(name(open::reader(&opened), id)?);
            let (signed, replaced) = (who(&by)?, replaces.as_ref().map(who).transpose()?);
            if cli.json {
                say::json(&json!({ "schema": "levee.settle/1", "state": "prepared", "day": args.date,
                    "scope": statement.scope, "signed_by": by, "replaces": replaces, "waits_for": "a second person",
                    "arrears": statement.arrears.len() }));
                return Ok(ExitCode::SUCCESS);
            }
            let words = brief_lang(lang);
            if let Some(replaced) = replaced {
                let before = words.of(&replaced);
                say::out(&match lang {
                    Lang::Zh => format!("{before}签署后账目有变动，其签署作废。"),
                    Lang::En => format!("The books have moved on since {before} signed; that signature is void."),
                });
            }
            say::out(&match lang {
                Lang::Zh => format!("{}已签署{}的日清日结单；待第二人封账。", words.of(&signed), args.date),
                Lang::En => format!(
                    "{} has signed the statement of {}; a second person must seal it.",
                    words.of(&signed),
                    args.date
                ),
            });
            let area = args.area.as_ref().map(|area| format!(" --area {area}")).unwrap_or_default();
            let next = format!("levee settle {} --date {}{area} --as PERSON", args.city.display(), args.date);
            say::out(&format!("{}: {next}", lang_pick(lang, "下一步", "Next")));
            Ok(ExitCode::SUCCESS)
        }
        Settled::Sealed { by, seal, statement, .. } => {
            let out = args.out.clone().unwrap_or_else(|| opened.folder.join("statements"));
            let (_, facts) = of_day(&opened.city(), args.area.as_ref(), args.date)?;
            let files = write(&facts, &statement, &out, lang).map_err(|failure| {
                failure.then(&format!(
                    "the seal itself is on record; then run: levee statement {} --date {}",
                    args.city.display(),
                    args.date
                ))
            })?;
            if cli.json {
                say::json(&json!({ "schema": "levee.settle/1", "state": "sealed", "day": args.date,
                    "scope": statement.scope, "sealed_by": [by.0, by.1], "seal": seal.to_string(),
                    "arrears": statement.arrears.len(), "files": files }));
                return Ok(ExitCode::SUCCESS);
            }
            say::out(&sealed_words(&facts, lang));
            listed(&files);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn listed(files: &[PathBuf]) {
    for file in files {
        say::out(&format!("  {}", file.display()));
    }
}

fn sealed_words(facts: &StatementFacts, lang: Lang) -> String {
    let Standing::Sealed { by: [first, second], at, seal } = &facts.standing else { return String::new() };
    let words = brief_lang(lang);
    let (first, second) = (words.of(first), words.of(second));
    let (late, at) = (facts.arrears.len() as u64, at.strftime("%Y-%m-%d %H:%M"));
    let late = say::count(late);
    match lang {
        Lang::Zh => format!("{}已封账：{first}、{second}，{at}；逾期结转{late}项。\n封印 {seal}", facts.day),
        Lang::En => {
            format!("{} is sealed by {first} and {second}, {at}; {late} late carried over.\nseal {seal}", facts.day)
        }
    }
}

/// What stands against it.
fn refused(
    cli: &Cli,
    opened: &mut Opened,
    (area, day): (Option<&PlaceCode>, Date),
    lang: Lang,
    why: &Unsettled,
    statement: &Statement,
) -> Result<ExitCode, Failure> {
    let open: Vec<_> = statement.unexplained().collect();
    if cli.json {
        let rows: Vec<_> = open
            .iter()
            .map(|one| {
                json!({ "obligation": one.obligation.to_string(), "kind": one.kind, "path": one.path,
                "section": one.section, "units": one.units, "due": one.due })
            })
            .collect();
        say::json(&json!({ "schema": "levee.settle/1", "state": "refused", "day": day, "scope": statement.scope,
            "why": why.to_string(), "hint": why.hint(), "unexplained": rows }));
        return Ok(ExitCode::from(NO));
    }
    say::note(&format!("{}: {}", lang_pick(lang, "不能封账", "cannot be settled"), told(why, lang)));
    if matches!(why, Unsettled::Arrears { .. }) {
        // A day that is not sealed: the statement as the books stand, with names.
        let (_, facts) = of_day(&opened.city(), area, day)?;
        say::out(&unexplained(&facts, lang));
    }
    let hint = match lang {
        Lang::En => why.hint(),
        Lang::Zh => hint_zh(why),
    };
    say::note(&format!("  {}: {hint}", lang_pick(lang, "处理", "mend")));
    Ok(ExitCode::from(NO))
}

fn told(why: &Unsettled, lang: Lang) -> String {
    if lang == Lang::En {
        return why.to_string();
    }
    match why {
        Unsettled::Arrears { day, items, units } => {
            format!("{day}应办结的{items}项（共{units}个单位）既未办结，也未说明理由")
        }
        Unsettled::Residual { day, path, kind, residual } => format!("{day} {path} `{kind}` 账目不平，差额{residual}"),
        Unsettled::OutOfOrder { book, last, next, day } => {
            format!("{book}已封账至{last}；下一日是{next}，不是{day}")
        }
        Unsettled::Sealed { book, day } => format!("{book}的{day}已经封账"),
        Unsettled::NotOver { day, ends } => format!("{day}尚未结束（至{ends}）"),
        Unsettled::SamePerson(person) => format!("{person}已签署；须由第二人封账"),
    }
}

fn hint_zh(why: &Unsettled) -> String {
    match why {
        Unsettled::Arrears { .. } => {
            "办结，或说明理由和责任人：`levee explain CITY --date 日期 --reason 理由 --owner 人员`".to_owned()
        }
        Unsettled::Residual { .. } => "这是程序的错误：运行 `levee journal verify CITY` 并报告".to_owned(),
        Unsettled::OutOfOrder { next, .. } => format!("先结{next}"),
        Unsettled::Sealed { .. } => "更正记入今日，并注明所更正的内容".to_owned(),
        Unsettled::NotOver { .. } => "当日结束后再结".to_owned(),
        Unsettled::SamePerson(_) => "请另一位有权封账的人签署：--as 人员".to_owned(),
    }
}

/// The longest late without a reason, by kind, and how many there are.
fn unexplained(facts: &StatementFacts, lang: Lang) -> String {
    let words = brief_lang(lang);
    let mut open: Vec<_> = facts.arrears_in_order().into_iter().filter(|one| one.reason.is_none()).collect();
    let all = open.len();
    open.truncate(LISTED);
    // Together by kind; the order within a kind, and that of kinds by their oldest, stays.
    let mut order: Vec<&str> = Vec::new();
    for one in &open {
        if !order.contains(&one.kind.as_str()) {
            order.push(&one.kind);
        }
    }
    open.sort_by_key(|one| order.iter().position(|kind| *kind == one.kind));
    let heads = match lang {
        Lang::Zh => ["事项", "区域", "数量", "逾期", "工作组", "编号"],
        Lang::En => ["kind", "area", "units", "late", "section", "obligation"],
    };
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    for one in &open {
        let (hours, minutes) = (one.late_minutes / 60, one.late_minutes % 60);
        rows.push(vec![
            words.of(&facts.kind(&one.kind)).to_owned(),
            words.of(&facts.area(&one.area)).to_owned(),
            format!("{} {}", say::count(one.units), words.of(&facts.unit(&one.kind))),
            format!("{hours}:{minutes:02}"),
            words.of(&one.section).to_owned(),
            one.obligation.clone(),
        ]);
    }
    let mut out = say::table(&rows, &[2, 3]);
    if all > open.len() {
        let (all, listed) = (say::count(all as u64), open.len());
        out.push_str(&match lang {
            Lang::Zh => format!("\n共{all}项，以上为逾期最久的{listed}项"),
            Lang::En => format!("\n{all} in all; above are the {listed} that are late the longest"),
        });
    }
    out
}

pub(crate) fn statement(cli: &Cli, args: &StatementArgs) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, &args.city, Access::Read)?;
    let (_, settings, _) = founded(open::reader(&opened))?;
    let lang = language(args.lang, settings.language);
    let (statement, facts) = of_day(&opened.city(), args.area.as_ref(), args.date)?;
    let out = args.out.clone().unwrap_or_else(|| opened.folder.join("statements"));
    let files = write(&facts, &statement, &out, lang)?;
    if cli.json {
        say::json(&json!({ "schema": "levee.statement_files/1", "sealed": facts.is_sealed(), "statement": statement,
            "files": files }));
        return Ok(ExitCode::SUCCESS);
    }
    say::out(&match &facts.standing {
        Standing::Sealed { .. } => sealed_words(&facts, lang),
        _ => lang_pick(lang, "未封账：草稿，数字仍会变动", "not sealed: a draft, its figures may still change")
            .to_owned(),
    });
    listed(&files);
    Ok(ExitCode::SUCCESS)
}

/// Writes page, tables and workbook, all of them or none; a draft says so in its name too.
fn write(facts: &StatementFacts, statement: &Statement, out: &Path, lang: Lang) -> Result<Vec<PathBuf>, Failure> {
    std::fs::create_dir_all(out).map_err(|e| Failure::io("make the folder", out, &e))?;
    let sheets = facts.sheets(brief_lang(lang));
    let draft = if facts.is_sealed() { "" } else { "-draft" };
    let base = format!("{}-{}{draft}", facts.day, statement.scope);
    let csv = |key| sheets.iter().find(|sheet| sheet.key == key).map(Sheet::to_csv).unwrap_or_default();
    let book = workbook(&sheets).map_err(|e| {
        Failure::of(&e, Some("a sheet holds a million rows; settle district by district (--area)".to_owned()))
    })?;
    let files = [
        (out.join(format!("{base}.html")), facts.to_html(brief_lang(lang)).into_bytes()),
        (out.join(format!("{base}.csv")), csv(SheetKey::Accounts).into_bytes()),
        (out.join(format!("{base}-arrears.csv")), csv(SheetKey::Arrears).into_bytes()),
        (out.join(format!("{base}.xlsx")), book),
    ];
    let parts: Vec<(&Path, &[u8])> = files.iter().map(|(path, bytes)| (path.as_path(), bytes.as_slice())).collect();
    write_whole(&parts)?;
    Ok(files.into_iter().map(|(path, _)| path).collect())
}
