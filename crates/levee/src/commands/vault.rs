//! `levee vault`: personal data, kept apart from the journal. Values are masked unless somebody reads them for a reason.

use crate::cli::{Cli, VaultArgs, VaultCommand, Why};
use crate::failure::Failure;
use crate::open::{self, Access, Opened};
use crate::say;
use crate::store::private_new;
use jiff::civil::Date;
use levee_app::city::founded;
use levee_app::event::ErasedWhy;
use levee_app::projection::subjects::subjects;
use levee_app::vault::{self, PersonalValues, ReadRequest};
use levee_model::command::{Actor, Envelope};
use levee_model::ids::PersonId;
use levee_model::subject::{PersonalField, Pseudonym};
use levee_store::backup;
use levee_store::vault::{FolderVault, VAULT_FILE, VaultOpenError};
use serde_json::json;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// People shown when none is named.
const SHOWN: usize = 100;

fn not_opened(error: &VaultOpenError) -> Failure {
    let hint = match error {
        VaultOpenError::Vault(error) => error.hint(),
        VaultOpenError::Key(_) => None,
    };
    Failure::of(error, hint)
}

fn open_vault(cli: &Cli, city: &Path, access: Access) -> Result<FolderVault, Failure> {
    let keys = open::key_folder(cli)?;
    let opened = match access {
        Access::Write => FolderVault::open(city, &keys),
        Access::Read => FolderVault::open_read_only(city, &keys),
    };
    opened.map_err(|error| not_opened(&error))
}

pub(crate) fn run(cli: &Cli, args: &VaultArgs) -> Result<ExitCode, Failure> {
    let city = &args.city;
    match &args.what {
        VaultCommand::Show { subjects } => show(cli, city, subjects),
        VaultCommand::Read { subjects, fields, reason, with, out } => {
            read(cli, city, &Asked { subjects, fields, reason, with: with.as_ref(), out: out.as_deref() })
        }
        VaultCommand::Erase { subjects, why } => erase(cli, city, subjects, *why),
        VaultCommand::Expire => expire(cli, city),
        VaultCommand::Audit { from, to } => audit(cli, city, *from, *to),
        VaultCommand::Reapply => reapply(cli, city),
    }
}

fn show(cli: &Cli, city: &Path, named: &[Pseudonym]) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, city, Access::Read)?;
    let all = subjects(open::reader(&opened))?;
    let (count, live) = (all.len(), all.iter().filter(|(_, record)| record.erased.is_none()).count());
    let whom: Vec<Pseudonym> = match named {
        [] => all.into_iter().take(SHOWN).map(|(subject, _)| subject).collect(),
        named => named.to_vec(),
    };
    let people = if count == 0 && named.is_empty() {
        // Nobody was ever taken in, so there may be no vault either; who asks must be allowed all the same.
        vault::show(&opened.city(), &levee_store::vault::MemoryVault::default(), &open::envelope(cli), &[])?
    } else {
        let vault = open_vault(cli, city, Access::Read)?;
        vault::show(&opened.city(), &vault, &open::envelope(cli), &whom)?
    };
    if cli.json {
        let rows: Vec<_> = people
            .iter()
            .map(|one| {
                json!({ "subject": one.subject, "purpose": one.record.purpose, "retain_until": one.record.retain_until,
                "erased": one.record.erased, "masked": one.masked })
            })
            .collect();
        say::json(&json!({ "schema": "levee.vault/1", "people": count, "kept": live, "shown": rows }));
        return Ok(ExitCode::SUCCESS);
    }
    let mut rows = vec![["pseudonym", "kept for", "until", "fields (masked)"].map(str::to_owned).to_vec()];
    for one in &people {
        let fields: Vec<String> =
            one.masked.iter().map(|(field, value)| format!("{}: {value}", field.as_str())).collect();
        let fields = if one.record.erased.is_some() { "erased".to_owned() } else { fields.join("; ") };
        let (purpose, until) = (one.record.purpose.as_str().to_owned(), one.record.retain_until.to_string());
        rows.push(vec![one.subject.to_string(), purpose, until, fields]);
    }
    say::out(&say::table(&rows, &[]));
    say::out(&format!(
        "{} people, {} of them kept, {} shown",
        say::count(count as u64),
        say::count(live as u64),
        people.len()
    ));
    Ok(ExitCode::SUCCESS)
}

struct Asked<'a> {
    subjects: &'a [Pseudonym],
    fields: &'a [PersonalField],
    reason: &'a str,
    with: Option<&'a PersonId>,
    out: Option<&'a Path>,
}

fn read(cli: &Cli, city: &Path, asked: &Asked<'_>) -> Result<ExitCode, Failure> {
    // First the city's own lock: who does not get it writes nothing down and reads nothing.
    let mut opened = open::open(cli, city, Access::Write)?;
    let vault = open_vault(cli, city, Access::Write)?;
    // Before the reading is written down: a file that cannot be made must not cost a trace.
    let mut file = asked
        .out
        .map(|path| private_new(path).map_err(|error| Failure::io("make the new file", path, &error)))
        .transpose()?;
    let Asked { subjects, fields, reason, with, out } = *asked;
    let request = ReadRequest { subjects, fields, reason, with };
    let values = match vault::read(&mut opened.city(), &vault, &open::envelope(cli), &request) {
        Ok(values) => values,
        Err(error) => {
            if let Some(path) = out {
                // It is ours, new and empty.
                let _ = std::fs::remove_file(path);
            }
            return Err(error.into());
        }
    };
    let text = if cli.json { as_json(&values)? } else { as_table(&values, fields) };
    match (&mut file, out) {
        (Some(file), Some(path)) => {
            let put =
                file.write_all(text.as_bytes()).and_then(|()| file.write_all(b"\n")).and_then(|()| file.sync_all());
            put.map_err(|error| {
                Failure::io("write", path, &error).then("the reading is written down; ask again with a new command")
            })?;
            say::note(&format!("{} people in {}; destroy the file when it is used", values.len(), path.display()));
        }
        _ => say::out(&text),
    }
    Ok(ExitCode::SUCCESS)
}

fn as_json(values: &[PersonalValues]) -> Result<String, Failure> {
    let rows: Vec<_> = values
        .iter()
        .map(|one| {
            let fields: serde_json::Map<String, serde_json::Value> =
                one.values.iter().map(|(field, value)| (field.as_str().to_owned(), value.expose().into())).collect();
            json!({ "subject": one.subject, "values": fields })
        })
        .collect();
    serde_json::to_string_pretty(&json!({ "schema": "levee.personal/1", "people": rows }))
        .map_err(|e| Failure::of(&e, None))
}

fn as_table(values: &[PersonalValues], fields: &[PersonalField]) -> String {
    let head = std::iter::once("pseudonym".to_owned()).chain(fields.iter().map(|field| field.as_str().to_owned()));
    let rows = values.iter().map(|one| {
        let cell = |field| one.values.get(field).map(|value| value.expose().to_owned()).unwrap_or_default();
        std::iter::once(one.subject.to_string()).chain(fields.iter().map(cell)).collect()
    });
    say::table(&std::iter::once(head.collect()).chain(rows).collect::<Vec<_>>(), &[])
}

fn erase(cli: &Cli, city: &Path, subjects: &[Pseudonym], why: Why) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, city, Access::Write)?;
    let mut kept = open_vault(cli, city, Access::Write)?;
    let why = match why {
        Why::PurposeEnded => ErasedWhy::PurposeEnded,
        Why::PersonAsked => ErasedWhy::PersonAsked,
        Why::Retention => ErasedWhy::Retention,
    };
    let done = vault::erase(&mut opened.city(), &mut kept, &open::envelope(cli), subjects, why)?;
    if cli.json {
        say::json(&json!({ "schema": "levee.erased/1", "now": done.now, "before": done.before }));
    } else {
        let before =
            if done.before.is_empty() { String::new() } else { format!(", {} were before", done.before.len()) };
        say::out(&format!("destroyed for good: data of {} people{before}", done.now.len()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Levee itself, unless somebody is named.
fn system(cli: &Cli) -> Envelope {
    let envelope = open::envelope(cli);
    match envelope.actor {
        Actor::Person(_) => envelope,
        _ => Envelope { actor: Actor::System, ..envelope },
    }
}

fn expire(cli: &Cli, city: &Path) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, city, Access::Write)?;
    let mut kept = open_vault(cli, city, Access::Write)?;
    let gone = vault::expire(&mut opened.city(), &mut kept, &system(cli))?;
    if cli.json {
        say::json(&json!({ "schema": "levee.erased/1", "now": gone, "before": [] }));
    } else {
        say::out(&format!("last day passed: data of {} people destroyed for good", gone.len()));
    }
    Ok(ExitCode::SUCCESS)
}

fn audit(cli: &Cli, city: &Path, from: Date, to: Date) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, city, Access::Read)?;
    let (_, _, calendar) = founded(open::reader(&opened))?;
    if to < from {
        return Err(Failure::new(format!("{to} lies before {from}"), "give the first day first"));
    }
    let bounds = from.yesterday().ok().and_then(|before| calendar.end_of(before)).zip(calendar.end_of(to));
    let (begin, end) = bounds.ok_or_else(|| Failure::new("these days lie beyond the calendar", "check the dates"))?;
    let found = vault::audit(&opened.city(), &open::envelope(cli), begin, end)?;
    if cli.json {
        let rows: Vec<_> = found
            .iter()
            .map(|one| {
                json!({ "position": one.position.0, "at": one.at, "by": actor(&one.by), "with": one.with,
                "whom": one.whom, "fields": one.fields, "reason": one.reason.expose() })
            })
            .collect();
        say::json(&json!({ "schema": "levee.audit/1", "from": from, "to": to, "readings": rows }));
        return Ok(ExitCode::SUCCESS);
    }
    let mut rows = vec![["at", "by", "with", "people", "fields", "reason"].map(str::to_owned).to_vec()];
    for one in &found {
        let whom = match one.whom.as_slice() {
            [only] => only.to_string(),
            many => say::count(many.len() as u64),
        };
        rows.push(vec![
            calendar.civil(one.at).strftime("%Y-%m-%d %H:%M").to_string(),
            actor(&one.by),
            one.with.as_ref().map(ToString::to_string).unwrap_or_default(),
            whom,
            one.fields.iter().map(PersonalField::as_str).collect::<Vec<_>>().join(" "),
            one.reason.expose().to_owned(),
        ]);
    }
    say::out(&say::table(&rows, &[]));
    say::out(&format!("{} readings from {from} to {to}", say::count(found.len() as u64)));
    Ok(ExitCode::SUCCESS)
}

fn actor(by: &Envelope) -> String {
    match &by.actor {
        Actor::Person(id) => id.to_string(),
        Actor::System => "levee".to_owned(),
        Actor::LocalOperator => "operator".to_owned(),
    }
}

fn reapply(cli: &Cli, city: &Path) -> Result<ExitCode, Failure> {
    let mut opened = open::open(cli, city, Access::Write)?;
    let mut kept = open_vault(cli, city, Access::Write)?;
    let done = vault::reapply_erasures(&mut opened.city(), &mut kept, &system(cli), &[])?;
    if cli.json {
        say::json(&json!({ "schema": "levee.reapplied/1", "people": done.people,
            "destroyed_again": done.destroyed_again, "written_down": done.written_down }));
    } else {
        say::out(&format!(
            "{} people stay erased; {} had come back, {} were not written down yet",
            say::count(done.people),
            done.destroyed_again.len(),
            done.written_down.len()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// After a restore, before anybody reads: how many people stay erased; none when nobody ever was and nobody is kept.
pub(crate) fn after_restore(cli: &Cli, city: &Path) -> Result<Option<u64>, Failure> {
    let list = backup::after_restore(city, &open::key_folder(cli)?).map_err(|error| Failure::of(&error, None))?;
    if list.is_empty() && !city.join(VAULT_FILE).exists() {
        return Ok(None);
    }
    let mut opened = open::open(cli, city, Access::Write)?;
    let mut kept = open_vault(cli, city, Access::Write)?;
    let envelope = Envelope { actor: Actor::System, ..open::envelope(cli) };
    let done = vault::reapply_erasures(&mut opened.city(), &mut kept, &envelope, &[])?;
    Ok(Some(done.people))
}

/// Where journal and vault do not agree, in words.
pub(super) fn faults(cli: &Cli, opened: &Opened) -> Result<Vec<String>, Failure> {
    let known = subjects(open::reader(opened))?;
    if known.is_empty() && !opened.folder.join(VAULT_FILE).exists() {
        return Ok(vec![]);
    }
    let kept = match FolderVault::open_read_only(&opened.folder, &open::key_folder(cli)?) {
        Ok(kept) => kept,
        Err(error) => return Ok(vec![format!("the vault cannot be opened: {error}")]),
    };
    let found = vault::compare(open::reader(opened), &kept)?;
    let say = |people: &[Pseudonym], what: &str, mend: &str| {
        let first = people.first()?;
        Some(format!("{} people {what} (first: {first}); {mend}", people.len()))
    };
    let faults = [
        say(&found.unrecorded, "are in the vault and no event names them", "seal them again, or restore the journal"),
        say(&found.missing, "are in the journal and have no key in the vault", "restore the folder of keys"),
        say(&found.returned, "were erased and have a key again", "run `levee vault CITY reapply`"),
    ];
    Ok(faults.into_iter().flatten().collect())
}
