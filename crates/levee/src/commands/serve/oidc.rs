//! The file that describes a house that vouches for people.

use crate::failure::Failure;
use levee_server::ProviderSettings;
use serde::Deserialize;
use std::path::{Path, PathBuf};

const SCHEMA: &str = "levee.oidc/1";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: String,
    issuer: String,
    client_id: String,
    /// Beside this file unless it is a whole path. The secret stands in a file of its own so that this one can be shown around.
    client_secret_file: Option<PathBuf>,
    name_zh: String,
    name_en: String,
    /// Where browsers reach Levee; without it, where the server listens, unless a proxy stands in front of it.
    address: Option<String>,
}

/// Reads it; `base` is where the server listens, as a browser on this machine reaches it; none behind a proxy.
pub(super) fn read(path: &Path, base: Option<String>) -> Result<ProviderSettings, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::io("read", path, &error))?;
    let bad = |why: String| {
        let hint = "it holds schema = \"levee.oidc/1\", issuer, client_id, name_zh, name_en, and maybe client_secret_file and address";
        Failure::new(format!("{} does not describe a house that vouches for people: {why}", path.display()), hint)
    };
    let file: File = toml::from_str(&text).map_err(|error| bad(error.message().to_owned()))?;
    if file.schema != SCHEMA {
        return Err(bad(format!("schema is `{}`", file.schema)));
    }
    let client_secret = match &file.client_secret_file {
        Some(named) => {
            let at = path.parent().map_or_else(|| named.clone(), |folder| folder.join(named));
            let secret = std::fs::read_to_string(&at).map_err(|error| Failure::io("read", &at, &error))?;
            Some(secret.trim().to_owned())
        }
        None => None,
    };
    let address = file.address.or(base);
    let address =
        address.ok_or_else(|| bad("behind a proxy it has to say `address`, where browsers reach Levee".to_owned()))?;
    Ok(ProviderSettings {
        issuer: file.issuer,
        client_id: file.client_id,
        client_secret,
        name_zh: file.name_zh,
        name_en: file.name_en,
        address,
    })
}
