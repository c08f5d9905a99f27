//! Openings of sites and runs of vehicles: what these parts of the plan find.

use super::Entry;

const fn e(code: &'static str, en: &'static str, zh: &'static str) -> Entry {
    Entry { code, en, zh }
}

pub(super) const ENTRIES: &[Entry] = &[
    // Openings and closings.
    e(
        "openings.open",
        "{n} {n#hospital or hall|hospitals or halls} should open with {beds} beds; the first must be decided by {day}",
        "建议启用{n}处（{beds}张床位），最迟{day}决定",
    ),
    e(
        "openings.close",
        "{n} {n#hospital|hospitals} should close; the first must be decided by {day}",
        "建议关闭{n}处，最迟{day}决定",
    ),
    e(
        "openings.both",
        "{n} {n#hospital or hall|hospitals or halls} should open with {beds} beds and {closed} close; the first must be decided by {day}",
        "建议启用{n}处（{beds}张床位）、关闭{closed}处，最迟{day}决定",
    ),
    e("openings.none", "No hospital or hall should open or close", "医院与方舱无需启用或关闭"),
    e("openings.no_sites", "No hospital or hall in reserve is known that could open", "没有已知可启用的储备医院、方舱"),
    e(
        "openings.saves_proved",
        "Waiting over the plan: {value} person-days, {unchanged} if every site stays as it is; no other choice does better.",
        "方案期内等待{value}人日，维持现状为{unchanged}人日；已证明最优。",
    ),
    e(
        "openings.saves_found",
        "Waiting over the plan: {value} person-days, {unchanged} if every site stays as it is; the best choice is not proved.",
        "方案期内等待{value}人日，维持现状为{unchanged}人日；未证明最优。",
    ),
    e(
        "openings.staff",
        "Staff is tightest on {day}: {used} of {free} free {kind} are needed.",
        "{day}人员最紧：{kind}需{used}人，可用{free}人。",
    ),
    e(
        "openings.not_accepted",
        "{n} {n#site stays|sites stay} shut without a safety acceptance that holds ({first}{more}); inspect by {day}.",
        "{n}处安全验收无效，不得启用（{first}{more}），最迟{day}验收。",
    ),
    e(
        "openings.unknown",
        "{n} {n#site|sites} cannot be proposed, {what} not being known ({first}{more}): report it, or name it in parameters.csv with its source.",
        "{n}处因{what}不明无法建议（{first}{more}）：请上报，或在parameters.csv中补充并注明来源。",
    ),
    e(
        "openings.staff_short",
        "{n} {n#site|sites} would save waiting and {n#lacks|lack} staff: {first}{more}, {people} {kind} short.",
        "{n}处可减少等待但缺人：{first}{more}，缺{kind}{people}人。",
    ),
    e(
        "openings.teams",
        "Free staff of {n} {n#district is|districts are} not known and not counted on ({first}{more}).",
        "{n}个区县可用人员不明，未计入（{first}{more}）。",
    ),
    e(
        "openings.binds",
        "Until somebody decides, the orders of this plan count only on beds that are open or decided.",
        "未经决定，本方案指令只使用已启用或已决定启用的床位。",
    ),
    e(
        "openings.report_reserve",
        "Offices name reserves by reporting planned beds, and for a new site a later day of opening.",
        "储备由各单位上报：规划床位；新场所另报启用日期。",
    ),
    e("openings.row_opens", "opens {day}: {n} beds", "{day}启用，{n}张床位"),
    e("openings.row_opens_rooms", "opens {day}: {n} rooms", "{day}启用，{n}间"),
    e("openings.row_closes", "closes {day}: {n} people move", "{day}关闭，转出{n}人"),
    e("openings.why_waiting", "{n} person-days less waiting", "减少等待{n}人日"),
    e("openings.why_staff", "frees {n} staff", "释放{n}人"),
    e("openings.why_rooms", "{n} room-days less short", "减少缺房{n}间日"),
    e("openings.missing.lead_days", "lead time", "启用时长"),
    e("openings.missing.run_by", "staff to run it", "运行人员"),
    e("openings.missing.prepared_by", "staff to prepare it", "筹备人员"),
    e("openings.missing.physical", "planned beds", "规划床位"),
    e("openings.missing.equipped", "equipment", "设备"),
    e("openings.missing.since", "day of opening", "启用日期"),
    e("openings.missing.occupied", "beds in use", "在用床位"),
    // Runs.
    e("runs.nobody", "Nobody is to be taken anywhere on {day}", "{day}无人需要转运"),
    e(
        "runs.all",
        "All {n} people of {day} have a ride: {runs} runs, the last arrives at {time}",
        "{day}{n}人均有车：{runs}车次，末班{time}到达",
    ),
    e(
        "runs.some",
        "{left} of {n} people of {day} have no ride; {runs} runs carry the others, the last arrives at {time}",
        "{day}{n}人中{left}人无车；其余{runs}车次，末班{time}到达",
    ),
    e("runs.none", "None of the {n} people of {day} has a ride", "{day}{n}人均无车"),
    e("runs.urgent_only", "Whoever is taken anywhere on {day} is dispatched at once", "{day}转运者均为即时派车"),
    e(
        "runs.how",
        "{vehicles} {vehicles#vehicle|vehicles}, the first leaves at {time}; {hours} hours at the wheel; {pct} of the seats are taken.",
        "出动{vehicles}辆，首班{time}发车；驾驶合计{hours}小时；上座率{pct}。",
    ),
    e(
        "runs.urgent",
        "{n} severe or critical {n#person is|people are} dispatched at once, each by ambulance, at no planned time and behind nobody.",
        "重型、危重型{n}人即时派救护车，不定时、不排队。",
    ),
    e(
        "runs.left",
        "{n} without a ride: {cause}; {helped} of them could go by {mend}.",
        "{n}人无车：{cause}；{mend}，可解决{helped}人。",
    ),
    e(
        "runs.vehicles_unknown",
        "{n} {n#vehicle makes|vehicles make} no run: {what} not known.",
        "{n}辆未编排：{what}不明。",
    ),
    e(
        "runs.counted",
        "People are counted, not named: ask about households, guardians and exemptions before a run leaves.",
        "人员只计数、不具名：发车前须核实同户、监护与豁免情况。",
    ),
    e("stay.no_place", "no place is left", "无床位"),
    e("stay.no_place_together", "no place for the whole household", "无法同户安置"),
    e("stay.no_lane", "no way is known", "路线不明"),
    e("stay.no_vehicle", "no vehicle for planned runs is known", "无计划用车"),
    e("stay.vehicles_unknown", "seats, crews or hours of the vehicles are not known", "车辆座位、班组或工时不明"),
    e("stay.no_seats_together", "no vehicle seats the whole household", "车辆坐不下全户"),
    e("stay.way_too_long", "the way does not fit into a crew's hours", "路程超出班组工时"),
    e("stay.vehicle_time", "the vehicles' hours are spent", "车辆工时已用完"),
    e("stay.other", "somebody must decide first", "须先由人决定"),
    e(
        "ride.one_run",
        "one more run from {from} to {facility}: {seats} {seats#seat|seats}, {minutes} minutes",
        "{from}至{facility}加开1车次（{seats}座，{minutes}分钟）",
    ),
    e(
        "ride.relay",
        "a second crew or a change of crews from {from} to {facility}",
        "{from}至{facility}增派班组或中途换班",
    ),
    e("ride.larger_vehicle", "a vehicle with {seats} seats in {from}", "{from}调配{seats}座车辆"),
    e(
        "ride.report_vehicles",
        "a report of seats, crews and hours of the vehicles of {from}",
        "{from}上报车辆座位、班组与工时",
    ),
    e("ride.lanes", "a point or a way for {from}", "补充{from}的坐标或路线"),
    e("ride.places", "more places for {from}", "为{from}增加床位"),
    e("ride.person", "a person's asking, naming a guardian or deciding", "由人核实、指定监护人或作出决定"),
    e("ride.next_day", "the runs of the next day", "次日车次"),
    e("missing.seats", "seats", "座位"),
    e("missing.crew", "crews", "班组"),
    e("missing.hours", "hours driven before", "此前驾驶时长"),
];
