//! `levee backup`, `levee restore`: copies of a city for bad days, and a city from one of them.

use super::NO;
use crate::cli::{BackupArgs, BackupCommand, Cli, RestoreArgs, UntilGiven};
use crate::failure::Failure;
use crate::open::{self, Access};
use crate::say;
use levee_app::event::Position;
use levee_store::backup::{self, BackupError, Manifest, SealedFolder, Until};
use levee_store::sqlite::SqliteJournal;
use levee_store::vault::VAULT_FILE;
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

fn failed(error: &BackupError) -> Failure {
    let hint = match error {
        BackupError::NoManifest { .. } | BackupError::FileMissing { .. } | BackupError::FileLength { .. } => {
            "a backup that was cut off is no backup: make it again with `levee backup CITY --to DIR`, or use another"
        }
        BackupError::FileChanged { .. } | BackupError::Differs { .. } | BackupError::BadManifest { .. } => {
            "use another backup; this one was changed after it was made"
        }
        BackupError::NotEmpty { .. } => "name a folder that is not there yet",
        BackupError::NotOurs { .. } => "name another folder, or an empty one",
        BackupError::Beyond { .. } | BackupError::BeforeTheCity => "`levee backup check DIR` says how far it reaches",
        BackupError::Running { .. } => "wait until it is done",
        BackupError::Full { .. } => "free some space, then try again",
        BackupError::Newer { .. } => "use the version that wrote it, or a later one",
        _ => "see the reason above",
    };
    Failure::of(error, Some(hint.to_owned()))
}

pub(crate) fn run(cli: &Cli, args: &BackupArgs) -> Result<ExitCode, Failure> {
    if let Some(BackupCommand::Check { dir }) = &args.what {
        return check(cli, dir);
    }
    let (Some(city), Some(to)) = (&args.city, &args.to) else {
        return Err(Failure::new("a city and a folder are needed", "levee backup CITY --to DIR"));
    };
    let opened = open::open(cli, city, Access::Read)?;
    let vault = city.join(VAULT_FILE);
    let made = backup::backup_from(&opened.journal, &SealedFolder::new(city), Some(&vault), to, open::now());
    let manifest = made.map_err(|error| failed(&error))?;
    told(cli, "levee.backup/1", to, &manifest, "backed up");
    Ok(ExitCode::from(if manifest.missing_blobs.is_empty() { 0 } else { NO }))
}

fn check(cli: &Cli, dir: &Path) -> Result<ExitCode, Failure> {
    match backup::check(dir) {
        Ok(manifest) => {
            told(cli, "levee.backup_check/1", dir, &manifest, "whole");
            Ok(ExitCode::SUCCESS)
        }
        // The answer is no: it was looked at, and it is no backup to rely on.
        Err(
            error @ (BackupError::NoManifest { .. }
            | BackupError::BadManifest { .. }
            | BackupError::FileMissing { .. }
            | BackupError::FileLength { .. }
            | BackupError::FileChanged { .. }
            | BackupError::Differs { .. }),
        ) => {
            failed(&error).say(cli.json);
            Ok(ExitCode::from(NO))
        }
        Err(error) => Err(failed(&error)),
    }
}

fn told(cli: &Cli, schema: &str, dir: &Path, manifest: &Manifest, what: &str) {
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    if cli.json {
        say::json(&json!({ "schema": schema, "folder": dir.display().to_string(), "city": manifest.city,
            "last": manifest.last, "last_recorded_at": manifest.last_recorded_at, "made_at": manifest.made_at,
            "files": manifest.files.len(), "bytes": bytes, "key": manifest.keys.name,
            "missing_blobs": manifest.missing_blobs }));
        return;
    }
    say::out(&format!(
        "{what}: {} to position {} (recorded {}), {} files, {} bytes, in {}",
        manifest.city.as_deref().unwrap_or("a city"),
        say::count(manifest.last),
        manifest.last_recorded_at,
        say::count(manifest.files.len() as u64),
        say::count(bytes),
        dir.display(),
    ));
    match &manifest.keys.name {
        Some(key) => say::note(&format!("  the key `{key}` is not in it: keep a copy of the folder of keys elsewhere")),
        None => say::note("  the city has no sealed files"),
    }
    for blob in &manifest.missing_blobs {
        say::note(&format!("  missing in the city itself, so not in the backup: {blob}"));
    }
}

/// How far to go, in the words of the store. A time of the city's calendar needs the calendar, which the backup holds.
fn until(args: &RestoreArgs) -> Result<Until, Failure> {
    Ok(match args.until {
        None => Until::Last,
        Some(UntilGiven::Position(position)) => Until::Position(Position(position)),
        Some(UntilGiven::Moment(moment)) => Until::Moment(moment),
        Some(UntilGiven::Civil(civil)) => {
            backup::check(&args.dir).map_err(|error| failed(&error))?;
            let journal = SqliteJournal::open_read_only(&args.dir)?;
            let (_, _, calendar) = levee_app::city::founded(&journal)?;
            let moment = calendar.moment(civil);
            Until::Moment(
                moment.ok_or_else(|| {
                    Failure::new(format!("{civil} is no time of the city's calendar"), "check the time")
                })?,
            )
        }
    })
}

pub(crate) fn restore(cli: &Cli, args: &RestoreArgs) -> Result<ExitCode, Failure> {
    let restored = backup::restore(&args.dir, &args.to, until(args)?).map_err(|error| failed(&error))?;
    // Before anybody reads: who was erased after the backup was made stays erased.
    let again = super::vault::after_restore(cli, &args.to);
    if cli.json {
        let people = again.as_ref().ok().copied().flatten();
        say::json(
            &json!({ "schema": "levee.restore/1", "city": args.to.display().to_string(), "last": restored.last.0,
            "recorded_at": restored.recorded_at, "asked": restored.asked.map(|asked| asked.0), "blobs": restored.blobs,
            "missing_blobs": restored.missing_blobs.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "erased_again": people, "erasures_applied": again.is_ok() }),
        );
    } else {
        say::out(&format!(
            "restored: {} to position {} (recorded {}), {} sealed files",
            args.to.display(),
            say::count(restored.last.0),
            restored.recorded_at,
            say::count(restored.blobs),
        ));
        if let Some(asked) = restored.asked {
            say::note(&format!("  position {} lies within a command: restored up to the one before it", asked.0));
        }
        for blob in &restored.missing_blobs {
            say::note(&format!("  missing when the backup was made: {blob}"));
        }
        match &again {
            Ok(Some(people)) => say::out(&format!("erasures applied again: {} people", say::count(*people))),
            Ok(None) => {}
            Err(failure) => {
                failure.say(false);
                say::note(&format!(
                    "  the city is restored, the erasures are NOT applied: put the folder of keys in its place, then: levee vault {} reapply --as PERSON",
                    args.to.display()
                ));
            }
        }
    }
    Ok(ExitCode::from(if again.is_ok() { 0 } else { NO }))
}
