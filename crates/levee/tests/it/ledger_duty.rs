//! Who answers, at any hour, and how a post is handed over.

use crate::ledger_open::{again, opened, run};
use crate::support::{City, copy_pack, pack};

fn rostered() -> City {
    let city = again("chongqing-2022");
    run(&city, "import city --until 2022-11-20 --pack", &[&pack("chongqing-2022")]).done();
    city
}

#[test]
fn every_district_section_and_hour_has_somebody() {
    let city = rostered();
    let said = run(&city, "duty city check --date 2022-11-18 --json", &[]).done().json();
    // The city and its 38 districts, 14 sections, 24 hours.
    assert_eq!((said["hours_looked_at"].as_u64(), said["gaps"].as_array().unwrap().len()), (Some(39 * 14 * 24), 0));
    run(&city, "duty city check --date 2022-11-18", &[]).done();
}

#[test]
fn a_gap_in_the_roster_shows_with_who_stands_in() {
    // No roster was taken in: roles stand in, and the gap shows.
    let city = again("chongqing-2022");
    let said = run(&city, "duty city check --date 2022-11-18 --json", &[]).done().json();
    assert_eq!((said["gaps"].as_array().unwrap().len(), said["nobody_answers"].as_bool()), (39 * 14, Some(false)));
    let shown =
        run(&city, "duty city show --area 500103 --section supplies --at 2022-11-18T10:00 --lang en", &[]).done();
    assert!(shown.out.contains("coordinator-500103") && shown.out.contains("GAP, by role"), "{shown:#?}");
    run(&city, "duty city show --section cooking --at 2022-11-18T10:00 --lang en", &[])
        .refused(&["no section `cooking`", "supplies"]);
}

#[test]
fn the_answer_is_no_when_nobody_at_all_answers() {
    let city = City::none();
    copy_pack("riverside-synthetic", &city.at("pack"));
    let people = city.read("pack/people.csv");
    let few: Vec<&str> = people
        .lines()
        .filter(|line| {
            !["commander,", "section_lead,", "coordinator,"].iter().any(|role| line.contains(&format!(",{role}")))
        })
        .collect();
    city.write("pack/people.csv", format!("{}\n", few.join("\n")));
    std::fs::remove_file(city.at("pack/duty_roster.csv")).unwrap();
    std::fs::remove_dir_all(city.at("pack/owed")).unwrap();
    city.run(&["init", "city", "--pack", "pack", "--replay"]).done();
    run(&city, "duty city check --date 2024-03-18 --lang en", &[]).no(&["NOBODY"]);
}

#[test]
fn a_post_is_handed_over_with_a_list_that_both_sign() {
    let city = rostered();
    let open =
        "open city --kind food_delivery --area 500103 --units 50 --field packages=1 --at 2022-11-18T08:00 --json";
    let id = opened(&run(&city, open, &[]).done());
    let post = "--area 500103 --section supplies --lang en";
    let show = |at: &str| {
        let said = run(&city, &format!("duty city show --json --at {at} {post}"), &[]).done().json();
        said["posts"][0].clone()
    };
    let on_duty = show("2022-11-18T10:00")["person"].as_str().unwrap().to_owned();
    let hand = |who: &str| {
        let words = format!("duty city hand-over {post} --to commander-2 --at 2022-11-18T10:00");
        run(&city, &format!("{words} --as {who}"), &[])
    };
    let take = |who: &str, at: &str| run(&city, &format!("duty city take-over {post} --at {at} --as {who}"), &[]);
    hand("lead-transfer").no(&["is not offered to you", "mend: "]);
    take("commander-2", "2022-11-18T10:00").no(&["is not offered to you"]);
    let said = hand(&on_duty).done();
    assert!(said.out.contains("offered to commander-2") && said.out.contains("1 obligations (50 units)"), "{said:#?}");
    // What both sign must be the same list.
    let begin = format!("obligation city begin {id} --units 5 --at 2022-11-18T10:05 --as {on_duty}");
    run(&city, &begin, &[]).done();
    let met = format!("obligation city void {id} --units 5 --reason duplicate --at 2022-11-18T10:06 --as {on_duty}");
    run(&city, &met, &[]).done();
    take("commander-2", "2022-11-18T10:10").no(&["has changed since"]);
    hand(&on_duty).done();
    take("commander-2", "2022-11-18T10:15").done();
    let now = show("2022-11-18T10:20");
    assert_eq!((&now["person"], &now["how"]), (&"commander-2".into(), &"took_over".into()));
    assert_eq!(show("2022-11-18T10:10")["person"].as_str(), Some(on_duty.as_str()));
    run(&city, &format!("duty city take-over {post} --at 2022-11-18T10:20"), &[]).no(&["--as PERSON"]);
    run(
        &city,
        "duty city hand-over --area 999999 --section supplies --to commander-2 --at 2022-11-18T10:00 --lang en",
        &["--as", &on_duty],
    )
    .no(&["999999"]);
    city.is_whole();
}
