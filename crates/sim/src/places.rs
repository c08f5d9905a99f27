//! The places of the pack `chongqing-2022`. A test holds them against the pack.

/// The city.
pub const CITY: &str = "500000";
/// The stated group of central districts.
pub const CENTRAL: &str = "CQ-CENTRAL";
/// The unit that is listed apart from its district (Wansheng beside Qijiang).
pub const APART: &str = "CQ-WS";
/// The districts and counties, by code.
pub const DISTRICTS: [&str; 38] = [
    "500101", "500102", "500103", "500104", "500105", "500106", "500107", "500108", "500109", "500110", "500111",
    "500112", "500113", "500114", "500115", "500116", "500117", "500118", "500119", "500120", "500151", "500152",
    "500153", "500154", "500155", "500156", "500229", "500230", "500231", "500233", "500235", "500236", "500237",
    "500238", "500240", "500241", "500242", "500243",
];
/// The members of [`CENTRAL`].
pub const CENTRAL_DISTRICTS: [&str; 9] =
    ["500103", "500104", "500105", "500106", "500107", "500108", "500109", "500112", "500113"];
