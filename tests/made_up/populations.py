"""Made-up cases with everything that the published counts are made of, and the results tables counted from them."""

import numpy as np
import pandas as pd

from orchestration.methods.bulletin_2020_03.annex_c import annex_c
from orchestration.methods.bulletin_2020_03.cooccurrence import needs_cooccurrence
from orchestration.methods.bulletin_2020_03.counts import needs_counts
from orchestration.methods.bulletin_2020_03.headlines import needs_headlines
from orchestration.methods.bulletin_2023_04.annex_b import annex_b
from orchestration.methods.bulletin_2023_04.headlines import headlines
from orchestration.methods.bulletin_2023_04.match_rates import match_rates
from orchestration.methods.robustness.reoffence_types import type_table
from orchestration.methods.robustness.reoffending_measures import measures_table
from orchestration.publications.bulletin_2020_03.figure_data import needs_figure_data
from orchestration.publications.bulletin_2023_04.figure_data import figure_data
from orchestration.tables.annexes import FIGURE_DATA, HEADLINES
from orchestration.tables.bulletins import BULLETIN_2020, BULLETIN_2023
from orchestration.tables.contract import NEEDS, STRENGTHS
from orchestration.tables.models import MODEL_TERMS
from orchestration.tables.needs import PROVIDER_RATINGS, STEPWISE_TERMS
from orchestration.tables.table import Table

_JUDGEMENTS = (
    "engagement", "starts_promptly", "working_relationship", "supports_completion", "non_compliance_addressed",
    "desistance", "services_reduce_reoffending", "local_services_engaged", "assessment_needs", "planning_needs",
    "assessment_strengths", "planning_strengths", "services_available", "organisations_coordinated",
    "key_individuals_engaged", "contact_sufficient",
)  # fmt: skip
_OFFENCES = ("theft", "violence", "drugs", "robbery", "sexual")
_MORE = {"breaches_count": 0.15, "followup_24": 0.3, "waiting_9": 0.008}
_REASONS = ("ran_full_course", "early_good_progress", "early_conviction", "early_failure_to_comply", "early_other")


def population(seed: int, n: int = 1200) -> pd.DataFrame:
    """Cases as marts.cases has them, some of every column missing."""
    draw = np.random.default_rng(seed)

    def pick(codes: tuple[str, ...], chances: tuple[float, ...], missing: float = 0.005) -> pd.Series:
        values = pd.Series(draw.choice(codes, n, p=np.array(chances) / sum(chances)), dtype="str")
        return values.mask(draw.random(n) < missing)

    age = pd.Series(draw.integers(18, 75, n), dtype="Int64").mask(draw.random(n) < 0.004)
    ogrs = pd.Series(draw.integers(0, 101, n), dtype="Int64").mask(draw.random(n) < 0.02)
    cases = pd.DataFrame(
        {
            "case_key": [f"{seed}-{row}" for row in range(n)],
            "provider": pick(("North", "South", "East"), (1, 1, 1), 0),
            "provider_type": pick(("crc", "nps"), (3, 1), 0),
            "gender": pick(("male", "female"), (6, 1)),
            "ethnicity": pick(("white", "black", "asian", "mixed", "other"), (84, 6, 5, 3, 1)),
            "case_type": pick(("community", "post_release"), (11, 9)),
            "previous_sanctions_group": pick(("0", "1", "2-5", "6-20", "21+"), (10, 12, 24, 34, 20)),
            "rosh_group": pick(("low", "medium", "high_very_high"), (5, 12, 3)),
            "age_group": _cut(age, (18, 25, 40, 60, 200), ("18-24", "25-39", "40-59", "60+")),
            "age_group_2020": _cut(
                age, (18, 21, 25, 30, 40, 50, 200), ("18-20", "21-24", "25-29", "30-39", "40-49", "50+")
            ),
            "ogrs_group": _cut(ogrs, (0, 50, 75, 90, 101), ("low", "medium", "high", "very_high")),
            "ogrs_group_2020": _cut(ogrs, (0, 50, 75, 101), ("low", "medium", "high_very_high")),
            **{judgement: pick(("yes", "no"), (7, 3)) for judgement in _JUDGEMENTS},
            "strengths_built_upon": pick(("yes", "no", "none_present"), (6, 2, 2)),
            **{f"need_{name}": pick(("yes", "no"), (4, 6), 0.002) for name in NEEDS},
            **{f"strength_{name}": pick(("yes", "no"), (3, 7), 0.002) for name in STRENGTHS},
        }
    )
    for kind, among, names in (("delivery", "need", NEEDS), ("building", "strength", STRENGTHS)):
        for name in names:
            cases[f"{kind}_{name}"] = pick(("yes", "no"), (6, 4), 0.03).where(cases[f"{among}_{name}"] == "yes")
    return _with_outcomes(cases, draw)


def one_case_apart(cases: pd.DataFrame, what: str) -> pd.DataFrame:
    """The population with one case `removed`, `added` or `changed`."""
    if what == "removed":
        return cases.drop(index=cases.index[cases["termination_outcome"] == "positive"][0])
    if what == "added":
        return pd.concat([cases, cases.iloc[[5]]], ignore_index=True)
    after = cases.copy()
    after.loc[cases.index[cases["reoffended"] == 0][0], ["reoffended", "reoffences"]] = 1
    return after


def _cut(values: pd.Series, edges: tuple[int, ...], labels: tuple[str, ...]) -> pd.Series:
    cut = pd.cut(values.astype("float64"), edges, right=False, labels=labels)
    return cut.astype("object").where(cut.notna(), None).astype("str")


def _with_outcomes(cases: pd.DataFrame, draw: np.random.Generator) -> pd.DataFrame:
    n = len(cases)
    is_community = cases["case_type"] == "community"
    is_matched = pd.Series(draw.random(n) < 0.94, dtype="boolean").mask(~is_community)
    reason = pd.Series(draw.choice(_REASONS, n, p=(0.66, 0.02, 0.14, 0.15, 0.03)), dtype="str").where(
        is_matched.fillna(False)
    )
    positive, negative = reason.isin(_REASONS[:2]), reason.isin(_REASONS[2:4])
    outcome = pd.Series(np.where(positive, "positive", np.where(negative, "negative", "excluded")), dtype="str")
    found = pd.Series(draw.random(n) < 0.87, dtype="boolean")
    reoffended = pd.Series((draw.random(n) < 0.39).astype(int), dtype="Int64").where(found)
    times = pd.Series(draw.geometric(0.25, n), dtype="Int64")
    cases = cases.assign(
        termination_matched=is_matched,
        termination_reason=reason,
        termination_outcome=outcome.where(reason.notna()),
        reoffending_matched=found,
        reoffended=reoffended,
        reoffences=(times * reoffended).where(found),
    )
    return _with_offences(cases, draw)


def _with_offences(cases: pd.DataFrame, draw: np.random.Generator) -> pd.DataFrame:
    """Groups of the reoffences, some of them rare, and the number by other measures, which one of ten lacks."""
    n, has_reoffended = len(cases), cases["reoffended"].eq(1).fillna(False).to_numpy(dtype=bool)
    chosen = [sorted(set(draw.choice(_OFFENCES, 3, p=(0.5, 0.3, 0.15, 0.03, 0.02)))) for _ in range(n)]
    severe = [names[draw.integers(len(names))] for names in chosen]
    more = {f"reoffences_{way}": draw.random(n) < chance for way, chance in _MORE.items()}
    is_covered = draw.random(n) < 0.9
    return cases.assign(
        offence_groups=pd.Series([" ".join(names) for names in chosen], dtype="str").where(has_reoffended),
        most_severe_group=pd.Series(severe, dtype="str").where(has_reoffended),
        **{way: cases["reoffences"] + pd.Series(extra.astype(int), dtype="Int64") for way, extra in more.items()},
    ).assign(reoffences_followup_24=lambda rows: rows["reoffences_followup_24"].where(is_covered))


def counted_2023(cases: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Those of Bulletin 2023/04 alone, which take a tenth of the time."""
    b, rates = annex_b(cases, empty(MODEL_TERMS)), match_rates(cases)
    texts, drawn = (
        made.assign(bulletin=BULLETIN_2023)[table.names]
        for made, table in ((headlines(cases, b, rates), HEADLINES), (figure_data(cases), FIGURE_DATA))
    )
    return {"annex_b": b, "match_rates": rates, "headlines": texts, "figure_data": drawn}


def counted(cases: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The results tables that count people, made from the cases by the bulletins' own methods."""
    tables = counted_2023(cases)
    c, counts, pairs = annex_c(cases, empty(STEPWISE_TERMS)), needs_counts(cases), needs_cooccurrence(cases)
    ratings = empty(PROVIDER_RATINGS)
    texts = needs_headlines(cases, c, counts, pairs, ratings).assign(bulletin=BULLETIN_2020)
    drawn = needs_figure_data(c, pairs, ratings).assign(bulletin=BULLETIN_2020)
    return (
        tables
        | counted_offences(cases)
        | {
            "annex_c": c,
            "needs_counts": counts,
            "needs_cooccurrence": pairs,
            "headlines": pd.concat([tables["headlines"], texts], ignore_index=True)[HEADLINES.names],
            "figure_data": pd.concat([tables["figure_data"], drawn], ignore_index=True)[FIGURE_DATA.names],
        }
    )


def counted_offences(cases: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Those of what the reoffences were."""
    matched = cases[cases["reoffended"].notna()]
    windows = {"published": (12, 6), "breaches_count": (12, 6), "followup_24": (24, 6), "waiting_9": (12, 9)}
    measured = pd.concat(
        matched[["case_key"]].assign(
            measure=way,
            followup_months=months[0],
            waiting_months=months[1],
            reoffences=matched["reoffences" if way == "published" else f"reoffences_{way}"],
        )
        for way, months in windows.items()
    )
    return {"reoffence_types": type_table(matched), "reoffending_measures": measures_table(measured)}


def empty(table: Table) -> pd.DataFrame:
    """A results table without rows, in its types."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in table.dtypes.items()})
