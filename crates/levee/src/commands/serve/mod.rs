//! `levee serve`: the city over HTTP.

mod log;
mod oidc;
mod tables;

use super::day::lang_pick;
use super::language;
use super::rulebook::books::BUILT_IN;
use crate::cli::{Cli, ServeArgs};
use crate::failure::Failure;
use crate::open::{self, Access, Opened};
use crate::say;
use crate::store::{self, CityJournal};
use levee_app::access::AccessRecords;
use levee_app::city::founded;
use levee_app::clock::MachineClock;
use levee_server::{CityParts, ServeError, Server, Vaults, Welcome};
use levee_store::access::{PostgresAccess, SqliteAccess};
use levee_store::shared::SharedJournals;
use levee_store::vault::FolderVault;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

pub(crate) fn run(cli: &Cli, args: &ServeArgs) -> Result<ExitCode, Failure> {
    log::begin();
    let Opened { folder, journal, blobs, clock } = open::open(cli, &args.city, Access::Write)?;
    let (_, settings, _) = founded(&journal)?;
    let lang = language(None, settings.language);
    let accounts = accounts(&folder)?;
    let reads_at = folder.clone();
    let reader = Box::new(move || {
        store::open(&reads_at, false).map_err(|failure| levee_app::journal::JournalError::Store {
            place: reads_at.display().to_string(),
            source: failure.what().into(),
        })
    });
    let journals = SharedJournals::<CityJournal, CityJournal>::start(journal, MachineClock, reader)
        .map_err(|error| Failure::of(&error, Some("free some memory and processes, then start again".to_owned())))?;
    let parts = CityParts {
        journals: Arc::new(journals),
        blobs: Arc::new(blobs),
        clock: Arc::new(clock),
        tables: Arc::new(tables::IntakeTables),
        uploads: folder.join("uploads"),
        rulebooks: BUILT_IN.map(|(_, text)| text.to_owned()).to_vec(),
        vault: vault(cli, &folder)?,
    };
    let server = Server::open(parts, accounts, args.listen, args.behind_tls).map_err(|error| refused(&error))?;
    let server = server.limited(args.requests_per_second);
    let server = match args.demo {
        true => server.demonstrating().map_err(|error| {
            let hint = "serve it without --demo; a demonstration is a city of `levee init --replay` at 127.0.0.1";
            Failure::of(&error, Some(hint.to_owned()))
        })?,
        false => server,
    };
    let Welcome { listen, first } = server.welcome().clone();
    let server = match &args.oidc {
        Some(file) => {
            let here = (!args.behind_tls).then(|| format!("http://{listen}"));
            let house = oidc::read(file, here)?;
            server.vouched_by(house).map_err(|error| refused(&error))?
        }
        None => server,
    };
    let base = if args.behind_tls { "https://<host>".to_owned() } else { format!("http://{listen}") };
    say::out(&format!("{} {base}", lang_pick(lang, "服务已启动", "serving at")));
    if let Some((link, ends)) = first {
        let told = lang_pick(
            lang,
            "首次启动：管理员用此链接设置密码，只能用一次",
            "first start: the administrator sets a password with this link, once",
        );
        say::out(&format!("{told} ({ends})\n  {base}{link}"));
    }
    server.run().map_err(|error| refused(&error))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the document that describes the server.
pub(crate) fn openapi() -> Result<ExitCode, Failure> {
    let document = levee_server::openapi().to_pretty_json().map_err(|error| Failure::of(&error, None))?;
    say::out(&document);
    Ok(ExitCode::SUCCESS)
}

/// Opened anew for each look: what was erased meanwhile is not there.
fn vault(cli: &Cli, folder: &Path) -> Result<Arc<Vaults>, Failure> {
    let (folder, keys) = (folder.to_owned(), open::key_folder(cli)?);
    Ok(Arc::new(move || match FolderVault::open_read_only(&folder, &keys) {
        Ok(vault) => Ok(Box::new(vault) as _),
        Err(error) => Err(error.to_string()),
    }))
}

fn accounts(folder: &Path) -> Result<Arc<dyn AccessRecords>, Failure> {
    let opened: Result<Arc<dyn AccessRecords>, _> = match store::address(folder)? {
        Some(address) => PostgresAccess::open(&address).map(|store| Arc::new(store) as _),
        None => SqliteAccess::open(folder).map(|store| Arc::new(store) as _),
    };
    opened.map_err(|error| Failure::of(&error, Some("check who may write to the city's folder".to_owned())))
}

fn refused(error: &ServeError) -> Failure {
    let hint = match error {
        ServeError::Listen { .. } => "choose another with --listen ADDRESS:PORT, or stop what listens there",
        ServeError::City(_) => "see `levee journal verify CITY`",
        ServeError::Accounts(_) => "check who may write to the city's folder",
        ServeError::Provider(_) => "mend it in the file of --oidc",
        ServeError::System(_) => "see the message",
    };
    Failure::of(error, Some(hint.to_owned()))
}
