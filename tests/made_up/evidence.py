"""Made-up evidence: a few cases and pairs by hand, or many at random.

Belongs here: frames of the shape that evaluation takes. Not here: any expectation.
"""

import random

import pandas as pd

from orchestration.methods.linkage.accuracy.evidence import CHARACTERISTICS, FIELDS, ITEMS, STATES, Evidence

RULES = pd.DataFrame(
    {
        "rule_rank": [1, 2],
        "rule": ["pnc_dob", "names_dob"],
        "tier": ["number_and_birthday", "names_and_birthday"],
        "tier_rank": [1, 3],
    }
)
BLOCKS = pd.DataFrame(
    {"block": ["pnc", "crn", "surname_dob", "swapped"], "fields": ["pnc", "crn", "surname dob", "swapped_names dob"]}
)
FLAGS = (
    "is_true",
    "is_true_in_window",
    "is_candidate",
    "is_contradicted",
    "has_conflicting_pnc",
    "is_satisfying",
    "is_satisfying_unguarded",
    "is_decided",
    "is_chosen",
    "is_swapped",
)


def case(case_id: str, status: str = "no_person", rule: str | None = None, **values: object) -> dict[str, object]:
    """A case without characteristics or outcomes, but for those given."""
    return {
        "case_id": case_id,
        "status": status,
        "rule": rule,
        "has_rejected_record": False,
        **dict.fromkeys(CHARACTERISTICS),
        "linked_termination_reason": None,
        "true_termination_reason": None,
        **values,
    }


def pair(case_id: str, record_id: str, *flags: str, days: int = 0, **states: str) -> dict[str, object]:
    """A pair with these flags true; a field is missing unless its state is given. Chosen implies decided."""
    held = {*flags, *(["is_decided"] if "is_chosen" in flags else [])}
    held |= {"is_true"} if "is_true_in_window" in held else set()
    return {
        "case_id": case_id,
        "record_id": record_id,
        "date_difference_days": days,
        **{flag: flag in held for flag in FLAGS},
        **{f"state_{field}": states.get(field, "missing") for field in FIELDS},
    }


def evidence(cases: list[dict], pairs: list[dict], source: str = "terminations") -> Evidence:
    """Evidence of a source from rows."""
    columns = list(pair("", ""))
    pair_frame = pd.DataFrame(pairs, columns=columns).astype({flag: bool for flag in FLAGS})
    return Evidence(source, pd.DataFrame(cases, columns=list(case(""))), pair_frame, RULES, BLOCKS)


def random_evidence(seed: int, n_cases: int = 60) -> Evidence:
    """Cases and pairs at random, true to what the linkage can give: one record chosen, only where matched."""
    rng = random.Random(seed)
    cases, pairs = [], []
    for number in range(n_cases):
        case_id = f"C{number:03d}"
        status = rng.choice(("matched", "matched", "ambiguous", "no_record_in_window", "no_person"))
        own = [_random_pair(rng, case_id, f"T{number}-{k}", status) for k in range(rng.randint(0, 4))]
        if status == "matched":
            own.append(pair(case_id, f"T{number}-x", "is_chosen", *rng.choice(((), ("is_true_in_window",)))))
        values = {item.item: rng.choice([None, *item.codes]) for item in ITEMS}
        outcomes = {f"{side}_termination_reason": rng.choice(("a", "b")) for side in ("linked", "true")}
        rule = rng.choice(("pnc_dob", "names_dob", "override")) if status == "matched" else None
        rejected = {"has_rejected_record": rng.random() < 0.2}
        cases.append(case(case_id, status, rule, **values, **outcomes, **rejected))
        pairs += own
    return evidence(cases, pairs)


def _random_pair(rng: random.Random, case_id: str, record_id: str, status: str) -> dict[str, object]:
    flags = [flag for flag in FLAGS[2:7] if rng.random() < 0.3]
    if status == "matched" and rng.random() < 0.5:
        flags.append("is_decided")
    if "is_decided" not in flags or rng.random() < 0.5:
        flags.append("is_true_in_window")  # what was not taken is listed only because it is true
    states = {field: rng.choice(STATES) for field in FIELDS}
    return pair(case_id, record_id, *flags, days=rng.randint(-7, 7), **states)
