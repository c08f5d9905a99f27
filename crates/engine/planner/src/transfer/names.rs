//! What the arcs and nodes of a network mean, so that what was solved in one network can be carried to another.
//!
//! Two plans of one city seldom have the same network: a forbidden way has no arc, an issued order splits one, the next day brings another
//! district. Numbers then shift; names do not.

use crate::solver::Basis;
use crate::transfer::network::{Network, Nodes};
use crate::transfer::problem::Problem;
use jiff::civil::Date;
use levee_model::area::PlaceCode;
use levee_model::facility::Level;
use levee_model::ids::FacilityId;
use levee_model::plan::CareNeed;

/// An arc, in the numbers of its problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ArcName {
    Wait { group: usize, day: usize },
    Seats { group: usize, day: usize },
    Go { group: usize, day: usize, bed: usize, as_issued: bool },
    Slots { bed: usize, care: CareNeed, day: usize },
    Freed { bed: usize, day: usize },
    Back { bed: usize, day: usize },
    Down { upper: usize, lower: usize, day: usize },
}

/// What the numbers of a network stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    dates: Vec<Date>,
    groups: Vec<(PlaceCode, usize, Option<CareNeed>)>,
    beds: Vec<(FacilityId, Level)>,
    services: Vec<(usize, CareNeed)>,
    arcs: Vec<ArcName>,
}

/// How what was solved in one network becomes a start in another.
pub(crate) enum Carrier {
    /// The networks have the same shape.
    Same,
    /// By node and arc of the one: its number in the other.
    To { nodes: Vec<Option<usize>>, node_count: usize, arcs: Vec<Option<usize>>, arc_count: usize },
}

impl Carrier {
    /// Where a solve ended, as a start: what both networks know hangs as it did.
    pub(crate) fn carry(&self, basis: &Basis) -> Basis {
        match self {
            Self::Same => basis.clone(),
            Self::To { nodes, node_count, arcs, arc_count } => basis.renumbered(nodes, *node_count, arcs, *arc_count),
        }
    }
}

/// By number of the old: the number of the new.
struct Renumbered {
    days: Vec<Option<usize>>,
    groups: Vec<Option<usize>>,
    beds: Vec<Option<usize>>,
}

impl Renumbered {
    fn arc(&self, name: ArcName) -> Option<ArcName> {
        let (on, of, at) =
            (|day: usize| self.days[day], |group: usize| self.groups[group], |bed: usize| self.beds[bed]);
        Some(match name {
            ArcName::Wait { group, day } => ArcName::Wait { group: of(group)?, day: on(day)? },
            ArcName::Seats { group, day } => ArcName::Seats { group: of(group)?, day: on(day)? },
            ArcName::Go { group, day, bed, as_issued } => {
                ArcName::Go { group: of(group)?, day: on(day)?, bed: at(bed)?, as_issued }
            }
            ArcName::Slots { bed, care, day } => ArcName::Slots { bed: at(bed)?, care, day: on(day)? },
            ArcName::Freed { bed, day } => ArcName::Freed { bed: at(bed)?, day: on(day)? },
            ArcName::Back { bed, day } => ArcName::Back { bed: at(bed)?, day: on(day)? },
            ArcName::Down { upper, lower, day } => {
                ArcName::Down { upper: at(upper)?, lower: at(lower)?, day: on(day)? }
            }
        })
    }
}

fn renumbered<T: Ord>(old: &[T], new: &[T]) -> Vec<Option<usize>> {
    let mut at: Vec<usize> = (0..new.len()).collect();
    at.sort_by_key(|&k| &new[k]);
    old.iter().map(|name| at.binary_search_by_key(&name, |&k| &new[k]).ok().map(|place| at[place])).collect()
}

impl Shape {
    pub(crate) fn of(problem: &Problem, network: &Network) -> Self {
        let group = |g: &crate::transfer::problem::Group| (problem.districts[g.district].clone(), g.class, g.care);
        Self {
            dates: problem.dates.clone(),
            groups: problem.groups.iter().map(group).collect(),
            beds: problem.beds.iter().map(|bed| (bed.facility.clone(), bed.level)).collect(),
            services: network.slots().keys().copied().collect(),
            arcs: network.names.clone(),
        }
    }

    fn nodes(&self) -> Nodes {
        Nodes { days: self.dates.len(), groups: self.groups.len(), beds: self.beds.len() }
    }

    /// The way from this network to another.
    pub(crate) fn to(&self, to: &Self) -> Carrier {
        if self == to {
            return Carrier::Same;
        }
        let new = Renumbered {
            days: renumbered(&self.dates, &to.dates),
            groups: renumbered(&self.groups, &to.groups),
            beds: renumbered(&self.beds, &to.beds),
        };
        let names: Vec<Option<ArcName>> = self.arcs.iter().map(|name| new.arc(*name)).collect();
        let there: Vec<Option<ArcName>> = to.arcs.iter().copied().map(Some).collect();
        let arcs: Vec<Option<usize>> =
            renumbered(&names, &there).into_iter().zip(&names).map(|(arc, name)| name.and(arc)).collect();
        let (from, into) = (self.nodes(), to.nodes());
        let mut nodes = vec![None; from.service(self.services.len(), 0)];
        nodes[Nodes::SINK] = Some(Nodes::SINK);
        for (day, on) in new.days.iter().enumerate() {
            let Some(on) = *on else { continue };
            for (group, of) in new.groups.iter().enumerate() {
                nodes[from.waiting(group, day)] = of.map(|of| into.waiting(of, on));
                nodes[from.riding(group, day)] = of.map(|of| into.riding(of, on));
            }
            for (bed, at) in new.beds.iter().enumerate() {
                nodes[from.bed(bed, day)] = at.map(|at| into.bed(at, on));
            }
            for (number, (bed, care)) in self.services.iter().enumerate() {
                let name = new.beds[*bed].map(|bed| (bed, *care));
                let number_there = name.and_then(|name| to.services.iter().position(|other| *other == name));
                nodes[from.service(number, day)] = number_there.map(|number| into.service(number, on));
            }
        }
        Carrier::To { nodes, node_count: into.service(to.services.len(), 0), arcs, arc_count: to.arcs.len() }
    }
}
