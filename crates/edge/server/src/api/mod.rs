//! The routes: one file per subject. Every route says what it takes, what it answers, and how it can fail.

mod accounts;
mod asked;
mod changes;
mod city;
mod commands;
mod confirm;
mod days;
mod decisions;
mod demo;
mod duty;
mod exports;
mod imports;
mod jobs;
mod ledger;
mod measures;
mod observed;
mod operations;
mod outlook;
mod plans;
mod provider;
mod rulebooks;
mod scores;
mod session;
mod settle;
mod situation;
mod steps;
pub(crate) mod upload;
mod urgent;
mod vault;
mod wire;

use crate::app::App;
use crate::problem::Problem;
use axum::Router;
use axum::http::StatusCode;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{ContentBuilder, OpenApi as Document, Ref, RefOr};
use utoipa::{IntoResponses, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(OpenApi)]
#[openapi(
    info(title = "Levee", description = "The command system of a city under an outbreak.", license(name = "Apache-2.0")),
    components(schemas(Problem)),
    modifiers(&SignedIn)
)]
struct Described;

/// How somebody proves who they are.
struct SignedIn;

impl utoipa::Modify for SignedIn {
    fn modify(&self, document: &mut Document) {
        use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
        let components = document.components.get_or_insert_default();
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("token", SecurityScheme::Http(token));
        let cookie = ApiKey::Cookie(ApiKeyValue::new(crate::auth::COOKIE));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

/// The problems that any route for people who are signed in may answer with.
pub(crate) struct Problems;

const OF_ALL: [(StatusCode, &str); 11] = [
    (StatusCode::UNAUTHORIZED, "Nobody is signed in."),
    (StatusCode::FORBIDDEN, "This person may not."),
    (StatusCode::NOT_FOUND, "There is no such thing."),
    (StatusCode::REQUEST_TIMEOUT, "The body came too slowly."),
    (StatusCode::CONFLICT, "A law, the ledger or a restriction's gate stands against it."),
    (StatusCode::PRECONDITION_FAILED, "Somebody changed it meanwhile."),
    (StatusCode::PAYLOAD_TOO_LARGE, "The body is too large."),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is of another kind."),
    (StatusCode::UNPROCESSABLE_ENTITY, "What was sent cannot be taken; `detail` says what, `hint` how to mend it."),
    (StatusCode::TOO_MANY_REQUESTS, "Too many requests; `Retry-After` says when to send it again."),
    (StatusCode::SERVICE_UNAVAILABLE, "Not now; `Retry-After` says when to send it again."),
];

impl IntoResponses for Problems {
    fn responses() -> std::collections::BTreeMap<String, RefOr<Response>> {
        let problem = || ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response =
            |why: &str| ResponseBuilder::new().description(why).content("application/problem+json", problem()).build();
        OF_ALL.iter().map(|(status, why)| (status.as_str().to_owned(), RefOr::T(response(why)))).collect()
    }
}

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Described::openapi())
        .routes(routes!(session::sign_in, session::who, session::sign_out))
        .routes(routes!(session::use_link))
        .routes(routes!(demo::demonstration))
        .routes(routes!(provider::ways))
        .routes(routes!(provider::begin))
        .routes(routes!(provider::came_back))
        .routes(routes!(session::new_factor, session::set_factor))
        .routes(routes!(accounts::tokens, accounts::new_token))
        .routes(routes!(accounts::end_token))
        .routes(routes!(accounts::accounts, accounts::new_account))
        .routes(routes!(accounts::close_account))
        .routes(routes!(accounts::new_link))
        .routes(routes!(city::city))
        .routes(routes!(city::areas))
        .routes(routes!(city::people))
        .routes(routes!(city::kinds))
        .routes(routes!(days::briefs))
        .routes(routes!(situation::situation))
        .routes(routes!(situation::shapes))
        .routes(routes!(situation::moments))
        .routes(routes!(outlook::outlook))
        .routes(routes!(scores::scores))
        .routes(routes!(scores::export))
        .routes(routes!(days::brief))
        .routes(routes!(decisions::decide))
        .routes(routes!(exports::detections))
        .routes(routes!(imports::new_import, imports::imports))
        .routes(routes!(imports::one_import))
        .routes(routes!(imports::rejected_rows))
        .routes(routes!(jobs::job, jobs::cancel))
        .routes(routes!(jobs::run_day))
        .routes(routes!(plans::new_plan, plans::plans))
        .routes(routes!(plans::plan))
        .routes(routes!(plans::compare))
        .routes(routes!(plans::lanes))
        .routes(routes!(plans::check))
        .routes(routes!(plans::take_orders))
        .routes(routes!(ledger::obligations))
        .routes(routes!(exports::obligations))
        .routes(routes!(exports::orders))
        .routes(routes!(ledger::obligation))
        .routes(routes!(ledger::order))
        .routes(routes!(ledger::orders))
        .routes(routes!(commands::commands))
        .routes(routes!(commands::undo))
        .routes(routes!(settle::statement, settle::close))
        .routes(routes!(duty::duty))
        .routes(routes!(duty::hand))
        .routes(routes!(duty::gaps))
        .routes(routes!(operations::operations))
        .routes(routes!(rulebooks::rulebooks, rulebooks::keep_one))
        .routes(routes!(rulebooks::schema))
        .routes(routes!(rulebooks::check))
        .routes(routes!(rulebooks::rulebook))
        .routes(routes!(rulebooks::difference))
        .routes(routes!(observed::observe))
        .routes(routes!(observed::audit))
        .routes(routes!(observed::zones))
        .routes(routes!(measures::measures, measures::propose))
        .routes(routes!(exports::measures))
        .routes(routes!(measures::measure))
        .routes(routes!(measures::resident_page))
        .routes(routes!(measures::step))
        .routes(routes!(measures::offer))
        .routes(routes!(confirm::waiting))
        .routes(routes!(confirm::confirm, confirm::refuse))
        .routes(routes!(changes::changes))
        .routes(routes!(urgent::urgent_care))
        .routes(routes!(vault::masked))
        .routes(routes!(vault::read))
        .routes(routes!(vault::confirm))
}

pub(crate) use upload::clear as clear_uploads;

/// The routes under their addresses, and the document that describes them.
pub(crate) fn routes() -> (Router<App>, Document) {
    described().split_for_parts()
}

/// The OpenAPI 3.1 document.
#[must_use]
pub fn openapi() -> Document {
    described().into_openapi()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    /// The names of all types that a file describes.
    fn described_in(folder: &Path, names: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                described_in(&path, names);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let mut lines = text.lines();
            while let Some(line) = lines.next() {
                if !(line.trim_start().starts_with("#[derive(") && line.contains("ToSchema")) {
                    continue;
                }
                let named = lines.by_ref().find_map(|line| {
                    let (_, rest) = line.split_once("struct ").or_else(|| line.split_once("enum "))?;
                    Some(rest.chars().take_while(|c| c.is_alphanumeric()).collect::<String>())
                });
                names.extend(named);
            }
        }
    }

    /// The document knows types by name alone: of two with one name it keeps one, and a client is made of the wrong one.
    #[test]
    fn no_two_types_of_the_document_have_one_name() {
        let mut names = vec![];
        described_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut names);
        assert!(names.len() > 20, "{names:?}");
        let mut seen = BTreeSet::new();
        let twice: Vec<&String> = names.iter().filter(|name| !seen.insert(*name)).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
