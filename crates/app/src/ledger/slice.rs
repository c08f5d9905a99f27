//! The part of the books that a command touches, read from the store.

use crate::journal::{JournalError, Read};
use crate::projection::ledger::read;
use levee_ledger::catalogue::Catalogue;
use levee_ledger::order::{Order, OrderId};
use levee_ledger::{Books, Command, ObligationId};
use std::sync::Arc;

/// Reads what a command is about into books of its own.
pub(super) fn slice(on: &dyn Read, catalogue: &Arc<Catalogue>, command: &Command) -> Result<Books, JournalError> {
    let mut books = Books::new(Arc::clone(catalogue));
    match command {
        Command::Open(new) => {
            if let Some(ground) = &new.ground
                && let Some(known) = read::on_ground(on, &new.kind, &new.path, ground)?
            {
                with_orders(on, &mut books, known.orders.clone())?;
                books.take(known);
            }
            take(on, &mut books, new.id)?;
        }
        Command::Assign { what, .. } | Command::Explain { what, .. } => {
            for target in what {
                take(on, &mut books, target.id)?;
            }
        }
        Command::Begin { what, .. }
        | Command::Meet { what, .. }
        | Command::Close { what, .. }
        | Command::Correct { what, .. } => take_with_orders(on, &mut books, what.id)?,
        Command::Transfer { what, id, .. } => {
            take_with_orders(on, &mut books, what.id)?;
            take(on, &mut books, *id)?;
        }
        Command::Name { what, subjects } => {
            take(on, &mut books, what.id)?;
            for subject in subjects {
                take(on, &mut books, subject.id)?;
            }
        }
        Command::Propose(order) => {
            if let Some(known) = read::order(on, &order.id)? {
                books.take_order(known);
            }
            for promise in &order.meets {
                take(on, &mut books, promise.obligation)?;
            }
        }
        Command::Approve { order, .. }
        | Command::Issue { order, .. }
        | Command::Accept { order }
        | Command::Finish { order, .. }
        | Command::Fail { order, .. }
        | Command::Cancel { order, .. } => with_orders(on, &mut books, vec![*order])?,
    }
    Ok(books)
}

fn take(on: &dyn Read, books: &mut Books, id: ObligationId) -> Result<(), JournalError> {
    if books.obligation(&id).is_none()
        && let Some(obligation) = read::obligation(on, &id)?
    {
        books.take(obligation);
    }
    Ok(())
}

fn take_with_orders(on: &dyn Read, books: &mut Books, id: ObligationId) -> Result<(), JournalError> {
    take(on, books, id)?;
    let orders = books.obligation(&id).map(|obligation| obligation.orders.clone()).unwrap_or_default();
    with_orders(on, books, orders)
}

/// Orders with all that they name and hold, and the other orders that name the same: those may lapse.
fn with_orders(on: &dyn Read, books: &mut Books, orders: Vec<OrderId>) -> Result<(), JournalError> {
    let mut asked = orders;
    while let Some(id) = asked.pop() {
        if books.order(&id).is_some() {
            continue;
        }
        let Some(order) = read::order(on, &id)? else { continue };
        let Order { meets, holds, .. } = &order;
        for promise in meets {
            take(on, books, promise.obligation)?;
            let others = books.obligation(&promise.obligation).map(|one| one.orders.clone()).unwrap_or_default();
            asked.extend(others.into_iter().filter(|other| books.order(other).is_none() && *other != id));
        }
        for hold in holds {
            if books.resource(&hold.resource).is_none()
                && let Some(resource) = read::resource(on, &hold.resource)?
            {
                books.take_resource(hold.resource.clone(), resource);
            }
        }
        books.take_order(order);
    }
    Ok(())
}
