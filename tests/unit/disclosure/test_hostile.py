"""What is no count and no sum, tried by a second intruder: estimates, verdicts, names, ranks, and whole people."""

import math
from collections.abc import Set

import pandas as pd
import pytest

from orchestration.disclosure.bounds import Knowledge, Unknowns, true_values
from orchestration.disclosure.claims import Cell, Claim, Quantity, count, share
from orchestration.disclosure.differencing import differences
from orchestration.disclosure.groups import group
from orchestration.disclosure.protection import protect
from orchestration.disclosure.relations import closed, sums
from orchestration.disclosure.suppression import Rule, suppress
from orchestration.disclosure.telling import AsPrinted
from orchestration.methods.bulletin_2020_03.cooccurrence import needs_cooccurrence
from orchestration.methods.linkage.accuracy.counts import linkage_statuses
from orchestration.releases.figures_told import FIGURES_TOLD
from tests.made_up import hostile
from tests.made_up.populations import population
from tests.made_up.small_models import MEN, MODEL, WOMEN, model_tables, typed, with_more_patterns

RULE = Rule(threshold=10, width=3)


def told(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return protect(tables, FIGURES_TOLD, RULE).tables


def test_a_model_of_one_characteristic_tells_its_table_and_is_not_told():
    exact = model_tables()
    assert hostile.solved_models(exact) == {MODEL: (*MEN, *WOMEN)}
    assert hostile.solved_models(told(exact)) == {}


def test_a_model_with_more_patterns_than_numbers_is_told():
    exact = with_more_patterns(model_tables())
    assert told(exact)["model_coefficients"]["estimate"].notna().all()


@pytest.mark.parametrize(("left_out", "gives_away"), [(4, True), (40, False)])
def test_a_likelihood_tells_what_became_of_the_few_that_a_model_leaves_out(left_out, gives_away):
    exact = model_tables(left_out)
    in_all = {"need_drugs": MEN[1] + WOMEN[1] + left_out}  # all of them had it
    assert bool(hostile.outcomes_of_the_left_out(exact, in_all)) == gives_away
    assert hostile.outcomes_of_the_left_out(told(exact), in_all) == []


def test_that_all_of_a_small_level_ended_alike_is_told_nowhere():
    exact = model_tables(levels={"male": MEN, "female": WOMEN, "other": (3, 3)})
    exact["model_terms"]["estimable"], exact["model_terms"]["wald_p"] = False, math.nan
    exact["model_coefficients"].loc[2, "estimable"] = False
    words = {"note": "Not estimable: gender = other predicts the outcome perfectly (separation)."}
    exact["model_notes"] = typed("model_notes", [{"model_id": MODEL, "term": "gender", **words}])
    firth = exact["models"].assign(model_id=f"{MODEL}__firth")
    exact["models"] = pd.concat([exact["models"], firth], ignore_index=True)
    assert len(hostile.ended_alike(exact)) == 4
    assert hostile.ended_alike(told(exact)) == []


def test_rounded_counts_cannot_be_worked_out_of_ratios():
    cases = population(2, 900)
    exact = {"needs_cooccurrence": needs_cooccurrence(cases).query("kind == 'strengths'").reset_index(drop=True)}
    rounded = protect(exact, FIGURES_TOLD, RULE, rounding=5).tables["needs_cooccurrence"]
    with_ratios = rounded.assign(
        **{name: exact["needs_cooccurrence"][name] for name in ("odds_ratio", "ci_low", "ci_high")}
    )
    found = hostile.behind_ratios(with_ratios, 5)
    assert len(found) > 5
    assert (
        dict(found).items()
        <= {f"{row.first} and {row.second}": row.n_both for row in exact["needs_cooccurrence"].itertuples()}.items()
    )
    assert hostile.behind_ratios(rounded, 5) == []


def test_an_ending_that_few_searches_had_is_not_the_rest_of_the_others():
    cases = population(3, 600)
    statuses = pd.Series("matched", index=cases.index).mask(~cases["termination_matched"].fillna(False), "no_person")
    cases["termination_status"] = statuses.where(cases["case_type"] == "community")
    few = cases.index[cases["termination_status"] == "no_person"][:3]
    cases.loc[few, "termination_status"] = "ambiguous"
    cases["reoffending_status"] = pd.Series("matched", index=cases.index).mask(
        ~cases["reoffending_matched"], "no_person"
    )
    exact = linkage_statuses(cases)
    own = told({"linkage_statuses": exact})["linkage_statuses"].query("source == 'terminations'")
    assert exact.query("status == 'ambiguous'")["n"].iloc[0] == 3
    assert own["n"].isna().sum() >= 2


def test_who_lacks_an_answer_in_a_part_lacks_it_in_the_whole():
    """All have a gender: of the women who have the need, all is known from the others' need."""
    people = {(): 100, ("gender", "male"): 60, ("gender", "female"): 40}
    need = ("need_drugs", "yes")
    needy = {(): 30, ("gender", "male"): 26, ("gender", "female"): 4}
    claims = [claim_of(number, *((who,) if who else ())) for who, number in people.items()]
    claims += [claim_of(number, *((who,) if who else ()), need) for who, number in needy.items()]
    small = Quantity(group(("gender", "female"), need))
    assert known(claims, but=frozenset({small})).bounds(small) == (4, 4)
    assert len(suppress(claims, RULE, AsPrinted()).reasons) > 1


def test_that_few_at_most_answered_otherwise_is_not_told():
    """All four of another ethnic group said yes; of those who said no, two are left, who may lack an ethnicity."""
    asked, yes = ("services_available", "answered"), ("services_available", "yes")
    sizes = {(): (100, 62), ("ethnicity", "white"): (94, 58), ("ethnicity", "other"): (4, 4)}
    claims = [
        claim_of(number, *((who,) if who else ()), answer)
        for who, numbers in sizes.items()
        for number, answer in zip(numbers, (asked, yes), strict=True)
    ]
    four, all_of_them = (Quantity(group(("ethnicity", "other"), answer)) for answer in (asked, yes))
    no = next(each for each in sums(true_values(claims)) if each.whole == four and each.rest == "answer")
    assert known(claims, but=frozenset({four, all_of_them})).bounds(no) == (0, 2)
    low, high = known(claims, but=suppress(claims, RULE, AsPrinted()).reasons.keys()).bounds(no)
    assert high - low >= RULE.width


def test_people_behind_percentages_are_whole():
    """By their percentages each of eight groups may have a quarter of a person more or less; nobody is a quarter."""
    need, groups = ("need_drugs", "yes"), [("ethnicity", f"group {number}") for number in range(8)]
    others = Quantity(group(("ethnicity", "other"), need))
    claims = [claim_of(8 * 205 + 6, need), claim_of(6, ("ethnicity", "other"), need)]
    for row, each in enumerate(groups):
        claims.append(share(Cell("annex_c", row, "value", 41.0, 1), group(each, need), group(each), 500))
    assert known(claims, but=frozenset({others})).bounds(others) == (0, 6)


def known(claims: list[Claim], but: Set[Quantity]) -> Knowledge:
    """What can be known where all claims are told but those that rest on these people."""
    values = true_values(claims)
    told = [claim for claim in claims if not but & claim.rests_on]
    return Knowledge(Unknowns(closed(sums(values), values), values), told, AsPrinted())


def claim_of(number: int, *conditions: tuple[str, str]):
    return count(Cell("annex_c", 0, "n", float(number), 0), group(*conditions))


def test_a_changed_answer_shows_in_a_percentage_alone():
    """n stays; of 200 people one more has the need, and 45.0 per cent become 45.5."""
    need = group(("need_drugs", "yes"))
    n = count(Cell("annex_c", 0, "n", 200.0, 0), group())
    before, after = (
        [n, share(Cell("annex_c", 0, "value", 100 * yes / 200, 1), need, group(), 200)] for yes in (90, 91)
    )
    found = differences(after, AsPrinted(), before, AsPrinted(), RULE)
    assert (1, 1) in {(each.low, each.high) for each in found}


def test_the_rest_of_those_who_joined_is_looked_at_too():
    """Fifty people joined, of whom forty-five have the need: of five it is told that they have not."""
    need = group(("need_drugs", "yes"))

    def release(n: int, yes: int):
        return [
            count(Cell("annex_c", 0, "n", float(n), 0), group()),
            count(Cell("annex_c", 1, "n", float(yes), 0), need),
        ]

    found = differences(release(350, 145), AsPrinted(), release(300, 100), AsPrinted(), RULE)
    assert [str(each) for each in found] == ["all cases, another answer to need_drugs (5 more or fewer)"]
