//! Who answers for what, and how a post goes from one to the next: both sign the list of what is open.

use super::Problems;
use super::ledger::{moment, within};
use super::wire::{Written, named, path};
use crate::app::App;
use crate::city::{Urgency, run};
use crate::extract::{Asking, Body, Params};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use levee_app::catalogue::sections;
use levee_app::event::{HandOverStep, Mode};
use levee_app::ledger::Desk;
use levee_app::ledger::hand_over::{HandOver, hand_over};
use levee_app::rights::Right;
use levee_ledger::Section;
use levee_ledger::duty::How;
use levee_model::ids::PersonId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which posts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// Of this area; the person's own where left out.
    area: Option<String>,
    /// Only this section.
    section: Option<String>,
    /// The moment to look at; now where left out. A replay must be told.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// A post, and who answers for it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Post {
    /// The area.
    area: String,
    /// The section.
    section: String,
    /// Who answers; none = nobody, which has to be mended.
    person: Option<String>,
    /// Who stands in for them.
    deputy: Option<String>,
    /// How they came to it.
    #[schema(value_type = Option<String>)]
    how: Option<How>,
    /// The area whose post it is that answers.
    post: Option<String>,
}

/// Who answers at a moment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Duty {
    /// The moment.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Posts, by section.
    posts: Vec<Post>,
}

/// The section that is named, which the catalogue must know.
fn known(desk: &Desk, section: &str) -> Result<Section, Problem> {
    let all = sections(&desk.catalogue);
    let named: Section = named("section", section)?;
    if all.contains(named.as_str()) {
        return Ok(named);
    }
    let all: Vec<&str> = all.into_iter().collect();
    Err(Problem::bad_input(
        format!("the catalogue knows no section `{section}`"),
        format!("choose one of {}", all.join(", ")),
    ))
}

/// Who answers for what, at any hour.
#[utoipa::path(get, path = "/api/v1/duty", tag = "responsibility", security(("token" = []), ("session" = [])), params(Which),
    responses((status = 200, description = "Posts.", body = Duty), Problems))]
pub(crate) async fn duty(
    State(app): State<App>,
    asking: Asking,
    Params(which): Params<Which>,
) -> Result<Json<Duty>, Problem> {
    let at = moment(&app, which.at)?;
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let desk = open.desk(city.journal)?;
        let area = within(&desk, &asking, which.area.as_deref())?;
        let all = match &which.section {
            Some(section) => vec![known(&desk, section)?],
            None => sections(&desk.catalogue).into_iter().filter_map(|section| section.parse().ok()).collect(),
        };
        let post = |section: &Section| {
            let owner = desk.duties.owner(&area, section, at);
            Post {
                area: area.area().to_owned(),
                section: section.to_string(),
                person: owner.as_ref().map(|owner| owner.person.to_string()),
                deputy: owner.as_ref().and_then(|owner| owner.deputy.as_ref()).map(ToString::to_string),
                how: owner.as_ref().map(|owner| owner.how),
                post: owner.as_ref().map(|owner| owner.area.to_string()),
            }
        };
        Ok(Json(Duty { at, posts: all.iter().map(post).collect() }))
    })
    .await
}

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfDay {
    /// The day.
    #[param(value_type = String, format = Date)]
    day: jiff::civil::Date,
}

/// Hours in a row for which the roster names nobody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DutyGap {
    /// Where: the city, or a district.
    area: String,
    /// Whose post.
    section: String,
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// Until when, not included.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
    /// Who stands in; null = nobody at all answers.
    stands_in: Option<String>,
    /// By what.
    #[schema(value_type = Option<String>)]
    how: Option<How>,
}

/// Where the roster names nobody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DutyGaps {
    /// Hours that were looked at: every district, section and hour of the day.
    hours_looked_at: u64,
    /// Whether there is an hour at which nobody at all answers.
    nobody_answers: bool,
    /// The gaps.
    gaps: Vec<DutyGap>,
}

/// Hours of a day for which the roster names nobody, and who stands in.
#[utoipa::path(get, path = "/api/v1/duty/gaps", tag = "responsibility", security(("token" = []), ("session" = [])), params(OfDay),
    responses((status = 200, description = "The gaps.", body = DutyGaps), Problems))]
pub(crate) async fn gaps(
    State(app): State<App>,
    asking: Asking,
    Params(OfDay { day }): Params<OfDay>,
) -> Result<Json<DutyGaps>, Problem> {
    asking.may(Right::SeePicture, None)?;
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let (found, hours_looked_at) = levee_app::ledger::gaps::gaps(&*open.desk(city.journal)?, day);
        let nobody_answers = found.iter().any(|gap| gap.stands_in.is_none());
        let gap = |gap: levee_app::ledger::gaps::Gap| DutyGap {
            area: gap.area.area().to_owned(),
            section: gap.section.to_string(),
            from: gap.from,
            until: gap.until,
            stands_in: gap.stands_in.as_ref().map(|(person, _)| person.to_string()),
            how: gap.stands_in.map(|(_, how)| how),
        };
        Ok(Json(DutyGaps { hours_looked_at, nobody_answers, gaps: found.into_iter().map(gap).collect() }))
    })
    .await
}

/// A post that is offered, or taken over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Handed {
    /// The area.
    area: String,
    /// The section.
    section: String,
    /// To offer it: who is to take over. Left out to take over what was offered to whoever asks.
    to: Option<String>,
    /// When; now where left out. A replay must be told.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// How far a hand-over has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DutyStep {
    /// It is offered; the next one must take it over.
    Offered,
    /// It was taken over.
    Accepted,
}

/// What is open at a post.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Open {
    /// Which obligation.
    obligation: String,
    /// What.
    kind: String,
    /// How many units.
    units: u64,
    /// By when.
    #[schema(value_type = Option<String>, format = DateTime)]
    due: Option<Timestamp>,
}

/// What was handed over.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HandedDone {
    /// What was written down.
    #[serde(flatten)]
    written: Written,
    /// How far it has come.
    step: DutyStep,
    /// The list that was signed.
    open: Vec<Open>,
}

/// Hand a post over: the one on duty offers it and signs the list of what is open; the next one takes it over and signs the same list,
/// with their own session.
#[utoipa::path(post, path = "/api/v1/duty/hand-over", tag = "responsibility", security(("token" = []), ("session" = [])), request_body = Handed,
    params(("idempotency-key" = Option<String>, Header, description = "A UUID of version 7: the command's id. Sent again it is carried out once.")),
    responses((status = 200, description = "Offered, or taken over.", body = HandedDone), Problems))]
pub(crate) async fn hand(
    State(app): State<App>,
    asking: Asking,
    Body(handed): Body<Handed>,
) -> Result<Json<HandedDone>, Problem> {
    let asking = asking.fully()?;
    if app.city.mode == Mode::Replay {
        moment(&app, handed.at)?;
    }
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let desk = open.desk(city.journal)?;
        let to = match &handed.to {
            Some(to) => named::<PersonId>("to", to)?,
            None => asking.person.id.clone(),
        };
        let area = named("area", path(&desk, &handed.area)?.area())?;
        let post = HandOver { area, section: known(&desk, &handed.section)?, to, at: handed.at };
        let done = hand_over(city, &asking.envelope, &post)?;
        let line = |line: &levee_app::ledger::hand_over::OpenLine| Open {
            obligation: line.obligation.to_string(),
            kind: line.row.kind.to_string(),
            units: line.row.units,
            due: Timestamp::from_second(line.due).ok(),
        };
        let step = match done.step {
            HandOverStep::Offered => DutyStep::Offered,
            HandOverStep::Accepted => DutyStep::Accepted,
        };
        Ok(Json(HandedDone { written: (&done.receipt).into(), step, open: done.open.iter().map(line).collect() }))
    })
    .await
}
