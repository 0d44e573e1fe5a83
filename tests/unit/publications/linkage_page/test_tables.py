"""Every cell of the linkage page's tables against the made-up results, looked up a second time in plain loops."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest

from orchestration.methods.layouts.layout_2023 import ANNEX_B, OUTCOMES
from orchestration.publications.linkage_page.contents import LINKAGE_PAGE
from orchestration.publications.shared.published_table import PublishedTable
from tests.made_up.linkage_results import RULES

Row = tuple[str, str, list[str]]
TERMINATIONS, REOFFENDING = "Terminations (community sentences)", "Proven reoffending (all cases)"
GROUPS = {"terminations": TERMINATIONS, "reoffending": REOFFENDING}
RULE_NAMES = dict(
    zip(
        RULES,
        ("PNC birthday surname", "CRN birthday", "Surname forenames birthday", "Swapped names birthday"),
        strict=True,
    )
)


def shown(value: object, decimals: int = 0, suffix: str = "", missing: str = "n/a") -> str:
    """A number as the page should print it, rounded half up."""
    if value is None or pd.isna(value):
        return missing
    exact = Decimal(str(round(float(value), 9))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{exact + 0:,}{suffix}"


def p_shown(value: object, missing: str = "n/a") -> str:
    if value is None or pd.isna(value):
        return missing
    return "<0.001" if float(value) < 0.001 else shown(value, 3)


def percents(row: dict, *names: str) -> list[str]:
    return [shown(row[name], 1, "%") for name in names]


def listed(frame: pd.DataFrame) -> list[dict]:
    return frame.to_dict("records")


def only(frame: pd.DataFrame, **wanted: object) -> dict:
    """The one row with these values."""
    for name, value in wanted.items():
        frame = frame[frame[name] == value]
    (row,) = listed(frame)
    return row


@pytest.fixture(scope="module")
def published(tables: dict[str, pd.DataFrame]) -> dict[str, PublishedTable]:
    return LINKAGE_PAGE.published_tables(tables, 0.05)


def printed(table: PublishedTable) -> list[Row]:
    return [(group, name, [cell.text for cell in cells]) for group, rows in table.groups() for name, cells in rows]


def statuses(tables: dict[str, pd.DataFrame]) -> list[Row]:
    names = {
        "matched": "Matched",
        "ambiguous": "Ambiguous: a rule reached two people",
        "no_record_in_window": "Person found, no record inside the window",
        "no_person": "No record satisfies any rule",
    }
    return [
        (GROUPS[r["source"]], names[r["status"]], [shown(r["n"]), shown(r["eligible"]), shown(r["share"], 1, "%")])
        for r in listed(tables["linkage_statuses"])
    ]


def rules(tables: dict[str, pd.DataFrame]) -> list[Row]:
    rows = []
    for r in listed(tables["linkage_rules"]):
        judged = only(
            tables["linkage_quality"], source=r["source"], measure="precision", item="rule", category=r["rule"]
        )
        counts = [
            shown(r["tried"]),
            shown(r["left_ambiguous"]),
            shown(r["decided"]),
            shown(r["share_of_matched"], 1, "%"),
        ]
        rows.append(
            (GROUPS[r["source"]], RULE_NAMES[r["rule"]], counts + percents(judged, "value", "ci_low", "ci_high"))
        )
    return rows


def overrides(_tables: dict[str, pd.DataFrame]) -> list[Row]:
    return [
        (TERMINATIONS, "Must link: in force", ["3", "2020-02-17"]),
        (TERMINATIONS, "Must link: refused, the record lies outside the window", ["1", "2020-02-18"]),
        (REOFFENDING, "Must not link: in force", ["5", "2020-03-02"]),
    ]


def accuracy(tables: dict[str, pd.DataFrame]) -> list[Row]:
    common = {
        "precision": "Links that are to a record of the case's person (precision)",
        "recall": "Cases that can be linked, and are, to a record of their person (recall)",
        "f1": "Harmonic mean of precision and recall (F1)",
        "specificity": "Cases that cannot be linked, and are not",
        "linkable": "Cases that can be linked at all",
        "cases_kept_by_blocks": "Cases that can be linked, and were compared with a record of their person",
        "pairs_kept_by_blocks": "True pairs inside the window that were compared",
        "linked_although_pair_lost": "Cases linked although one of their true pairs was never compared",
        "closest_true_record": "True links that are to the person's closest record",
    }
    own = {
        "terminations": {
            "termination_reason_differs": "Links with another termination reason than the true records say"
        },
        "reoffending": {
            "precision_of_records": "Records combined that are true",
            "recall_of_records": "True records inside the window that were combined",
            "reoffended_differs": "Links whose reoffending differs from the true records",
            "reoffences_differs": "Links whose number of reoffences differs from the true records",
        },
    }
    last = {"lost_before_linkage": "Cases whose only true record was rejected before linkage"}
    rows = []
    for source, group in GROUPS.items():
        for measure, label in {**common, **own[source], **last}.items():
            r = only(tables["linkage_quality"], source=source, measure=measure, item="all_cases")
            counts = ["n/a", "n/a"] if measure == "f1" else [shown(r["numerator"]), shown(r["n"])]
            rows.append((group, label, counts + percents(r, "value", "ci_low", "ci_high")))
    return rows


def losses(tables: dict[str, pd.DataFrame]) -> list[Row]:
    kinds = {"false_link": "false links", "missed_link": "missed links", "lost_before_linkage": "lost before linkage"}
    names = {
        ("false_link", "wrong_person_chosen"): "A true record lies inside the window, and somebody else's was chosen",
        ("missed_link", "ambiguous"): "A unique rule reached two people",
        ("missed_link", "vetoed"): "A rule was satisfied but for two different valid PNC identifiers",
        ("missed_link", "not_a_candidate_missing"): (
            "Never compared: no block could be formed, identifiers are missing or invalid"
        ),
        ("lost_before_linkage", "rejected_before_linkage"): "The only true record was rejected before linkage",
    }
    return [
        (
            f"{GROUPS[r['source']]}: {kinds[r['kind']]}",
            names[r["kind"], r["reason"]],
            [shown(r["n"]), shown(r["share"], 1, "%")],
        )
        for r in listed(tables["linkage_losses"])
        if r["n"]
    ]


def loss_fields(_tables: dict[str, pd.DataFrame]) -> list[Row]:
    return [
        (f"{TERMINATIONS}: missed links", "PNC identifier", ["0", "2", "4", "2"]),
        (f"{TERMINATIONS}: missed links", "Surname", ["8", "1", "0", "0"]),
        (f"{REOFFENDING}: false links", "CRN", ["1", "0", "0", "0"]),
        (f"{REOFFENDING}: missed links", "Date of birth", ["0", "17", "0", "6"]),
    ]


def subgroups(tables: dict[str, pd.DataFrame]) -> list[Row]:
    rows = []
    for source, name in (("terminations", "Terminations"), ("reoffending", "Proven reoffending")):
        for category, label in (("male", "Male"), ("female", "Female"), ("missing", "No answer")):
            cells = []
            for measure in ("recall", "precision"):
                r = only(tables["linkage_quality"], source=source, measure=measure, item="gender", category=category)
                cells += [shown(r["n"]), *percents(r, "value", "ci_low", "ci_high")]
            rows.append((f"{name}: gender", label, cells))
    return rows


def review(tables: dict[str, pd.DataFrame]) -> list[Row]:
    labels = {"precision": "Precision", "recall": "Recall", "f1": "Harmonic mean of the two (F1)"}
    return [
        (
            GROUPS[r["source"]],
            labels[r["measure"]],
            [
                shown(r["n_reviewed"]),
                shown(r["n_unsure"]),
                shown(r["n_open"]),
                *percents(r, "value", "ci_low", "ci_high"),
                r["last_reviewed_on"],
            ],
        )
        for r in listed(tables["linkage_review"])
        if r["status"] == "current" and r["stratum"] == "all"
    ]


def opinion(tables: dict[str, pd.DataFrame]) -> list[Row]:
    names = {
        "same_answer": "Cases with the same answer: the same record, or none",
        "links_confirmed": "Our links that Splink confirms",
        "links_shared": "Splink's links that are ours",
    }
    return [
        (
            f"{GROUPS[r['source']]}: pairs of match probability {r['threshold']} and above",
            names[r["measure"]],
            [shown(r["numerator"]), shown(r["n"]), *percents(r, "value", "ci_low", "ci_high")],
        )
        for r in listed(tables["second_opinion_agreement"])
        if r["measure"] != "kappa"
    ]


def bias(source: str, tables: dict[str, pd.DataFrame]) -> list[Row]:
    names = {
        ("all_cases", "all"): ("All cases", "All cases"),
        ("gender", "male"): ("Gender", "Male"),
        ("gender", "female"): ("Gender", "Female"),
        ("gender", "missing"): ("Gender", "No answer"),
        ("age", "mean"): ("Age", "Mean"),
        ("previous_sanctions", "median"): ("Previous sanctions", "Median"),
        ("engagement", "yes"): ("Engagement", "Yes"),
        ("need_drugs", "yes"): ("Need: drugs", "Yes"),
    }
    rows = []
    for r in listed(tables["match_bias"]):
        if r["source"] == source:
            difference = None if r["item"] == "all_cases" else r["standardised_difference"]
            cells = [shown(r["n_matched"]), shown(r["percent_matched_group"], 1)]
            cells += [shown(r["n_unmatched"]), shown(r["percent_unmatched_group"], 1), shown(difference, 2)]
            rows.append((*names[r["item"], r["category"]], [*cells, p_shown(r["p_value"]), p_shown(r["p_holm"])]))
    return rows


def match_terms(tables: dict[str, pd.DataFrame]) -> list[Row]:
    names = {"gender": "Gender", "provider_type": "Provider type", "engagement": "Engagement"}
    none = "not estimable"
    return [
        (
            GROUPS[r["source"]],
            names[r["term"]],
            [
                shown(r["df"]),
                shown(r["lr_chi2"], 1, missing=none),
                p_shown(r["lr_p"], none),
                shown(r["wald_chi2"], 1, missing=none),
                p_shown(r["wald_p"], none),
            ],
        )
        for r in listed(tables["match_model_terms"])
    ]


def weights(tables: dict[str, pd.DataFrame]) -> list[Row]:
    names = {"untruncated": "As estimated", "truncated": "Truncated, as used"}
    return [
        (
            GROUPS[r["source"]],
            names[r["version"]],
            [
                shown(r["n"]),
                shown(r["min"], 2),
                shown(r["mean"], 2),
                shown(r["max"], 2),
                shown(r["effective_n"]),
                shown(r["truncated"], 1, "%"),
            ],
        )
        for r in listed(tables["linkage_weights"])
    ]


def weighted_annex(tables: dict[str, pd.DataFrame]) -> list[Row]:
    rows = []
    for item in ANNEX_B:
        for category in item.categories:
            cells = []
            for outcome in OUTCOMES:
                is_percent = outcome.code != "reoffences"
                decimals, suffix = (1, "%") if is_percent else (2, "")
                found = tables["annex_b_weighted"]
                r = only(found, item=item.item, category=category.code, outcome=outcome.code)
                cells += [shown(r["value"], decimals, suffix), shown(r["value_weighted"], decimals, suffix)]
                cells += [shown(r["difference"], decimals)]
            rows.append((item.label, category.label, cells))
    return rows


def weighted_ratios(tables: dict[str, pd.DataFrame]) -> list[list[str]]:
    names = ["published_exp_estimate", "published_ci_low", "published_ci_high", "exp_estimate", "ci_low", "ci_high"]
    none = "not estimable"
    return [
        [*(shown(r[name], 2, missing=none) for name in names), shown(r["change_percent"], 1, "%", none)]
        for r in listed(tables["model_coefficients_weighted"])
        if r["block"] == "judgements"
    ]


TIER_NAMES = {
    "number_and_birthday": "Number and birthday",
    "number_and_name": "Number and name",
    "names_and_birthday": "Names and birthday",
    "near": "Nearly or in part",
}


def tiers(tables: dict[str, pd.DataFrame]) -> list[Row]:
    bases = {"truth": "Truth file", "review": "Clerical review"}
    rows = []
    for r in listed(tables["linkage_tiers"]):
        cells = [shown(r["links"]), shown(r["share_of_matched"], 1, "%"), shown(r["n_judged"])]
        cells += [*percents(r, "probability", "ci_low", "ci_high"), bases[r["basis"]]]
        rows.append((GROUPS[r["source"]], TIER_NAMES[r["tier"]], cells))
    return rows


def ratios_by_tier(tables: dict[str, pd.DataFrame]) -> list[Row]:
    ratios, rows = listed(tables["sensitivity_ratios"]), []
    for model, title in (
        ("termination", "Positive termination by key questions"),
        ("reoffended", "Binary reoffending by key questions"),
        ("reoffences", "Number of reoffences by key questions"),
    ):
        for key in ("engagement", "desistance"):
            for r in ratios:
                wanted = ("up_to_tier", f"{model}__key_questions", f"{key}=yes")
                if (r["kind"], r["model_id"], r["coefficient"]) == wanted:
                    cells = [shown(r["n"]), *(shown(r[name], 2) for name in ("value", "ci_low", "ci_high"))]
                    cells += [shown(r["change_percent"], 1, "%"), p_shown(r["term_p_value"])]
                    rows.append((f"{title}: {key}", f"Up to: {TIER_NAMES[r['scenario']].lower()}", cells))
    return rows


TABLES = {
    "L1": statuses, "L2": rules, "L3": overrides, "L4": accuracy, "L5": losses, "L6": loss_fields, "L7": subgroups,
    "L8": review, "L9": opinion, "L10": lambda tables: bias("terminations", tables),
    "L11": lambda tables: bias("reoffending", tables), "L12": match_terms, "L13": weights, "L14": weighted_annex,
    "L19": tiers, "L20": ratios_by_tier,
}  # fmt: skip


@pytest.mark.parametrize("table_id", TABLES)
def test_a_table_holds_its_results_cell_by_cell(published, tables, table_id: str) -> None:
    assert printed(published[table_id]) == TABLES[table_id](tables)


def test_the_note_on_the_weights_names_the_percentiles_of_the_run(published) -> None:
    assert "beyond two percentiles (2.5 and 97), which" in published["L13"].notes[0]


def test_weighted_ratios_stand_beside_the_published(published, tables) -> None:
    rows = printed(published["L15"])
    assert [cells for _, _, cells in rows] == weighted_ratios(tables)
    assert [name for _, name, _ in rows[:3]] == ["Engagement", "Desistance", "A prompt start"]
    assert rows[0][0] == "Positive termination by key questions"
    assert rows[2][0] == "Positive termination by prompts"
    assert "Building upon strengths: none present" in [name for _, name, _ in rows]


SUMMARY = ("n_direction_changed", "n_not_estimable", "n_tests", "n_significance_lost", "n_significance_gained")
PLACES = {
    ("engagement=yes", "termination__key_questions"): "Engagement; positive termination by key questions",
    ("starts_promptly=yes", "termination__prompts"): "A prompt start; positive termination by prompts",
    ("engagement=yes", "reoffended__key_questions"): "Engagement; binary reoffending by key questions",
    ("starts_promptly=yes", "reoffended__prompts"): "A prompt start; binary reoffending by prompts",
    ("engagement=yes", "reoffences__key_questions"): "Engagement; number of reoffences by key questions",
    ("starts_promptly=yes", "reoffences__prompts"): "A prompt start; number of reoffences by prompts",
}
KIND_NAMES = {
    "window": "Another window",
    "left_out_rule": "One rule left out",
    "rule_alone": "One rule alone",
    "false_links": "Links made false, drawn evenly",
    "false_links_later_rules": "Links made false, those of later rules first",
    "up_to_tier": "The surer rules alone",
}


def scenario_name(kind: str, scenario: str) -> str:
    if kind == "window":
        return {"0": "0 days", "1": "1 day", "7": "7 days (as published)", "28": "28 days"}[scenario]
    if kind in ("left_out_rule", "rule_alone"):
        return f"{'Without' if kind == 'left_out_rule' else 'Only'}: {RULE_NAMES[scenario]}"
    if kind == "up_to_tier":
        return f"Up to: {TIER_NAMES[scenario].lower()}"
    return f"{scenario}% false"


def summary_cells(r: dict) -> list[str]:
    place = PLACES[r["largest_change_coefficient"], r["largest_change_model"]]
    return [shown(r["largest_change_percent"], 1, "%"), *(shown(r[name]) for name in SUMMARY), place]


def test_choices_are_summed_up_a_row_a_kind(published, tables) -> None:
    totals = [r for r in listed(tables["sensitivity_summary"]) if r["scenario"] == "all"]
    assert printed(published["L16"]) == [("", KIND_NAMES[r["kind"]], summary_cells(r)) for r in totals]


def test_each_scenario_has_its_row(published, tables) -> None:
    single = [r for r in listed(tables["sensitivity_summary"]) if r["scenario"] != "all"]
    assert printed(published["L17"]) == [
        (KIND_NAMES[r["kind"]], scenario_name(r["kind"], r["scenario"]), summary_cells(r)) for r in single
    ]


def test_match_rates_are_listed_by_choice_and_source(published, tables) -> None:
    expected = []
    for kind in ("window", "left_out_rule", "rule_alone", "up_to_tier"):
        for source in GROUPS:
            for r in listed(tables["sensitivity_match_rates"]):
                if (r["kind"], r["source"]) == (kind, source):
                    cells = [shown(r["matched"]), shown(r["rate"], 1, "%")]
                    cells += [shown(r[n]) for n in ("ambiguous", "links_lost", "links_gained", "links_changed")]
                    expected.append((f"{KIND_NAMES[kind]}: {source}", scenario_name(kind, r["scenario"]), cells))
    assert printed(published["L18"]) == expected


def test_the_notes_of_the_match_model_hold_its_fit(published) -> None:
    assert published["L12"].notes[:2] == (
        f"{TERMINATIONS}: logistic regression on 400 cases, 29 of them unmatched, with 14 coefficients; c-statistic "
        "0.68 (0.61 to 0.75).",
        f"{REOFFENDING}: logistic regression on 800 cases, 98 of them unmatched, with 15 coefficients; c-statistic "
        "0.73 (0.69 to 0.77).",
    )


def test_significance_is_of_the_p_value_that_allows_for_many_tests(published, tables) -> None:
    flags = [cells[-1].significant for _, rows in published["L10"].groups() for _, cells in rows]
    own = tables["match_bias"][tables["match_bias"]["source"] == "terminations"]
    assert flags == [None if pd.isna(p) else p < 0.05 for p in own["p_holm"]]
    assert {True, False, None} == set(flags)


def test_the_data_behind_the_windows_figure_are_those_of_the_results(published, tables) -> None:
    frame = published["F1"].frame.set_index("Days")
    rates, ratios = tables["sensitivity_match_rates"], tables["sensitivity_ratios"]
    for days in (0, 1, 7, 28):
        wanted = {"kind": "window", "scenario": str(days)}
        for source, name in (("terminations", "Terminations"), ("reoffending", "Reoffending")):
            found = only(rates, source=source, **wanted)
            assert frame.loc[days, f"{name}: matched (%)"] == found["rate"]
            assert frame.loc[days, f"{name}: links lost"] == found["links_lost"]
        for model, name in (("termination", "positive termination"), ("reoffended", "reoffending"),
                            ("reoffences", "number of reoffences")):  # fmt: skip
            for key, label in (("engagement", "Implementation effective"),
                               ("desistance", "Desistance supported effectively")):  # fmt: skip
                found = only(ratios, model_id=f"{model}__key_questions", coefficient=f"{key}=yes", **wanted)
                assert frame.loc[days, f"{label}, {name}: ratio"] == found["value"]
            own = ratios[(ratios["kind"] == "window") & (ratios["scenario"] == str(days))]
            own = own[own["model_id"].isin([f"{model}__key_questions", f"{model}__prompts"])]
            assert frame.loc[days, f"Largest change of a ratio for {name} (%)"] == max(own["change_percent"])


def test_the_data_behind_the_rules_figure_are_those_of_the_results(published, tables) -> None:
    frame = published["F2"].frame.set_index("Rule left out")
    for rule, label in RULE_NAMES.items():
        for source, name in (("terminations", "Terminations"), ("reoffending", "Reoffending")):
            found = only(tables["sensitivity_match_rates"], kind="left_out_rule", scenario=rule, source=source)
            assert frame.loc[label, f"{name}: matched (%)"] == found["rate"]
            assert frame.loc[label, f"{name}: links lost"] == found["links_lost"]


def test_the_data_behind_the_false_links_figure_are_those_of_the_results(published, tables) -> None:
    columns = {"published_value": "Published ratio", "value": "Ratio (median)", "spread_low": "2.5th percentile",
               "spread_high": "97.5th percentile", "expected_value": "Expected"}  # fmt: skip
    ratios = tables["sensitivity_ratios"]
    expected = [
        [r[name] for name in columns]
        for r in listed(ratios)
        if r["kind"] == "false_links" and r["model_id"].endswith("__key_questions")
    ]
    assert published["F3"].frame[list(columns.values())].to_numpy().tolist() == expected
    assert len(expected) == 2 * 3 * 2
