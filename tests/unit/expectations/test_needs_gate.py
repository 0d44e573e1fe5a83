"""The gate before Bulletin 2020/03, on whole sets of tables."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from expectations.needs import NeedsTables, run_needs_gate
from expectations.runner import GateResult
from tests.unit.expectations.needs_mutations import needs_tables


def failed(result: GateResult) -> set[str]:
    return {outcome.expectation for outcome in result.failures()}


def changed(table: str, column: str, row: int, change: Callable[[object], object]) -> dict[str, pd.DataFrame]:
    """A table with one cell changed, by its name."""
    frame = getattr(needs_tables(), table)
    values = frame[column].astype(object)
    values.iloc[row] = change(values.iloc[row])
    return {table: frame.assign(**{column: values.astype(frame[column].dtype)})}


def row_of(outcome: str, category: str) -> int:
    annex = needs_tables().annex_c
    return int(annex.index[(annex["outcome"] == outcome) & (annex["category"] == category)][0])


def test_sound_tables_pass_though_characteristics_are_missing() -> None:
    result = run_needs_gate(needs_tables())
    assert needs_tables().cases["gender"].isna().any()
    assert failed(result) == set()
    assert result.success


def damaged(*damages: dict[str, pd.DataFrame]) -> NeedsTables:
    """The tables with the damages, each of another table: judging all of them takes a second."""
    assert len({name for damage in damages for name in damage}) == len(damages)
    return replace(needs_tables(), **{name: frame for damage in damages for name, frame in damage.items()})


DAMAGES = {
    "a cell not shaded, a case without needs more, more both than either, a selected model": (
        lambda: damaged(
            changed("annex_c", "significant", row_of("need_ete", "crc"), lambda _: False),
            changed("needs_counts", "n", 0, lambda n: n + 1),
            changed("needs_cooccurrence", "n_both", 0, lambda _: 10_000),
            changed("models", "converged", 0, lambda _: False),
        ),
        {
            "verdicts_are_the_models",
            "numbers_make_up_the_group",
            "pairs_possible",
            "published_models_converged",
        },
    ),
    "another p, a case with one need more, a pair's base, a measure without models": (
        lambda: damaged(
            changed("annex_c", "p_value", row_of("need_ete", "crc"), lambda p: p / 2),
            changed("needs_counts", "n", 1, lambda n: n + 1),
            changed("needs_cooccurrence", "n_first", 0, lambda n: n + 1),
            {"models": needs_tables().models.tail(-2)},
        ),
        {
            "verdicts_are_the_models",
            "numbers_make_up_the_group",
            "numbers_give_the_mean",
            "pairs_fit_annex",
            "selections_complete",
        },
    ),
    "a mean with a p, a case less in the mart": (
        lambda: damaged(
            changed("annex_c", "p_value", row_of("mean_needs", "crc"), lambda _: 0.2),
            {"cases": needs_tables().cases.head(-1)},
        ),
        {"verdicts_are_the_models", "all_cases_reconcile"},
    ),
}


@pytest.mark.parametrize(("damage", "expectations"), DAMAGES.values(), ids=DAMAGES)
def test_damaged_tables_stop_the_bulletin(damage: Callable[[], NeedsTables], expectations: set[str]) -> None:
    result = run_needs_gate(damage())
    assert not result.success
    assert failed(result) == expectations


def test_a_forced_entry_model_that_did_not_converge_is_told_and_stops_nothing() -> None:
    result = run_needs_gate(damaged(changed("models", "converged", 1, lambda _: False)))
    assert result.success
    assert failed(result) == {"other_models_converged"}


def test_an_item_whose_categories_do_not_add_up_stops_the_bulletin_and_is_named() -> None:
    one_more = changed("annex_c", "n", row_of("delivery_drugs", "male"), lambda n: n + 1)
    result = run_needs_gate(damaged(one_more))
    assert not result.success
    assert failed(result) == {"categories_make_up_all_cases", "cells_rest_on_whole_cases"}
    assert "gender" in result.summary()


def test_a_group_without_cases_passes() -> None:
    empty = needs_tables().cases[needs_tables().cases["ethnicity"] != "other"]
    assert len(empty) < len(needs_tables().cases)
    result = run_needs_gate(tables_of(empty))
    assert failed(result) == set()


def tables_of(cases: pd.DataFrame) -> NeedsTables:
    from orchestration.methods.bulletin_2020_03.annex_c import annex_c
    from orchestration.methods.bulletin_2020_03.cooccurrence import needs_cooccurrence
    from orchestration.methods.bulletin_2020_03.counts import needs_counts

    verdicts = needs_tables().stepwise_terms[needs_tables().stepwise_terms["removal_test"] == "likelihood_ratio"]
    return replace(
        needs_tables(),
        cases=cases,
        annex_c=annex_c(cases, verdicts),
        needs_counts=needs_counts(cases),
        needs_cooccurrence=needs_cooccurrence(cases),
    )
