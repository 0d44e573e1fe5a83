"""Splink trained and run on one source.

Belongs here: calling Splink, quietly. Not here: what it is told (`model.py`) and what becomes of its pairs.
"""

import contextlib
import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from math import log2
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd

from orchestration.errors import PipelineError
from orchestration.linkage.probabilistic import model
from orchestration.settings import Settings

if TYPE_CHECKING:
    from splink import Linker

PAIRS = """
    select unique_id_l as case_id, unique_id_r as record_id, match_weight, match_probability
    from {scored}
    where match_probability >= ?
    order by all
"""


@dataclass(frozen=True)
class Scores:
    """Every pair that Splink scored, as a table of its workspace, and the parameters it was trained to."""

    connection: duckdb.DuckDBPyConnection
    scored: str
    parameters: pd.DataFrame

    def pairs_from(self, probability: float) -> pd.DataFrame:
        """Pairs from this match probability on: case_id, record_id, match_weight (log2 of odds), match_probability."""
        return self.connection.execute(PAIRS.format(scored=self.scored), [probability]).df()


def splink_version() -> str:
    """The version of Splink installed. Raises PipelineError, saying what to install, where there is none."""
    try:
        return version("splink")
    except PackageNotFoundError:
        raise PipelineError(
            problem="Splink is asked for, and the package splink is not installed. A second opinion needs it, and "
            "a rule in use that holds the field `probable`; nothing else.",
            remedy="Install what requirements.lock names (make setup), or the extra second-opinion of pyproject.toml: "
            '.venv/bin/pip install "splink==5.0.0"; then run again.',
        ) from None


def splink_in_use(_settings: Settings, _stage: str) -> dict[str, str]:
    """The package that gives the opinion, as the stage's fingerprint covers it. Raises PipelineError without it."""
    return {"splink": splink_version()}


def require_splink() -> None:
    """Import what the second opinion uses of Splink.

    Raises PipelineError, saying what could not be imported and how to mend it, where Splink is missing or broken: left
    to the stage, which holds identifiers, the reason would be withheld.
    """
    found = splink_version()
    try:
        for name in ("splink.comparison_library", "splink.blocking_rule_library"):
            import_module(name)
        _ = import_module("splink").DuckDBAPI  # loaded only when asked for
    except Exception as error:  # a package half installed fails in any way
        # importing reads no record, so that the message cannot quote one
        cause = error.__cause__ or error
        reason = f"{type(cause).__name__}: {cause}".partition("\n")[0]
        raise PipelineError(
            problem=f"Splink {found} is installed, but cannot be imported ({reason}).",
            remedy="Something it needs is missing or damaged. Install again what requirements.lock names: "
            ".venv/bin/pip install --force-reinstall --require-hashes -r requirements.lock; then run again.",
        ) from None


def score_pairs(connection: duckdb.DuckDBPyConnection) -> Scores:
    """Train Splink on the workspace's cases and records and score every blocked pair.

    Deterministic: sampling is by a seeded hash of the ids. Raises PipelineError without a working Splink, or where
    there is nothing to compare.
    """
    require_splink()
    _require_rows(connection)
    with quiet_splink():
        linker = _trained(connection)
        scored = linker.inference.predict(warning_mode="never").physical_name
        parameters = _parameters(linker.misc.save_model_to_json())
    return Scores(connection, scored, parameters)


def _require_rows(connection: duckdb.DuckDBPyConnection) -> None:
    for table in ("cases", "records"):
        if not connection.execute(f"select count(*) from splink_{table}").fetchall()[0][0]:
            raise PipelineError(
                problem=f"Splink has no {table} of this source to compare.",
                remedy="Deliver the extract, run make link, and try again.",
            )


def _trained(connection: duckdb.DuckDBPyConnection) -> "Linker":
    from splink import DuckDBAPI, Linker, block_on

    database = DuckDBAPI(connection)
    tables = [database.register(f"splink_{name}", table_name=name) for name in ("cases", "records")]
    linker = Linker(tables, model.model_settings(), log_level=None)
    trusted: list[Any] = [block_on(*fields) for fields in model.TRUSTED]
    linker.training.estimate_probability_two_random_records_match(trusted, recall=model.TRUSTED_RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=model.MAX_PAIRS_U, seed=model.SEED)
    for fields in model.PASSES:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*fields), max_pairs=model.MAX_PAIRS_M, record_sample_proportion=1.0
        )
    return linker


def _parameters(trained: dict[str, Any]) -> pd.DataFrame:
    """One row a level of a comparison: m, u and the weight of agreeing to that level; null where not trained."""
    prior = trained["probability_two_random_records_match"]
    rows = [("any_two_rows", "match", 0, prior, None, log2(prior / (1 - prior)) if 0 < prior < 1 else None)]
    for comparison in trained["comparisons"]:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        for order, level in enumerate(levels, start=1):
            m, u = (level.get(f"{kind}_probability") for kind in "mu")
            weight = log2(m / u) if m and u else None
            rows.append((comparison["output_column_name"], level["label_for_charts"], order, m, u, weight))
    return pd.DataFrame(rows, columns=["comparison", "level", "level_order", "m", "u", "match_weight"]).astype(
        {"m": "float64", "u": "float64", "match_weight": "float64"}
    )


@contextlib.contextmanager
def quiet_splink() -> Iterator[None]:
    """Keep Splink from logging and printing: its lines may hold SQL and values, and ours is a restricted stage."""
    logger = logging.getLogger("splink")
    was_disabled, level, propagate = logger.disabled, logger.level, logger.propagate
    logger.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        logger.disabled, logger.level, logger.propagate = was_disabled, level, propagate
        logger.setLevel(level)
