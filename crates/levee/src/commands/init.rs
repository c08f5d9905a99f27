//! `levee init`: a city folder from a pack.

use crate::cli::Cli;
use crate::failure::Failure;
use crate::{open, say};
use levee_app::city::{AppError, Founding, found};
use levee_app::event::Mode;
use levee_app::rights::NotAllowed;
use levee_intake::pack::{founding_rows, read_pack};
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(cli: &Cli, city: &Path, pack: &Path, replay: bool) -> Result<ExitCode, Failure> {
    if city.exists() && std::fs::read_dir(city).map_err(|e| Failure::io("read", city, &e))?.next().is_some() {
        return Err(Failure::new(
            format!("{} is there already and is not empty", city.display()),
            "name a new folder; a city is never made over another one",
        ));
    }
    super::pack::there(pack)?;
    let read = read_pack(pack).map_err(|problems| super::pack::refused(pack, &problems))?;
    let kept = founding_rows(&read).map_err(|problems| super::pack::refused(pack, &problems))?;
    let founding = Founding {
        mode: if replay { Mode::Replay } else { Mode::Live },
        city_toml: kept.city_toml,
        boundaries: read.boundaries.as_ref().map(|outlines| outlines.json.clone().into_bytes()),
        reference: kept.reference,
    };
    if let Some(id) = &cli.actor
        && !read.people.iter().any(|person| person.id == *id)
    {
        return Err(AppError::from(NotAllowed::Unknown(id.clone())).into());
    }
    let settings = open::create(cli, city, |opened| Ok(found(&mut opened.city(), &open::envelope(cli), &founding)?))?;
    let districts = read.gazetteer.districts().count();
    if cli.json {
        say::json(&serde_json::json!({
            "schema": "levee.init/1", "city": settings.id.as_str(), "folder": city.display().to_string(),
            "mode": founding.mode, "districts": districts, "people": read.people.len(),
        }));
    } else {
        say::out(&format!(
            "{} ({}): {districts} districts, {} offices, {} people who may act{}",
            settings.name.en,
            city.display(),
            read.offices.len(),
            read.people.len(),
            if replay { "; a replay of the public record" } else { "" },
        ));
    }
    Ok(ExitCode::SUCCESS)
}
