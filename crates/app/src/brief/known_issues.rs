//! What cannot all be true, how old the data is, and what changed since yesterday.

use super::words::Names;
use crate::day::Day;
use levee_brief::facts::{Arg, Contradiction, DataAge, Message, Words};
use levee_picture::{Contradiction as Seen, Finding};

fn field(name: &str) -> Words {
    match name {
        "confirmed" => Words::new("确诊", "confirmed"),
        "asymptomatic" => Words::new("无症状", "asymptomatic"),
        "converted" => Words::new("转归", "conversions"),
        "total" => Words::new("新增合计", "new infections"),
        "deaths" => Words::new("死亡", "deaths"),
        other => Words::same(other),
    }
}

fn when(seen: &Seen) -> Arg {
    match seen.period {
        Some(period) if period.full_day().is_none() => Arg::Period(period),
        _ => Arg::Day(seen.day),
    }
}

/// What a contradiction is.
pub(crate) fn message(seen: &Seen, names: &Names<'_>) -> Message {
    let at =
        |code: &str| Message::new(code).with("place", Arg::Words(names.short(&seen.place))).with("day", when(seen));
    match &seen.what {
        Finding::OfficesDiffer { field: what, left, right } => at("contradiction.offices_differ")
            .with("what", Arg::Words(field(what)))
            .with("first_office", Arg::Words(names.office(&left.0)))
            .with("first", Arg::Count(left.1))
            .with("second_office", Arg::Words(names.office(&right.0)))
            .with("second", Arg::Count(right.1)),
        Finding::IdentityDiffers { stated, computed } => at("contradiction.identity_differs")
            .with("stated", Arg::Count(*stated))
            .with("computed", u64::try_from(*computed).map_or_else(|_| Arg::Plain(computed.to_string()), Arg::Count)),
        Finding::DistrictsDoNotAddUp { districts, city, missing } if *missing > 0 => at("contradiction.sum_exceeds")
            .with("stated", Arg::Count(*city))
            .with("sum", Arg::Count(*districts))
            .with("missing", Arg::Count(*missing)),
        Finding::DistrictsDoNotAddUp { districts, city, .. } => {
            at("contradiction.sum_differs").with("stated", Arg::Count(*city)).with("sum", Arg::Count(*districts))
        }
        Finding::GroupDoesNotAddUp { members, group } => {
            at("contradiction.group_differs").with("stated", Arg::Count(*group)).with("sum", Arg::Count(*members))
        }
        Finding::GroupsDoNotAddUp { groups, city } => {
            at("contradiction.parts_differ").with("stated", Arg::Count(*city)).with("sum", Arg::Count(*groups))
        }
        Finding::PartExceedsDay { part, day } => {
            at("contradiction.part_exceeds_whole").with("part", Arg::Count(*part)).with("whole", Arg::Count(*day))
        }
        Finding::ShareDiffers { stated, computed } => at("contradiction.share_differs")
            .with("stated", Arg::Percent(*stated))
            .with("computed", Arg::Percent((*computed * 100.0).round() / 100.0)),
        Finding::SplitDiffers { split, new } => {
            at("contradiction.split_differs").with("split", Arg::Count(*split)).with("new", Arg::Count(*new))
        }
        Finding::DayMissing => at("contradiction.day_missing"),
        Finding::ConversionsUnknown { naive } => {
            at("contradiction.conversions_unknown").with("naive", Arg::Count(*naive))
        }
        Finding::CountedTwiceIfSummed { people, days } => {
            at("contradiction.counted_twice").with("people", Arg::Count(*people)).with("days", Arg::Count(*days))
        }
        Finding::OverCapacity { facility, occupied, physical } => at("contradiction.over_capacity")
            .with("facility", Arg::Words(names.facility(facility)))
            .with("occupied", Arg::Count(*occupied))
            .with("physical", Arg::Count(*physical)),
    }
}

/// Contradictions, the latest first; those that the headline count rests on are marked.
pub(super) fn contradictions(day: &Day, names: &Names<'_>) -> Vec<Contradiction> {
    let headline = day.picture.city.last_known().map(|d| d.day);
    let city = day.known.places.city();
    let touches = |seen: &Seen| {
        seen.place == *city
            && Some(seen.day) == headline
            && seen.period.is_some_and(|p| p.full_day().is_some())
            && !matches!(seen.what, Finding::DayMissing)
    };
    // Days without stated conversions are one thing to know, not one for each day; the headline's own day stays apart.
    let (unstated, others): (Vec<&Seen>, Vec<&Seen>) = day
        .picture
        .contradictions
        .iter()
        .partition(|seen| matches!(seen.what, Finding::ConversionsUnknown { .. }) && !touches(seen));
    let mut all: Vec<Contradiction> = others
        .into_iter()
        .map(|seen| Contradiction {
            what: message(seen, names),
            touches: touches(seen).then(|| {
                Message::new("contradiction.touches")
                    .with("what", Arg::Words(Words::new("当日新增", "the latest day's count")))
            }),
            touches_headline: touches(seen),
        })
        .collect();
    let span = unstated.iter().map(|seen| seen.day).min().zip(unstated.iter().map(|seen| seen.day).max());
    if let Some((from, to)) = span {
        let what = Message::new("contradiction.conversions_unknown_days")
            .with("place", Arg::Words(names.short(city)))
            .with("n", Arg::Count(unstated.len() as u64))
            .with("from", Arg::Day(from))
            .with("to", Arg::Day(to));
        all.push(Contradiction { what, touches: None, touches_headline: false });
    }
    all.sort_by_key(|c| !c.touches_headline);
    for age in day.picture.ages.iter() {
        if let Some(drop) = &age.drop {
            let what = Message::new("contradiction.far_less")
                .with("office", Arg::Words(names.office(&age.office)))
                .with("table", Arg::Words(names.table(&age.table)))
                .with("day", Arg::Day(drop.day))
                .with("rows", Arg::Count(drop.rows))
                .with("usual", Arg::Count(drop.usual));
            all.insert(0, Contradiction { what, touches: None, touches_headline: false });
        }
    }
    all
}

pub(super) fn ages(day: &Day, names: &Names<'_>) -> Vec<DataAge> {
    day.picture
        .ages
        .iter()
        .map(|age| DataAge {
            office: names.office(&age.office),
            table: names.table(&age.table),
            age_hours: age.age_hours,
            #[expect(clippy::cast_precision_loss, reason = "hours lie far below 2^52")]
            limit_hours: age.limit_hours.map(|hours| hours as f64),
            last: age.last,
        })
        .collect()
}

/// What became known since 24:00 of the day before: counts of a new day, shares, statements, measures.
pub(super) fn changes(day: &Day, names: &Names<'_>) -> Vec<Message> {
    let since = day.day.yesterday().ok().and_then(|before| day.known.calendar.end_of(before));
    let Some(since) = since else { return vec![] };
    let mut changes = Vec::new();
    for seen in &day.picture.city.days {
        if let Some(figure) = seen.new.figure().filter(|f| f.known_at > since) {
            changes.push(Message::new("change.new_day").day("day", seen.day).count("n", figure.value.get()));
        }
    }
    for share in day.picture.city.shares.iter().filter(|s| s.percent.known_at > since) {
        let before = day.picture.city.shares.iter().rfind(|s| s.place == share.place && s.day < share.day);
        let percent = |value: f64| Arg::Percent((value * 100.0).round() / 100.0);
        let what = Words::new(
            format!("{}社会面占比", names.short(&share.place).zh),
            format!("The community share in {}", names.short(&share.place).en),
        );
        if let Some(before) = before {
            changes.push(
                Message::new("change.moved")
                    .with("what", Arg::Words(what))
                    .with("from", percent(before.percent.value))
                    .with("to", percent(share.percent.value)),
            );
        }
    }
    for ((kind, _), figure) in day.picture.care.stated.iter().filter(|(_, f)| f.known_at > since) {
        let what = match kind.as_str() {
            "in_hospital_total" => Words::new("在院总数", "People in hospital"),
            "high_risk_areas" => Words::new("高风险区", "High-risk areas"),
            "fangcang_beds" => Words::new("方舱床位", "Makeshift beds"),
            "patients_critical" => Words::new("危重型", "Critical patients"),
            "patients_severe" => Words::new("重型", "Severe patients"),
            _ => continue,
        };
        let count = Arg::Qualified { qualifier: figure.qualifier, count: super::figures::whole(figure.value) };
        changes.push(Message::new("change.stated").with("what", Arg::Words(what)).with("n", count));
    }
    for age in day.picture.ages.iter().filter(|age| age.is_old()) {
        let (Some(limit), Some(hours)) = (age.limit_hours, age.age_hours) else { continue };
        #[expect(clippy::cast_precision_loss, reason = "hours lie far below 2^52")]
        let limit = limit as f64;
        if hours - 24.0 <= limit {
            changes.push(
                Message::new("change.went_old")
                    .with("what", Arg::Words(names.table(&age.table)))
                    .with("who", Arg::Words(names.office(&age.office)))
                    .with("limit", Arg::Hours(limit)),
            );
        }
    }
    for event in day.known.events.iter().filter(|e| e.provenance.known_at > since) {
        changes.push(
            Message::new("change.measure")
                .with("text", Arg::Words(Words::new(&event.description_zh, &event.description_en)))
                .with("day", Arg::Day(event.starts_on)),
        );
    }
    changes
}
