//! What changes, as it changes: one thread follows the journal, and everybody who listens is told.

use crate::city::OpenCity;
use jiff::Timestamp;
use levee_app::event::Position;
use serde::Serialize;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast;
use utoipa::ToSchema;

/// Changes that are kept for those who were away for a moment.
const KEPT: usize = 8192;

/// How long the follower waits for something new before it asks whether it should end.
const WAIT: Duration = Duration::from_millis(500);

/// How long it waits after a failure of the store.
const AFTER_FAILURE: Duration = Duration::from_millis(500);

/// Something has changed. It says what and where, never about whom: whoever needs more asks for it, with their rights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Change {
    /// Its place in the journal.
    pub(crate) position: u64,
    /// What kind of event.
    #[schema(value_type = String)]
    pub(crate) kind: &'static str,
    /// In which chain: a section, or a section and an area.
    pub(crate) stream: String,
    /// When it was so.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) occurred: Timestamp,
    /// When it was written down.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) recorded: Timestamp,
}

/// Changes of people, places and duties: the desk is read again.
const OF_THE_DESK: [&str; 3] = ["reference_taken", "handed_over", "city_founded"];

/// Follows the journal and tells.
pub(crate) struct Live {
    tell: broadcast::Sender<Arc<Change>>,
    kept: Mutex<VecDeque<Arc<Change>>>,
    ends: AtomicBool,
}

/// What somebody who was away has missed.
pub(crate) enum Missed {
    /// These.
    Changes(Vec<Arc<Change>>),
    /// More than is kept: look at everything again.
    TooMuch,
}

impl Live {
    pub(crate) fn new() -> Arc<Self> {
        let (tell, _) = broadcast::channel(1024);
        Arc::new(Self { tell, kept: Mutex::default(), ends: AtomicBool::new(false) })
    }

    /// Follows the journal until [`Self::end`]; blocks.
    pub(crate) fn follow(&self, city: &OpenCity, from: Position) {
        let mut after = from;
        while !self.ends.load(Ordering::Relaxed) {
            // Rights and duties are asked of the desk: a right that was taken away is gone with the next look, also where nobody
            // else reads the desk anew. A failure is tried again.
            if let Err(error) = city.read_desk_again() {
                tracing::warn!(%error, "people and duties cannot be read again; trying again");
            }
            let looked = city.parts.journals.wait(after, WAIT).and_then(|last| {
                if last <= after {
                    return Ok(vec![]);
                }
                let mut changes = vec![];
                let mut read = Ok(());
                city.parts.journals.lend(&mut |journal| {
                    read = journal.events(after, &mut |event| {
                        changes.push(Arc::new(Change {
                            position: event.position.0,
                            kind: event.event.kind(),
                            stream: event.stream.to_string(),
                            occurred: event.occurred,
                            recorded: event.recorded_at,
                        }));
                        if changes.len() < KEPT { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                    });
                })?;
                read.map(|()| changes)
            });
            match looked {
                Ok(changes) => {
                    if let Some(last) = changes.last() {
                        after = Position(last.position);
                    }
                    if changes.iter().any(|change| OF_THE_DESK.contains(&change.kind)) {
                        city.desk_has_changed();
                    }
                    self.tell(changes);
                }
                Err(error) => {
                    tracing::warn!(%error, "the journal cannot be followed; trying again");
                    std::thread::sleep(AFTER_FAILURE);
                }
            }
        }
    }

    fn tell(&self, changes: Vec<Arc<Change>>) {
        for change in changes {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() == KEPT {
                kept.pop_front();
            }
            kept.push_back(Arc::clone(&change));
            // Nobody listens: nobody needs to be told. The lock is held so that `listen` misses nothing in between.
            let _ = self.tell.send(change);
        }
    }

    /// Ends the follower, and every stream with it.
    pub(crate) fn end(&self) {
        self.ends.store(true, Ordering::Relaxed);
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ends.load(Ordering::Relaxed)
    }

    /// How many listen.
    pub(crate) fn listeners(&self) -> usize {
        self.tell.receiver_count()
    }

    /// Listens from now on, and says what was missed since `after`.
    pub(crate) fn listen(&self, after: Option<u64>) -> (broadcast::Receiver<Arc<Change>>, Missed) {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let listening = self.tell.subscribe();
        let missed = match (after, kept.front()) {
            (None, _) => Missed::Changes(vec![]),
            (Some(after), Some(first)) if first.position <= after.saturating_add(1) => {
                Missed::Changes(kept.iter().filter(|change| change.position > after).cloned().collect())
            }
            (Some(_), _) => Missed::TooMuch,
        };
        (listening, missed)
    }
}
