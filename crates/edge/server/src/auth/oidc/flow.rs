//! One try to sign in elsewhere, held together by one secret in one browser.
//!
//! Everything that ties the steps of a try to each other is derived from that secret: what comes back with the browser (`state`),
//! what the token must say (`nonce`), and what fetches the token (the verifier of PKCE, RFC 7636). So nothing is kept at the
//! server, nobody fills its store by beginning a thousand tries, and another server of the city can end what one began.

use crate::auth::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};

/// How long a try may take: somebody looks for their phone.
pub(crate) const LASTS: SignedDuration = SignedDuration::from_mins(10);

/// A try to sign in, as the cookie of the browser holds it.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    secret: Secret,
    /// When it was begun, in seconds of the epoch.
    begun: i64,
    /// The administrator's invitation, when it is to be used.
    pub(super) link: Option<Secret>,
}

impl Flow {
    pub(super) fn begin(link: Option<Secret>, now: Timestamp) -> Result<Self, getrandom::Error> {
        Ok(Self { secret: Secret::new()?, begun: now.as_second(), link })
    }

    /// What the cookie holds.
    pub(crate) fn cookie(&self) -> String {
        format!("{}.{}.{}", self.secret.expose(), self.begun, self.link.as_ref().map_or("", Secret::expose))
    }

    /// A try that a cookie holds; none if it holds none, or one that is over.
    pub(crate) fn shown(cookie: &str, now: Timestamp) -> Option<Self> {
        let mut parts = cookie.split('.');
        let (secret, begun, link) = (parts.next()?, parts.next()?, parts.next()?);
        let flow = Self {
            secret: Secret::shown(secret)?,
            begun: begun.parse().ok()?,
            link: match link {
                "" => None,
                link => Some(Secret::shown(link)?),
            },
        };
        let age = now.as_second().checked_sub(flow.begun)?;
        (parts.next().is_none() && (0..=LASTS.as_secs()).contains(&age)).then_some(flow)
    }

    /// 64 letters and digits that only this try gives: with another time or invitation it would be another.
    fn derived(&self, context: &str) -> String {
        blake3::Hash::from_bytes(blake3::derive_key(context, self.cookie().as_bytes())).to_hex().to_string()
    }

    pub(super) fn state(&self) -> String {
        self.derived("levee sign-in elsewhere: state v1")
    }

    pub(super) fn nonce(&self) -> String {
        self.derived("levee sign-in elsewhere: nonce v1")
    }

    pub(super) fn verifier(&self) -> String {
        self.derived("levee sign-in elsewhere: verifier v1")
    }

    /// What is told of the verifier before it is shown (RFC 7636, 4.2: S256).
    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, self.verifier().as_bytes()))
    }

    /// Whether what came back belongs to this try. Compares digests: how long it takes tells nothing.
    pub(super) fn is_state(&self, shown: &str) -> bool {
        blake3::hash(self.state().as_bytes()) == blake3::hash(shown.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(moment: &str) -> Timestamp {
        moment.parse().unwrap()
    }

    #[test]
    fn a_try_is_one_and_ends_by_itself() {
        let begun = at("2022-11-18T08:00:00Z");
        let flow = Flow::begin(None, begun).unwrap();
        let back = Flow::shown(&flow.cookie(), at("2022-11-18T08:10:00Z")).unwrap();
        assert!(back.is_state(&flow.state()));
        assert_eq!((back.nonce(), back.verifier()), (flow.nonce(), flow.verifier()));
        for late in ["2022-11-18T08:10:01Z", "2022-11-18T07:59:59Z"] {
            assert!(Flow::shown(&flow.cookie(), at(late)).is_none(), "{late}");
        }
        let other = Flow::begin(None, begun).unwrap();
        assert!(!other.is_state(&flow.state()) && !other.is_state(""));
    }

    /// Whoever changes when a try began, or which invitation it uses, has another try, which nobody began.
    #[test]
    fn nothing_in_the_cookie_can_be_exchanged() {
        let now = at("2022-11-18T08:00:00Z");
        let flow = Flow::begin(Some(Secret::new().unwrap()), now).unwrap();
        let (secret, rest) = flow.cookie().split_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let link = rest.split_once('.').unwrap().1.to_owned();
        let later =
            Flow::shown(&format!("{secret}.{}.{link}", now.as_second() + 1), at("2022-11-18T08:00:02Z")).unwrap();
        let bare = Flow::shown(&format!("{secret}.{}.", now.as_second()), now).unwrap();
        assert!(!later.is_state(&flow.state()) && !bare.is_state(&flow.state()));
        for bad in [
            "",
            "..",
            "x.1.",
            &format!("{secret}.soon."),
            &format!("{secret}.{}.short", now.as_second()),
            &format!("{}.more", flow.cookie()),
        ] {
            assert!(Flow::shown(bad, now).is_none(), "{bad}");
        }
    }

    /// The example of RFC 7636, appendix B, goes through the same two steps.
    #[test]
    fn the_challenge_is_that_of_the_verifier() {
        let challenge =
            |verifier: &str| URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes()));
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
        let flow = Flow::begin(None, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(flow.challenge(), challenge(&flow.verifier()));
        assert!((43..=128).contains(&flow.verifier().len()));
    }
}
