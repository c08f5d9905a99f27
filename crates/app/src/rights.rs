//! Who may do what. Checked here for every channel.

use crate::journal::{JournalError, Read, Space};
use crate::projection::{decode, keys};
use levee_model::area::PlaceCode;
use levee_model::command::Actor;
use levee_model::ids::PersonId;
use levee_model::person::{Person, Role};
use serde_json::{Map, Value};

/// Something that a role may or may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
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
    /// In words, for a refusal.
    pub fn words(self) -> &'static str {
        match self {
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

    /// Whether a person must be named. Taking in and computing may be done by whoever sits at the city's machine; what
    /// decides about people, or reads what may be personal, needs a name.
    pub fn needs_a_person(self) -> bool {
        matches!(
            self,
            Self::ReadRejected
                | Self::Seal
                | Self::SeeMasked
                | Self::ReadPersonal
                | Self::ErasePersonal
                | Self::AuditReadings
                | Self::ProposeMeasure
                | Self::RecordForMeasure
                | Self::DecideMeasure
                | Self::DecideAppeal
                | Self::KeepRulebook
        )
    }

    fn of(self, role: Role) -> bool {
        match self {
            Self::Import => matches!(role, Role::IntakeClerk | Role::SectionLead | Role::Coordinator | Role::Commander),
            Self::RunDay => matches!(role, Role::Analyst | Role::SectionLead | Role::Commander),
            Self::ReadRejected => matches!(role, Role::IntakeClerk | Role::Commander),
            Self::Seal => matches!(role, Role::SectionLead | Role::Coordinator | Role::Commander),
            Self::SealPersonal => {
                matches!(role, Role::IntakeClerk | Role::SectionLead | Role::Coordinator | Role::Commander)
            }
            Self::SeeMasked => true,
            Self::ReadPersonal => matches!(role, Role::SectionLead | Role::Coordinator | Role::Commander),
            Self::ErasePersonal => matches!(role, Role::SectionLead | Role::Commander),
            Self::AuditReadings => matches!(role, Role::Auditor | Role::Commander),
            Self::ProposeMeasure | Self::DecideAppeal => {
                matches!(role, Role::SectionLead | Role::Coordinator | Role::Commander)
            }
            Self::RecordForMeasure | Self::ReportFromField => {
                matches!(role, Role::IntakeClerk | Role::SectionLead | Role::Coordinator | Role::Commander)
            }
            Self::DecideMeasure => matches!(role, Role::Coordinator | Role::Commander),
            Self::KeepRulebook => matches!(role, Role::Commander),
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
    /// A person must be named.
    #[error("to {what}, a person must act")]
    Nameless {
        /// What.
        what: &'static str,
    },
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

/// Whether `actor` may. Area rights come with the commands that act on one area; none of these does yet.
pub fn check(on: &dyn Read, actor: &Actor, right: Right) -> Result<(), NotAllowed> {
    match actor {
        Actor::System => Ok(()),
        Actor::LocalOperator if right.needs_a_person() => Err(NotAllowed::Nameless { what: right.words() }),
        Actor::LocalOperator => Ok(()),
        Actor::Person(id) => {
            let person = person(on, id)?.ok_or_else(|| NotAllowed::Unknown(id.clone()))?;
            if right.of(person.role) {
                Ok(())
            } else {
                Err(NotAllowed::Role { person: id.clone(), role: person.role, what: right.words() })
            }
        }
    }
}
