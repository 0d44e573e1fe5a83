"""The sentences of the linkage page: their text on made-up results, and what one changed number changes."""

from collections.abc import Callable

import pandas as pd
import pytest

from orchestration.publications.linkage_page.accuracy_findings import how_surely
from orchestration.publications.linkage_page.contents import LINKAGE_PAGE
from orchestration.publications.linkage_page.effect_findings import does_it_matter
from orchestration.publications.linkage_page.findings import Answer, how_many, which_rule, who_is_missing
from tests.made_up.results import make_facts

Tables = dict[str, pd.DataFrame]
QUESTIONS: dict[str, Callable[[Tables], Answer]] = {
    "how_many": how_many,
    "which_rule": which_rule,
    "how_surely": how_surely,
    "who_is_missing": who_is_missing,
    "does_it_matter": does_it_matter,
}
Place = tuple[str, str, int]


def sentences(tables: Tables) -> dict[Place, str]:
    """Every sentence by its question, part (`first` or `more`) and place."""
    found = {}
    for question, answer in QUESTIONS.items():
        said = answer(tables)
        found |= {(question, "first", place): text for place, text in enumerate(said.first)}
        found |= {(question, "more", place): text for place, text in enumerate(said.more)}
    return found


def changed(tables: Tables, table: str, column: str, value: object, **wanted: object) -> Tables:
    """The tables with one number replaced."""
    frame = tables[table].copy()
    mask = pd.Series(True, index=frame.index)
    for name, wish in wanted.items():
        mask &= frame[name].isna() if wish is None else frame[name] == wish
    assert mask.sum() == 1
    frame[column] = frame[column].astype("object")
    frame.loc[mask, column] = value
    return {**tables, table: frame.infer_objects()}


def emptied(tables: Tables, *names: str) -> Tables:
    return {**tables, **{name: tables[name].iloc[:0] for name in names}}


SAID = {
    ("how_many", "first", 0): "371 of 400 eligible cases (92.8%) were matched to the terminations data.",
    ("how_many", "first", 1): "702 of 800 eligible cases (87.8%) were matched to the reoffending data.",
    ("how_many", "more", 0): (
        "Terminations: not matched 29, of them 4 ambiguous (a rule reached two people); 16 with a person found but no "
        "record inside the window; 9 without a record that satisfies any rule."
    ),
    ("which_rule", "first", 0): (
        'The rule "PNC birthday surname" decided 318 of 371 links to the terminations data (85.7%).'
    ),
    ("which_rule", "more", 0): (
        "Terminations: 3 of 4 rules decided at least one link; 53 links (14.3%) do not rest on the commonest."
    ),
    ("which_rule", "more", 2): ("Reviewers' overrides: 9 given, the latest on 2 March 2020; 8 in force, 1 refused."),
    ("how_surely", "first", 0): (
        "Of the links to the terminations data, 99.5% are to a record of the case's person (precision; 369 of 371, 95% "
        "interval 98.1 to 99.9%). Of the cases that can be linked to the terminations data, 97.1% are linked to one "
        "(recall; 369 of 380, 95% interval 94.9 to 98.4%)."
    ),
    ("how_surely", "more", 0): (
        "Terminations, missed links: 11; the commonest reason, 6: never compared: no block could be formed, "
        "identifiers are missing or invalid."
    ),
    ("how_surely", "more", 1): (
        "Terminations, false links: 2; the commonest reason, 2: a true record lies inside the window, and somebody "
        "else's was chosen."
    ),
    ("how_surely", "more", 2): (
        "Terminations, cases that can be linked and were never compared with a record of their person: 6 of 380."
    ),
    ("how_surely", "more", 3): (
        "Terminations, links with another termination reason than the true records say: 6 of 371."
    ),
    ("how_surely", "more", 7): "Reoffending, links whose reoffending differs from the true records: 10 of 702.",
    ("how_surely", "more", 8): (
        "Reoffending, links whose number of reoffences differs from the true records: 13 of 702."
    ),
    ("how_surely", "more", 9): (
        "Terminations: precision of 99.4%, 95% interval 96.2 to 99.9%, estimated from 150 cases reviewed by hand."
    ),
    ("how_surely", "more", 13): (
        "Clerical reviews left out, because links have changed since their sample was drawn: 1."
    ),
    ("how_surely", "more", 14): (
        "Terminations: Splink, trained on the same extracts, gives the same answer for 380 of 400 cases (95.0%; pairs "
        "of match probability 0.95 and above)."
    ),
    ("who_is_missing", "first", 0): (
        'Cases not matched to the terminations data differ most from the matched in engagement, answer "no answer" '
        "(standardised difference 0.41). Allowing for the number of tests, 1 of 39 comparisons is significant."
    ),
    ("who_is_missing", "more", 0): (
        "Terminations, by characteristics: most in gender (standardised difference 0.31); 0 of 19 tests significant."
    ),
    ("who_is_missing", "more", 2): (
        "Whether a case was matched to the terminations data can be told from its characteristics and judgements with "
        "a c-statistic of 0.68 (0.5: not at all; 1: surely). With 2.1 unmatched cases for each coefficient, that "
        "flatters."
    ),
    ("does_it_matter", "first", 0): (
        "If nobody were missing: with weights that let the matched stand for all eligible cases, no ratio of a "
        "judgement changes by more than 6.0% (a prompt start; number of reoffences by prompts: 2.00 to 2.12)."
    ),
    ("does_it_matter", "first", 1): (
        "If cases had been linked otherwise: of all choices tried, the one that changes a judgement's ratio most moves "
        "it by 22.4% (links made false, those of later rules first, 0.5% false: engagement; number of reoffences by "
        "key questions)."
    ),
    ("does_it_matter", "more", 1): "Positive terminations: 70.6% published, 70.4% weighted.",
    ("does_it_matter", "more", 3): "Reoffences of those who reoffended: 4.54 published, 4.60 weighted.",
    ("does_it_matter", "more", 4): (
        "Terminations: between the matched and all eligible cases the largest standardised difference is 0.09 "
        "(gender), with weights 0.03 (engagement)."
    ),
    ("does_it_matter", "more", 6): (
        "Another window: a judgement's ratio changes by at most 6.4% (0 days: engagement; positive termination by key "
        "questions); of 36 tests, 6 lose and 3 gain significance in some scenario."
    ),
}


@pytest.mark.parametrize("place", SAID, ids=lambda place: " ".join(map(str, place)))
def test_a_sentence_says_what_the_results_hold(tables: Tables, place: Place) -> None:
    assert sentences(tables)[place] == SAID[place]


MUTATIONS = [
    ("linkage_statuses", "n", 372, {"source": "terminations", "status": "matched"},
     {("how_many", "first", 0), ("how_many", "more", 0)}, "372 of 400"),
    ("linkage_statuses", "share", 55.55, {"source": "reoffending", "status": "matched"},
     {("how_many", "first", 1)}, "(55.6%)"),
    ("linkage_statuses", "n", 17, {"source": "reoffending", "status": "ambiguous"},
     {("how_many", "more", 1)}, "17 ambiguous"),
    ("linkage_statuses", "n", 61, {"source": "reoffending", "status": "no_record_in_window"},
     {("how_many", "more", 1)}, "61 with a person found"),
    ("linkage_rules", "decided", 319, {"source": "terminations", "rule": "pnc_dob_surname"},
     {("which_rule", "first", 0), ("which_rule", "more", 0)}, "319 of 372"),
    ("linkage_rules", "decided", 9, {"source": "terminations", "rule": "swapped_names_dob"},
     {("which_rule", "first", 0), ("which_rule", "more", 0)}, "318 of 380"),
    ("linkage_overrides", "n", 7, {"outcome": "refused_outside_window"},
     {("which_rule", "more", 2)}, "15 given, the latest on 2 March 2020; 8 in force, 7 refused"),
    ("linkage_quality", "numerator", 360, {"source": "terminations", "measure": "precision", "item": "all_cases"},
     {("how_surely", "first", 0)}, "precision; 360 of 371"),
    ("linkage_quality", "value", 12.34, {"source": "reoffending", "measure": "recall", "item": "all_cases"},
     {("how_surely", "first", 1)}, "12.3% are linked to one"),
    ("linkage_quality", "ci_low", 9.87, {"source": "reoffending", "measure": "recall", "item": "all_cases"},
     {("how_surely", "first", 1)}, "95% interval 9.9 to"),
    ("linkage_quality", "numerator", 375, {"source": "terminations", "measure": "cases_kept_by_blocks"},
     {("how_surely", "more", 2)}, "5 of 380"),
    ("linkage_quality", "numerator", 1, {"source": "terminations", "measure": "termination_reason_differs"},
     {("how_surely", "more", 3)}, "1 of 371"),
    ("linkage_losses", "n", 4, {"source": "terminations", "kind": "missed_link", "reason": "vetoed"},
     {("how_surely", "more", 0)}, "missed links: 13; the commonest reason, 6"),
    ("linkage_losses", "n", 14, {"source": "terminations", "kind": "missed_link", "reason": "vetoed"},
     {("how_surely", "more", 0)}, "commonest reason, 14: a rule was satisfied but for two different"),
    ("linkage_review", "value", 77.7, {"status": "current", "source": "terminations", "stratum": "all",
                                       "measure": "recall"}, {("how_surely", "more", 10)}, "recall of 77.7%"),
    ("linkage_review", "n_reviewed", 149, {"status": "current", "source": "reoffending", "stratum": "all",
                                           "measure": "precision"}, {("how_surely", "more", 11)}, "from 149 cases"),
    ("linkage_review", "value", 77.7, {"status": "superseded", "source": "terminations", "stratum": "all",
                                       "measure": "recall"}, set(), ""),
    ("second_opinion_agreement", "numerator", 399, {"source": "terminations", "threshold": 0.95,
                                                    "measure": "same_answer"},
     {("how_surely", "more", 14)}, "399 of 400"),
    ("match_bias_summary", "value", 0.77, {"source": "terminations", "subject": "characteristic",
                                           "measure": "largest_standardised_difference"},
     {("who_is_missing", "first", 0), ("who_is_missing", "more", 0)}, "gender (standardised difference 0.77)"),
    ("match_bias_summary", "value", 12, {"source": "reoffending", "subject": "judgement",
                                         "measure": "tests_significant_after_holm"},
     {("who_is_missing", "first", 1), ("who_is_missing", "more", 4)}, "1"),
    ("match_models", "c_statistic", 0.91, {"source": "reoffending"}, {("who_is_missing", "more", 5)}, "0.91"),
    ("match_models", "unmatched_per_coefficient", 10.0, {"source": "reoffending"},
     {("who_is_missing", "more", 5)}, "1: surely)."),
    ("match_bias_summary", "value", -30.0, {"subject": "reoffended__prompts", "measure": "largest_ratio_change"},
     {("does_it_matter", "first", 0)}, "more than 30.0% (a prompt start; binary reoffending by prompts"),
    ("match_bias_summary", "value", 3.0, {"subject": "reoffended__prompts", "measure": "terms_changing_significance"},
     {("does_it_matter", "more", 0)}, "with weights: 4."),
    ("match_bias_summary", "after", 5.678, {"subject": "reoffences", "measure": "all_cases_change"},
     {("does_it_matter", "more", 3)}, "5.68 weighted"),
    ("match_bias_summary", "value", 0.456, {"source": "reoffending", "subject": "weighted",
                                            "measure": "largest_imbalance"}, {("does_it_matter", "more", 5)}, "0.46"),
    ("sensitivity_summary", "largest_change_percent", 33.3, {"kind": "left_out_rule", "scenario": "all"},
     {("does_it_matter", "first", 1), ("does_it_matter", "more", 7)}, "33.3%"),
    ("sensitivity_summary", "largest_change_percent", 99.0, {"kind": "window", "scenario": "28"},
     {("does_it_matter", "more", 6)}, "(28 days: a prompt start"),
    ("sensitivity_summary", "n_significance_gained", 21, {"kind": "false_links", "scenario": "all"},
     {("does_it_matter", "more", 8)}, "and 21 gain"),
    ("sensitivity_summary", "n_tests", 35, {"kind": "false_links_later_rules", "scenario": "all"},
     {("does_it_matter", "more", 9)}, "of 35 tests"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column", "value", "wanted", "places", "text"), MUTATIONS)
def test_one_changed_number_changes_its_sentences_and_no_other(
    tables: Tables, table: str, column: str, value: object, wanted: dict, places: set[Place], text: str
) -> None:
    before, after = sentences(tables), sentences(changed(tables, table, column, value, **wanted))
    assert before.keys() == after.keys()
    assert {place for place in before if before[place] != after[place]} == places
    assert not places or any(text in after[place] for place in places)


def test_the_key_findings_are_the_first_answers_in_order(tables: Tables) -> None:
    words = LINKAGE_PAGE.words(tables, make_facts())
    assert words["key_findings"] == [text for answer in QUESTIONS.values() for text in answer(tables).first]


def test_an_override_is_no_rule(tables: Tables) -> None:
    row = {"source": "terminations", "rule_rank": 0, "rule": "override", "tried": 400, "decided": 399,
           "left_ambiguous": 0, "share_of_matched": 50.0}  # fmt: skip
    rules = pd.concat([pd.DataFrame([row]), tables["linkage_rules"]], ignore_index=True)
    said = which_rule({**tables, "linkage_rules": rules})
    assert said.first[0].startswith('The rule "PNC birthday surname" decided 318 of 770 links')
    assert "3 of 4 rules" in said.more[0]


def test_a_term_that_changes_its_significance_is_named(tables: Tables) -> None:
    row = {"source": "reoffending", "subject": "reoffences__prompts", "measure": "significance_changed",
           "item": "previous_sanctions", "category": None, "value": -0.01, "before": 0.0514,
           "after": 0.0421}  # fmt: skip
    summary = pd.concat([tables["match_bias_summary"], pd.DataFrame([row])], ignore_index=True)
    assert does_it_matter({**tables, "match_bias_summary": summary}).more[0] == (
        "Terms of the six models that gain or lose significance with weights: 1: previous sanctions (number of "
        "reoffences by prompts; p 0.051 to 0.042)."
    )


def test_without_a_truth_the_review_that_stands_answers_how_surely(tables: Tables) -> None:
    said = how_surely(emptied(tables, "linkage_quality", "linkage_losses"))
    assert len(said.first) == 4
    assert all("reviewed by hand" in text for text in said.first)
    assert said.more[0] == "No truth file says whose each record is, so no link is judged against a truth."


def test_without_truth_and_review_nothing_is_claimed(tables: Tables) -> None:
    nothing = emptied(tables, "linkage_quality", "linkage_losses", "linkage_review")
    del nothing["second_opinion_agreement"]
    said = how_surely(nothing)
    assert said.first == ["Neither a truth file nor a clerical review tells how sure the links are."]
    assert said.more[1:] == [
        "No clerical review has been imported.",
        "No second opinion was asked for on these extracts.",
    ]


@pytest.mark.parametrize("status", ["stale", "superseded"])
def test_a_review_that_does_not_stand_gives_no_estimate(tables: Tables, status: str) -> None:
    review = tables["linkage_review"]
    said = how_surely({**tables, "linkage_review": review[review["status"] == status]})
    assert not any("reviewed by hand" in text for text in said.more)
    assert "No clerical review of the links as they stand gives an estimate." in said.more


def test_without_an_eligible_or_unmatched_case_the_page_says_so(tables: Tables) -> None:
    statuses, rules, summary = (tables[n].copy() for n in ("linkage_statuses", "linkage_rules", "match_bias_summary"))
    statuses.loc[statuses["source"] == "terminations", ["n", "eligible"]] = 0
    rules.loc[rules["source"] == "terminations", "decided"] = 0
    few = {**tables, "linkage_statuses": statuses, "linkage_rules": rules}
    few["match_bias_summary"] = summary[summary["source"] != "terminations"]
    assert how_many(few).first[0] == "No case was eligible for matching to the terminations data."
    assert which_rule(few).first[0] == "No rule decided any link to the terminations data."
    assert who_is_missing(few).first[0].startswith("Terminations: nothing to compare")


def test_what_could_not_be_estimated_is_said_in_words(tables: Tables) -> None:
    said = does_it_matter(emptied(tables, "match_bias_summary", "sensitivity_summary"))
    assert said.more == []
    assert said.first == [
        "If nobody were missing: no weights could be estimated, so this cannot be told.",
        "If cases had been linked otherwise: no other choice could be tried.",
    ]
    models = tables["match_models"].assign(c_statistic=None)
    said = who_is_missing({**tables, "match_models": models})
    assert "No model of being matched to the terminations data could be fitted." in said.more
