//! The screens: files that were built from `web/` and lie in the binary.

use crate::problem::Problem;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

/// Files of `web/dist`. A build without them serves the API, and says at `/` how to get the screens.
#[derive(RustEmbed)]
#[folder = "../../../web/dist"]
#[allow_missing = true]
struct Bundle;

/// The page that every address of the app is.
const PAGE: &str = "index.html";

/// Names of files that are built carry the digest of what is in them: they never change.
const FOREVER: &str = "public, max-age=31536000, immutable";

fn file(name: &str, asked: &HeaderMap) -> Option<Response> {
    let file = Bundle::get(name)?;
    let digest: String = file.metadata.sha256_hash().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{digest}\"");
    let cache = if name.starts_with("assets/") { FOREVER } else { "no-cache" };
    let headers = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, cache.to_owned())];
    if asked.get(header::IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == tag.as_bytes()) {
        return Some((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let kind = file.metadata.mimetype().to_owned();
    Some((headers, [(header::CONTENT_TYPE, kind)], file.data).into_response())
}

/// A file of the bundle, or the app's page: its addresses are links that people send each other.
pub(crate) async fn screens(address: Uri, headers: HeaderMap) -> Response {
    let name = address.path().trim_start_matches('/');
    let is_page = !name.starts_with("api/") && !name.starts_with("assets/") && !name.contains('.');
    let found = file(name, &headers).or_else(|| is_page.then(|| file(PAGE, &headers)).flatten());
    found.unwrap_or_else(|| match is_page && Bundle::get(PAGE).is_none() {
        true => Problem::not_found(
            "this build holds no screens",
            "build them with `cargo xtask web`, then build levee again",
        )
        .into_response(),
        false => Problem::not_found("there is nothing at this address", "see /openapi.json").into_response(),
    })
}
