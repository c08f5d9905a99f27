//! Keys of the ledger's projections. Their bytes sort as people ask: by book, section, due time.

use jiff::Timestamp;
use jiff::civil::Date;
use levee_ledger::order::{OrderId, ResourceId};
use levee_ledger::{AreaPath, Ground, KindId, ObligationId, Section};
use levee_model::ids::{EntityId, PersonId};

/// Seconds of a slot in which due times are counted together: a quarter of an hour, so that a day of every time zone
/// begins with one.
pub const SLOT_SECONDS: i64 = 900;

/// The slot of a moment.
pub fn slot(at: Timestamp) -> i64 {
    at.as_second().div_euclid(SLOT_SECONDS)
}

fn sortable(number: i64) -> [u8; 8] {
    // Flipping the sign bit makes negative numbers sort before positive ones.
    (number ^ i64::MIN).to_be_bytes()
}

fn entity(id: EntityId) -> [u8; 20] {
    let mut key = [0; 20];
    let (command, ordinal) = (id.command().into_bytes(), id.ordinal().to_be_bytes());
    for (to, from) in key.iter_mut().zip(command.into_iter().chain(ordinal)) {
        *to = from;
    }
    key
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    let mut key = Vec::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
    for (nth, part) in parts.iter().enumerate() {
        if nth > 0 {
            key.push(0);
        }
        key.extend_from_slice(part);
    }
    key
}

/// All keys that begin so: the first, and the first after them.
pub fn beginning(with: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
    let mut after = with.clone();
    // Keys begin with text or fixed numbers that never end in 0xff bytes; a longer 0xff tail stands behind them all.
    after.extend_from_slice(&[0xff; 9]);
    (with, after)
}

/// Key of an obligation.
pub fn obligation(id: &ObligationId) -> Vec<u8> {
    entity(id.0).to_vec()
}

/// Key of what is still owed.
pub fn owed(book: &str, section: &Section, due: Timestamp, id: &ObligationId) -> Vec<u8> {
    let mut key = joined(&[book.as_bytes(), section.as_str().as_bytes(), &sortable(due.as_second())]);
    key.extend_from_slice(&entity(id.0));
    key
}

/// All that is owed in a book by a section and due before a moment.
pub fn owed_before(book: &str, section: &Section, before: Timestamp) -> (Vec<u8>, Vec<u8>) {
    let from = joined(&[book.as_bytes(), section.as_str().as_bytes(), b""]);
    let to = joined(&[book.as_bytes(), section.as_str().as_bytes(), &sortable(before.as_second())]);
    (from, to)
}

/// All that is owed in a book.
pub fn owed_in(book: &str) -> (Vec<u8>, Vec<u8>) {
    (joined(&[book.as_bytes(), b""]), [book.as_bytes(), &[1]].concat())
}

/// The section and due time that an `owed` key names.
pub fn owed_parts(key: &[u8]) -> Option<(String, i64, ObligationId)> {
    let mut parts = key.splitn(3, |byte| *byte == 0);
    let (_, section, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let due: [u8; 8] = rest.get(..8)?.try_into().ok()?;
    let id: [u8; 16] = rest.get(8..24)?.try_into().ok()?;
    let ordinal: [u8; 4] = rest.get(24..28)?.try_into().ok()?;
    let id = EntityId::new(uuid::Uuid::from_bytes(id), u32::from_be_bytes(ordinal));
    Some((String::from_utf8(section.to_vec()).ok()?, i64::from_be_bytes(due) ^ i64::MIN, ObligationId(id)))
}

fn day_bytes(day: Date) -> [u8; 4] {
    let days = day.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24;
    let sortable = (days + (1i64 << 31)).clamp(0, i64::from(u32::MAX));
    u32::try_from(sortable).unwrap_or(u32::MAX).to_be_bytes()
}

/// Key of what flowed in an account on a day.
pub fn account(day: Date, path: &AreaPath, kind: &KindId) -> Vec<u8> {
    let mut key = day_bytes(day).to_vec();
    key.extend_from_slice(path.as_str().as_bytes());
    key.push(0);
    key.extend_from_slice(kind.as_str().as_bytes());
    key
}

/// The day that a key of an account names.
pub fn day_of_account(key: &[u8]) -> Option<Date> {
    let days: [u8; 4] = key.get(..4)?.try_into().ok()?;
    let days = i64::from(u32::from_be_bytes(days)) - (1i64 << 31);
    Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// Key of where the units of an account stand, and of what its sealed days leave.
pub fn balance(path: &AreaPath, kind: &KindId) -> Vec<u8> {
    joined(&[path.as_str().as_bytes(), kind.as_str().as_bytes()])
}

/// The account that a key of a balance names.
pub fn balance_parts(key: &[u8]) -> Option<(AreaPath, KindId)> {
    let text = std::str::from_utf8(key).ok()?;
    let (path, kind) = text.split_once('\0')?;
    Some((path.parse().ok()?, kind.parse().ok()?))
}

/// Key ranges over the accounts of an area and all that lies in it. The area itself and what lies below it are apart: in
/// between may stand an area whose code begins alike.
pub fn within(prefix: &[u8], path: &AreaPath) -> [(Vec<u8>, Vec<u8>); 2] {
    let of = |end: u8| [prefix, path.as_str().as_bytes(), &[end]].concat();
    [(of(0), of(1)), (of(b'/'), of(b'/' + 1))]
}

/// The prefix under which the flows of a day lie.
pub fn on_day(day: Date) -> Vec<u8> {
    day_bytes(day).to_vec()
}

/// Key of how much is owed that is due in a slot.
pub fn due(book: &str, section: &Section, kind: &KindId, slot: i64) -> Vec<u8> {
    joined(&[book.as_bytes(), section.as_str().as_bytes(), kind.as_str().as_bytes(), &sortable(slot)])
}

/// The section, kind and slot that a `due` key names.
pub fn due_parts(key: &[u8]) -> Option<(Section, KindId, i64)> {
    let mut parts = key.splitn(4, |byte| *byte == 0);
    let (_, section, kind, slot) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let slot: [u8; 8] = slot.try_into().ok()?;
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(str::to_owned);
    Some((text(section)?.parse().ok()?, text(kind)?.parse().ok()?, i64::from_be_bytes(slot) ^ i64::MIN))
}

/// Key of how what was due in a slot was closed.
pub fn closure(book: &str, section: &Section, slot: i64, kind: &KindId) -> Vec<u8> {
    let mut key = joined(&[book.as_bytes(), section.as_str().as_bytes(), &sortable(slot)]);
    key.extend_from_slice(kind.as_str().as_bytes());
    key
}

/// What was due in a book and section from slot `from` up to and without slot `to`.
pub fn closures(book: &str, section: &Section, from: i64, to: i64) -> (Vec<u8>, Vec<u8>) {
    let of = |slot| joined(&[book.as_bytes(), section.as_str().as_bytes(), &sortable(slot)]);
    (of(from), of(to))
}

/// Key of an obligation by what it follows from.
pub fn ground(kind: &KindId, path: &AreaPath, ground: &Ground) -> Vec<u8> {
    joined(&[kind.as_str().as_bytes(), path.as_str().as_bytes(), ground.as_str().as_bytes()])
}

/// Key of what a person was given.
pub fn owner(person: &PersonId, due: Timestamp, id: &ObligationId) -> Vec<u8> {
    let mut key = joined(&[person.as_str().as_bytes(), &sortable(due.as_second())]);
    key.extend_from_slice(&entity(id.0));
    key
}

/// All that a person was given.
pub fn owned_by(person: &PersonId) -> (Vec<u8>, Vec<u8>) {
    (joined(&[person.as_str().as_bytes(), b""]), [person.as_str().as_bytes(), &[1]].concat())
}

/// The obligation at the end of a key.
pub fn last_obligation(key: &[u8]) -> Option<ObligationId> {
    let tail = key.get(key.len().checked_sub(20)?..)?;
    let (id, ordinal): ([u8; 16], [u8; 4]) = (tail.get(..16)?.try_into().ok()?, tail.get(16..)?.try_into().ok()?);
    Some(ObligationId(EntityId::new(uuid::Uuid::from_bytes(id), u32::from_be_bytes(ordinal))))
}

/// Key of an order.
pub fn order(id: &OrderId) -> Vec<u8> {
    [&b"o"[..], &entity(id.0)].concat()
}

/// All orders, those that are over too.
pub fn all_orders() -> (Vec<u8>, Vec<u8>) {
    (b"o".to_vec(), b"p".to_vec())
}

/// Key of an order under way.
pub fn live_order(book: &str, due: Timestamp, id: &OrderId) -> Vec<u8> {
    let mut key = joined(&[&[b"l", book.as_bytes()].concat(), &sortable(due.as_second())]);
    key.extend_from_slice(&entity(id.0));
    key
}

/// Orders under way in a book.
pub fn live_orders(book: &str) -> (Vec<u8>, Vec<u8>) {
    ([b"l", book.as_bytes(), &[0]].concat(), [b"l", book.as_bytes(), &[1]].concat())
}

/// Orders under way everywhere.
pub fn all_live_orders() -> (Vec<u8>, Vec<u8>) {
    (b"l".to_vec(), b"m".to_vec())
}

/// When an order under way is due, in seconds, and which it is: the end of its key.
pub fn due_order(key: &[u8]) -> Option<(i64, OrderId)> {
    let due: [u8; 8] = key.get(key.len().checked_sub(28)?..key.len().checked_sub(20)?)?.try_into().ok()?;
    Some((i64::from_be_bytes(due) ^ i64::MIN, OrderId(last_obligation(key)?.0)))
}

/// Key of a resource.
pub fn resource(id: &ResourceId) -> Vec<u8> {
    id.as_str().as_bytes().to_vec()
}

/// Key of the last seal of a book.
pub fn sealed_book(book: &str) -> Vec<u8> {
    [b"b", book.as_bytes()].concat()
}

/// Key of a seal by scope and day.
pub fn seal(scope: &str, day: Date) -> Vec<u8> {
    joined(&[&[b"s", scope.as_bytes()].concat(), &day_bytes(day)])
}

/// All seals of a scope.
pub fn seals(scope: &str) -> (Vec<u8>, Vec<u8>) {
    ([b"s", scope.as_bytes(), &[0]].concat(), [b"s", scope.as_bytes(), &[1]].concat())
}

/// Key of a statement that waits for a second person.
pub fn prepared(scope: &str) -> Vec<u8> {
    [b"p", scope.as_bytes()].concat()
}

/// Key of a hand-over.
pub fn hand_over(area: &str, section: &Section, at: Timestamp) -> Vec<u8> {
    joined(&[area.as_bytes(), section.as_str().as_bytes(), &sortable(at.as_second())])
}

/// All hand-overs of a post.
pub fn hand_overs(area: &str, section: &Section) -> (Vec<u8>, Vec<u8>) {
    let of = |end: u8| [area.as_bytes(), &[0], section.as_str().as_bytes(), &[end]].concat();
    (of(0), of(1))
}

/// The post and moment that a key of a hand-over names.
pub fn hand_over_parts(key: &[u8]) -> Option<(String, Section, Timestamp)> {
    let mut parts = key.splitn(3, |byte| *byte == 0);
    let (area, section, at) = (parts.next()?, parts.next()?, parts.next()?);
    let at: [u8; 8] = at.try_into().ok()?;
    Some((
        String::from_utf8(area.to_vec()).ok()?,
        std::str::from_utf8(section).ok()?.parse().ok()?,
        Timestamp::from_second(i64::from_be_bytes(at) ^ i64::MIN).ok()?,
    ))
}
