//! Which members a forecast has and how each is fitted.

use crate::pooled::boost::Boosting;
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
    /// Weight beside a ridge's one.
    pub weight: f64,
    /// What trees add to its mean.
    pub correction: Option<Correction>,
}

/// What trees find in the residuals of a ridge's mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// What it looks at, beside how many weeks ahead.
    pub features: Vec<Feature>,
    /// Weeks after which a row weighs half.
    pub half_life_weeks: f64,
    /// Power of the level by which larger places weigh more.
    pub size_power: f64,
    /// Power of the weeks ahead by which residuals are divided.
    pub horizon_power: f64,
    /// How its trees are grown.
    pub boosting: Boosting,
    /// Seed of its samples of rows and columns.
    pub seed: u64,
    /// Rows for each lead below which it stays out.
    pub fewest_rows: usize,
    /// Share of what trees took off the residuals of the past that is believed when the spread is fitted. 0: as wide as the
    /// ridge alone; 1: as narrow as the trees look on rows that they have seen.
    pub credit: f64,
}

/// All that is chosen beforehand.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// Added to weekly counts before their logarithm: how small a count still says something about growth.
    pub offset: f64,
    /// Ridges, combined by their weights.
    pub ridges: Vec<RidgeMember>,
}

impl Recipe {
    /// The recipe for a target that leads (`has_companion` false: cases, admissions) or one that follows another (deaths).
    ///
    /// Measured on the euro-covid development pack; see `bench/results/outlook-hub.md`.
    pub fn new(has_companion: bool) -> Self {
        if has_companion { Self::following() } else { Self::leading() }
    }

    /// Two ridges without trees, in which large places decide, and two with trees, in which places weigh nearly alike: the
    /// first overshoot less where most people live, the others follow the turns of small places.
    fn leading() -> Self {
        let own = vec![Feature::Growth(0), Feature::Growth(1), Feature::Growth(2), Feature::Incidence];
        let mut ridges = Self::pair(&own, 0.8, 104.0);
        for (nth, mut member) in (0..).zip(Self::pair(&own, 0.1, 104.0)) {
            let correction = Correction::new(&own, nth);
            member.correction = Some(Correction { size_power: 0.2, half_life_weeks: 80.0, ..correction });
            ridges.push(member);
        }
        Self { offset: 5.0, ridges }
    }

    /// Two ridges, both with trees. All places weigh alike: deaths are few, and large places do not behave differently.
    fn following() -> Self {
        let features = vec![
            Feature::Growth(0),
            Feature::Growth(1),
            Feature::Growth(2),
            Feature::Incidence,
            Feature::CompanionGrowth(0),
            Feature::CompanionGrowth(1),
            Feature::CompanionGrowth(2),
            Feature::CompanionGrowth(3),
            Feature::Gap,
        ];
        let mut ridges = Self::pair(&features, 0.0, 52.0);
        for (nth, member) in (0..).zip(&mut ridges) {
            let mut correction = Correction { size_power: 0.0, credit: 0.6, ..Correction::new(&features, nth) };
            correction.boosting.leaves = 6;
            correction.features.push(Feature::CompanionTail);
            member.correction = Some(correction);
        }
        Self { offset: 2.0, ridges }
    }

    /// A ridge that knows how all places grew, and one that does not.
    fn pair(features: &[Feature], size_power: f64, half_life_weeks: f64) -> Vec<RidgeMember> {
        let member = |features: Vec<Feature>| RidgeMember {
            features,
            half_life_weeks,
            size_power,
            penalty: 0.02,
            weight: 1.0,
            correction: None,
        };
        vec![member(features.iter().copied().chain([Feature::Common]).collect()), member(features.to_vec())]
    }
}

impl Correction {
    /// Trees that look at what a ridge does and at what it would not stand: level, noise, the last days, the whole relief.
    fn new(features: &[Feature], seed: u64) -> Self {
        let more =
            [Feature::Common, Feature::Growth(3), Feature::Tail, Feature::Relief, Feature::Noise, Feature::Level];
        Self {
            features: features.iter().copied().chain(more).collect(),
            half_life_weeks: 40.0,
            size_power: 0.0,
            horizon_power: 0.5,
            boosting: Boosting { trees: 100, leaves: 5, rate: 0.06, leaf_rows: 60, sample: 0.5, shrinkage: 1.0 },
            seed: 1 + 100 * seed,
            fewest_rows: 500,
            credit: 0.4,
        }
    }
}
