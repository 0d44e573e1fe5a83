"""Reviewers' overrides: which case must, and which must not, be linked to which record.

Belongs here: reading `review/overrides.csv` and refusing whatever a reviewer cannot have meant. Not here: what an
override does (`dbt_project/models/linkage/overrides_outcomes.sql`), and clerical samples.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from orchestration.errors import PipelineError
from orchestration.ingest.frames import empty_rows
from orchestration.ingest.headers import match_tables
from orchestration.ingest.parsing import IMPOSSIBLE_DATE, parse_date
from orchestration.ingest.readers.csv_files import read_csv
from orchestration.settings import Settings
from orchestration.storage import fingerprints
from orchestration.tables.source import Column, Source

OVERRIDES_FILE = Path("review") / "overrides.csv"
DECISIONS = ("must_link", "must_not_link")
LINKED_SOURCES = ("terminations", "reoffending")
MAX_FAULTS = 10
_PAIR = ["source", "case_id", "record_id"]
_COLUMNS = (*_PAIR, "decision", "reviewer", "reviewed_on", "reason")
_HEADER = Source("overrides", ("case_id",), "reviewed_on", tuple(Column(name, required=True) for name in _COLUMNS))


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be used: its line, its column, what is wrong; never its value."""

    line: int
    column: str
    problem: str

    def text(self) -> str:
        """The fault as one line of a message."""
        return f"- line {self.line}, column {self.column}: {self.problem}"


def no_overrides() -> pd.DataFrame:
    """The overrides of a data folder without the file: no rows, the columns of `read_overrides`."""
    return empty_rows((*_COLUMNS, "line"), "line")


def overrides_in_use(settings: Settings, _stage: str) -> str | None:
    """Hash of the reviewers' overrides; None where there are none."""
    path = settings.data_dir / OVERRIDES_FILE
    return fingerprints.of_file(path) if path.exists() else None


def read_overrides(data_dir: Path, today: date) -> pd.DataFrame:
    """The overrides as written, one row a pair, reviewed_on as YYYY-MM-DD, with their line in the file.

    No file, no overrides. The folder is closed to others. Raises PipelineError naming file, lines and columns where
    the file cannot be read, a cell is empty or not allowed, a date lies after `today`, or a pair stands twice.
    """
    path = data_dir / OVERRIDES_FILE
    if not path.exists():
        return no_overrides()
    path.parent.chmod(0o700)
    table = match_tables(_where(), read_csv(_where(), path.read_bytes()), _HEADER)
    width = len(table.table.header)
    faults = [
        Fault(line, "whole row", f"the row does not have the header's {width} cells")
        for line in table.table.lines[table.table.ragged].tolist()
    ]
    _require_none(faults)
    cells = {
        name: [(text or "").strip() for text in table.table.columns[at].texts.to_pylist()]
        for name, at in table.positions.items()
    }
    frame = pd.DataFrame({**{name: cells[name] for name in _COLUMNS}, "line": table.table.lines})
    frame = frame.astype({name: "str" for name in _COLUMNS})
    _require_none([*_cell_faults(frame, today), *_repeated(frame)])
    return frame.assign(reviewed_on=[_day(text) for text in frame["reviewed_on"]])


def require_known(overrides: pd.DataFrame, cases: pd.DataFrame, records: pd.DataFrame) -> None:
    """Refuse overrides on cases or records that no extract holds, or on cases a source is not searched for.

    `cases`: case_id and case_type of the cases named; `records`: source and record_id of the records named.
    Raises PipelineError naming file, lines and columns. 2023/04, Annex A (ii): terminations are community cases'.
    """
    types = dict(zip(cases["case_id"], cases["case_type"], strict=True))
    known = set(zip(records["source"], records["record_id"], strict=True))
    faults = []
    for source, case_id, record_id, line in overrides[[*_PAIR, "line"]].itertuples(index=False):
        if case_id not in types:
            faults.append(Fault(line, "case_id", "no inspections extract holds this case"))
        elif source == "terminations" and types[case_id] != "community":
            faults.append(Fault(line, "case_id", "only community cases are matched to terminations; this is none"))
        if (source, record_id) not in known:
            faults.append(Fault(line, "record_id", f"no {source} extract holds this record"))
    _require_none(faults)


def _where() -> str:
    return OVERRIDES_FILE.as_posix()


def _cell_faults(frame: pd.DataFrame, today: date) -> list[Fault]:
    checks: dict[str, Callable[[str], str]] = {
        "source": lambda text: _one_of(text, LINKED_SOURCES),
        "decision": lambda text: _one_of(text, DECISIONS),
        "reviewed_on": lambda text: _date_problem(text, today),
    }
    faults = []
    for name in _COLUMNS:
        for line, text in zip(frame["line"], frame[name], strict=True):
            problem = "the cell is empty; every column must be filled" if not text else ""
            problem = problem or checks.get(name, lambda _: "")(text)
            if problem:
                faults.append(Fault(line, name, problem))
    return faults


def _one_of(text: str, allowed: tuple[str, ...]) -> str:
    return "" if text in allowed else f"takes {' or '.join(allowed)}"


def _date_problem(text: str, today: date) -> str:
    day, fault = parse_date(text)
    if not isinstance(day, date):
        return "there is no such day" if fault == IMPOSSIBLE_DATE else "takes a date as YYYY-MM-DD"
    return "the date lies in the future" if day > today else ""


def _day(text: str) -> str:
    return str(parse_date(text)[0])


def _repeated(frame: pd.DataFrame) -> list[Fault]:
    """Pairs that stand on more than one line, whether they say the same or the contrary."""
    faults = []
    for _, rows in frame.groupby(_PAIR, sort=False):
        decisions, lines = list(rows["decision"]), list(rows["line"])
        for decision, line in zip(decisions[1:], lines[1:], strict=True):
            says = "the same" if decision == decisions[0] else "the contrary"
            faults.append(Fault(line, "decision", f"line {lines[0]} says {says} of this case and record"))
    return faults


def _require_none(faults: list[Fault]) -> None:
    if not faults:
        return
    ordered = sorted(faults, key=lambda fault: (fault.line, _place(fault.column)))
    listed = [fault.text() for fault in ordered[:MAX_FAULTS]]
    more = [f"- and {len(ordered) - MAX_FAULTS} more"] if len(ordered) > MAX_FAULTS else []
    raise PipelineError(
        problem="The overrides cannot be used, and none was applied:\n" + "\n".join([*listed, *more]),
        remedy="Correct or delete these lines and run again; each pair of case and record stands once.",
        where=_where(),
    )


def _place(column: str) -> int:
    return _COLUMNS.index(column) if column in _COLUMNS else -1
