//! What the meeting decided, on record: each decision is a directive, an obligation with an owner and a time, and lives as one.

use super::Problems;
use super::asked::{Asked, NewOwed};
use super::commands::{Group, GroupDone, commands};
use crate::app::App;
use crate::extract::{Asking, At, Body};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::rights::Right;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The kind of obligation that a decision opens.
const KIND: &str = "directive";

/// Decisions that one meeting can make: the number stands in the directive.
const MOST: usize = 100;

/// A decision of the meeting.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decided {
    /// What is to be done; it names nobody. It is kept encrypted, apart from the journal.
    what: String,
    /// Who answers for it.
    owner: String,
    /// By when.
    #[schema(value_type = String, format = DateTime)]
    due: Timestamp,
    /// Where; the city where left out.
    area: Option<String>,
    /// What closes it: `report`, `figures` or `site_check`.
    closes_with: Option<String>,
}

/// The decisions of a meeting.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decisions {
    /// In the order of the meeting, 1 to 100.
    decisions: Vec<Decided>,
    /// The number of the first of them; 1 where left out.
    first: Option<u64>,
    /// When; now where left out. A replay must be told.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// Put the decisions of a day's meeting on record as directives: all of them or none, undone together. The meeting is named `HQ-` and the day,
/// as in `HQ-20221118`; a decision of the same number is corrected, not doubled. See them at `GET /api/v1/obligations?kind=directive`.
#[utoipa::path(post, path = "/api/v1/days/{day}/decisions", tag = "day", security(("token" = []), ("session" = [])), request_body = Decisions,
    params(("day" = String, Path, format = Date, description = "The day of the meeting."),
        ("idempotency-key" = Option<String>, Header, description = "A UUID of version 7: the command's id. Sent again it is carried out once.")),
    responses((status = 200, description = "On record, or had been; `made` holds the directives in the order of the decisions.", body = GroupDone), Problems))]
pub(crate) async fn decide(
    State(app): State<App>,
    asking: Asking,
    At(day): At<Date>,
    Body(given): Body<Decisions>,
) -> Result<Json<GroupDone>, Problem> {
    let asking = asking.fully()?;
    asking.may(Right::ChangeOwed, None)?;
    if !(1..=MOST).contains(&given.decisions.len()) {
        return Err(Problem::bad_input(format!("{} decisions", given.decisions.len()), "send 1 to 100 together"));
    }
    let meeting = format!("HQ-{}", day.strftime("%Y%m%d"));
    let city = app.city.known_desk().places.city().to_string();
    let first = given.first.unwrap_or(1);
    let directive = |(item, decided): (u64, Decided)| {
        let mut fields: BTreeMap<String, Value> =
            [("meeting".to_owned(), json!(meeting)), ("item".to_owned(), json!(item))].into();
        fields.extend(decided.closes_with.map(|what| ("closes_with".to_owned(), json!(what))));
        Asked::Open(Box::new(NewOwed {
            kind: KIND.to_owned(),
            area: decided.area.unwrap_or_else(|| city.clone()),
            units: Some(1),
            subject: None,
            ground: Some(format!("{meeting}:{item}")),
            due: Some(decided.due),
            owner: Some(decided.owner),
            fields,
            note: Some(decided.what),
            synthetic: false,
        }))
    };
    let group = Group { commands: (first..).zip(given.decisions).map(directive).collect(), at: given.at, note: None };
    commands(State(app), asking, Body(group)).await
}
