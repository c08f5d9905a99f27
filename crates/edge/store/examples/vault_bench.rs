//! What it costs to keep personal data apart: seal, open, erase, and open a vault of many people.
//!
//! `cargo run --release -p levee-store --example vault_bench -- FOLDER PEOPLE PER_COMMAND`; FOLDER is made and must be new.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement: it fails loudly and prints its figures")]

use jiff::civil::date;
use levee_app::vault::{PersonalRecord, Secret, Vault as _};
use levee_model::subject::Pseudonym;
use levee_store::blobs::FolderBlobs;
use levee_store::vault::{FolderVault, random_pseudonym};
use std::path::PathBuf;
use std::time::Instant;

fn record(nth: usize) -> PersonalRecord {
    let fields = [
        ("name", format!("张伟{nth}")),
        ("telephone", format!("138{nth:08}")),
        ("address", format!("重庆市渝中区解放碑街道民权路 {nth} 号 3 栋 2-1")),
        ("id_number", format!("500103{nth:012}")),
        ("language", "zh".to_owned()),
    ];
    let fields = fields.into_iter().map(|(field, value)| (field.parse().unwrap(), Secret::new(value))).collect();
    PersonalRecord::new(fields, "food_delivery".parse().unwrap(), date(2022, 12, 31)).unwrap()
}

fn timed<T>(what: &str, people: usize, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    let seconds = start.elapsed().as_secs_f64();
    println!("{what}: {people} in {seconds:.3} s, {:.0}/s", people as f64 / seconds);
    done
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap());
    let mut number = || arguments.next().unwrap().parse::<usize>().unwrap();
    let (people, per_command) = (number(), number());
    let (city, keys) = (folder.join("city"), folder.join("keys"));
    std::fs::create_dir_all(&city).unwrap();
    FolderBlobs::create(&city, &keys).unwrap();
    let records: Vec<(Pseudonym, PersonalRecord)> =
        (0..people).map(|nth| (random_pseudonym().unwrap(), record(nth))).collect();

    let mut vault = FolderVault::open(&city, &keys).unwrap();
    timed("seal", people, || records.chunks(per_command).for_each(|some| vault.seal(some).unwrap()));
    drop(vault);
    let mut vault = timed("open the vault", people, || FolderVault::open(&city, &keys).unwrap());
    assert_eq!(vault.subjects().unwrap().len(), people);
    // In the order in which they were sealed, which is no order of the tables.
    timed("open records", people, || {
        for (subject, record) in &records {
            assert!(vault.open(*subject, record.purpose()).unwrap() == *record);
        }
    });
    let tenth: Vec<Pseudonym> = records.iter().step_by(10).map(|(subject, _)| *subject).collect();
    timed("erase in one command", tenth.len(), || vault.erase(&tenth).unwrap());
    let one = records.get(1).map(|(subject, _)| *subject).unwrap();
    timed("erase one", 1, || vault.erase(&[one]).unwrap());
    assert_eq!(vault.subjects().unwrap().len(), people - tenth.len() - 1);
    drop(vault);
    let slots = std::fs::read_dir(&keys)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("subjects"))
        .find(|path| path.is_file());
    for file in [city.join("vault.db"), slots.unwrap()] {
        let bytes = std::fs::metadata(&file).unwrap().len();
        println!("{}: {bytes} bytes", file.display());
    }
}
