//! Why the outlook changed: a sentence and a chart for the city, a table for the districts.

use super::{bullets, part, void};
use crate::chart::drivers::drivers;
use crate::facts::{Change, Explanation, Figure};
use crate::html::View;
use crate::html::pager::{Part, Piece, WIDTH};
use crate::html::table::{Cell, Col, table};
use crate::lang::DateStyle;
use crate::rich::Rich;

/// Districts shown: those that changed most.
const SHOWN: usize = 12;
/// Drivers named in words for a district.
const NAMED: usize = 2;

pub(super) fn explained(view: &View<'_>) -> Part {
    let mut all = part(view, "explain", view.t("变化", "What changed"), "");
    let explanation = match &view.facts.explanation {
        Figure::Known(known) => &known.value,
        Figure::Unknown(unknown) => {
            all.pieces.push(void(view, Some(&unknown.reason)));
            return all;
        }
    };
    let speaker = view.speaker;
    let day = |day| speaker.day(day, DateStyle::Short);
    let (against, from, to) = (day(explanation.against), day(explanation.days.0), day(explanation.days.1));
    all.sub = speaker.lang.pick(
        format!("{from}—{to}新增感染中位数之和，与{against}发布的研判相比；逐项替换输入，各项贡献相加等于变化"),
        format!(
            "medians of new infections summed over {from} to {to}, against the outlook issued for {against}; inputs exchanged one at a time, contributions add up to the change"
        ),
    );
    if let Some(city) = &explanation.city {
        if let Some(surprise) = &city.surprise {
            all.pieces.extend(bullets(view, vec![(view.say(surprise), false)]));
        }
        if !city.drivers.is_empty() {
            let rows: Vec<(String, f64, String)> = city
                .drivers
                .iter()
                .map(|one| (view.say(&one.name).capitalised().plain(), one.people, signed(view, one.people)))
                .collect();
            let high = 17.0 * rows.len() as f64 + 10.0;
            let drawn = drivers(&rows, WIDTH.min(560.0), &view.title("explain").0.plain());
            all.pieces.push(Piece::Whole(format!("<figure>{drawn}</figure>"), high));
        }
    }
    if !explanation.districts.is_empty() {
        all.pieces.push(Piece::Table(districts(view, explanation)));
    }
    if !explanation.not_comparable.is_empty() {
        let names: Vec<&str> = explanation.not_comparable.iter().map(|p| speaker.lang.of(&p.name)).collect();
        let names = names.join(view.t("、", ", "));
        let said = speaker.lang.pick(
            format!("仅有一期预测、无法比较：{names}"),
            format!("A forecast in one of the two only, not comparable: {names}"),
        );
        all.pieces.extend(bullets(view, vec![(Rich::text(said), false)]));
    }
    all
}

/// "+1,230", "−45", "0".
fn signed(view: &View<'_>, people: f64) -> String {
    let rounded = people.round();
    let written = view.speaker.number(rounded, 0);
    if rounded > 0.0 { format!("+{written}") } else { written }
}

fn districts(view: &View<'_>, explanation: &Explanation) -> crate::html::table::Table {
    let cols = [
        Col(view.t("区县", "District"), 90.0, false),
        Col(view.t("上期（人）", "Before, people"), 88.0, true),
        Col(view.t("本期（人）", "Now, people"), 80.0, true),
        Col(view.t("变化", "Change"), 70.0, true),
        Col(view.t("主要原因（人）", "Mostly, people"), 346.0, false),
    ];
    let row = |one: &Change| {
        let mut said = Rich::default();
        for (at, driver) in one.drivers.iter().filter(|d| d.people.abs() >= 0.5).take(NAMED).enumerate() {
            if at > 0 {
                said.push(Rich::text(view.t("；", "; ")));
            }
            said.push(view.say(&driver.name));
            said.push(Rich::text(format!(" {}", signed(view, driver.people))));
        }
        vec![
            Cell::titled(view.speaker.lang.of(&one.place.name), view.speaker.lang.of(&one.place.full)),
            Cell::text(&view.speaker.number(one.before.round(), 0)),
            Cell::text(&view.speaker.number(one.after.round(), 0)),
            Cell::text(&signed(view, one.after - one.before)),
            Cell::rich(&said),
        ]
    };
    let rows = explanation.districts.iter().take(SHOWN).map(row).collect();
    table(view.t("各区县的变化", "Changes by district"), &cols, rows, true)
}
