//! Which members a forecast has and how each is fitted.

use crate::pooled::rows::Feature;

/// A pooled ridge of log growth on features of the weeks before.
#[derive(Clone, Debug, PartialEq)]
pub struct RidgeMember {
    /// What it looks at.
    pub features: Vec<Feature>,
    /// Weeks after which a row weighs half.
    pub half_life_weeks: f64,
    /// Power of the level by which larger places weigh more in the mean. 0: all alike, best on the log scale.
    pub size_power: f64,
    /// Penalty as a share of the sum of weights.
    pub penalty: f64,
}

/// All that is chosen beforehand.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// Added to weekly counts before their logarithm: how small a count still says something about growth.
    pub offset: f64,
    /// Ridges; combined with equal weights.
    pub ridges: Vec<RidgeMember>,
}

impl Recipe {
    /// The recipe for a target that leads (`has_companion` false: cases, admissions) or one that follows another (deaths).
    ///
    /// Measured on the euro-covid development pack; see `bench/results/outlook-hub.md`.
    pub fn new(has_companion: bool) -> Self {
        let own = [Feature::Growth(0), Feature::Growth(1), Feature::Growth(2), Feature::Incidence];
        let ahead = [
            Feature::CompanionGrowth(0),
            Feature::CompanionGrowth(1),
            Feature::CompanionGrowth(2),
            Feature::CompanionGrowth(3),
            Feature::Gap,
        ];
        let mut features = own.to_vec();
        if has_companion {
            features.extend(ahead);
        }
        let size_power = if has_companion { 0.3 } else { 0.5 };
        let member =
            |features: Vec<Feature>| RidgeMember { features, half_life_weeks: 52.0, size_power, penalty: 0.02 };
        let with_common = features.iter().copied().chain([Feature::Common]).collect();
        Self { offset: if has_companion { 2.0 } else { 5.0 }, ridges: vec![member(with_common), member(features)] }
    }
}
