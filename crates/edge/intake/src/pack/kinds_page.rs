//! `docs/catalogue.md`: the kinds of obligations of the standard catalogue, written from it.

use levee_ledger::catalogue::{Catalogue, Counting, DueFrom, Kind, MayDecide, Outcome, SubjectKind};
use std::fmt::Write as _;

/// Names of the systems of a city, 1 to 29.
const SYSTEMS: [&str; 29] = [
    "Command meeting",
    "Situation analysis and judgement",
    "Fidelity to the national plan",
    "Operations map and timetable",
    "Community spread",
    "High-risk areas",
    "Other areas, epidemic-free communities",
    "Joint control of the central districts",
    "Responsibility",
    "Market supply",
    "Special groups and other patients",
    "Enterprises and closed loops",
    "Care of front-line staff",
    "Makeshift hospitals",
    "Transfer",
    "Isolation places",
    "Testing",
    "Tiered treatment",
    "Emergency supplies",
    "Public information",
    "Counselling",
    "Residents' demands and disputes",
    "Fire and production hazards",
    "Price watch",
    "Speed of every link",
    "Deployment of people",
    "Imported risk",
    "Initiative of communities",
    "Relief and reopening",
];

/// The text of `docs/catalogue.md`. A test compares it with the file.
pub fn catalogue_page(catalogue: &Catalogue) -> String {
    let mut out = String::from(include_str!("kinds_page.md"));
    // Writing into a String cannot fail.
    let _ = write!(out, "\n## Sections\n\n{}.\n", {
        let all: Vec<String> = levee_app::catalogue::sections(catalogue).iter().map(|s| format!("`{s}`")).collect();
        all.join(", ")
    });
    out.push_str(
        "\n## Reasons of every kind\n\n| outcome | reason | 理由 | meaning | who |\n| --- | --- | --- | --- | --- |\n",
    );
    // A kind that may expire has every common reason.
    let ordinary = catalogue.kinds().find(|kind| !kind.class.never_expires());
    let outcomes = [Outcome::Waived, Outcome::Expired, Outcome::Voided, Outcome::Carried];
    for reason in ordinary.iter().flat_map(|kind| outcomes.into_iter().flat_map(|o| catalogue.reasons(kind, o))) {
        let moot = if reason.moot { "; the need is gone" } else { "" };
        let _ = writeln!(
            out,
            "| {} | `{}` | {} | {}{moot} | {} |",
            outcome(reason.outcome),
            reason.code,
            reason.name_zh,
            reason.name_en,
            by(reason.by)
        );
    }
    out.push_str(
        "\n## Ladders\n\nMinutes overdue, and who is asked from then on.\n\n| ladder | steps |\n| --- | --- |\n",
    );
    let ladders: std::collections::BTreeMap<&str, _> =
        catalogue.kinds().filter_map(|kind| Some((kind.ladder.as_str(), catalogue.ladder(kind)?))).collect();
    for (name, ladder) in ladders {
        let level = |level| serde_json::to_value(level).ok().and_then(|v| v.as_str().map(str::to_owned));
        let steps = ladder.rungs.iter().map(|rung| {
            format!("{}: {}, {}", rung.after_minutes, rung.post.section, level(rung.post.level).unwrap_or_default())
        });
        let _ = writeln!(out, "| `{name}` | {} |", steps.collect::<Vec<_>>().join("; "));
    }
    for (nth, name) in (1u8..).zip(SYSTEMS) {
        let _ = writeln!(out, "\n## {nth} {name}\n");
        for kind in catalogue.kinds().filter(|kind| kind.system == nth) {
            one(&mut out, catalogue, kind);
        }
    }
    out
}

fn one(out: &mut String, catalogue: &Catalogue, kind: &Kind) {
    let life = if kind.life_saving { ", **saves lives**" } else { "" };
    let due = match kind.due {
        DueFrom::Rule(minutes) if minutes % 1440 == 0 => format!("due {} day(s) after it was opened", minutes / 1440),
        DueFrom::Rule(minutes) if minutes % 60 == 0 => format!("due {} h after it was opened", minutes / 60),
        DueFrom::Rule(minutes) => format!("due {minutes} min after it was opened"),
        DueFrom::Order => "due as the order says".to_owned(),
        DueFrom::Request => "due as the request says".to_owned(),
    };
    let counting = match kind.counting {
        Counting::Named => "named",
        Counting::Counted => "counted",
        Counting::Both => "counted or named",
    };
    let whom = match kind.subject {
        SubjectKind::None => "",
        SubjectKind::Person => ", to a person",
        SubjectKind::Household => ", to a household",
        SubjectKind::Site => ", to a place",
        SubjectKind::Staff => ", to a member of staff",
        SubjectKind::Enterprise => ", to an enterprise",
    };
    let class = format!("{:?}", kind.class).to_lowercase();
    let level = format!("{:?}", kind.owner.level).to_lowercase();
    let _ = writeln!(out, "### `{}` {} / {}\n", kind.id, kind.name_zh, kind.name_en);
    let _ = writeln!(
        out,
        "{} / {}; {counting}{whom}; class {class}{life}; priority {}; {due}; owner {} at level {level}; ladder `{}`; personal data kept {} days.\n",
        kind.unit.0, kind.unit.1, kind.priority, kind.owner.section, kind.ladder, kind.retention_days
    );
    if !kind.evidence.is_empty() {
        let _ = writeln!(out, "Evidence: `{}`.\n", kind.evidence.join("`, `"));
    }
    let fields: Vec<String> = catalogue
        .fields(&kind.id)
        .iter()
        .map(|field| {
            let (must, unit) = (if field.required { "*" } else { "" }, field.unit.as_ref());
            let unit = unit.map(|unit| format!(", {}", unit.replace('_', " "))).unwrap_or_default();
            format!("`{}`{must} {} ({}{unit})", field.name, field.about.0, field.holds.words())
        })
        .collect();
    if !fields.is_empty() {
        let _ = writeln!(out, "Fields: {}.\n", fields.join("; "));
    }
    let met = catalogue
        .reasons(kind, Outcome::Met)
        .map(|reason| format!("`{}` {} / {} ({})", reason.code, reason.name_zh, reason.name_en, by(reason.by)));
    let _ = writeln!(out, "Met: {}.\n", met.collect::<Vec<_>>().join("; "));
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "met",
        Outcome::Waived => "waived",
        Outcome::Expired => "expired",
        Outcome::Voided => "voided",
        Outcome::Carried => "carried over",
    }
}

fn by(by: MayDecide) -> &'static str {
    match by {
        MayDecide::Recipient => "recipient",
        MayDecide::Clinician => "clinician",
        MayDecide::Owner => "owner",
        MayDecide::SectionLead => "section lead",
        MayDecide::Commander => "headquarters",
    }
}
