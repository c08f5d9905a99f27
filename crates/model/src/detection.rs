//! Where an infection was found.

use serde::{Deserialize, Serialize};

/// Where an infection was found. What the two words cover is the reporting office's definition, not ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detection {
    /// 社会面: outside quarantine and controlled areas. This is what "community spread" counts.
    Community,
    /// 管控人员: among people already in quarantine or under control.
    Managed,
}
