//! `levee orders`: orders under way.

use super::counter::Counter;
use super::{refusal, show, words};
use crate::cli::Cli;
use crate::cli::ledger::OrdersArgs;
use crate::failure::Failure;
use crate::open::Access;
use crate::say;
use levee_app::ledger::orders::under_way;
use serde_json::json;
use std::process::ExitCode;

pub(crate) fn list(cli: &Cli, args: &OrdersArgs) -> Result<ExitCode, Failure> {
    let counter = Counter::open(cli, &args.city, Access::Read, args.lang)?;
    let area = counter.path_or_city(args.area.as_ref())?;
    let orders = under_way(&counter.opened.journal, &area).map_err(|error| refusal::told(error, counter.lang))?;
    if cli.json {
        let orders: Vec<_> = orders.iter().map(show::order_document).collect();
        say::json(&json!({ "schema": "levee.orders/1", "area": area.area(), "orders": orders }));
        return Ok(ExitCode::SUCCESS);
    }
    if orders.is_empty() {
        say::out(counter.say("没有在办的指令", "no order is under way"));
        return Ok(ExitCode::SUCCESS);
    }
    let head = [
        ("时限", "due"),
        ("状态", "state"),
        ("动作", "action"),
        ("地点", "place"),
        ("数量", "units"),
        ("执行", "by"),
        ("编号", "id"),
    ];
    let mut rows = vec![head.map(|(zh, en)| counter.say(zh, en).to_owned()).to_vec()];
    rows.extend(orders.iter().map(|order| {
        let units = order.meets.iter().fold(0, |sum: u64, promise| sum.saturating_add(promise.units));
        vec![
            counter.time(order.due),
            words::order(counter.lang, order.state).to_owned(),
            order.action.to_string(),
            counter.place(&order.path),
            say::count(units),
            order.carried_out_by.as_ref().map_or_else(|| order.section.to_string(), ToString::to_string),
            order.id.to_string(),
        ]
    }));
    say::out(&say::table(&rows, &[4]));
    Ok(ExitCode::SUCCESS)
}
