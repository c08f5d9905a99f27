//! The city over HTTP: every use case, only for those who may.
//!
//! In: requests under `/api/v1`, and what the ports of `levee_app` give. Out: JSON, problems as RFC 9457 has them, changes as they
//! happen (server-sent events). [`Server`] runs it; the binary says where the city lies.
//! Questions and answers: `docs/design/server.md`.

mod api;
mod app;
mod auth;
mod bundle;
mod city;
mod demo;
mod extract;
mod jobs;
mod kept;
mod limits;
mod listen;
mod live;
mod metrics;
mod problem;
mod seconds;
mod serve;

pub use api::openapi;
pub use auth::{BadProvider, ProviderSettings};
pub use city::{CityParts, Vaults};
pub use demo::NoDemo;
pub use serve::{ServeError, Server, Welcome};
