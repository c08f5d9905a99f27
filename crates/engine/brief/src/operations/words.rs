//! What sources, states and reasons are called.

use super::facts::{NoGeometry, Operations, Owner, Row, Source, State, WhyUnplaced};
use crate::facts::Words;
use crate::lang::{DateStyle, Lang, Speaker};

/// How a document speaks: the language, and the year that need not be said.
pub(super) fn speaker(of: &Operations, lang: Lang) -> Speaker {
    Speaker { lang, year: of.at.local.year() }
}

impl Source {
    /// Its code, as it is written in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Obligation => "obligation",
            Self::Order => "order",
            Self::Measure => "measure",
            Self::Review => "review",
            Self::Appeal => "appeal",
            Self::Zone => "zone",
            Self::Opening => "opening",
            Self::Closing => "closing",
            Self::Rooms => "rooms",
            Self::Transfers => "transfers",
            Self::Run => "run",
            Self::Team => "team",
            Self::Settlement => "settlement",
        }
    }

    /// Its name.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Obligation => lang.pick("应尽事项", "obligation"),
            Self::Order => lang.pick("指令", "order"),
            Self::Measure => lang.pick("限制措施", "restriction"),
            Self::Review => lang.pick("措施复核", "review of a restriction"),
            Self::Appeal => lang.pick("申诉", "appeal"),
            Self::Zone => lang.pick("高风险区（建议）", "high-risk area (proposed)"),
            Self::Opening => lang.pick("启用（方案）", "opening (plan)"),
            Self::Closing => lang.pick("关停（方案）", "closing (plan)"),
            Self::Rooms => lang.pick("隔离房间（方案）", "isolation rooms (plan)"),
            Self::Transfers => lang.pick("转运（方案）", "transfers (plan)"),
            Self::Run => lang.pick("车次（方案）", "vehicle run (plan)"),
            Self::Team => lang.pick("采样队（方案）", "sampling teams (plan)"),
            Self::Settlement => lang.pick("日清日结", "settlement"),
        }
    }
}

impl State {
    /// Its code, as it is written in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Owed => "owed",
            Self::Live => "live",
            Self::Suspended => "suspended",
            Self::Planned => "planned",
            Self::Done => "done",
        }
    }

    /// Its name.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Overdue => lang.pick("逾期", "overdue"),
            Self::Owed => lang.pick("待办", "owed"),
            Self::Live => lang.pick("生效", "live"),
            Self::Suspended => lang.pick("暂停", "suspended"),
            Self::Planned => lang.pick("计划", "planned"),
            Self::Done => lang.pick("办结", "done"),
        }
    }

    /// Its sign, so that no colour is needed to tell it.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Overdue => "▲",
            Self::Owed => "○",
            Self::Live => "●",
            Self::Suspended => "‖",
            Self::Planned => "◇",
            Self::Done => "✓",
        }
    }
}

impl WhyUnplaced {
    /// In words.
    pub fn words(self) -> Words {
        match self {
            Self::NoTime => Words::new("没有时限", "no time is known by which it is done"),
            Self::NoPlace => Words::new("本城没有此地点", "the city knows no such place"),
            Self::TooCoarse => Words::new(
                "感染只报到更大的区域，不得据此划区",
                "infections are known by too wide a place to draw an area",
            ),
            Self::ToAssess => {
                Words::new("须先由人研判是否划区", "people must first assess whether it calls for an area")
            }
        }
    }

    /// Its code, as it is written in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoTime => "no_time",
            Self::NoPlace => "no_place",
            Self::TooCoarse => "too_coarse",
            Self::ToAssess => "to_assess",
        }
    }
}

impl NoGeometry {
    /// Its code, as it is written in GeoJSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::PlaceNotDrawn => "place_not_drawn",
            Self::OnePerson => "one_person",
            Self::WholeCity => "whole_city",
        }
    }
}

/// Who answers for a row, in words; loud where nobody does.
pub(super) fn who(row: &Row, lang: Lang) -> String {
    let named = |owner: &Owner| {
        let name = lang.of(&owner.name);
        if name.is_empty() || name == owner.person { owner.person.clone() } else { format!("{name} {}", owner.person) }
    };
    match &row.owner {
        None => lang.pick("无人负责", "NO OWNER").to_owned(),
        Some(owner) if row.is_unowned() => {
            lang.pick(format!("无人值守，由{}兜底", named(owner)), format!("NOBODY ON DUTY; falls to {}", named(owner)))
        }
        Some(owner) => named(owner),
    }
}

impl Operations {
    /// Who answers for a line, in words; loud where nobody stands behind it.
    pub fn owner_words(&self, row: &Row, lang: Lang) -> String {
        who(row, lang)
    }

    /// How late a line is, in words.
    pub fn late_words(&self, row: &Row, lang: Lang) -> Option<String> {
        row.late_minutes.map(|minutes| lateness(minutes, speaker(self, lang)))
    }

    /// The name of a section.
    pub fn section_name(&self, section: &str, lang: Lang) -> String {
        self.sections.get(section).map_or_else(|| section.to_owned(), |words| lang.of(words).to_owned())
    }

    /// The name of a district.
    pub fn district_name(&self, code: &str, lang: Lang) -> String {
        self.districts.get(code).map_or_else(|| code.to_owned(), |words| lang.of(words).to_owned())
    }

    /// What it finds, in one sentence without a full stop.
    pub fn headline(&self, lang: Lang) -> String {
        let speaker = speaker(self, lang);
        let n = |count: usize| speaker.count(count as u64);
        let (overdue, unowned) = (self.overdue().count(), self.unowned().count());
        let owed = self.rows.iter().filter(|row| row.is_task()).count();
        let late = self.rows.iter().find(|row| row.state == State::Overdue && row.life_saving);
        let first = match (late, overdue) {
            (Some(row), _) => {
                let what = lang.of(&row.what);
                lang.pick(
                    format!("急救逾期：{what}；共{}项逾期", n(overdue)),
                    format!("Urgent care is late: {what}; {} overdue", n(overdue)),
                )
            }
            (None, 0) => lang.pick("无逾期".to_owned(), "Nothing is overdue".to_owned()),
            (None, _) => lang.pick(format!("{}项逾期", n(overdue)), format!("{} overdue", n(overdue))),
        };
        let rest = match overdue {
            0 => lang.pick(format!("，待办{}项", n(owed)), format!(", {} to be done", n(owed))),
            _ => lang.pick(format!("，待办共{}项", n(owed)), format!(" of {} to be done", n(owed))),
        };
        let nobody = match unowned {
            0 if self.rows.iter().all(|row| !row.is_open()) => String::new(),
            0 => lang.pick("，项项有人负责".to_owned(), "; somebody answers for each line".to_owned()),
            1 => lang.pick("，1行无人负责".to_owned(), "; 1 line with nobody behind it".to_owned()),
            _ => lang
                .pick(format!("，{}行无人负责", n(unowned)), format!("; {} lines with nobody behind them", n(unowned))),
        };
        format!("{first}{rest}{nobody}")
    }

    /// The day in full.
    pub(super) fn full_moment(&self, lang: Lang) -> String {
        let speaker = speaker(self, lang);
        format!("{} {}", speaker.day(self.at.local.date(), DateStyle::Full), speaker.clock(self.at.local))
    }
}

/// The same without ids, where there is little room.
pub(super) fn who_short(row: &Row, lang: Lang) -> String {
    match &row.owner {
        Some(owner) if !row.is_unowned() && !lang.of(&owner.name).is_empty() => lang.of(&owner.name).to_owned(),
        _ => who(row, lang),
    }
}

/// How late, or how long until then.
pub(super) fn lateness(minutes: u64, speaker: Speaker) -> String {
    #[expect(clippy::cast_precision_loss, reason = "minutes of an outbreak lie far below 2^52")]
    speaker.hours(minutes as f64 / 60.0)
}
