//! What every request finds.

use crate::auth::Door;
use crate::city::OpenCity;
use crate::jobs::Jobs;
use crate::kept::Kept;
use crate::live::Live;
use crate::metrics::Metrics;
use levee_app::access::AccessRecords;
use std::sync::Arc;

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
    /// Whether browsers reach the server over TLS, which a proxy in front of it ends.
    pub(crate) behind_tls: bool,
}

impl App {
    /// Whether cookies may only travel encrypted.
    pub(crate) fn secure_cookies(&self) -> bool {
        self.behind_tls
    }
}
