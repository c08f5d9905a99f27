//! Changes as they happen.

use super::Problems;
use crate::app::App;
use crate::extract::Asking;
use crate::live::{Change, Live, Missed};
use crate::problem::Problem;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use levee_app::rights::Right;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// Streams that one server keeps open.
const STREAMS: usize = 5_000;

/// A line that says nothing, so that a proxy does not close a silent stream and a dead client is noticed.
const ALIVE: Duration = Duration::from_secs(15);

type Next = Pin<Box<dyn Future<Output = (broadcast::Receiver<Arc<Change>>, Result<Arc<Change>, RecvError>)> + Send>>;

/// Changes for one listener: first those that were missed, then each as it comes.
struct Changes {
    first: VecDeque<Event>,
    next: Option<Next>,
    live: Arc<Live>,
}

fn told(change: &Change) -> Event {
    let event = Event::default().id(change.position.to_string()).event("change");
    event.json_data(change).unwrap_or_else(|_| look_again())
}

/// More was missed than is kept: whoever listens looks at everything again.
fn look_again() -> Event {
    Event::default().event("look-again").data("{}")
}

fn next(mut listening: broadcast::Receiver<Arc<Change>>) -> Next {
    Box::pin(async move {
        let change = listening.recv().await;
        (listening, change)
    })
}

impl futures_core::Stream for Changes {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(event) = self.first.pop_front() {
            return Poll::Ready(Some(Ok(event)));
        }
        if self.live.has_ended() {
            return Poll::Ready(None);
        }
        let Some(waiting) = &mut self.next else { return Poll::Ready(None) };
        let Poll::Ready((listening, change)) = waiting.as_mut().poll(context) else { return Poll::Pending };
        let event = match change {
            Ok(change) => told(&change),
            // A listener that reads slowly costs nobody memory: it is told to look again.
            Err(RecvError::Lagged(_)) => look_again(),
            Err(RecvError::Closed) => {
                self.next = None;
                return Poll::Ready(None);
            }
        };
        self.next = Some(next(listening));
        Poll::Ready(Some(Ok(event)))
    }
}

/// Changes as they happen (server-sent events). `change` says what and where, its id is its place in the journal; sent back as
/// `Last-Event-ID`, the stream goes on from there. `look-again` says that more was missed than is kept.
#[utoipa::path(get, path = "/api/v1/changes", tag = "changes", security(("token" = []), ("session" = [])),
    params(("last-event-id" = Option<String>, Header, description = "The last change that was seen.")),
    responses((status = 200, description = "A stream that does not end by itself.", content_type = "text/event-stream", body = String), Problems))]
pub(crate) async fn changes(
    State(app): State<App>,
    asking: Asking,
    headers: HeaderMap,
) -> Result<Sse<impl futures_core::Stream<Item = Result<Event, Infallible>>>, Problem> {
    asking.may(Right::SeePicture, None)?;
    if app.live.listeners() >= STREAMS {
        return Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "overloaded",
            "Too much at once",
            "as many listen as this server can tell",
        )
        .hint("listen at another server, or ask again later"));
    }
    let after = match headers.get("last-event-id") {
        None => None,
        Some(given) => Some(given.to_str().ok().and_then(|id| id.parse::<u64>().ok()).ok_or_else(|| {
            Problem::bad_input(
                "the header Last-Event-ID holds no id of a change",
                "send back the id of the last `change`",
            )
        })?),
    };
    let (listening, missed) = app.live.listen(after);
    let first = match missed {
        Missed::Changes(changes) => changes.iter().map(|change| told(change)).collect(),
        Missed::TooMuch => VecDeque::from([look_again()]),
    };
    let stream = Changes { first, next: Some(next(listening)), live: Arc::clone(&app.live) };
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(ALIVE)))
}
