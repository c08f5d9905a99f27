"""Rows, times and CSV: the small tools that every builder uses."""

import csv
import io
from datetime import date, datetime, timedelta
from pathlib import Path

from . import schema


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of a raw file. Raw files are UTF-8 with a header row."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def make_row(table: str, /, **cells) -> dict[str, str]:
    """A row with every column of `table`; what is not given is empty, which means "not known"."""
    columns = schema.TABLES[table]
    unknown = set(cells) - set(columns)
    assert not unknown, f"{table} has no column {sorted(unknown)}"
    return {column: cell_text(cells.get(column)) for column in columns}


def cell_text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value).strip()


def to_csv(table: str, rows: list[dict[str, str]]) -> bytes:
    return csv_bytes(schema.TABLES[table], rows)


def csv_bytes(columns: list[str], rows: list[dict[str, str]]) -> bytes:
    """UTF-8, LF, no byte order mark; the same rows give the same bytes."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def day_start(day: str) -> str:
    return f"{day}T00:00"


def day_end(day: str) -> str:
    """24:00 of a day, written as 00:00 of the next one."""
    return plus_days(day_start(day), 1)


def plus_days(moment: str, days: int) -> str:
    moved = datetime.fromisoformat(moment) + timedelta(days=days)
    return moved.strftime("%Y-%m-%dT%H:%M")


def days_between(first: str, last: str) -> list[str]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [(start + timedelta(days=n)).isoformat() for n in range((end - start).days + 1)]


def number(cell: str) -> int:
    return int(cell) if cell else 0


def join_notes(*notes: str) -> str:
    return "; ".join(note for note in notes if note)


def host_of(url: str) -> str:
    """The site that published a page: all that is certain about a reprint's publisher."""
    return url.split("/")[2].removeprefix("www.") if "://" in url else ""


class Publication:
    """When the city can have known what a source says.

    A page is taken to be known at 24:00 of the day that it was published. A row that draws on several pages is known
    when the last of them is, so that nothing is seen before its time. A page without a date is taken to be known a day
    after the period that it describes, and the row says that this is an assumption.
    """

    def __init__(self, published: dict[str, str]):
        self.published = published

    def provenance(self, office: str, sources: str, period_end: str, origin: str = "reported", note: str = "",
                   known_from: str | None = None) -> dict:
        """The provenance cells. `sources` is separated by `;` as in the raw files; `known_from` names the one source
        that states the figure alone, when this has been looked up."""
        ids = sources.split(";")
        deciding = [known_from] if known_from else ids
        undated = [s for s in deciding if not self.published[s]]
        moments = [day_end(self.published[s]) for s in deciding if self.published[s]]
        if undated:
            moments.append(plus_days(period_end, 1))
        return dict(office=office, source_id="+".join(ids), known_at=max(moments), known_at_assumed=bool(undated),
                    origin=origin, note=note)


def next_day_provenance(office: str, source: str, period_end: str, origin: str = "reported", note: str = "") -> dict:
    """For series that were published every day but whose dates of publication nobody wrote down."""
    return dict(office=office, source_id=source, known_at=plus_days(period_end, 1), known_at_assumed=True,
                origin=origin, note=note)


def synthetic_provenance(known_at: str, note: str, assumed: bool = False) -> dict:
    return dict(office="levee-synthetic", source_id="SYN", known_at=known_at, known_at_assumed=assumed,
                origin="synthetic", note=note)


def split_by_weight(total: int, weights: list[float]) -> list[int]:
    """Whole parts of `total` in proportion to `weights` (largest remainders; ties go to the first)."""
    whole = sum(weights)
    assert whole > 0 and total >= 0
    exact = [total * w / whole for w in weights]
    parts = [int(x) for x in exact]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    assert sum(parts) == total
    return parts


def fill(total: int, limits: list[int], tilt: list[float]) -> list[int]:
    """Places `total` people into `limits`, roughly in proportion to limit times tilt, never above a limit."""
    assert total <= sum(limits), f"{total} people do not fit into {sum(limits)}"
    placed = [min(limit, part) for limit, part in
              zip(limits, split_by_weight(total, [l * t for l, t in zip(limits, tilt)]))]
    for i, limit in enumerate(limits):
        placed[i] += min(limit - placed[i], total - sum(placed))
    assert sum(placed) == total
    return placed
