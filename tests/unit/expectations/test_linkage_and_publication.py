"""The gates after linkage and before publication, on whole sets of tables."""

from dataclasses import replace

import pandas as pd
import pytest

from expectations.linkage import LinkedTables, run_linkage_gate
from expectations.publication import PublicationTables, run_publication_gate
from expectations.runner import GateResult
from orchestration.settings import Parameters
from tests.unit.expectations.good_data import linked_tables, publication_tables

WIDE = Parameters(match_rate_high=100)


def failed(result: GateResult) -> set[str]:
    return {outcome.expectation for outcome in result.failures()}


def test_sound_linkage_passes() -> None:
    result = run_linkage_gate(linked_tables(), WIDE)
    assert result.success
    assert failed(result) == set()


@pytest.mark.parametrize(
    ("low", "high", "passes"),
    [(80, 97, True), (90, 97, False), (80, 85, False), (83, 90, True)],
    ids=["default band", "too low", "too high", "narrow band"],
)
def test_the_match_rate_band_is_a_parameter(low: float, high: float, passes: bool) -> None:
    result = run_linkage_gate(linked_tables(), Parameters(match_rate_low=low, match_rate_high=high))
    assert result.success is passes
    if not passes:
        assert failed(result) == {"match_rate_in_band"}
        assert "%" in result.summary()
        assert "PROBATION_MATCH_RATE_LOW" in result.summary()


def test_the_window_is_the_parameters() -> None:
    result = run_linkage_gate(linked_tables(), WIDE.model_copy(update={"match_window_days": 6}))
    assert failed(result) == {"window_respected"}


def drop_outcome(linked: LinkedTables) -> LinkedTables:
    return replace(linked, reoffending_outcomes=linked.reoffending_outcomes.tail(-1))


def drop_match(linked: LinkedTables) -> LinkedTables:
    return replace(linked, termination_matches=linked.termination_matches.tail(-1))


def match_a_case_twice(linked: LinkedTables) -> LinkedTables:
    twice = pd.concat([linked.reoffending_matches, linked.reoffending_matches.head(1)])
    return replace(linked, reoffending_matches=twice)


def link_a_release_to_a_termination(linked: LinkedTables) -> LinkedTables:
    extra = pd.DataFrame({"case_id": ["I9"], "status": ["no_person"]})
    return replace(linked, termination_outcomes=pd.concat([linked.termination_outcomes, extra]))


def nobody_is_eligible(linked: LinkedTables) -> LinkedTables:
    return replace(
        linked,
        cases=linked.cases.assign(case_type=None),
        termination_outcomes=linked.termination_outcomes.head(0),
        termination_matches=linked.termination_matches.head(0),
    )


@pytest.mark.parametrize(
    ("damage", "expectations"),
    [
        (drop_outcome, {"statuses_add_up", "eligible_without_status"}),
        (drop_match, {"matched_without_record"}),
        (match_a_case_twice, {"one_match_a_case"}),
        (link_a_release_to_a_termination, {"statuses_add_up", "status_without_eligible"}),
        (nobody_is_eligible, {"eligible_cases_present"}),
    ],
)
def test_damaged_linkage_stops_the_run_without_naming_a_case(damage, expectations: set[str]) -> None:
    result = run_linkage_gate(damage(linked_tables()), WIDE)
    assert not result.success
    assert failed(result) == expectations
    assert not any(f"I{i}" in result.summary() for i in range(10))


def test_sound_tables_pass_before_publication() -> None:
    result = run_publication_gate(publication_tables(), Parameters())
    assert result.success
    assert failed(result) == set()


@pytest.mark.parametrize(
    "count", ["received.terminations", "accepted.inspections", "matches.terminations", "matches.reoffending"]
)
def test_rows_that_do_not_reconcile_stop_publication(count: str) -> None:
    tables = publication_tables()
    counts = tables.row_counts | {count: tables.row_counts[count] + 1}
    result = run_publication_gate(replace(tables, row_counts=counts), Parameters())
    assert not result.success
    assert failed(result) == {"rows_reconcile"}


def lose_a_case(tables: PublicationTables) -> PublicationTables:
    return replace(tables, cases=tables.cases.head(-1))


def inflate_a_category(tables: PublicationTables) -> PublicationTables:
    annex_b = tables.annex_b.copy()
    annex_b.loc[annex_b["category"] == "18-24", "n"] += 3000
    return replace(tables, annex_b=annex_b)


def fail_a_model(tables: PublicationTables) -> PublicationTables:
    return replace(tables, models=tables.models.assign(converged=[False, True]))


@pytest.mark.parametrize(
    ("damage", "expectation", "told"),
    [
        (lose_a_case, "rows_reconcile", "3,308 and 3,307"),
        (inflate_a_category, "categories_add_up", "age_group"),
        (fail_a_model, "published_models_converged", "reoffended_prompts"),
    ],
)
def test_damaged_tables_stop_publication(damage, expectation: str, told: str) -> None:
    result = run_publication_gate(damage(publication_tables()), Parameters())
    assert not result.success
    assert expectation in failed(result)
    assert told in result.summary()


def match_no_termination(tables: PublicationTables) -> PublicationTables:
    annex_b, is_terminated = tables.annex_b.copy(), tables.annex_b["outcome"] == "termination_positive"
    annex_b.loc[is_terminated, "n"] = 0
    annex_b.loc[is_terminated, ["value", "p_value", "significant"]] = None
    return replace(
        tables,
        row_counts=tables.row_counts | {"matches.terminations": 0},
        cases=tables.cases.assign(termination_matched=False, termination_outcome=None),
        annex_b=annex_b,
        models=tables.models.assign(n=pd.array([0, 1000], dtype="Int64"), converged=[False, True]),
    )


def test_without_a_termination_publication_stops_at_the_models_and_not_at_empty_cells() -> None:
    result = run_publication_gate(match_no_termination(publication_tables()), Parameters())
    assert failed(result) == {"published_models_converged", "models_have_cases"}


def test_all_cases_without_a_value_are_told_with_the_items_they_stop() -> None:
    annex_b = publication_tables().annex_b
    annex_b.loc[(annex_b["item"] == "all_cases") & (annex_b["outcome"] == "reoffended"), "value"] = None
    result = run_publication_gate(replace(publication_tables(), annex_b=annex_b), Parameters())
    assert failed(result) == {"categories_add_up"}
    assert "categories of age_group, " in result.summary()


def test_a_term_that_is_not_estimable_is_flagged_and_does_not_stop_publication() -> None:
    tables = publication_tables()
    terms = tables.model_terms.assign(estimable=[True, False], wald_p=[0.2, None])
    result = run_publication_gate(replace(tables, model_terms=terms), Parameters())
    assert result.success
    assert failed(result) == {"terms_estimable"}
    assert "m gender" in result.summary()


def test_the_significance_level_is_a_parameter() -> None:
    result = run_publication_gate(publication_tables(), Parameters(significance_level=0.01))
    assert failed(result) == {"significance_follows_p"}
