//! Outlooks of Chongqing issued day after day, then scored against what came, and handed on.

use crate::town::{Town, good, row};
use jiff::civil::{Date, date};
use levee_app::day::{DayOptions, run};
use levee_app::event::Mode;
use levee_app::outlooks::{Archive, By, Line, ScoreOptions, ScoreReport, Whose, archive, hubverse, score};
use levee_brief::facts::{Figure, RecordOf, TrackRecord};
use levee_model::command::Actor;
use levee_model::table::Cell;

fn nov(day: i8) -> Date {
    date(2022, 11, day)
}

fn run_day(town: &mut Town, day: Date, seed: u64) -> levee_brief::facts::BriefFacts {
    let envelope = town.command(Actor::LocalOperator);
    run(&mut town.city(), &envelope, day, DayOptions { seed }).unwrap().brief
}

/// Chongqing with an outlook issued on each of these days.
fn issued(days: impl IntoIterator<Item = i8>) -> Town {
    let mut town = Town::new(Mode::Replay);
    town.send_pack();
    for day in days {
        run_day(&mut town, nov(day), 1);
    }
    town
}

fn scored(town: &mut Town, as_of: Option<i8>, by: &[By]) -> ScoreReport {
    let options = ScoreOptions { as_of: as_of.map(nov), by: by.iter().copied().collect(), ..ScoreOptions::default() };
    score(&town.city(), &options).unwrap()
}

fn whole(report: &ScoreReport, whose: Whose) -> &Line {
    report.whole.iter().find(|line| line.whose == whose).unwrap()
}

fn archived(town: &mut Town) -> Archive {
    archive(&town.city(), nov(1), nov(30)).unwrap()
}

#[test]
fn every_issued_outlook_is_kept_with_what_identifies_it() {
    let mut town = issued([16, 18]);
    let kept = archived(&mut town).issued;
    assert_eq!(kept.iter().map(|one| one.outlook.day).collect::<Vec<_>>(), [nov(16), nov(18)]);
    for one in &kept {
        let outlook = &one.outlook;
        assert_eq!((outlook.schema.as_str(), outlook.levels.len()), ("levee.outlook/2", 23));
        assert_eq!((outlook.engine.as_str(), outlook.seed), (levee_outlook::ENGINE, 1));
        assert!(outlook.settings.contains("horizon_days: 28"), "{}", outlook.settings);
        assert_eq!((outlook.vintage.len(), outlook.baseline.is_empty()), (64, false));
        let city = outlook.series.iter().find(|series| series.place == "500000").unwrap();
        for rows in [&city.quantiles, &city.baseline] {
            assert_eq!(rows.len(), 28);
            for row in rows {
                assert_eq!(row.len(), 23);
                assert!(row.is_sorted() && row.iter().all(|value| value.is_finite() && *value >= 0.0), "{row:?}");
            }
        }
    }
    assert_ne!(kept[0].outlook.vintage, kept[1].outlook.vintage);
    town.verify();
}

#[test]
fn a_day_run_again_replaces_nothing_and_the_first_is_scored() {
    let mut town = issued([16]);
    let first = archived(&mut town);
    let scores = scored(&mut town, None, &[]);
    // The same day with other chance, and after a correction that was known in time.
    run_day(&mut town, nov(16), 2);
    let known = nov(16).at(1, 0, 0, 0);
    let corrected = row("500000", nov(14), 9_999, known).with("office", Cell::Text("cq-hc".to_owned()));
    town.send(vec![good(2, corrected)]);
    run_day(&mut town, nov(16), 1);
    let then = archived(&mut town);
    assert_eq!((then.issued, then.again), (first.issued, 2));
    let again = scored(&mut town, None, &[]);
    assert_eq!((again.again, &again.issued), (2, &scores.issued));
    // The correction changes what came before the outlook's first day, not what it is scored against.
    assert_eq!(whole(&again, Whose::City).scores, whole(&scores, Whose::City).scores);
    town.verify();
}

#[test]
fn outcomes_are_looked_up_only_as_of_the_day_that_is_named() {
    let mut town = issued([14, 16, 18]);
    // On the evening of the 18th counts up to the 17th were known: four of the first outlook's days, two of the second's.
    let then = scored(&mut town, Some(18), &[]);
    assert_eq!(then.newest_outcome, Some(nov(17)));
    assert_eq!(then.issued, [nov(14), nov(16), nov(18)]);
    let city = whole(&then, Whose::City);
    assert_eq!((city.scores.forecasts, city.pending, city.not_reported), (4 + 2, 24 + 26 + 28, 0));
    assert_eq!(city.scores.pit.iter().sum::<u32>(), 6);
    assert_eq!(city.scores.compared, 6);
    let (natural, log) = city.scores.relative().unwrap();
    assert!(natural > 0.0 && natural.is_finite() && log > 0.0 && log.is_finite());
    // What came to be known later is on record all the time and changes nothing of it; named, it does.
    let later = scored(&mut town, Some(24), &[]);
    assert!(whole(&later, Whose::City).scores.forecasts > 20);
    assert_eq!(scored(&mut town, Some(18), &[]), then);
    // Every forecast is somewhere: scored, yet to come, or never reported.
    for line in &later.whole {
        let outlooks = archived(&mut town).issued;
        let series = |whose: Whose| {
            let of = |place: &str, standing: &str| match (place == "500000", standing) {
                (true, _) => Whose::City,
                (false, "borrowed") => Whose::Borrowed,
                _ => Whose::District,
            };
            let all = outlooks.iter().flat_map(|one| &one.outlook.series);
            all.filter(|s| of(&s.place, &s.standing) == whose).map(|s| s.quantiles.len()).sum::<usize>()
        };
        let told = line.scores.forecasts + line.pending + line.not_reported;
        assert_eq!(usize::try_from(told).unwrap(), series(line.whose), "{:?}", line.whose);
    }
}

#[test]
fn before_anything_came_everything_is_pending_and_nothing_is_scored() {
    let mut town = issued([18]);
    let report = scored(&mut town, Some(18), &[By::Horizon]);
    let city = whole(&report, Whose::City);
    assert_eq!((city.scores.forecasts, city.pending), (0, 28));
    assert_eq!(city.scores.relative(), None);
    assert_eq!(report.lines.iter().filter(|line| line.whose == Whose::City).count(), 4);
}

#[test]
fn groups_by_horizon_place_and_week_add_up_to_the_whole() {
    let mut town = issued([14, 18]);
    for by in [&[By::Horizon][..], &[By::Place], &[By::Week], &[By::Horizon, By::Place, By::Week]] {
        let report = scored(&mut town, None, by);
        for whole in &report.whole {
            let of = report.lines.iter().filter(|line| line.whose == whole.whose);
            let (mut forecasts, mut pending, mut wis) = (0, 0, 0.0);
            for line in of {
                forecasts += line.scores.forecasts;
                pending += line.pending + line.not_reported;
                wis += line.scores.wis * f64::from(line.scores.forecasts);
            }
            assert_eq!((forecasts, pending), (whole.scores.forecasts, whole.pending + whole.not_reported), "{by:?}");
            let mean = wis / f64::from(forecasts.max(1));
            assert!((mean - whole.scores.wis).abs() <= 1e-9 * mean.max(1.0), "{by:?}: {mean} {}", whole.scores.wis);
        }
    }
    let report = scored(&mut town, None, &[By::Place]);
    let named = report.lines.iter().filter_map(|line| line.place.as_ref()).all(|p| report.places.contains_key(p));
    assert!(named && report.lines.len() > 2);
}

#[test]
fn asking_for_nothing_is_refused_with_a_way_out() {
    let mut town = issued([18]);
    let refused = |town: &mut Town, options: &ScoreOptions| {
        let refusal = score(&town.city(), options).unwrap_err();
        format!("{refusal}\n{}", refusal.hint().unwrap())
    };
    let turned = ScoreOptions { from: Some(nov(20)), to: Some(nov(18)), ..ScoreOptions::default() };
    insta::assert_snapshot!(refused(&mut town, &turned), @"
    the days asked for end (2022-11-18) before they begin (2022-11-20)
    give --from a day no later than --to
    ");
    let none = ScoreOptions { from: Some(nov(19)), to: Some(nov(20)), ..ScoreOptions::default() };
    insta::assert_snapshot!(refused(&mut town, &none), @"
    no outlook was issued for the days from 2022-11-19 to 2022-11-20
    run days first (`levee day CITY --date D`), or ask for other days; `levee replay` tries past days without issuing anything
    ");
    let refusal = hubverse::export(&town.city(), Some(nov(17))).unwrap_err();
    insta::assert_snapshot!(format!("{refusal}\n{}", refusal.hint().unwrap()), @"
    no outlook was issued for 2022-11-17
    run the day first: levee day CITY --date D
    ");
    let refusal = hubverse::export(&Town::new(Mode::Replay).city(), None).unwrap_err();
    assert_eq!(refusal.to_string(), "no outlook was issued yet");
}

#[test]
fn an_outlook_leaves_in_the_columns_of_the_hubs() {
    let mut town = issued([16, 18]);
    let table = hubverse::export(&town.city(), None).unwrap();
    assert_eq!((table.day, table.origin), (nov(18), nov(17)));
    let first: Vec<&str> = table.csv.lines().take(2).collect();
    assert_eq!(first[0], "origin_date,target,horizon,location,output_type,output_type_id,value");
    assert!(first[1].starts_with("2022-11-17,day inc infection,1,500000,quantile,0.01,"), "{}", first[1]);
    assert_eq!(table.rows, table.places * 28 * 23);
    assert_eq!(table.csv.lines().count(), table.rows + 1);
    // Read back, every row of a place and day rises, and is what was archived.
    let kept = archived(&mut town).issued;
    let outlook = &kept[1].outlook;
    let mut rows = table.csv.lines().skip(1);
    for series in outlook.series.iter().filter(|series| !series.quantiles.is_empty()) {
        for (ahead, row) in (1..).zip(&series.quantiles) {
            for (level, value) in outlook.levels.iter().zip(row) {
                let wanted = format!("2022-11-17,day inc infection,{ahead},{},quantile,{level},{value}", series.place);
                assert_eq!(rows.next(), Some(wanted.as_str()));
            }
        }
    }
    let unknown = outlook.series.iter().filter(|series| series.quantiles.is_empty()).count();
    assert_eq!((table.unknown.len(), rows.next()), (unknown, None));
    let asked = hubverse::export(&town.city(), Some(nov(16))).unwrap();
    assert_eq!((asked.day, asked.origin), (nov(16), nov(15)));
}

fn record(brief: &levee_brief::facts::BriefFacts) -> Option<&TrackRecord> {
    brief.outlook.value().unwrap().record.as_ref()
}

#[test]
fn the_brief_tells_how_earlier_outlooks_did_and_knows_nothing_later() {
    let mut town = issued([14, 21]);
    let brief = run_day(&mut town, nov(28), 1);
    let record = record(&brief).unwrap();
    assert_eq!((record.outlooks, record.first, record.last), (2, nov(14), nov(21)));
    let city = record.lines.iter().find(|line| line.of == RecordOf::City && line.ahead_from == 1).unwrap();
    let coverage = brief.outlook.value().unwrap().coverage.value().copied().unwrap();
    assert_eq!((u64::from(coverage.held), u64::from(coverage.of)), (city.scores.held95, city.scores.forecasts));
    assert!(city.scores.held50 <= city.scores.held80 && city.scores.held80 <= city.scores.held95);
    // Two outlooks are too few to judge by, and it says so.
    assert_eq!(record.verdicts.first().unwrap().code, "record.few");
    // A week and two weeks ago, with what came up to the 27th and no further.
    let looks: Vec<_> = record.city.iter().map(|look| (look.issued, look.days_ago)).collect();
    assert_eq!(looks, [(nov(21), 7), (nov(14), 14)]);
    for look in &record.city {
        assert!(look.came.iter().all(|(day, _)| *day <= nov(27)) && look.fan.days.iter().all(|one| one.day <= nov(27)));
        assert!(matches!(look.came.last(), Some((_, Figure::Known(_)))));
    }
    // The scores of the brief are those of the use case, as of the brief's day.
    let options =
        ScoreOptions { to: Some(nov(27)), as_of: Some(nov(28)), by: [By::Horizon].into(), ..ScoreOptions::default() };
    let report = score(&town.city(), &options).unwrap();
    let same = report.lines.iter().find(|line| line.whose == Whose::City && line.ahead == Some((1, 7))).unwrap();
    assert_eq!(city.scores.forecasts, u64::from(same.scores.forecasts));
    assert!((city.scores.wis - same.scores.wis).abs() < 1e-3);
    assert_eq!(city.scores.relative.map(|r| r.forecasts), Some(u64::from(same.scores.compared)));
    town.verify();
}

#[test]
fn a_first_brief_has_no_record_and_says_so() {
    let mut town = Town::new(Mode::Replay);
    town.send_pack();
    let brief = run_day(&mut town, nov(18), 1);
    assert_eq!(record(&brief), None);
    let reason = brief.outlook.value().unwrap().coverage.reason().unwrap();
    assert_eq!(reason.code, "no_earlier_forecast");
}
