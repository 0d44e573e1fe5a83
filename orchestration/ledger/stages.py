"""The stages of a run, and the ledger that says what each was made from.

A stage's fingerprint covers its inputs, its upstream stages, its code, its parameters and the packages. It serves
twice: a stage whose fingerprint stands in the ledger is not done again, and nothing is built on, or published
from, a stage that is missing from the ledger or was made from something else.

Belongs here: which stage depends on what. Not here: how a stage is done (`assets/`).
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from orchestration.errors import PipelineError
from orchestration.settings import (
    CODES_DIR,
    DBT_DIR,
    OPTIONAL_SOURCES,
    PROJECT_DIR,
    PUBLISHED_FIGURES_DIR,
    SOURCES,
    Parameters,
)
from orchestration.storage import fingerprints

PACKAGE = PROJECT_DIR / "orchestration"
EXPECTATIONS = PROJECT_DIR / "expectations"
LINKAGE_CODES = tuple(sorted(CODES_DIR.glob("match_*.csv")))


@dataclass(frozen=True)
class Stage:
    """One stage: the stages it is built on, the files that define it, the parameters it reads."""

    name: str
    upstream: tuple[str, ...] = ()
    code: tuple[Path, ...] = ()
    parameters: tuple[str, ...] = field(default=())


def _staging_code() -> tuple[Path, ...]:
    codes = tuple(p for p in sorted(CODES_DIR.glob("*.csv")) if p not in LINKAGE_CODES)
    models = DBT_DIR / "models"
    project = (DBT_DIR / "dbt_project.yml", DBT_DIR / "macros", DBT_DIR / "tests")
    return (*project, models / "staging", PUBLISHED_FIGURES_DIR, *codes)


_source_codes = (CODES_DIR / f"{table}.csv" for table in ("accepted_labels", "provider_spellings", "report_months"))
_source_code = (PACKAGE / "ingest", EXPECTATIONS, *_source_codes)
_coverage = ("followup_months", "waiting_months")
# The gates of the other two ask whether they cover every inspected start date.
_judged_with: dict[str, tuple[str, ...]] = {
    "inspections": (),
    "terminations": ("inspections",),
    "reoffending": ("inspections",),
}
_quality_code = (
    PACKAGE / "linkage_evidence.py",
    PACKAGE / "ingest" / "truth.py",
    PACKAGE / "methods" / "layout.py",
    *(PACKAGE / "methods" / "linkage" / f"{name}.py" for name in ("evidence", "quality", "losses", "intervals")),
)
_review_code = (
    PACKAGE / "review",
    *(PACKAGE / "methods" / "linkage" / f"review_{name}.py" for name in ("estimates", "sample", "tables")),
)
_stability_code = (PACKAGE / "methods", PACKAGE / "stability_run.py", PACKAGE / "stability_chunks.py")
STAGES = {
    stage.name: stage
    for stage in (
        *(Stage(s, _judged_with[s], _source_code, (f"rejected_share_{s}", *_coverage)) for s in SOURCES),
        # done where nothing was delivered too, so that what rests on them knows
        *(Stage(s, ("inspections",), _source_code, (f"rejected_share_{s}",)) for s in OPTIONAL_SOURCES),
        Stage("staging", SOURCES, _staging_code(), ("pnc_reference_year",)),
        Stage("case_keys", ("staging",), (PACKAGE / "case_keys.py",)),
        Stage("linkage", ("staging",), (DBT_DIR / "models" / "linkage", *LINKAGE_CODES), ("match_window_days",)),
        Stage(
            "linkage_gate", ("linkage",), (EXPECTATIONS,), ("match_rate_low", "match_rate_high", "match_window_days")
        ),
        Stage("linkage_overrides", ("linkage_gate",), (PACKAGE / "assets" / "linkage_overrides.py",)),
        Stage("second_opinion", ("linkage_gate",), (PACKAGE / "second_opinion",), ("match_window_days",)),
        Stage("marts", ("linkage_gate", "case_keys"), (DBT_DIR / "models" / "marts",)),
        Stage("linkage_quality", ("marts",), _quality_code, ("match_window_days",)),
        Stage("linkage_review", ("marts",), _review_code),
        Stage("models", ("marts",), (PACKAGE / "methods",), ("significance_level",)),
        Stage(
            "sample_design",
            ("marts", "caseload"),
            (PACKAGE / "methods",),
            ("significance_level", "sample_confidence", "sample_margin"),
        ),
        Stage(
            "linkage_sensitivity",
            ("models",),
            (PACKAGE / "methods", PACKAGE / "sensitivity_reader.py"),
            ("match_window_days", "significance_level"),
        ),
        Stage("tables", ("models",), (PACKAGE / "methods", PACKAGE / "publications", PUBLISHED_FIGURES_DIR)),
        Stage(
            "linkage_bias",
            ("tables",),
            (PACKAGE / "methods",),
            ("significance_level", "weight_percentile_low", "weight_percentile_high"),
        ),
        Stage("publication_gate", ("tables",), (EXPECTATIONS,)),
        Stage("needs_models", ("marts",), (PACKAGE / "methods",), ("significance_level",)),
        Stage(
            "needs_tables",
            ("needs_models", "ratings"),
            (PACKAGE / "methods", PACKAGE / "publications"),
            ("significance_level",),
        ),
        Stage("stepwise_stability", ("needs_models",), _stability_code),
        Stage("needs_gate", ("needs_tables",), (EXPECTATIONS,)),
        # What a release is made from is found when it is made: see `release_parts.py`.
        Stage("release", (), (PACKAGE / "publications",), tuple(Parameters.model_fields)),
    )
}


@cache
def code_fingerprint(name: str) -> str:
    """Hash of the files that define a stage, and of the packages it runs on."""
    return fingerprints.of([fingerprints.of_code(STAGES[name].code, PROJECT_DIR), fingerprints.package_versions()])


def expected_fingerprint(name: str, recorded: dict[str, str], parameters: Parameters, inputs: object = None) -> str:
    """The fingerprint the stage would have if it were done now.

    `recorded`: the ledger, stage -> fingerprint. `inputs`: what the stage reads from outside the warehouse.
    Raises PipelineError where an upstream stage is missing.
    """
    stage = STAGES[name]
    missing = [upstream for upstream in stage.upstream if upstream not in recorded]
    if missing:
        raise _not_ready(name, missing)
    values = {parameter: getattr(parameters, parameter) for parameter in stage.parameters}
    upstream = [recorded[u] for u in stage.upstream]
    return fingerprints.of([name, upstream, code_fingerprint(name), values, inputs])


def stands(name: str, recorded: dict[str, str], parameters: Parameters, inputs: dict[str, object]) -> bool:
    """Whether a stage and all it rests on are done, from these inputs (stage -> what it reads from outside)."""
    try:
        return all(
            recorded.get(stage) == expected_fingerprint(stage, recorded, parameters, inputs.get(stage))
            for stage in lineage(name)
        )
    except PipelineError:
        return False


def lineage(name: str) -> list[str]:
    """Every stage that `name` rests on, itself last."""
    found: list[str] = []
    for upstream in STAGES[name].upstream:
        found += [stage for stage in lineage(upstream) if stage not in found]
    return [*found, name]


def _not_ready(name: str, missing: list[str]) -> PipelineError:
    return PipelineError(
        problem=f"The stage '{name}' cannot be built: {', '.join(missing)} did not finish or did not pass the gate.",
        remedy="See quality.gate_results and quality.rejected_rows for what stopped it, then run the whole job again.",
    )
