"""Great Expectations suites: one module a suite, and a runner that gives plain results.

Belongs here: what an extract, a linkage and a publication must satisfy, and the words a reader gets when
they do not. Not here: parsing (`orchestration/ingest`), tests of tables (dbt), Dagster.

How to call the gates (frames in, plain results out)::

    from expectations.runner import GateOutcome, GateResult
    from expectations.sources import SourceContext, assess_source, source_context
    from expectations.linkage import LinkedTables, run_linkage_gate
    from expectations.publication import PublicationTables, run_publication_gate

    source_context(codes_dir: Path, inspections: DataFrame | None = None, profiled: DataFrame | None = None)
        -> SourceContext
    assess_source(source: str, extract: SourceExtract, parameters: Parameters, context: SourceContext)
        -> tuple[DataFrame, GateResult]          # the accepted rows of `extract.parsed`, and the result
    run_linkage_gate(linked: LinkedTables, parameters: Parameters) -> GateResult
    run_publication_gate(tables: PublicationTables, parameters: Parameters) -> GateResult

- The inspections gate comes first: the others need `source_context(codes_dir, accepted_inspections)`, because
  terminations and reoffending must cover every inspected start date, and the optional ratings and caseload must be of
  inspected providers.
- `GateResult.rejected` has the columns of quality.rejected_rows and holds *all* the rejected rows of the
  source: those that did not parse and those that a rule on rows rejected.
- `GateResult.success` is False when any outcome of severity `error` failed. A rule on rows that rejects
  within the source's share is an outcome of severity `warn`; the outcome `rejected_rows_within_share`
  decides.
- `GateResult.frame()` gives the outcomes with the columns gate, expectation, subject, success, observed,
  severity, message; `GateResult.summary()` the failures as readable text.
- `LinkedTables(cases, termination_outcomes, termination_matches, reoffending_outcomes,
  reoffending_matches)`: `cases` needs case_id and case_type (raw.parsed_inspections does); the others are
  the linkage tables.
- `PublicationTables(row_counts, cases, annex_b, match_rates, models, model_terms, model_coefficients)`:
  the frames are marts.cases and the results tables; `row_counts` maps `received.<source>`,
  `rejected.<source>` (distinct file and line), `superseded.<source>`, `repeated.<source>` (the sum of
  deliveries.repeated), `accepted.<source>` for the three sources, and `matches.terminations`,
  `matches.reoffending` (rows of the linkage tables) to whole numbers.
"""

import os
import sys

os.environ["GX_ANALYTICS_ENABLED"] = (
    "false"  # for versions of Great Expectations that report usage: they read it on import
)
# Great Expectations looks for Spark Connect where Spark is installed. Nothing here uses it, and where it finds its own
# packages missing it warns, or ends a process that was not started from a file.
sys.modules.setdefault("pyspark.sql.connect", None)  # type: ignore[arg-type]
