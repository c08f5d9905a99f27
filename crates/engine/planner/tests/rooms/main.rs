//! Laws of the plans of isolation rooms: stories, properties over random small cities, and plans broken on purpose.

#![allow(clippy::unwrap_used, reason = "helpers of tests, on inputs the tests make themselves")]

#[path = "../breaks/mod.rs"]
mod breaks;
mod broken;
mod city;
mod properties;
mod stories;
