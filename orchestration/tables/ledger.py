"""What was done, from what, and what the gates said of it.

Belongs here: stages, gates, refused rows and the finished linkage. Not here: what a stage is (`ledger/`).
"""

from orchestration.tables.table import Column, Table

STAGES = Table(
    "quality",
    "stages",
    "One row a finished stage: the ledger.",
    key=("stage",),
    disclosure="process",
    columns=(
        Column("stage", "varchar", "Stage."),
        Column("fingerprint", "varchar", "Hash of its inputs, upstream stages, code, parameters and packages."),
        Column("run_id", "varchar", "Run that did it."),
        Column("inputs", "varchar", "Files it read, with hashes, as JSON."),
        Column("finished_at", "timestamp", "UTC."),
    ),
)

GATE_RESULTS = Table(
    "quality",
    "gate_results",
    "One row a run, gate and expectation: what a gate asked, and what it saw.",
    key=("run_id", "gate", "expectation", "subject"),
    disclosure="process",
    columns=(
        Column("gate", "varchar", "The gate: that of a source, or `linkage`, `publication` or `needs`."),
        Column("expectation", "varchar", "What was expected."),
        Column("subject", "varchar", "Column or table concerned."),
        Column("success", "boolean", "Whether it was met."),
        Column("observed", "varchar", "What was seen, in counts."),
        Column("severity", "varchar", "`error` stops the run; `warn` does not."),
        Column("message", "varchar", "What, how many, where, and what to do."),
        Column("run_id", "varchar", "The run."),
        Column("input_fingerprint", "varchar", "Hash of the deliveries judged."),
        Column("parameters_fingerprint", "varchar", "Hash of the parameters."),
        Column(
            "data_fingerprint",
            "varchar",
            "Fingerprint of the stage whose data was judged; publication asks for it.",
        ),
        Column("judged_at", "timestamp", "UTC."),
    ),
)

REJECTED_ROWS = Table(
    "quality",
    "rejected_rows",
    "One row a rejected row and column of the extracts now in the warehouse.",
    key=("source", "file", "line", "column"),
    disclosure="process",
    columns=(
        Column("source", "varchar", "Source."),
        Column("file", "varchar", "File."),
        Column("line", "bigint", "Physical line in CSV, sheet row in XLSX, else row number."),
        Column("column", "varchar", "Column that was refused."),
        Column("value_class", "varchar", "What kind of value stood there; never the value."),
        Column("reason", "varchar", "Why it was refused."),
    ),
)
