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
}
