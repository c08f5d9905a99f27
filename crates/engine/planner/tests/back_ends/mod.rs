//! The back ends there are in this build.

use levee_planner::solver::programme::{BackEnd, MicroLp};

/// `microlp`, and HiGHS where the feature `highs` is on.
pub(crate) fn back_ends() -> Vec<Box<dyn BackEnd>> {
    vec![
        Box::new(MicroLp::default()),
        #[cfg(feature = "highs")]
        Box::new(levee_planner::solver::programme::Highs::default()),
    ]
}
