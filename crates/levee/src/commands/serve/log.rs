//! The server's log: one JSON object a line, on stderr. Routes as templates and times; nothing personal comes here.

use tracing_subscriber::EnvFilter;

/// Begins to log; `LEVEE_LOG` says how much (`info` unless set).
pub(super) fn begin() {
    let filter = EnvFilter::try_from_env("LEVEE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // A second server in one process would find it begun: it logs to the same place.
    let _ = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}
