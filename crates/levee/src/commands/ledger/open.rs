//! `levee open`: one obligation, or a table of them.

use super::counter::Counter;
use crate::cli::Cli;
use crate::cli::ledger::{FieldGiven, OpenArgs};
use crate::failure::Failure;
use crate::open::Access;
use levee_app::blob::Blobs as _;
use levee_ledger::catalogue::{Field, FieldValue};
use levee_ledger::{Command, Digest, NewObligation, ObligationId};
use levee_model::area::PlaceCode;
use std::collections::BTreeMap;
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, args: &OpenArgs) -> Result<ExitCode, Failure> {
    let mut counter = Counter::open(cli, &args.city, Access::Write, args.when.lang)?;
    counter.kind(&args.kind)?;
    match (&args.file, &args.area) {
        (Some(file), _) => super::table::open(cli, &mut counter, args, file),
        (None, Some(area)) => one(&mut counter, args, area),
        // The arguments ask for one of the two.
        (None, None) => Ok(ExitCode::SUCCESS),
    }
}

fn one(counter: &mut Counter, args: &OpenArgs, area: &PlaceCode) -> Result<ExitCode, Failure> {
    let at = counter.at(&args.when)?;
    let path = counter.path(area)?;
    if let Some(owner) = &args.owner {
        counter.known(owner)?;
    }
    let Some(units) = args.units.or(args.subject.as_ref().map(|_| 1)) else {
        return Err(counter.failure(
            ("没有说明数量".into(), "it is not said how many are owed".into()),
            (
                "用 --units N 说明，具名的用 --subject".into(),
                "say it with --units N, or name one with --subject".into(),
            ),
        ));
    };
    let fields = fields(counter, args)?;
    let due = args.due.map(|due| counter.moment(due)).transpose()?;
    // Everything that can be refused here was; what the ledger refuses leaves a sealed text that nobody names.
    let note = match &args.note {
        Some(note) => Some(Digest(counter.opened.blobs.put(note.as_bytes())?.0)),
        None => None,
    };
    let id = ObligationId(counter.new_entity());
    let new = NewObligation {
        id,
        kind: args.kind.clone(),
        path,
        units,
        subject: args.subject.clone(),
        ground: args.ground.clone(),
        opened_at: at,
        due,
        owner: args.owner.clone(),
        fields,
        note,
        synthetic: args.synthetic,
    };
    counter.carry_out(vec![Command::Open(Box::new(new))], at, None)
}

/// The fields that were given, as their kind has them. One that the kind does not have is the ledger's to refuse.
fn fields(counter: &Counter, args: &OpenArgs) -> Result<BTreeMap<String, FieldValue>, Failure> {
    let known = counter.desk.catalogue.fields(&args.kind);
    let mut all = BTreeMap::new();
    for FieldGiven { name, value } in &args.fields {
        let parsed = match known.iter().find(|field| field.name == *name) {
            Some(field) => field_value(counter, field, value)?,
            None => FieldValue::Text(value.clone()),
        };
        if all.insert(name.clone(), parsed).is_some() {
            return Err(counter.failure(
                (format!("栏目“{name}”给了两次"), format!("field `{name}` is given twice")),
                ("只给一次".into(), "give it once".into()),
            ));
        }
    }
    Ok(all)
}

fn field_value(counter: &Counter, field: &Field, given: &str) -> Result<FieldValue, Failure> {
    let value = levee_app::ledger::orders::field_value(&field.holds, given);
    value.ok_or_else(|| {
        let (name, zh, en) =
            (&field.name, super::words::field(crate::cli::Lang::Zh, &field.holds), field.holds.words());
        counter.failure(
            (format!("--field {name}={given}：填写不符"), format!("--field {name}={given} cannot be read")),
            (format!("应为{zh}"), format!("expected {en}")),
        )
    })
}
