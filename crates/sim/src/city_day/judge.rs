//! What must be refused, judged from the laws and from what people are, not from the ledger's code.

use super::deed::{Deed, Message};
use super::tally::{Item, OrderItem, Tally};
use jiff::Timestamp;
use levee_ledger::order::OrderState;
use levee_ledger::{AreaPath, Command, ObligationId, Said, State, Target};
use levee_model::command::Actor;
use levee_model::ids::PersonId;
use std::collections::BTreeMap;

/// How high somebody stands towards something: by the names of the people of the pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Height {
    Stranger,
    Owner,
    Lead,
    Commander,
}

/// Reasons that only the recipient, a clinician, a lead or a commander may give.
const RECIPIENT: &[&str] = &["recipient_refused", "recipient_withdrew", "own_means", "recipient_asked_later"];
const CLINICIAN: &[&str] = &["deceased", "recovered", "exempt_clinical"];
const LEAD: &[&str] = &["need_gone", "overtaken", "opened_in_error", "awaiting_decision"];
const COMMANDER: &[&str] = &["superseded"];

/// Evidence without which nobody may say that it was done.
pub(super) const EVIDENCE: &[(&str, &str)] = &[("food_delivery", "delivery_record"), ("test_round", "round_report")];

impl Tally {
    pub(super) fn height(
        &self,
        who: &PersonId,
        path: &AreaPath,
        section: &str,
        owner: Option<&PersonId>,
        at: Timestamp,
    ) -> Height {
        let name = who.as_str();
        if name.starts_with("commander-") {
            return Height::Commander;
        }
        if name.strip_prefix("lead-").or_else(|| name.strip_prefix("duty-")) == Some(section) {
            return Height::Lead;
        }
        if let Some(area) = name.strip_prefix("coordinator-") {
            // `RS-1` and their second, `RS-1-2`.
            let district = area.split('-').take(2).collect::<Vec<_>>().join("-");
            if path.codes().any(|code| code == district) {
                return Height::Lead;
            }
        }
        if owner == Some(who) {
            return Height::Owner;
        }
        // Districts have a post for transfers; all else is answered for by those above.
        if section == "transfer" && path.codes().count() > 1 {
            let took = self.duty.get(path.book()).into_iter().flatten();
            let on_duty = took.filter(|(since, _)| *since <= at).max_by_key(|(since, _)| *since);
            if on_duty.is_some_and(|(_, person)| person == who) {
                return Height::Owner;
            }
        }
        Height::Stranger
    }

    /// Why a request must be refused; `None` where nothing is known against it.
    pub(super) fn must_refuse(
        &self,
        message: &Message,
        at: Timestamp,
        now: Timestamp,
        versions: Option<&BTreeMap<ObligationId, u32>>,
    ) -> Option<&'static str> {
        let who = match &message.envelope.actor {
            Actor::Person(person) => Some(person),
            Actor::LocalOperator | Actor::System => None,
        };
        match &message.deed {
            Deed::Ask(ask) if ask.at.is_some_and(|at| at > now) => Some("it lies ahead of the clock"),
            Deed::Ask(ask) if ask.commands.len() == 1 => {
                ask.commands.first().and_then(|command| self.against(who, command, at, versions))
            }
            Deed::Settle { .. } => match who {
                Some(who)
                    if ["commander-", "coordinator-", "lead-", "duty-"]
                        .iter()
                        .any(|role| who.as_str().starts_with(role)) =>
                {
                    None
                }
                _ => Some("they may not seal"),
            },
            Deed::Ask(_) | Deed::HandOver { .. } | Deed::Undo(_) => None,
        }
    }

    fn against(
        &self,
        who: Option<&PersonId>,
        command: &Command,
        at: Timestamp,
        versions: Option<&BTreeMap<ObligationId, u32>>,
    ) -> Option<&'static str> {
        let stands = |item: &Item, least: Height| {
            let height = who.map(|who| self.height(who, &item.path, item.section.as_str(), item.owner.as_ref(), at));
            match height {
                None => Some("nobody acts"),
                Some(height) if height < least => Some("it is not theirs"),
                Some(_) => None,
            }
        };
        let orders = |order: &OrderItem, least: Height| match who {
            None => Some("nobody acts"),
            Some(_) if order.life_saving => None,
            Some(who) if least == Height::Owner && order.carried_out_by.as_ref() == Some(who) => None,
            Some(who) => {
                let height = self.height(who, &order.path, order.section.as_str(), order.carried_out_by.as_ref(), at);
                (height < least).then_some("the order is not theirs")
            }
        };
        let fresh = |target: &Target| {
            let (seen, now) = (target.version?, versions?.get(&target.id)?);
            (seen != *now).then_some("it has changed since")
        };
        let may_work = |item: &Item| match (item.life_saving, who) {
            (true, Some(_)) => None,
            _ => stands(item, Height::Owner),
        };
        let no_more = |item: &Item, units: u64| (units == 0 || units > item.owed).then_some("more than is owed");
        let item = |target: &Target| self.items.get(&target.id).ok_or("it was never opened");
        let judged = || -> Result<Option<&'static str>, &'static str> {
            Ok(match command {
                Command::Open(_) => None,
                Command::Assign { what, .. } => {
                    for target in what {
                        let one = item(target)?;
                        let closed = (one.owed == 0).then_some("nothing is owed");
                        if let Some(why) = fresh(target).or(may_work(one)).or(closed) {
                            return Ok(Some(why));
                        }
                    }
                    None
                }
                Command::Begin { what, units } => {
                    let one = item(what)?;
                    fresh(what).or(may_work(one)).or(no_more(one, *units))
                }
                Command::Meet { what, units, reason, said, evidence } => {
                    let one = item(what)?;
                    let needs = EVIDENCE.iter().find(|(kind, _)| *kind == one.kind.as_str());
                    let bare = needs.is_some_and(|(_, what)| !evidence.iter().any(|one| one.what == *what));
                    let bare = bare.then_some("the evidence is missing");
                    let theirs =
                        reason.as_ref().and_then(|reason| not_theirs(reason, *said, &|least| stands(one, least)));
                    fresh(what).or(may_work(one)).or(no_more(one, *units)).or(bare).or(theirs)
                }
                Command::Close { what, to, units, reason, said, .. } => {
                    let one = item(what)?;
                    let never = (*to == State::Expired && one.never_expires).then_some("it never expires");
                    // Levee itself may write down that a need is gone, or that a report was corrected.
                    let theirs =
                        not_theirs(reason, *said, &|least| if who.is_none() { None } else { stands(one, least) });
                    fresh(what).or(never).or(no_more(one, *units)).or(theirs)
                }
                Command::Correct { what, from, units, .. } => {
                    let one = item(what)?;
                    let there = match from {
                        State::Met => one.met,
                        State::Waived => one.waived,
                        State::Expired => one.expired,
                        State::Voided => one.voided,
                        _ => 0,
                    };
                    fresh(what).or(stands(one, Height::Owner)).or((*units > there).then_some("more than was recorded"))
                }
                Command::Transfer { what, units, to, .. } => {
                    let one = item(what)?;
                    let same = (one.path == *to).then_some("it is owed there already");
                    fresh(what).or(stands(one, Height::Owner)).or(no_more(one, *units)).or(same)
                }
                Command::Name { what, subjects } => {
                    let one = item(what)?;
                    let named = one.named.then_some("it is named already");
                    fresh(what).or(stands(one, Height::Owner)).or(no_more(one, subjects.len() as u64)).or(named)
                }
                Command::Explain { what, ends, .. } => {
                    for target in what {
                        let one = item(target)?;
                        let late = (one.owed == 0 || one.due > *ends).then_some("it is not late");
                        if let Some(why) = fresh(target).or(stands(one, Height::Owner)).or(late) {
                            return Ok(Some(why));
                        }
                    }
                    None
                }
                Command::Propose(order) => {
                    let mut why = order.meets.is_empty().then_some("it meets nothing");
                    for promise in &order.meets {
                        why = why.or(no_more(item(&promise.obligation.into())?, promise.units));
                    }
                    why
                }
                Command::Approve { order, .. } => {
                    let one = self.orders.get(order).ok_or("there is no such order")?;
                    let step = (one.state != OrderState::Proposed).then_some("it is not proposed");
                    step.or(orders(one, Height::Lead)).or(one.life_saving.then_some("it needs no approval"))
                }
                Command::Issue { order, .. } => {
                    let one = self.orders.get(order).ok_or("there is no such order")?;
                    let ready = if one.life_saving { OrderState::Proposed } else { OrderState::Approved };
                    (one.state != ready).then_some("nobody approved it").or(orders(one, Height::Owner))
                }
                Command::Accept { order } => {
                    let one = self.orders.get(order).ok_or("there is no such order")?;
                    (one.state != OrderState::Issued).then_some("it was not issued").or(orders(one, Height::Owner))
                }
                Command::Finish { order, met, .. } => {
                    let one = self.orders.get(order).ok_or("there is no such order")?;
                    let over = one.meets.iter().any(|(id, promised)| {
                        met.as_ref().and_then(|met| met.get(id)).is_some_and(|met| met > promised)
                    });
                    let step = (one.state != OrderState::Accepted).then_some("nobody took it");
                    step.or(orders(one, Height::Owner)).or(over.then_some("more than it promised"))
                }
                Command::Fail { order, .. } => {
                    let one = self.orders.get(order).ok_or("there is no such order")?;
                    let out = matches!(one.state, OrderState::Issued | OrderState::Accepted);
                    (!out).then_some("it is not under way").or(orders(one, Height::Owner))
                }
                Command::Cancel { order, .. } => {
                    let one = self.orders.get(order).ok_or("there is no such order")?;
                    one.state.is_over().then_some("it is over").or(orders(one, Height::Owner))
                }
            })
        };
        judged().unwrap_or_else(Some)
    }
}

fn not_theirs(reason: &str, said: Said, stands: &dyn Fn(Height) -> Option<&'static str>) -> Option<&'static str> {
    let among = |list: &[&str]| list.contains(&reason);
    if among(RECIPIENT) && said != Said::Recipient {
        return Some("only the recipient may say so");
    }
    if among(CLINICIAN) && said != Said::Clinician {
        return Some("only a clinician may say so");
    }
    let least = match () {
        () if among(LEAD) => Height::Lead,
        () if among(COMMANDER) => Height::Commander,
        () => Height::Owner,
    };
    stands(least)
}
