//! Asks the policies: Cedar decides, this file tells it who, what and where.

use super::Right;
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use levee_ledger::AreaPath;
use levee_model::person::{Person, Role};
use std::sync::LazyLock;

/// Who may what.
pub(super) const POLICIES: &str = include_str!("../../policies/levee.cedar");

/// What the policies speak of, for the tests that hold them against it.
#[cfg(test)]
pub(super) const SCHEMA: &str = include_str!("../../policies/levee.cedarschema");

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub(super) enum Who<'a> {
    Person(&'a Person),
    Operator,
    Levee,
    Account { administrator: bool },
}

/// The policies, read once.
pub(super) struct Policies {
    set: PolicySet,
    authorizer: Authorizer,
    person: EntityTypeName,
    role: EntityTypeName,
    area: EntityTypeName,
    operator: EntityTypeName,
    levee: EntityTypeName,
    account: EntityTypeName,
    action: EntityTypeName,
}

static OURS: LazyLock<Result<Policies, String>> = LazyLock::new(|| Policies::parse(POLICIES));

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// The role as the policies write it: as everywhere else in data.
pub(super) fn role_name(role: Role) -> &'static str {
    match role {
        Role::Commander => "commander",
        Role::SectionLead => "section_lead",
        Role::Coordinator => "coordinator",
        Role::IntakeClerk => "intake_clerk",
        Role::Analyst => "analyst",
        Role::Auditor => "auditor",
    }
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

impl Policies {
    /// The ones that hold. An error stands for a build of Levee that nobody tested: then nobody may anything.
    pub(super) fn ours() -> Result<&'static Self, String> {
        OURS.as_ref().map_err(Clone::clone)
    }

    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let kind = |name: &str| name.parse::<EntityTypeName>().map_err(said);
        Ok(Self {
            set: text.parse().map_err(said)?,
            authorizer: Authorizer::new(),
            person: kind("Person")?,
            role: kind("Role")?,
            area: kind("Area")?,
            operator: kind("Operator")?,
            levee: kind("Levee")?,
            account: kind("Account")?,
            action: kind("Action")?,
        })
    }

    fn principal(&self, who: Who<'_>) -> Result<Entity, String> {
        let attributes;
        let (uid, roles) = match who {
            Who::Person(person) => {
                let section = person.section.as_ref().map(|one| RestrictedExpression::new_string(one.clone()));
                let area = person.area.as_ref().map(|one| uid(&self.area, one.as_str()));
                let area = area.map(RestrictedExpression::new_entity_uid);
                attributes = vec![("section", section), ("area", area)];
                (uid(&self.person, person.id.as_str()), vec![uid(&self.role, role_name(person.role))])
            }
            Who::Operator => {
                attributes = vec![];
                (uid(&self.operator, "local"), vec![])
            }
            Who::Levee => {
                attributes = vec![];
                (uid(&self.levee, "levee"), vec![])
            }
            Who::Account { administrator } => {
                attributes = vec![("administrator", Some(RestrictedExpression::new_bool(administrator)))];
                (uid(&self.account, "account"), vec![])
            }
        };
        let attributes = attributes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Entity::new(uid, attributes.collect(), roles.into_iter().collect()).map_err(said)
    }

    /// The place: the one that is given, or else the one that the person covers.
    fn place(&self, who: Who<'_>, path: Option<&AreaPath>) -> Entity {
        let own = match who {
            Who::Person(person) => person.area.as_ref().map(|area| area.as_str()),
            Who::Operator | Who::Levee | Who::Account { .. } => None,
        };
        let (area, above) = match path {
            Some(path) => (path.area(), path.codes().rev().skip(1).map(|code| uid(&self.area, code)).collect()),
            None => (own.unwrap_or("city"), [].into_iter().collect()),
        };
        Entity::new_no_attrs(uid(&self.area, area), above)
    }

    /// Whether it is permitted. A policy that cannot be worked out permits nothing: it might have forbidden it.
    pub(super) fn permit(
        &self,
        who: Who<'_>,
        right: Right,
        path: Option<&AreaPath>,
        section: Option<&str>,
    ) -> Result<bool, String> {
        let (principal, place) = (self.principal(who)?, self.place(who, path));
        let context = match section {
            None => Context::empty(),
            Some(section) => {
                let section = RestrictedExpression::new_string(section.to_owned());
                Context::from_pairs([("section".to_owned(), section)]).map_err(said)?
            }
        };
        let action = uid(&self.action, right.name());
        let request = Request::new(principal.uid(), action, place.uid(), context, None).map_err(said)?;
        let entities = Entities::from_entities([principal, place], None).map_err(said)?;
        let answer = self.authorizer.is_authorized(&request, &self.set, &entities);
        match answer.diagnostics().errors().next() {
            Some(error) => Err(said(error)),
            None => Ok(answer.decision() == Decision::Allow),
        }
    }
}
