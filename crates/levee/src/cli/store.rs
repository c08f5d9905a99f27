//! Arguments of the stores that a city may live in.

use clap::Subcommand;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(crate) enum StoreCommand {
    /// Copy a city into an empty store, and compare both
    #[command(
        after_help = "Examples:\n  levee store copy mycity --to newcity\n  levee store copy mycity --to postgres://levee@dbhost/mycity --switch"
    )]
    Copy {
        /// City folder
        city: PathBuf,
        /// Folder that is not there yet, or the address of an empty PostgreSQL database (its journal goes there)
        #[arg(long, value_name = "FOLDER|postgres://…")]
        to: String,
        /// From now on the city's journal is the one in the database; the old one is kept aside
        #[arg(long)]
        switch: bool,
    },
}
