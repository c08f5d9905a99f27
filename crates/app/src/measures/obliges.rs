//! What is owed because a restriction is in force: services day by day, tests on their days, each next look at a way out, the review, what a rule
//! of the book names, and release at the end.

use crate::event::{Duty, MeasureRecorded, Obliged, Owes};
use crate::projection::measures::MeasureRow;
use crate::settings::Calendar;
use jiff::{SignedDuration, Timestamp};
use levee_ledger::catalogue::FieldValue;
use levee_ledger::{AreaPath, BadText, Command, NewObligation, Obligation, ObligationId, Subject};
use levee_measures::{INSPECTED_EVERY_HOURS, MeasureId, Scope, Service, Way};
use levee_model::ids::EntityId;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Drinking water for one person and day, litres: the upper end of what survival takes for drinking and food (Sphere Handbook,
/// 2018, water supply standard 2.1, table of basic survival water needs: 2.5 to 3 litres a day).
const LITRES_PER_PERSON_AND_DAY: u64 = 3;

/// The first ordinal of obligations among the entities of a command; what the command makes itself stands below.
const FIRST: u32 = 1000;

/// What the review of a restriction is called among what it obliges to.
const REVIEW: &str = "review";

/// Whether an obligation is the review of a restriction.
pub(super) fn is_review(known: &Obligation) -> bool {
    let role = known.ground.as_ref().and_then(|ground| ground.as_str().rsplit(':').next());
    role == Some(REVIEW)
}

/// The kind under which the ledger owes a service to households, where it is owed so.
pub(super) fn kind_of(service: Service) -> Option<&'static str> {
    match service {
        Service::Food => Some("food_delivery"),
        Service::Water => Some("water_delivery"),
        Service::Medicine => Some("medicine_delivery"),
        Service::HelpForTheOld => Some("wellbeing_call"),
        Service::HelpForChildren => Some("dependant_care"),
        Service::UrgentCare | Service::Dialysis | Service::Chemotherapy | Service::Obstetric | Service::Refuse => None,
    }
}

/// Opens obligations of one restriction, in one commit.
pub(super) struct Opener<'a> {
    command: Uuid,
    next: u32,
    calendar: &'a Calendar,
    id: MeasureId,
    path: AreaPath,
    /// How often the restriction was put in force: what is opened again has another ground.
    run: u32,
    /// When it is put in force.
    now: Timestamp,
    commands: Vec<Command>,
    obliged: Vec<Obliged>,
}

/// One thing that is owed.
struct One {
    kind: &'static str,
    role: String,
    owes: Owes,
    units: u64,
    subject: Option<Subject>,
    due: Timestamp,
    fields: BTreeMap<String, FieldValue>,
}

fn bad(error: &BadText) -> crate::city::AppError {
    crate::city::AppError::Meaning { table: "obligation_kinds".into(), why: error.to_string() }
}

fn days_after(start: Timestamp, days: u64) -> Timestamp {
    let hours = i64::try_from(days.saturating_mul(24)).unwrap_or(i64::MAX);
    start.checked_add(SignedDuration::from_hours(hours.min(1 << 32))).unwrap_or(Timestamp::MAX)
}

fn fields<const N: usize>(all: [(&str, FieldValue); N]) -> BTreeMap<String, FieldValue> {
    all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

impl<'a> Opener<'a> {
    pub(super) fn new(command: Uuid, calendar: &'a Calendar, row: &MeasureRow, city: AreaPath, now: Timestamp) -> Self {
        let path = row.sheet.as_ref().map_or(city, |sheet| sheet.path.clone());
        let (id, run) = (row.measure.id(), row.runs);
        Self { command, next: FIRST, calendar, id, path, run, now, commands: vec![], obliged: vec![] }
    }

    fn open(&mut self, one: One) -> Result<(), crate::city::AppError> {
        if one.units == 0 {
            return Ok(());
        }
        let obligation = ObligationId(EntityId::new(self.command, self.next));
        self.next = self.next.saturating_add(1);
        let ground = format!("m:{}:{}:{}", self.id, self.run, one.role).parse().map_err(|error| bad(&error))?;
        let kind = one.kind.parse().map_err(|error| crate::city::AppError::Meaning {
            table: "obligation_kinds".into(),
            why: format!("{error}"),
        })?;
        let due = one.due.max(self.now);
        self.commands.push(Command::Open(Box::new(NewObligation {
            id: obligation,
            kind,
            path: self.path.clone(),
            units: one.units,
            subject: one.subject,
            ground: Some(ground),
            opened_at: self.now,
            due: Some(due),
            owner: None,
            fields: one.fields,
            note: None,
            synthetic: false,
        })));
        self.obliged.push(Obliged { obligation, owes: one.owes, due });
        Ok(())
    }

    fn task(&mut self, role: String, owes: Owes, units: u64, due: Timestamp) -> Result<(), crate::city::AppError> {
        let task = FieldValue::Text(role.replace(':', "-"));
        self.open(One {
            kind: "operation_task",
            role,
            owes,
            units,
            subject: None,
            due,
            fields: fields([("task", task)]),
        })
    }

    /// Services for each day that begins in `[from, to)`. What each day brings is due at its end.
    pub(super) fn services(
        &mut self,
        row: &MeasureRow,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<(), crate::city::AppError> {
        let Some(counted) = &row.counted else { return Ok(()) };
        let demand = |service| counted.demand.of(service).unwrap_or(0);
        let persons = demand(Service::Food);
        for nth in 0.. {
            if days_after(from, nth) >= to {
                break;
            }
            let due = days_after(from, nth + 1).min(to);
            let mut daily = |kind, what: &str, units, fields| {
                let role = format!("{what}{}", nth + 1);
                self.open(One { kind, role, owes: Owes::Service, units, subject: None, due, fields })
            };
            let count = FieldValue::Count;
            daily("food_delivery", "food", counted.households, fields([("packages", count(counted.households))]))?;
            let litres = persons.saturating_mul(LITRES_PER_PERSON_AND_DAY);
            daily("water_delivery", "water", counted.households, fields([("litres", count(litres))]))?;
            let medicine = fields([("prescription", FieldValue::Flag(true))]);
            daily("medicine_delivery", "med", demand(Service::Medicine), medicine)?;
            let old = fields([("group", FieldValue::Text("old".into()))]);
            daily("wellbeing_call", "old", demand(Service::HelpForTheOld), old)?;
            let child = fields([("who", FieldValue::Text("child".into()))]);
            daily("dependant_care", "child", demand(Service::HelpForChildren), child)?;
            self.task(format!("refuse{}", nth + 1), Owes::Service, 1, due)?;
            // Slots are said for a week: they are arranged by the end of the first day of each.
            if nth % 7 == 0 {
                for (service, what) in
                    [(Service::Dialysis, "dial"), (Service::Chemotherapy, "chemo"), (Service::Obstetric, "birth")]
                {
                    self.task(format!("{what}{}", nth / 7 + 1), Owes::Service, demand(service), due)?;
                }
            }
        }
        Ok(())
    }

    /// A test on each day that the proposal names and that has not passed; counted from the first day of the restriction.
    pub(super) fn tests(&mut self, row: &MeasureRow) -> Result<(), crate::city::AppError> {
        let (Some(sheet), Some(counted)) = (&row.sheet, &row.counted) else { return Ok(()) };
        let (start, end) = (row.measure.terms().start(), row.measure.terms().end());
        for day in &sheet.tests_on {
            let due = days_after(start, u64::from(*day));
            let begins = days_after(start, u64::from(*day).saturating_sub(1));
            if due <= self.now || begins >= end {
                continue;
            }
            let round = FieldValue::Text(format!("day-{day}"));
            self.open(One {
                kind: "door_sampling",
                role: format!("test{day}"),
                owes: Owes::Test,
                units: counted.demand.persons.unwrap_or(0),
                subject: None,
                due: due.min(end),
                fields: fields([("round", round)]),
            })?;
        }
        Ok(())
    }

    /// The next look at a way out: 72 hours after the last, as the restriction itself counts. None is owed past its end, nor where
    /// nobody has looked yet: the gate asks for that one.
    pub(super) fn look(&mut self, row: &MeasureRow, way: &Way) -> Result<(), crate::city::AppError> {
        let Some(seen) = &way.inspected else { return Ok(()) };
        let every = SignedDuration::from_hours(INSPECTED_EVERY_HOURS);
        let due = seen.at.checked_add(every).unwrap_or(Timestamp::MAX);
        if due >= row.measure.terms().end() {
            return Ok(());
        }
        let subject: Subject = way.id.as_str().parse().map_err(|error| bad(&error))?;
        let looks = row.obliged.iter().filter(|one| one.owes == Owes::Inspection).count();
        let nth = row.ways.iter().position(|known| known.id == way.id).unwrap_or(row.ways.len());
        self.open(One {
            kind: "exit_inspection",
            role: format!("look{nth}-{}", looks.saturating_add(1)),
            owes: Owes::Inspection,
            units: 1,
            subject: Some(subject),
            due,
            fields: fields([("exits", FieldValue::Count(1))]),
        })
    }

    /// Somebody looks again at whether it is still needed.
    pub(super) fn review(&mut self, row: &MeasureRow) -> Result<(), crate::city::AppError> {
        self.task(REVIEW.to_owned(), Owes::Rule, 1, row.measure.terms().review())
    }

    /// What the rulebook names, once.
    pub(super) fn duties(&mut self, row: &MeasureRow) -> Result<(), crate::city::AppError> {
        let Some(judged) = &row.judged else { return Ok(()) };
        let start = row.measure.terms().start();
        for (nth, Duty { due_minutes, .. }) in judged.duties.iter().enumerate() {
            let due = start.checked_add(SignedDuration::from_mins(*due_minutes)).unwrap_or(Timestamp::MAX);
            self.task(format!("rule{nth}"), Owes::Rule, 1, due)?;
        }
        Ok(())
    }

    /// Release, due at the end.
    pub(super) fn release(&mut self, row: &MeasureRow) -> Result<(), crate::city::AppError> {
        let terms = row.measure.terms();
        let (kind, subject, more) = match terms.scope() {
            Scope::Area(area) => {
                ("zone_release", area.as_str(), fields([("zone", FieldValue::Text(area.as_str().to_owned()))]))
            }
            Scope::Person { subject, .. } => {
                let entered = FieldValue::Date(self.calendar.civil(terms.start()).date());
                ("isolation_release", subject.as_str(), fields([("entered_on", entered)]))
            }
        };
        let subject = Some(subject.parse().map_err(|error| bad(&error))?);
        let due = terms.end();
        self.open(One { kind, role: "end".into(), owes: Owes::Release, units: 1, subject, due, fields: more })
    }

    /// An appeal is answered by its time.
    pub(super) fn appeal(&mut self, by: &str, due: Timestamp) -> Result<(), crate::city::AppError> {
        let measure = FieldValue::Text(self.id.to_string());
        self.open(One {
            kind: "appeal_answer",
            role: format!("appeal{}", self.command.as_simple().to_string().get(24..).unwrap_or_default()),
            owes: Owes::Appeal,
            units: 1,
            subject: Some(by.parse().map_err(|error| bad(&error))?),
            due,
            fields: fields([("measure", measure)]),
        })
    }

    /// What the ledger is asked, and what is noted of it.
    pub(super) fn done(self) -> (Vec<Command>, Option<MeasureRecorded>) {
        let what = crate::event::Recorded::Obliged(self.obliged);
        let recorded = (!self.commands.is_empty()).then_some(MeasureRecorded { id: self.id, what });
        (self.commands, recorded)
    }
}
