//! Rulebooks: which there are, what they say, what changed from one to the other, and which the city goes by.

use super::Problems;
use super::ledger::moment;
use super::measures::read_book;
use super::wire::Written;
use crate::app::App;
use crate::city::{OpenCity, Urgency, run};
use crate::extract::{Asking, At, Body, Params};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::city::{AppError, City};
use levee_app::measures::Book;
use levee_app::projection::rulebooks::rulebooks as kept_rows;
use levee_app::rights::Right;
use levee_app::rulebooks::{document, keep};
use levee_rulebook::diff::{Side, diff};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

/// A rulebook that the city keeps.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeptBook {
    /// Its id.
    rulebook: String,
    /// The first day of the measures that it judges.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// Digest of its text.
    digest: String,
    /// When the city knew that.
    #[schema(value_type = String, format = DateTime)]
    known_at: Timestamp,
}

/// The rulebooks that there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Rulebooks {
    /// Ids of those that travel with Levee.
    with_levee: Vec<String>,
    /// The one that `city.toml` names, which stands until another is kept.
    city_toml: Option<String>,
    /// Those that the city keeps, by first day.
    kept: Vec<KeptBook>,
}

/// The rulebooks that travel with Levee, and those that the city keeps.
#[utoipa::path(get, path = "/api/v1/rulebooks", tag = "rulebooks", security(("token" = []), ("session" = [])),
    responses((status = 200, description = "All of them.", body = Rulebooks), Problems))]
pub(crate) async fn rulebooks(State(app): State<App>, asking: Asking) -> Result<Json<Rulebooks>, Problem> {
    asking.may(Right::SeePicture, None)?;
    run(&app.city, Urgency::Ordinary, |open, city| {
        let ids = open.parts.rulebooks.iter().map(|text| Ok(read_book(text)?.rules().id().to_string()));
        let kept = kept_rows(&*city.journal).map_err(AppError::from)?.into_iter().map(|row| KeptBook {
            rulebook: row.kept.book,
            from: row.kept.from,
            digest: row.kept.text.to_string(),
            known_at: row.known_at,
        });
        Ok(Json(Rulebooks {
            with_levee: ids.collect::<Result<_, Problem>>()?,
            city_toml: open.settings.rulebook.clone(),
            kept: kept.collect(),
        }))
    })
    .await
}

/// The book of this id: the one that the city kept last under it, else the one that travels with Levee.
fn named(open: &OpenCity, city: &City<'_>, id: &str) -> Result<Box<Book>, Problem> {
    let kept = kept_rows(&*city.journal).map_err(AppError::from)?;
    if let Some(row) = kept.iter().rev().find(|row| row.kept.book == id) {
        let text = city.blobs.get(&row.kept.text).map_err(AppError::from)?;
        return read_book(&String::from_utf8_lossy(&text));
    }
    let mut there = vec![];
    for text in &open.parts.rulebooks {
        let book = read_book(text)?;
        if book.rules().id().as_str() == id {
            return Ok(book);
        }
        there.push(book.rules().id().to_string());
    }
    there.extend(kept.into_iter().map(|row| row.kept.book));
    let known: Vec<&str> = there.iter().map(String::as_str).collect();
    let near = open.parts.tables.nearest(id, &known);
    let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
    Err(Problem::not_found(format!("there is no rulebook `{id}`"), format!("{near}there is: {}", known.join(", "))))
}

/// On which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct InForce {
    /// Only the rules in force on this day; all of them where left out.
    #[param(value_type = Option<String>, format = Date)]
    on: Option<Date>,
}

/// A rulebook: its text, and its rules in short.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RulebookShown {
    /// Its id.
    rulebook: String,
    /// Its title in Chinese.
    title_zh: Option<String>,
    /// In English.
    title_en: Option<String>,
    /// The disease.
    disease: String,
    /// The state of the rules that it restates.
    #[schema(value_type = String, format = Date)]
    as_of: Date,
    /// Its text (YAML, see docs/rulebook.md).
    text: String,
    /// Its rules, in its order: id, kind, title, days, and whom they concern.
    #[schema(value_type = Vec<Object>)]
    rules: Vec<Value>,
}

/// One rulebook: its text, and its rules or those in force on a day.
#[utoipa::path(get, path = "/api/v1/rulebooks/{id}", tag = "rulebooks", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "Its id."), InForce),
    responses((status = 200, description = "The book.", body = RulebookShown), Problems))]
pub(crate) async fn rulebook(
    State(app): State<App>,
    asking: Asking,
    At(id): At<String>,
    Params(InForce { on }): Params<InForce>,
) -> Result<Json<RulebookShown>, Problem> {
    asking.may(Right::SeePicture, None)?;
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let book = named(open, city, &id)?;
        let rules = book.rules();
        Ok(Json(RulebookShown {
            rulebook: rules.id().to_string(),
            title_zh: rules.title().zh.clone(),
            title_en: rules.title().en.clone(),
            disease: rules.disease().to_owned(),
            as_of: rules.as_of(),
            text: book.text().to_owned(),
            rules: match on {
                Some(day) => rules.in_force(day).into_iter().map(document::rule).collect(),
                None => rules.rules().map(document::rule).collect(),
            },
        }))
    })
    .await
}

/// The days of both sides.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Days {
    /// Of the book before, only the rules in force on this day.
    #[param(value_type = Option<String>, format = Date)]
    before_on: Option<Date>,
    /// Of the book after, likewise.
    #[param(value_type = Option<String>, format = Date)]
    after_on: Option<Date>,
}

/// What changed between two rulebooks, or between two days of one, and for whom.
#[utoipa::path(get, path = "/api/v1/rulebooks/{before}/diff/{after}", tag = "rulebooks", security(("token" = []), ("session" = [])),
    params(("before" = String, Path, description = "The book before."), ("after" = String, Path, description = "The book after."), Days),
    responses((status = 200, description = "`levee.rulebook_diff/1`.", body = Object), Problems))]
pub(crate) async fn difference(
    State(app): State<App>,
    asking: Asking,
    At((before, after)): At<(String, String)>,
    Params(Days { before_on, after_on }): Params<Days>,
) -> Result<Json<Value>, Problem> {
    asking.may(Right::SeePicture, None)?;
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let (old, new) = (named(open, city, &before)?, named(open, city, &after)?);
        for (book, day) in [(&old, before_on), (&new, after_on)] {
            if let (Some(day), Some(first)) = (day, book.rules().first_day())
                && day < first
            {
                return Err(Problem::bad_input(
                    format!("{day} lies before every version of `{}`", book.rules().id()),
                    format!("give a day from {first} on"),
                ));
            }
        }
        let (old, new) = (old.rules(), new.rules());
        let found = diff(Side { book: old, on: before_on }, Side { book: new, on: after_on });
        Ok(Json(document::difference(&found, (old, before_on), (new, after_on))))
    })
    .await
}

/// The form of a rulebook, as JSON Schema: for editors.
#[utoipa::path(get, path = "/api/v1/rulebooks/schema", tag = "rulebooks", security(("token" = []), ("session" = [])),
    responses((status = 200, description = "JSON Schema.", body = Object), Problems))]
pub(crate) async fn schema(asking: Asking) -> Result<Json<Value>, Problem> {
    asking.may(Right::SeePicture, None)?;
    Ok(Json(levee_rulebook::schema()))
}

/// A rulebook to look over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ToCheck {
    /// Its text.
    text: String,
}

/// What is wrong with a rulebook.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Checked {
    /// How many rules it has; none while anything is wrong.
    rules: Option<usize>,
    /// All that is wrong, each with its line.
    problems: Vec<String>,
}

/// Check a rulebook: all that is wrong at once. Nothing is written.
#[utoipa::path(post, path = "/api/v1/rulebooks/check", tag = "rulebooks", security(("token" = []), ("session" = [])), request_body = ToCheck,
    responses((status = 200, description = "What is wrong with it, if anything.", body = Checked), Problems))]
pub(crate) async fn check(asking: Asking, Body(ToCheck { text }): Body<ToCheck>) -> Result<Json<Checked>, Problem> {
    asking.may(Right::SeePicture, None)?;
    let read = tokio::task::spawn_blocking(move || Book::read(text)).await;
    let read = read.map_err(|_| Problem::fault("reading a rulebook ended by a panic"))?;
    Ok(Json(match read {
        Ok(book) => Checked { rules: Some(book.rules().rules().count()), problems: vec![] },
        Err(problems) => Checked { rules: None, problems: problems.iter().map(ToString::to_string).collect() },
    }))
}

/// A rulebook to go by.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ToKeep {
    /// Its text; or leave it out and name one by `id`.
    text: Option<String>,
    /// The id of one that travels with Levee, or that the city kept before.
    id: Option<String>,
    /// First day of the measures that it judges; the day on which this is said where left out.
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// When; now where left out. A replay must be told.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// The rulebook that the city goes by.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NowKept {
    /// What was written down.
    #[serde(flatten)]
    written: Written,
    /// Its id.
    rulebook: String,
    /// The first day of the measures that it judges.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// Digest of its text.
    digest: String,
}

/// Have the city go by a rulebook from a day on. What was judged stays as it was judged.
#[utoipa::path(post, path = "/api/v1/rulebooks", tag = "rulebooks", security(("token" = []), ("session" = [])), request_body = ToKeep,
    params(("idempotency-key" = Option<String>, Header, description = "A UUID of version 7: the command's id. Sent again it is carried out once.")),
    responses((status = 201, description = "Kept, or had been.", body = NowKept), Problems))]
pub(crate) async fn keep_one(
    State(app): State<App>,
    asking: Asking,
    Body(ToKeep { text, id, from, at }): Body<ToKeep>,
) -> Result<(StatusCode, Json<NowKept>), Problem> {
    let asking = asking.fully()?;
    asking.may(Right::KeepRulebook, None)?;
    let at = moment(&app, at)?;
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let book = match (text, id) {
            (Some(text), None) => read_book(&text)?,
            (None, Some(id)) => named(open, city, &id)?,
            _ => {
                return Err(Problem::bad_input(
                    "one of `text` and `id` is to be given",
                    "send the text, or name a book",
                ));
            }
        };
        let (receipt, kept) = keep(city, &asking.envelope, &book, from, Some(at))?;
        let (rulebook, from, digest) = (kept.book, kept.from, kept.text.to_string());
        Ok((StatusCode::CREATED, Json(NowKept { written: (&receipt).into(), rulebook, from, digest })))
    })
    .await
}
