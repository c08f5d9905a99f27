//! The envelope of a command: who wants what, through which door, how surely known.

use crate::ids::PersonId;
use serde::{Deserialize, Serialize};

/// Identity of a command: a UUIDv7 made by the client. The same id twice is the same command, carried out once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CommandId(uuid::Uuid);

impl CommandId {
    /// A command id from a UUID that the client made.
    pub fn new(id: uuid::Uuid) -> Self {
        Self(id)
    }
    /// The UUID.
    pub fn uuid(self) -> uuid::Uuid {
        self.0
    }
}

impl std::fmt::Display for CommandId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.as_simple().fmt(f)
    }
}

/// Through which door a command came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The command line on the city's own machine.
    Cli,
    /// The server's API.
    Api,
    /// Levee itself, carrying out a rule.
    System,
}

/// How surely the actor is who they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assurance {
    /// They said so on a local command line.
    Asserted,
    /// The server checked it.
    Authenticated,
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "person")]
pub enum Actor {
    /// A person whom the city knows.
    Person(PersonId),
    /// Whoever sits at the city's own machine and named nobody. May take in and compute; may not decide.
    LocalOperator,
    /// Levee itself.
    System,
}

/// Everything about a command but what it wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Makes the command idempotent.
    pub command_id: CommandId,
    /// Who acts.
    pub actor: Actor,
    /// For whom they act, if not for themselves.
    pub on_behalf_of: Option<PersonId>,
    /// Through which door.
    pub channel: Channel,
    /// How surely known.
    pub assurance: Assurance,
}
