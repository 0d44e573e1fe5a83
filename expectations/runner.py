"""Runs Great Expectations suites on frames and gives plain results.

Belongs here: the ephemeral context, outcomes and their words. Not here: any expectation, Dagster, Data Docs
(they embed failing values and load from the internet).
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

OUTCOME_COLUMNS = ["gate", "expectation", "subject", "success", "observed", "severity", "message"]
MAX_PLACES = 5
ERROR, WARN = "error", "warn"
UNUSED = "unused"  # of a source whose place another took: nothing was asked, and no release tells of it
RUN_AGAIN = "Run the stages before it again; if it stays, report it: this is a fault of the pipeline."

Places = Callable[[pd.DataFrame], str]  # where the failing rows stand, in words, without values


@dataclass(frozen=True)
class GateOutcome:
    """One expectation's outcome; `observed` and `message` never hold a value of a row."""

    gate: str
    expectation: str
    subject: str
    success: bool
    observed: str
    message: str
    severity: str


@dataclass(frozen=True)
class GateResult:
    """A gate's outcomes, and the rows it rejected (quality.rejected_rows' columns)."""

    gate: str
    outcomes: tuple[GateOutcome, ...]
    rejected: pd.DataFrame

    @property
    def success(self) -> bool:
        return not self.failures(ERROR)

    def failures(self, severity: str | None = None) -> list[GateOutcome]:
        failed = [outcome for outcome in self.outcomes if not outcome.success]
        return [outcome for outcome in failed if severity in (None, outcome.severity)]

    def frame(self) -> pd.DataFrame:
        """The outcomes as rows of quality.gate_results (without run and fingerprints)."""
        rows = [[getattr(outcome, name) for name in OUTCOME_COLUMNS] for outcome in self.outcomes]
        return pd.DataFrame(rows, columns=OUTCOME_COLUMNS)

    def summary(self) -> str:
        """The failures as readable lines, errors first."""
        ordered = [*self.failures(ERROR), *self.failures(WARN)]
        return "\n".join(f"{outcome.severity}: {outcome.message}" for outcome in ordered)


@dataclass(frozen=True)
class Checked:
    """An outcome with the failing rows of the batch (their index in the frame), and what is at fault."""

    outcome: GateOutcome
    rows: pd.Index
    is_rule_on_rows: bool
    problem: str
    columns: tuple[str, ...]


def about(
    name: str,
    subject: str,
    problem: str,
    remedy: str,
    rejects: bool = False,
    warns: bool = False,
    columns: Sequence[str] = (),
    observed: str = "",
) -> dict[str, Any]:
    """The `meta` of an expectation: its name, and the words for a reader when it fails.

    `rejects`: a rule on rows whose failing rows are rejected. `warns`: a failure does not stop the run.
    `columns`: the columns at fault in a rejected row, where they are not the subject. `observed`: what was
    seen, where counts of the batch's rows would not say it.
    """
    return {
        "name": name,
        "subject": subject,
        "problem": problem,
        "remedy": remedy,
        "rejects": rejects,
        "warns": warns,
        "columns": list(columns) or [subject],
        "observed": observed,
    }


def check(gate: str, frame: pd.DataFrame, expectations: Sequence[Any], places: Places) -> list[Checked]:
    """Validate one frame against expectations whose `meta` comes from `about`, in their order."""
    if not expectations:
        return []
    # every column is hashed, and copied with each condition on rows; no expectation asks where a row stands
    judged = frame.drop(columns=["file", "line"], errors="ignore").reset_index(drop=True)
    batch = _batch_definition().get_batch({"dataframe": judged})
    # their words stay here: the library copies what an expectation carries a hundred times
    asked = [expectation.copy(update={"meta": {"place": i}}) for i, expectation in enumerate(expectations)]
    results = _validate(batch, asked, "BASIC")
    failed = [expectation for i, expectation in enumerate(asked) if not results[i].success]
    if failed:  # only these need the rows at fault, which cost as much again to collect
        results |= _validate(batch, failed, "COMPLETE")
    return [_checked(gate, frame, e.meta, results[i], places) for i, e in enumerate(expectations)]


def _validate(batch: Any, expectations: Sequence[Any], detail: str) -> dict[int, Any]:
    """The result of each by its place."""
    import great_expectations as gx

    suite = gx.ExpectationSuite(name="suite", expectations=list(expectations))
    validated = batch.validate(suite, result_format={"result_format": detail})
    return {result.expectation_config.meta["place"]: result for result in validated.results}


def file_places(rows: pd.DataFrame) -> str:
    """`t.csv lines 3, 7 and 12` for rows with file and line; the first few."""
    listed = []
    for file, lines in rows.head(MAX_PLACES).groupby("file", sort=False)["line"]:
        numbers = [str(line) for line in lines]
        listed.append(f"{file} line{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}")
    more = len(rows) - MAX_PLACES
    return "; ".join(listed) + (f" and {more:,} more" if more > 0 else "")


def nowhere(_: pd.DataFrame) -> str:
    """For batches whose rows a reader could not find by place."""
    return ""


@cache
def _batch_definition() -> Any:
    """An ephemeral context, made once a process: nothing is written, nothing is sent."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)  # its errors quote values
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def _checked(gate: str, frame: pd.DataFrame, meta: dict[str, Any], result: Any, places: Places) -> Checked:
    details = result.result
    positions = sorted(set(details.get("unexpected_index_list") or []))
    observed = meta["observed"] or _observed(result, len(positions))
    where = places(frame.iloc[positions]) if positions else ""
    place = f" ({where})" if where else ""
    outcome = GateOutcome(
        gate=gate,
        expectation=meta["name"],
        subject=meta["subject"],
        success=bool(result.success),
        observed=observed,
        message="" if result.success else f"{gate}: {meta['problem']}: {observed}{place}. {meta['remedy']}",
        severity=WARN if meta["warns"] else ERROR,
    )
    return Checked(outcome, frame.index[positions], meta["rejects"], meta["problem"], tuple(meta["columns"]))


def _observed(result: Any, n_unexpected: int) -> str:
    """What was seen, as counts; a table's own figure where the expectation is about counts of rows."""
    details = result.result
    if "element_count" in details:
        return f"{n_unexpected:,} of {details['element_count']:,} rows"
    if result.expectation_config.type.startswith("expect_table_row_count"):
        n_rows = details.get("observed_value", 0)
        return f"{n_rows:,} row{'' if n_rows == 1 else 's'}"
    if not result.success and not details:
        return "could not be evaluated"
    return "as expected" if result.success else "not as expected"
