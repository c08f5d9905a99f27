//! Charts as inline SVG, small and separate; other pages use them too.

pub mod age;
pub mod drivers;
pub mod epi;
pub mod fan;
pub mod look_back;
pub mod multiples;
pub mod svg;
