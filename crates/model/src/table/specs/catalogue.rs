//! What the city owes, as data: kinds of obligations with their fields, ladders and reasons.

use super::{AREA_LEVEL, ORIGIN, may, must};
use crate::table::Kind::{Choice, Count, Flag, Id, Ids, Note, Text};
use crate::table::{TableSpec, Use};

pub(super) const OBLIGATION_KINDS: TableSpec = TableSpec {
    name: "obligation_kinds",
    used: Use::Reference,
    about: "a kind of obligation: what is owed, by when, by whom, and what proves it",
    key: &["kind"],
    columns: &[
        must("kind", Id, "name of the kind"),
        must("system", Count, "system of the city that it belongs to, 1 to 29"),
        must("name_zh", Text, "Chinese name"),
        must("name_en", Text, "English name"),
        must("unit_zh", Text, "unit of its counts, in Chinese"),
        must("unit_en", Text, "unit of its counts, in English"),
        must("counting", Choice(&["named", "counted", "both"]), "whether it names whom it is owed to"),
        must(
            "class",
            Choice(&["ordinary", "care", "food", "exit"]),
            "what it protects; all but ordinary ones never expire",
        ),
        must("life_saving", Flag, "whether nothing may stand before it; its orders need no approver"),
        must("priority", Count, "1 comes first, 9 last"),
        must("due_from", Choice(&["rule", "order", "request"]), "what says by when it is owed"),
        may("due_after_minutes", Count, "with due_from = rule: minutes after it was opened; minutes"),
        must("owner_section", Id, "section that owns it until somebody is named"),
        must("owner_level", Choice(AREA_LEVEL), "level of area at which that section stands for it"),
        must("ladder", Id, "who is asked when it is late: a ladder of obligation_ladders"),
        may("evidence", Ids, "what must be attached to say that it was met, joined by +"),
        must(
            "subject",
            Choice(&["none", "person", "household", "site", "staff", "enterprise"]),
            "whom it is owed to; none if it is counted only",
        ),
        must("retention_days", Count, "days after it is closed until its personal data are destroyed; days"),
        must("origin", Choice(ORIGIN), "what its time limit rests on; synthetic = policy of the pack"),
        must("source_id", Ids, "document that says it, several joined by +"),
        may("note", Note, "what a reader should know"),
    ],
};

pub(super) const OBLIGATION_FIELDS: TableSpec = TableSpec {
    name: "obligation_fields",
    used: Use::Reference,
    about: "a field that obligations of one kind have beside the common ones",
    key: &["kind", "field"],
    columns: &[
        must("kind", Id, "kind of obligation"),
        must("field", Id, "name of the field; the heading of its column"),
        must("position", Count, "place among the fields of the kind, from 1"),
        must(
            "holds",
            Choice(&[
                "text", "id", "place", "facility", "count", "decimal", "date", "datetime", "flag", "choice", "personal",
            ]),
            "what it may hold; personal = about a person, kept in the vault",
        ),
        may("choices", Ids, "with holds = choice: the words, joined by +"),
        must("required", Flag, "whether it must be there"),
        may("unit", Text, "unit of a number"),
        must("about_zh", Text, "what it says, in Chinese; also understood as a heading"),
        must("about_en", Text, "what it says, in English; also understood as a heading"),
    ],
};

pub(super) const OBLIGATION_LADDERS: TableSpec = TableSpec {
    name: "obligation_ladders",
    used: Use::Reference,
    about: "a step of a ladder: who is asked from when on about what is late",
    key: &["ladder", "rung"],
    columns: &[
        must("ladder", Id, "name of the ladder"),
        must("rung", Count, "the step, from 1"),
        must("after_minutes", Count, "minutes overdue from which on this post is asked; minutes"),
        must("section", Id, "section that is asked"),
        must("level", Choice(AREA_LEVEL), "level of area at which it is asked"),
        must("origin", Choice(ORIGIN), "what the minutes rest on; synthetic = policy of the pack"),
        must("source_id", Ids, "document that says it, several joined by +"),
        may("note", Note, "what a reader should know"),
    ],
};

pub(super) const OBLIGATION_REASONS: TableSpec = TableSpec {
    name: "obligation_reasons",
    used: Use::Reference,
    about: "a reason for which an obligation may be closed or carried over",
    key: &["kind", "outcome", "reason"],
    columns: &[
        must("kind", Id, "kind of obligation; `any` = every kind that law 2 does not keep it from"),
        must("outcome", Choice(&["met", "waived", "expired", "voided", "carried"]), "what it explains"),
        must("reason", Id, "code of the reason"),
        must("name_zh", Text, "the reason in Chinese"),
        must("name_en", Text, "the reason in English"),
        must(
            "by",
            Choice(&["recipient", "clinician", "owner", "section_lead", "commander"]),
            "who may give it, and everybody above",
        ),
        must("moot", Flag, "whether it says that the need itself is gone"),
        may("evidence", Ids, "what must be attached, joined by +"),
    ],
};
