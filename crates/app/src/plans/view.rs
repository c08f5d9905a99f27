//! What a plan says to a reader: rows of codes with arguments, from which each language makes its sentences.

use super::document::{Part, PlanDocument};
use super::said;
use crate::brief::words::Naming;
use crate::brief::{orders, plan};
use levee_brief::facts::{Message, OrderRow, ShortfallRow, Surge, Words};
use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::CareClass;

/// Names from the document itself.
pub(crate) struct DocumentNames<'a>(pub(crate) &'a PlanDocument);

impl Naming for DocumentNames<'_> {
    fn short(&self, code: &PlaceCode) -> Words {
        let found = self.0.places.iter().find(|place| place.code == *code);
        found.map_or_else(|| Words::same(code.as_str()), |place| place.name.clone())
    }
    fn facility(&self, id: &FacilityId) -> Words {
        let found = self.0.facilities.iter().find(|one| one.id == *id);
        found.map_or_else(|| Words::same(id.as_str()), |one| one.name.clone())
    }
}

/// The plan of transfers as rows, what matters most first.
#[derive(Clone, Debug, PartialEq)]
pub struct TransferView {
    /// What cannot be met, why, and what would mend it; life-saving care first.
    pub shortfalls: Vec<ShortfallRow>,
    /// Life-saving care over capacity: never queued, never refused.
    pub surge: Vec<Surge>,
    /// Orders of the first day by destination and class.
    pub orders: Vec<OrderRow>,
    /// What the inputs lack, gathered by kind.
    pub gaps: Vec<Message>,
    /// What became of each pin and accepted order; those that were refused first.
    pub decided: Vec<DecidedRow>,
}

/// What became of something that people had decided.
#[derive(Clone, Debug, PartialEq)]
pub struct DecidedRow {
    /// What.
    pub what: Message,
    /// Kept, or why not.
    pub outcome: Message,
    /// Whether it was refused.
    pub refused: bool,
    /// An accepted order; else a pin.
    pub order: bool,
}

impl PlanDocument {
    /// The plan of transfers as rows; `None` when it has none.
    pub fn transfer_view(&self) -> Option<TransferView> {
        let proposed = self.transfers()?;
        let names = DocumentNames(self);
        let mut shortfalls = plan::shortfalls(None, proposed, &names);
        shortfalls.splice(0..0, plan::unknown_care(proposed, &names));
        Some(TransferView {
            shortfalls,
            surge: plan::surges(proposed, &names),
            orders: orders::rows(proposed, &names),
            gaps: said::gaps(&proposed.gaps, &names),
            decided: said::decided(proposed, &names),
        })
    }

    /// The parts that it answers.
    pub fn parts(&self) -> Vec<Part> {
        let transfer = self.transfer.iter().map(|_| Part::Transfer);
        let openings = self.openings.iter().map(|_| Part::Openings);
        let rooms = self.rooms.iter().map(|_| Part::Rooms);
        let runs = self.runs.iter().map(|_| Part::Runs);
        let testing = self.testing.iter().map(|_| Part::Testing);
        transfer.chain(openings).chain(rooms).chain(runs).chain(testing).collect()
    }

    /// Name of a facility.
    pub fn facility_name(&self, id: &FacilityId) -> Words {
        DocumentNames(self).facility(id)
    }

    /// Short name of a place.
    pub fn place_name(&self, code: &PlaceCode) -> Words {
        DocumentNames(self).short(code)
    }
}

/// Name of a class of illness.
pub fn class_name(class: CareClass) -> Words {
    plan::class_words(class)
}
