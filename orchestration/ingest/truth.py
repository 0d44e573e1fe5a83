"""Truth files: which records belong to the person of a case, known from elsewhere.

`truth/<source>.csv` has the columns case_id and record_id. A row with both says: this record is of the person of
this case, whatever its date. A row with a case_id alone says: somebody looked, and the extract holds no record of
this person. Synthetic extracts come with their truth; for real ones it is a clerically reviewed sample. Evaluation
reads these files and nothing else does.

Belongs here: reading a truth file and refusing one that cannot be used. Not here: what it says about the links
(`methods/linkage/`), and which ids the extracts hold (`linkage/evidence.py`).
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from orchestration.errors import PipelineError
from orchestration.ingest.labels import header_key
from orchestration.ingest.readers.csv_files import read_csv
from orchestration.ingest.readers.tables import FileTable
from orchestration.settings import Settings
from orchestration.storage import fingerprints

TRUTH_SOURCES = ("terminations", "reoffending")
COLUMNS = ("case_id", "record_id")
_LINES_NAMED = 5
_FEWEST_PAIRS = 10  # below, a handful of odd but genuine pairs could be most of a small review


def truth_file(truth_dir: Path, source: str) -> Path:
    """Where the truth of a source lies, if there is any."""
    return truth_dir / f"{source}.csv"


def truth_files(settings: Settings, _stage: str) -> dict[str, str]:
    """Source -> hash of its truth file, for those that are there."""
    truths = {source: truth_file(settings.truth_dir, source) for source in TRUTH_SOURCES}
    return {source: fingerprints.of_file(path) for source, path in truths.items() if path.exists()}


def read_truth(truth_dir: Path, source: str) -> pd.DataFrame | None:
    """A source's truth: case_id, record_id (missing: no record of this person), line. None where there is no file.

    Ids are stripped of blanks; other columns are passed over. Raises PipelineError, naming file, line and column,
    where a column or a case_id is missing, a row is ragged, a row stands twice, or a case has both an empty and a
    named record.
    """
    path = truth_file(truth_dir, source)
    if not path.exists():
        return None
    where = _where(source)
    try:
        data = path.read_bytes()
    except OSError:
        raise PipelineError(
            problem="The truth file cannot be opened.", remedy="Check that you may read it.", where=where
        ) from None
    table = read_csv(where, data)[0]
    truth = _two_columns(table, where)
    _require_cases(truth, where)
    _require_distinct(truth, where)
    _require_consistent(truth, where)
    return truth


def require_known(source: str, column: str, unknown_lines: Sequence[int], n_rows: int) -> None:
    """Refuse a truth file that names ids the extracts do not hold.

    `unknown_lines`: lines whose `column` (case_id or record_id) stands in no row of the extracts, `n_rows`: rows
    that name one. Raises PipelineError unless there are no such lines.
    """
    if not len(unknown_lines):
        return
    extract = "inspections" if column == "case_id" else source
    is_foreign = len(unknown_lines) > n_rows / 2
    guess = "It was probably made for other extracts or another run. " if is_foreign else ""
    raise PipelineError(
        problem=f"{len(unknown_lines)} of {n_rows} rows name a {column} that the {extract} extract does not hold. "
        f"{guess}Nothing was evaluated.",
        remedy="Put the truth of these extracts in its place, correct the lines named, or take the file away. "
        "(A spreadsheet may have dropped leading zeros.)",
        where=f"{_where(source)}, {_named_lines(unknown_lines)}, column {column}",
    )


def require_same_people(source: str, n_strangers: int, n_pairs: int) -> None:
    """Refuse a truth file made for extracts of other people that number their cases and records alike.

    `n_pairs`: rows whose case and record were both accepted; `n_strangers`: those of them that have neither an
    identifier, nor a date of birth, nor a name in common. Raises PipelineError where these are more than half of ten
    or more.
    """
    if n_pairs < _FEWEST_PAIRS or n_strangers <= n_pairs / 2:
        return
    raise PipelineError(
        problem=f"{n_strangers} of {n_pairs} rows name a case and a record that have no identifier, date of birth or "
        "name in common. The file was made for other extracts or another run. Nothing was evaluated.",
        remedy="Put the truth of these extracts in its place, or take the file away.",
        where=f"{_where(source)}, columns case_id and record_id",
    )


def _where(source: str) -> str:
    return f"truth/{source}.csv"


def _two_columns(table: FileTable, where: str) -> pd.DataFrame:
    keys = [header_key(text) for text in table.header]
    missing = [name for name in COLUMNS if header_key(name) not in keys]
    twice = [name for name in COLUMNS if keys.count(header_key(name)) > 1]
    if missing or twice:
        problem = f"is missing: {', '.join(missing)}" if missing else f"is there twice: {', '.join(twice)}"
        raise PipelineError(
            problem=f"A column of the truth file {problem}. Nothing was evaluated.",
            remedy="The first row names the columns case_id and record_id, each once, separated by a comma.",
            where=f"{where}, line {table.header_line or 1}, column {', '.join(missing or twice)}",
        )
    _require_full_rows(table, where)
    cells = {name: table.columns[keys.index(header_key(name))].texts for name in COLUMNS}
    ids = {name: pd.Series(texts, dtype="str").str.strip() for name, texts in cells.items()}
    frame = pd.DataFrame({name: values.where(values != "") for name, values in ids.items()})
    return frame.assign(line=table.lines)


def _require_full_rows(table: FileTable, where: str) -> None:
    width = len(table.header)
    ragged = table.lines[table.ragged].tolist()
    if ragged:
        raise PipelineError(
            problem=f"{len(ragged)} rows do not have the header's {width} cells. Nothing was evaluated.",
            remedy="Give every row as many cells as the header; a case without a record ends in a comma.",
            where=f"{where}, {_named_lines(ragged)}, whole row",
        )


def _require_cases(truth: pd.DataFrame, where: str) -> None:
    empty = truth.loc[truth["case_id"].isna(), "line"].tolist()
    if empty:
        raise PipelineError(
            problem=f"{len(empty)} rows have no case_id. Nothing was evaluated.",
            remedy="Fill in the case_id of each row, or delete the row.",
            where=f"{where}, {_named_lines(empty)}, column case_id",
        )


def _require_distinct(truth: pd.DataFrame, where: str) -> None:
    again = truth.loc[truth.duplicated(list(COLUMNS)), "line"].tolist()
    if again:
        raise PipelineError(
            problem=f"{len(again)} rows repeat an earlier row. Nothing was evaluated.",
            remedy="Keep each pair of case_id and record_id once.",
            where=f"{where}, {_named_lines(again)}, columns case_id and record_id",
        )


def _require_consistent(truth: pd.DataFrame, where: str) -> None:
    is_empty = truth["record_id"].isna()
    empty = truth[is_empty]
    lines = empty.loc[empty["case_id"].isin(truth.loc[~is_empty, "case_id"]), "line"].tolist() if len(empty) else []
    if lines:
        raise PipelineError(
            problem=f"{len(lines)} rows say that there is no record of a person whose record other rows name. "
            "Nothing was evaluated.",
            remedy="Delete the row without a record_id, or the rows that name records of the same case.",
            where=f"{where}, {_named_lines(lines)}, column record_id",
        )


def _named_lines(lines: Sequence[int]) -> str:
    named = ", ".join(str(line) for line in lines[:_LINES_NAMED])
    more = f" and {len(lines) - _LINES_NAMED} more" if len(lines) > _LINES_NAMED else ""
    return f"line{'s' if len(lines) > 1 else ''} {named}{more}"
