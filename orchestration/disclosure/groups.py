"""Groups of people, named by what is true of each of them.

Belongs here: the name of a group, equal wherever the same people are counted, and which values lie within broader
ones. Not here: which table counts which group (`claims.py` and its neighbours), how groups add up (`relations.py`).
"""

from orchestration.tables.contract import NEEDS, STRENGTHS

# What is true of everybody in it, as (what is asked, what was answered). The empty set is all inspected cases.
Group = frozenset[tuple[str, str]]
EVERYBODY: Group = frozenset()
Conditions = tuple[tuple[str, str], ...]

ANSWERED = "answered"
MEASURED_BY = "measured by "
# What the groups of one sum are told apart by; a case without it falls into none of them.
CHARACTERISTICS = frozenset(
    {
        "provider_type", "gender", "age_group", "age_group_2020", "ethnicity", "case_type", "previous_sanctions_group",
        "ogrs_group", "rosh_group",
    }
)  # fmt: skip
_BANDS: dict[tuple[str, str], str] = {
    ("rosh_group", "low"): "low_medium",
    ("rosh_group", "medium"): "low_medium",
    ("ogrs_group", "high"): "high_very_high",
    ("ogrs_group", "very_high"): "high_very_high",
    **{("reoffending", f"{number} reoffences"): "3 or fewer" for number in (1, 2, 3)},
    **{("number_of_needs", str(number)): "4+" for number in range(4, len(NEEDS) + 1)},
    **{("number_of_strengths", str(number)): "2+" for number in range(2, len(STRENGTHS) + 1)},
}
# Annex B and Annex C cut age at other years; these of the one are sums of the other.
SUMS: tuple[tuple[tuple[str, str], tuple[tuple[str, str], ...]], ...] = (
    (("age_group", "18-24"), (("age_group_2020", "18-20"), ("age_group_2020", "21-24"))),
    (("age_group", "25-39"), (("age_group_2020", "25-29"), ("age_group_2020", "30-39"))),
)

MATCHED_TERMINATION = (("case_type", "community"), ("termination", "matched"))
KNOWN_TERMINATION = (*MATCHED_TERMINATION, ("termination", "positive or negative"))
POSITIVE_TERMINATION = (*KNOWN_TERMINATION, ("termination", "positive"))
MATCHED_REOFFENDING = (("reoffending", "matched"),)
REOFFENDED = (*MATCHED_REOFFENDING, ("reoffending", "reoffended"))
# What is asked only where something else was identified.
ASKED_OF = {f"delivery_{name}": f"need_{name}" for name in NEEDS} | {
    f"building_{name}": f"strength_{name}" for name in STRENGTHS
}
# What happened to a record, not to a person.
PROCESS = frozenset({*KNOWN_TERMINATION, *MATCHED_REOFFENDING})
WITH_AN_OUTCOME = frozenset({*POSITIVE_TERMINATION, *REOFFENDED})
# Outcome of Annex B -> who could have had it, and who had.
OUTCOMES = {
    "termination_positive": (KNOWN_TERMINATION, POSITIVE_TERMINATION),
    "reoffended": (MATCHED_REOFFENDING, REOFFENDED),
}


def group(*conditions: tuple[str, str]) -> Group:
    """The group of whom all this is true, with the broader values that follow from it."""
    broader = {(asked, _BANDS[asked, answer]) for asked, answer in conditions if (asked, answer) in _BANDS}
    known = {(asked, ANSWERED) for asked, answer in conditions if _is_told_apart_from_missing(asked, answer)}
    return frozenset({*conditions, *broader, *known})


def _is_told_apart_from_missing(asked: str, answer: str) -> bool:
    """Whether some table counts those who have an answer at all; a missing need counts as not identified."""
    is_judged = answer in ("yes", "no") and not asked.startswith(("need_", "strength_"))
    return is_judged or asked == "ogrs_group"


def of(item: str, category: str, spelling: str = "") -> Conditions:
    """The condition of a row of an annex: none for all cases; `spelling`: the item's name where it differs."""
    return () if item == "all_cases" else ((spelling or item, category),)


def reoffended_with(offence_group: str) -> tuple[str, str]:
    """The condition of who reoffended with a group of offences; a person may have reoffended with several."""
    return f"reoffence of {offence_group}", "committed"


def reoffended_by(measure: str) -> tuple[str, str]:
    """The condition of who reoffended when it is measured otherwise."""
    return f"{MEASURED_BY}{measure}", "reoffended"


def in_words(people: Group) -> str:
    """A group for the output checker: what is true of it, in order."""
    return "; ".join(f"{asked} {answer}" for asked, answer in sorted(people)) or "all cases"
