"""Made-up caseloads and samples, from counts."""

import pandas as pd

from orchestration.methods.sampling.allocation import CELL

Counts = dict[tuple[str, str | None, str | None, str | None], int]


def listed(counts: Counts, provider_type: str = "crc") -> pd.DataFrame:
    """One row a case: (provider, gender, case_type, rosh_level) -> how many."""
    rows = [(provider, provider_type, *stratum) for (provider, *stratum), n in counts.items() for _ in range(n)]
    return pd.DataFrame(rows, columns=list(CELL)).astype("str")


def with_ids(caseload: pd.DataFrame) -> pd.DataFrame:
    """The caseload with ids that say nothing of a stratum."""
    return caseload.assign(caseload_id=[f"C{7919 * i % 100003:06d}" for i in range(len(caseload))])


def judged(cases: pd.DataFrame) -> pd.DataFrame:
    """The cases with every judgement of `weighted_judgements`, yes for two cases in three."""
    from orchestration.methods.sampling.weighted_judgements import JUDGEMENTS

    answers = pd.Series(["yes", "yes", "no"] * len(cases))[: len(cases)].to_numpy()
    return cases.assign(**{measure.code: answers for measure in JUDGEMENTS})


# Two providers of a caseload: the second has cases with missing values, and strata of one.
CASELOAD: Counts = {
    ("Essex", "male", "community", "low"): 120,
    ("Essex", "male", "community", "medium"): 140,
    ("Essex", "male", "post_release", "high"): 61,
    ("Essex", "female", "community", "medium"): 33,
    ("Essex", "female", "post_release", "very_high"): 1,
    ("Merseyside", "male", "community", "low"): 80,
    ("Merseyside", "male", "community", None): 9,
    ("Merseyside", None, "post_release", "medium"): 2,
    ("Merseyside", "female", "post_release", "medium"): 25,
}
