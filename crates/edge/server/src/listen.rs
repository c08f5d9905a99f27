//! Takes connections and closes those that dribble: whoever sends slowly on purpose holds nothing for long.

use crate::limits::From;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::{Instant, Sleep};
use tower::ServiceExt as _;

/// How long the head of a request may take, and how long a connection may lie idle.
const HEAD: Duration = Duration::from_secs(20);

/// The largest head.
const HEAD_BYTES: usize = 64 << 10;

/// How long one waits for a body in all, besides what its size takes at [`SLOWEST`].
const PATIENCE: Duration = Duration::from_secs(20);

/// The slowest line that is served, bytes a second: a bad mobile connection (GPRS gives 5,000). Judgement.
const SLOWEST: u64 = 4_000;

/// After an error of the system (too many open files) nothing is taken for so long.
const BREATH: Duration = Duration::from_millis(50);

/// Serves until `stop`, then answers what is under way.
pub(crate) async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_BYTES);
    let open = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let (stream, from) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(taken) => taken,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(BREATH).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        // Where it cannot be set, answers come a little later.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(From(from.ip()));
            router.clone().oneshot(request)
        });
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A connection that breaks is its client's loss.
            let _ = connection.await;
        });
    }
    drop(listener);
    open.shutdown().await;
}

/// What is said of a body that comes too slowly.
#[derive(Debug, thiserror::Error)]
#[error("the body came too slowly")]
pub(crate) struct TooSlow;

/// A body that has to keep pace. Only waiting for the client counts, not the time in which we work.
struct Paced {
    inner: Body,
    /// How much waiting is left.
    left: Duration,
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl http_body::Body for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(context) else {
            let left = self.left;
            let (_, sleep) = self.waiting.get_or_insert_with(|| (Instant::now(), Box::pin(tokio::time::sleep(left))));
            return sleep.as_mut().poll(context).map(|()| Some(Err(axum::Error::new(TooSlow))));
        };
        if let Some((since, _)) = self.waiting.take() {
            self.left = self.left.saturating_sub(since.elapsed());
        }
        if let Some(data) = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()) {
            let worth = u64::try_from(data.len()).unwrap_or(u64::MAX).saturating_mul(1_000) / SLOWEST;
            self.left = self.left.saturating_add(Duration::from_millis(worth));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// Makes every body keep pace.
pub(crate) async fn paced(request: Request, next: Next) -> Response {
    let request = request.map(|inner| match inner.is_end_stream() {
        true => inner,
        false => Body::new(Paced { inner, left: PATIENCE, waiting: None }),
    });
    next.run(request).await
}
