//! Who acted, as stored beside each event. New fields come as optional ones; none is ever renamed.

use super::FormatError;
use levee_model::command::{Actor, Assurance, Channel, CommandId, Envelope};
use levee_model::ids::PersonId;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredActor {
    Person(PersonId),
    LocalOperator,
    System,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredChannel {
    Cli,
    Api,
    System,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredAssurance {
    Asserted,
    Authenticated,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredEnvelope {
    actor: StoredActor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on_behalf_of: Option<PersonId>,
    channel: StoredChannel,
    assurance: StoredAssurance,
}

/// The envelope as JSON, without the command id, which is a column of its own.
pub fn encode_envelope(envelope: &Envelope) -> Result<Vec<u8>, FormatError> {
    let Envelope { command_id: _, actor, on_behalf_of, channel, assurance } = envelope;
    let stored = StoredEnvelope {
        actor: match actor {
            Actor::Person(person) => StoredActor::Person(person.clone()),
            Actor::LocalOperator => StoredActor::LocalOperator,
            Actor::System => StoredActor::System,
        },
        on_behalf_of: on_behalf_of.clone(),
        channel: match channel {
            Channel::Cli => StoredChannel::Cli,
            Channel::Api => StoredChannel::Api,
            Channel::System => StoredChannel::System,
        },
        assurance: match assurance {
            Assurance::Asserted => StoredAssurance::Asserted,
            Assurance::Authenticated => StoredAssurance::Authenticated,
        },
    };
    serde_json::to_vec(&stored).map_err(|e| FormatError::Envelope { why: e.to_string() })
}

/// The envelope from its stored parts.
pub fn decode_envelope(command: &[u8], stored: &[u8]) -> Result<Envelope, FormatError> {
    let bad = |why: String| FormatError::Envelope { why };
    let id = uuid::Uuid::from_slice(command).map_err(|e| bad(format!("command id: {e}")))?;
    let StoredEnvelope { actor, on_behalf_of, channel, assurance } =
        serde_json::from_slice(stored).map_err(|e| bad(e.to_string()))?;
    Ok(Envelope {
        command_id: CommandId::new(id),
        actor: match actor {
            StoredActor::Person(person) => Actor::Person(person),
            StoredActor::LocalOperator => Actor::LocalOperator,
            StoredActor::System => Actor::System,
        },
        on_behalf_of,
        channel: match channel {
            StoredChannel::Cli => Channel::Cli,
            StoredChannel::Api => Channel::Api,
            StoredChannel::System => Channel::System,
        },
        assurance: match assurance {
            StoredAssurance::Asserted => Assurance::Asserted,
            StoredAssurance::Authenticated => Assurance::Authenticated,
        },
    })
}
