//! Asks the other house: over TLS, within seconds, without following it anywhere else.

use super::OidcError;
use axum::http::Uri;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How long a connection to the other house may take to come about, and how long one question may take in all. Somebody waits.
const CONNECTS: Duration = Duration::from_secs(3);
const ANSWERS: Duration = Duration::from_secs(8);

/// The largest answer that is read: documents of some kilobytes.
const LARGEST: u64 = 1 << 20;

/// Whether an address may be asked: over TLS, or on this very machine.
pub(super) fn may_be_asked(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default();
    let here =
        host == "localhost" || host.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    // What stands before `@` would be sent to whoever stands behind it.
    let plain = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    plain && (uri.scheme_str() == Some("https") || (uri.scheme_str() == Some("http") && here))
}

/// Everything but RFC 3986's unreserved characters is written as bytes.
pub(super) fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

pub(super) fn form(fields: &[(&str, &str)]) -> String {
    fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

/// A client of the other house.
pub(super) struct Wire {
    agent: ureq::Agent,
}

impl Wire {
    /// The roots of trust are the system's (or those that `SSL_CERT_FILE` names): a city's own house has a certificate of its own.
    pub(super) fn new() -> Self {
        let roots = rustls_native_certs::load_native_certs().certs;
        let roots: Vec<_> = roots.iter().map(|root| Certificate::from_der(root).to_owned()).collect();
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::new_with_certs(&roots))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // Whoever could redirect us could have us ask anybody.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(CONNECTS))
            .timeout_global(Some(ANSWERS))
            .user_agent("levee")
            .tls_config(tls);
        Self { agent: config.build().new_agent() }
    }

    /// A document.
    pub(super) fn get<T: DeserializeOwned>(&self, address: &str) -> Result<T, OidcError> {
        let asked = self.agent.get(address).header("accept", "application/json").call();
        match self.read(asked)? {
            (200, body) => {
                serde_json::from_slice(&body).map_err(|_| OidcError::unreachable("its answer cannot be read"))
            }
            (status, _) => Err(OidcError::unreachable(format!("it answered with {status}"))),
        }
    }

    /// Sends a form; gives status and body. `basic`: name and secret of the client, for the header.
    pub(super) fn post(
        &self,
        address: &str,
        fields: &str,
        basic: Option<(&str, &str)>,
    ) -> Result<(u16, Vec<u8>), OidcError> {
        let mut request = self
            .agent
            .post(address)
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded");
        if let Some((name, secret)) = basic {
            // Each is encoded as in a form first (RFC 6749, 2.3.1).
            let pair = STANDARD.encode(format!("{}:{}", encoded(name), encoded(secret)));
            request = request.header("authorization", format!("Basic {pair}"));
        }
        self.read(request.send(fields))
    }

    fn read(&self, asked: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<(u16, Vec<u8>), OidcError> {
        let mut answer = asked.map_err(|error| OidcError::unreachable(error.to_string()))?;
        let body = answer.body_mut().with_config().limit(LARGEST).read_to_vec();
        Ok((answer.status().as_u16(), body.map_err(|error| OidcError::unreachable(error.to_string()))?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_over_tls_or_on_this_machine() {
        for good in
            ["https://id.example.org/a", "http://localhost:9400", "http://127.0.0.1:9400/x", "http://[::1]:9400"]
        {
            assert!(may_be_asked(good), "{good}");
        }
        for bad in [
            "http://id.example.org",
            "http://127.0.0.1.example.org",
            "http://localhost@example.org",
            "https://who:secret@id.example.org",
            "ftp://localhost",
            "localhost:9400",
            "",
        ] {
            assert!(!may_be_asked(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_sent_in_an_address_says_nothing_of_its_own() {
        assert_eq!(
            form(&[("state", "a b&c=d"), ("to", "https://x/?y#z"), ("zh", "城")]),
            "state=a%20b%26c%3Dd&to=https%3A%2F%2Fx%2F%3Fy%23z&zh=%E5%9F%8E"
        );
    }
}
