//! A statement with the names of what it speaks of, as its document needs it.

use super::desk::Desk;
use super::settle::{Statement, sealed_statement, statement};
use crate::blob::BlobRef;
use crate::city::{AppError, City};
use crate::journal::{JournalError, LawBroken, Read, Space};
use crate::projection::decode;
use crate::projection::ledger::rows::{PreparedRow, SealRow};
use crate::projection::ledger::{keys, read, record};
use crate::rights::person;
use jiff::civil::Date;
use levee_brief::facts::Words;
use levee_brief::statement::{AreaWords, KindWords, Standing, StatementArrear, StatementFacts, StatementLine, Units};
use levee_ledger::catalogue::Outcome;
use levee_ledger::settlement::Line;
use levee_ledger::{AreaPath, Flow, KindId};
use levee_model::area::{Level, PlaceCode};
use levee_model::ids::PersonId;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// The statement of a day and its facts: as it was sealed; else as somebody signed it, when the books have not moved on
/// since; else as the books stand.
pub fn of_day(city: &City<'_>, scope: Option<&PlaceCode>, day: Date) -> Result<(Statement, StatementFacts), AppError> {
    let on: &dyn Read = city.journal;
    let desk = Desk::load(on)?;
    let scope = scope.unwrap_or_else(|| desk.places.city()).clone();
    if let Some(sealed) = sealed_statement(city, &scope, day)? {
        let row: Option<SealRow> = get(on, &keys::seal(scope.as_str(), day))?;
        if let Some(row) = row {
            let [first, second] = [&row.sealed_by.0, &row.sealed_by.1].map(|by| name(on, by));
            let standing =
                Standing::Sealed { by: [first?, second?], at: desk.calendar.civil(row.at), seal: row.seal.to_string() };
            let facts = facts(on, &desk, &sealed, standing, Some(row.statement))?;
            return Ok((sealed, facts));
        }
    }
    let now = statement(on, &desk, &scope, day)?;
    let signed: Option<PreparedRow> = get(on, &keys::prepared(scope.as_str()))?;
    let mut standing = (Standing::Draft, None);
    if let Some(signed) = signed.filter(|signed| signed.day == day) {
        let bytes = serde_json::to_vec(&now)
            .map_err(|error| AppError::Meaning { table: "statements".into(), why: error.to_string() })?;
        // A signature is for the bytes that were read; once the books have moved on it stands for nothing.
        if city.blobs.get(&signed.statement)? == bytes {
            standing = (Standing::Signed { by: name(on, &signed.by)? }, Some(signed.statement));
        }
    }
    let facts = facts(on, &desk, &now, standing.0, standing.1)?;
    Ok((now, facts))
}

fn get<T: serde::de::DeserializeOwned>(on: &dyn Read, key: &[u8]) -> Result<Option<T>, JournalError> {
    on.get(Space::Seal, key)?.map(|row| decode(Space::Seal, &row)).transpose()
}

/// Name of a person; one who is not known any more stands by id.
pub fn name(on: &dyn Read, id: &PersonId) -> Result<Words, JournalError> {
    Ok(person(on, id)?.map_or_else(|| Words::same(id.as_str()), |person| Words::new(person.name_zh, person.name_en)))
}

/// Name of a section.
pub fn section_words(section: &str) -> Words {
    let (zh, en) = match section {
        "community" => ("社区组", "Community"),
        "headquarters" => ("指挥部", "Headquarters"),
        "industry" => ("产业组", "Industry"),
        "information" => ("信息组", "Information"),
        "isolation" => ("隔离专班", "Isolation"),
        "personnel" => ("人员专班", "Personnel"),
        "requests" => ("诉求组", "Requests"),
        "safety" => ("安全组", "Safety"),
        "supplies" => ("物资保障组", "Supplies"),
        "testing" => ("检测专班", "Testing"),
        "tracing" => ("流调组", "Tracing"),
        "transfer" => ("转运专班", "Transfer"),
        "treatment" => ("医疗救治组", "Treatment"),
        "welfare" => ("民生保障组", "Welfare"),
        other => return Words::same(other),
    };
    Words::new(zh, en)
}

/// The facts of a statement. Places below a community are told as the community that they lie in: fewer people than that
/// are somebody.
pub fn facts(
    on: &dyn Read,
    desk: &Desk,
    statement: &Statement,
    standing: Standing,
    digest: Option<BlobRef>,
) -> Result<StatementFacts, AppError> {
    let mut names = Names { desk, areas: BTreeMap::new(), kinds: BTreeMap::new() };
    let invented = synthetic(on, statement)?;
    let mut accounts: BTreeMap<(String, String), (Units, bool)> = BTreeMap::new();
    for line in &statement.lines {
        let key = (names.area(&line.path), names.kind(&line.kind));
        let (units, synthetic) = accounts.entry(key).or_default();
        units.add(&numbers(line));
        *synthetic |= invented.contains(&(line.path.clone(), line.kind.clone()));
    }
    let mut people: BTreeMap<PersonId, Words> = BTreeMap::new();
    let mut arrears = Vec::with_capacity(statement.arrears.len());
    for arrear in &statement.arrears {
        let owner = match &arrear.owner {
            None => None,
            Some(id) => match people.get(id) {
                Some(known) => Some(known.clone()),
                None => Some(people.entry(id.clone()).or_insert(name(on, id)?).clone()),
            },
        };
        let late = statement.ends.as_second().saturating_sub(arrear.due.as_second()) / 60;
        arrears.push(StatementArrear {
            obligation: arrear.obligation.to_string(),
            kind: names.kind(&arrear.kind),
            area: names.area(&arrear.path),
            section: section_words(arrear.section.as_str()),
            units: arrear.units,
            due: desk.calendar.civil(arrear.due),
            late_minutes: u64::try_from(late).unwrap_or(0),
            reason: arrear.reason.as_deref().map(|code| names.reason(&arrear.kind, code)),
            owner,
            synthetic: read::obligation(on, &arrear.obligation)?.is_some_and(|known| known.synthetic),
        });
    }
    let lines = accounts
        .into_iter()
        .map(|((area, kind), (units, synthetic))| StatementLine { area, kind, units, synthetic })
        .collect();
    let city = names.place(desk.places.city().as_str());
    Ok(StatementFacts {
        city,
        scope: names.place(&statement.scope),
        sealed_apart: apart(on, &names, statement)?,
        day: statement.day,
        standing,
        digest: digest.map(|digest| digest.to_string()),
        chained_to: statement.previous_seal.map(|seal| seal.to_string()),
        replay: desk.mode == crate::event::Mode::Replay,
        kinds: names.kinds,
        areas: names.areas,
        lines,
        arrears,
    })
}

fn numbers(line: &Line) -> Units {
    let of = |flow| line.of(flow);
    Units([
        line.carried_in,
        of(Flow::Opened),
        of(Flow::TransferredIn),
        of(Flow::Corrected),
        of(Flow::Met),
        of(Flow::Waived),
        of(Flow::Expired),
        of(Flow::Voided),
        of(Flow::TransferredOut),
        line.carried_out,
    ])
}

/// Districts that had sealed the day themselves.
fn apart(on: &dyn Read, names: &Names<'_>, statement: &Statement) -> Result<Vec<Words>, AppError> {
    let mut apart = Vec::new();
    for book in read::books(on)? {
        let covered = statement.books.contains(&book) || statement.scope != names.desk.places.city().as_str();
        if !covered && on.get(Space::Seal, &keys::seal(&book, statement.day))?.is_some() {
            apart.push(names.place(&book));
        }
    }
    Ok(apart)
}

/// Accounts in which anything invented was ever opened. Every obligation is looked at, until all accounts of the statement
/// are known to hold some: the books of an exercise say so at once, those of a city at work cost a look at each.
fn synthetic(on: &dyn Read, statement: &Statement) -> Result<BTreeSet<(AreaPath, KindId)>, AppError> {
    let mut open: BTreeSet<(AreaPath, KindId)> =
        statement.lines.iter().map(|line| (line.path.clone(), line.kind.clone())).collect();
    let mut invented = BTreeSet::new();
    if open.is_empty() {
        return Ok(invented);
    }
    read::each(on, Space::Obligation, &keys::beginning(Vec::new()), &mut |key, value| {
        let unreadable =
            || LawBroken::Projection { space: Space::Obligation, why: format!("key {}", key.escape_ascii()) };
        if let Some(account) = record::invented(value).ok_or_else(unreadable)?
            && open.remove(&account)
        {
            invented.insert(account);
        }
        Ok(if open.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(invented)
}

/// Names of what a statement speaks of, gathered as they come up.
struct Names<'d> {
    desk: &'d Desk,
    areas: BTreeMap<String, AreaWords>,
    kinds: BTreeMap<String, KindWords>,
}

impl Names<'_> {
    fn place(&self, code: &str) -> Words {
        let name = code.parse::<PlaceCode>().ok().and_then(|code| self.desk.places.name(&code).cloned());
        name.map_or_else(|| Words::same(code), |name| Words::new(name.short_zh, name.short_en))
    }

    /// The code under which a place is told.
    fn area(&mut self, path: &AreaPath) -> String {
        let told = |code: &str| {
            let Ok(code) = code.parse::<PlaceCode>() else { return false };
            // A unit that reports is as large as a district, or larger.
            let large = |level| level <= Level::Community;
            self.desk.places.area(&code).map_or(self.desk.places.unit(&code).is_some(), |area| large(area.level))
        };
        let code = path.codes().rev().find(|code| told(code)).unwrap_or(path.city()).to_owned();
        if !self.areas.contains_key(&code) {
            let district = path.book().to_owned();
            for code in [&code, &district] {
                let words = AreaWords { name: self.place(code), district: district.clone() };
                self.areas.entry(code.clone()).or_insert(words);
            }
        }
        code
    }

    fn kind(&mut self, id: &KindId) -> String {
        let code = id.to_string();
        if let (false, Some(kind)) = (self.kinds.contains_key(&code), self.desk.catalogue.kind(id)) {
            let words = KindWords {
                system: kind.system,
                name: Words::new(&kind.name_zh, &kind.name_en),
                unit: Words::new(&kind.unit.0, &kind.unit.1),
                protected: kind.life_saving || kind.class.never_expires(),
            };
            self.kinds.insert(code.clone(), words);
        }
        code
    }

    fn reason(&self, kind: &KindId, code: &str) -> Words {
        let kind = self.desk.catalogue.kind(kind);
        let reason = kind.and_then(|kind| self.desk.catalogue.reason(kind, Outcome::Carried, code));
        reason.map_or_else(|| Words::same(code), |reason| Words::new(&reason.name_zh, &reason.name_en))
    }
}
