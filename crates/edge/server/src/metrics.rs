//! Counts and times for whoever watches the server, in the text format of Prometheus (0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the time classes, in seconds: about the bars of the screens (100 ms, 300 ms) and of writes (1 s).
const BOUNDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 0.5, 1.0, 3.0, 10.0];

#[derive(Clone, Copy, Default)]
struct Times {
    classes: [u64; BOUNDS.len()],
    count: u64,
    seconds: f64,
}

/// What is counted.
#[derive(Default)]
pub(crate) struct Metrics {
    /// By method, route and class of status; routes are templates, so that nothing personal stands here.
    requests: Mutex<BTreeMap<(String, String, u16), Times>>,
}

impl Metrics {
    /// Counts an answered request.
    pub(crate) fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let mut all = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let times = all.entry((method.to_owned(), route.to_owned(), status)).or_default();
        times.count += 1;
        times.seconds += took.as_secs_f64();
        for (class, bound) in times.classes.iter_mut().zip(BOUNDS) {
            *class += u64::from(took.as_secs_f64() <= bound);
        }
    }

    /// All of it as text, with what stands at this moment.
    pub(crate) fn text(&self, gauges: &[(&str, &str, f64)]) -> String {
        let mut text = String::new();
        for (name, help, value) in gauges {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
        }
        text.push_str("# HELP levee_http_request_seconds Time to answer a request.\n# TYPE levee_http_request_seconds histogram\n");
        let all = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        for ((method, route, status), times) in all.iter() {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            for (class, bound) in times.classes.iter().zip(BOUNDS) {
                let _ = writeln!(text, "levee_http_request_seconds_bucket{{{labels},le=\"{bound}\"}} {class}");
            }
            let _ = writeln!(text, "levee_http_request_seconds_bucket{{{labels},le=\"+Inf\"}} {}", times.count);
            let _ = writeln!(text, "levee_http_request_seconds_sum{{{labels}}} {}", times.seconds);
            let _ = writeln!(text, "levee_http_request_seconds_count{{{labels}}} {}", times.count);
        }
        text
    }
}
