"""The data contract's sources as data: columns, types, codes, what is required.

Belongs here: the declarative column specification that ingest parses with and the gates check with. Not
here: how a cell is parsed (`parsing`), or what rows must satisfy together (`expectations`).
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["text", "code", "date", "integer"]

# Dates outside these cannot belong to the inspections of either bulletin: they are typing faults.
EARLIEST_DATE = date(1990, 1, 1)
LATEST_DATE = date(2049, 12, 31)

YES_NO = ("yes", "no")
NEEDS = ("accommodation", "ete", "family", "lifestyle", "alcohol", "drugs", "thinking", "attitudes")
STRENGTHS = ("family", "social_group", "motivation", "employment", "identity")


@dataclass(frozen=True)
class Column:
    """One column of a source.

    `required`: every row must have a value. `in_header`: every file must have the column (a required one
    always). `low` and `high`: inclusive range of whole numbers. `missing_if_unreadable`: an optional
    identifier that cannot be read is set to missing, and counted, instead of rejecting its row.
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
    """One source: its record id, the date that places its rows in time, and its columns in order."""

    name: str
    id_column: str
    date_column: str
    columns: tuple[Column, ...]

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
    id_column="case_id",
    date_column="start_date",
    columns=(
        Column("case_id", required=True),
        Column("provider", required=True),
        Column("provider_type", "code", ("crc", "nps"), required=True),
        Column("fieldwork_date", "date", required=True),
        *_identifiers(),
        Column("case_type", "code", ("community", "post_release"), in_header=True),
        Column("start_date", "date", required=True),
        Column("gender", "code", ("male", "female"), in_header=True),
        Column("ethnicity", "code", ("white", "black", "asian", "mixed", "other"), in_header=True),
        Column("previous_sanctions", "integer", in_header=True, low=0),
        Column("ogrs_score", "integer", in_header=True, low=0, high=100),
        Column("rosh_level", "code", ("low", "medium", "high", "very_high"), in_header=True),
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
    id_column="record_id",
    date_column="sentence_date",
    columns=(
        Column("record_id", required=True),
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
    id_column="record_id",
    date_column="index_date",
    columns=(
        Column("record_id", required=True),
        *_identifiers(),
        Column("index_date", "date", required=True),
        Column("reoffended", "integer", required=True, low=0, high=1),
        Column("reoffences", "integer", required=True, low=0),
        Column("days_to_first_reoffence", "integer", in_header=True, low=0, high=365),
    ),
)

CONTRACT = {source.name: source for source in (INSPECTIONS, TERMINATIONS, REOFFENDING)}
