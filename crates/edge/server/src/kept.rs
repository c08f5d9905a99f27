//! Answers that are kept until what they rest on changes: the picture of a day is made once, however many look at it.

use crate::problem::Problem;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use levee_app::event::Position;
use levee_app::journal::Journal;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Answers kept at once. The largest city has about 200 kB each.
const KEPT: usize = 32;

/// How long an answer about now stands although its moment has passed: ages are told in tenths of an hour.
const STANDS: SignedDuration = SignedDuration::from_secs(60);

/// What an answer is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum About {
    /// The situation of a day as known at a moment, with a series of so many days.
    Situation(Date, Option<Timestamp>, u16),
    /// The outlines of the city's places.
    Shapes,
    /// When figures became known.
    Moments(Timestamp, Timestamp),
}

/// A JSON answer, ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    body: Bytes,
    etag: HeaderValue,
    media: &'static str,
}

impl Said {
    /// Writes an answer down.
    pub(crate) fn json(value: &impl Serialize) -> Result<Self, Problem> {
        Self::of(value, "application/json")
    }

    /// The same under another name of its form.
    pub(crate) fn of(value: &impl Serialize, media: &'static str) -> Result<Self, Problem> {
        let body = serde_json::to_vec(value).map_err(|error| Problem::fault(error.to_string()))?;
        let tag = format!("\"{}\"", &blake3::hash(&body).to_hex().as_str()[..16]);
        let etag = HeaderValue::from_str(&tag).map_err(|error| Problem::fault(error.to_string()))?;
        Ok(Self { body: body.into(), etag, media })
    }

    /// As an answer: 304 for somebody who has it already.
    pub(crate) fn to(&self, asked: &HeaderMap) -> Response {
        let seen = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        let has = seen.flat_map(|list| list.split(',')).any(|tag| {
            let tag = tag.trim().trim_start_matches("W/");
            tag == "*" || tag.as_bytes() == self.etag.as_bytes()
        });
        // To be asked for again each time: who may not look any more gets nothing.
        let kept = (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        let tag = (header::ETAG, self.etag.clone());
        if has {
            return (StatusCode::NOT_MODIFIED, [kept, tag]).into_response();
        }
        let media = (header::CONTENT_TYPE, HeaderValue::from_static(self.media));
        ([kept, tag, media], self.body.clone()).into_response()
    }
}

struct Entry {
    said: Said,
    /// What was known of the city when it was made.
    facts: Position,
    /// When it was made, if it is about now.
    made: Option<Timestamp>,
    /// When it was last asked for, as a count of askings.
    used: u64,
}

#[derive(Default)]
struct Shelf {
    entries: BTreeMap<About, Entry>,
    askings: u64,
    /// Up to where the journal was looked at, and the position at which the facts were found changed.
    looked: Option<(Position, Position)>,
}

/// The answers.
#[derive(Default)]
pub(crate) struct Kept {
    shelf: Mutex<Shelf>,
    /// Held by whoever makes an answer, so that many who ask at once wait for one.
    making: Mutex<()>,
}

impl Kept {
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The position at which what is known of the outbreak last changed, or later.
    fn facts(&self, on: &dyn Journal) -> Result<Position, Problem> {
        let last = on.last()?;
        let mut shelf = self.shelf();
        let changed = match shelf.looked {
            Some((looked, changed)) if looked >= last => return Ok(changed),
            Some((looked, changed)) => {
                if levee_app::situation::may_have_changed(on, looked)? {
                    last
                } else {
                    changed
                }
            }
            None => last,
        };
        shelf.looked = Some((last, changed));
        Ok(changed)
    }

    fn find(&self, about: &About, facts: Position, now: Timestamp) -> Option<Said> {
        let mut shelf = self.shelf();
        shelf.askings += 1;
        let askings = shelf.askings;
        let entry = shelf.entries.get_mut(about)?;
        let stands = entry.made.is_none_or(|made| now.duration_since(made) < STANDS && now >= made);
        if entry.facts != facts || !stands {
            return None;
        }
        entry.used = askings;
        Some(entry.said.clone())
    }

    /// The answer that is kept, or a new one. `make` says with it whether it is about now.
    pub(crate) fn said(
        &self,
        about: About,
        on: &dyn Journal,
        now: Timestamp,
        make: impl FnOnce() -> Result<(Said, bool), Problem>,
    ) -> Result<Said, Problem> {
        if let Some(said) = self.find(&about, self.facts(on)?, now) {
            return Ok(said);
        }
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        // Asked again: somebody may have made it meanwhile; and what is made now rests on what is known now.
        let facts = self.facts(on)?;
        if let Some(said) = self.find(&about, facts, now) {
            return Ok(said);
        }
        let (said, is_now) = make()?;
        let mut shelf = self.shelf();
        let used = shelf.askings;
        shelf.entries.insert(about, Entry { said: said.clone(), facts, made: is_now.then_some(now), used });
        if shelf.entries.len() > KEPT
            && let Some(oldest) =
                shelf.entries.iter().min_by_key(|(_, entry)| entry.used).map(|(about, _)| about.clone())
        {
            shelf.entries.remove(&oldest);
        }
        Ok(said)
    }
}
