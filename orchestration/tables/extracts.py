"""The extracts in the warehouse: as received, as accepted, and the files they came in.

Belongs here: the schema `raw`, declared from the contract. Not here: the contract (`contract.py`), and which rows were
refused (`ledger.py`).
"""

from orchestration.tables.contract import WHOLE_CONTRACT
from orchestration.tables.source import Kind, Source
from orchestration.tables.table import Column, Disclosure, Table, Type

_TYPES: dict[Kind, Type] = {"text": "varchar", "id": "varchar", "code": "varchar", "date": "date", "integer": "integer"}
_FILE = Column("file", "varchar", "The file the row came in.")
_LINE = Column(
    "line", "bigint", "Its line there: physical line in CSV, sheet row in XLSX (header = 1), else row number."
)
_HASH = Column("file_sha256", "varchar", "SHA-256 of the file, in hex.")
_ORDER = Column(
    "delivery_order", "bigint", "Place of the file among the source's deliveries, from 1: the later one wins."
)
_NEXT = Column(
    "next_delivery", "bigint", "Place of the next file that has a row of its id; null where it is the latest of its id."
)
_ROWS_ACCEPTED = {
    "inspections": "One row an accepted case assessment.",
    "terminations": "One row an accepted terminated sentence from the case management system.",
    "reoffending": "One row an accepted index disposal or release from the Police National Computer extract.",
    "ratings": "One row a provider and standard with its rating; none where none were delivered (optional).",
    "caseload": "One row an eligible case of an inspected provider; none where none were delivered (optional).",
    "offences": "One row an accepted result of an offence; none where reoffending was delivered ready-made.",
}


def _of_source(source: Source) -> Disclosure:
    return "process" if source.name == "ratings" else "restricted"


def _received(source: Source) -> Table:
    return Table(
        "raw",
        source.name,
        f"One row a row of the {source.name} extracts as received, of every delivery: text under the contract's names.",
        key=("file_sha256", "line"),
        disclosure=_of_source(source),
        columns=(
            *(Column(column.name, "varchar", column.meaning) for column in source.columns),
            _FILE,
            _HASH,
            _LINE,
            _ORDER,
            _NEXT,
        ),
    )


def _accepted(source: Source) -> Table:
    return Table(
        "raw",
        f"parsed_{source.name}",
        _ROWS_ACCEPTED[source.name],
        key=source.id_columns,
        disclosure=_of_source(source),
        columns=(
            *(Column(column.name, _TYPES[column.kind], column.meaning) for column in source.columns),
            _FILE,
            _LINE,
        ),
    )


RECEIVED = {name: _received(source) for name, source in WHOLE_CONTRACT.items()}
ACCEPTED = {name: _accepted(source) for name, source in WHOLE_CONTRACT.items()}
DELIVERIES = Table(
    "raw",
    "deliveries",
    "One row a delivered file.",
    key=("source", "file"),
    disclosure="process",
    columns=(
        Column("source", "varchar", "The source whose folder it lay in."),
        Column("file", "varchar", "Its name."),
        _HASH,
        Column("delivered_date", "timestamp", "The date in its name, at midnight; null where it has none."),
        Column("first_seen_order", "bigint", "When it was first seen among the source's files, from 1."),
        Column("duplicate_of", "varchar", "An earlier file with the same content; such a file is not read."),
        _ORDER,
        Column("delivery", "varchar", "What it is called where names of files are not told: its order and hash."),
        Column("expected_rows", "bigint", "Rows that its control file promises; null where it has none."),
        Column("rows", "bigint", "Rows in it."),
        Column("repeated", "bigint", "Rows that a later delivery brought again unchanged."),
        Column("is_synthetic", "boolean", "Whether the file was generated, so that nobody stands behind its rows."),
    ),
)
READINGS = Table(
    "raw",
    "readings",
    "One row a file that was read: with its rows as received, all that its content gave, so that it is not read again.",
    key=("source", "file_sha256"),
    disclosure="restricted",
    columns=(
        Column("source", "varchar", "The source."),
        _HASH,
        Column("file", "varchar", "Its name."),
        _ORDER,
        Column("reading", "varchar", "Hash of what it hangs on: content, kind of file, promises, limits, code."),
        Column("ragged", "varchar", "The places of rows with a wrong number of cells, as JSON."),
        Column("notes", "varchar", "What was passed over, as JSON."),
        Column("findings", "varchar", "What was found in its columns, as JSON."),
        Column("counts", "varchar", "Its rows and cells: missing, by code and by month, as JSON."),
    ),
)
DELIVERY_PROFILE = Table(
    "quality",
    "delivery_profile",
    "One row a delivery that was read and a column of its source: counts alone, to compare with the delivery before.",
    key=("source", "delivery", "column"),
    disclosure="process",
    columns=(
        Column("source", "varchar", "The source."),
        _ORDER,
        Column(
            "delivery", "varchar", "The delivery: its order and the beginning of its hash; raw.deliveries has its name."
        ),
        Column("content", "varchar", "The beginning of the file's SHA-256."),
        Column("column", "varchar", "The column."),
        Column("rows", "bigint", "Rows in the delivery."),
        Column("missing", "bigint", "Those of them without a value in the column."),
        Column(
            "first_month",
            "varchar",
            "Month before which only a hundredth of its dates lie (one at least), rejected rows aside, YYYY-MM; null "
            "for columns that hold no date.",
        ),
        Column("last_month", "varchar", "Month after which only a hundredth of them lie."),
    ),
)
SUPERSEDED_ROWS = Table(
    "raw",
    "superseded_rows",
    "One row a row whose id arrived again with other content in the next delivery that has it.",
    key=("source", "file", "line"),
    disclosure="restricted",
    columns=(
        Column("source", "varchar", "The source."),
        _FILE,
        _LINE,
        Column("superseded_by_file", "varchar", "The file of the row that replaced it."),
        Column("superseded_by_line", "bigint", "Its line there."),
        Column("row_json", "varchar", "The superseded row's content, as JSON."),
    ),
)
