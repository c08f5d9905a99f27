//! Ways made from points, where no road table is at hand.

use levee_model::area::PlaceCode;
use levee_model::ids::FacilityId;
use levee_model::plan::{Lane, LaneMethod};
use levee_model::provenance::Origin;

/// Mean radius of the Earth, metres (IUGG, R1).
const EARTH_METRES: f64 = 6_371_008.8;

/// Great-circle distance between two points (latitude, longitude in degrees), metres, by the haversine formula.
///
/// ```
/// // One degree of the meridian.
/// let metres = levee_planner::great_circle_metres((29.0, 106.5), (30.0, 106.5));
/// assert!((metres - 111_195.0).abs() < 1.0);
/// ```
pub fn great_circle_metres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let half = |x: f64, y: f64| ((y - x) / 2.0).sin().powi(2);
    let h = half(lat_a, lat_b) + lat_a.cos() * lat_b.cos() * half(a.1.to_radians(), b.1.to_radians());
    2.0 * EARTH_METRES * h.clamp(0.0, 1.0).sqrt().asin()
}

/// Something with a point, if one is known: latitude and longitude in degrees.
#[derive(Clone, Debug, PartialEq)]
pub struct Place<Id> {
    /// Which.
    pub id: Id,
    /// Where.
    pub point: Option<(f64, f64)>,
    /// What the point rests on.
    pub origin: Origin,
}

/// Makes lanes from points. The two speeds are facts about the city: the caller names them, with their source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LaneMaker {
    /// Road length over great-circle length. [`LaneMaker::DETOUR`] unless the city has measured its own.
    pub detour: f64,
    /// Speed of a coach, km/h.
    pub coach_km_per_hour: f64,
    /// Speed of an ambulance, km/h.
    pub ambulance_km_per_hour: f64,
}

impl LaneMaker {
    /// Detour factor used where no road table is configured: the project's planning convention, not a measurement of
    /// any city. A lane made with it says `great_circle`, and every order over it says that its way is an estimate.
    pub const DETOUR: f64 = 1.35;

    /// All lanes between districts and facilities whose points are known. A place without a point gets none.
    pub fn lanes(&self, districts: &[Place<PlaceCode>], facilities: &[Place<FacilityId>]) -> Vec<Lane> {
        let mut lanes = Vec::new();
        for from in districts {
            for to in facilities {
                let (Some(a), Some(b)) = (from.point, to.point) else { continue };
                let metres = great_circle_metres(a, b) * self.detour;
                let minutes = |km_per_hour: f64| whole(metres / 1000.0 / km_per_hour * 60.0, u32::MAX.into());
                let (Some(length), Some(coach), Some(ambulance)) =
                    (whole(metres, 1e15), minutes(self.coach_km_per_hour), minutes(self.ambulance_km_per_hour))
                else {
                    continue;
                };
                lanes.push(Lane {
                    from: from.id.clone(),
                    facility: to.id.clone(),
                    metres: length,
                    coach_minutes: u32::try_from(coach).unwrap_or(u32::MAX),
                    ambulance_minutes: u32::try_from(ambulance).unwrap_or(u32::MAX),
                    method: LaneMethod::GreatCircle,
                    // The way is arithmetic on the points, never itself reported.
                    origin: from.origin.and(to.origin).and(Origin::Derived),
                });
            }
        }
        lanes
    }
}

/// The next whole number; `None` for what is no length (a speed of zero, a point that is not a number).
fn whole(x: f64, at_most: f64) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to lie in 0..=at_most")]
    (x >= 0.0 && x <= at_most).then(|| x.ceil() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place<Id: std::str::FromStr>(id: &str, point: Option<(f64, f64)>) -> Place<Id>
    where
        Id::Err: std::fmt::Debug,
    {
        Place { id: id.parse().unwrap(), point, origin: Origin::Reported }
    }

    #[test]
    fn a_place_without_a_point_gets_no_lane_and_the_others_name_their_method() {
        let maker = LaneMaker { detour: LaneMaker::DETOUR, coach_km_per_hour: 40.0, ambulance_km_per_hour: 50.0 };
        let lanes = maker.lanes(
            &[place("500103", Some((29.55, 106.57))), place("500112", None)],
            &[place("H1", Some((29.72, 106.63))), place("H2", None)],
        );
        assert_eq!(lanes.len(), 1);
        // 19,770 m as the crow flies (haversine, checked by hand) x 1.35.
        assert!((26_000..27_500).contains(&lanes[0].metres), "{}", lanes[0].metres);
        assert_eq!(lanes[0].method, LaneMethod::GreatCircle);
        assert_eq!(lanes[0].origin, Origin::Derived);
        assert!(lanes[0].coach_minutes > lanes[0].ambulance_minutes);
    }

    #[test]
    fn a_speed_of_zero_makes_no_lane() {
        let maker = LaneMaker { detour: 1.35, coach_km_per_hour: 0.0, ambulance_km_per_hour: f64::NAN };
        let at = Some((29.55, 106.57));
        assert!(maker.lanes(&[place("A", at)], &[place("H", Some((29.7, 106.5)))]).is_empty());
    }
}
