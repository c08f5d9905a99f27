//! Where rulebooks come from: a file, a folder, the books that travel with the program, or the one that a city keeps.

use super::{excerpts, read};
use crate::cli::Lang;
use crate::commands::day::lang_pick as pick;
use crate::failure::Failure;
use crate::open::Opened;
use crate::say;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_app::city::founded;
use levee_app::measures::Book;
use levee_app::rulebooks::in_force;
use std::path::{Path, PathBuf};

/// The books that travel with the program, by id, so that a city's own is at hand without a file.
pub(crate) const BUILT_IN: [(&str, &str); 3] = [
    ("cn-covid19-v9-20", include_str!("../../../../../rulebooks/china-covid-v9-20.yaml")),
    ("measles-school", include_str!("../../../../../rulebooks/measles-school.yaml")),
    ("who-generic", include_str!("../../../../../rulebooks/who-generic.yaml")),
];

/// Name and text of one rulebook: a file, or the id of one that travels with the program. What is there as a file is meant as a file.
pub(super) fn text(given: &Path, lang: Lang) -> Result<(String, String), Failure> {
    let name = given.display().to_string();
    if let (false, Some((_, text))) = (given.exists(), BUILT_IN.iter().find(|(id, _)| *id == name)) {
        return Ok((name, (*text).to_owned()));
    }
    // A path that is wrong is told as a path; a word alone was meant as an id.
    let is_path = given.extension().is_some() || given.components().count() > 1;
    if is_path || given.exists() {
        return Ok((name, read(given).map_err(|failure| failure.told_in(lang))?));
    }
    Err(unknown(&name, &BUILT_IN.map(|(id, _)| id), lang))
}

/// There is no book of that id: which one was meant, and which there are.
fn unknown(given: &str, known: &[&str], lang: Lang) -> Failure {
    let near = levee_intake::nearest(given, known.iter().copied());
    let there = known.join(pick(lang, "、", ", "));
    let (zh, en) = match near {
        Some(near) => (format!("是否指“{near}”？现有：{there}"), format!("did you mean `{near}`? there is: {there}")),
        None => (format!("现有：{there}；或给出文件"), format!("there is: {there}; or name a file")),
    };
    let (zh_what, en_what) = (format!("没有规则库“{given}”"), format!("there is no rulebook `{given}`"));
    Failure::new(pick(lang, &zh_what, &en_what), pick(lang, &zh, &en)).told_in(lang)
}

/// A rulebook; what is wrong with it is shown line by line.
fn parsed(name: &str, text: &str, lang: Lang) -> Result<Book, Failure> {
    Book::read(text.to_owned()).map_err(|problems| {
        say::note(&excerpts(&problems, name, text));
        let n = problems.len();
        let what = (format!("规则库 {name} 有 {n} 处问题"), format!("{name} has {n} problem(s)"));
        let mend = (
            format!("按上面所列逐行改正，再用 levee rulebook check {name} 核对"),
            format!("mend the lines shown above, then `levee rulebook check {name}`"),
        );
        Failure::new(pick(lang, &what.0, &what.1), pick(lang, &mend.0, &mend.1)).told_in(lang)
    })
}

/// One book.
pub(super) fn one(given: &Path, lang: Lang) -> Result<Book, Failure> {
    let (name, text) = text(given, lang)?;
    parsed(&name, &text, lang)
}

/// The book that a city's measures are held against on a day, as was known at a moment: the one that is given, else the one that the
/// city keeps for that day, else the one that its `city.toml` names. A folder with several books needs that name too.
pub(crate) fn of_city(
    opened: &Opened,
    given: Option<&Path>,
    (day, known_by): (Date, Timestamp),
    lang: Lang,
) -> Result<Book, Failure> {
    let Some(given) = given else {
        return match in_force(&opened.journal, &opened.blobs, day, known_by)? {
            Some(kept) => Ok(kept),
            None => by_name(opened, built_in(lang)?, lang),
        };
    };
    let mut books = books(given, lang)?;
    if books.len() == 1 { Ok(books.remove(0)) } else { by_name(opened, books, lang) }
}

/// The same, or none where nothing is given, kept or named: for what is told without a rulebook too.
pub(crate) fn of_city_if_any(
    opened: &Opened,
    given: Option<&Path>,
    (day, known_by): (Date, Timestamp),
    lang: Lang,
) -> Result<Option<Book>, Failure> {
    let (_, settings, _) = founded(&opened.journal)?;
    if given.is_some() || settings.rulebook.is_some() {
        return of_city(opened, given, (day, known_by), lang).map(Some);
    }
    Ok(in_force(&opened.journal, &opened.blobs, day, known_by)?)
}

fn built_in(lang: Lang) -> Result<Vec<Book>, Failure> {
    BUILT_IN.into_iter().map(|(id, text)| parsed(id, text, lang)).collect()
}

/// The one of several that `city.toml` names.
fn by_name(opened: &Opened, mut books: Vec<Book>, lang: Lang) -> Result<Book, Failure> {
    let (_, settings, _) = founded(&opened.journal)?;
    let known: Vec<String> = books.iter().map(|book| book.rules().id().to_string()).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let Some(wanted) = &settings.rulebook else {
        let there = known.join(", ");
        let what = pick(lang, "没有说明本城适用哪个规则库", "nobody said which rulebook this city goes by");
        let mend = (
            format!("用 --rulebook FILE-OR-ID 给出，或用 levee rulebook keep CITY 存入；现有：{there}"),
            format!("name one with `--rulebook FILE-OR-ID`, or keep one: levee rulebook keep CITY; there is: {there}"),
        );
        return Err(Failure::new(what, pick(lang, &mend.0, &mend.1)).told_in(lang));
    };
    let named = books.iter().position(|book| book.rules().id().as_str() == wanted);
    named.map(|place| books.swap_remove(place)).ok_or_else(|| {
        let more = pick(
            lang,
            "city.toml 所写即此；用 --rulebook 给出，或用 levee rulebook keep CITY 存入",
            "city.toml names it; name another with `--rulebook`, or keep one: levee rulebook keep CITY",
        );
        unknown(wanted, &known, lang).then(more)
    })
}

/// One book, or every book of a folder; other files of the folder are left alone.
pub(super) fn books(from: &Path, lang: Lang) -> Result<Vec<Book>, Failure> {
    if !from.is_dir() {
        return Ok(vec![one(from, lang)?]);
    }
    let mut books: Vec<Book> = Vec::new();
    for file in &yaml_files(from)? {
        let text = read(file)?;
        let is_book = text.lines().any(|line| line.starts_with("schema:") && line.contains("levee.rulebook/"));
        if !is_book {
            continue;
        }
        let book = parsed(&file.display().to_string(), &text, lang)?;
        if books.iter().any(|other| other.rules().id() == book.rules().id()) {
            return Err(Failure::new(
                format!("two rulebooks in {} are called `{}`", from.display(), book.rules().id()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_books_of_the_program_are_called_what_they_call_themselves() {
        for (id, text) in BUILT_IN {
            assert_eq!(Book::read(text.to_owned()).unwrap().rules().id().as_str(), id);
        }
    }
}
