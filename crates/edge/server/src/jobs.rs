//! Work that takes longer than a request may wait: it is queued, runs on a thread of its own, and says what became of it.
//!
//! Jobs live in memory: what they write stands in the journal, and what a stopping server had not finished is asked for again. The id of a
//! job is the id of the command that it carries out, so that asking twice does once.

use crate::app::App;
use crate::city::OpenCity;
use crate::problem::Problem;
use jiff::{SignedDuration, Timestamp};
use levee_app::city::City;
use levee_model::ids::PersonId;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use uuid::Uuid;

/// Jobs that run at once: each takes a processor for seconds, and there may be two.
const AT_ONCE: usize = 2;

/// Jobs that may wait. At some seconds each, whoever is last waits minutes; more would wait for nothing.
const MAY_WAIT: usize = 32;

/// How long it is told what became of a job.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Doing {
    /// A plan is made.
    Plan,
    /// A day is run: picture, outlook, plan, brief.
    Day,
}

/// What a job made, and where it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Made {
    /// The address at which it is read.
    pub(crate) link: String,
    /// Its name.
    pub(crate) name: String,
    /// Whether it is stored now; not when it says, word for word, what the one before it says.
    pub(crate) stored: bool,
}

#[derive(Clone, Debug)]
enum Stage {
    Queued,
    Running { since: Timestamp },
    Done { at: Timestamp, made: Made },
    Failed { at: Timestamp, why: Problem },
    Cancelled { at: Timestamp },
}

impl Stage {
    fn over(&self) -> Option<Timestamp> {
        match self {
            Self::Done { at, .. } | Self::Failed { at, .. } | Self::Cancelled { at } => Some(*at),
            Self::Queued | Self::Running { .. } => None,
        }
    }
}

struct Job {
    doing: Doing,
    by: PersonId,
    asked: Timestamp,
    stage: Stage,
    stopped: Arc<AtomicBool>,
}

/// Whether somebody has asked to stop a job; what it does looks before it writes.
pub(crate) struct Stopped(Arc<AtomicBool>);

impl Stopped {
    /// The problem with which a stopped job ends, if it is stopped.
    pub(crate) fn look(&self) -> Result<(), Problem> {
        if self.0.load(Ordering::Acquire) { Err(cancelled()) } else { Ok(()) }
    }
}

fn cancelled() -> Problem {
    Problem::new(axum::http::StatusCode::CONFLICT, "cancelled", "It was cancelled", "somebody stopped this job")
        .hint("ask for it again with a new command id")
}

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JobState {
    /// It waits for a turn.
    Queued,
    /// It runs.
    Running,
    /// It is done; `made` says what it made.
    Done,
    /// It failed; `problem` says why.
    Failed,
    /// It was stopped; nothing was written.
    Cancelled,
}

/// A job.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct JobShown {
    /// Which; the id of the command.
    job: String,
    /// What it does.
    doing: Doing,
    /// How far it has come.
    state: JobState,
    /// Jobs that wait before it.
    before: Option<usize>,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    asked: Timestamp,
    /// Since when it runs.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended: Option<Timestamp>,
    /// What it made.
    made: Option<Made>,
    /// Why it failed.
    problem: Option<Problem>,
}

/// The jobs of a running server.
pub(crate) struct Jobs {
    all: Mutex<BTreeMap<Uuid, Job>>,
    turns: Arc<Semaphore>,
}

impl Jobs {
    pub(crate) fn new() -> Self {
        Self { all: Mutex::default(), turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<Uuid, Job>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a job into the queue; false = it is there already.
    fn queue(&self, id: Uuid, doing: Doing, by: &PersonId, now: Timestamp) -> Result<Option<Stopped>, Problem> {
        let mut all = self.all();
        all.retain(|_, job| job.stage.over().is_none_or(|at| now.duration_since(at) < KEPT));
        if let Some(known) = all.get(&id) {
            return if known.by == *by { Ok(None) } else { Err(taken()) };
        }
        if all.values().filter(|job| matches!(job.stage, Stage::Queued)).count() >= MAY_WAIT {
            return Err(Problem::overloaded());
        }
        let stopped = Arc::new(AtomicBool::new(false));
        let shared = Arc::clone(&stopped);
        all.insert(id, Job { doing, by: by.clone(), asked: now, stage: Stage::Queued, stopped });
        Ok(Some(Stopped(shared)))
    }

    /// Takes a job's turn; false = it was cancelled meanwhile.
    fn begin(&self, id: Uuid, now: Timestamp) -> bool {
        let mut all = self.all();
        let Some(job) = all.get_mut(&id).filter(|job| matches!(job.stage, Stage::Queued)) else { return false };
        job.stage = Stage::Running { since: now };
        true
    }

    fn end(&self, id: Uuid, done: Result<Made, Problem>, at: Timestamp) {
        if let Some(job) = self.all().get_mut(&id) {
            job.stage = match done {
                Ok(made) => Stage::Done { at, made },
                Err(_) if job.stopped.load(Ordering::Acquire) => Stage::Cancelled { at },
                Err(why) => Stage::Failed { at, why },
            };
        }
    }

    /// A job of this person, as it stands.
    pub(crate) fn shown(&self, id: Uuid, by: &PersonId) -> Result<JobShown, Problem> {
        let all = self.all();
        let job = all.get(&id).filter(|job| job.by == *by).ok_or_else(|| no_job(id))?;
        let waits = |other: &&Job| matches!(other.stage, Stage::Queued) && other.asked < job.asked;
        let (state, since, made, problem) = match &job.stage {
            Stage::Queued => (JobState::Queued, None, None, None),
            Stage::Running { since } => (JobState::Running, Some(*since), None, None),
            Stage::Done { made, .. } => (JobState::Done, None, Some(made.clone()), None),
            Stage::Failed { why, .. } => (JobState::Failed, None, None, Some(why.clone())),
            Stage::Cancelled { .. } => (JobState::Cancelled, None, None, None),
        };
        Ok(JobShown {
            job: id.to_string(),
            doing: job.doing,
            state,
            before: (state == JobState::Queued).then(|| all.values().filter(waits).count()),
            asked: job.asked,
            since,
            ended: job.stage.over(),
            made,
            problem,
        })
    }

    /// Stops a job: one that waits never begins; a plan that is being made is not stored. A day that runs cannot be stopped.
    pub(crate) fn cancel(&self, id: Uuid, by: &PersonId, now: Timestamp) -> Result<(), Problem> {
        let mut all = self.all();
        let job = all.get_mut(&id).filter(|job| job.by == *by).ok_or_else(|| no_job(id))?;
        match (&job.stage, job.doing) {
            (Stage::Queued, _) => {
                job.stopped.store(true, Ordering::Release);
                job.stage = Stage::Cancelled { at: now };
                Ok(())
            }
            (Stage::Running { .. }, Doing::Plan) => {
                job.stopped.store(true, Ordering::Release);
                Ok(())
            }
            (Stage::Running { .. }, Doing::Day) => Err(Problem::new(
                axum::http::StatusCode::CONFLICT,
                "cannot-stop",
                "It cannot be stopped",
                "a day that runs is written in one piece, and cannot be stopped midway",
            )
            .hint("wait until it is done; running a day again makes a new brief and takes nothing away")),
            (Stage::Cancelled { .. }, _) => Ok(()),
            (Stage::Done { .. } | Stage::Failed { .. }, _) => Err(Problem::new(
                axum::http::StatusCode::CONFLICT,
                "over",
                "It is over",
                "the job has ended, and what it wrote stays",
            )
            .hint("see what became of it at GET /api/v1/jobs/{id}")),
        }
    }
}

fn no_job(id: Uuid) -> Problem {
    Problem::not_found(
        format!("no job of yours is called {id}"),
        "jobs are kept for an hour, by the server that runs them: ask for it again",
    )
}

fn taken() -> Problem {
    Problem::new(
        axum::http::StatusCode::CONFLICT,
        "command-taken",
        "The command's id was used before",
        "somebody else used this Idempotency-Key",
    )
    .hint("make a new UUID of version 7 for each command")
}

/// Starts a job, or finds it started.
pub(crate) fn start(
    app: &App,
    id: Uuid,
    doing: Doing,
    by: &PersonId,
    work: impl FnOnce(&OpenCity, &mut City<'_>, &Stopped) -> Result<Made, Problem> + Send + 'static,
) -> Result<JobShown, Problem> {
    let jobs = &app.jobs;
    if let Some(stopped) = jobs.queue(id, doing, by, app.city.now())? {
        let (jobs, city) = (Arc::clone(jobs), Arc::clone(&app.city));
        tokio::spawn(async move {
            let Ok(turn) = Arc::clone(&jobs.turns).acquire_owned().await else { return };
            if !jobs.begin(id, city.now()) {
                return;
            }
            let runs = Arc::clone(&city);
            let done = tokio::task::spawn_blocking(move || {
                let _turn = turn;
                runs.with(|open| work(&runs, open, &stopped))
            });
            let done =
                done.await.unwrap_or_else(|_| Err(Problem::fault("a job ended by a panic; nothing of it was written")));
            jobs.end(id, done, city.now());
        });
    }
    app.jobs.shown(id, by)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: &str) -> PersonId {
        id.parse().unwrap()
    }

    #[test]
    fn a_job_that_waits_is_cancelled_and_one_that_is_over_is_forgotten_after_an_hour() {
        let (jobs, now) = (Jobs::new(), "2022-11-18T08:00:00Z".parse::<Timestamp>().unwrap());
        let (one, other, me) = (Uuid::from_u128(1), Uuid::from_u128(2), person("a"));
        assert!(jobs.queue(one, Doing::Day, &me, now).unwrap().is_some());
        // Asked twice it is there once; nobody else sees or takes it.
        assert!(jobs.queue(one, Doing::Day, &me, now).unwrap().is_none());
        assert!(jobs.queue(one, Doing::Day, &person("b"), now).is_err());
        assert!(jobs.shown(one, &person("b")).is_err());
        assert_eq!(jobs.shown(one, &me).unwrap().before, Some(0));
        assert!(jobs.begin(one, now));
        // A day that runs goes on; one that waits never begins.
        assert_eq!(jobs.cancel(one, &me, now).unwrap_err().status, 409);
        jobs.queue(other, Doing::Plan, &me, now).unwrap();
        jobs.cancel(other, &me, now).unwrap();
        assert!(!jobs.begin(other, now));
        assert_eq!(jobs.shown(other, &me).unwrap().state, JobState::Cancelled);
        let later = now.checked_add(KEPT).unwrap();
        jobs.queue(Uuid::from_u128(3), Doing::Plan, &me, later).unwrap();
        assert!(jobs.shown(other, &me).is_err());
        assert_eq!(jobs.shown(one, &me).unwrap().state, JobState::Running);
    }

    #[test]
    fn no_more_wait_than_can_be_served() {
        let (jobs, now, me) = (Jobs::new(), "2022-11-18T08:00:00Z".parse::<Timestamp>().unwrap(), person("a"));
        for id in 0..MAY_WAIT {
            assert!(jobs.queue(Uuid::from_u128(id as u128), Doing::Plan, &me, now).is_ok());
        }
        assert_eq!(
            jobs.queue(Uuid::from_u128(999), Doing::Plan, &me, now).err().map(|problem| problem.status),
            Some(503)
        );
    }
}
