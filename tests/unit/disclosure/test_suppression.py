"""What is kept back, tried by an intruder who shares no code with what keeps it back."""

import math

import pandas as pd
import pytest

from orchestration.disclosure.differencing import differences, same_people
from orchestration.disclosure.protection import Protected, protect
from orchestration.disclosure.suppression import Rule
from orchestration.errors import PipelineError
from orchestration.methods.bulletin_2023_04.annex_b import annex_b
from orchestration.releases.figures_told import FIGURES_TOLD
from orchestration.tables.models import MODEL_TERMS
from tests.made_up import hostile, intruder
from tests.made_up.populations import counted, counted_2023, counted_offences, empty, one_case_apart, population

RULE = Rule(threshold=10, width=3)
SEED = 1


@pytest.fixture(scope="module")
def exact() -> dict[str, pd.DataFrame]:
    return counted(population(SEED))


@pytest.fixture(scope="module")
def protected(exact) -> Protected:
    return protect(exact, FIGURES_TOLD, RULE)


def test_the_exact_tables_tell_of_small_groups_and_the_protected_ones_do_not(exact, protected):
    assert len(intruder.small_counts(exact)) > 20
    assert intruder.small_counts(protected.tables) == []


def test_nothing_that_is_kept_back_can_be_worked_out(protected):
    assert protected.suppression.exposed == ()
    assert intruder.worked_out(protected.tables) == []
    assert hostile.whole_people(protected.tables) == []
    assert hostile.ranked_though_hidden(protected.tables["needs_cooccurrence"]) == []


def test_without_more_kept_back_the_small_groups_could_be_worked_out(exact):
    """The threshold alone: the intruder's programme must find what the second step is for."""
    threshold_alone = {name: frame.copy() for name, frame in exact.items()}
    for name in ("annex_b", "annex_c"):
        frame = threshold_alone[name]
        n, yes = frame["n"].astype("float64"), (frame["n"] * frame["value"] / 100).astype("float64")
        is_small = sum(count.between(0.5, 9.5) for count in (n, yes, n - yes)) > 0
        is_small &= ~frame["outcome"].isin(["reoffences", "mean_needs", "mean_strengths"])
        frame["suppressed"] = is_small.map({True: "value", False: None})
        frame.loc[is_small, ["value", "value_published"]] = math.nan
    assert len(intruder.worked_out(threshold_alone)) > 5


def test_that_all_but_a_few_reoffended_with_a_type_is_kept_back_too():
    """Four who reoffended without a theft are a small group, though no number tells of them by itself."""
    cases = population(SEED)
    own = cases.index[(cases["reoffended"] == 1) & (cases["engagement"] == "no")]
    cases.loc[own, "offence_groups"] = ["drugs"] * 4 + ["theft"] * (len(own) - 4)
    tables = counted_2023(cases) | counted_offences(cases)
    given_away = "types engagement no theft without: 4 to 4"
    as_they_are = tables | {"reoffence_types": tables["reoffence_types"].assign(suppressed="n_reoffended")}
    assert given_away in intruder.worked_out(as_they_are)
    told = protect(tables, FIGURES_TOLD, RULE)
    assert told.suppression.exposed == ()
    assert intruder.worked_out(told.tables) == []
    types = told.tables["reoffence_types"].set_index(["judgement", "answer", "offence_group"])
    assert types.loc[("engagement", "no", "theft"), ["n_reoffended", "percent", "ci_low"]].isna().all()


def test_a_measure_a_few_people_longer_than_the_published_one_is_kept_back(exact, protected):
    told, known = (tables["reoffending_measures"].set_index("measure") for tables in (protected.tables, exact))
    assert known.loc["followup_24", "n_not_covered"] > 0
    assert "followup_24" not in told.index
    more = known["n"] * (known["percent"] - known["percent_published"]) / 100
    assert 0 < more["waiting_9"] < 9.5 < more["breaches_count"]
    assert math.isnan(told.loc["waiting_9", "percent"])
    assert told.loc["breaches_count", ["percent", "percent_published"]].notna().all()
    left = exact["reoffending_measures"].assign(suppressed="n")
    assert [
        cell for cell in intruder.worked_out(protected.tables | {"reoffending_measures": left}) if "waiting" in cell
    ]


def test_a_measure_a_few_people_shorter_than_the_published_one_is_kept_back_too():
    """Where the run itself waits twelve months, nine count a part of whom the published measure counts."""
    cases = population(SEED)
    tables = counted_2023(cases) | counted_offences(cases)
    measures = tables["reoffending_measures"].set_index("measure", drop=False)
    n, published = measures.loc["waiting_9", ["n", "percent_published"]]
    measures.loc[["published", "breaches_count", "followup_24"], "waiting_months"] = 12
    measures.loc["waiting_9", "percent"] = published - 100 * 5 / n
    told = protect(tables | {"reoffending_measures": measures.reset_index(drop=True)}, FIGURES_TOLD, RULE)
    assert math.isnan(told.tables["reoffending_measures"].set_index("measure").loc["waiting_9", "percent"])
    assert told.suppression.exposed == ()


def test_severity_stays_inside(protected):
    assert protected.tables["reoffence_types"]["n_most_severe"].isna().all()
    severity = {"reoffence_severity": pd.DataFrame({"judgement": ["all"], "mean_highest": [20.0]})}
    assert protect(severity, FIGURES_TOLD, RULE).tables == {}


def test_most_of_the_annexes_is_told(exact, protected):
    for name in ("annex_b", "annex_c"):
        told, there = (tables[name]["value"].notna().sum() for tables in (protected.tables, exact))
        assert told / there > 0.75


def test_what_is_told_is_what_is_printed(exact, protected):
    for name in ("annex_b", "annex_c"):
        told = protected.tables[name]
        is_told = told["value"].notna()
        assert (told["value_published"][is_told] == exact[name]["value_published"][is_told]).all()
        assert (told["n"][is_told] == exact[name]["n"][is_told]).all()


def test_every_missing_number_is_named(exact, protected):
    for name in ("annex_b", "annex_c", "match_rates", "headlines", "figure_data"):
        told = protected.tables[name]
        named = told["suppressed"].fillna("").str.split(", ")
        for column in exact[name].columns:
            gone = told[column].isna() & exact[name][column].notna()
            assert gone.tolist() == [column in names for names in named], (name, column)


def test_rounded_counts_are_multiples_and_percentages_follow_from_them(exact):
    rounded = protect(exact, FIGURES_TOLD, RULE, rounding=5)
    annex = rounded.tables["annex_b"]
    sizes = annex["n"].dropna()
    assert (sizes % 5 == 0).all()
    shares = annex[annex["value"].notna() & (annex["outcome"] == "reoffended")]
    numerators = shares["n"] * shares["value"] / 100
    assert ((numerators / 5 - (numerators / 5).round()).abs() * 5 <= shares["n"] * 0.0005 + 1e-6).all()
    assert rounded.suppression.exposed == ()


def test_beside_rounded_counts_no_end_of_an_interval_tells_the_exact_one(exact):
    offences = {name: exact[name] for name in ("annex_b", "reoffence_types", "reoffending_measures")}
    told = protect(offences, FIGURES_TOLD, RULE, rounding=5).tables
    for name, ends in (("reoffence_types", ["ci_low", "ci_high"]), ("reoffending_measures", ["published_low"])):
        assert told[name][ends].isna().all(axis=None)
        assert told[name]["suppressed"].str.contains(ends[0]).all()
    assert (told["reoffence_types"]["n_reoffended"].dropna() % 5 == 0).all()


def test_a_count_whose_people_nobody_has_named_does_not_leave(exact):
    unnamed = exact["headlines"].iloc[[0]].assign(id="a_new_headline")
    with pytest.raises(PipelineError, match="a_new_headline"):
        protect({"headlines": unnamed}, FIGURES_TOLD, RULE)


def test_tables_that_contradict_each_other_do_not_leave(exact):
    larger = exact["annex_b"].assign(n=exact["annex_b"]["n"] + 400 * (exact["annex_b"]["item"] == "gender"))
    with pytest.raises(PipelineError, match="contradict"):
        protect({"annex_b": larger}, FIGURES_TOLD, RULE)


def annex_b_twice(what: str) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Annex B of a population, and of the same one with one case removed, added or changed."""
    cases = population(SEED)
    before, after = ({"annex_b": annex_b(each, empty(MODEL_TERMS))} for each in (cases, one_case_apart(cases, what)))
    return before, after


@pytest.mark.parametrize("what", ["removed", "added", "changed"])
def test_two_releases_one_case_apart_give_the_case_away(what):
    before, after = (protect(tables, FIGURES_TOLD, RULE) for tables in annex_b_twice(what))
    found = differences(after.told, after.telling, before.told, before.telling, RULE)
    assert {(difference.low, difference.high) for difference in found} >= {(1, 1)}
    assert not same_people(after.told, after.telling, before.told, before.telling)
    assert intruder.subtracted(before.tables, after.tables)


@pytest.mark.parametrize("what", ["removed", "added", "changed"])
def test_with_rounded_counts_one_case_more_or_less_is_no_certain_number(what):
    before, after = (protect(tables, FIGURES_TOLD, RULE, rounding=5) for tables in annex_b_twice(what))
    assert differences(after.told, after.telling, before.told, before.telling, RULE) == []
    sizes = [each.tables["annex_b"]["n"] for each in (before, after)]
    assert set((sizes[1] - sizes[0]).abs().dropna()) <= {0, 5}


def test_what_a_release_on_the_same_records_told_stays_known(exact, protected):
    """Annex B alone, beside all tables: of groups that only those have nothing is asked, and nothing is given away."""
    beside = protect({"annex_b": exact["annex_b"]}, FIGURES_TOLD, RULE, already_out=protected.told)
    assert beside.suppression.exposed == ()
    alone = protect({"annex_b": exact["annex_b"]}, FIGURES_TOLD, RULE)
    assert beside.suppression.reasons.keys() >= alone.suppression.reasons.keys()


def test_the_same_release_again_tells_nothing_new(protected):
    again = protected.told
    assert same_people(again, protected.telling, protected.told, protected.telling)
    assert differences(again, protected.telling, protected.told, protected.telling, RULE) == []
