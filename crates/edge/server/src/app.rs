//! What every request finds.

use crate::auth::{Door, Provider};
use crate::city::OpenCity;
use crate::jobs::Jobs;
use crate::kept::Kept;
use crate::limits::Limits;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::seconds::Seconds;
use levee_app::access::AccessRecords;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The running server.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) city: Arc<OpenCity>,
    pub(crate) door: Arc<Door>,
    pub(crate) live: Arc<Live>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) jobs: Arc<Jobs>,
    pub(crate) kept: Arc<Kept>,
    pub(crate) records: Arc<dyn AccessRecords>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) seconds: Arc<Seconds>,
    /// Places for those whose password is being hashed: it costs 19 MiB and tens of milliseconds on purpose, and must not eat the
    /// machine.
    pub(crate) hashing: Arc<Semaphore>,
    /// Whether this is a demonstration.
    pub(crate) demo: bool,
    /// A house that vouches for people, if there is one.
    pub(crate) provider: Option<Arc<Provider>>,
    /// Places for those for whom it is being asked.
    pub(crate) asking: Arc<Semaphore>,
    /// Whether browsers reach the server over TLS, which a proxy in front of it ends.
    pub(crate) behind_tls: bool,
}

impl App {
    /// Whether cookies may only travel encrypted.
    pub(crate) fn secure_cookies(&self) -> bool {
        self.behind_tls
    }
}
