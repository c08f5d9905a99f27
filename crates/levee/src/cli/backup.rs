//! Arguments of backups and restores.

use clap::Subcommand;
use jiff::Timestamp;
use jiff::civil::DateTime;
use std::path::PathBuf;
use std::str::FromStr;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct BackupArgs {
    /// What else to do
    #[command(subcommand)]
    pub what: Option<BackupCommand>,
    /// City folder; the city may be at work
    #[arg(required = true)]
    pub city: Option<PathBuf>,
    /// Folder of the backup; one of the same city that is there is replaced
    #[arg(long, value_name = "DIR", required = true)]
    pub to: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BackupCommand {
    /// Check a backup: every file, every byte; needs no key
    Check {
        /// Folder of the backup
        dir: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct RestoreArgs {
    /// Folder of the backup
    pub dir: PathBuf,
    /// City folder to make; it is not there yet
    #[arg(long, value_name = "CITY")]
    pub to: PathBuf,
    /// As it stood then: a position of the journal, or a moment (2022-11-18T10:00 in the city's calendar) [default: the end]
    #[arg(long, value_name = "POSITION|TIME")]
    pub until: Option<UntilGiven>,
}

/// How far to restore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UntilGiven {
    /// A position.
    Position(u64),
    /// A moment.
    Moment(Timestamp),
    /// A time in the city's calendar.
    Civil(DateTime),
}

impl FromStr for UntilGiven {
    type Err = String;
    fn from_str(given: &str) -> Result<Self, String> {
        let position = given.parse().map(Self::Position).ok();
        let moment = || given.parse().map(Self::Moment).ok();
        let civil = || given.parse().map(Self::Civil).ok();
        position.or_else(moment).or_else(civil).ok_or_else(|| {
            "neither a position (1204) nor a moment (2022-11-18T10:00, or 2022-11-18T02:00:00Z)".to_owned()
        })
    }
}
