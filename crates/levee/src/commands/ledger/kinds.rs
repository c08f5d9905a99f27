//! `levee kinds`: what a city may owe.

use super::counter::Counter;
use super::words;
use crate::cli::Cli;
use crate::cli::ledger::KindsArgs;
use crate::failure::Failure;
use crate::files::write_whole;
use crate::open::Access;
use crate::say;
use levee_intake::owed::template;
use levee_ledger::catalogue::{DueFrom, Kind, Outcome};
use serde_json::{Value, json};
use std::process::ExitCode;

const OUTCOMES: [Outcome; 5] = [Outcome::Met, Outcome::Waived, Outcome::Expired, Outcome::Voided, Outcome::Carried];

pub(crate) fn run(cli: &Cli, args: &KindsArgs) -> Result<ExitCode, Failure> {
    let counter = Counter::open(cli, &args.city, Access::Read, args.lang)?;
    let Some(id) = &args.kind else {
        list(&counter);
        return Ok(ExitCode::SUCCESS);
    };
    let kind = counter.kind(id)?;
    if let Some(file) = &args.template {
        let table = template(&counter.desk.catalogue, id).unwrap_or_default();
        // With the mark that makes spreadsheet programs read Chinese as it is.
        write_whole(&[(file, format!("\u{FEFF}{table}").as_bytes())]).map_err(|e| e.told_in(counter.lang))?;
        if cli.json {
            say::json(&json!({ "schema": "levee.template/1", "kind": id, "file": file.display().to_string() }));
        } else {
            say::out(&format!(
                "{}: {}: levee open {} --kind {id} {}",
                file.display(),
                counter.say("把示例行换成实际数据，再办理", "put real rows in place of the example, then"),
                args.city.display(),
                file.display()
            ));
        }
        return Ok(ExitCode::SUCCESS);
    }
    if cli.json {
        let mut document = document(&counter, kind);
        document["schema"] = "levee.kind/1".into();
        say::json(&document);
    } else {
        one(&counter, kind);
    }
    Ok(ExitCode::SUCCESS)
}

fn list(counter: &Counter) {
    if counter.wants_json() {
        let kinds: Vec<Value> = counter.desk.catalogue.kinds().map(|kind| document(counter, kind)).collect();
        say::json(&json!({ "schema": "levee.kinds/1", "kinds": kinds }));
        return;
    }
    let lang = counter.lang;
    let head =
        ["类别\u{0}kind", "名称\u{0}name", "单位\u{0}unit", "计数\u{0}counts", "时限\u{0}due", "责任岗位\u{0}owner"];
    let head = head.iter().filter_map(|both| both.split_once('\u{0}')).map(|(zh, en)| counter.say(zh, en).to_owned());
    let mut kinds: Vec<&Kind> = counter.desk.catalogue.kinds().collect();
    kinds.sort_by_key(|kind| kind.system);
    let rows = kinds.iter().map(|kind| {
        vec![
            kind.id.to_string(),
            counter.say(&kind.name_zh, &kind.name_en).to_owned(),
            counter.say(&kind.unit.0, &kind.unit.1).to_owned(),
            words::counting(lang, kind.counting).to_owned(),
            words::due(lang, kind.due),
            format!("{}, {}", kind.owner.section, words::level(lang, kind.owner.level)),
        ]
    });
    say::out(&say::table(&std::iter::once(head.collect()).chain(rows).collect::<Vec<_>>(), &[]));
    say::note(counter.say(
        "某一类的栏目、依据和原因：levee kinds CITY --kind KIND",
        "fields, evidence and reasons of one: levee kinds CITY --kind KIND",
    ));
}

fn one(counter: &Counter, kind: &Kind) {
    let lang = counter.lang;
    let none = counter.say("无", "none");
    let evidence = |codes: &[String]| if codes.is_empty() { none.to_owned() } else { codes.join(", ") };
    say::out(&format!("{}  {}", kind.id, counter.say(&kind.name_zh, &kind.name_en)));
    let mut about = vec![
        vec![counter.say("单位", "unit").to_owned(), counter.say(&kind.unit.0, &kind.unit.1).to_owned()],
        vec![counter.say("计数", "counts").to_owned(), words::counting(lang, kind.counting).to_owned()],
        vec![counter.say("对象", "owed to").to_owned(), words::subject(lang, kind.subject).to_owned()],
        vec![counter.say("保护", "protects").to_owned(), words::class(lang, kind.class).to_owned()],
        vec![counter.say("时限", "due").to_owned(), words::due(lang, kind.due)],
        vec![
            counter.say("责任岗位", "owner").to_owned(),
            format!("{}, {}", kind.owner.section, words::level(lang, kind.owner.level)),
        ],
        vec![counter.say("办结依据", "evidence").to_owned(), evidence(&kind.evidence)],
        vec![counter.say("优先级", "priority").to_owned(), kind.priority.to_string()],
    ];
    if kind.life_saving {
        let yes = counter.say("是：不设审批，满员不拒", "yes: no approval, and no full ward refuses it");
        about.push(vec![counter.say("救命事项", "saves lives").to_owned(), yes.to_owned()]);
    }
    say::out(&say::table(&about, &[]));
    if let Some(ladder) = counter.desk.catalogue.ladder(kind) {
        say::out(&format!("\n{}", counter.say("逾期后找谁", "asked when it is late")));
        let rungs = ladder.rungs.iter().map(|rung| {
            let post = format!("{}, {}", rung.post.section, words::level(lang, rung.post.level));
            vec![format!("  +{}", words::minutes_long(lang, rung.after_minutes.into())), post]
        });
        say::out(&say::table(&rungs.collect::<Vec<_>>(), &[]));
    }
    let fields = counter.desk.catalogue.fields(&kind.id);
    if !fields.is_empty() {
        say::out(&format!("\n{}", counter.say("栏目", "fields")));
        let rows = fields.iter().map(|field| {
            let must = if field.required { counter.say("必填", "required") } else { "" };
            let unit = field.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default();
            vec![
                format!("  {}", field.name),
                words::field(lang, &field.holds),
                must.to_owned(),
                format!("{}{unit}", counter.say(&field.about.0, &field.about.1)),
            ]
        });
        say::out(&say::table(&rows.collect::<Vec<_>>(), &[]));
    }
    say::out(&format!("\n{}", counter.say("原因", "reasons")));
    let mut rows = Vec::new();
    for outcome in OUTCOMES {
        for reason in counter.desk.catalogue.reasons(kind, outcome) {
            let needs = if reason.evidence.is_empty() { String::new() } else { reason.evidence.join(", ") };
            rows.push(vec![
                format!("  {}", words::outcome(lang, outcome)),
                reason.code.clone(),
                counter.say(&reason.name_zh, &reason.name_en).to_owned(),
                words::by(lang, reason.by).to_owned(),
                needs,
            ]);
        }
    }
    say::out(&say::table(&rows, &[]));
}

fn document(counter: &Counter, kind: &Kind) -> Value {
    let catalogue = &counter.desk.catalogue;
    let both = |zh: &str, en: &str| json!({ "zh": zh, "en": en });
    let reasons: Vec<Value> = OUTCOMES
        .into_iter()
        .flat_map(|outcome| catalogue.reasons(kind, outcome))
        .map(|reason| {
            json!({ "outcome": reason.outcome, "reason": reason.code, "name": both(&reason.name_zh, &reason.name_en),
                "by": reason.by, "moot": reason.moot, "evidence": reason.evidence })
        })
        .collect();
    let fields: Vec<Value> = catalogue
        .fields(&kind.id)
        .iter()
        .map(|field| {
            json!({ "field": field.name, "holds": field.holds.words(), "required": field.required,
                "unit": field.unit, "about": both(&field.about.0, &field.about.1) })
        })
        .collect();
    let ladder: Vec<Value> = catalogue.ladder(kind).map_or(vec![], |ladder| {
        let rung = |rung: &levee_ledger::catalogue::Rung| {
            json!({ "after_minutes": rung.after_minutes, "section": rung.post.section, "level": rung.post.level })
        };
        ladder.rungs.iter().map(rung).collect()
    });
    let (due_from, minutes) = match kind.due {
        DueFrom::Rule(minutes) => ("rule", Some(minutes)),
        DueFrom::Order => ("order", None),
        DueFrom::Request => ("request", None),
    };
    json!({
        "kind": kind.id, "system": kind.system, "name": both(&kind.name_zh, &kind.name_en),
        "unit": both(&kind.unit.0, &kind.unit.1), "counting": kind.counting, "class": kind.class,
        "life_saving": kind.life_saving, "priority": kind.priority,
        "due": { "from": due_from, "after_minutes": minutes },
        "owner": { "section": kind.owner.section, "level": kind.owner.level },
        "evidence": kind.evidence, "subject": kind.subject, "retention_days": kind.retention_days,
        "fields": fields, "reasons": reasons, "ladder": ladder,
    })
}
