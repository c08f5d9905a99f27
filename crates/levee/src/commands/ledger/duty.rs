//! `levee duty`: who answers for what, at any hour.

use super::counter::Counter;
use super::{refusal, words};
use crate::cli::Cli;
use crate::cli::ledger::{DutyArgs, DutyCommand, When};
use crate::failure::Failure;
use crate::open::Access;
use crate::say;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::catalogue::sections;
use levee_app::city::AppError;
use levee_app::event::HandOverStep;
use levee_app::ledger::gaps::{gaps, is_gap};
use levee_app::ledger::hand_over::{HandOver, hand_over};
use levee_ledger::{AreaPath, Section};
use levee_model::area::PlaceCode;
use levee_model::ids::PersonId;
use serde_json::{Value, json};
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, args: &DutyArgs) -> Result<ExitCode, Failure> {
    match &args.what {
        DutyCommand::Show { area, section, when } => {
            let counter = Counter::open(cli, &args.city, Access::Read, when.lang)?;
            show(&counter, area.as_ref(), section.as_ref(), when)
        }
        DutyCommand::Check { date, lang } => check(&Counter::open(cli, &args.city, Access::Read, *lang)?, *date),
        DutyCommand::HandOver { area, section, to, when } => {
            let counter = Counter::open(cli, &args.city, Access::Write, when.lang)?;
            hand(counter, area, section, to.clone(), when, HandOverStep::Offered)
        }
        DutyCommand::TakeOver { area, section, when } => {
            let counter = Counter::open(cli, &args.city, Access::Write, when.lang)?;
            let Some(to) = cli.actor.clone() else {
                return Err(refusal::told(levee_ledger::Refusal::NeedsAPerson.into(), counter.lang));
            };
            hand(counter, area, section, to, when, HandOverStep::Accepted)
        }
    }
}

/// The sections of the catalogue, or the one that was asked for, which the catalogue must know.
fn of_catalogue(counter: &Counter, asked: Option<&Section>) -> Result<Vec<Section>, Failure> {
    let all: Vec<Section> =
        sections(&counter.desk.catalogue).into_iter().filter_map(|section| section.parse().ok()).collect();
    match asked {
        None => Ok(all),
        Some(section) if all.contains(section) => Ok(vec![section.clone()]),
        Some(section) => {
            let known: Vec<&str> = all.iter().map(Section::as_str).collect();
            Err(counter.failure(
                (format!("目录中没有工作组“{section}”"), format!("the catalogue knows no section `{section}`")),
                (format!("可选：{}", known.join(", ")), format!("choose one of {}", known.join(", "))),
            ))
        }
    }
}

/// The city and its districts.
fn books(counter: &Counter) -> Result<Vec<AreaPath>, Failure> {
    let districts = counter.desk.places.districts().map(|district| counter.path(&district.code));
    std::iter::once(counter.path_or_city(None)).chain(districts).collect()
}

fn show(
    counter: &Counter,
    area: Option<&PlaceCode>,
    section: Option<&Section>,
    when: &When,
) -> Result<ExitCode, Failure> {
    let at = counter.at(when)?;
    let areas = match (area, section) {
        (None, Some(_)) => books(counter)?,
        (area, _) => vec![counter.path_or_city(area)?],
    };
    let sections = of_catalogue(counter, section)?;
    let posts = areas.iter().flat_map(|area| sections.iter().map(move |section| (area, section)));
    let posts: Vec<_> =
        posts.map(|(area, section)| (area, section, counter.desk.duties.owner(area, section, at))).collect();
    if counter.wants_json() {
        let posts: Vec<Value> = posts
            .iter()
            .map(|(area, section, owner)| {
                json!({ "area": area.area(), "section": section,
                    "person": owner.as_ref().map(|owner| &owner.person),
                    "deputy": owner.as_ref().and_then(|owner| owner.deputy.as_ref()),
                    "how": owner.as_ref().map(|owner| owner.how),
                    "post": owner.as_ref().map(|owner| &owner.area),
                    "gap": owner.as_ref().is_none_or(|owner| is_gap(owner.how)) })
            })
            .collect();
        say::json(&json!({ "schema": "levee.duty/1", "at": at, "posts": posts }));
        return Ok(ExitCode::SUCCESS);
    }
    let head = [
        ("地点", "place"),
        ("工作组", "section"),
        ("值班", "answers"),
        ("替班", "deputy"),
        ("依据", "how"),
        ("岗位", "post of"),
    ];
    let mut rows = vec![head.map(|(zh, en)| counter.say(zh, en).to_owned()).to_vec()];
    for (area, section, owner) in posts {
        let mut row = vec![counter.place(area), section.to_string()];
        row.extend(match owner {
            Some(owner) => vec![
                owner.person.to_string(),
                owner.deputy.map_or_else(String::new, |deputy| deputy.to_string()),
                words::how(counter.lang, owner.how).to_owned(),
                counter.place_name(&owner.area),
            ],
            None => vec![counter.say("无人", "NOBODY").to_owned()],
        });
        rows.push(row);
    }
    say::out(&counter.time(at));
    say::out(&say::table(&rows, &[]));
    Ok(ExitCode::SUCCESS)
}

fn check(counter: &Counter, day: Date) -> Result<ExitCode, Failure> {
    let (gaps, looked) = gaps(&counter.desk, day);
    let nobody = gaps.iter().any(|gap| gap.stands_in.is_none());
    let answer = if nobody { ExitCode::from(crate::commands::NO) } else { ExitCode::SUCCESS };
    if counter.wants_json() {
        let gaps: Vec<Value> = gaps
            .iter()
            .map(|gap| {
                json!({ "area": gap.area.area(), "section": gap.section, "from": gap.from, "until": gap.until,
                    "stands_in": gap.stands_in.as_ref().map(|(person, _)| person),
                    "how": gap.stands_in.as_ref().map(|(_, how)| how) })
            })
            .collect();
        say::json(&json!({ "schema": "levee.duty_check/1", "date": day, "hours_looked_at": looked,
            "nobody_answers": nobody, "gaps": gaps }));
        return Ok(answer);
    }
    let looked = say::count(looked);
    if gaps.is_empty() {
        let all = counter.say("N 个岗位小时都有人值班", "all N hours of all posts are rostered");
        say::out(&format!("{day}: {}", all.replace('N', &looked)));
        return Ok(answer);
    }
    let head = [
        ("地点", "place"),
        ("工作组", "section"),
        ("自", "from"),
        ("至", "until"),
        ("由谁代管", "stands in"),
        ("依据", "how"),
    ];
    let mut rows = vec![head.map(|(zh, en)| counter.say(zh, en).to_owned()).to_vec()];
    rows.extend(gaps.iter().map(|gap| {
        let (person, how) = match &gap.stands_in {
            Some((person, how)) => (person.to_string(), words::how(counter.lang, *how)),
            None => (counter.say("无人", "NOBODY").to_owned(), ""),
        };
        let (place, section) = (counter.place(&gap.area), gap.section.to_string());
        vec![place, section, counter.time(gap.from), counter.time(gap.until), person, how.to_owned()]
    }));
    say::out(&say::table(&rows, &[]));
    let said = counter.say("N 个岗位小时中，值班表缺 M 段", "of N hours of posts, the roster leaves M stretches open");
    say::note(&format!("{day}: {}", said.replace('N', &looked).replace('M', &say::count(gaps.len() as u64))));
    Ok(answer)
}

fn hand(
    mut counter: Counter,
    area: &PlaceCode,
    section: &Section,
    to: PersonId,
    when: &When,
    meant: HandOverStep,
) -> Result<ExitCode, Failure> {
    let at = counter.at(when)?;
    let section = of_catalogue(&counter, Some(section))?.remove(0);
    let (post, envelope) = (HandOver { area: area.clone(), section, to, at: Some(at) }, counter.envelope.clone());
    let report = hand_over(&mut counter.opened.city(), &envelope, &post).map_err(|error| {
        let asked = matches!(error, AppError::Asked { .. });
        let failure = refusal::told(error, counter.lang);
        if asked { failure.no() } else { failure }
    })?;
    let units = report.open.iter().fold(0, |sum: u64, line| sum.saturating_add(line.row.units));
    if counter.wants_json() {
        let open: Vec<Value> = report
            .open
            .iter()
            .map(|line| {
                json!({ "obligation": line.obligation.to_string(), "kind": line.row.kind, "units": line.row.units,
                "due": Timestamp::from_second(line.due).ok() })
            })
            .collect();
        say::json(&json!({ "schema": "levee.hand_over/1", "command": report.receipt.command_id.to_string(),
            "area": area, "section": post.section, "to": post.to,
            "step": if report.step == HandOverStep::Offered { "offered" } else { "accepted" }, "open": open }));
        return Ok(ExitCode::SUCCESS);
    }
    let place = counter.place_name(area.as_str());
    let (items, units) = (say::count(report.open.len() as u64), say::count(units));
    let line = match report.step {
        HandOverStep::Offered => counter.say(
            "WHAT：已交班，待 WHO 接班；清单 ITEMS 项、UNITS 个单位，已签",
            "WHAT: offered to WHO, who must take it over; ITEMS obligations (UNITS units) are on the list you signed",
        ),
        HandOverStep::Accepted => counter.say(
            "WHAT：WHO 已接班；清单 ITEMS 项、UNITS 个单位，双方已签",
            "WHAT: WHO answers from now on; both signed the list of ITEMS obligations (UNITS units)",
        ),
    };
    let line = line.replace("WHAT", &format!("{place} {}", post.section)).replace("WHO", post.to.as_str());
    say::out(&line.replace("ITEMS", &items).replace("UNITS", &units));
    if report.step != meant {
        // The one who offers a post that was offered to them takes it over first, and the other way round.
        say::note(counter.say("该岗位此前已交给您，本次为接班", "the post had been offered to you: this took it over"));
    }
    say::note(&format!("{} {}", counter.say("命令", "command"), report.receipt.command_id));
    Ok(ExitCode::SUCCESS)
}
