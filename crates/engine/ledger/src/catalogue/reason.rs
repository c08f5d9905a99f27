//! Why an obligation was closed or carried over: a vocabulary, and who may say it.

use serde::{Deserialize, Serialize};

/// What a reason explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done, in this way (a transfer; a documented exemption).
    Met,
    /// Excused.
    Waived,
    /// Not done in time: failed.
    Expired,
    /// Opened in error.
    Voided,
    /// Still owed after the day: carried over.
    Carried,
}

/// Who may give a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MayDecide {
    /// Only the one to whom it is owed; somebody writes it down for them.
    Recipient,
    /// A clinician; somebody writes it down for them.
    Clinician,
    /// Whoever owns the obligation, and anybody above.
    Owner,
    /// The lead of the section, and anybody above.
    SectionLead,
    /// City headquarters.
    Commander,
}

/// One reason of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What it explains.
    pub outcome: Outcome,
    /// Its code.
    pub code: String,
    /// In Chinese.
    pub name_zh: String,
    /// In English.
    pub name_en: String,
    /// Who may give it.
    pub by: MayDecide,
    /// It says that the need itself is gone (released, deceased, moved away, recovered).
    pub moot: bool,
    /// What must be attached.
    pub evidence: Vec<String>,
}
