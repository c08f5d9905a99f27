//! The outlook in the brief, with how earlier ones did.

use super::words::Names;
use crate::day::{ArchivedOutlook, Day};
use jiff::civil::Date;
use levee_brief::facts::{
    Arg, DateEstimate, DistrictOutlook, Estimate, Fan, FanDay, Figure, MedianPoint, Message, Outlook, Quantile,
    Standing, Words,
};
use levee_model::area::PlaceCode;
use levee_model::provenance::Origin;
use levee_outlook::{
    CommunityUnknown, Flag, MEDIAN, Member, QUANTILE_LEVELS, SeriesOutlook, Standing as Rests, WhyUnknown,
};

pub(super) fn standing_of(series: Option<&SeriesOutlook>, names: &Names<'_>) -> Standing {
    match series.map(|s| &s.standing) {
        Some(Rests::Own) => Standing::Own,
        Some(Rests::Borrowed { from }) => Standing::Borrowed { from: names.short(from) },
        Some(Rests::Unknown { reason }) => Standing::Unknown { reason: why_unknown(reason) },
        None => Standing::Unknown { reason: Message::new("no_outlook") },
    }
}

fn why_unknown(why: &WhyUnknown) -> Message {
    let count = |n: &u32| Arg::Count(u64::from(*n));
    match why {
        WhyUnknown::NoReports => Message::new("never_reported"),
        WhyUnknown::TooFewDays { have, need, .. } => {
            Message::new("too_few_days").with("have", count(have)).with("need", count(need))
        }
        WhyUnknown::TooOld { newest, .. } => Message::new("unknown.newest_too_old").with("day", Arg::Day(*newest)),
        WhyUnknown::NothingToBorrow => Message::new("unknown.nothing_to_borrow"),
        WhyUnknown::DistrictsUnknown { unknown } => Message::new("unknown.districts_unknown").with("n", count(unknown)),
    }
}

/// R with its 95 % interval; never one that rests on other places.
pub(super) fn reproduction_of(series: Option<&SeriesOutlook>) -> Figure<Estimate> {
    let Some(series) = series else { return Figure::unknown(Message::new("no_outlook")) };
    match series.reproduction.as_ref().and_then(|told| told.newest()) {
        Some(r) => {
            let (low, high) = r.ninety_five;
            Figure::derived(Estimate { median: r.median, low, high, interval_pct: 95 })
        }
        None => Figure::unknown(Message::new("unknown.too_few_for_r")),
    }
}

/// Growth a day in percent, from the slope of log(1 + count).
pub(super) fn growth_of(series: Option<&SeriesOutlook>) -> Figure<Estimate> {
    let Some(growth) = series.and_then(|s| s.growth) else { return Figure::unknown(Message::new("not_computed")) };
    let percent = |slope: f64| 100.0 * slope.exp_m1();
    Figure::derived(Estimate {
        median: percent(growth.per_day),
        low: percent(growth.low80),
        high: percent(growth.high80),
        interval_pct: 80,
    })
}

fn fan(first: Date, series: &SeriesOutlook) -> Fan {
    let days = (0i64..).zip(&series.quantiles).map(|(ahead, row)| FanDay {
        day: first.saturating_add(jiff::Span::new().days(ahead)),
        quantiles: QUANTILE_LEVELS
            .iter()
            .zip(row)
            .map(|(level, value)| Quantile { level: *level, value: *value })
            .collect(),
    });
    Fan { days: days.collect() }
}

/// New infections of the next seven days after the day of the meeting, from joint paths: never a sum of quantiles.
fn next_7_days(day: &Day, outlook: &levee_outlook::Outlook, place: &PlaceCode) -> Figure<Estimate> {
    let Some(draws) = outlook.draws.of(place) else { return Figure::unknown(Message::new("no_outlook")) };
    let skip = usize::try_from(day.day.duration_since(outlook.first_day).as_hours() / 24 + 1).unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "counts of people lie far below 2^52")]
    let mut sums: Vec<f64> = draws.iter().map(|path| path.iter().skip(skip).take(7).sum::<u64>() as f64).collect();
    sums.sort_unstable_by(f64::total_cmp);
    let at = |level: f64| {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an index"
        )]
        let nth = ((sums.len().saturating_sub(1)) as f64 * level).round() as usize;
        sums.get(nth).copied().unwrap_or(0.0)
    };
    Figure::derived(Estimate { median: at(0.5), low: at(0.1), high: at(0.9), interval_pct: 80 })
}

fn community_end(series: Option<&SeriesOutlook>) -> Figure<DateEstimate> {
    match series.map(|s| &s.community_end) {
        Some(Ok(end)) => match (end.median, end.low80) {
            (Some(median), Some(low)) => {
                Figure::derived(DateEstimate { median, low, high: end.high80, interval_pct: 80 })
            }
            _ => Figure::unknown(Message::new("beyond_horizon").with("days", Arg::Count(28))),
        },
        Some(Err(CommunityUnknown::ShareNotKnown { known })) => {
            Figure::unknown(Message::new("unknown.community_share").with("known", Arg::Count(u64::from(*known))))
        }
        Some(Err(CommunityUnknown::Unproven)) => Figure::unknown(Message::new("unknown.community_unproven")),
        Some(Err(CommunityUnknown::NotAsked)) => Figure::unknown(Message::new("not_computed")),
        Some(Err(CommunityUnknown::NoForecast)) | None => Figure::unknown(Message::new("no_outlook")),
    }
}

/// Medians of the outlook issued seven days ago, or of the latest that is at least as old.
fn last_week(day: &Day) -> Vec<MedianPoint> {
    let week_ago = day.day.saturating_sub(jiff::Span::new().days(7));
    let Some(outlook): Option<&ArchivedOutlook> = day.earlier.iter().rev().find(|o| o.day <= week_ago) else {
        return vec![];
    };
    let city = day.known.places.city().as_str();
    (0..28)
        .map(|ahead| outlook.first_day.saturating_add(jiff::Span::new().days(ahead)))
        .filter_map(|on| outlook.quantiles(city, on).map(|q| MedianPoint { day: on, median: q[MEDIAN] }))
        .collect()
}

fn caveats(day: &Day, outlook: &levee_outlook::Outlook, city: Option<&SeriesOutlook>) -> Vec<Message> {
    let mut caveats = vec![Message::new("caveat.testing"), Message::new("caveat.no_measures")];
    let known = day.picture.city.days.iter().filter(|d| d.new.value().is_some()).count() as u64;
    if known < 28 {
        caveats.push(Message::new("caveat.short_series").with("days", Arg::Count(known)));
    }
    for flag in city.map(|c| c.flags.as_slice()).unwrap_or_default() {
        match flag {
            Flag::MayCountTwice { days } => {
                caveats.push(Message::new("caveat.count_twice").with("days", Arg::Count(u64::from(*days))));
            }
            Flag::FewErrors { own_dates } => {
                caveats.push(Message::new("caveat.few_errors").with("dates", Arg::Count(u64::from(*own_dates))));
            }
            Flag::Completed { days, least_share } => {
                let caveat = Message::new("caveat.completed").with("days", Arg::Count(u64::from(*days)));
                caveats.push(caveat.with("share", Arg::Percent((100.0 * least_share).round())));
            }
            Flag::Jump { factor } => {
                caveats.push(Message::new("caveat.jump").with("factor", Arg::Number { value: *factor, decimals: 1 }));
            }
            _ => {}
        }
    }
    let borrowed = outlook.series.iter().filter(|s| matches!(s.standing, Rests::Borrowed { .. })).count() as u64;
    if borrowed > 0 {
        caveats.push(Message::new("caveat.borrowed").with("n", Arg::Count(borrowed)));
    }
    caveats
}

fn reported(day: &Day, place: &PlaceCode) -> Vec<(Date, Figure<u64>)> {
    let row = day.picture.districts.rows.iter().find(|row| row.place == *place);
    let Some(row) = row else { return vec![] };
    let mut days = Vec::new();
    for back in (0..14).rev() {
        let on = day.day.saturating_sub(jiff::Span::new().days(back));
        let figure = row.full_days.get(&on).map_or_else(
            || Figure::unknown(Message::new("not_reported").with("day", Arg::Day(on))),
            |seen| super::figures::of(seen, seen.value.get(), &day.known.calendar),
        );
        days.push((on, figure));
    }
    days
}

/// What R rests on, and whether the city named it.
fn generation(outlook: &levee_outlook::Outlook) -> (String, String) {
    let used = &outlook.generation;
    let (mean, (low, high)) = (used.mean_days, used.mean_range);
    let (zh, en) = if outlook.generation_is_default {
        (
            "本市参数表未列，用引擎默认值".to_owned(),
            "the engine's default, since the city's parameters name none".to_owned(),
        )
    } else {
        (format!("来源{}", used.source), format!("source {}", used.source))
    };
    (
        format!("再生数按代际间隔{mean:.1}天（{low:.1}—{high:.1}）计算，{zh}"),
        format!("R by a generation interval of {mean:.1} days ({low:.1} to {high:.1}), {en}"),
    )
}

pub(super) fn facts(day: &Day, names: &Names<'_>) -> Figure<Outlook> {
    let outlook = match &day.outlook {
        Ok(outlook) => outlook,
        Err(why) => {
            return Figure::unknown(Message::new("said").with("text", Arg::Words(Words::new(&why.zh, &why.en))));
        }
    };
    let city_code = day.known.places.city();
    let city = outlook.of(city_code);
    let mut districts: Vec<DistrictOutlook> = outlook
        .series
        .iter()
        .filter(|s| s.place != *city_code)
        .map(|series| DistrictOutlook {
            place: names.place(&series.place),
            standing: standing_of(Some(series), names),
            reproduction: reproduction_of(Some(series)),
            growth_pct: growth_of(Some(series)),
            fan: match &series.standing {
                Rests::Unknown { reason } => Figure::unknown(why_unknown(reason)),
                _ => Figure::derived(fan(outlook.first_day, series)),
            },
            reported: reported(day, &series.place),
            next_7_days: next_7_days(day, outlook, &series.place),
        })
        .collect();
    // Where most is expected stands first; what cannot be said comes last.
    districts.sort_by(|a, b| {
        let expected = |d: &DistrictOutlook| d.next_7_days.value().map_or(-1.0, |e| e.median);
        expected(b).total_cmp(&expected(a)).then_with(|| a.place.code.cmp(&b.place.code))
    });
    let order: Vec<PlaceCode> = districts.iter().filter_map(|one| one.place.code.parse().ok()).collect();
    let (coverage, record) = super::record::facts(day, &order, names);
    let share = |member| 100.0 * outlook.members.iter().filter(|(m, _)| *m == member).map(|(_, w)| w).sum::<f64>();
    let (pooled, learning, trend) = (share(Member::Pooled), share(Member::Learning), share(Member::Trend));
    let (generation_zh, generation_en) = generation(outlook);
    Figure::known(
        Outlook {
            issued: day.picture.moment.as_known_at,
            data_until: outlook.origin,
            city: match city.map(|c| &c.standing) {
                Some(Rests::Own | Rests::Borrowed { .. }) => city.map_or_else(
                    || Figure::unknown(Message::new("no_outlook")),
                    |c| Figure::derived(fan(outlook.first_day, c)),
                ),
                Some(Rests::Unknown { reason }) => Figure::unknown(why_unknown(reason)),
                None => Figure::unknown(Message::new("no_outlook")),
            },
            reproduction: reproduction_of(city),
            last_week: last_week(day),
            coverage,
            record,
            districts,
            community_end: community_end(city),
            model: Words::new(
                format!(
                    "{}：以他地疫情为先验的回归占{pooled:.0}%，以本市为主的回归占{learning:.0}%，近日趋势线占{trend:.0}%；{generation_zh}",
                    outlook.engine
                ),
                format!(
                    "{}: {pooled:.0} % a regression led by outbreaks elsewhere, {learning:.0} % one led by this city, {trend:.0} % the trend of the newest days; {generation_en}",
                    outlook.engine
                ),
            ),
            caveats: caveats(day, outlook, city),
        },
        Origin::Derived,
    )
}
