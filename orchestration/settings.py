"""Typed settings, read from the environment once.

Belongs here: every parameter a user may set and every path under the data folder. Not here: reference
tables (`dbt_project/seeds/codes`), and anything the methods could be told as an argument.
"""

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from orchestration.errors import PipelineError, did_you_mean

# The checkout, or the folder that an installed wheel was unpacked into: nothing is written below it.
PROJECT_DIR = Path(__file__).resolve().parent.parent
# What Dagster calls this project.
CODE_LOCATION = "probation-outcomes"
DBT_DIR = PROJECT_DIR / "dbt_project"
CODES_DIR = DBT_DIR / "seeds" / "codes"
PUBLISHED_FIGURES_DIR = DBT_DIR / "seeds" / "published"
SOURCES = ("inspections", "terminations", "reoffending")
# May be delivered besides: what rests on them is left out of the release without them.
OPTIONAL_SOURCES = ("ratings", "caseload")
# Two roads to the same outcome: one of them is delivered, never both. The first has the measure ready-made.
ROADS = ("reoffending", "offences")
ALL_SOURCES = (*SOURCES, *OPTIONAL_SOURCES, *ROADS[1:])
ENVIRONMENT_PREFIX = "PROBATION_"
# The last event of an extract falls a little short of its true end: so far it may.
COVERAGE_GRACE_MONTHS = 1


class Parameters(BaseModel):
    """What can move a published number or a gate; recorded in every release's manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    match_window_days: int = Field(7, ge=0, le=365, description="largest allowed date difference, 2023/04 Annex A (ii)")
    pnc_reference_year: int = Field(2021, ge=1951, le=2099, description="latest year a PNC identifier may carry")
    probable_threshold: float = Field(
        0.95, gt=0, lt=1, description="match probability from which a pair of Splink's is probable, where a rule asks"
    )
    significance_level: float = Field(0.05, gt=0, lt=1, description="2023/04 Annex A, Analysis")
    match_rate_low: float = Field(80.0, ge=0, le=100, description="lowest match rate (percent) that passes the gate")
    match_rate_high: float = Field(97.0, ge=0, le=100, description="highest match rate (percent) that passes the gate")
    rejected_share_inspections: float = Field(0.0, ge=0, le=1, description="share of rejected rows that may pass")
    rejected_share_terminations: float = Field(0.001, ge=0, le=1, description="share of rejected rows that may pass")
    rejected_share_reoffending: float = Field(0.001, ge=0, le=1, description="share of rejected rows that may pass")
    rejected_share_ratings: float = Field(0.0, ge=0, le=1, description="share of rejected rows that may pass")
    rejected_share_caseload: float = Field(0.001, ge=0, le=1, description="share of rejected rows that may pass")
    rejected_share_offences: float = Field(0.001, ge=0, le=1, description="share of rejected rows that may pass")
    delivery_rows_low: float = Field(
        0.5, ge=0, le=1, description="share of the rows before that a delivery must exceed"
    )
    missing_rise_high: float = Field(0.25, ge=0, le=1, description="rise of a column's share missing that may pass")
    alike_rows_high: float = Field(0.01, ge=0, le=1, description="share of rows alike in all but the id that may pass")
    unreadable_high: float = Field(0.05, ge=0, le=1, description="share of doubtful cells that may pass")
    dates_back_months: int = Field(12, ge=0, description="months a delivery may end before the one before it")
    one_value_rows: int = Field(100, ge=2, description="rows from which a column with one value alone stops")
    sample_confidence: float = Field(0.80, gt=0, lt=1, description="confidence of a case sample, 2023/04 Annex A (i)")
    sample_margin: float = Field(0.05, gt=0, lt=1, description="margin of error of a case sample, 2023/04 Annex A (i)")
    weight_percentile_low: float = Field(1.0, ge=0, le=100, description="linkage weights below it are raised to it")
    weight_percentile_high: float = Field(99.0, ge=0, le=100, description="linkage weights above it are lowered to it")
    robustness_draws: int = Field(
        5, ge=0, le=1000, description="draws of missing values, and of false links, pooled; below 2: neither is made"
    )
    false_link_share: float = Field(
        0.01, ge=0, lt=1, description="share of links taken to be false where linkage error is carried through"
    )
    minimum_cell: int = Field(10, ge=0, description="cells resting on fewer cases are listed beside the release")
    followup_months: int = Field(12, ge=1, description="reoffending follow-up, 2023/04 Annex A (iii)")
    waiting_months: int = Field(6, ge=0, description="waiting period for convictions, 2023/04 Annex A (iii)")
    followup_first_day: int = Field(0, ge=0, le=1, description="0: an offence on the index day counts; 1: it does not")
    engine: Literal["duckdb", "spark"] = Field(
        "duckdb", description="the database that cleans and links; both give the same tables"
    )

    @model_validator(mode="after")
    def _bands_are_ordered(self) -> "Parameters":
        """A message begins with the name of the setting to correct: see `_unusable`."""
        if self.match_rate_low > self.match_rate_high:
            raise ValueError("match_rate_low is above match_rate_high")
        if self.weight_percentile_low >= self.weight_percentile_high:
            raise ValueError("weight_percentile_low is not below weight_percentile_high")
        return self

    def rejected_share(self, source: str) -> float:
        """The share of a source's rows (0 to 1) that may be rejected before the gate stops the run."""
        return getattr(self, f"rejected_share_{source}")


class DatabaseLimits(BaseModel):
    """What DuckDB may take of the machine. Moves no number: beyond the memory it spills to disk and takes longer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    memory_limit: str = Field(
        default="80%",
        pattern=r"^([1-9][0-9]*(\.[0-9]+)? ?[MGT]i?B|([1-9][0-9]?(\.[0-9]+)?|100) ?%)$",
        description="such as 4GB, 500MB or 50%",
    )
    threads: int = Field(default=os.cpu_count() or 1, ge=1, le=1024, description="cores DuckDB may use")


class SparkLimits(BaseModel):
    """What a Spark cluster takes of the machine (make cluster). Moves no number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    spark_workers: int = Field(default=2, ge=1, le=64, description="workers of the cluster, a core each")
    spark_memory: str = Field(
        default="2g",
        pattern=r"^([1-9][0-9]*g|[5-9][0-9][0-9]m|[1-9][0-9]{3,}m)$",
        description="such as 2g or 1500m, and 500m at least",
    )
    spark_port: int = Field(default=7077, ge=1024, le=65535, description="port of the cluster's master, on loopback")


class Access(BaseModel):
    """Who may read beside the owner of the data folder. Moves no number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    analysis_for_group: bool = Field(default=False, description="1: the group of the data folder reads analysis.duckdb")


class Disclosure(BaseModel):
    """What may be told outside. Moves no number inside: it decides which of them a public release keeps back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    disclosure_threshold: int = Field(
        default=10, ge=3, le=1000, description="fewest people that a public release tells of"
    )
    disclosure_width: int = Field(
        default=3, ge=1, le=100, description="a number kept back may be at least so many more than the least it can be"
    )
    disclosure_rounding: int = Field(
        default=0, ge=0, le=100, description="base to which a public release rounds counts; 0: none"
    )

    @model_validator(mode="after")
    def _base_hides_a_person(self) -> "Disclosure":
        if self.disclosure_rounding in (1, 2):
            raise ValueError("disclosure_rounding is neither 0 nor at least 3, so that one case more would show")
        return self


class Imprint(BaseModel):
    """What every page says of who published it. Moves no number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contact: str = Field(default="", max_length=200, description="whom readers may ask; none is named without it")


class Notice(BaseModel):
    """Who is told of a run that failed with nobody beside it. Moves no number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    on_failure: str = Field(
        default="", max_length=1000, description="a command that is run when a run of the service has failed"
    )


class IntakeLimits(BaseModel):
    """How large a delivered file may be, and how long reading it may take. Moves no number: what is larger is refused
    before it is unpacked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_file_mb: int = Field(default=4_000, ge=1, description="largest delivered file, in megabytes")
    max_expanded_mb: int = Field(
        default=16_000, ge=1, description="largest content of a packed file once unpacked, megabytes"
    )
    max_rows: int = Field(default=50_000_000, ge=1, description="most rows of a delivered file")
    max_columns: int = Field(default=2_000, ge=1, description="most columns of a delivered file")
    max_read_seconds: int = Field(
        default=1_800, ge=1, description="longest time that reading a delivered file may take"
    )

    def require_bytes(self, where: str, n_bytes: int) -> None:
        """Raise PipelineError where a file is larger than it may be."""
        _require(where, "The file is", n_bytes / 1e6, self.max_file_mb, "MB", "MAX_FILE_MB")

    def require_expanded(self, where: str, n_bytes: int) -> None:
        """Raise PipelineError where a packed file holds more than it may."""
        _require(where, "Unpacked, the file would be", n_bytes / 1e6, self.max_expanded_mb, "MB", "MAX_EXPANDED_MB")

    def require_rows(self, where: str, n_rows: int) -> None:
        """Raise PipelineError where a file has more rows than it may."""
        _require(where, "The file has", n_rows, self.max_rows, "rows", "MAX_ROWS")

    def require_columns(self, where: str, n_columns: int) -> None:
        """Raise PipelineError where a file has more columns than it may."""
        _require(where, "The file has", n_columns, self.max_columns, "columns", "MAX_COLUMNS")


def _require(where: str, what: str, amount: float, largest: int, unit: str, setting: str) -> None:
    if amount > largest:
        raise PipelineError(
            problem=f"{what} {amount:,.0f} {unit}, and {largest:,} are the most that is read: it is damaged, made to "
            "do harm, or no extract.",
            remedy=f"Take it away, or set {ENVIRONMENT_PREFIX}{setting} if it is right.",
            where=where,
        )


class Settings(BaseModel):
    """Where things live and how they are done."""

    model_config = ConfigDict(frozen=True)

    data_dir: Path
    parameters: Parameters
    limits: DatabaseLimits = DatabaseLimits()
    spark: SparkLimits = SparkLimits()
    access: Access = Access()
    intake: IntakeLimits = IntakeLimits()
    disclosure: Disclosure = Disclosure()
    imprint: Imprint = Imprint()
    notice: Notice = Notice()

    @property
    def landing_dir(self) -> Path:
        return self.data_dir / "landing"

    @property
    def truth_dir(self) -> Path:
        return self.data_dir / "truth"

    @property
    def warehouse(self) -> Path:
        return self.data_dir / "warehouse.duckdb"

    @property
    def analysis_database(self) -> Path:
        return self.data_dir / "analysis.duckdb"

    @property
    def first_seen_file(self) -> Path:
        """The order in which deliveries were first seen; it outlives the warehouse."""
        return self.data_dir / "first_seen.json"

    @property
    def quality_dir(self) -> Path:
        return self.data_dir / "quality"

    @property
    def published_dir(self) -> Path:
        return self.data_dir / "published"

    @property
    def candidates_dir(self) -> Path:
        """Releases for outside that nobody has approved yet, with what the checker reads."""
        return self.data_dir / "candidates"

    @property
    def public_dir(self) -> Path:
        """Approved releases: the one folder that others may read."""
        return self.data_dir / "public"

    @property
    def key_file(self) -> Path:
        return self.data_dir / ".keys" / "case_key"

    @property
    def run_dir(self) -> Path:
        return self.data_dir / ".run"

    @property
    def spill_dir(self) -> Path:
        """Where DuckDB puts what does not fit into its memory; empty between runs."""
        return self.run_dir / "spill"

    @property
    def spark_dir(self) -> Path:
        """All of Spark's: the cluster's processes and, while a layer is built there, its tables."""
        return self.run_dir / "spark"


def read_settings(environment: dict[str, str] | None = None) -> Settings:
    """Settings from `PROBATION_DATA_DIR` and one `PROBATION_<NAME>` a parameter or limit.

    Without it the data folder is `data` where the program was started, so that an installed one has it with the user.
    Raises PipelineError naming the variable where one is unknown or not allowed.
    """
    environment = dict(os.environ) if environment is None else environment
    given = {k.removeprefix(ENVIRONMENT_PREFIX): v for k, v in environment.items() if k.startswith(ENVIRONMENT_PREFIX)}
    data_dir = Path(given.pop("DATA_DIR", "") or "data").resolve()
    for name in ("WAREHOUSE", "SPILL_DIR", "SPARK_MASTER", "SPARK_WAREHOUSE"):  # set by ourselves for dbt
        given.pop(name, None)
    values: dict[str, Any] = {name.lower(): value for name, value in given.items() if value != ""}
    limiting, clustering, opening, sizes, telling, naming, noticing = (
        {name: values.pop(name) for name in model.model_fields if name in values}
        for model in (DatabaseLimits, SparkLimits, Access, IntakeLimits, Disclosure, Imprint, Notice)
    )
    try:
        limits, spark = DatabaseLimits(**limiting), SparkLimits(**clustering)
        access, intake = Access(**opening), IntakeLimits(**sizes)
        disclosure, imprint, notice = Disclosure(**telling), Imprint(**naming), Notice(**noticing)
        parameters = Parameters(**values)
    except ValidationError as error:
        raise _unusable(error) from None
    return Settings(
        data_dir=data_dir,
        parameters=parameters,
        limits=limits,
        spark=spark,
        access=access,
        intake=intake,
        disclosure=disclosure,
        imprint=imprint,
        notice=notice,
    )


_REASONS = {
    "extra_forbidden": "there is no such setting",
    "string_pattern_mismatch": "a number and a unit are needed",
}


def _unusable(error: ValidationError) -> PipelineError:
    models = (Parameters, DatabaseLimits, SparkLimits, Access, IntakeLimits, Disclosure, Imprint, Notice)
    examples = {name: field.description for model in models for name, field in model.model_fields.items()}
    known = ["DATA_DIR", *(field.upper() for model in models for field in model.model_fields)]
    first = error.errors()[0]
    why = _REASONS.get(first["type"], first["msg"].lower().removeprefix("value error, "))
    if first["type"] == "string_pattern_mismatch":
        why = f"{why}, {examples[str(first['loc'][0])]}"
    setting = str(first["loc"][0]) if first["loc"] else why.split()[0]  # rules on two settings stand at none
    is_unknown = first["type"] == "extra_forbidden"
    guess = did_you_mean(setting.upper(), known, ENVIRONMENT_PREFIX) if is_unknown else ""
    listed = f" Settings are {', '.join(ENVIRONMENT_PREFIX + name for name in known)}."
    return PipelineError(
        problem=f"The setting {ENVIRONMENT_PREFIX}{setting.upper()} cannot be used: {why}.{guess}",
        remedy=f"Correct or unset it.{listed if is_unknown and not guess else ''}",
    )
