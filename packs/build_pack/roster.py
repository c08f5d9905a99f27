"""Who is on duty: invented people in invented shifts, so that every section and district has an owner at every hour."""

from .common import SECTIONS
from .tables import make_row, plus_days, synthetic_provenance

# Sections for which the larger districts keep a duty of their own.
DISTRICT_SECTIONS = ["headquarters", "testing", "transfer", "isolation", "treatment", "supplies", "community", "safety"]
NOTE = "invented shift"


def people_of(city: str, person_row, second: list[tuple[str, str, str]]) -> list[dict]:
    """The second in each section, and a second coordinator for some districts, who take the other shift."""
    return [*[person_row(f"duty-{s}", f"{zh}组副组长", f"{en} Duty Officer", "section_lead", section=s, area=city)
              for s, (zh, en) in SECTIONS.items()],
            *[person_row(f"coordinator-{code}-2", f"{zh}副协调员", f"{en} Second Coordinator", "coordinator", area=code)
              for code, zh, en in second]]


def roster(city: str, days: list[str], districts: list[str], with_second: set[str]) -> list[dict]:
    """City: two shifts a day for each section. Districts: one duty of 24 h from 08:00; those with a second coordinator
    for each of `DISTRICT_SECTIONS`, in turn, the others for headquarters. Each day's shifts are known the evening before."""
    rows = []

    def duty(area, section, starts_at, ends_at, person, deputy, known_at):
        rows.append(make_row("duty_roster", area=area, section=section, starts_at=starts_at, ends_at=ends_at, person=person,
                             deputy=deputy, **synthetic_provenance(known_at, NOTE)))

    for n, day in enumerate(days):
        morning, evening = f"{day}T08:00", f"{day}T20:00"
        tomorrow, known_at = plus_days(morning, 1), plus_days(evening, -1)
        for section in SECTIONS:
            duty(city, section, morning, evening, f"lead-{section}", f"duty-{section}", known_at)
            duty(city, section, evening, tomorrow, f"duty-{section}", f"lead-{section}", known_at)
        for code in districts:
            first, other = f"coordinator-{code}", f"coordinator-{code}-2"
            if code not in with_second:
                duty(code, "headquarters", morning, tomorrow, first, None, known_at)
                continue
            if n % 2:
                first, other = other, first
            for section in DISTRICT_SECTIONS:
                duty(code, section, morning, tomorrow, first, other, known_at)
    return rows
