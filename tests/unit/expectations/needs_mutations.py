"""Good tables of needs and strengths, their suites, and for each expectation a way to break them.

Belongs here: the gate `needs`. Not here: the other gates (`mutations`).
"""

from collections.abc import Callable
from functools import cache

import pandas as pd

from expectations import annex_cells, needs, needs_cells
from orchestration.methods.bulletin_2020_03.annex_c import annex_c
from orchestration.methods.bulletin_2020_03.cooccurrence import needs_cooccurrence
from orchestration.methods.bulletin_2020_03.counts import needs_counts
from orchestration.methods.bulletin_2020_03.headlines import needs_headlines
from orchestration.methods.bulletin_2020_03.provider_ratings import provider_ratings
from orchestration.methods.layouts.layout_2020 import GROUPS, MODELLED
from tests.made_up.needs_by_hand import CASES, RATINGS
from tests.unit.expectations.mutations import PARTS, Suite, differ, put, repeat_first

FIRST_MEAN, FIRST_PERCENT = 8, 2  # rows of Annex C and of the headlines


def stepwise_terms() -> pd.DataFrame:
    """A verdict on every measure and characteristic, the last of each not tested; another removal test's beside."""
    rows = [
        (measure.code, group.item, test, pd.NA if group is GROUPS[-1] else bool(position % 2 == is_even))
        for measure in MODELLED
        for position, group in enumerate(GROUPS)
        for test, is_even in (("likelihood_ratio", 0), ("wald", 1))
    ]
    frame = pd.DataFrame(rows, columns=["outcome", "term", "removal_test", "is_retained"])
    p_value = frame["is_retained"].map({True: 0.01, False: 0.4}).astype("float64")
    return frame.assign(p_value=p_value, is_retained=frame["is_retained"].astype("boolean"))


@cache
def needs_tables() -> needs.NeedsTables:
    """Tables as the pipeline makes them from made-up cases, with models that converged; not to be changed."""
    terms = stepwise_terms()
    annex = annex_c(CASES, terms[terms["removal_test"] == "likelihood_ratio"])
    counts, pairs = needs_counts(CASES), needs_cooccurrence(CASES)
    names = [f"stepwise__{measure.code}{variant}" for measure in MODELLED for variant in ("", "__forced")]
    return needs.NeedsTables(
        cases=CASES,
        annex_c=annex,
        needs_counts=counts,
        needs_cooccurrence=pairs,
        stepwise_terms=terms,
        models=pd.DataFrame(
            {
                "model_id": names,
                "is_published": [not name.endswith("__forced") for name in names],
                "converged": True,
                "n": pd.array([800] * len(names), dtype="Int64"),
            }
        ),
        model_terms=pd.DataFrame(
            {"model_id": ["m"] * 2, "term": ["gender", "ethnicity"], "wald_p": [0.2, 0.001], "estimable": [True] * 2}
        ),
        model_coefficients=pd.DataFrame({"estimate": [0.2, -1.0], "std_error": [0.1, 0.2], "estimable": [True] * 2}),
        headlines=needs_headlines(CASES, annex, counts, pairs, provider_ratings(RATINGS)),
    )


def needs_suites() -> dict[str, Suite]:
    """Every suite of the gate by name; those on models are the publication gate's."""
    tables = needs_tables()
    totals = needs_cells.category_totals(tables.annex_c, tables.cases)
    counts = needs_cells.counts_frame(tables.needs_counts, tables.annex_c)
    return {
        "annex c": Suite(
            needs_cells.cells_with_verdicts(tables.annex_c, tables.stepwise_terms),
            annex_cells.cells_suite(needs_cells.ANNEX_C),
            {
                "rows_complete": lambda frame, _: frame.tail(-1),
                "cells_unique": repeat_first,
                "n_not_negative": put(-1),
                "percent_in_range": put(100.1, row=0),
                "mean_in_range": put(8.1, row=FIRST_MEAN),
                "cells_rest_on_whole_cases": put(0.4),
                "p_in_range": put(1.1),
                "verdicts_are_the_models": put(False, "marked_rightly"),
            },
        ),
        "annex c totals": Suite(
            totals,
            needs_cells.totals_suite(totals),
            {"categories_make_up_all_cases": differ, "all_cases_reconcile": differ},
        ),
        "needs counts": Suite(
            counts,
            needs_cells.counts_suite(counts),
            {"numbers_make_up_the_group": differ, "numbers_give_the_mean": differ},
        ),
        "pairs of needs": Suite(
            needs_cells.cooccurrence_frame(tables.needs_cooccurrence, tables.annex_c),
            needs_cells.cooccurrence_suite(),
            {
                "pairs_complete": lambda frame, _: frame.tail(-1),
                "pairs_possible": put(False),
                "pairs_fit_annex": put(False),
                "phi_in_range": put(1.1),
            },
        ),
        "needs headlines": Suite(
            tables.headlines,
            needs.headlines_suite(),
            {"headlines_unique": repeat_first, "headlines_in_range": put(100.1, row=FIRST_PERCENT)},
        ),
        "selections": Suite(
            tables.models, needs.selections_suite(), {"selections_complete": lambda frame, _: frame.tail(-1)}
        ),
    }


BY_PART: dict[str, Callable[[], dict[str, Suite]]] = {**PARTS, "needs": needs_suites}


@cache
def suites_of(part: str) -> dict[str, Suite]:
    """The suites of a part by name; not to be changed."""
    return BY_PART[part]()


def all_suites() -> dict[str, Suite]:
    """Every suite of every gate by name; not to be changed."""
    return {name: suite for part in BY_PART for name, suite in suites_of(part).items()}
