//! What is wrong with a rulebook or a file of cases: where, what, and how to mend it.

use jiff::civil::Date;

/// One fault, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{field}{}: {fault}", prefix(rule.as_deref()), suffix(*line))]
pub struct RulebookProblem {
    /// Id of the rule (or case), or its position when it has no id; `None` outside the rules.
    pub rule: Option<String>,
    /// Path of the field: `checks[1].assert.op`.
    pub field: String,
    /// Line in the file, from 1, of the field or of the entry it lies in; `None` where it cannot be told.
    pub line: Option<usize>,
    /// What is wrong.
    pub fault: Fault,
}

fn prefix(rule: Option<&str>) -> String {
    rule.map(|rule| format!("{rule}: ")).unwrap_or_default()
}

fn suffix(line: Option<usize>) -> String {
    line.map(|line| format!(" (line {line})")).unwrap_or_default()
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The text is not YAML, or one key stands twice.
    #[error("not readable as YAML: {message}")]
    NotYaml {
        /// What the parser says.
        message: String,
    },
    /// Another version of the form, or another kind of file.
    #[error("the form is `{given}`, this version reads `{expected}`")]
    Schema {
        /// What the file says.
        given: String,
        /// What is read.
        expected: &'static str,
    },
    /// A field that must be there.
    #[error("is missing")]
    Missing,
    /// A field that nobody knows.
    #[error("is no known field")]
    UnknownField {
        /// The known field that looks most like it.
        nearest: Option<&'static str>,
    },
    /// The wrong kind of value.
    #[error("expected {expected}, found {found}")]
    WrongKind {
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        found: &'static str,
    },
    /// A value that cannot be one.
    #[error("`{given}` {why}")]
    BadValue {
        /// What stands there, cut at 80 characters.
        given: String,
        /// What is wrong with it.
        why: String,
    },
    /// A word outside its vocabulary.
    #[error("`{given}` is none of: {}", allowed.join(", "))]
    NotOneOf {
        /// What stands there.
        given: String,
        /// What may stand there.
        allowed: Vec<String>,
    },
    /// A name that stands twice.
    #[error("`{id}` stands twice")]
    Duplicate {
        /// The name.
        id: String,
    },
    /// A comparison with a parameter that the rule does not have.
    #[error("the rule has no parameter `{param}`; it has: {}", or_none(defined))]
    NoSuchParam {
        /// What is asked for.
        param: String,
        /// What there is.
        defined: Vec<String>,
    },
    /// A clause of a source that the book does not list.
    #[error("the book has no source `{reference}`")]
    NoSuchSource {
        /// The key.
        reference: String,
    },
    /// A rule that the book does not have.
    #[error("the book has no rule `{id}`")]
    NoSuchRule {
        /// The id.
        id: String,
    },
    /// Ends before it begins.
    #[error("ends on {to}, before it begins on {from}")]
    EndsBeforeStart {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// A rule and the rule that it replaces, in force on the same days.
    #[error("replaces `{other}`, yet both are in force from {from} {}", until(*to))]
    Overlap {
        /// The other rule.
        other: String,
        /// First shared day.
        from: Date,
        /// Last shared day; `None` = open.
        to: Option<Date>,
    },
    /// Two checks in force on the same days that no measure can meet together, of rules that do not name each other.
    #[error(
        "cannot be met together with `{other}`: `{here}` against `{there}`, both in force from {from} {}{}",
        until(*to),
        given(when)
    )]
    Contradiction {
        /// The other rule and its check.
        other: String,
        /// What this check asks.
        here: String,
        /// What the other asks.
        there: String,
        /// Facts under which both are made, such as `measure.type=close_area`.
        when: Vec<String>,
        /// First shared day.
        from: Date,
        /// Last shared day; `None` = open.
        to: Option<Date>,
    },
    /// A chain of rules that replace one another in a ring.
    #[error("replaces itself, by way of `{by}`")]
    Ring {
        /// The rule that closes the ring.
        by: String,
    },
}

fn or_none(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn given(when: &[String]) -> String {
    if when.is_empty() { String::new() } else { format!(", as for {}", when.join(", ")) }
}

fn until(to: Option<Date>) -> String {
    to.map_or_else(|| "on".to_owned(), |to| format!("to {to}"))
}

impl RulebookProblem {
    /// What the person who wrote the file can do about it.
    pub fn mend(&self) -> String {
        match &self.fault {
            Fault::NotYaml { .. } => "mend the line; indent with spaces, quote texts that hold `: ` or ` #`".to_owned(),
            Fault::Schema { expected, .. } => format!("write `schema: {expected}`, or convert the file to it"),
            Fault::Missing => format!("add `{}`", self.last_part()),
            Fault::UnknownField { nearest: Some(nearest) } => format!("did you mean `{nearest}`? else take it out"),
            Fault::UnknownField { nearest: None } => "take it out, or move it into `notes`".to_owned(),
            Fault::WrongKind { expected, .. } => format!("write {expected}"),
            Fault::BadValue { .. } => "correct the value".to_owned(),
            Fault::NotOneOf { .. } => "use one of these words; levels and bodies are listed under `orders`".to_owned(),
            Fault::Duplicate { .. } => "give the second one a name of its own, or take it out".to_owned(),
            Fault::NoSuchParam { param, .. } => {
                format!("add `{param}` to `params` (`null` when the number was not found), or correct the name")
            }
            Fault::NoSuchSource { reference } => {
                format!("add `{reference}` to `sources` with title and `seen`, or correct the key")
            }
            Fault::NoSuchRule { .. } => "correct the id, or keep the older version in the book".to_owned(),
            Fault::EndsBeforeStart { .. } => "correct one of the two days; both are included".to_owned(),
            Fault::Overlap { other, from, .. } => match from.yesterday() {
                Ok(last) => format!("end `{other}` on {last} (`effective.to`)"),
                Err(_) => format!("end `{other}` earlier (`effective.to`)"),
            },
            Fault::Contradiction { other, .. } => format!(
                "let one rule replace the other (`supersedes`, `effective.to`), or say in `when` or `unless` which of the two \
                 holds when; the other is `{other}`"
            ),
            Fault::Ring { .. } => "keep `supersedes` only on the later version".to_owned(),
        }
    }

    /// The fault as a compiler shows one: what, in which file and line, the line itself, and the mend.
    pub fn excerpt(&self, file: &str, text: &str) -> String {
        let rule = prefix(self.rule.as_deref());
        let head = format!("error: {rule}{}: {}", self.field, self.fault);
        let Some(line) = self.line else { return format!("{head}\n  --> {file}\n  mend: {}", self.mend()) };
        let there = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
        // Long lines are cut: what matters is which one it is.
        let shown: String = there.chars().take(110).collect();
        let cut = if there.chars().count() > 110 { " …" } else { "" };
        let width = line.to_string().len();
        let pad = " ".repeat(width);
        let blank = shown.chars().take_while(|c| c.is_whitespace()).count();
        let marks = "^".repeat(shown.trim_start().chars().count().clamp(1, 60));
        let under = format!("{}{marks}", " ".repeat(blank));
        format!(
            "{head}\n{pad}--> {file}:{line}\n{pad} |\n{line} | {shown}{cut}\n{pad} | {under}\n{pad} = mend: {}",
            self.mend()
        )
    }

    fn last_part(&self) -> &str {
        self.field.rsplit('.').next().unwrap_or(&self.field)
    }
}
