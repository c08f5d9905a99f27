//! Carrying out commands of the ledger: who asks, how they stand, what the ledger decides, what is written.

use super::day_of_books::day_of_books;
use super::slice::slice;
use crate::blob::BlobRef;
use crate::city::{AppError, City, founded, stream};
use crate::event::{BatchRows, Event, LedgerChanged, Mode, NewEvent};
use crate::journal::{Read, Receipt, Transaction};
use crate::ledger::hand_over;
use crate::rights::{self, NotAllowed, Right};
use crate::settings::Calendar;
use jiff::Timestamp;
use levee_ledger::catalogue::Catalogue;
use levee_ledger::duty::Duties;
use levee_ledger::{
    Acting, AreaPath, Change, Command, Ground, KindId, Obligation, ObligationId, Refusal, Section, Standing, Target,
};
use levee_model::command::{Actor, Envelope};
use levee_model::gazetteer::Gazetteer;
use levee_model::ids::PersonId;
use levee_model::person::Person;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Changes of one event. An event of this size is written in one go and read back in one piece.
const CHUNK: usize = 1000;

/// What somebody asks of the ledger: all of it, or nothing.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// The commands, in order; each sees what those before it have done.
    pub commands: Vec<Command>,
    /// When it happened; none = now. Live it cannot lie ahead.
    pub at: Option<Timestamp>,
    /// Why, in the words of the one who asks.
    pub note: Option<String>,
}

impl From<Command> for Ask {
    fn from(command: Command) -> Self {
        Self { commands: vec![command], ..Self::default() }
    }
}

/// What was done.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// Where it stands in the journal; marked as repeated when the command had been carried out before.
    pub receipt: Receipt,
    /// What changed; empty when the command had been carried out before.
    pub changes: Vec<Change>,
}

/// What the ledger's use cases know of the city, read once and used for many commands: its catalogue, its places, who
/// is on duty. To be read again when any of these changes.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The kinds of obligations.
    pub catalogue: Arc<Catalogue>,
    /// Who answers for what.
    pub duties: Arc<Duties>,
    /// The places.
    pub places: Arc<Gazetteer>,
    /// The city's calendar.
    pub calendar: Calendar,
    /// Live or replay.
    pub mode: Mode,
}

/// The city's catalogue, from its reference tables.
fn catalogue(on: &dyn Read) -> Result<Catalogue, AppError> {
    let mut rows = Vec::new();
    for table in ["obligation_kinds", "obligation_fields", "obligation_ladders", "obligation_reasons"] {
        rows.extend(crate::city::reference_rows(on, table)?);
    }
    crate::catalogue::from_rows(&rows).map_err(|problems| {
        let why = problems.first().map_or_else(String::new, |problem| format!("{problem:?}"));
        AppError::Meaning { table: "obligation_kinds".into(), why }
    })
}

/// How an actor stands towards an obligation or order, by the policies and the roster.
fn standing(
    duties: &Duties,
    above: &Above,
    actor: &Person,
    now: Timestamp,
    (path, section): (&AreaPath, &Section),
    given_to: Option<&PersonId>,
) -> Standing {
    match above.of(actor, path, section) {
        Standing::Stranger => {}
        above => return above,
    }
    if given_to == Some(&actor.id) {
        return Standing::Owner;
    }
    let on_duty = duties.owner(path, section, now);
    let answers = on_duty.is_some_and(|owner| owner.person == actor.id || owner.deputy.as_ref() == Some(&actor.id));
    if answers { Standing::Owner } else { Standing::Stranger }
}

/// Whether the one who acts stands above work, by the policies: asked once for each section and place, for commands come by the
/// thousand.
#[derive(Default)]
struct Above(RefCell<BTreeMap<(AreaPath, Section), Standing>>);

impl Above {
    fn of(&self, actor: &Person, path: &AreaPath, section: &Section) -> Standing {
        let key = (path.clone(), section.clone());
        *self.0.borrow_mut().entry(key).or_insert_with(|| {
            // Policies that cannot be worked out put nobody above anything.
            let above = |right| rights::stands_above(actor, right, path, section.as_str()).unwrap_or(false);
            match (above(Right::Command), above(Right::Lead)) {
                (true, _) => Standing::Commander,
                (false, true) => Standing::Lead,
                (false, false) => Standing::Stranger,
            }
        })
    }
}

impl Desk {
    /// Reads what the ledger's use cases need.
    pub fn load(on: &dyn Read) -> Result<Self, AppError> {
        let (founded, _, calendar) = founded(on)?;
        Ok(Self {
            catalogue: Arc::new(catalogue(on)?),
            duties: Arc::new(hand_over::duties(on, &calendar)?),
            places: Arc::new(crate::places::gazetteer(on)?),
            calendar,
            mode: founded.mode,
        })
    }

    /// When something happened, and when the city knew it. Live, nothing happens ahead of the clock, and what is said
    /// now is known now. In a replay a command is known when it happened.
    pub fn times(&self, now: Timestamp, at: Option<Timestamp>) -> Result<(Timestamp, Timestamp), AppError> {
        let occurred = at.unwrap_or(now);
        match self.mode {
            Mode::Live if occurred > now => Err(AppError::Date {
                what: format!("{occurred} lies ahead of the clock ({now})"),
                hint: "say when it happened, or set the clock right".to_owned(),
            }),
            Mode::Live => Ok((occurred, now)),
            Mode::Replay => Ok((occurred, occurred)),
        }
    }

    /// The person who acts; none for Levee itself and for whoever sits at the city's machine without a name.
    pub(super) fn actor(&self, envelope: &Envelope) -> Result<Option<&Person>, NotAllowed> {
        match &envelope.actor {
            Actor::Person(id) => Ok(Some(self.person(id).ok_or_else(|| NotAllowed::Unknown(id.clone()))?)),
            Actor::LocalOperator | Actor::System => Ok(None),
        }
    }

    /// Somebody whom the city knows.
    fn person(&self, id: &PersonId) -> Option<&Person> {
        self.duties.people.iter().find(|person| person.id == *id)
    }

    /// Nothing is given to somebody whom the city does not know: nobody would answer for it.
    fn knows(&self, command: &Command) -> Result<(), NotAllowed> {
        let named = match command {
            Command::Open(new) => new.owner.as_ref(),
            Command::Assign { to, .. } => to.as_ref(),
            Command::Explain { owner, .. } => Some(owner),
            Command::Propose(order) => order.carried_out_by.as_ref(),
            _ => None,
        };
        match named.filter(|id| self.person(id).is_none()) {
            Some(stranger) => Err(NotAllowed::Unknown(stranger.clone())),
            None => Ok(()),
        }
    }

    /// Carries out within a commit what follows from a restriction, as Levee itself: it may open what is owed, and waive what became
    /// moot, whoever gave the command that it follows from.
    pub(crate) fn follow(
        &self,
        tx: &mut dyn Transaction,
        times: (Timestamp, Timestamp),
        commands: &[Command],
    ) -> Result<(), AppError> {
        let mut worker = Worker::unnamed(self, times);
        for command in commands {
            worker.carry_out(tx, command)?;
        }
        worker.finish(tx, None)
    }

    /// Decides commands one after the other within a commit, and appends what they change.
    pub fn work(
        &self,
        tx: &mut dyn Transaction,
        envelope: &Envelope,
        times: (Timestamp, Timestamp),
        commands: &[Command],
        note: Option<BlobRef>,
    ) -> Result<Vec<Change>, AppError> {
        let mut worker = Worker::new(self, envelope, times, note)?;
        let mut all = Vec::new();
        for command in commands {
            all.extend(worker.carry_out(tx, command)?);
        }
        worker.finish(tx, None)?;
        Ok(all)
    }
}

/// Carries out commands within one commit, gathering their changes into events. A command that is refused adds nothing.
pub(super) struct Worker<'d> {
    desk: &'d Desk,
    actor: Option<&'d Person>,
    above: Above,
    waiting: Waiting,
}

impl<'d> Worker<'d> {
    pub(super) fn new(
        desk: &'d Desk,
        envelope: &Envelope,
        (occurred, known_at): (Timestamp, Timestamp),
        note: Option<BlobRef>,
    ) -> Result<Self, AppError> {
        let actor = desk.actor(envelope)?;
        if let Some(person) = actor {
            rights::may(person, Right::ChangeOwed, None)?;
        }
        let books = BTreeMap::new();
        let waiting = Waiting { known_at, occurred, note, books, touched: BTreeSet::new(), changes: 0 };
        Ok(Self { desk, actor, above: Above::default(), waiting })
    }

    /// Levee itself.
    fn unnamed(desk: &'d Desk, (occurred, known_at): (Timestamp, Timestamp)) -> Self {
        let (books, touched) = (BTreeMap::new(), BTreeSet::new());
        let waiting = Waiting { known_at, occurred, note: None, books, touched, changes: 0 };
        Self { desk, actor: None, above: Above::default(), waiting }
    }

    pub(super) fn carry_out(&mut self, tx: &mut dyn Transaction, command: &Command) -> Result<Vec<Change>, AppError> {
        self.desk.knows(command)?;
        let waiting = &mut self.waiting;
        // A command sees what those before it have done: whatever it reads must lie in the store by then.
        let names = names(command);
        if waiting.changes >= CHUNK || waiting.touches(&names) {
            waiting.flush(tx)?;
        }
        let mut books = slice(&*tx, &self.desk.catalogue, command)?;
        let mut read = reads(&books);
        if waiting.touches(&read) {
            waiting.flush(tx)?;
            books = slice(&*tx, &self.desk.catalogue, command)?;
            read = reads(&books);
        }
        let book = book_of(&books, command);
        let (city, entered) = (self.desk.places.city().as_str(), books_of(&books, command, &book));
        let (day, sealed) = day_of_books(&*tx, &self.desk.calendar, city, &entered, waiting.occurred)?;
        for (book, last) in sealed {
            books.seal(&book, last);
        }
        let (actor, now) = (self.actor, waiting.occurred);
        let stands = |path: &AreaPath, section: &Section, given: Option<&PersonId>| match actor {
            Some(actor) => standing(&self.desk.duties, &self.above, actor, now, (path, section), given),
            None => Standing::Stranger,
        };
        let acting = Acting { now, day, actor: actor.map(|one| &one.id), standing: &stands };
        let changes = books.decide(&acting, command.clone())?;
        waiting.touched.extend(names.into_iter().chain(read));
        waiting.changes += changes.len();
        for change in &changes {
            waiting.books.entry(book_of_change(&books, change, &book)).or_default().push(change.clone());
        }
        Ok(changes)
    }

    /// Appends what waits, and counts the rows that the commands stood for to their batch: those too that said what was
    /// known and changed nothing.
    pub(super) fn finish(mut self, tx: &mut dyn Transaction, batch: Option<BatchRows>) -> Result<(), AppError> {
        self.waiting.flush(tx)?;
        if batch.is_some() {
            let event = Event::LedgerChanged(LedgerChanged { changes: vec![], batch, note: None });
            let stream = stream(&format!("ledger.{}", self.desk.places.city()))?;
            let (occurred, known_at) = (self.waiting.occurred, self.waiting.known_at);
            tx.append(NewEvent { stream, occurred, known_at, event })?;
        }
        Ok(())
    }
}

/// What a command reads and writes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Touched {
    Obligation(ObligationId),
    Ground(KindId, AreaPath, Ground),
    /// Orders hold one another's capacity and name one another's obligations: they go one by one.
    Orders,
}

/// What a command names itself, whether it is there yet or not.
fn names(command: &Command) -> Vec<Touched> {
    let all = |what: &[Target]| what.iter().map(|one| Touched::Obligation(one.id)).collect();
    match command {
        Command::Open(new) => {
            let ground = new.ground.clone().map(|ground| Touched::Ground(new.kind.clone(), new.path.clone(), ground));
            ground.into_iter().chain([Touched::Obligation(new.id)]).collect()
        }
        Command::Assign { what, .. } | Command::Explain { what, .. } => all(what),
        Command::Begin { what, .. }
        | Command::Meet { what, .. }
        | Command::Close { what, .. }
        | Command::Correct { what, .. } => all(&[*what]),
        Command::Transfer { what, id, .. } => vec![Touched::Obligation(what.id), Touched::Obligation(*id)],
        Command::Name { what, subjects } => {
            let new = subjects.iter().map(|one| Touched::Obligation(one.id));
            [Touched::Obligation(what.id)].into_iter().chain(new).collect()
        }
        Command::Propose(order) => {
            order.meets.iter().map(|promise| Touched::Obligation(promise.obligation)).chain([Touched::Orders]).collect()
        }
        Command::Approve { .. }
        | Command::Issue { .. }
        | Command::Accept { .. }
        | Command::Finish { .. }
        | Command::Fail { .. }
        | Command::Cancel { .. } => vec![Touched::Orders],
    }
}

/// What was read for a command: what it names, what stands on the same ground, and what its orders meet. Closing something
/// that orders name may cancel them; what no order names does not wait for orders.
fn reads(books: &levee_ledger::Books) -> Vec<Touched> {
    let obligations = books.obligations().map(|one| Touched::Obligation(one.id));
    obligations.chain(books.orders().next().map(|_| Touched::Orders)).collect()
}

/// Changes that are decided and not appended yet.
struct Waiting {
    occurred: Timestamp,
    known_at: Timestamp,
    note: Option<BlobRef>,
    books: BTreeMap<String, Vec<Change>>,
    touched: BTreeSet<Touched>,
    changes: usize,
}

impl Waiting {
    /// Whether anything of this waits to be written.
    fn touches(&self, what: &[Touched]) -> bool {
        what.iter().any(|one| self.touched.contains(one))
    }

    fn flush(&mut self, tx: &mut dyn Transaction) -> Result<(), AppError> {
        self.touched.clear();
        self.changes = 0;
        for (book, changes) in std::mem::take(&mut self.books) {
            let stream = stream(&format!("ledger.{book}"))?;
            let mut changes = changes.into_iter().peekable();
            while changes.peek().is_some() {
                let changes = changes.by_ref().take(CHUNK).collect();
                let event = Event::LedgerChanged(LedgerChanged { changes, batch: None, note: self.note });
                let (stream, occurred, known_at) = (stream.clone(), self.occurred, self.known_at);
                tx.append(NewEvent { stream, occurred, known_at, event })?;
            }
        }
        Ok(())
    }
}
/// The book in which a command is entered.
fn book_of(books: &levee_ledger::Books, command: &Command) -> String {
    let of = |id: &ObligationId| books.obligation(id).map(|one| one.path.book().to_owned());
    let of_order = |id| books.order(id).map(|order| order.path.book().to_owned());
    match command {
        Command::Open(new) => Some(new.path.book().to_owned()),
        Command::Assign { what, .. } | Command::Explain { what, .. } => what.first().and_then(|one| of(&one.id)),
        Command::Begin { what, .. }
        | Command::Meet { what, .. }
        | Command::Close { what, .. }
        | Command::Correct { what, .. }
        | Command::Transfer { what, .. }
        | Command::Name { what, .. } => of(&what.id),
        Command::Propose(order) => Some(order.path.book().to_owned()),
        Command::Approve { order, .. }
        | Command::Issue { order, .. }
        | Command::Accept { order }
        | Command::Finish { order, .. }
        | Command::Fail { order, .. }
        | Command::Cancel { order, .. } => of_order(order),
    }
    .unwrap_or_default()
}

/// All books in which a command may enter anything: its own, that of the place to which something goes, and those of what an
/// order is to meet.
fn books_of(books: &levee_ledger::Books, command: &Command, own: &str) -> BTreeSet<String> {
    let of = |id: &ObligationId| books.obligation(id).map(|one| one.path.book().to_owned());
    let more: Vec<String> = match command {
        Command::Transfer { to, .. } => vec![to.book().to_owned()],
        Command::Assign { what, .. } => what.iter().filter_map(|one| of(&one.id)).collect(),
        Command::Issue { order, .. }
        | Command::Accept { order }
        | Command::Finish { order, .. }
        | Command::Fail { order, .. }
        | Command::Cancel { order, .. } => {
            let promises = books.order(order).into_iter().flat_map(|order| &order.meets);
            promises.filter_map(|promise| of(&promise.obligation)).collect()
        }
        _ => vec![],
    };
    more.into_iter().chain([own.to_owned()]).collect()
}

fn book_of_change(books: &levee_ledger::Books, change: &Change, otherwise: &str) -> String {
    let known = |one: &Obligation| one.path.book().to_owned();
    match change {
        Change::Opened(opened) => known(&opened.obligation),
        other => match other.obligation().and_then(|id| books.obligation(&id)) {
            Some(one) => known(one),
            None => otherwise.to_owned(),
        },
    }
}

/// Carries out what somebody asks of the ledger, in one commit.
pub fn carry_out(city: &mut City<'_>, envelope: &Envelope, ask: &Ask) -> Result<Done, AppError> {
    Desk::load(city.journal)?.carry_out(city, envelope, ask)
}

impl Desk {
    /// [`carry_out`] at a desk that was read before, for those who carry out many commands.
    pub fn carry_out(&self, city: &mut City<'_>, envelope: &Envelope, ask: &Ask) -> Result<Done, AppError> {
        // Whoever asks again because the answer was lost is told what was done, whatever the clock says by now.
        if let Some(receipt) = city.journal.receipt(envelope.command_id)? {
            return Ok(Done { receipt, changes: vec![] });
        }
        let now = city.clock.now();
        let times = self.times(now, ask.at)?;
        let note = ask.note.as_ref().map(|note| city.blobs.put(note.as_bytes())).transpose()?;
        let mut changes = Vec::new();
        let receipt = crate::commit::carry_out(city.journal, envelope, now, &mut |tx| {
            changes = self.work(tx, envelope, times, &ask.commands, note)?;
            Ok(())
        })?;
        Ok(Done { receipt, changes })
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}
