//! Names in both languages: places, facilities, offices, sections, tables.

use crate::day::Day;
use crate::day::known::KnownCity;
use levee_brief::facts::{Place, Words};
use levee_model::area::PlaceCode;
use levee_model::facility::Facility;
use levee_model::ids::{FacilityId, OfficeId};
use std::collections::BTreeMap;

/// Names of places and facilities, of a day or of a stored plan.
pub(crate) trait Naming {
    /// Short name of a place.
    fn short(&self, code: &PlaceCode) -> Words;
    /// Name of a facility.
    fn facility(&self, id: &FacilityId) -> Words;
}

/// Name of a section.
pub(crate) fn section(section: &str) -> Words {
    match section {
        "transfer" => Words::new("转运专班", "Transfer"),
        "treatment" => Words::new("医疗救治组", "Treatment"),
        "personnel" => Words::new("人员专班", "Personnel"),
        "supplies" => Words::new("物资保障组", "Supplies"),
        "testing" => Words::new("检测专班", "Testing"),
        "safety" => Words::new("安全组", "Safety"),
        "isolation" => Words::new("隔离专班", "Isolation"),
        "information" => Words::new("信息组", "Information"),
        other => Words::same(other),
    }
}

impl Naming for Names<'_> {
    fn short(&self, code: &PlaceCode) -> Words {
        Names::short(self, code)
    }
    fn facility(&self, id: &FacilityId) -> Words {
        Names::facility(self, id)
    }
}

/// Looks names up. A code that nobody named stands as it is: a name is never made up.
pub(crate) struct Names<'a> {
    known: &'a KnownCity,
    facilities: BTreeMap<&'a FacilityId, &'a Facility>,
}

impl<'a> Names<'a> {
    pub(crate) fn of(day: &'a Day) -> Self {
        Self::known(&day.known)
    }

    pub(crate) fn known(known: &'a KnownCity) -> Self {
        Self { known, facilities: known.facts.facilities.iter().map(|f| (&f.id, f)).collect() }
    }

    pub(crate) fn place(&self, code: &PlaceCode) -> Place {
        let plain = || Words::same(code.as_str());
        let name = self.known.places.name(code);
        Place {
            code: code.to_string(),
            name: name.map_or_else(plain, |n| Words::new(&n.short_zh, &n.short_en)),
            full: name.map_or_else(plain, |n| Words::new(&n.zh, &n.en)),
        }
    }

    pub(crate) fn short(&self, code: &PlaceCode) -> Words {
        self.place(code).name
    }

    /// Several places as one text; `None` for none.
    pub(crate) fn joined(&self, codes: &[PlaceCode]) -> Option<Words> {
        if codes.is_empty() {
            return None;
        }
        let names: Vec<Words> = codes.iter().map(|code| self.short(code)).collect();
        Some(Words {
            zh: names.iter().map(|n| n.zh.as_str()).collect::<Vec<_>>().join("、"),
            en: names.iter().map(|n| n.en.as_str()).collect::<Vec<_>>().join(", "),
        })
    }

    pub(crate) fn facility(&self, id: &FacilityId) -> Words {
        self.facilities.get(id).map_or_else(|| Words::same(id.as_str()), |f| Words::new(&f.name_zh, &f.name_en))
    }

    pub(crate) fn office(&self, id: &OfficeId) -> Words {
        let found = self.known.facts.offices.iter().find(|office| office.id == *id);
        found.map_or_else(|| Words::same(id.as_str()), |office| Words::new(&office.name.0, &office.name.1))
    }

    pub(crate) fn table(&self, table: &str) -> Words {
        match table {
            "infections" => Words::new("新增感染", "new infections"),
            "statements" => Words::new("在院、病情、床位等单项数字", "care, severity, beds: single figures"),
            "facility_services" => Words::new("设施专科名额", "services of facilities beside the bed"),
            "facility_status" => Words::new("设施床位与人员", "beds and staff of facilities"),
            other => Words::same(other),
        }
    }

    pub(crate) fn section(&self, name: &str) -> Words {
        section(name)
    }
}
