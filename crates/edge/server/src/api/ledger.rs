//! What is owed, and what is done about it.

use super::Problems;
use super::wire::{Written, named, path};
use crate::app::App;
use crate::city::{Urgency, run, submit};
use crate::extract::{Asking, At, Body, Params};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::city::AppError;
use levee_app::event::Mode;
use levee_app::ledger::Desk;
use levee_app::ledger::owed::{Item, Query, owed};
use levee_app::ledger::undo::undo_at;
use levee_app::projection::ledger::read;
use levee_ledger::order::OrderId;
use levee_ledger::{AreaPath, Command, ObligationId, Said, State as Stands, Target};
use levee_model::command::CommandId;
use levee_model::ids::{EntityId, PersonId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// Which obligations.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// In this area and all that lies in it; the person's own where left out.
    area: Option<String>,
    /// Only this kind.
    kind: Option<String>,
    /// Only this section.
    section: Option<String>,
    /// Only what this person was given.
    owner: Option<String>,
    /// Only what is late.
    late: Option<bool>,
    /// At most so many, the longest due first; 100 where left out, 1,000 at most.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u16>,
    /// The moment to look at; now where left out. A replay must be told.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// One thing that is owed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Owed {
    /// Which.
    obligation: String,
    /// What.
    kind: String,
    /// Where: the code of the area.
    area: String,
    /// The areas from the city down to it.
    path: String,
    /// Whose section.
    section: String,
    /// How many units.
    units: u64,
    /// To whom, by pseudonym.
    subject: Option<String>,
    /// By when.
    #[schema(value_type = String, format = DateTime)]
    due: Timestamp,
    /// The person it was given to, or who is on duty for it now; none = nobody, which has to be mended.
    owner: Option<String>,
    /// Who is asked, when it is late enough for its ladder.
    asked: Option<String>,
    /// Invented for an exercise or a demonstration.
    synthetic: bool,
}

impl From<&Item> for Owed {
    fn from(item: &Item) -> Self {
        Self {
            obligation: item.obligation.to_string(),
            kind: item.row.kind.to_string(),
            area: item.row.path.area().to_owned(),
            path: item.row.path.to_string(),
            section: item.section.to_string(),
            units: item.row.units,
            subject: item.row.subject.as_ref().map(|one| one.as_str().to_owned()),
            due: item.due,
            owner: item.owner.as_ref().map(ToString::to_string),
            asked: item.asked.as_ref().map(|asked| asked.owner.person.to_string()),
            synthetic: item.row.synthetic,
        }
    }
}

/// What is owed of one kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KindOwed {
    /// The kind.
    kind: String,
    /// Obligations.
    items: u64,
    /// Units.
    units: u64,
    /// Obligations that are late.
    late_items: u64,
    /// Units that are late.
    late_units: u64,
}

/// What is owed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AllOwed {
    /// Seen at which moment.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// In which area.
    area: String,
    /// By kind: of everything, not only of what is listed.
    kinds: Vec<KindOwed>,
    /// The longest due first.
    items: Vec<Owed>,
    /// Whether there are more than were listed.
    more: bool,
}

/// The moment that a request is about. A replay lives in the past: there the clock on the wall says nothing.
pub(crate) fn moment(app: &App, at: Option<Timestamp>) -> Result<Timestamp, Problem> {
    match (at, app.city.mode) {
        (Some(at), _) => Ok(at),
        (None, Mode::Live) => Ok(app.city.now()),
        (None, Mode::Replay) => Err(Problem::bad_input(
            "this city runs a past outbreak again and has no present",
            "say when with `at`, such as 2022-11-18T10:00:00+08:00",
        )),
    }
}

/// Nobody looks beyond the area that their role covers.
pub(crate) fn sees(asking: &Asking, path: &AreaPath) -> Result<(), Problem> {
    match &asking.person.area {
        Some(own) if !path.codes().any(|code| code == own.as_str()) => Err(Problem::forbidden(
            format!("{} answers for {own}, and {} does not lie in it", asking.person.id, path.area()),
            "ask somebody who answers for it",
        )),
        _ => Ok(()),
    }
}

/// What is owed, the longest due first.
#[utoipa::path(get, path = "/api/v1/obligations", tag = "ledger", security(("token" = []), ("session" = [])), params(Which),
    responses((status = 200, description = "What is owed.", body = AllOwed), Problems))]
pub(crate) async fn obligations(
    State(app): State<App>,
    asking: Asking,
    Params(which): Params<Which>,
) -> Result<Json<AllOwed>, Problem> {
    let now = moment(&app, which.at)?;
    run(&app.city, Urgency::Ordinary, move |open, city| {
        let desk = open.desk(city.journal)?;
        let own = asking.person.area.as_ref().unwrap_or(desk.places.city()).to_string();
        let area = path(&desk, which.area.as_deref().unwrap_or(&own))?;
        sees(&asking, &area)?;
        let kind = which.kind.as_deref().map(|kind| named("kind", kind)).transpose()?;
        if let Some(kind) = &kind
            && desk.catalogue.kind(kind).is_none()
        {
            return Err(Problem::bad_input(
                format!("`{kind}` is no kind of obligation of this city"),
                "see GET /api/v1/kinds",
            ));
        }
        let limit = usize::from(which.limit.unwrap_or(100));
        if !(1..=1000).contains(&limit) {
            return Err(Problem::bad_input(format!("`limit` is {limit}"), "ask for 1 to 1,000"));
        }
        let query = Query {
            late: which.late.unwrap_or(false),
            kind,
            section: which.section.as_deref().map(|section| named("section", section)).transpose()?,
            owner: which.owner.as_deref().map(|owner| named("owner", owner)).transpose()?,
            limit,
            area,
        };
        let found = owed(city.journal, &desk, &query, now)?;
        let kinds = found.kinds.iter().filter(|(_, sum)| sum.items > 0).map(|(kind, sum)| KindOwed {
            kind: kind.to_string(),
            items: sum.items,
            units: sum.units,
            late_items: sum.late_items,
            late_units: sum.late_units,
        });
        Ok(Json(AllOwed {
            at: found.now,
            area: query.area.area().to_owned(),
            kinds: kinds.collect(),
            items: found.items.iter().map(Owed::from).collect(),
            more: found.more,
        }))
    })
    .await
}

/// The version as an ETag.
fn etag(version: u32) -> HeaderMap {
    let value = HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""));
    HeaderMap::from_iter([(header::ETAG, value)])
}

fn no_obligation(id: &ObligationId) -> Problem {
    Problem::not_found(format!("there is no obligation {id}"), "see GET /api/v1/obligations")
}

/// One obligation as it stands. Its ETag is its version.
#[utoipa::path(get, path = "/api/v1/obligations/{id}", tag = "ledger", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "Which.")),
    responses((status = 200, description = "As it stands.", body = Object, headers(("etag" = String, description = "Its version."))), Problems))]
pub(crate) async fn obligation(
    State(app): State<App>,
    asking: Asking,
    At(id): At<String>,
) -> Result<(HeaderMap, Json<Value>), Problem> {
    let id: ObligationId = named("id", &id)?;
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let one = read::obligation(city.journal, &id)?.ok_or_else(|| no_obligation(&id))?;
        sees(&asking, &one.path)?;
        let document = serde_json::to_value(&one).map_err(|error| Problem::fault(error.to_string()))?;
        Ok((etag(one.version), Json(document)))
    })
    .await
}

/// One order as it stands. Its ETag is its version.
#[utoipa::path(get, path = "/api/v1/orders/{id}", tag = "ledger", security(("token" = []), ("session" = [])),
    params(("id" = String, Path, description = "Which.")),
    responses((status = 200, description = "As it stands.", body = Object, headers(("etag" = String, description = "Its version."))), Problems))]
pub(crate) async fn order(
    State(app): State<App>,
    asking: Asking,
    At(id): At<String>,
) -> Result<(HeaderMap, Json<Value>), Problem> {
    let id: OrderId = named("id", &id)?;
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let one = read::order(city.journal, &id)?
            .ok_or_else(|| Problem::not_found(format!("there is no order {id}"), "see GET /api/v1/obligations"))?;
        sees(&asking, &one.path)?;
        let document = serde_json::to_value(&one).map_err(|error| Problem::fault(error.to_string()))?;
        Ok((etag(one.version), Json(document)))
    })
    .await
}

/// An obligation that a command is about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct About {
    /// Which.
    obligation: String,
    /// As the one who asks has seen it; another version is refused with 412. The header If-Match says it for a single command.
    version: Option<u32>,
}

/// Who says that something is done or need not be.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SaidBy {
    /// Whoever sends the command.
    #[default]
    Actor,
    /// The one to whom it is owed.
    Recipient,
    /// A clinician.
    Clinician,
}

impl From<SaidBy> for Said {
    fn from(by: SaidBy) -> Self {
        match by {
            SaidBy::Actor => Self::Actor,
            SaidBy::Recipient => Self::Recipient,
            SaidBy::Clinician => Self::Clinician,
        }
    }
}

/// How something is closed without being done.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Closed {
    /// Those to whom it is owed do not need it.
    Waived,
    /// It can no longer be done: it failed.
    Expired,
    /// It was never owed.
    Voided,
}

/// One command of the ledger.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub(crate) enum Asked {
    /// Give obligations to a person, or back to their post.
    Assign {
        /// Which.
        what: Vec<About>,
        /// To whom; left out = back to their post.
        to: Option<String>,
    },
    /// Somebody is at it.
    Begin {
        /// Which.
        what: About,
        /// How many units.
        units: u64,
    },
    /// It was done.
    Meet {
        /// Which.
        what: About,
        /// How many units.
        units: u64,
        /// In which way, where the catalogue tells ways apart.
        reason: Option<String>,
        /// Who says so.
        #[serde(default)]
        said: SaidBy,
    },
    /// It is closed without being done.
    Close {
        /// Which.
        what: About,
        /// How.
        to: Closed,
        /// How many units.
        units: u64,
        /// Why, a code of the catalogue.
        reason: String,
        /// Who says so.
        #[serde(default)]
        said: SaidBy,
    },
    /// It is owed in another area from now on.
    Transfer {
        /// Which.
        what: About,
        /// How many units.
        units: u64,
        /// The code of the area.
        to: String,
    },
    /// Say why something is still owed after a day, and who answers for it.
    Explain {
        /// Which.
        what: Vec<About>,
        /// For the settlement of which day.
        #[schema(value_type = String, format = Date)]
        day: Date,
        /// Why, a code of the catalogue.
        reason: String,
        /// Who answers for it.
        owner: String,
    },
    /// Take an issued order.
    AcceptOrder {
        /// Which.
        order: String,
    },
    /// An order is done; what it did not meet goes back to be owed.
    FinishOrder {
        /// Which.
        order: String,
        /// Units that were met, by obligation; left out = all that it promised.
        met: Option<BTreeMap<String, u64>>,
        /// In which way, where the catalogue tells ways apart.
        reason: Option<String>,
    },
    /// An order cannot be done.
    FailOrder {
        /// Which.
        order: String,
        /// Why.
        reason: String,
    },
    /// Take an order back.
    CancelOrder {
        /// Which.
        order: String,
        /// Why.
        reason: String,
    },
}

/// Commands that are carried out together: all of them, or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Group {
    /// In order; each sees what those before it have done. 1 to 10,000.
    commands: Vec<Asked>,
    /// When it happened; now where left out. A replay must be told.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
    /// Why, in the words of the one who asks.
    note: Option<String>,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupDone {
    /// What was written down.
    #[serde(flatten)]
    written: Written,
    /// How much changed; 0 where the books said so already, or the group had been carried out before.
    changes: usize,
}

/// Reads commands by what the city knows.
struct Reader<'a> {
    desk: &'a Desk,
    command: CommandId,
    made: u32,
    /// The version of `If-Match`.
    seen: Option<u32>,
}

impl Reader<'_> {
    fn about(&self, about: &About) -> Result<Target, Problem> {
        Ok(Target { id: named("obligation", &about.obligation)?, version: about.version.or(self.seen) })
    }

    fn all(&self, about: &[About]) -> Result<Vec<Target>, Problem> {
        about.iter().map(|one| self.about(one)).collect()
    }

    fn command(&mut self, asked: &Asked) -> Result<Command, Problem> {
        Ok(match asked {
            Asked::Assign { what, to } => {
                let to = to.as_deref().map(|to| named::<PersonId>("to", to)).transpose()?;
                Command::Assign { what: self.all(what)?, to }
            }
            Asked::Begin { what, units } => Command::Begin { what: self.about(what)?, units: *units },
            Asked::Meet { what, units, reason, said } => Command::Meet {
                what: self.about(what)?,
                units: *units,
                reason: reason.clone(),
                said: (*said).into(),
                evidence: vec![],
            },
            Asked::Close { what, to, units, reason, said } => Command::Close {
                what: self.about(what)?,
                to: match to {
                    Closed::Waived => Stands::Waived,
                    Closed::Expired => Stands::Expired,
                    Closed::Voided => Stands::Voided,
                },
                units: *units,
                reason: reason.clone(),
                said: (*said).into(),
                evidence: vec![],
            },
            Asked::Transfer { what, units, to } => {
                self.made += 1;
                let id = ObligationId(EntityId::new(self.command.uuid(), self.made));
                Command::Transfer { what: self.about(what)?, units: *units, to: path(self.desk, to)?, id }
            }
            Asked::Explain { what, day, reason, owner } => {
                let ends =
                    self.desk.calendar.end_of(*day).ok_or_else(|| {
                        Problem::bad_input(format!("{day} has no end"), "choose a day of the calendar")
                    })?;
                let owner = named("owner", owner)?;
                Command::Explain { what: self.all(what)?, day: *day, ends, reason: reason.clone(), owner }
            }
            Asked::AcceptOrder { order } => Command::Accept { order: named("order", order)? },
            Asked::FinishOrder { order, met, reason } => {
                let met = met.as_ref().map(|met| {
                    met.iter().map(|(id, units)| Ok((named("met", id)?, *units))).collect::<Result<_, Problem>>()
                });
                let (order, met) = (named("order", order)?, met.transpose()?);
                Command::Finish { order, met, reason: reason.clone(), evidence: vec![] }
            }
            Asked::FailOrder { order, reason } => {
                Command::Fail { order: named("order", order)?, reason: reason.clone() }
            }
            Asked::CancelOrder { order, reason } => {
                Command::Cancel { order: named("order", order)?, reason: reason.clone() }
            }
        })
    }
}

/// Work on what is owed: a group of commands, carried out together and undone together.
#[utoipa::path(post, path = "/api/v1/ledger", tag = "ledger", security(("token" = []), ("session" = [])), request_body = Group,
    params(("idempotency-key" = Option<String>, Header, description = "A UUID of version 7: the command's id. Sent again it is carried out once."),
        ("if-match" = Option<String>, Header, description = "The ETag of the obligation as it was seen.")),
    responses((status = 200, description = "Carried out, or had been.", body = GroupDone), Problems))]
pub(crate) async fn commands(
    State(app): State<App>,
    asking: Asking,
    Body(group): Body<Group>,
) -> Result<Json<GroupDone>, Problem> {
    let asking = asking.fully()?;
    if !(1..=10_000).contains(&group.commands.len()) {
        return Err(Problem::bad_input(format!("{} commands", group.commands.len()), "send 1 to 10,000 together"));
    }
    let at = moment(&app, group.at)?;
    let desk = app.city.known_desk();
    let command = asking.envelope.command_id;
    let mut reader = Reader { desk: &desk, command, made: 0, seen: asking.seen };
    let commands = group.commands.iter().map(|asked| reader.command(asked)).collect::<Result<Vec<_>, _>>()?;
    let times = desk.times(app.city.now(), Some(at))?;
    let note = match group.note {
        None => None,
        // Sealing a text writes a file: that blocks.
        Some(note) => Some(
            run(&app.city, Urgency::Ordinary, move |_, city| {
                city.blobs.put(note.as_bytes()).map_err(|error| AppError::from(error).into())
            })
            .await?,
        ),
    };
    let envelope = asking.envelope.clone();
    let (receipt, changes) = submit(&app.city, Urgency::Ordinary, asking.envelope, move |tx| {
        desk.work(tx, &envelope, times, &commands, note)
    })
    .await?;
    Ok(Json(GroupDone { written: Written::from(&receipt), changes: changes.map_or(0, |changes| changes.len()) }))
}

/// Which group to undo.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Undo {
    /// The command, as it was answered.
    command: String,
    /// When; now where left out. A replay must be told.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// Undo a group of commands, if nothing of it was changed since.
#[utoipa::path(post, path = "/api/v1/ledger/undo", tag = "ledger", security(("token" = []), ("session" = [])), request_body = Undo,
    params(("idempotency-key" = Option<String>, Header, description = "A UUID of version 7: the command's id. Sent again it is carried out once.")),
    responses((status = 200, description = "Undone.", body = GroupDone), Problems))]
pub(crate) async fn undo(
    State(app): State<App>,
    asking: Asking,
    Body(undo): Body<Undo>,
) -> Result<Json<GroupDone>, Problem> {
    let asking = asking.fully()?;
    let at = moment(&app, undo.at)?;
    let command = CommandId::new(named("command", &undo.command)?);
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let done = undo_at(city, &asking.envelope, command, Some(at))?;
        Ok(Json(GroupDone { written: Written::from(&done.receipt), changes: done.changes.len() }))
    })
    .await
}
