"""The tables of `levee.pack/1`: columns in their order, keys and cell types.

This is the only place that knows the column lists, so that a builder cannot write a table of another shape.
"""

PROVENANCE = "office* source_id* known_at* known_at_assumed* origin* note"

# `*` marks a cell that must not be empty.
_COLUMNS = {
    "areas": "code* parent_code level* name_zh* name_en* short_zh* short_en* population population_date lat lon "
    "origin* source_id* note",
    "reporting_units": "code* name_zh* name_en* short_zh* short_en* kind* within_code members origin* source_id* note",
    "offices": "office* name_zh* name_en* tables* cadence_hours age_limit_hours origin* note",
    "sources": "source_id* title* publisher url published licence* note",
    "people": "person* name_zh* name_en* role* section area_code origin* note",
    "parameters": "parameter* version* value low high unit* effective_from origin* source_id* note",
    "headings": "table* column* heading*",
    "obligation_kinds": "kind* system* name_zh* name_en* unit_zh* unit_en* counting* class* life_saving* priority* due_from* "
    "due_after_minutes owner_section* owner_level* ladder* evidence subject* retention_days* origin* source_id* note",
    "obligation_fields": "kind* field* position* holds* choices required* unit about_zh* about_en*",
    "obligation_ladders": "ladder* rung* after_minutes* section* level* origin* source_id* note",
    "obligation_reasons": "kind* outcome* reason* name_zh* name_en* by* moot* evidence",
    "infections": "place* period_start* period_end* confirmed asymptomatic converted total pending community managed "
    "community_pct deaths " + PROVENANCE,
    "statements": "place* kind* name* at* value* unit* qualifier* " + PROVENANCE,
    "facilities": "facility* kind* name_zh* name_en* area_code* lat lon acceptance_on acceptance_until accepted_by "
    "opens_on closes_on " + PROVENANCE,
    "facility_status": "facility* at* level* unit* physical staffed equipped occupied planned " + PROVENANCE,
    "facility_services": "facility* at* level* care* slots taken " + PROVENANCE,
    "vehicles": "base_area* kind* at* vehicles* crews seats_per_vehicle trips_per_day " + PROVENANCE,
    "stock": "place* item* at* on_hand* unit* daily_use " + PROVENANCE,
    "events": "event* starts_on* ends_on kind* places area_text description_en* description_zh* " + PROVENANCE,
    "measure_facts": "measure* event* fact* fact_value* about_en* about_zh* " + PROVENANCE,
    "duty_roster": "area* section* starts_at* ends_at* person* deputy " + PROVENANCE,
}

TABLES = {name: [c.rstrip("*") for c in text.split()] for name, text in _COLUMNS.items()}
REQUIRED = {name: [c.rstrip("*") for c in text.split() if c.endswith("*")] for name, text in _COLUMNS.items()}

KEYS = {
    "areas": ["code"],
    "reporting_units": ["code"],
    "offices": ["office"],
    "sources": ["source_id"],
    "people": ["person"],
    "parameters": ["parameter", "version"],
    # A heading may stand for one column of a table only.
    "headings": ["table", "heading"],
    "obligation_kinds": ["kind"],
    "obligation_fields": ["kind", "field"],
    "obligation_ladders": ["ladder", "rung"],
    "obligation_reasons": ["kind", "outcome", "reason"],
    "infections": ["place", "period_start", "period_end", "office"],
    "statements": ["place", "kind", "name", "at", "office"],
    "facilities": ["facility", "office"],
    "facility_status": ["facility", "level", "at", "office"],
    "facility_services": ["facility", "level", "care", "at", "office"],
    "vehicles": ["base_area", "kind", "at", "office"],
    "stock": ["place", "item", "at", "office"],
    "events": ["event", "office"],
    "measure_facts": ["measure", "fact", "office"],
    "duty_roster": ["area", "section", "starts_at", "office"],
}

# Written by hand in packs/catalogue, the same for every pack.
CATALOGUE_TABLES = ["obligation_kinds", "obligation_fields", "obligation_ladders", "obligation_reasons"]

REPORT_TABLES = ["infections", "statements", "facilities", "facility_status", "facility_services", "vehicles", "stock", "events",
                 "measure_facts", "duty_roster"]

COUNTS = set(
    "population cadence_hours age_limit_hours confirmed asymptomatic converted total pending community managed deaths "
    "physical staffed equipped occupied planned slots taken vehicles crews seats_per_vehicle trips_per_day "
    "system priority due_after_minutes retention_days position rung after_minutes".split()
)
DECIMALS = {"lat", "lon", "value", "low", "high", "community_pct", "on_hand", "daily_use"}
DATETIMES = {"period_start", "period_end", "at", "known_at", "starts_at", "ends_at"}
DATES = set("population_date published effective_from acceptance_on acceptance_until opens_on closes_on starts_on ends_on".split())
IDS = set("code parent_code within_code members office tables source_id person section area_code parameter table column place "
          "places facility item event measure fact base_area area deputy owner_section ladder evidence choices reason".split())
BOOLEANS = {"known_at_assumed", "life_saving", "required", "moot"}

LEVELS = "city district subdistrict community compound building unit household"
CHOICES = {
    ("areas", "level"): LEVELS,
    ("obligation_kinds", "counting"): "named counted both",
    ("obligation_kinds", "class"): "ordinary care food exit",
    ("obligation_kinds", "due_from"): "rule order request",
    ("obligation_kinds", "owner_level"): LEVELS,
    ("obligation_kinds", "subject"): "none person household site staff enterprise",
    ("obligation_fields", "holds"): "text id place facility count decimal date datetime flag choice personal",
    ("obligation_ladders", "level"): LEVELS,
    ("obligation_reasons", "outcome"): "met waived expired voided carried",
    ("obligation_reasons", "by"): "recipient clinician owner section_lead commander",
    ("reporting_units", "kind"): "apart overlap group",
    ("people", "role"): "commander section_lead coordinator intake_clerk analyst auditor",
    ("statements", "qualifier"): "= > < ~",
    ("facilities", "kind"): "makeshift_hospital designated_hospital isolation_site laboratory sampling_site depot warehouse",
    ("facility_status", "level"): "isolation makeshift general severe critical laboratory",
    ("facility_status", "unit"): "beds rooms tubes_per_day",
    ("facility_services", "level"): "makeshift general severe critical",
    ("facility_services", "care"): "dialysis obstetrics paediatrics psychiatry frail",
    ("vehicles", "kind"): "ambulance negative_pressure_ambulance coach taxi",
}
ORIGINS = {"reported", "derived", "synthetic"}
