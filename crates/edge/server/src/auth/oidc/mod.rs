//! Signing in where another house vouches for people: OpenID Connect, the code flow with PKCE.
//!
//! The other house says who somebody is; which account that is, and what they may do, is said here. Nobody gets an account by
//! signing in there. What it publishes is fetched when somebody first needs it: a house that is down keeps nobody out who
//! signs in with a password.

mod flow;
mod token;
mod wire;

pub(crate) use flow::{Flow, LASTS};

use super::secret::Secret;
use jiff::Timestamp;
use serde::Deserialize;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use token::{Expected, Keys, Untrue, believed};
use wire::{Wire, encoded, form, may_be_asked};

/// How long what the other house publishes is trusted before it is asked again.
const FRESH: Duration = Duration::from_secs(3600);

/// How long it is left alone after it did not answer: whoever comes meanwhile is told at once.
const LEFT_ALONE: Duration = Duration::from_secs(5);

/// Where browsers come back to: a page of the app, which hands on what they bring.
pub(crate) const RETURN: &str = "/sign-in/return";

/// A house that vouches for people.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Its address, exactly as its tokens say it.
    pub issuer: String,
    /// What it calls Levee.
    pub client_id: String,
    /// What proves that it is Levee who asks; none for a public client.
    pub client_secret: Option<String>,
    /// What people call it, in Chinese.
    pub name_zh: String,
    /// What people call it, in English.
    pub name_en: String,
    /// Where browsers reach Levee, without a slash at its end.
    pub address: String,
}

/// Why a house cannot be used as it is described.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` is `{given}`: {why}")]
pub struct BadProvider {
    /// Which setting.
    pub key: &'static str,
    /// What it says.
    pub given: String,
    /// Why it cannot be.
    pub why: &'static str,
}

impl ProviderSettings {
    /// # Errors
    /// A setting is empty, or an address is neither over TLS nor on this machine.
    fn checked(&self) -> Result<(), BadProvider> {
        let bad = |key, given: &str, why| Err(BadProvider { key, given: given.to_owned(), why });
        for (key, given) in [("issuer", &self.issuer), ("address", &self.address)] {
            if !may_be_asked(given) {
                return bad(key, given, "an address over https, or of this machine over http");
            }
        }
        if self.address.ends_with('/') {
            return bad("address", &self.address, "without the slash at its end");
        }
        let texts = [("client_id", &self.client_id), ("name_zh", &self.name_zh), ("name_en", &self.name_en)];
        match texts.into_iter().find(|(_, text)| text.trim().is_empty()) {
            Some((key, given)) => bad(key, given, "it may not be empty"),
            None => Ok(()),
        }
    }
}

/// Why nobody was vouched for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OidcError {
    /// It does not answer, or not as it must. Local accounts go on.
    #[error("it does not answer: {0}")]
    Unreachable(String),
    /// The browser began no try, or it is over, or what came back belongs to another.
    #[error("this sign-in was not begun in this browser, or more than ten minutes ago")]
    NotBegun,
    /// It vouched for nobody; with its own short word for why.
    #[error("it refused: {0}")]
    Refused(String),
    /// It said something that does not hold.
    #[error("what it said is not believed: {0}")]
    Untrue(String),
    /// The system gives no chance.
    #[error("the system gives no chance: {0}")]
    Chance(String),
}

impl OidcError {
    fn unreachable(why: impl Into<String>) -> Self {
        Self::Unreachable(why.into())
    }
}

/// Whom the other house vouches for, and the invitation that they brought.
#[derive(Debug)]
pub(crate) struct Vouched {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) second_factor: bool,
    pub(crate) link: Option<Secret>,
}

/// What the house publishes of itself (OpenID Connect Discovery 1.0, section 3).
#[derive(Clone, Debug, Deserialize)]
struct Published {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

#[derive(Clone)]
struct Known {
    published: Published,
    keys: Keys,
}

enum Asked {
    Never,
    Answered(Instant, Box<Known>),
    Silent(Instant, OidcError),
}

/// A house that vouches for people. Its functions may block for as long as it takes to ask it.
pub(crate) struct Provider {
    settings: ProviderSettings,
    wire: Wire,
    asked: Mutex<Asked>,
}

/// What came back with the browser.
#[derive(Clone, Debug)]
pub(crate) struct Returned {
    pub(crate) state: String,
    pub(crate) code: Option<String>,
    pub(crate) error: Option<String>,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: Option<String>,
}

#[derive(Deserialize)]
struct TokenRefused {
    error: String,
}

/// A short word of the other house, as it may be shown.
fn word(given: &str) -> String {
    given.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect()
}

impl Provider {
    pub(crate) fn new(settings: ProviderSettings) -> Result<Self, BadProvider> {
        settings.checked()?;
        Ok(Self { settings, wire: Wire::new(), asked: Mutex::new(Asked::Never) })
    }

    pub(crate) fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    fn fetch(&self) -> Result<Known, OidcError> {
        let issuer = &self.settings.issuer;
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let published: Published = self.wire.get(&address)?;
        if published.issuer != *issuer {
            return Err(OidcError::Untrue(format!("it calls itself `{}`", published.issuer)));
        }
        let addresses = [&published.authorization_endpoint, &published.token_endpoint, &published.jwks_uri];
        if let Some(open) = addresses.into_iter().find(|address| !may_be_asked(address)) {
            return Err(OidcError::Untrue(format!("`{open}` is not over https")));
        }
        let keys = self.wire.get(&published.jwks_uri)?;
        Ok(Known { published, keys })
    }

    /// What it publishes. Whoever comes while it is asked waits for the same answer.
    fn known(&self, anew: bool) -> Result<Known, OidcError> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        match &*asked {
            Asked::Answered(at, known) if at.elapsed() < FRESH && !anew => return Ok((**known).clone()),
            Asked::Silent(at, error) if at.elapsed() < LEFT_ALONE => return Err(error.clone()),
            _ => {}
        }
        let fetched = self.fetch();
        *asked = match &fetched {
            Ok(known) => Asked::Answered(Instant::now(), Box::new(known.clone())),
            Err(error) => Asked::Silent(Instant::now(), error.clone()),
        };
        fetched
    }

    fn back(&self) -> String {
        format!("{}{RETURN}", self.settings.address)
    }

    /// Begins a try: what the browser keeps, and where it goes.
    pub(crate) fn begin(&self, link: Option<Secret>, now: Timestamp) -> Result<(Flow, String), OidcError> {
        let known = self.known(false)?;
        let flow = Flow::begin(link, now).map_err(|error| OidcError::Chance(error.to_string()))?;
        let query = form(&[
            ("response_type", "code"),
            ("scope", "openid"),
            ("client_id", &self.settings.client_id),
            ("redirect_uri", &self.back()),
            ("state", &flow.state()),
            ("nonce", &flow.nonce()),
            ("code_challenge", &flow.challenge()),
            ("code_challenge_method", "S256"),
        ]);
        let to = known.published.authorization_endpoint;
        let joint = if to.contains('?') { '&' } else { '?' };
        Ok((flow, format!("{to}{joint}{query}")))
    }

    /// Ends a try: whom the other house vouches for.
    pub(crate) fn end(&self, flow: &Flow, returned: &Returned, now: Timestamp) -> Result<Vouched, OidcError> {
        // Asked first: whoever cannot show the state learns nothing else, and has us ask nobody.
        if !flow.is_state(&returned.state) {
            return Err(OidcError::NotBegun);
        }
        let code = match (&returned.code, &returned.error) {
            (Some(code), None) => code,
            (_, error) => return Err(OidcError::Refused(word(error.as_deref().unwrap_or("no_code")))),
        };
        let known = self.known(false)?;
        let token = self.token(&known.published, code, flow)?;
        let nonce = flow.nonce();
        let expected =
            Expected { issuer: &self.settings.issuer, client_id: &self.settings.client_id, nonce: &nonce, now };
        let said = match believed(&token, &known.keys, expected) {
            // It may have other keys since we asked; not every house gives them names.
            Err(Untrue::Key | Untrue::Signature) => believed(&token, &self.known(true)?.keys, expected),
            said => said,
        };
        let said = said.map_err(|why| OidcError::Untrue(why.to_string()))?;
        Ok(Vouched {
            issuer: self.settings.issuer.clone(),
            subject: said.subject,
            second_factor: said.second_factor,
            link: flow.link.clone(),
        })
    }

    /// Exchanges the code for the token (RFC 6749, 4.1.3).
    fn token(&self, published: &Published, code: &str, flow: &Flow) -> Result<String, OidcError> {
        let ProviderSettings { client_id, client_secret, .. } = &self.settings;
        let (back, verifier) = (self.back(), flow.verifier());
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", back.as_str()),
            ("code_verifier", verifier.as_str()),
        ];
        let ways = &published.token_endpoint_auth_methods_supported;
        let knows = |way: &str| ways.iter().any(|known| known == way);
        let in_body = knows("client_secret_post") && !knows("client_secret_basic");
        let basic = client_secret.as_deref().filter(|_| !in_body).map(|secret| (client_id.as_str(), secret));
        if basic.is_none() {
            fields.push(("client_id", client_id));
            fields.extend(client_secret.as_deref().map(|secret| ("client_secret", secret)));
        }
        match self.wire.post(&published.token_endpoint, &form(&fields), basic)? {
            (200, body) => serde_json::from_slice::<TokenAnswer>(&body)
                .ok()
                .and_then(|answer| answer.id_token)
                .ok_or_else(|| OidcError::Untrue("it gave no token".to_owned())),
            (400 | 401, body) => {
                let why = serde_json::from_slice::<TokenRefused>(&body).map(|refused| word(&refused.error));
                Err(OidcError::Refused(why.unwrap_or_default()))
            }
            (status, _) => Err(OidcError::unreachable(format!("it answered with {status}"))),
        }
    }
}

/// The key under which it is kept to whom an account elsewhere belongs here. Neither part can run into the other.
pub(in crate::auth) fn key(issuer: &str, subject: &str) -> String {
    format!("{} {}", encoded(issuer), encoded(subject))
}
