"""Sample tables of obligations, one for each kind: invented rows in a plausible shape, all of them marked as synthetic.

In a real city's pack nobody is named: kinds that may be counted are counted, and sites are given by ids of our own. Only
the wholly invented city names people, under pseudonyms and names that nobody bears.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from . import catalogue as kinds_of
from .tables import cell_text

SEED = 20221118
# Letters and digits that every way of writing base32 has in common; a first digit below 8 keeps it within 128 bits.
BASE32 = "234567abcdefghjkmnpqrstvwxyz"
SURNAMES = "张王李赵陈杨黄周吴徐"
LARGE = {"人": (20, 400), "户": (10, 160), "管": (300, 9000), "人次": (2, 30), "例": (1, 12), "张": (50, 800), "间": (10, 120),
         "套": (200, 3000), "吨": (5, 120), "件": (1, 9), "条": (1, 6)}
# Kinds whose counts are small whatever their unit.
SMALL = {"urgent_care_ack": (1, 2), "urgent_care_dispatch": (1, 2), "crisis_response": (1, 1), "level_upgrade": (1, 5),
         "birth_care": (1, 4), "positive_recheck": (5, 40), "exposure_followup": (1, 3), "dependant_care": (1, 5),
         "staff_counselling": (2, 12), "post_filled": (4, 60), "team_lodging": (20, 200), "test_round": (20_000, 400_000),
         "restriction_notice": (20, 300), "closed_loop_exit": (1, 8), "appeal_answer": (1, 3), "cash_aid": (2, 30)}
HOURS_TO_DUE = {"zone_release": 14, "isolation_release": 12, "discharge": 10, "makeshift_beds_ready": 48, "staff_rest": 14,
                "team_lodging": 8, "premises_reopening": 24, "community_review": 72, "price_restitution": 168,
                "supervision_finding": 72, "resident_request": 48, "birth_care": 120, "directive": 10, "safety_acceptance": 36}
DIRECTIVES = ["中心城区转运车辆统一调度 / one dispatch for the vehicles of the central districts",
              "清理超范围管控，逐区核对解除时间 / go through every area that is larger or longer than allowed",
              "方舱医院床位两日内按计划启用 / makeshift beds in use within two days as planned",
              "检测机构样本管逐日平衡 / tubes balanced by laboratory and day",
              "独居老人每日联系一次 / one call a day to old people who live alone"]
TEXTS = {"route": ["保供环线 / supply ring", "园区至仓库 / park to warehouse", "跨区主干道 / main road between districts"],
         "part": ["轴承 / bearings", "包装材料 / packaging", "芯片 / chips", "铝材 / aluminium"],
         "figure": ["病例数 / number of cases", "解除时间 / time of release", "采样点地址 / address of a sampling site"]}
ITEMS = ["masks", "protective_suits", "antigen_tests", "oxygen_cylinders", "rice", "vegetables"]
COUNTS = {"exits": (2, 8), "horizon": (7, 28), "households": (30, 400), "clear_days": (3, 9), "packages": (1, 3), "litres": (10, 40),
          "days_left": (1, 6), "serves": (200, 1500), "rest": (11, 11), "items": (30, 60), "failed": (0, 4), "findings": (0, 5),
          "sites": (20, 120), "pool": (10, 10), "day": (1, 8), "places": (5, 60), "quantity": (100, 5000), "asked": (5, 300),
          "waited": (3, 25), "nights": (7, 21), "needs": (1, 6), "premises": (5, 60), "on_hand": (50, 900), "item": (1, 6)}
DECIMALS = {"difference": (5.1, 18), "days_of_stock": (0.5, 2.9), "price": (12, 30), "reference": (6, 11), "p90": (9, 40)}
# Sites of a kind, where the kind says which; others get an id of our own.
SITE_OF = {"makeshift_standard_check": "makeshift_hospital", "safety_acceptance": "isolation_site", "closure_alternative": "designated_hospital"}
FACILITY_OF = {"laboratory": "laboratory", "warehouse": "warehouse", "from_warehouse": "warehouse", "hospital": "designated_hospital",
               "alternative": "designated_hospital", "depot": "depot", "from_facility": "makeshift_hospital"}
FACILITY_FOR = {"contact_isolation": "isolation_site", "isolation_release": "isolation_site", "room_readiness": "isolation_site",
                "makeshift_beds_ready": "makeshift_hospital", "transfer": "makeshift_hospital", "return_home": "makeshift_hospital",
                "discharge": "makeshift_hospital", "admission": "makeshift_hospital", "post_filled": "makeshift_hospital"}


@dataclass
class Place:
    """What the rows of a city may speak of."""
    prefix: str
    day: str
    city: str
    by_level: dict[str, list[str]]
    district_of: dict[str, str]
    facilities: dict[str, list[dict]]
    names: bool
    coordinators: set[str] = field(default_factory=set)

    def areas(self, level: str) -> list[str]:
        """Areas of a level; where the city has none so small, the next larger ones."""
        order = ["city", "district", "subdistrict", "community", "compound", "building", "unit", "household"]
        for one in reversed(order[: order.index(level) + 1]):
            if self.by_level.get(one):
                return self.by_level[one]
        return [self.city]


def place(prefix: str, day: str, areas: list[dict], facilities: list[dict], names: bool, chosen: list[str] | None = None) -> Place:
    by_level: dict[str, list[str]] = {}
    district_of, parents = {}, {a["code"]: a["parent_code"] for a in areas}
    for area in areas:
        code = area["code"]
        if area["level"] != "district" or not chosen or code in chosen:
            by_level.setdefault(area["level"], []).append(code)
        up = code
        while up and parents[up] and parents[parents[up]]:
            up = parents[up]
        district_of[code] = up
    by_kind: dict[str, list[dict]] = {}
    for facility in facilities:
        by_kind.setdefault(facility["kind"], []).append(facility)
    return Place(prefix, day, next(a["code"] for a in areas if a["level"] == "city"), by_level, district_of, by_kind, names)


def chongqing(areas: list[dict], facilities: list[dict]) -> Place:
    chosen = ["500103", "500104", "500105", "500106", "500107", "500108", "500109", "500112", "500113", "500155"]
    return place("CQ", "2022-11-18", areas, facilities, False, chosen)


def riverside(areas: list[dict], facilities: list[dict]) -> Place:
    return place("RS", "2024-03-18", areas, facilities, True)


class Samples:
    """Makes the tables. The same catalogue and place give the same rows."""

    def __init__(self, kinds: kinds_of.Catalogue, where: Place):
        self.kinds, self.where = kinds, where

    def tables(self) -> dict[str, list[dict[str, str]]]:
        return {kind["kind"]: self.table(nth, kind) for nth, kind in enumerate(self.kinds["obligation_kinds"])}

    def table(self, nth: int, kind: dict) -> list[dict[str, str]]:
        dice = random.Random(SEED * 1000 + nth)
        areas = self.where.areas(kind["owner_level"])
        start = int(dice.random() * len(areas))
        count = 3 + nth % 4 if len(areas) < 9 else 4 + nth % 6
        # Every area once before any of them again, spread over the city rather than side by side.
        step = max(1, len(areas) // count)
        rows = [self.row(kind, dice, n, areas[(start + n * step) % len(areas)]) for n in range(count)]
        return sorted(rows, key=lambda row: (row["opened_at"], row["ref"]))

    def row(self, kind: dict, dice: random.Random, n: int, area: str) -> dict[str, str]:
        name, due_from = kind["kind"], kind["due_from"]
        opened = datetime.fromisoformat(f"{self.where.day}T07:00") + timedelta(minutes=5 * int(dice.random() * 140))
        due = None
        if due_from != "rule":
            due = opened + timedelta(hours=HOURS_TO_DUE.get(name, 4 + int(dice.random() * 14)))
        subject, person = self.subject(kind, dice, n, area)
        section, level = kind["owner_section"], kind["owner_level"]
        owner = f"lead-{section}" if level == "city" else f"coordinator-{self.where.district_of[area]}" if n % 3 == 0 else None
        cells = {
            "ref": f"{''.join(word[0] for word in name.split('_')).upper()}-{self.where.day.replace('-', '')[2:]}-{n + 1:03}",
            "area": area, "units": None if subject or kind["counting"] == "named" else self.units(kind, dice),
            "subject": subject, "opened_at": moment(opened), "due": moment(due), "owner": owner,
            **self.fields(kind, dice, n, area, opened, due, person),
            "office": "levee-synthetic", "source_id": "SYN", "origin": "synthetic",
            "note": DIRECTIVES[n % len(DIRECTIVES)] if name == "directive" else "invented for demonstration",
        }
        return {column: cell_text(value) for column, value in cells.items()}

    def units(self, kind: dict, dice: random.Random) -> int:
        low, high = SMALL.get(kind["kind"], LARGE.get(kind["unit_zh"], (1, 1)))
        return low + int(dice.random() * (high - low + 1))

    def subject(self, kind: dict, dice: random.Random, n: int, area: str) -> tuple[str | None, dict[str, str]]:
        """Whom it is owed to, and what is said of them."""
        who, name = kind["subject"], kind["kind"]
        if who == "site" and name in SITE_OF:
            return self.facility(SITE_OF[name], area, n), {}
        if who in ("site", "enterprise"):
            tag = "ENT" if who == "enterprise" else "SITE"
            return f"{self.where.prefix}-{tag}-{area.removeprefix(self.where.prefix + '-')}-{n + 1:02}", {}
        # In the invented city one row in four stays a number, as offices hand both in.
        if who == "none" or not self.where.names or n % 4 == 3:
            return None, {}
        if who == "staff" and n % 2:
            return f"staff-{n + 1:04}", {}
        first = "234567"[int(dice.random() * 6)]
        pseudonym = "p-" + first + "".join(BASE32[int(dice.random() * len(BASE32))] for _ in range(25))
        return pseudonym, {"name": f"{SURNAMES[n % len(SURNAMES)]}示例{'甲乙丙丁戊己庚辛壬癸'[n % 10]}",
                           "telephone": f"138-0000-{n + 1:04}", "address": f"示例路{n + 1}号（虚构）"}

    def facility(self, kind: str, area: str, n: int) -> str:
        known = self.where.facilities[kind]
        near = [f for f in known if self.where.district_of.get(f["area_code"]) == self.where.district_of[area]]
        return (near or known)[n % len(near or known)]["facility"]

    def fields(self, kind: dict, dice: random.Random, n: int, area: str, opened: datetime, due: datetime | None,
               person: dict[str, str]) -> dict:
        held = kinds_of.fields(self.kinds, kind["kind"])
        cells = {f["field"]: self.value(kind["kind"], f, dice, n, area, opened, due, person) for f in held}
        if kind["kind"] == "tube_balance":
            balance(cells, dice, n)
        return cells

    def value(self, kind: str, spec: dict, dice: random.Random, n: int, area: str, opened: datetime, due: datetime | None,
              person: dict[str, str]):
        name, holds = spec["field"], spec["holds"]
        if holds == "personal":
            return person.get(name)
        if spec["required"] == "false" and holds != "facility" and n % 3 == 2:
            return None  # what nobody wrote down stays empty
        if holds == "choice":
            words = spec["choices"].split("+")
            if name == "level" and "makeshift" in words and n % 5 != 4:
                return "makeshift"  # most people need no more
            return words[n % len(words)]
        if holds == "facility":
            return self.facility(FACILITY_OF.get(name) or FACILITY_FOR.get(kind, "designated_hospital"), area, n)
        if holds == "place":
            others = [a for a in self.where.areas("district") if a != self.where.district_of[area]]
            return others[n % len(others)]
        if holds == "flag":
            return n % 2 == 0
        if holds == "date":
            ahead = name in ("expected_on", "loop_ends", "stops_on", "expires_on", "leaves_on", "term_ends")
            days = 1 + int(dice.random() * 6)
            same_day = name in ("day", "arrived_on", "found_on", "applied_on")
            return (opened + timedelta(days=0 if same_day else days if ahead else -days)).strftime("%Y-%m-%d")
        if holds == "datetime":
            ahead = {"ends_at": 96, "slot_at": None, "opens_at": None, "shift_at": 6, "arrives_at": None, "starts_at": 1,
                     "carer_until": 72, "meets_at": None}
            if name not in ahead:
                return moment(opened - timedelta(minutes=5 * (1 + int(dice.random() * 24))))
            hours = ahead[name]
            return moment(due if hours is None and due else opened + timedelta(hours=hours or 3))
        if holds == "decimal":
            low, high = DECIMALS[name] if name in DECIMALS else (20, 200)
            return round(low + dice.random() * (high - low), 1)
        if holds == "count":
            low, high = COUNTS.get(name, (1, 20)) if name != "amount" else ((300, 3000) if kind in ("cash_aid", "relief_payment") else (5, 200))
            return n + 1 if (kind, name) == ("directive", "item") else low + int(dice.random() * (high - low + 1))
        if holds == "text":
            return TEXTS[name][n % len(TEXTS[name])]
        return self.identifier(name, n, area)

    def identifier(self, name: str, n: int, area: str) -> str:
        day, short = self.where.day.replace("-", "")[2:], area.removeprefix(self.where.prefix + "-")
        fixed = {"meeting": f"HQ-{day}-AM", "section": ["transfer", "isolation", "testing", "supplies"][n % 4], "item": ITEMS[n % len(ITEMS)],
                 "figure": ["occupied_beds", "new_infections", "free_rooms"][n % 3], "first_office": "levee-synthetic",
                 "second_office": f"district-{short}", "reporting_office": f"district-{short}", "table": "facility_status",
                 "rule": ["cn.zone.high.release", "cn.zone.high.designate", "cn.test.no_mass"][n % 3], "round": f"R-{day}-1",
                 "exit": f"exit-{n + 1}", "source_document": "RULEBOOK-CN-V9-20"}
        tags = {"zone": "HRA", "measure": "M", "case_ref": "CASE", "enterprise": "ENT", "team": "TEAM", "vehicle": "V", "tube": "TUBE",
                "call": "CALL", "notice": "NOTICE", "finding": "F", "task": "TASK", "post": "POST", "supplier": "SUP", "journey": "TRIP",
                "batch": "QC", "release": "REL"}
        return fixed.get(name) or f"{tags[name]}-{short}-{n + 1:03}"


def balance(cells: dict, dice: random.Random, n: int) -> None:
    """collected = received + lost, received = reported + void + pending."""
    collected = 2_000 + int(dice.random() * 9_000)
    lost, void, pending = n % 3, n % 5, int(dice.random() * 400)
    received = collected - lost
    cells.update(collected=collected, received=received, lost=lost, void=void, pending=pending, reported=received - void - pending)


def moment(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M") if at else None
