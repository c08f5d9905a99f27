//! Where rulebooks come from: a file, a folder, or the books that travel with the program.

use super::{excerpts, read};
use crate::failure::Failure;
use crate::say;
use levee_app::settings::CitySettings;
use levee_rulebook::Rulebook;
use std::path::{Path, PathBuf};

/// The books that travel with the program, so that a city's own is at hand without a file.
const BUILT_IN: [&str; 3] = [
    include_str!("../../../../../rulebooks/china-covid-v9-20.yaml"),
    include_str!("../../../../../rulebooks/measles-school.yaml"),
    include_str!("../../../../../rulebooks/who-generic.yaml"),
];

/// The book that a city's measures are held against: the one that is given, else the one that its `city.toml` names. A folder
/// with several books needs that name too.
pub(crate) fn of_city(settings: &CitySettings, given: Option<&Path>) -> Result<Rulebook, Failure> {
    let mut books = match given {
        Some(path) => books(path)?,
        None => BUILT_IN
            .iter()
            .map(|text| {
                Rulebook::parse(text).map_err(|problems| {
                    let first = problems.first().map_or_else(String::new, ToString::to_string);
                    Failure::new(format!("a rulebook of the program itself is broken: {first}"), "please report it")
                })
            })
            .collect::<Result<Vec<_>, _>>()?,
    };
    let known: Vec<String> = books.iter().map(|book| book.id().to_string()).collect();
    if given.is_some() && books.len() == 1 {
        return Ok(books.remove(0));
    }
    let Some(wanted) = &settings.rulebook else {
        return Err(Failure::new(
            "nobody said which rulebook this city goes by",
            format!("name one with `--rulebook FILE`, or as `rulebook` in city.toml; there is: {}", known.join(", ")),
        ));
    };
    let named = books.iter().position(|book| book.id().as_str() == wanted);
    named.map(|place| books.remove(place)).ok_or_else(|| {
        Failure::new(
            format!("city.toml names the rulebook `{wanted}`, which is not there"),
            format!("name a file with `--rulebook FILE`; there is: {}", known.join(", ")),
        )
    })
}

/// One book, or every book of a folder; other files of the folder are left alone.
pub(super) fn books(from: &Path) -> Result<Vec<Rulebook>, Failure> {
    let files = if from.is_dir() { yaml_files(from)? } else { vec![from.to_owned()] };
    let mut books: Vec<Rulebook> = Vec::new();
    for file in &files {
        let text = read(file)?;
        let is_book = text.lines().any(|line| line.starts_with("schema:") && line.contains("levee.rulebook/"));
        if from.is_dir() && !is_book {
            continue;
        }
        let book = Rulebook::parse(&text).map_err(|problems| {
            say::note(&excerpts(&problems, file, &text));
            Failure::new(
                format!("{} has {} problem(s)", file.display(), problems.len()),
                format!("mend the lines shown above, then `levee rulebook check {}`", file.display()),
            )
        })?;
        if books.iter().any(|other| other.id() == book.id()) {
            return Err(Failure::new(
                format!("two rulebooks in {} are called `{}`", from.display(), book.id()),
                "give one of them another `id`, or name the file",
            ));
        }
        books.push(book);
    }
    if books.is_empty() {
        return Err(Failure::new(format!("there is no rulebook in {}", from.display()), "check the path"));
    }
    Ok(books)
}

fn yaml_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let fail = |error: &std::io::Error| Failure::io("read", folder, error);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| fail(&error))? {
        let path = entry.map_err(|error| fail(&error))?.path();
        if path.extension().is_some_and(|kind| kind == "yaml" || kind == "yml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
