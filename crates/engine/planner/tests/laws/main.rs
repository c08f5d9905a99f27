//! The laws a plan keeps, against `levee-check`, which shares no code with the planner.

mod broken;
mod city;
mod degenerate;
mod properties;
mod stories;
