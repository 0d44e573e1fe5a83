"""The data contract's sources as data: columns, meaning, types, codes, what is required.

Belongs here: the declarative column specification that ingest parses with, the gates check with and the raw tables are
declared from (`extracts.py`). Not here: how a cell is parsed (`ingest/parsing.py`), or what rows must satisfy together
(`expectations/`).
"""

from datetime import date

from orchestration.tables.source import TERMINATION_CODES, Column, Source

# Dates outside these cannot belong to the inspections of either bulletin: they are typing faults.
EARLIEST_DATE = date(1990, 1, 1)
LATEST_DATE = date(2049, 12, 31)

YES_NO = ("yes", "no")
PROVIDER_TYPES = ("crc", "nps")
CASE_TYPES = ("community", "post_release")
GENDERS = ("male", "female")
ROSH_LEVELS = ("low", "medium", "high", "very_high")
_NEEDS = {
    "accommodation": "accommodation",
    "ete": "education, training and employment",
    "family": "family and relationships",
    "lifestyle": "lifestyle and associates",
    "alcohol": "alcohol misuse",
    "drugs": "drug misuse",
    "thinking": "thinking and behaviour",
    "attitudes": "attitudes to offending",
}
_STRENGTHS = {
    "family": "family and relationships",
    "social_group": "social group",
    "motivation": "motivation",
    "employment": "employment",
    "identity": "positive identity",
}
NEEDS, STRENGTHS = tuple(_NEEDS), tuple(_STRENGTHS)


def _identifiers() -> tuple[Column, ...]:
    return (
        Column("crn", description="Case reference number of the person."),
        Column("pnc_id", description="Identifier of the person in the Police National Computer."),
        Column("surname", description="The person's surname."),
        Column("forenames", description="The person's forenames."),
        Column("date_of_birth", "date", missing_if_unreadable=True, description="The person's date of birth."),
    )


def _judgement(name: str, description: str, *other_codes: str) -> Column:
    return Column(name, "code", (*YES_NO, *other_codes), in_header=True, description=description)


def _answer(name: str, description: str, is_conditional: bool = False) -> Column:
    return Column(name, "code", YES_NO, is_conditional=is_conditional, description=description)


_PROVIDER = Column(
    "provider", required=True, description="The provider's name; with its type it tells providers apart."
)
_PROVIDER_TYPE = Column(
    "provider_type",
    "code",
    PROVIDER_TYPES,
    required=True,
    description="Community Rehabilitation Company or division of the National Probation Service.",
)
_CASE_TYPE = Column(
    "case_type", "code", CASE_TYPES, in_header=True, description="Community sentence, or release from custody."
)
_GENDER = Column("gender", "code", GENDERS, in_header=True, description="Gender as recorded.")
_ROSH_LEVEL = Column("rosh_level", "code", ROSH_LEVELS, in_header=True, description="Risk of serious harm.")

INSPECTIONS = Source(
    name="inspections",
    id_columns=("case_id",),
    date_column="start_date",
    columns=(
        Column("case_id", "id", required=True, description="The inspectorate's id of the assessment."),
        _PROVIDER,
        _PROVIDER_TYPE,
        Column("fieldwork_date", "date", required=True, description="First fieldwork week of the inspection."),
        *_identifiers(),
        _CASE_TYPE,
        Column("start_date", "date", required=True, description="Sentence date (community) or release date."),
        _GENDER,
        Column(
            "ethnicity",
            "code",
            ("white", "black", "asian", "mixed", "other"),
            in_header=True,
            description="Ethnic group as recorded.",
        ),
        Column(
            "previous_sanctions",
            "integer",
            in_header=True,
            low=0,
            high=500,
            description="Number of previous sanctions.",
        ),
        Column(
            "ogrs_score",
            "integer",
            in_header=True,
            low=0,
            high=100,
            description="Offender Group Reconviction Scale, two-year percentage (0-100).",
        ),
        _ROSH_LEVEL,
        _judgement("engagement", "Key question (Table B2): implemented with a focus on engaging the person."),
        _judgement("starts_promptly", "Prompt (Table B2): requirements start promptly, or at an appropriate time."),
        _judgement("working_relationship", "Prompt (Table B2): an effective working relationship is maintained."),
        _judgement("supports_completion", "Prompt (Table B2): efforts are made so that the sentence is completed."),
        _judgement("non_compliance_addressed", "Prompt (Table B2): risks of non-compliance are addressed in time."),
        _judgement("desistance", "Key question (Table B3): services effectively support the person's desistance."),
        _judgement("services_reduce_reoffending", "Prompt (Table B3): services are those most likely to reduce it."),
        _judgement("strengths_built_upon", "Prompt (Table B3): services build upon strengths, if any.", "none_present"),
        _judgement(
            "organisations_coordinated", "Prompt (Table B3): other organisations are coordinated.", "none_involved"
        ),
        _judgement("key_individuals_engaged", "Prompt (Table B3): key individuals are engaged.", "none_appropriate"),
        _judgement(
            "contact_sufficient",
            "Prompt (Table B3): contact is sufficient; the last code: it is not, mostly as the person did not comply.",
            "no_non_compliance",
        ),
        _judgement("local_services_engaged", "Prompt (Table B3): local services are engaged.", "not_required"),
        _answer("assessment_needs", "Assessment covers the factors linked to offending (2020/03, Table C3)."),
        _answer("planning_needs", "Planning covers the factors linked to offending (2020/03, Table C3)."),
        _answer("assessment_strengths", "Assessment identifies strengths and protective factors (2020/03, Table C4)."),
        _answer("planning_strengths", "Planning builds on strengths and protective factors (2020/03, Table C4)."),
        *(_answer(f"need_{n}", f"Identified as a factor linked to offending: {words}.") for n, words in _NEEDS.items()),
        *(
            _answer(f"delivery_{n}", f"Delivery sufficient against the need, where identified: {words}.", True)
            for n, words in _NEEDS.items()
        ),
        *(_answer(f"strength_{s}", f"Identified as a strength: {words}.") for s, words in _STRENGTHS.items()),
        *(
            _answer(f"building_{s}", f"Delivery built on the strength sufficiently, where present: {words}.", True)
            for s, words in _STRENGTHS.items()
        ),
        _answer("services_available", "The responsible officer's view that services were available (2020/03, 2.1.2)."),
    ),
)

TERMINATIONS = Source(
    name="terminations",
    id_columns=("record_id",),
    date_column="sentence_date",
    columns=(
        Column("record_id", "id", required=True, description="The sentence's id in the case management system."),
        *_identifiers(),
        Column("sentence_date", "date", required=True, description="Date of the sentence."),
        Column("termination_date", "date", required=True, description="Date the sentence ended."),
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
            labels_in=TERMINATION_CODES,
            description="Why the sentence ended, or the case management system's own code for it "
            "(reference.termination_codes); its meaning is in reference.termination_reasons.",
        ),
    ),
)

REOFFENDING = Source(
    name="reoffending",
    id_columns=("record_id",),
    date_column="index_date",
    columns=(
        Column(
            "record_id",
            "id",
            required=True,
            description="The disposal's or release's id in the Police National Computer.",
        ),
        *_identifiers(),
        Column("index_date", "date", required=True, description="Date of the index disposal or release."),
        Column(
            "reoffended",
            "integer",
            required=True,
            low=0,
            high=1,
            description="1 where a proven reoffence fell in the one-year follow-up, else 0.",
        ),
        Column(
            "reoffences",
            "integer",
            required=True,
            low=0,
            high=500,
            description="Proven reoffences in the one-year follow-up, allowing the six-month waiting period.",
        ),
        Column(
            "days_to_first_reoffence",
            "integer",
            in_header=True,
            low=0,
            high=365,
            is_conditional=True,
            description="Days from the index date to the first proven reoffence; empty where none.",
        ),
    ),
)

COUNTRIES = ("england_and_wales", "scotland", "northern_ireland", "elsewhere")

OFFENCES = Source(
    name="offences",
    id_columns=("record_id",),
    date_column="offence_date",
    columns=(
        Column("record_id", "id", required=True, description="The row's id: one result of one offence."),
        *_identifiers(),
        Column(
            "offence_reference",
            "id",
            is_conditional=True,
            description="The offence's own reference: rows of a person that share it are results of one offence.",
        ),
        Column("offence_date", "date", required=True, description="Day of the offence, or the first of a range."),
        Column("offence_end_date", "date", is_conditional=True, description="Last day, where the offence is a range."),
        Column("offence_code", in_header=True, description="Home Office code (reference.offence_codes)."),
        Column("disposal_date", "date", in_header=True, description="Day of the result; empty where none yet."),
        Column("disposal", in_header=True, description="The result; its meaning is in reference.disposals."),
        Column("country", "code", COUNTRIES, is_conditional=True, description="Where the offence was committed."),
        Column(
            "index_date",
            "date",
            in_header=True,
            is_conditional=True,
            description="Of an offence that led to an index disposal or release: the date of that; else empty.",
        ),
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
        _PROVIDER,
        _PROVIDER_TYPE,
        Column("standard", "code", STANDARDS, required=True, description="The standard that was rated."),
        Column("rating", "code", RATING_LEVELS, required=True, description="Its rating."),
    ),
)

CASELOAD = Source(
    name="caseload",
    id_columns=("caseload_id",),
    date_column=None,
    columns=(
        Column("caseload_id", "id", required=True, description="The row's id; not an identifier of a person."),
        _PROVIDER,
        _PROVIDER_TYPE,
        _GENDER,
        _CASE_TYPE,
        _ROSH_LEVEL,
        Column("case_id", "id", description="The inspected case this is, where that is known."),
    ),
)

# What every run needs, and what may be delivered besides: parts of a release rest on it, and are left out without it.
CONTRACT = {source.name: source for source in (INSPECTIONS, TERMINATIONS, REOFFENDING)}
OPTIONAL_CONTRACT = {source.name: source for source in (RATINGS, CASELOAD)}
# Offences may be delivered in place of reoffending, which is then made from them.
WHOLE_CONTRACT = CONTRACT | OPTIONAL_CONTRACT | {OFFENCES.name: OFFENCES}
