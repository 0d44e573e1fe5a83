"""Expectations on the cells of Annex C, on the counts of needs and strengths, and on their pairs.

Belongs here: cells that must add up and verdicts that must be the models'. Not here: cells one by one
(`annex_cells.py`), the cells' agreement with the bulletin (the back-test).
"""

from typing import Any

import pandas as pd

from expectations.annex_cells import Annex, events, items, with_part_of_a_case
from expectations.runner import RUN_AGAIN, about
from orchestration.methods.layouts.layout_2020 import (
    EVERYBODY,
    GROUPS,
    MEASURE_BY_CODE,
    MEASURES,
    PUBLISHED_REMOVAL,
    rows,
)
from orchestration.methods.layouts.measures import cases_with_measure
from orchestration.methods.layouts.outcomes import OUTCOME

MEANS = tuple(measure.code for measure in MEASURES if measure.is_mean)
N_PAIRS = sum(len(MEASURE_BY_CODE[code].parts) * (len(MEASURE_BY_CODE[code].parts) - 1) // 2 for code in MEANS)
MOST = max(len(MEASURE_BY_CODE[code].parts) for code in MEANS)
ANNEX_C = Annex(
    table="results.annex_c",
    n_rows=sum(1 for _ in rows()),
    means=MEANS,
    least_mean=0,
    most_mean=MOST,
    mean_problem=f"mean numbers of needs or strengths lie outside 0 to {MOST}",
    verdict="verdicts_are_the_models",
    verdict_problem="cells are shaded, or have a p-value, against results.stepwise_terms",
)


def cells_with_verdicts(annex_c: pd.DataFrame, stepwise_terms: pd.DataFrame) -> pd.DataFrame:
    """Annex C with `part_of_a_case` and `marked_rightly`: `significant` and p_value are the published selection's, and
    missing without one."""
    published = stepwise_terms[stepwise_terms["removal_test"] == PUBLISHED_REMOVAL]
    verdicts = published.rename(columns={"term": "item", "p_value": "p_selected"})
    cells = annex_c.merge(
        verdicts[["outcome", "item", "is_retained", "p_selected"]], on=["outcome", "item"], how="left"
    )
    marked, retained = (cells[column].astype("boolean") for column in ("significant", "is_retained"))
    p_value, p_selected = (cells[column].astype("float64") for column in ("p_value", "p_selected"))
    same_verdict = (marked == retained).fillna(marked.isna() & retained.isna())
    same_p = ((p_value - p_selected).abs() < 1e-12) | (p_value.isna() & p_selected.isna())
    return with_part_of_a_case(cells, MEANS).assign(marked_rightly=same_verdict.astype(bool) & same_p)


def category_totals(annex_c: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """One row an item and measure: n and events of its categories with those of cases that have no category
    (`n`, `events`), of all cases in Annex C (`n_all`, `events_all`), and of marts.cases (`n_mart`). All n, and both
    events, must be alike."""
    counted = annex_c.assign(n=annex_c["n"].astype("float64"), events=events(annex_c, MEANS).fillna(0).round())
    everybody = counted[counted["item"] == EVERYBODY.item].set_index("outcome")[["n", "events"]]
    of_groups = counted[counted["item"] != EVERYBODY.item]
    sums = of_groups.groupby(["item", "outcome"], sort=False)[["n", "events"]].sum()
    unknown = _without_category(cases)
    totals = sums.add(unknown[["n", "events"]]).join(everybody, on="outcome", rsuffix="_all")
    return totals.join(unknown["n_mart"]).reset_index()


def _without_category(cases: pd.DataFrame) -> pd.DataFrame:
    """By item and measure: n and events of the cases whose characteristic is missing or of no published category,
    and `n_mart`, all cases that the measure rests on."""
    found = {}
    for measure in MEASURES:
        base = cases_with_measure(cases, measure)
        for group in GROUPS:
            unknown = base.loc[~base[group.column].isin(group.codes), OUTCOME]
            found[group.item, measure.code] = (float(len(unknown)), float(unknown.sum()), float(len(base)))
    index = pd.MultiIndex.from_tuples(found, names=["item", "outcome"])
    return pd.DataFrame(list(found.values()), columns=["n", "events", "n_mart"], index=index)


def totals_suite(totals: pd.DataFrame) -> list[Any]:
    """On `category_totals`: the categories, and cases without one, make up all cases."""
    import great_expectations.expectations as gxe

    pairs = {"n": "cases", "events": "cases with the measure (or needs and strengths)"}
    return [
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A=f"{column}_all",
            column_B=column,
            ignore_row_if="neither",
            meta=about(
                "categories_make_up_all_cases",
                column,
                f"{words} of {items(totals[totals[column] != totals[f'{column}_all']])} do not add up to all cases",
                RUN_AGAIN,
            ),
        )
        for column, words in pairs.items()
    ] + [
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="n_all",
            column_B="n_mart",
            ignore_row_if="neither",
            meta=about("all_cases_reconcile", "n_all", "all cases of Annex C are not those of marts.cases", RUN_AGAIN),
        )
    ]


def counts_frame(needs_counts: pd.DataFrame, annex_c: pd.DataFrame) -> pd.DataFrame:
    """One row a kind and sub-group: cases summed over the numbers and the numbers themselves summed (`n_sum`,
    `total_sum`), beside the sub-group's size and its mean times size in Annex C (`n_cases`, `total`)."""
    numbers = needs_counts[~needs_counts["is_band"].astype(bool)]
    counted = numbers.assign(
        n_sum=numbers["n"].astype("int64"),
        total_sum=numbers["n"].astype("int64") * numbers["number"].astype("int64"),
        n_cases=numbers["n_cases"].astype("int64"),
    )
    keys = ["kind", "item", "category"]
    sums = counted.groupby(keys, sort=False).agg(
        n_sum=("n_sum", "sum"), total_sum=("total_sum", "sum"), n_cases=("n_cases", "first")
    )
    means = annex_c[annex_c["outcome"].isin(MEANS)]
    means = means.assign(kind=means["outcome"].str.removeprefix("mean_"), total=events(means, MEANS).fillna(0).round())
    return sums.reset_index().merge(means[[*keys, "total"]], on=keys, how="left").astype({"total": "Int64"})


def counts_suite(counts: pd.DataFrame) -> list[Any]:
    """On `counts_frame`."""
    import great_expectations.expectations as gxe

    pairs = {
        ("n_sum", "n_cases"): ("numbers_make_up_the_group", "cases by number do not add up to the sub-group"),
        ("total_sum", "total"): ("numbers_give_the_mean", "cases by number do not give the mean of Annex C"),
    }
    return [
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A=first,
            column_B=second,
            ignore_row_if="neither",
            meta=about(
                name, "results.needs_counts", f"{problem}: {items(counts[counts[first] != counts[second]])}", RUN_AGAIN
            ),
        )
        for (first, second), (name, problem) in pairs.items()
    ]


def cooccurrence_frame(cooccurrence: pd.DataFrame, annex_c: pd.DataFrame) -> pd.DataFrame:
    """Pairs with `is_possible` (both no more than either, and no fewer than their overlap must be) and
    `fits_annex` (each one's cases are those of Annex C)."""
    everybody = annex_c[annex_c["item"] == EVERYBODY.item]
    cells = dict(zip(everybody["outcome"], events(everybody, MEANS).round(), strict=True))
    n, first, second, both = (cooccurrence[name].astype("int64") for name in ("n", "n_first", "n_second", "n_both"))
    fits = (cooccurrence["first"].map(cells) == first) & (cooccurrence["second"].map(cells) == second)
    return cooccurrence.assign(
        is_possible=(both <= first) & (both <= second) & (both >= first + second - n), fits_annex=fits
    )


def cooccurrence_suite() -> list[Any]:
    """On `cooccurrence_frame`."""
    import great_expectations.expectations as gxe

    def words(name: str, problem: str) -> dict[str, Any]:
        return about(name, "results.needs_cooccurrence", problem, RUN_AGAIN)

    return [
        gxe.ExpectTableRowCountToEqual(
            value=N_PAIRS, meta=words("pairs_complete", f"there are {N_PAIRS} pairs of needs and of strengths")
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="is_possible",
            value_set=[True],
            meta=words("pairs_possible", "pairs have more cases with both than with one, or too few"),
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="fits_annex", value_set=[True], meta=words("pairs_fit_annex", "pairs differ from Annex C")
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="phi", min_value=-1, max_value=1, meta=words("phi_in_range", "correlations lie outside -1 to 1")
        ),
    ]
