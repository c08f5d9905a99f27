//! The counter at which the commands of the ledger stand: the city, what it knows of itself, and the language.

use super::{changes, refusal};
use crate::cli::ledger::{Chosen, Proof, When};
use crate::cli::{Cli, Lang};
use crate::commands::day::lang_pick;
use crate::commands::language;
use crate::failure::Failure;
use crate::open::{self, Access, Opened};
use crate::say;
use jiff::Timestamp;
use jiff::civil::DateTime;
use levee_app::blob::Blobs as _;
use levee_app::city::{AppError, founded};
use levee_app::event::Mode;
use levee_app::ledger::owed::{Owed, Query, owed};
use levee_app::ledger::{Ask, Desk, Done, carry_out, path_of};
use levee_app::rights::{NotAllowed, person};
use levee_ledger::catalogue::Kind;
use levee_ledger::{AreaPath, Command, Digest, Evidence, KindId, Target};
use levee_model::area::PlaceCode;
use levee_model::command::Envelope;
use levee_model::ids::{EntityId, PersonId};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// An open city with what the ledger's commands need of it.
pub(in crate::commands) struct Counter {
    pub(in crate::commands) opened: Opened,
    pub(in crate::commands) desk: Desk,
    pub(in crate::commands) lang: Lang,
    pub(in crate::commands) folder: PathBuf,
    pub(in crate::commands) envelope: Envelope,
    json: bool,
    entities: u32,
}

impl Counter {
    pub(in crate::commands) fn open(
        cli: &Cli,
        folder: &Path,
        access: Access,
        lang: Option<Lang>,
    ) -> Result<Self, Failure> {
        let opened = open::open(cli, folder, access)?;
        let (_, settings, _) = founded(&opened.journal)?;
        let lang = language(lang, settings.language);
        let desk = Desk::load(&opened.journal).map_err(|error| refusal::told(error, lang))?;
        let (folder, envelope) = (folder.to_owned(), open::envelope(cli));
        Ok(Self { opened, desk, lang, folder, envelope, json: cli.json, entities: 0 })
    }

    /// One of two wordings.
    pub(in crate::commands) fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        lang_pick(self.lang, zh, en)
    }

    /// A failure in both languages.
    pub(in crate::commands) fn failure(&self, what: (String, String), hint: (String, String)) -> Failure {
        match self.lang {
            Lang::Zh => Failure::new(what.0, hint.0).told_in(Lang::Zh),
            Lang::En => Failure::new(what.1, hint.1),
        }
    }

    /// An id for something that this command makes; ordinal 0 is a batch.
    pub(in crate::commands) fn new_entity(&mut self) -> EntityId {
        self.entities += 1;
        EntityId::new(self.envelope.command_id.uuid(), self.entities)
    }

    /// The moment of a time in the city's calendar.
    pub(in crate::commands) fn moment(&self, civil: DateTime) -> Result<Timestamp, Failure> {
        self.desk.calendar.moment(civil).ok_or_else(|| {
            self.failure(
                (format!("{civil} 超出历法范围"), format!("{civil} lies beyond the calendar")),
                ("请核对时间".into(), "check the time".into()),
            )
        })
    }

    /// When something happens or is looked at. A replay lives in the past: there the clock on the wall says nothing.
    pub(in crate::commands) fn at(&self, when: &When) -> Result<Timestamp, Failure> {
        match (when.at, self.desk.mode) {
            (Some(civil), _) => self.moment(civil),
            (None, Mode::Live) => Ok(open::now()),
            (None, Mode::Replay) => Err(self.failure(
                (
                    "本城为历史回放，没有当前时刻".into(),
                    "this city runs a past outbreak again and has no present".into(),
                ),
                ("请用 --at 2022-11-18T10:00 说明时刻".into(), "say when with --at 2022-11-18T10:00".into()),
            )),
        }
    }

    /// The path of a place.
    pub(in crate::commands) fn path(&self, code: &PlaceCode) -> Result<AreaPath, Failure> {
        path_of(&self.desk.places, code).ok_or_else(|| {
            self.failure(
                (format!("本城没有地点“{code}”"), format!("the city knows no place `{code}`")),
                ("见城市包的 areas.csv".into(), "see areas.csv of the pack".into()),
            )
        })
    }

    /// The path of a place, or of the city.
    pub(in crate::commands) fn path_or_city(&self, code: Option<&PlaceCode>) -> Result<AreaPath, Failure> {
        self.path(code.unwrap_or(self.desk.places.city()))
    }

    /// The kind of this name.
    pub(in crate::commands) fn kind(&self, id: &KindId) -> Result<&Kind, Failure> {
        self.desk
            .catalogue
            .kind(id)
            .ok_or_else(|| refusal::told(levee_ledger::Refusal::UnknownKind(id.clone()).into(), self.lang))
    }

    /// A person whom the city knows.
    pub(in crate::commands) fn known(&self, id: &PersonId) -> Result<(), Failure> {
        match person(&self.opened.journal, id)? {
            Some(_) => Ok(()),
            None => Err(refusal::told(AppError::from(NotAllowed::Unknown(id.clone())), self.lang)),
        }
    }

    /// Name of a kind.
    pub(in crate::commands) fn kind_name(&self, id: &KindId) -> String {
        let name = self.desk.catalogue.kind(id).map(|kind| self.say(&kind.name_zh, &kind.name_en).to_owned());
        name.unwrap_or_else(|| id.to_string())
    }

    /// Name of the area that a path leads to.
    pub(in crate::commands) fn place(&self, path: &AreaPath) -> String {
        self.place_name(path.area())
    }

    /// Name of a place by its code.
    pub(in crate::commands) fn place_name(&self, code: &str) -> String {
        let name = code.parse().ok().and_then(|code: PlaceCode| {
            self.desk.places.name(&code).map(|name| self.say(&name.short_zh, &name.short_en).to_owned())
        });
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| code.to_owned())
    }

    /// A moment in the city's calendar.
    pub(in crate::commands) fn time(&self, at: Timestamp) -> String {
        self.desk.calendar.civil(at).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// Reads and seals what proves something; all files are read before any is kept.
    pub(in crate::commands) fn evidence(&self, proofs: &[Proof]) -> Result<Vec<Evidence>, Failure> {
        let read = |proof: &Proof| {
            std::fs::read(&proof.file)
                .map(|bytes| (proof.what.clone(), bytes))
                .map_err(|error| Failure::io("read", &proof.file, &error).told_in(self.lang))
        };
        let files = proofs.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        files
            .into_iter()
            .map(|(what, bytes)| Ok(Evidence { what, digest: Digest(self.opened.blobs.put(&bytes)?.0) }))
            .collect()
    }

    /// What is owed.
    pub(in crate::commands) fn owed(&self, query: &Query, now: Timestamp) -> Result<Owed, Failure> {
        owed(&self.opened.journal, &self.desk, query, now).map_err(|error| refusal::told(error, self.lang))
    }

    /// Everything that conditions choose; `until` leaves out what is due later.
    pub(in crate::commands) fn chosen(
        &self,
        chosen: &Chosen,
        now: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<Vec<Target>, Failure> {
        if let Some(kind) = &chosen.kind {
            self.kind(kind)?;
        }
        let query = Query {
            area: self.path_or_city(chosen.area.as_ref())?,
            late: chosen.late,
            kind: chosen.kind.clone(),
            section: chosen.section.clone(),
            owner: chosen.owner.clone(),
            limit: usize::MAX,
        };
        let items = self.owed(&query, now)?.items;
        let targets: Vec<Target> = items
            .into_iter()
            .filter(|item| until.is_none_or(|until| item.due <= until))
            .map(|item| item.obligation.into())
            .collect();
        if targets.is_empty() {
            let none = self.failure(
                ("没有符合条件的应尽事项".into(), "nothing that is owed fits these conditions".into()),
                ("用 levee owed 查看".into(), "see `levee owed CITY`".into()),
            );
            return Err(none.no());
        }
        Ok(targets)
    }

    /// Carries commands out in one commit and says what changed.
    pub(in crate::commands) fn carry_out(
        &mut self,
        commands: Vec<Command>,
        at: Timestamp,
        note: Option<String>,
    ) -> Result<ExitCode, Failure> {
        let (ask, envelope) = (Ask { commands, at: Some(at), note }, self.envelope.clone());
        let done = carry_out(&mut self.opened.city(), &envelope, &ask);
        self.report(done)
    }

    /// Says what changed.
    pub(in crate::commands) fn report(&self, done: Result<Done, AppError>) -> Result<ExitCode, Failure> {
        let done = done.map_err(|error| refusal::told(error, self.lang))?;
        if self.json {
            let changes: Vec<_> = done.changes.iter().map(|change| changes::document(self, change)).collect();
            say::json(&json!({ "schema": "levee.done/1", "command": done.receipt.command_id.to_string(),
                "changes": changes }));
            return Ok(ExitCode::SUCCESS);
        }
        for line in changes::lines(self, &done.changes) {
            say::out(&line);
        }
        if done.changes.is_empty() {
            say::out(self.say("没有变化：账上已是如此", "nothing changed: the books say so already"));
        }
        say::note(&format!("{} {}", self.say("命令", "command"), done.receipt.command_id));
        Ok(ExitCode::SUCCESS)
    }

    pub(in crate::commands) fn wants_json(&self) -> bool {
        self.json
    }
}
