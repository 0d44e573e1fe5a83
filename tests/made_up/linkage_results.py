"""Made-up results tables of the studies of the linkage: distinct numbers, so that a misplaced one shows.

Nothing here is computed by `methods/`. Shares and intervals follow from their counts, everything else is invented.
"""

import itertools
import math

import pandas as pd

from orchestration.methods.layouts.layout_2023 import OUTCOMES
from orchestration.methods.layouts.layout_2023 import rows as annex_b_rows
from orchestration.methods.layouts.specification import BULLETIN_MODELS

SOURCES = ("terminations", "reoffending")
RULES = ("pnc_dob_surname", "crn_dob", "surname_forenames_dob", "swapped_names_dob")
TIERS = ("number_and_birthday", "number_and_birthday", "names_and_birthday", "names_and_birthday")  # of the rules
TIER_RANKS = {"number_and_birthday": 1, "number_and_name": 2, "names_and_birthday": 3, "near": 4}
STATUSES = {
    "terminations": {"matched": 371, "ambiguous": 4, "no_record_in_window": 16, "no_person": 9},
    "reoffending": {"matched": 702, "ambiguous": 11, "no_record_in_window": 53, "no_person": 34},
}
DECIDED = {"terminations": (318, 41, 12, 0), "reoffending": (655, 2, 38, 7)}
WINDOWS, SHARES = ("0", "1", "7", "28"), ("0.5", "5")
KINDS = {
    "window": WINDOWS,
    "left_out_rule": RULES,
    "rule_alone": RULES,
    "false_links": SHARES,
    "false_links_later_rules": SHARES,
    "up_to_tier": tuple(TIER_RANKS),
}
_QUALITY = {  # measure -> (holds, of how many) by source
    "precision": ((369, 371), (701, 702)),
    "recall": ((369, 380), (701, 733)),
    "f1": ((738, 751), (1402, 1435)),
    "specificity": ((18, 20), (66, 67)),
    "matched": ((371, 400), (702, 800)),
    "linkable": ((380, 400), (733, 800)),
    "lost_before_linkage": ((3, 400), (1, 800)),
    "pairs_kept_by_blocks": ((390, 399), (770, 795)),
    "cases_kept_by_blocks": ((374, 380), (710, 733)),
    "linked_although_pair_lost": ((2, 8), (5, 23)),
    "closest_true_record": ((366, 369), (699, 701)),
}
_QUALITY_OF_ONE = {
    "terminations": {"termination_reason_differs": (6, 371)},
    "reoffending": {
        "precision_of_records": (760, 764),
        "recall_of_records": (760, 795),
        "reoffended_differs": (10, 702),
        "reoffences_differs": (13, 702),
    },
}
_LOSSES = {
    "false_link": {"wrong_record_chosen": (0, 0), "wrong_person_chosen": (2, 1), "no_true_record": (0, 0)},
    "missed_link": {"ambiguous": (3, 8), "vetoed": (2, 1), "not_a_candidate_missing": (6, 23)},
    "lost_before_linkage": {"rejected_before_linkage": (3, 1)},
}


def wilson(holds: int, n: int) -> tuple[float, float]:
    """Wilson's 95% interval in percent, from its formula."""
    z, p = 1.959963984540054, holds / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return 100 * (middle - half) / (1 + z * z / n), 100 * (middle + half) / (1 + z * z / n)


def share(holds: int, n: int) -> dict[str, float | int | None]:
    """numerator, n, value, ci_low and ci_high of a share in percent; missing where n is nought."""
    value, (low, high) = (100 * holds / n, wilson(holds, n)) if n else (None, (None, None))
    return {"numerator": holds, "n": n, "value": value, "ci_low": low, "ci_high": high}


def make_linkage_tables() -> dict[str, pd.DataFrame]:
    """Every results table that the linkage page needs, and the second opinion."""
    return {**_counts(), **_accuracy(), **_bias(), **_weights(), **_sensitivity(), **_second_opinion()}


def _counts() -> dict[str, pd.DataFrame]:
    statuses = [
        {"source": source, "status": status, "n": n, "eligible": sum(counts.values())}
        for source, counts in STATUSES.items()
        for status, n in counts.items()
    ]
    rules = []
    for source, counts in DECIDED.items():
        left = sum(STATUSES[source].values())
        for rank, (rule, decided) in enumerate(zip(RULES, counts, strict=True), start=1):
            ambiguous = STATUSES[source]["ambiguous"] if rule == "surname_forenames_dob" else 0
            rules.append(
                {"source": source, "rule_rank": rank, "rule": rule, "tier": TIERS[rank - 1], "tried": left,
                 "decided": decided,
                 "left_ambiguous": ambiguous, "share_of_matched": 100 * decided / sum(counts)}
            )  # fmt: skip
            left -= decided + ambiguous
    overrides = [
        ("terminations", "must_link", "applied", 3, "2020-02-17"),
        ("terminations", "must_link", "refused_outside_window", 1, "2020-02-18"),
        ("reoffending", "must_not_link", "applied", 5, "2020-03-02"),
    ]
    return {
        "linkage_statuses": pd.DataFrame(statuses).assign(share=lambda f: 100 * f["n"] / f["eligible"]),
        "linkage_rules": pd.DataFrame(rules),
        "linkage_overrides": pd.DataFrame(
            overrides, columns=["source", "decision", "outcome", "n", "latest_review_date"]
        ),
    }


def _accuracy() -> dict[str, pd.DataFrame]:
    quality, losses = [], []
    for place, source in enumerate(SOURCES):
        measures = {name: both[place] for name, both in _QUALITY.items()} | _QUALITY_OF_ONE[source]
        quality += [_quality(source, name, "all_cases", "all", *counts) for name, counts in measures.items()]
        for rule, decided in zip(RULES, DECIDED[source], strict=True):
            wrong = (2, 1)[place] if rule == "crn_dob" else 0
            quality.append(_quality(source, "precision", "rule", rule, decided - wrong, decided))
        for number, category in enumerate(("male", "female", "missing"), start=1):
            linkable = 100 * (place + 1) + 10 * number
            quality.append(_quality(source, "recall", "gender", category, linkable - number - place, linkable))
            quality.append(_quality(source, "precision", "gender", category, linkable - 3 - number, linkable - 3))
        for kind, reasons in _LOSSES.items():
            total = sum(both[place] for both in reasons.values())
            losses += [
                {"source": source, "kind": kind, "reason": reason, "n": both[place],
                 "share": 100 * both[place] / total if total else None}
                for reason, both in reasons.items()
            ]  # fmt: skip
    return {
        "linkage_quality": pd.DataFrame(quality),
        "linkage_losses": pd.DataFrame(losses),
        "linkage_loss_fields": _loss_fields(),
        "linkage_review": _review(),
        "linkage_tiers": _tiers(),
    }


def _tiers() -> pd.DataFrame:
    rows = []
    for (place, source), (tier, rank) in itertools.product(enumerate(SOURCES), TIER_RANKS.items()):
        links, low = 359 - 90 * rank + place, 99.1 - rank - place
        judged = {"n_judged": links - place, "probability": low + 0.4, "ci_low": low, "ci_high": low + 0.7}
        if tier == "near":  # none was judged
            judged = {"n_judged": 0, "probability": None, "ci_low": None, "ci_high": None}
        rows.append(
            {"source": source, "tier_rank": rank, "tier": tier, "links": links, "share_of_matched": 70.3 - 20 * rank,
             "basis": ("truth", "review")[place], **judged}
        )  # fmt: skip
    return pd.DataFrame(rows)


def _quality(source: str, measure: str, item: str, category: str, holds: int, n: int) -> dict[str, object]:
    keys = {"source": source, "basis": "truth", "measure": measure, "item": item, "category": category}
    return {**keys, "category_order": 1, **share(holds, n)}


def _loss_fields() -> pd.DataFrame:
    seen = {
        ("terminations", "missed_link", "vetoed", "pnc"): {"disagrees": 2},
        ("terminations", "missed_link", "not_a_candidate_missing", "pnc"): {"missing": 4, "invalid": 2},
        ("terminations", "missed_link", "not_a_candidate_missing", "surname"): {"agrees": 5, "disagrees": 1},
        ("terminations", "missed_link", "ambiguous", "surname"): {"agrees": 3},
        ("reoffending", "missed_link", "not_a_candidate_missing", "dob"): {"disagrees": 17, "invalid": 6},
        ("reoffending", "false_link", "wrong_person_chosen", "crn"): {"agrees": 1},
    }
    rows = [(*keys, state, n) for keys, states in seen.items() for state, n in states.items()]
    return pd.DataFrame(rows, columns=["source", "kind", "reason", "field", "state", "n"])


def _review() -> pd.DataFrame:
    samples = {"20200301-aaaa": "current", "20200201-bbbb": "superseded", "20200101-cccc": "stale"}
    rows = []
    for (number, (sample, status)), source in itertools.product(enumerate(samples.items()), SOURCES):
        for place, (stratum, measure) in enumerate(
            [("all", "precision"), ("all", "recall"), ("all", "f1"), ("rule:crn_dob", "precision")]
        ):
            value = 99.4 - place - number - 0.3 * (source == "reoffending") if status != "stale" else None
            low, high = (value - 3.2, value + 0.5) if value is not None else (None, None)
            rows.append(
                {"sample": sample, "status": status, "n_cases_changed": 0 if value else 7,
                 "drawn_on": f"2020-0{3 - number}-01", "last_reviewed_on": f"2020-0{3 - number}-1{place}",
                 "source": source, "stratum": stratum, "measure": measure,
                 "n_reviewed": 150 + 10 * place + number, "n_unsure": 5 + place, "n_open": place, "population": 400,
                 "value": value, "value_if_unsure_wrong": low, "value_if_unsure_right": high,
                 "ci_low": low, "ci_high": high}
            )  # fmt: skip
    return pd.DataFrame(rows)


def _bias() -> dict[str, pd.DataFrame]:
    items = [("characteristic", "gender", "male", "percent"), ("characteristic", "gender", "female", "percent"),
             ("characteristic", "gender", "missing", "percent"), ("characteristic", "age", "mean", "mean"),
             ("characteristic", "previous_sanctions", "median", "median"),
             ("judgement", "engagement", "yes", "percent"), ("need", "need_drugs", "yes", "percent")]  # fmt: skip
    rows = [
        _bias_row("terminations", "all_cases", "all_cases", "all", "percent", 0) | {"p_value": None, "p_holm": None}
    ]
    for place, source in enumerate(SOURCES):
        rows += [_bias_row(source, *item, 10 * place + number) for number, item in enumerate(items, start=1)]
    terms = [
        {"source": source, "term": term, "df": 1 + number, "lr_chi2": 8.25 + number + place,
         "lr_p": 0.0123 + number / 1000, "wald_chi2": 7.75 + number + place, "wald_p": 0.0456 + number / 1000,
         "estimable": True}
        for place, source in enumerate(SOURCES)
        for number, term in enumerate(("gender", "provider_type", "engagement"))
    ]  # fmt: skip
    terms[1] |= {name: None for name in ("lr_chi2", "lr_p", "wald_chi2", "wald_p")} | {"estimable": False}
    models = [
        {"source": "terminations", "n": 400, "n_matched": 371, "n_unmatched": 29, "c_statistic": 0.68,
         "c_ci_low": 0.61, "c_ci_high": 0.75, "n_coefficients": 14, "unmatched_per_coefficient": 29 / 14,
         "n_never_matched": 0, "converged": True, "failure": None},
        {"source": "reoffending", "n": 800, "n_matched": 702, "n_unmatched": 98, "c_statistic": 0.73,
         "c_ci_low": 0.69, "c_ci_high": 0.77, "n_coefficients": 15, "unmatched_per_coefficient": 98 / 15,
         "n_never_matched": 4, "converged": True, "failure": None},
    ]  # fmt: skip
    return {
        "match_bias": pd.DataFrame(rows),
        "match_bias_summary": _bias_summary(),
        "match_models": pd.DataFrame(models),
        "match_model_terms": pd.DataFrame(terms),
    }


def _bias_row(source: str, kind: str, item: str, category: str, unit: str, number: int) -> dict[str, object]:
    return {
        "source": source, "kind": kind, "item": item, "category": category, "unit": unit,
        "n_matched": 200 + number, "n_unmatched": 30 + number,
        "percent_matched_group": 51.5 + number, "percent_unmatched_group": 47.2 - number / 2,
        "standardised_difference": 0.11 + number / 100, "item_standardised_difference": 0.21 + number / 100,
        "test": "pearson", "statistic": 5.5 + number, "df": 1, "p_value": 0.002 * number, "p_holm": 0.009 * number,
        "effect_measure": "cramers_v", "effect_size": 0.1, "effect_ci_low": 0.05, "effect_ci_high": 0.15,
    }  # fmt: skip


def _bias_summary() -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    for place, source in enumerate(SOURCES):
        for kind, item, category in (("characteristic", "gender", None), ("judgement", "engagement", "missing")):
            number = 2 * place + (kind == "judgement")
            rows += [
                (source, kind, "largest_standardised_difference", item, category, 0.31 + number / 10, None, None),
                (source, kind, "tests", None, None, 19 + number, None, None),
                (source, kind, "tests_significant_after_holm", None, None, number, None, None),
            ]
        rows += [
            (source, "matched", "largest_imbalance", "gender", None, 0.087 + place / 10, None, None),
            (source, "weighted", "largest_imbalance", "engagement", None, 0.034 + place / 10, None, None),
        ]
    for number, outcome in enumerate(OUTCOMES):
        before, after = (70.61, 38.83, 4.541)[number], (70.44, 39.04, 4.604)[number]
        rows.append((_source_of(outcome.code), outcome.code, "all_cases_change", "all_cases", "all",
                     after - before, before, after))  # fmt: skip
    for number, model in enumerate(BULLETIN_MODELS):
        before, after = 1.5 + number / 10, (1.5 + number / 10) * (1.01 + number / 100)
        name = model.judgements[0].coefficients[0]
        rows += [
            (_source_of(model.outcome), model.model_id, "largest_ratio_change", name, None,
             100 * (after / before - 1), before, after),
            (_source_of(model.outcome), model.model_id, "terms_changing_significance", None, None,
             float(number == 4), None, None),
        ]  # fmt: skip
    return pd.DataFrame(rows, columns=["source", "subject", "measure", "item", "category", "value", "before", "after"])


def _source_of(outcome: str) -> str:
    return "terminations" if outcome.startswith("termination") else "reoffending"


def _weights() -> dict[str, pd.DataFrame]:
    weights = [
        {"source": source, "version": version, "is_used": version == "truncated", "n": 371 + 331 * place,
         "min": 0.91 + place / 100, "mean": 0.99 + place / 100, "max": 3.25 - number + place / 10,
         "effective_n": 355.0 + 300 * place + number, "truncated": 2.0 * number + 0.5 * place * number,
         "n_never_matched": 4 * place, "low_percentile": 2.5 if number else None,
         "high_percentile": 97.0 if number else None}
        for place, source in enumerate(SOURCES)
        for number, version in enumerate(("untruncated", "truncated"))
    ]  # fmt: skip
    cells = []
    for number, (item, category, outcome) in enumerate(annex_b_rows()):
        value = 4 + number / 100 if outcome.code == "reoffences" else 40 + number / 10
        change = 0.01 * (number % 7) - 0.03 + (0.2 if number % 2 else 0)
        cells.append(
            {"table_id": item.table_id, "item": item.item, "category": category.code, "outcome": outcome.code,
             "n": 100 + number, "effective_n": 95.0 + number, "value": value, "value_weighted": value + change,
             "difference": change, "significant": False, "significant_weighted": False}
        )  # fmt: skip
    cells[-1] |= {"n": 0, "value": None, "value_weighted": None, "difference": None}
    coefficients = []
    for place, model in enumerate(BULLETIN_MODELS):
        names = [(term.name, name) for term in model.judgements for name in term.coefficients]
        for number, (term, name) in enumerate([("gender", "gender=female"), *names]):
            ratio = 0.6 + number / 10 + place / 100
            coefficients.append(
                {"model_id": model.model_id, "coefficient": name, "term": term,
                 "block": "judgements" if number else "controls", "n": 640, "exp_estimate": ratio * 1.03,
                 "ci_low": ratio * 0.8, "ci_high": ratio * 1.4, "published_exp_estimate": ratio,
                 "published_ci_low": ratio * 0.85, "published_ci_high": ratio * 1.25,
                 "change_percent": 3.0 + number / 10, "estimable": True}
            )  # fmt: skip
    numbers = ["exp_estimate", "ci_low", "ci_high", "change_percent"]
    coefficients[-1] |= {name: None for name in numbers} | {"estimable": False}
    return {
        "linkage_weights": pd.DataFrame(weights),
        "annex_b_weighted": pd.DataFrame(cells).astype({"value": "Float64", "value_weighted": "Float64"}),
        "model_coefficients_weighted": pd.DataFrame(coefficients),
    }


def _sensitivity() -> dict[str, pd.DataFrame]:
    rates: list[dict[str, object]] = []
    ratios: list[dict[str, object]] = []
    summary: list[dict[str, object]] = []
    for (step, (kind, scenarios)), (place, name) in _numbered_scenarios():
        common = {"kind": kind, "scenario": name, "is_default": kind == "window" and name == "7",
                  "scenario_order": float(name) if name[0].isdigit() else place + 1.0}  # fmt: skip
        rates += [common | _rate(source, step, place) for source in SOURCES]
        if kind != "rule_alone":
            ratios += _ratios(common, step, place)
            summary.append({**common, **_summary(step, place)})
            if place == len(scenarios) - 1:
                total = common | {"scenario": "all", "scenario_order": None}
                summary.append({**total, **_summary(step, place), "n_tests": 36, "n_significance_lost": 6 + step})
    return {
        "sensitivity_match_rates": pd.DataFrame(rates),
        "sensitivity_ratios": pd.DataFrame(ratios),
        "sensitivity_summary": pd.DataFrame(summary).drop(columns="is_default"),
    }


def _numbered_scenarios():  # type: ignore[no-untyped-def]
    return [
        ((step, (kind, scenarios)), numbered)
        for step, (kind, scenarios) in enumerate(KINDS.items())
        for numbered in enumerate(scenarios)
    ]


def _rate(source: str, step: int, place: int) -> dict[str, object]:
    eligible = sum(STATUSES[source].values())
    matched = STATUSES[source]["matched"] - 40 * step - 10 * (3 - place)
    return {
        "source": source, "eligible": eligible, "matched": matched, "rate": 100 * matched / eligible,
        "ambiguous": 2 + place, "no_record_in_window": 5 + place, "no_person": 8 + place,
        "links_lost": 41 * step + 11 * (3 - place), "links_gained": step + 2 * place, "links_changed": place + 7 * step,
    }  # fmt: skip


def _ratios(common: dict[str, object], step: int, place: int) -> list[dict[str, object]]:
    rows = []
    for number, model in enumerate(BULLETIN_MODELS):
        for spot, name in enumerate(name for term in model.judgements for name in term.coefficients):
            published = 1.1 + 0.1 * spot + 0.01 * number
            value = published * (1 + 0.01 * (place + step))
            rows.append(
                common
                | {"model_id": model.model_id, "coefficient": name, "term": name.partition("=")[0], "n": 640 - place}
                | {"value": value, "ci_low": value / 1.2, "ci_high": value * 1.2, "published_value": published}
                | {"spread_low": value / 1.1, "spread_high": value * 1.1, "expected_value": value * 0.99}
                | {"change_percent": place + step + spot / 10 + number / 100, "replicates": 20, "estimable": True}
                | {"term_p_value": 0.001 + place / 50 + number / 100}
            )
    return rows


def _summary(step: int, place: int) -> dict[str, object]:
    model = BULLETIN_MODELS[(step + place) % len(BULLETIN_MODELS)]
    return {
        "n_ratios": 51, "n_not_estimable": place, "largest_change_percent": 12.4 + 3 * step - 2 * place,
        "largest_change_model": model.model_id,
        "largest_change_coefficient": model.judgements[0].coefficients[0],
        "n_direction_changed": step + place, "n_tests": 30 + place,
        "n_significance_lost": 2 * step + place, "n_significance_gained": 3 * step + place,
    }  # fmt: skip


def _second_opinion() -> dict[str, pd.DataFrame]:
    rows = [
        {"source": source, "threshold": threshold, "measure": measure, **share(380 - 7 * number - place, 400 + place)}
        for place, source in enumerate(SOURCES)
        for threshold in (0.95, 0.99)
        for number, measure in enumerate(("same_answer", "links_confirmed", "links_shared"))
    ]
    rows.append({"source": "terminations", "threshold": 0.95, "measure": "kappa", "numerator": 380, "n": 400,
                 "value": 0.87, "ci_low": None, "ci_high": None})  # fmt: skip
    return {"second_opinion_agreement": pd.DataFrame(rows)}
