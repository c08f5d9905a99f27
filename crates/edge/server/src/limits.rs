//! How much one session and one address may ask for. Nothing of it stands before urgent care.

use crate::app::App;
use crate::auth::shown_secret;
use crate::problem::Problem;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Requests a second of one session, where nobody says otherwise: a screen asks for some ten when it opens, a program that sends more
/// sends them together. Judgement.
pub(crate) const PER_SECOND: u32 = 200;

/// How many sessions' worth one address may send: an office behind one address has many people.
const SESSIONS_AT_AN_ADDRESS: u32 = 10;

/// Seconds' worth that may come at once.
const AT_ONCE: u32 = 5;

/// Tries to sign in, or to use a link, from one address: a shift that signs in at eight o'clock gets in within a minute, and
/// somebody who guesses is slowed to what two threads can hash (the lock of the account comes far earlier).
const SIGN_IN: Rate = Rate { per_second: 5, at_once: 100 };

/// Sessions or addresses that are remembered; what is beyond is forgotten, the full ones first.
const REMEMBERED: usize = 50_000;

/// The one address that is asked for whatever else goes on (law 7).
pub(crate) const URGENT_CARE: &str = "/api/v1/urgent-care";

/// Where somebody shows a password or a link.
const DOORS: [&str; 4] =
    ["/api/v1/session", "/api/v1/links", "/api/v1/session/provider", "/api/v1/session/provider/return"];

/// So many a second, and so many at once after a rest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    per_second: u32,
    at_once: u32,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Rate {
    fn of(per_second: u32) -> Self {
        Self { per_second, at_once: per_second.saturating_mul(AT_ONCE) }
    }

    /// What is left in a bucket now.
    fn left(self, bucket: Bucket, now: Instant) -> f64 {
        let since = now.saturating_duration_since(bucket.at).as_secs_f64();
        (bucket.left + since * f64::from(self.per_second)).min(f64::from(self.at_once))
    }
}

/// A bucket for each key, out of which each request takes one.
#[derive(Debug)]
struct Buckets<K> {
    rate: Rate,
    all: Mutex<BTreeMap<K, Bucket>>,
}

impl<K: Ord> Buckets<K> {
    fn new(rate: Rate) -> Self {
        Self { rate, all: Mutex::default() }
    }

    /// Takes one, or says how long to wait for it.
    fn take(&self, key: K, now: Instant) -> Result<(), Duration> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            let full = f64::from(self.rate.at_once);
            all.retain(|_, bucket| self.rate.left(*bucket, now) < full);
            if all.len() >= REMEMBERED {
                all.clear();
            }
        }
        let bucket = all.entry(key).or_insert(Bucket { left: f64::from(self.rate.at_once), at: now });
        let left = self.rate.left(*bucket, now);
        if left < 1.0 {
            let wait = (1.0 - left) / f64::from(self.rate.per_second.max(1));
            return Err(Duration::from_secs_f64(wait));
        }
        *bucket = Bucket { left: left - 1.0, at: now };
        Ok(())
    }
}

/// The limits of a server.
#[derive(Debug)]
pub(crate) struct Limits {
    sessions: Buckets<String>,
    addresses: Buckets<IpAddr>,
    doors: Buckets<IpAddr>,
}

impl Limits {
    pub(crate) fn new(per_second: u32) -> Self {
        Self {
            sessions: Buckets::new(Rate::of(per_second)),
            addresses: Buckets::new(Rate::of(per_second.saturating_mul(SESSIONS_AT_AN_ADDRESS))),
            doors: Buckets::new(SIGN_IN),
        }
    }

    fn take(&self, address: IpAddr, session: Option<String>, at_the_door: bool, now: Instant) -> Result<(), Duration> {
        self.addresses.take(address, now)?;
        if at_the_door {
            self.doors.take(address, now)?;
        }
        session.map_or(Ok(()), |session| self.sessions.take(session, now))
    }
}

/// From where a connection comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct From(pub(crate) IpAddr);

/// The address that counts: behind a proxy the one that it saw. Whoever has one address of IPv6 has 2^64 of them.
fn address(from: IpAddr, headers: &HeaderMap, behind_proxy: bool) -> IpAddr {
    let last = || {
        headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
    };
    let seen = if behind_proxy { last().unwrap_or(from) } else { from };
    match seen.to_canonical() {
        IpAddr::V6(one) => IpAddr::V6(Ipv6Addr::from(u128::from(one) & (u128::MAX << 64))),
        one @ IpAddr::V4(_) => one,
    }
}

/// Refuses what is too much, except urgent care.
pub(crate) async fn limited(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path == URGENT_CARE {
        return next.run(request).await;
    }
    let from = request.extensions().get::<From>().map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |from| from.0);
    let from = address(from, request.headers(), app.behind_tls);
    let at_the_door = request.method() == axum::http::Method::POST && DOORS.contains(&path);
    let session = shown_secret(request.headers()).map(|secret| secret.digest());
    match app.limits.take(from, session, at_the_door, Instant::now()) {
        Ok(()) => next.run(request).await,
        Err(wait) => {
            let mut response = Problem::too_many().into_response();
            let seconds = wait.as_secs().saturating_add(1);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_what_it_holds_then_what_flows_in_and_never_more() {
        let buckets = Buckets::new(Rate { per_second: 2, at_once: 3 });
        let began = Instant::now();
        let at = |ms| began + Duration::from_millis(ms);
        let taken = |ms| buckets.take("a", at(ms)).is_ok();
        assert_eq!([0, 0, 0, 0].map(taken), [true, true, true, false]);
        assert_eq!(buckets.take("a", at(0)), Err(Duration::from_millis(500)));
        assert!(buckets.take("b", at(0)).is_ok(), "another is another");
        assert_eq!([499, 500, 501].map(taken), [false, true, false]);
        assert_eq!([60_000, 60_000, 60_000, 60_000].map(taken), [true, true, true, false], "a rest fills it, not more");
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let buckets = Buckets::new(Rate { per_second: 1, at_once: 2 });
        let now = Instant::now();
        for key in 0..=REMEMBERED {
            assert!(buckets.take(key, now).is_ok());
        }
        assert!(buckets.all.lock().unwrap().len() <= REMEMBERED);
    }

    #[test]
    fn the_address_is_the_one_that_a_proxy_of_ours_saw_and_nobody_makes_one_up() {
        let from: IpAddr = "10.0.0.1".parse().unwrap();
        let headers = HeaderMap::from_iter([(
            header::HeaderName::from_static("x-forwarded-for"),
            HeaderValue::from_static("1.2.3.4, 2001:db8:1:2:3::4"),
        )]);
        assert_eq!(address(from, &headers, false), from);
        assert_eq!(address(from, &headers, true), "2001:db8:1:2::".parse::<IpAddr>().unwrap());
        assert_eq!(address(from, &HeaderMap::new(), true), from);
        assert_eq!(address("::ffff:10.0.0.1".parse().unwrap(), &HeaderMap::new(), false), from);
    }
}
