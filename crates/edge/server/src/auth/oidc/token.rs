//! What another house says of a person: a signed token, believed only when all of it holds.
//!
//! OpenID Connect Core 1.0 (incorporating errata set 2), section 3.1.3.7; RFC 7515 and RFC 7518 for the signature; RFC 8725 for what not to
//! accept. `none` and secrets that are shared (HS256) are no signatures here: whoever may verify could forge.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;

/// How far the other house's clock may stand from ours, in seconds. Judgement: machines that keep time are within a second.
const CLOCKS: f64 = 60.0;

/// The other house's keys, as it publishes them (RFC 7517).
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Keys {
    keys: Vec<Key>,
}

#[derive(Clone, Debug, Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that whoever reads the token must know: we know none.
    crit: Option<serde_json::Value>,
}

/// One, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// What the token says. A field of another type than it must have makes the token unreadable, not absent.
#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    nonce: Option<String>,
    amr: Option<Vec<String>>,
}

/// Whom the other house vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    /// Their name there, which never changes.
    pub(super) subject: String,
    /// Whether the house says that it saw a second factor (RFC 8176).
    pub(super) second_factor: bool,
}

/// What a token must say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Untrue {
    #[error("the token cannot be read")]
    Unreadable,
    #[error("the token is signed in a way that is not taken")]
    Algorithm,
    /// Perhaps the keys have changed since they were fetched.
    #[error("the token is signed with a key that nobody published")]
    Key,
    #[error("the signature does not hold")]
    Signature,
    #[error("the token was made by somebody else")]
    Issuer,
    #[error("the token was made for somebody else")]
    Audience,
    #[error("the token has expired")]
    Expired,
    #[error("the token is from the future")]
    Early,
    #[error("the token belongs to another try to sign in")]
    Nonce,
}

fn decoded(part: &str) -> Result<Vec<u8>, Untrue> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Untrue::Unreadable)
}

fn read<T: for<'a> Deserialize<'a>>(part: &str) -> Result<T, Untrue> {
    serde_json::from_slice(&decoded(part)?).map_err(|_| Untrue::Unreadable)
}

/// How a signature is verified: with which kind of key, and by what.
enum Way {
    Rsa(&'static signature::RsaParameters),
    /// On a curve; with how many bytes a coordinate has.
    Curve(&'static str, usize, &'static signature::EcdsaVerificationAlgorithm),
}

fn way(alg: &str) -> Option<Way> {
    Some(match alg {
        "RS256" => Way::Rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
        "RS384" => Way::Rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
        "RS512" => Way::Rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
        "PS256" => Way::Rsa(&signature::RSA_PSS_2048_8192_SHA256),
        "PS384" => Way::Rsa(&signature::RSA_PSS_2048_8192_SHA384),
        "PS512" => Way::Rsa(&signature::RSA_PSS_2048_8192_SHA512),
        "ES256" => Way::Curve("P-256", 32, &signature::ECDSA_P256_SHA256_FIXED),
        "ES384" => Way::Curve("P-384", 48, &signature::ECDSA_P384_SHA384_FIXED),
        _ => return None,
    })
}

impl Key {
    /// Whether this key may have made the signature: of the right kind, for signing, and for this algorithm alone if it says so.
    fn fits(&self, header: &Header, way: &Way) -> bool {
        let kind = match way {
            Way::Rsa(_) => self.kty == "RSA",
            Way::Curve(curve, ..) => self.kty == "EC" && self.crv.as_deref() == Some(curve),
        };
        let named = header.kid.is_none() || header.kid == self.kid;
        kind && named
            && self.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && self.alg.as_ref().is_none_or(|alg| *alg == header.alg)
    }

    fn signed(&self, way: &Way, message: &[u8], signature: &[u8]) -> bool {
        let part = |part: &Option<String>| part.as_deref().and_then(|part| decoded(part).ok());
        match way {
            Way::Rsa(parameters) => match (part(&self.n), part(&self.e)) {
                (Some(n), Some(e)) => RsaPublicKeyComponents { n, e }.verify(parameters, message, signature).is_ok(),
                _ => false,
            },
            Way::Curve(_, bytes, algorithm) => match (part(&self.x), part(&self.y)) {
                (Some(x), Some(y)) if x.len() == *bytes && y.len() == *bytes => {
                    // An uncompressed point (SEC 1, 2.3.3).
                    let point = [&[4], x.as_slice(), y.as_slice()].concat();
                    UnparsedPublicKey::new(*algorithm, point).verify(message, signature).is_ok()
                }
                _ => false,
            },
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a clock are far below 2^53")]
fn seconds(now: Timestamp) -> f64 {
    now.as_second() as f64
}

impl Claims {
    fn hold(&self, expected: Expected<'_>) -> Result<(), Untrue> {
        let ours = |client: &String| client == expected.client_id;
        let (for_us, alone) = match &self.aud {
            Audience::One(client) => (ours(client), true),
            Audience::Several(clients) => (clients.iter().any(ours), clients.len() == 1),
        };
        let party = match &self.azp {
            Some(party) => ours(party),
            None => alone,
        };
        let now = seconds(expected.now);
        if self.iss != expected.issuer {
            Err(Untrue::Issuer)
        } else if !(for_us && party) {
            Err(Untrue::Audience)
        } else if self.exp + CLOCKS <= now {
            Err(Untrue::Expired)
        } else if self.iat > now + CLOCKS || self.nbf.is_some_and(|from| from > now + CLOCKS) {
            Err(Untrue::Early)
        } else if self.nonce.as_deref() != Some(expected.nonce) {
            Err(Untrue::Nonce)
        } else if self.sub.is_empty() || self.sub.len() > 255 {
            Err(Untrue::Unreadable)
        } else {
            Ok(())
        }
    }
}

/// Whom a token vouches for, if all of it holds.
pub(super) fn believed(token: &str, keys: &Keys, expected: Expected<'_>) -> Result<Subject, Untrue> {
    let (message, signature) = token.rsplit_once('.').ok_or(Untrue::Unreadable)?;
    let (header, claims) = message.split_once('.').ok_or(Untrue::Unreadable)?;
    let (named, signature) = (read::<Header>(header)?, decoded(signature)?);
    let way = way(&named.alg).filter(|_| named.crit.is_none()).ok_or(Untrue::Algorithm)?;
    let mut fitting = keys.keys.iter().filter(|key| key.fits(&named, &way)).peekable();
    if fitting.peek().is_none() {
        return Err(Untrue::Key);
    }
    if !fitting.any(|key| key.signed(&way, message.as_bytes(), &signature)) {
        return Err(Untrue::Signature);
    }
    // Nothing of the claims is looked at before the signature held.
    let claims: Claims = read(claims)?;
    claims.hold(expected)?;
    let second_factor = claims.amr.is_some_and(|seen| seen.iter().any(|one| one == "mfa"));
    Ok(Subject { subject: claims.sub, second_factor })
}

#[cfg(test)]
#[expect(clippy::needless_pass_by_value, reason = "values that are made for the call")]
mod tests {
    use super::*;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
    use serde_json::{Value, json};

    const NOW: i64 = 1_668_758_400;

    struct House {
        pair: EcdsaKeyPair,
        chance: SystemRandom,
    }

    impl House {
        fn new() -> Self {
            let chance = SystemRandom::new();
            let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &chance).unwrap();
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref(), &chance).unwrap();
            Self { pair, chance }
        }

        /// Its key, as it publishes it, with these fields otherwise.
        fn key(&self, other: Value) -> Value {
            let point = self.pair.public_key().as_ref();
            let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]));
            changed(
                json!({ "kty": "EC", "crv": "P-256", "kid": "1", "use": "sig", "alg": "ES256", "x": x, "y": y }),
                other,
            )
        }

        fn keys(&self) -> Keys {
            serde_json::from_value(json!({ "keys": [self.key(json!({}))] })).unwrap()
        }

        fn token(&self, header: Value, claims: Value) -> String {
            let header = changed(json!({ "alg": "ES256", "kid": "1", "typ": "JWT" }), header);
            let right = json!({ "iss": "https://id.example.org", "sub": "u-17", "aud": "levee", "exp": NOW + 300, "iat": NOW, "nonce": "n" });
            let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let message = format!("{}.{}", part(&header), part(&changed(right, claims)));
            let signed = self.pair.sign(&self.chance, message.as_bytes()).unwrap();
            format!("{message}.{}", URL_SAFE_NO_PAD.encode(signed))
        }
    }

    /// `value` with the fields of `other`; null takes a field away.
    fn changed(mut value: Value, other: Value) -> Value {
        let fields = value.as_object_mut().unwrap();
        for (name, value) in other.as_object().unwrap() {
            match value {
                Value::Null => drop(fields.remove(name)),
                value => drop(fields.insert(name.clone(), value.clone())),
            }
        }
        value
    }

    fn judged(token: &str, keys: &Keys) -> Result<Subject, Untrue> {
        let now = Timestamp::from_second(NOW).unwrap();
        believed(token, keys, Expected { issuer: "https://id.example.org", client_id: "levee", nonce: "n", now })
    }

    #[test]
    fn a_token_is_believed_only_when_all_of_it_holds() {
        let house = House::new();
        let said =
            |claims: Value| judged(&house.token(json!({}), claims), &house.keys()).map(|said| said.second_factor);
        assert_eq!(said(json!({})), Ok(false));
        assert_eq!(said(json!({ "amr": ["pwd", "mfa"] })), Ok(true));
        assert_eq!(said(json!({ "aud": ["other", "levee"], "azp": "levee" })), Ok(false));
        // Clocks may stand a little apart, and no more.
        assert_eq!(said(json!({ "exp": NOW - 59, "iat": NOW + 60 })), Ok(false));
        for (claims, why) in [
            (json!({ "iss": "https://id.example.org/" }), Untrue::Issuer),
            (json!({ "aud": "other" }), Untrue::Audience),
            (json!({ "aud": [] }), Untrue::Audience),
            (json!({ "aud": ["levee", "other"] }), Untrue::Audience),
            (json!({ "azp": "other" }), Untrue::Audience),
            (json!({ "exp": NOW - 60 }), Untrue::Expired),
            (json!({ "iat": NOW + 61 }), Untrue::Early),
            (json!({ "nbf": NOW + 61 }), Untrue::Early),
            (json!({ "nonce": "m" }), Untrue::Nonce),
            (json!({ "nonce": null }), Untrue::Nonce),
            (json!({ "sub": "" }), Untrue::Unreadable),
            // Of another type is not absent.
            (json!({ "nbf": "soon" }), Untrue::Unreadable),
            (json!({ "exp": "never" }), Untrue::Unreadable),
            (json!({ "exp": null }), Untrue::Unreadable),
            (json!({ "azp": 7 }), Untrue::Unreadable),
        ] {
            assert_eq!(said(claims.clone()), Err(why), "{claims}");
        }
    }

    #[test]
    fn nobody_else_signs_for_the_house() {
        let (house, other) = (House::new(), House::new());
        let right = house.token(json!({}), json!({}));
        assert_eq!(judged(&right, &other.keys()), Err(Untrue::Signature));
        assert_eq!(judged(&right, &Keys::default()), Err(Untrue::Key));
        for (header, why) in [
            // A key that is published is no secret that is shared, and no signature is none.
            (json!({ "alg": "none" }), Untrue::Algorithm),
            (json!({ "alg": "HS256" }), Untrue::Algorithm),
            (json!({ "crit": ["exp"] }), Untrue::Algorithm),
            (json!({ "alg": "RS256" }), Untrue::Key),
            (json!({ "alg": "ES384" }), Untrue::Key),
            (json!({ "kid": "2" }), Untrue::Key),
        ] {
            assert_eq!(judged(&house.token(header.clone(), json!({})), &house.keys()), Err(why), "{header}");
        }
        for published in
            [json!({ "use": "enc" }), json!({ "alg": "RS256" }), json!({ "crv": "P-384" }), json!({ "kty": "RSA" })]
        {
            let keys: Keys = serde_json::from_value(json!({ "keys": [house.key(published.clone())] })).unwrap();
            assert_eq!(judged(&right, &keys), Err(Untrue::Key), "{published}");
        }
        let short: Keys = serde_json::from_value(json!({ "keys": [house.key(json!({ "x": "AA" }))] })).unwrap();
        assert_eq!(judged(&right, &short), Err(Untrue::Signature));
        // One letter of what was signed, or of the signature.
        let mut parts: Vec<&str> = right.split('.').collect();
        let claims = URL_SAFE_NO_PAD.encode(json!({ "iss": "https://id.example.org", "sub": "u-18" }).to_string());
        parts[1] = &claims;
        assert_eq!(judged(&parts.join("."), &house.keys()), Err(Untrue::Signature));
        for bad in ["", ".", "..", "a.b", &right[..right.len() - 2], &format!("{right}.x")] {
            assert!(judged(bad, &house.keys()).is_err(), "{bad}");
        }
    }
}
