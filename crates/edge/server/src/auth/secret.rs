//! Secrets that only their holder knows. The server keeps their digests.

use std::fmt;

/// Bytes of chance in a secret: nobody guesses it, so that its digest needs no salt.
const BYTES: usize = 32;

/// The secret of a session, a token or a link. Neither `Debug` nor a log shows it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    /// A new one, from the system's chance.
    pub(crate) fn new() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// One that somebody shows; none if it cannot be one.
    pub(crate) fn shown(given: &str) -> Option<Self> {
        (given.len() == 2 * BYTES && given.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| Self(given.to_owned()))
    }

    /// To be told to its holder, once.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// What the server keeps.
    pub(crate) fn digest(&self) -> String {
        blake3::derive_key("levee server secret v1", self.0.as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
