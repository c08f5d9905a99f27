//! Who may do what. Checked here for every channel.
//!
//! The answers stand in `crates/app/policies/levee.cedar`, in Cedar's language, by role, section and area. Here is how they are asked.

mod policy;
#[cfg(test)]
mod tests;

use crate::journal::{JournalError, Read, Space};
use crate::projection::{decode, keys};
use levee_ledger::AreaPath;
use levee_model::area::PlaceCode;
use levee_model::command::Actor;
use levee_model::ids::PersonId;
use levee_model::person::{Person, Role};
use policy::{Policies, Who};
use serde_json::{Map, Value};

/// Something that a role may or may not do: an action of the policies. Urgent care is none (law 7): nobody is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// See the picture, the outlook, the plan and what was issued.
    SeePicture,
    /// See what is owed in an area, and the orders there.
    SeeOwed,
    /// Change what is owed, at all; whose things, the ledger asks besides ([`Right::Lead`]).
    ChangeOwed,
    /// Lead a section's work in an area: give it away, approve, waive.
    Lead,
    /// Stand above every section.
    Command,
    /// Make and close accounts.
    ManageAccounts,
    /// Take in reports.
    Import,
    /// Compute a day: picture, outlook, proposed plan, brief.
    RunDay,
    /// Read values that were rejected; they may hold personal data.
    ReadRejected,
    /// Seal a day's books: of the own district, or of the city.
    Seal,
    /// Take personal data into the vault.
    SealPersonal,
    /// See personal data masked.
    SeeMasked,
    /// Read personal data.
    ReadPersonal,
    /// Destroy personal data.
    ErasePersonal,
    /// See who read personal data, and why.
    AuditReadings,
    /// Draft a restriction, have it judged, and bring it before its gate.
    ProposeMeasure,
    /// Write down what the gate asks for: services, inspections, notice; and what others did.
    RecordForMeasure,
    /// Report from the field, or take an appeal down for whoever is held.
    ReportFromField,
    /// Put a restriction in force, override, renew, suspend or end it.
    DecideMeasure,
    /// Decide an appeal.
    DecideAppeal,
    /// Say which rulebook the city goes by.
    KeepRulebook,
}

impl Right {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::SeePicture,
        Self::SeeOwed,
        Self::SeeMasked,
        Self::ReadRejected,
        Self::ReadPersonal,
        Self::AuditReadings,
        Self::Import,
        Self::RunDay,
        Self::ChangeOwed,
        Self::Lead,
        Self::Command,
        Self::ReportFromField,
        Self::SealPersonal,
        Self::ErasePersonal,
        Self::Seal,
        Self::ProposeMeasure,
        Self::RecordForMeasure,
        Self::DecideMeasure,
        Self::DecideAppeal,
        Self::KeepRulebook,
        Self::ManageAccounts,
    ];

    /// The action's name in the policies.
    pub fn name(self) -> &'static str {
        match self {
            Self::SeePicture => "see_picture",
            Self::SeeOwed => "see_owed",
            Self::SeeMasked => "see_masked",
            Self::ReadRejected => "read_rejected",
            Self::ReadPersonal => "read_personal",
            Self::AuditReadings => "audit_readings",
            Self::Import => "import",
            Self::RunDay => "run_day",
            Self::ChangeOwed => "change_owed",
            Self::Lead => "lead",
            Self::Command => "command",
            Self::ReportFromField => "report_from_field",
            Self::SealPersonal => "seal_personal",
            Self::ErasePersonal => "erase_personal",
            Self::Seal => "seal",
            Self::ProposeMeasure => "propose_measure",
            Self::RecordForMeasure => "record_for_measure",
            Self::DecideMeasure => "decide_measure",
            Self::DecideAppeal => "decide_appeal",
            Self::KeepRulebook => "keep_rulebook",
            Self::ManageAccounts => "manage_accounts",
        }
    }

    /// In words, for a refusal.
    pub fn words(self) -> &'static str {
        match self {
            Self::SeePicture => "see the picture",
            Self::SeeOwed => "see what is owed",
            Self::ChangeOwed => "change what is owed",
            Self::Lead => "lead this section",
            Self::Command => "command",
            Self::ManageAccounts => "look after accounts",
            Self::Import => "take in reports",
            Self::RunDay => "run a day",
            Self::ReadRejected => "read rejected values",
            Self::Seal => "seal a day",
            Self::SealPersonal => "take in personal data",
            Self::SeeMasked => "see masked personal data",
            Self::ReadPersonal => "read personal data",
            Self::ErasePersonal => "erase personal data",
            Self::AuditReadings => "see who read personal data",
            Self::ProposeMeasure => "propose a restriction",
            Self::RecordForMeasure => "record what a restriction needs",
            Self::ReportFromField => "report from the field",
            Self::DecideMeasure => "decide on a restriction",
            Self::DecideAppeal => "decide an appeal",
            Self::KeepRulebook => "say which rulebook the city goes by",
        }
    }
}

/// Why somebody may not.
#[derive(Debug, thiserror::Error)]
pub enum NotAllowed {
    /// Nobody of that id.
    #[error("the city knows no person `{0}`")]
    Unknown(PersonId),
    /// The role does not cover it.
    #[error("{person} ({role:?}) may not {what}")]
    Role {
        /// Who.
        person: PersonId,
        /// As what.
        role: Role,
        /// What.
        what: &'static str,
    },
    /// The role covers it, but elsewhere.
    #[error("{person} answers for {own}, and {area} does not lie in it")]
    Area {
        /// Who.
        person: PersonId,
        /// The area that their role covers.
        own: PlaceCode,
        /// Where it was asked for.
        area: String,
    },
    /// A person must be named.
    #[error("to {what}, a person must act")]
    Nameless {
        /// What.
        what: &'static str,
    },
    /// The policies cannot be worked out: then nobody may.
    #[error("the policies cannot be worked out: {0}")]
    Policies(String),
    /// The journal could not be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl NotAllowed {
    /// What the person can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Unknown(_) => "see people.csv of the pack for who may act".to_owned(),
            Self::Role { .. } => "ask somebody whose role covers it".to_owned(),
            Self::Area { .. } => "ask somebody who answers for it".to_owned(),
            Self::Policies(_) => "this is a fault of ours: please report it".to_owned(),
            Self::Nameless { .. } => "say who acts with --as PERSON".to_owned(),
            Self::Journal(_) => "see the message".to_owned(),
        }
    }
}

/// The person with this id.
pub fn person(on: &dyn Read, id: &PersonId) -> Result<Option<Person>, JournalError> {
    let Some(bytes) = on.get(Space::Reference, &keys::reference("people", id.as_str()))? else { return Ok(None) };
    let row: Map<String, Value> = decode(Space::Reference, &bytes)?;
    let text = |column: &str| row.get(column).and_then(Value::as_str).map(str::to_owned);
    let role = row.get("role").cloned().and_then(|role| serde_json::from_value::<Role>(role).ok());
    Ok(role.map(|role| Person {
        id: id.clone(),
        name_zh: text("name_zh").unwrap_or_default(),
        name_en: text("name_en").unwrap_or_default(),
        role,
        section: text("section"),
        area: text("area_code").and_then(|code| code.parse::<PlaceCode>().ok()),
    }))
}

/// Whether this person may: there, or where no area is named, in the area that they cover.
///
/// # Errors
/// Why not.
pub fn may(person: &Person, right: Right, path: Option<&AreaPath>) -> Result<(), NotAllowed> {
    let ours = Policies::ours().map_err(NotAllowed::Policies)?;
    let asked = |path| ours.permit(Who::Person(person), right, path, None).map_err(NotAllowed::Policies);
    if asked(path)? {
        return Ok(());
    }
    let id = person.id.clone();
    match (&person.area, path) {
        (Some(own), Some(path)) if asked(None)? => {
            Err(NotAllowed::Area { person: id, own: own.clone(), area: path.area().to_owned() })
        }
        _ => Err(NotAllowed::Role { person: id, role: person.role, what: right.words() }),
    }
}

/// Whether this person stands above a section's work in an area: [`Right::Lead`], [`Right::Command`].
///
/// # Errors
/// The policies cannot be worked out.
pub fn stands_above(person: &Person, right: Right, path: &AreaPath, section: &str) -> Result<bool, NotAllowed> {
    let ours = Policies::ours().map_err(NotAllowed::Policies)?;
    ours.permit(Who::Person(person), right, Some(path), Some(section)).map_err(NotAllowed::Policies)
}

/// Whether the holder of an account may look after accounts.
///
/// # Errors
/// The policies cannot be worked out.
pub fn manages_accounts(administrator: bool) -> Result<bool, NotAllowed> {
    let ours = Policies::ours().map_err(NotAllowed::Policies)?;
    let who = Who::Account { administrator };
    ours.permit(who, Right::ManageAccounts, None, None).map_err(NotAllowed::Policies)
}

/// Whether `actor` may, in the area that they cover.
///
/// # Errors
/// Why not; the journal cannot be read.
pub fn check(on: &dyn Read, actor: &Actor, right: Right) -> Result<(), NotAllowed> {
    asked(on, actor, right, None)
}

/// Whether `actor` may, in this area.
///
/// # Errors
/// Why not; the journal cannot be read.
pub fn check_in(on: &dyn Read, actor: &Actor, right: Right, path: &AreaPath) -> Result<(), NotAllowed> {
    asked(on, actor, right, Some(path))
}

fn asked(on: &dyn Read, actor: &Actor, right: Right, path: Option<&AreaPath>) -> Result<(), NotAllowed> {
    let who = match actor {
        Actor::Person(id) => {
            let person = person(on, id)?.ok_or_else(|| NotAllowed::Unknown(id.clone()))?;
            return may(&person, right, path);
        }
        Actor::LocalOperator => Who::Operator,
        Actor::System => Who::Levee,
    };
    let ours = Policies::ours().map_err(NotAllowed::Policies)?;
    match ours.permit(who, right, path, None).map_err(NotAllowed::Policies)? {
        true => Ok(()),
        false => Err(NotAllowed::Nameless { what: right.words() }),
    }
}
