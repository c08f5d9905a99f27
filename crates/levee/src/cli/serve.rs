//! Arguments of `levee serve`.

use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// City folder
    pub(crate) city: PathBuf,
    /// Address to listen at; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Browsers reach it over TLS, which a proxy in front of it ends: cookies travel encrypted only
    #[arg(long)]
    pub(crate) behind_tls: bool,
    /// Show it as a demonstration: everybody of a replayed city may be chosen at the door, and every screen says that it is one. Only
    /// for this machine
    #[arg(long, conflicts_with = "behind_tls")]
    pub(crate) demo: bool,
    /// Requests a second that one session may send; one address may send ten times as many. Urgent care is never refused
    #[arg(long, value_name = "NUMBER", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) requests_per_second: u32,
    /// People sign in where another house vouches for them too (OpenID Connect); the file says which
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) oidc: Option<PathBuf>,
}
