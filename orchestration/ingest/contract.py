"""The data contract's sources as data: columns, types, codes, what is required.

Belongs here: the declarative column specification that ingest parses with and the gates check with. Not
here: how a cell is parsed (`parsing`), or what rows must satisfy together (`expectations`).
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["text", "id", "code", "date", "integer"]

# Dates outside these cannot belong to the inspections of either bulletin: they are typing faults.
EARLIEST_DATE = date(1990, 1, 1)
LATEST_DATE = date(2049, 12, 31)

YES_NO = ("yes", "no")
PROVIDER_TYPES = ("crc", "nps")
CASE_TYPES = ("community", "post_release")
GENDERS = ("male", "female")
ROSH_LEVELS = ("low", "medium", "high", "very_high")
NEEDS = ("accommodation", "ete", "family", "lifestyle", "alcohol", "drugs", "thinking", "attitudes")
STRENGTHS = ("family", "social_group", "motivation", "employment", "identity")


@dataclass(frozen=True)
class Column:
    """One column of a source.

    `kind`: an `id` is a text whose blanks at either end do not count. `required`: every row must have a value.
    `in_header`: every file must have the column (a required one always). `low` and `high`: inclusive range of whole
    numbers. `missing_if_unreadable`: an optional identifier that cannot be read is set to missing, and counted,
    instead of rejecting its row.
    """

    name: str
    kind: Kind = "text"
    codes: tuple[str, ...] = ()
    required: bool = False
    in_header: bool = False
    low: int | None = None
    high: int | None = None
    missing_if_unreadable: bool = False

    @property
    def must_be_in_file(self) -> bool:
        return self.required or self.in_header


@dataclass(frozen=True)
class Source:
    """One source: what tells its rows apart, the date that places them in time (if any), its columns in order."""

    name: str
    id_columns: tuple[str, ...]
    date_column: str | None
    columns: tuple[Column, ...]

    @property
    def id_text(self) -> str:
        """The columns that tell rows apart, as a reader is told of them."""
        return ", ".join(self.id_columns)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def of_kind(self, kind: Kind) -> list[Column]:
        return [column for column in self.columns if column.kind == kind]


def _identifiers() -> tuple[Column, ...]:
    names = tuple(Column(name) for name in ("crn", "pnc_id", "surname", "forenames"))
    return (*names, Column("date_of_birth", "date", missing_if_unreadable=True))


def _judgement(name: str, *other_codes: str) -> Column:
    return Column(name, "code", (*YES_NO, *other_codes), in_header=True)


def _answers(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "code", YES_NO) for name in names)


INSPECTIONS = Source(
    name="inspections",
    id_columns=("case_id",),
    date_column="start_date",
    columns=(
        Column("case_id", "id", required=True),
        Column("provider", required=True),
        Column("provider_type", "code", PROVIDER_TYPES, required=True),
        Column("fieldwork_date", "date", required=True),
        *_identifiers(),
        Column("case_type", "code", CASE_TYPES, in_header=True),
        Column("start_date", "date", required=True),
        Column("gender", "code", GENDERS, in_header=True),
        Column("ethnicity", "code", ("white", "black", "asian", "mixed", "other"), in_header=True),
        Column("previous_sanctions", "integer", in_header=True, low=0),
        Column("ogrs_score", "integer", in_header=True, low=0, high=100),
        Column("rosh_level", "code", ROSH_LEVELS, in_header=True),
        _judgement("engagement"),
        _judgement("starts_promptly"),
        _judgement("working_relationship"),
        _judgement("supports_completion"),
        _judgement("non_compliance_addressed"),
        _judgement("desistance"),
        _judgement("services_reduce_reoffending"),
        _judgement("strengths_built_upon", "none_present"),
        _judgement("organisations_coordinated", "none_involved"),
        _judgement("key_individuals_engaged", "none_appropriate"),
        _judgement("contact_sufficient", "no_non_compliance"),
        _judgement("local_services_engaged", "not_required"),
        *_answers("assessment_needs", "planning_needs", "assessment_strengths", "planning_strengths"),
        *_answers(*(f"need_{need}" for need in NEEDS)),
        *_answers(*(f"delivery_{need}" for need in NEEDS)),
        *_answers(*(f"strength_{strength}" for strength in STRENGTHS)),
        *_answers(*(f"building_{strength}" for strength in STRENGTHS)),
        *_answers("services_available"),
    ),
)

TERMINATIONS = Source(
    name="terminations",
    id_columns=("record_id",),
    date_column="sentence_date",
    columns=(
        Column("record_id", "id", required=True),
        *_identifiers(),
        Column("sentence_date", "date", required=True),
        Column("termination_date", "date", required=True),
        Column(
            "termination_reason",
            "code",
            (
                "ran_full_course",
                "early_good_progress",
                "early_conviction",
                "early_failure_to_comply",
                "early_other",
                "excluded",
            ),
            required=True,
        ),
    ),
)

REOFFENDING = Source(
    name="reoffending",
    id_columns=("record_id",),
    date_column="index_date",
    columns=(
        Column("record_id", "id", required=True),
        *_identifiers(),
        Column("index_date", "date", required=True),
        Column("reoffended", "integer", required=True, low=0, high=1),
        Column("reoffences", "integer", required=True, low=0),
        Column("days_to_first_reoffence", "integer", in_header=True, low=0, high=365),
    ),
)

# The standards of the inspectorate's framework of 2018: of an organisation, of its cases, and of single services.
STANDARDS = (
    "leadership",
    "staff",
    "services",
    "information_and_facilities",
    "assessment",
    "planning",
    "implementation_and_delivery",
    "review",
    "unpaid_work",
    "through_the_gate",
    "court_reports_and_case_allocation",
    "statutory_victim_work",
    "overall",
)
RATED_STANDARD = "services"  # the one that Bulletin 2020/03 reports, section 2.1.1 and its figure of ratings
RATING_LEVELS = ("outstanding", "good", "requires_improvement", "inadequate")

RATINGS = Source(
    name="ratings",
    id_columns=("provider", "provider_type", "standard"),
    date_column=None,
    columns=(
        Column("provider", required=True),
        Column("provider_type", "code", PROVIDER_TYPES, required=True),
        Column("standard", "code", STANDARDS, required=True),
        Column("rating", "code", RATING_LEVELS, required=True),
    ),
)

CASELOAD = Source(
    name="caseload",
    id_columns=("caseload_id",),
    date_column=None,
    columns=(
        Column("caseload_id", "id", required=True),
        Column("provider", required=True),
        Column("provider_type", "code", PROVIDER_TYPES, required=True),
        Column("gender", "code", GENDERS, in_header=True),
        Column("case_type", "code", CASE_TYPES, in_header=True),
        Column("rosh_level", "code", ROSH_LEVELS, in_header=True),
        Column("case_id", "id"),
    ),
)

# What every run needs, and what may be delivered besides: parts of a release rest on it, and are left out without it.
CONTRACT = {source.name: source for source in (INSPECTIONS, TERMINATIONS, REOFFENDING)}
OPTIONAL_CONTRACT = {source.name: source for source in (RATINGS, CASELOAD)}
WHOLE_CONTRACT = CONTRACT | OPTIONAL_CONTRACT
