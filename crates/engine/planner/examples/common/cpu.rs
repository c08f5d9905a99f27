//! CPU time of this thread, for machines that do other work besides.

/// Seconds this thread has computed, system calls included. Linux only; 0 elsewhere.
pub(crate) fn cpu_seconds() -> f64 {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = said.split_whitespace().next().and_then(|n| n.parse::<f64>().ok());
    nanoseconds.unwrap_or(0.0) / 1e9
}
