//! Verification of a journal in PostgreSQL. Projections are made again in a temporary file of this machine.

use super::fault;
use super::group;
use super::link::Link;
use super::pages::{self, EventPages};
use crate::audit::{Audit, Commanded, ProjectionRow};
use crate::sqlite::made_again;
use levee_app::journal::{Fault, JournalError, Projections, Verification};
use std::cell::RefCell;
use tokio_postgres::Row;

const COMMAND: &str = "SELECT command_id, first, last FROM levee.command WHERE command_id = $1";
const WITH_EVENTS: &str = "SELECT count(*) FROM levee.command WHERE first <= last";
const HEADS: &str = "SELECT name, sequence, hash FROM levee.stream ORDER BY name";
const ROWS: &str = "SELECT space, key, value FROM (\
     SELECT space, key, value FROM levee.projection WHERE (space, key) >= ($1, $2) UNION ALL \
     SELECT space, key, value FROM levee.projection_long WHERE (space, key) >= ($1, $2)\
     ) AS both_tables ORDER BY space, key LIMIT 2048";

/// Reads the journal as it stands at one moment, though others write meanwhile.
pub(super) fn verify(link: &Link) -> Result<Verification, JournalError> {
    let _moment = link.snapshot()?;
    let audit = RefCell::new(Audit::default());
    made_again(&mut |rebuilt| events(link, &mut audit.borrow_mut(), rebuilt), &mut |rebuilt| {
        let mut kept = Kept { link, from: Some((i16::MIN, Vec::new())), page: Vec::new().into_iter() };
        audit.borrow_mut().compare(|| kept.next(), &mut *rebuilt)
    })?;
    Ok(audit.into_inner().finish())
}

fn events(link: &Link, audit: &mut Audit, rebuilt: &mut dyn Projections) -> Result<(), JournalError> {
    let mut commands = 0u64;
    // From before every position, so that one below zero is seen.
    let mut pages = EventPages::after(i64::MIN);
    while !pages.ended() {
        for row in pages.fetch(link)? {
            match pages::fields(&row) {
                Ok((fields, hash)) => {
                    if let Some(ended) = audit.event(&fields, hash, rebuilt)? {
                        commands += check_command(link, &ended, audit)?;
                    }
                }
                Err(why) => {
                    let position: i64 = row.try_get(0).map_err(|error| link.fault(error))?;
                    audit.unreadable(u64::try_from(position).unwrap_or(0), why);
                }
            }
        }
    }
    if let Some(ended) = audit.ended(&*rebuilt)? {
        commands += check_command(link, &ended, audit)?;
    }
    check_other_commands(link, commands, audit)?;
    let heads = link.ask(async |session| session.client().query(HEADS, &[]).await)?;
    let head = |row: &Row| {
        // A sequence below zero is no sequence; it will not match.
        let sequence = u64::try_from(row.try_get::<_, i64>(1)?).unwrap_or(u64::MAX);
        Ok((row.try_get::<_, String>(0)?.into_bytes(), sequence, row.try_get(2)?))
    };
    let heads: Result<Vec<_>, tokio_postgres::Error> = heads.iter().map(head).collect();
    audit.heads(heads.map_err(|error| link.fault(error))?.into_iter());
    Ok(())
}

/// 1 when the command's row is there, right or wrong.
fn check_command(link: &Link, ended: &Commanded, audit: &mut Audit) -> Result<u64, JournalError> {
    let row =
        link.ask(async |session| session.client().query_opt(&session.prepared(COMMAND).await?, &[&ended.id]).await)?;
    let kept = row.as_ref().map(group::receipt).transpose().map_err(|error| link.fault(error))?;
    if kept.map(|(_, first, last)| (first, last)) != Some((ended.first, ended.last)) {
        audit.fault(Fault::Stored {
            place: format!("the receipt of the command of events {} to {}", ended.first, ended.last),
            why: "it is missing or names other events".to_owned(),
        });
    }
    Ok(u64::from(row.is_some()))
}

/// Receipts that belong to no events, other than those of commands that had none.
fn check_other_commands(link: &Link, seen: u64, audit: &mut Audit) -> Result<(), JournalError> {
    let all = link.ask(async |session| session.client().query_one(WITH_EVENTS, &[]).await?.try_get::<_, i64>(0))?;
    if u64::try_from(all) != Ok(seen) {
        audit.fault(Fault::Stored {
            place: "receipts".to_owned(),
            why: format!("{all} commands are said to have events, but the events are of {seen}"),
        });
    }
    Ok(())
}

/// The kept projections, in the order of space and key.
struct Kept<'l> {
    link: &'l Link,
    /// Where the next page begins; `None` after the last.
    from: Option<(i16, Vec<u8>)>,
    page: std::vec::IntoIter<ProjectionRow>,
}

impl Kept<'_> {
    fn next(&mut self) -> Result<Option<ProjectionRow>, JournalError> {
        if self.page.len() == 0
            && let Some((space, key)) = self.from.take()
        {
            let rows = self
                .link
                .ask(async |session| session.client().query(&session.prepared(ROWS).await?, &[&space, &key]).await)?;
            if let Some(last) = rows.last() {
                // The smallest key after the last one.
                let mut key: Vec<u8> = last.try_get(1).map_err(|error| self.link.fault(error))?;
                key.push(0);
                self.from = Some((last.try_get(0).map_err(|error| self.link.fault(error))?, key));
            }
            let row = |row: &Row| {
                let space = i64::from(row.try_get::<_, i16>(0)?);
                Ok(ProjectionRow { space, key: row.try_get(1)?, value: row.try_get(2)? })
            };
            let page: Result<Vec<_>, tokio_postgres::Error> = rows.iter().map(row).collect();
            self.page = page.map_err(|error| fault::postgres(&self.link.place, error))?.into_iter();
        }
        Ok(self.page.next())
    }
}
