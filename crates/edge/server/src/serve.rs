//! Starts the server, keeps watch at its door, and stops it without losing what was acknowledged.

use crate::api;
use crate::app::App;
use crate::auth::{BadProvider, Door, Provider, ProviderSettings, SignInError};
use crate::city::{CityParts, OpenCity};
use crate::demo::NoDemo;
use crate::jobs::Jobs;
use crate::kept::Kept;
use crate::limits::{Limits, PER_SECOND};
use crate::live::Live;
use crate::metrics::Metrics;
use crate::problem::Problem;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use levee_app::access::AccessRecords;
use levee_app::city::AppError;
use levee_app::event::Position;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};

/// The largest body of a command. Files have a route of their own.
const BODY: usize = 4 << 20;

/// How long a stopping server waits for requests that are under way.
const GRACE: Duration = Duration::from_secs(20);

/// Passwords that are hashed at once.
const HASHING: usize = 2;
/// People for whom another house is asked at once.
const ASKING: usize = 16;

/// The account that the first start makes.
pub(crate) const FIRST: &str = "admin";

/// Why a server did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The city cannot be served.
    #[error(transparent)]
    City(#[from] AppError),
    /// The address cannot be listened at.
    #[error("cannot listen at {listen}: {source}")]
    Listen {
        /// The address.
        listen: SocketAddr,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The accounts cannot be read or made.
    #[error("the accounts of the server: {0}")]
    Accounts(String),
    /// The house that vouches for people is described wrongly.
    #[error(transparent)]
    Provider(#[from] BadProvider),
    /// The system gives no thread or runtime.
    #[error("the system: {0}")]
    System(#[from] std::io::Error),
}

/// What somebody who starts a server has to know.
#[derive(Clone, Debug)]
pub struct Welcome {
    /// Where it listens.
    pub listen: SocketAddr,
    /// On the first start: the administrator's link that works once, as what goes behind the address, and when it ends.
    pub first: Option<(String, Timestamp)>,
}

/// A server that is ready to run.
pub struct Server {
    app: App,
    listener: std::net::TcpListener,
    welcome: Welcome,
}

impl Server {
    /// Opens the city and listens.
    ///
    /// # Errors
    /// The city, the accounts or the address.
    pub fn open(
        parts: CityParts,
        accounts: Arc<dyn AccessRecords>,
        listen: SocketAddr,
        behind_tls: bool,
    ) -> Result<Self, ServeError> {
        let city = OpenCity::open(parts)?;
        api::clear_uploads(&city.parts.uploads);
        let records = Arc::clone(&accounts);
        let door = Door::new(accounts);
        let first = first_account(&door, city.now()).map_err(|error| ServeError::Accounts(error.to_string()))?;
        let bad = |source| ServeError::Listen { listen, source };
        let listener = std::net::TcpListener::bind(listen).map_err(bad)?;
        listener.set_nonblocking(true)?;
        let welcome = Welcome { listen: listener.local_addr()?, first };
        let app = App {
            city: Arc::new(city),
            door: Arc::new(door),
            live: Live::new(),
            metrics: Arc::new(Metrics::default()),
            jobs: Arc::new(Jobs::new()),
            kept: Arc::new(Kept::default()),
            records,
            provider: None,
            asking: Arc::new(Semaphore::new(ASKING)),
            behind_tls,
            demo: false,
            limits: Arc::new(Limits::new(PER_SECOND)),
            seconds: Arc::default(),
            hashing: Arc::new(Semaphore::new(HASHING)),
        };
        Ok(Self { app, listener, welcome })
    }

    /// Makes it a demonstration: everybody of a replayed city has an account with one password, and every screen says so.
    ///
    /// # Errors
    /// The city is at work, or others than this machine can reach the server; the accounts cannot be made.
    pub fn demonstrating(mut self) -> Result<Self, NoDemo> {
        crate::demo::open(&self.app.city, &self.app.door, self.welcome.listen)?;
        self.app.demo = true;
        self.welcome.first = None;
        Ok(self)
    }

    /// Sets how many requests a second one session may send; one address may send ten times as many.
    #[must_use]
    pub fn limited(mut self, per_second: u32) -> Self {
        self.app.limits = Arc::new(Limits::new(per_second));
        self
    }

    /// Lets people in for whom another house vouches, beside those who have a password here. It is asked when somebody comes.
    ///
    /// # Errors
    /// It is described wrongly.
    pub fn vouched_by(mut self, house: ProviderSettings) -> Result<Self, ServeError> {
        self.app.provider = Some(Arc::new(Provider::new(house)?));
        Ok(self)
    }

    /// What to tell whoever starts it.
    pub fn welcome(&self) -> &Welcome {
        &self.welcome
    }

    /// Serves until the process is told to stop (SIGTERM, SIGINT): takes no more, answers what is under way, writes what was
    /// handed in.
    ///
    /// # Errors
    /// The system gives no runtime; the listener failed.
    pub fn run(self) -> Result<(), ServeError> {
        let Self { app, listener, .. } = self;
        // A store that waits for its own connection cannot be dropped by the runtime's threads: it goes after them.
        let outlives = app.clone();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let follower = {
            let (live, city) = (Arc::clone(&app.live), Arc::clone(&app.city));
            let from = last(&city)?;
            std::thread::Builder::new().name("levee-follower".to_owned()).spawn(move || live.follow(&city, from))?
        };
        let (city, live) = (Arc::clone(&app.city), Arc::clone(&app.live));
        let served: std::io::Result<()> = runtime.block_on(async {
            let listener = TcpListener::from_std(listener)?;
            let ending = Arc::clone(&live);
            let stop = async move {
                told_to_stop().await;
                ending.end();
            };
            let serving = crate::listen::serve(listener, router(app), stop);
            tokio::pin!(serving);
            let late = async {
                while !live.has_ended() {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                tokio::time::sleep(GRACE).await;
            };
            tokio::select! {
                () = &mut serving => {}
                () = late => {}
            }
            Ok(())
        });
        live.end();
        runtime.shutdown_timeout(Duration::from_secs(1));
        drop(outlives);
        city.parts.journals.close();
        // A follower that panicked has nothing left to do.
        drop(follower.join());
        Ok(served?)
    }
}

fn last(city: &OpenCity) -> Result<Position, ServeError> {
    let mut last = Ok(Position(0));
    city.parts.journals.lend(&mut |journal| last = journal.last()).map_err(AppError::from)?;
    Ok(last.map_err(AppError::from)?)
}

/// Until somebody may sign in, the first start makes an administrator with a link that works once; a restart makes a new link.
fn first_account(door: &Door, now: Timestamp) -> Result<Option<(String, Timestamp)>, SignInError> {
    let accounts = door.accounts()?;
    if accounts.iter().any(|account| account.password.is_some() || account.vouched.is_some()) {
        return Ok(None);
    }
    let link = match accounts.iter().any(|account| account.login == FIRST) {
        true => door.link(FIRST, now)?,
        false => door.invite(FIRST, None, true, now)?,
    };
    Ok(Some((format!("/#link={}", link.secret.expose()), link.ends)))
}

async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => {
                tokio::select! {
                    _ = interrupted => {}
                    _ = terminated.recv() => {}
                }
            }
            Err(error) => {
                tracing::warn!(%error, "SIGTERM cannot be heard");
                let _ = interrupted.await;
            }
        }
    }
    #[cfg(not(unix))]
    let _ = interrupted.await;
}

/// Everything that the server answers.
fn router(app: App) -> Router {
    let (routes, document) = api::routes();
    let document = Arc::new(document);
    let streams = DefaultPredicate::new().and(NotForContentType::new("text/event-stream"));
    routes
        .route("/openapi.json", get(move || async move { Json((*document).clone()) }))
        .route("/health", get(|| async { "ok\n" }))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .fallback(crate::bundle::screens)
        .method_not_allowed_fallback(|| async {
            Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method",
                "Not in this way",
                "the address knows no such method",
            )
            .hint("see /openapi.json")
        })
        .layer(DefaultBodyLimit::max(BODY))
        .layer(CatchPanicLayer::custom(|_| Problem::fault("a request ended by a panic").into_response()))
        .layer(CompressionLayer::new().compress_when(streams))
        .layer(from_fn(crate::listen::paced))
        .layer(from_fn_with_state(app.clone(), crate::limits::limited))
        .layer(from_fn_with_state(app.clone(), watched))
        .with_state(app)
}

/// Whether requests can be served: the journal can be read.
async fn ready(State(app): State<App>) -> Result<&'static str, Problem> {
    if app.live.has_ended() {
        return Err(Problem::closing());
    }
    crate::city::run(&app.city, crate::city::Urgency::Ordinary, |_, city| Ok(city.journal.last()?)).await?;
    Ok("ready\n")
}

async fn metrics(State(app): State<App>) -> Response {
    #[expect(clippy::cast_precision_loss, reason = "gauges are read by people and graphs")]
    let gauges = [
        ("levee_waiting_requests", "Requests that wait for a thread.", app.city.waiting() as f64),
        ("levee_streams", "Open streams of changes.", app.live.listeners() as f64),
    ];
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.text(&gauges)).into_response()
}

/// What every answer carries: no page of ours loads anything from elsewhere, and nobody frames it.
const GUARDS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; \
         connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Counts and logs each request: method, route, status, time. Neither address nor body: both may be personal.
async fn watched(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().to_string();
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", |path| path.as_str()).to_owned();
    let mut response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    app.metrics.answered(&method, &route, status, took);
    tracing::info!(method, route, status, ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX), "answered");
    let headers = response.headers_mut();
    for (name, value) in GUARDS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
