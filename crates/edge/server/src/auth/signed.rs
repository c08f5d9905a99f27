//! Who sends a request: from the cookie of a browser, or the token of a program.

use super::door::{Scope, Signed};
use super::secret::Secret;
use crate::app::App;
use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use std::sync::Arc;

/// The cookie of a browser's session.
pub(crate) const COOKIE: &str = "levee_session";

/// A header that a page of another site cannot send without being asked first: with `SameSite=Strict` the guard against forged
/// requests (OWASP, custom request headers).
pub(crate) const GUARD: &str = "x-levee";

fn cookie(headers: &HeaderMap) -> Option<Secret> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).and_then(|(_, value)| Secret::shown(value))
}

fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::shown(token.trim())).flatten()
}

/// The secret that a request shows, whether or not it is anybody's.
pub(crate) fn shown_secret(headers: &HeaderMap) -> Option<Secret> {
    bearer(headers).or_else(|| cookie(headers))
}

/// A request that changes something, sent by a browser on its own account, comes from our own page.
fn is_guarded(parts: &Parts) -> bool {
    let safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let elsewhere = parts.headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none");
    safe || (parts.headers.contains_key(GUARD) && !elsewhere)
}

impl FromRequestParts<App> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let (secret, from_browser) = match (bearer(&parts.headers), cookie(&parts.headers)) {
            (Some(token), _) => (token, false),
            (None, Some(cookie)) => (cookie, true),
            (None, None) => return Err(Problem::unauthenticated("the request carries neither a session nor a token")),
        };
        if from_browser && !is_guarded(parts) {
            return Err(Problem::forbidden(
                "a change that comes with a cookie must come from Levee's own page",
                format!("send the header {GUARD}: 1"),
            ));
        }
        let now = app.city.now();
        let known = match app.door.remembers(&secret, now) {
            Some(known) => known,
            None => {
                let door = Arc::clone(&app.door);
                let looked = tokio::task::spawn_blocking(move || door.knows(&secret, now)).await;
                looked.map_err(|_| Problem::fault("looking a session up ended by a panic"))??
            }
        };
        let signed = known.ok_or_else(|| Problem::unauthenticated("the session has ended, or never was"))?;
        if (signed.token.is_some()) == from_browser {
            return Err(Problem::unauthenticated(
                "a token goes into the header Authorization, a session into its cookie",
            ));
        }
        let changes = !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
        if changes && signed.scope == Scope::Read {
            return Err(Problem::forbidden("this token may only look", "make one with the scope `full`"));
        }
        Ok(signed)
    }
}
