//! `levee open … FILE`: a table of obligations.

use super::counter::Counter;
use super::refusal;
use crate::cli::Cli;
use crate::cli::ledger::OpenArgs;
use crate::commands::import::{Taken, document, print};
use crate::commands::intake_lang;
use crate::commands::source::{FileRows, layout};
use crate::failure::Failure;
use crate::open;
use crate::say;
use levee_app::ledger::open::{Envelopes, OpenOptions, open_table};
use levee_app::vault::Vault;
use levee_intake::Defaults;
use levee_intake::owed::{headings, spec};
use levee_ledger::catalogue::FieldType;
use levee_model::provenance::Origin;
use levee_store::vault::FolderVault;
use std::path::Path;
use std::process::ExitCode;

/// Opens what a table says; each row opens one obligation, says what is known, or is rejected.
pub(super) fn open(cli: &Cli, counter: &mut Counter, args: &OpenArgs, file: &Path) -> Result<ExitCode, Failure> {
    let lang = counter.lang;
    let at = args.when.at.map(|civil| counter.moment(civil)).transpose()?;
    let catalogue = counter.desk.catalogue.clone();
    let Some(table) = spec(&catalogue, &args.kind) else {
        return Err(refusal::told(levee_ledger::Refusal::UnknownKind(args.kind.clone()).into(), lang));
    };
    let now = counter.desk.calendar.civil(at.unwrap_or_else(open::now));
    let defaults = Defaults {
        office: args.office.clone(),
        source_id: args.source.clone(),
        known_at: Some(now),
        known_at_assumed: Some(false),
        origin: Some(Origin::Reported),
        place: None,
    };
    let mut layout = layout(open::reader(&counter.opened), table, now, defaults)?;
    layout.headings = headings(&layout.headings, &catalogue, &args.kind);
    let mut rows = FileRows::new(file, args.sheet.as_deref(), layout)?;
    let personal = catalogue.fields(&args.kind).iter().any(|field| field.holds == FieldType::Personal);
    let mut vault = match personal && !args.dry_run {
        true => Some(
            FolderVault::open(&counter.folder, &open::key_folder(cli)?)
                .map_err(|error| Failure::of(&error, None).told_in(lang))?,
        ),
        false => None,
    };
    let (envelope, seal) = (counter.envelope.clone(), open::envelope(cli));
    let report = open_table(
        &mut counter.opened.city(),
        vault.as_mut().map(|vault| vault as &mut dyn Vault),
        Envelopes { open: &envelope, seal: &seal },
        &args.kind,
        &mut rows,
        &OpenOptions { dry_run: args.dry_run, at },
    )
    .map_err(|error| refusal::told(error, lang))?;
    let notes = rows.notes.iter().map(|note| note.explain(intake_lang(lang))).collect();
    let rejected = report.balance.rejected > 0;
    let taken = Taken { table, file: file.display().to_string(), report, notes };
    if cli.json {
        say::json(&document("levee.open/1", &[taken], args.dry_run));
    } else {
        print(&taken, &args.city, args.dry_run, intake_lang(lang));
    }
    Ok(if rejected { ExitCode::from(crate::commands::NO) } else { ExitCode::SUCCESS })
}
