//! What the known counts of a day open: every newly found infection is owed a care placement.

use super::desk::Desk;
use crate::city::AppError;
use crate::journal::Read;
use crate::projection::ledger::read;
use jiff::Timestamp;
use jiff::civil::Date;
use levee_ledger::{AreaPath, Command, Ground, KindId, NewObligation, ObligationId};
use levee_model::ids::EntityId;
use levee_picture::Picture;
use std::collections::BTreeMap;

/// The kind that counted infections open.
pub const KIND: &str = "care_placement";

fn meaning(why: impl std::fmt::Display) -> AppError {
    AppError::Meaning { table: "obligations".into(), why: why.to_string() }
}

/// What a reported day opens: where, and how many.
struct Ground1 {
    day: Date,
    ground: Ground,
    shares: BTreeMap<AreaPath, u64>,
}

/// Whole days whose count is known, each split by district where that day's list is whole. A ground that was first
/// opened for the city as a whole stays so: nobody moves what may have been met meanwhile.
fn grounds(on: &dyn Read, desk: &Desk, kind: &KindId, picture: &Picture) -> Result<Vec<Ground1>, AppError> {
    let city = super::path_of(&desk.places, desk.places.city()).ok_or_else(|| meaning("the city has no path"))?;
    let mut all = Vec::new();
    for known in picture.city.days.iter().filter(|known| known.day <= picture.moment.day) {
        let Some(count) = known.new.value() else { continue };
        let ground: Ground = format!("infections:{}", known.day).parse().map_err(meaning)?;
        let listed: BTreeMap<AreaPath, u64> = picture
            .districts
            .rows
            .iter()
            .filter_map(|row| {
                let path = super::path_of(&desk.places, &row.place)?;
                Some((path, row.full_days.get(&known.day)?.value.get()))
            })
            .collect();
        let whole = listed.len() == desk.places.districts().count() && listed.values().sum::<u64>() <= count.get();
        let opened_whole = read::on_ground(on, kind, &city, &ground)?.is_some();
        let opened_apart = match listed.keys().next() {
            Some(first) => read::on_ground(on, kind, first, &ground)?.is_some(),
            None => false,
        };
        let mut shares = if whole && (opened_apart || !opened_whole) { listed } else { BTreeMap::new() };
        let rest = count.get() - shares.values().sum::<u64>();
        shares.insert(city.clone(), rest);
        all.push(Ground1 { day: known.day, ground, shares });
    }
    Ok(all)
}

/// The commands that bring the ledger up to the counts: one opening for each day and place. A day reported before is
/// opened once; a corrected count corrects it.
///
/// A correction below what has been met or waived already is cut to what is still owed, and comes back as a surplus.
pub fn commands(
    on: &dyn Read,
    desk: &Desk,
    picture: &Picture,
    command: uuid::Uuid,
    opened_at: &dyn Fn(Date) -> Option<Timestamp>,
) -> Result<(Vec<Command>, u64), AppError> {
    let kind: KindId = KIND.parse().map_err(meaning)?;
    let mut commands = Vec::new();
    let (mut ordinal, mut surplus) = (0u32, 0u64);
    for Ground1 { day, ground, shares } in grounds(on, desk, &kind, picture)? {
        for (path, units) in shares {
            let known = read::on_ground(on, &kind, &path, &ground)?;
            let mut units = units;
            match &known {
                None if units == 0 => continue,
                Some(known) if known.standing_units() == units => continue,
                Some(known) => {
                    let least = known.standing_units().saturating_sub(known.owed());
                    surplus = surplus.saturating_add(least.saturating_sub(units));
                    units = units.max(least);
                    if known.standing_units() == units {
                        continue;
                    }
                }
                None => {}
            }
            // Ordinals of artefacts begin at 0 in the same command.
            ordinal += 1;
            let id = ObligationId(EntityId::new(command, 1000 + ordinal));
            let opened_at = opened_at(day).ok_or_else(|| meaning(format!("{day} has no end")))?;
            commands.push(Command::Open(Box::new(NewObligation {
                id,
                kind: kind.clone(),
                path,
                units,
                subject: None,
                ground: Some(ground.clone()),
                opened_at,
                due: None,
                owner: None,
                fields: BTreeMap::new(),
                note: None,
                synthetic: false,
            })));
        }
    }
    Ok((commands, surplus))
}
