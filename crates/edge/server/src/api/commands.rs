//! What is done about what is owed: commands, carried out together and undone together.

use super::Problems;
use super::asked::{About, Asked, Closed, NewHold, NewOwed, Proposed, Recorded};
use super::ledger::moment;
use super::wire::{Written, named, path, sealed};
use crate::app::App;
use crate::city::{Urgency, run, submit};
use crate::extract::{Asking, Body};
use crate::problem::Problem;
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use levee_app::city::{AppError, City};
use levee_app::ledger::Desk;
use levee_app::ledger::capacity::{Told, stated};
use levee_app::ledger::orders::{NewOrder, field_value, known_order, named as of_names, proposed};
use levee_app::ledger::undo::undo_at;
use levee_app::rights::Right;
use levee_ledger::catalogue::FieldValue;
use levee_ledger::order::{Hold, Promise, ResourceId, Why};
use levee_ledger::{Command, Digest, KindId, NewObligation, ObligationId, State as Stands, Subject, Target};
use levee_model::command::CommandId;
use levee_model::ids::{EntityId, PersonId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Commands that are carried out together: all of them, or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Group {
    /// In order; each sees what those before it have done. 1 to 10,000.
    pub(super) commands: Vec<Asked>,
    /// When it happened; now where left out. A replay must be told.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) at: Option<Timestamp>,
    /// Why, in the words of the one who asks.
    pub(super) note: Option<String>,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupDone {
    /// What was written down.
    #[serde(flatten)]
    written: Written,
    /// How much changed; 0 where the books said so already, or the group had been carried out before.
    changes: usize,
    /// What the commands made, obligations and orders, in the order of the commands.
    made: Vec<String>,
    /// What stands in the way of holding capacity, or how much is free, by resource.
    capacity: Vec<CapacityTold>,
}

/// What was said of a resource that an order holds.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CapacityTold {
    /// Which.
    resource: String,
    /// What.
    says: CapacitySays,
    /// Units that are free by its own report.
    free: Option<u64>,
    /// When that was so.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
}

/// What can be said of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CapacitySays {
    /// So much is free.
    Free,
    /// More was stated than is free; what lies beyond does not count.
    Lowered,
    /// Without a valid safety acceptance nobody is planned in.
    NotAccepted,
}

impl From<Told> for CapacityTold {
    fn from(told: Told) -> Self {
        let (resource, says, free, since) = match told {
            Told::Lowered { resource, free } => (resource, CapacitySays::Lowered, Some(free), None),
            Told::Free { resource, free, since } => (resource, CapacitySays::Free, Some(free), Some(since)),
            Told::NotAccepted { resource } => (resource, CapacitySays::NotAccepted, None, None),
        };
        Self { resource: resource.as_str().to_owned(), says, free, since }
    }
}

/// The id of the nth thing that a command makes; ordinal 0 is a batch.
pub(super) fn next_id(command: CommandId, made: usize) -> EntityId {
    EntityId::new(command.uuid(), u32::try_from(made).unwrap_or(u32::MAX).saturating_add(1))
}

/// Reads commands by what the city knows.
struct Reader<'a, 'b> {
    city: &'a mut City<'b>,
    desk: &'a Desk,
    command: CommandId,
    at: Timestamp,
    made: Vec<EntityId>,
    told: Vec<CapacityTold>,
    /// Orders among them that save lives.
    saving: usize,
    /// The version of `If-Match`.
    seen: Option<u32>,
}

fn all_named<T: std::str::FromStr<Err: std::fmt::Display> + Ord>(
    field: &str,
    given: &BTreeMap<String, u64>,
) -> Result<BTreeMap<T, u64>, Problem> {
    given.iter().map(|(id, units)| Ok((named(field, id)?, *units))).collect()
}

impl Reader<'_, '_> {
    fn new_id(&mut self) -> EntityId {
        let id = next_id(self.command, self.made.len());
        self.made.push(id);
        id
    }

    fn open(&mut self, new: &NewOwed) -> Result<Command, Problem> {
        let kind: KindId = named("kind", &new.kind)?;
        let known = self.desk.catalogue.fields(&kind);
        let mut fields = BTreeMap::new();
        for (name, value) in &new.fields {
            let text = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            // One that the kind does not have is the ledger's to refuse.
            let read = match known.iter().find(|field| field.name == *name) {
                Some(field) => field_value(&field.holds, &text).ok_or_else(|| {
                    Problem::bad_input(
                        format!("`fields.{name}` cannot be read: {text}"),
                        format!("expected {}", field.holds.words()),
                    )
                })?,
                None => FieldValue::Text(text),
            };
            fields.insert(name.clone(), read);
        }
        let subject: Option<Subject> = new.subject.as_deref().map(|one| named("subject", one)).transpose()?;
        let units = new.units.or(subject.as_ref().map(|_| 1));
        let units = units.ok_or_else(|| {
            Problem::bad_input("it is not said how many are owed", "say it with `units`, or name one with `subject`")
        })?;
        let path = path(self.desk, &new.area)?;
        let owner = new.owner.as_deref().map(|owner| named("owner", owner)).transpose()?;
        let ground = new.ground.as_deref().map(|ground| named("ground", ground)).transpose()?;
        let note = new.note.as_ref().map(|note| self.city.blobs.put(note.as_bytes())).transpose();
        let note = note.map_err(AppError::from)?.map(|digest| Digest(digest.0));
        let id = ObligationId(self.new_id());
        let (opened_at, due, synthetic) = (self.at, new.due, new.synthetic);
        Ok(Command::Open(Box::new(NewObligation {
            id,
            kind,
            path,
            units,
            subject,
            ground,
            opened_at,
            due,
            owner,
            fields,
            note,
            synthetic,
        })))
    }

    fn propose(&mut self, new: &Proposed) -> Result<Command, Problem> {
        let mut holds = Vec::new();
        for hold in &new.holds {
            let NewHold { resource, units, from, until, confirm_by } = hold;
            let confirm_by = confirm_by.unwrap_or(new.due);
            let (units, from, until) = (*units, *from, *until);
            let resource = named("resource", resource)?;
            holds.push(Hold { resource, units, from, until, confirm_by, used: false, surge: false });
        }
        let meets: BTreeMap<ObligationId, u64> = all_named("meets", &new.meets)?;
        let new = NewOrder {
            action: named("action", &new.action)?,
            meets: meets.into_iter().map(|(obligation, units)| Promise { obligation, units }).collect(),
            why: Why { code: new.why.clone(), rests_on: new.rests_on.clone() },
            due: new.due,
            holds,
            path: new.area.as_deref().map(|area| path(self.desk, area)).transpose()?,
            section: new.section.as_deref().map(|section| named("section", section)).transpose()?,
            by: new.by.as_deref().map(|by| named("by", by)).transpose()?,
        };
        let id = self.new_id();
        Ok(Command::Propose(Box::new(proposed(self.city.journal, new, id)?)))
    }

    /// The order, with how much there is of what it holds.
    fn held(
        &mut self,
        order: &str,
        given: &BTreeMap<String, u64>,
    ) -> Result<(levee_ledger::order::Order, Vec<(ResourceId, u64)>), Problem> {
        let order = known_order(self.city.journal, named("order", order)?)?;
        let given = all_named("capacity", given)?;
        let (capacities, told) = stated(self.city.journal, self.desk, &order, &given, self.at)?;
        self.told.extend(told.into_iter().map(CapacityTold::from));
        Ok((order, capacities))
    }

    fn about(&self, about: &About) -> Result<Target, Problem> {
        Ok(Target { id: named("obligation", &about.obligation)?, version: about.version.or(self.seen) })
    }

    fn all(&self, about: &[About]) -> Result<Vec<Target>, Problem> {
        about.iter().map(|one| self.about(one)).collect()
    }

    fn command(&mut self, asked: &Asked) -> Result<Command, Problem> {
        Ok(match asked {
            Asked::Open(new) => self.open(new)?,
            Asked::Name { what, subjects } => {
                let target = self.about(what)?;
                let subjects: Vec<Subject> =
                    subjects.iter().map(|one| named("subjects", one)).collect::<Result<_, _>>()?;
                let (command, made) = (self.command, &mut self.made);
                let mut new_id = || {
                    let id = next_id(command, made.len());
                    made.push(id);
                    id
                };
                Command::Name {
                    subjects: of_names(self.city.journal, target.id, &subjects, &mut new_id)?,
                    what: target,
                }
            }
            Asked::Correct { what, from, units, reason } => Command::Correct {
                what: self.about(what)?,
                from: match from {
                    Recorded::Met => Stands::Met,
                    Recorded::Waived => Stands::Waived,
                    Recorded::Expired => Stands::Expired,
                    Recorded::Voided => Stands::Voided,
                },
                units: *units,
                reason: reason.clone(),
            },
            Asked::ProposeOrder(new) => self.propose(new)?,
            Asked::ApproveOrder { order, version, capacity } => {
                let (order, capacities) = self.held(order, capacity)?;
                Command::Approve { order: order.id, version: version.or(self.seen), capacities }
            }
            Asked::IssueOrder { order, capacity } => {
                let (known, capacities) = self.held(order, capacity)?;
                // Only what saves lives is held with this step; of the others it was held when they were approved.
                let capacities = if known.life_saving { capacities } else { vec![] };
                self.saving += usize::from(known.life_saving);
                Command::Issue { order: known.id, capacities }
            }
            Asked::Assign { what, to } => {
                let to = to.as_deref().map(|to| named::<PersonId>("to", to)).transpose()?;
                Command::Assign { what: self.all(what)?, to }
            }
            Asked::Begin { what, units } => Command::Begin { what: self.about(what)?, units: *units },
            Asked::Meet { what, units, reason, said, evidence } => Command::Meet {
                what: self.about(what)?,
                units: *units,
                reason: reason.clone(),
                said: (*said).into(),
                evidence: sealed(self.city.blobs, evidence)?,
            },
            Asked::Close { what, to, units, reason, said, evidence } => Command::Close {
                what: self.about(what)?,
                to: match to {
                    Closed::Waived => Stands::Waived,
                    Closed::Expired => Stands::Expired,
                    Closed::Voided => Stands::Voided,
                },
                units: *units,
                reason: reason.clone(),
                said: (*said).into(),
                evidence: sealed(self.city.blobs, evidence)?,
            },
            Asked::Transfer { what, units, to } => {
                let id = ObligationId(self.new_id());
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
            Asked::FinishOrder { order, met, reason, evidence } => {
                let met = met.as_ref().map(|met| all_named("met", met)).transpose()?;
                let order = named("order", order)?;
                Command::Finish { order, met, reason: reason.clone(), evidence: sealed(self.city.blobs, evidence)? }
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

/// How urgent it is to find out what is asked: whether an order that is given out saves lives is known only when it was read (law 7).
fn dispatches(asked: &[Asked]) -> Urgency {
    let all = asked.iter().all(|one| matches!(one, Asked::IssueOrder { .. }));
    if all { Urgency::Urgent } else { Urgency::Ordinary }
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
    asking.may(Right::ChangeOwed, None)?;
    if !(1..=10_000).contains(&group.commands.len()) {
        return Err(Problem::bad_input(format!("{} commands", group.commands.len()), "send 1 to 10,000 together"));
    }
    let at = moment(&app, group.at)?;
    let desk = app.city.known_desk();
    let times = desk.times(app.city.now(), Some(at))?;
    let (command, seen, note) = (asking.envelope.command_id, asking.seen, group.note);
    let reads = std::sync::Arc::clone(&desk);
    // Sealing a text and reading a report block.
    let (commands, made, told, note, urgency) = run(&app.city, dispatches(&group.commands), move |_, city| {
        let mut reader = Reader { city, desk: &reads, command, at, made: vec![], told: vec![], saving: 0, seen };
        let commands = group.commands.iter().map(|asked| reader.command(asked)).collect::<Result<Vec<_>, _>>()?;
        let Reader { city, made, told, saving, .. } = reader;
        let urgency = if saving == commands.len() { Urgency::Urgent } else { Urgency::Ordinary };
        let note = note.map(|note| city.blobs.put(note.as_bytes())).transpose().map_err(AppError::from)?;
        Ok((commands, made, told, note, urgency))
    })
    .await?;
    let envelope = asking.envelope.clone();
    let (receipt, changes) =
        submit(&app.city, urgency, asking.envelope, move |tx| desk.work(tx, &envelope, times, &commands, note)).await?;
    let made = made.iter().map(ToString::to_string).collect();
    let changes = changes.map_or(0, |changes| changes.len());
    Ok(Json(GroupDone { written: Written::from(&receipt), changes, made, capacity: told }))
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
    asking.may(Right::ChangeOwed, None)?;
    let at = moment(&app, undo.at)?;
    let command = CommandId::new(named("command", &undo.command)?);
    run(&app.city, Urgency::Ordinary, move |_, city| {
        let done = undo_at(city, &asking.envelope, command, Some(at))?;
        let (written, changes) = (Written::from(&done.receipt), done.changes.len());
        Ok(Json(GroupDone { written, changes, made: vec![], capacity: vec![] }))
    })
    .await
}
