"""Resamples, what is selected from them, and how often."""

from functools import cache

import numpy as np
import pytest

from orchestration.methods.bulletin_2020_03.models import design_of_measure, fit_stepwise_models
from orchestration.methods.bulletin_2020_03.stability import (
    Selection,
    StabilityModel,
    resample,
    select_from,
    select_from_resamples,
    stability_models,
    stability_tables,
)
from orchestration.methods.layouts.layout_2020 import GROUPS, MEASURE_BY_CODE
from orchestration.methods.statistics.covariate_patterns import PatternModels
from orchestration.methods.statistics.intervals import wilson
from orchestration.methods.statistics.stepwise import select_among, select_terms
from tests.made_up.needs import example_needs

MEASURES = (MEASURE_BY_CODE["need_drugs"], MEASURE_BY_CODE["delivery_ete"])


@cache
def models() -> tuple[StabilityModel, ...]:
    return tuple(stability_models(example_needs(), MEASURES))


def cells_of(model: StabilityModel, seed: int, number: int) -> tuple[np.ndarray, ...]:
    drawn = resample(model, seed, number)
    return drawn.matrix, drawn.n, drawn.events


def is_same(one: tuple[np.ndarray, ...], other: tuple[np.ndarray, ...]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("model", models(), ids=lambda model: model.measure.code)
def test_a_resample_has_as_many_cases_as_the_model_and_none_but_its_own(model: StabilityModel) -> None:
    known = {tuple(row): (n, k) for row, n, k in zip(*_arrays(model), strict=True)}
    for number in range(5):
        matrix, n, events = cells_of(model, 7, number)
        assert n.sum() == model.patterns.n.sum()
        assert ((events >= 0) & (events <= n) & (n > 0)).all()
        for row, drawn, happened in zip(matrix, n, events, strict=True):
            own_n, own_events = known[tuple(row)]
            assert happened == 0 or own_events > 0
            assert drawn == happened or own_events < own_n


def _arrays(model: StabilityModel) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return model.patterns.matrix, model.patterns.n, model.patterns.events


def test_each_case_is_drawn_once_on_average() -> None:
    model = models()[1]
    drawn = np.zeros(len(model.patterns.n))
    place = {tuple(row): i for i, row in enumerate(model.patterns.matrix)}
    times = 400
    for number in range(times):
        matrix, n, _ = cells_of(model, 11, number)
        drawn[[place[tuple(row)] for row in matrix]] += n
    errors = (drawn / times - model.patterns.n) / np.sqrt(model.patterns.n / times)
    assert np.abs(errors).max() < 4.5
    assert 0.8 < errors.std() < 1.2


def test_a_resample_can_be_made_again_by_its_seed_model_and_number() -> None:
    drugs, delivery = models()
    assert is_same(cells_of(drugs, 7, 3), cells_of(drugs, 7, 3))
    assert not is_same(cells_of(drugs, 7, 3), cells_of(drugs, 7, 4))
    assert not is_same(cells_of(drugs, 7, 3), cells_of(drugs, 8, 3))
    twin = StabilityModel(MEASURE_BY_CODE["need_ete"], drugs.patterns)
    assert not is_same(cells_of(drugs, 7, 3), cells_of(twin, 7, 3))
    chosen = select_from_resamples(delivery, 7, range(6))
    assert chosen[4] == select_from_resamples(delivery, 7, [4])[0] == select_from(resample(delivery, 7, 4))


def test_resamples_do_not_depend_on_the_order_of_the_cases() -> None:
    turned = stability_models(example_needs().sample(frac=1, random_state=3), MEASURES)
    for model, other in zip(models(), turned, strict=True):
        assert is_same(cells_of(model, 7, 0), cells_of(other, 7, 0))


def test_a_selection_from_counted_patterns_is_that_from_the_cases_drawn() -> None:
    model = models()[1]
    design = design_of_measure(example_needs(), model.measure)
    drawn = resample(model, 7, 2)
    place = {tuple(row): np.flatnonzero((design.matrix == row).all(axis=1)) for row in drawn.matrix}
    rows: list[int] = []
    for row, n, events in zip(drawn.matrix, drawn.n.astype(int), drawn.events.astype(int), strict=True):
        own = place[tuple(row)]
        for outcome, copies in ((1.0, events), (0.0, n - events)):
            alike = own[design.outcome[own] == outcome]
            rows += [int(case) for case in alike[:1]] * int(copies)
    assert len(rows) == design.n
    one_by_one = design_of_measure(example_needs().loc[design.cases[rows]].reset_index(drop=True), model.measure)
    from_cases, from_patterns = select_terms(one_by_one), select_among(PatternModels(drawn))
    assert from_cases.retained == from_patterns.retained
    assert [t.test.chi2 for t in from_cases.history] == pytest.approx([t.test.chi2 for t in from_patterns.history])


def test_a_resample_in_which_all_have_the_outcome_retains_nothing() -> None:
    model = models()[1]
    everyone = model.patterns.with_counts(model.patterns.n, model.patterns.n)
    assert select_from(everyone) == ()


DRAWN: dict[str, list[Selection]] = {
    "need_drugs": [("gender", "ogrs_group"), ("ogrs_group",), ("gender", "ogrs_group"), ()],
    "delivery_ete": [(), (), (), ("gender",)],
}


def test_inclusion_is_counted_with_wilsons_interval() -> None:
    table = stability_tables(models(), DRAWN, 7).stepwise_inclusion
    assert len(table) == 2 * len(GROUPS)
    found = table.set_index(["outcome", "term"])
    assert found.loc[("need_drugs", "ogrs_group"), "n_included"] == 3
    assert found.loc[("need_drugs", "gender"), "frequency"] == 50.0
    low, high = wilson(2, 4)
    assert list(found.loc[("need_drugs", "gender"), ["ci_low", "ci_high"]]) == [100 * low, 100 * high]
    assert found.loc[("delivery_ete", "rosh_group"), "frequency"] == 0.0
    assert set(table["n_resamples"]) == {4}


def test_models_say_how_many_selections_there_are_and_how_many_are_the_published_one() -> None:
    assert select_from(models()[0].patterns) == ()
    table = stability_tables(models(), DRAWN, 7).stepwise_stability_models.set_index("outcome")
    drugs = table.loc["need_drugs"]
    assert (drugs["n_different_selections"], drugs["n_same_selection"], drugs["share_same_selection"]) == (3, 1, 25.0)
    assert (drugs["commonest_selection"], drugs["n_commonest_selection"]) == ("gender, ogrs_group", 2)
    assert table.loc["delivery_ete", "commonest_selection"] == "none"
    assert table.loc["delivery_ete", "mean_terms"] == 0.25
    assert drugs["n"] == design_of_measure(example_needs(), MEASURES[0]).n
    assert set(table["seed"]) == {7}


def test_what_is_called_retained_is_the_published_selection() -> None:
    ours = stability_tables(models(), DRAWN, 7).stepwise_inclusion.set_index(["model_id", "term"])["is_retained"]
    terms = fit_stepwise_models(example_needs(), measures=MEASURES).stepwise_terms
    published = terms[terms["removal_test"] == "likelihood_ratio"].set_index(["model_id", "term"])["is_retained"]
    assert ours.to_dict() == published.fillna(False).to_dict()
    assert ours.any()


def test_a_term_that_matters_is_nearly_always_retained_and_noise_seldom() -> None:
    rng = np.random.default_rng(9)
    cases = example_needs()
    chance = np.where(cases["provider_type"] == "nps", 0.75, 0.45)
    cases["need_drugs"] = np.where(rng.random(len(cases)) < chance, "yes", "no")
    (model,) = stability_models(cases, MEASURES[:1])
    selections = select_from_resamples(model, 7, range(40))
    counts = {group.item: sum(group.item in selection for selection in selections) for group in GROUPS}
    assert counts.pop("provider_type") == 40
    assert sorted(counts.values())[len(counts) // 2] < 20
