"""What a release holds besides the results tables; in its database they stand in the schema `results` too.

Belongs here: tables that are made with a release. Not here: results tables (their families' modules).
"""

from orchestration.tables.ledger import GATE_RESULTS
from orchestration.tables.table import Column, Leaving, Table

SCHEMA = "release"
SUPPRESSED = Column(
    "suppressed",
    "varchar",
    "Columns of the row whose number is kept back so that no small group is told of; null where none.",
)
_OF_A_GATE = ("gate", "expectation", "subject", "severity", "success", "observed")
# A run's own name and its messages differ between runs on the same data, and would make equal tables differ.
RELEASED_GATE_RESULTS = Table(
    SCHEMA,
    "gate_results",
    "One row a gate and expectation that the release has passed.",
    key=("gate", "expectation", "subject"),
    disclosure="process",
    columns=tuple(GATE_RESULTS.column(name) for name in _OF_A_GATE),
    stays="what gates saw counts single rows of the extracts",
)
REPORT_MONTHS = Table(
    SCHEMA,
    "report_months",
    "One row an inspected provider with the month its report was published (2023/04, Table A1).",
    key=("provider", "provider_type"),
    disclosure="process",
    columns=(
        Column("provider", "varchar", "Name of the provider."),
        Column("provider_type", "varchar", "CRC or NPS, as printed."),
        Column("report_month", "varchar", "Month of publication, YYYY-MM."),
    ),
    leaving=Leaving(words=("report_month",)),
)
SMALL_CELLS = Table(
    SCHEMA,
    "small_cells",
    "One row a published cell that rests on few cases.",
    key=("table", "cell"),
    disclosure="aggregate",
    columns=(
        Column("table", "varchar", "The results table it stands in."),
        Column("cell", "varchar", "What names its row there, separated by ` / `."),
        Column("cases", "bigint", "Cases it rests on."),
        Column("minimum", "bigint", "The number below which a cell is listed."),
    ),
    stays="is the list of small groups",
)
