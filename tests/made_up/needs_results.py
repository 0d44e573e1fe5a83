"""Made-up results tables of Bulletin 2020/03: every cell a number of its own, so that a number on a page can be traced.

Verdicts follow a rule that is easy to tell: provider and likelihood of reoffending are retained everywhere, ethnic
group cannot be tested in the models of Table C6, nothing else is retained.
"""

import itertools
from typing import Any

import numpy as np
import pandas as pd

from orchestration.methods.bulletin_2020_03.stated_differences import STATEMENTS
from orchestration.methods.layouts.frames import frame_of
from orchestration.methods.layouts.layout_2020 import GROUP_BY_ITEM, GROUPS, MODELLED, NEED_COLUMNS, STRENGTH_COLUMNS
from orchestration.methods.layouts.layout_2020 import rows as annex_c_rows
from orchestration.publications.bulletin_2020_03.figure_data import needs_figure_data
from orchestration.tables.catalogue import released_table
from orchestration.tables.ledger import GATE_RESULTS
from orchestration.tables.needs import STATED_DIFFERENCES

RETAINED = {"provider_type", "ogrs_group"}
REMOVAL_TESTS = ("likelihood_ratio", "conditional", "wald")
SHARED = ("headlines", "figure_data", "models", "model_terms", "model_coefficients", "model_levels", "model_notes",
          "model_exclusions", "overdispersion_tests")  # fmt: skip
HEADLINES = {
    "cases_inspected_2020": (640, "count"), "cases_crc": (480, "count"), "cases_crc_pct": (75, "percent"),
    "cases_nps": (160, "count"), "cases_nps_pct": (25, "percent"), "cases_female": (90, "count"),
    "cases_female_pct": (14, "percent"), "cases_post_custody": (290, "count"),
    "cases_post_custody_pct": (45, "percent"),
    "cases_ogrs_high": (180, "count"), "cases_ogrs_high_pct": (29, "percent"),
    "cases_rosh_high": (88, "count"), "cases_rosh_high_pct": (14, "percent"),
    "officers_services_available_pct": (78, "percent"), "officers_services_available_n": (390, "count"),
}  # fmt: skip


def verdict(item: str, table_id: str) -> bool | None:
    """Whether the made-up models retain a characteristic; None where it could not be tested."""
    return None if (item, table_id) == ("ethnicity", "C6") else item in RETAINED


def make_annex_c() -> pd.DataFrame:
    random = np.random.default_rng(2)
    records = []
    for group, category, measure in annex_c_rows():
        value = round(float(random.uniform(0.5, 4) if measure.is_mean else random.uniform(5, 95)), 3)
        tested = None if measure.is_mean or group.item == "all_cases" else verdict(group.item, measure.table_id)
        records.append(
            {
                "table_id": measure.table_id, "item": group.item, "category": category.code, "outcome": measure.code,
                "n": int(random.integers(20, 900)), "value": value, "value_published": round(value, 1),
                "p_value": None if tested is None else 0.0004 if tested else 0.412, "significant": tested,
            }
        )  # fmt: skip
    types = {"n": "Int64", "value": "float64", "value_published": "float64", "p_value": "float64"}
    return pd.DataFrame(records).astype(types | {"significant": "boolean"})


def make_differences(annex_c: pd.DataFrame) -> pd.DataFrame:
    cells = annex_c.set_index(["outcome", "item", "category"])["value"]
    records = []
    for measure, group in itertools.product(MODELLED, GROUPS):
        values = {code: float(cells[measure.code, group.item, code]) for code in group.codes}
        low, high = min(values, key=values.__getitem__), max(values, key=values.__getitem__)
        kept = verdict(group.item, measure.table_id)
        p = None if kept is None else 0.0004 if kept else 0.412
        last_less_first = None if group.item == "ethnicity" else values[group.codes[-1]] - values[group.codes[0]]
        records.append(
            {
                "table_id": measure.table_id, "outcome": measure.code, "item": group.item, "is_retained": kept,
                "p_value": p, "is_retained_conditional": kept, "is_retained_wald": kept, "forced_lr_p": p,
                "forced_wald_p": p, "lowest_category": low, "lowest_value": values[low], "highest_category": high,
                "highest_value": values[high], "last_less_first": last_less_first,
            }
        )  # fmt: skip
    flags = dict.fromkeys(("is_retained", "is_retained_conditional", "is_retained_wald"), "boolean")
    numbers = dict.fromkeys(("p_value", "forced_lr_p", "forced_wald_p", "last_less_first"), "float64")
    return pd.DataFrame(records).astype(flags | numbers)


def make_stepwise() -> dict[str, pd.DataFrame]:
    steps, terms = [], []
    for measure, removal in itertools.product(MODELLED, REMOVAL_TESTS):
        model = {"model_id": f"stepwise__{measure.code}", "outcome": measure.code, "removal_test": removal}
        for group in GROUPS:
            kept = verdict(group.item, measure.table_id)
            p = None if kept is None else 0.0004 if kept else 0.412
            test = {"chi2": 9.5, "df": len(group.codes) - 1, "p_value": p}
            moved = "entered" if kept else None
            steps.append(model | {"step": 1, "kind": "entry", "term": group.item} | test | {"action": moved})
            terms.append(model | {"term": group.item, "is_retained": kept, "p_value": p})
    return {
        "stepwise_steps": pd.DataFrame(steps).astype({"step": "Int64", "df": "Int64", "p_value": "float64"}),
        "stepwise_terms": pd.DataFrame(terms).astype({"is_retained": "boolean", "p_value": "float64"}),
    }


def make_stepwise_models() -> dict[str, pd.DataFrame]:
    models, coefficients, levels = [], [], []
    for position, measure in enumerate(MODELLED):
        model_id = f"stepwise__{measure.code}"
        models.append({"model_id": model_id, "outcome": measure.code, "block": "all", "n": 300 + position})
        for item in sorted(RETAINED):
            for place, code in enumerate(GROUP_BY_ITEM[item].codes):
                levels.append((model_id, item, code, place == 0, 60 + position, 20 + position))
                if place:
                    numbers = (0.5, 0.2, 2.5, 0.0124, 1.6487, 1.114, 2.44)
                    coefficients.append((model_id, f"{item}={code}", *numbers, True))
    estimates = ["estimate", "std_error", "z", "p", "exp_estimate", "ci_low", "ci_high"]
    return {
        "models": pd.DataFrame(models),
        "model_terms": pd.DataFrame(columns=["model_id", "term"]),
        "model_coefficients": pd.DataFrame(coefficients, columns=["model_id", "coefficient", *estimates, "estimable"]),
        "model_levels": pd.DataFrame(levels, columns=["model_id", "term", "level", "is_reference", "n", "events"]),
        "model_exclusions": pd.DataFrame(columns=["model_id", "variable", "n_missing", "n_lost"]),
        "overdispersion_tests": pd.DataFrame(columns=["model_id", "test", "statistic", "df", "p_value"]),
        "model_notes": pd.DataFrame(
            [("stepwise__need_ete", None, "A remark on the model of ETE.")], columns=["model_id", "term", "note"]
        ),
    }


def make_counts() -> pd.DataFrame:
    random, records = np.random.default_rng(3), []
    groups = [("all_cases", "all"), *((group.item, code) for group in GROUPS for code in group.codes)]
    for kind, most, band in (("needs", 8, "4+"), ("strengths", 5, "2+")):
        for item, category in groups:
            n = {str(number): int(random.integers(1, 90)) for number in range(most + 1)}
            total = sum(n.values())
            n[band] = sum(count for number, count in n.items() if int(number) >= int(band[0]))
            records += [(kind, item, category, number, number == band, count, total, 100 * count / total)
                        for number, count in n.items()]  # fmt: skip
    columns = ["kind", "item", "category", "number", "is_band", "n", "n_cases", "percent"]
    return pd.DataFrame(records, columns=columns).astype({"n": "Int64", "n_cases": "Int64"})


def make_cooccurrence() -> pd.DataFrame:
    random, frames = np.random.default_rng(4), []
    for kind, codes in (("needs", NEED_COLUMNS), ("strengths", STRENGTH_COLUMNS)):
        pairs: list[dict[str, Any]] = []
        for first, second in itertools.combinations(codes, 2):
            both = int(random.integers(30, 200))
            pairs.append({"kind": kind, "first": first, "second": second, "n": 640, "n_first": 300, "n_second": 250,
                          "n_both": both, "percent_both": both / 6.4, "percent_of_first": both / 3,
                          "percent_of_second": both / 2.5, "phi": float(random.uniform(-0.1, 0.5)),
                          "odds_ratio": float(random.uniform(0.5, 6)), "ci_low": 0.41, "ci_high": 6.2,
                          "lift": float(random.uniform(0.5, 2)), "jaccard": float(random.uniform(0, 1))})  # fmt: skip
        frame = pd.DataFrame(pairs)
        for name in ("phi", "odds_ratio", "lift", "jaccard", "percent_both"):
            frame[f"rank_{name}"] = frame[name].rank(ascending=False, method="min").astype("Int64")
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def make_ratings() -> pd.DataFrame:
    given = {"crc": (0, 12, 7, 2), "nps": (0, 6, 1, 0)}
    ratings = ("outstanding", "good", "requires_improvement", "inadequate")
    records = [
        (provider_type, "services", rating, n, sum(counts), 100 * n / sum(counts))
        for provider_type, counts in given.items()
        for rating, n in zip(ratings, counts, strict=True)
    ]
    return pd.DataFrame(records, columns=["provider_type", "standard", "rating", "n", "n_providers", "percent"])


def make_sample_tables() -> dict[str, pd.DataFrame]:
    """The sample design of one provider."""
    provider = {"provider": "Wales", "provider_type": "nps"}
    stratum = {"gender": "male", "case_type": "community", "rosh_level": "very_high"}
    everybody = {"provider": "all", "provider_type": "all"}
    design = {"status": "met", "caseload": 411, "required": 117, "achieved": 121, "shortfall": 0,
              "percent_sampled": 29.4, "confidence": 80.0, "margin_wanted": 5.0, "margin_achieved": 4.89,
              "r_indicator": 0.93}  # fmt: skip
    compared = {"item": "rosh_level", "category": "very_high", "caseload": 411, "achieved": 121,
                "percent_caseload": 31.2, "percent_achieved": 33.3, "percent_weighted": 31.3, "p_value": 0.012,
                "p_holm": 0.036}  # fmt: skip
    weights = {"caseload": 411, "n": 121, "weight_groups": 9, "min": 2.1, "median": 3.3, "mean": 3.4, "max": 4.4,
               "design_effect": 1.035, "effective_n": 116.9}  # fmt: skip
    judged = {"judgement": "assessment_needs", "provider_type": "all", "n": 119, "unweighted": 81.2, "weighted": 80.7,
              "difference": -0.5, "ci_low": 76.1, "ci_high": 85.2, "design_effect": 1.1}  # fmt: skip
    return {
        "sample_design": pd.DataFrame([provider | design]),
        "sample_allocation": pd.DataFrame(
            [provider | stratum | {"caseload": 41, "allocated": 12, "achieved": 13, "difference": 1, "weight": 3.15}]
        ),
        "sample_representativeness": pd.DataFrame([everybody | compared]),
        "design_weights": pd.DataFrame([everybody | weights]),
        "weighted_judgements": pd.DataFrame([judged]),
    }


def make_stability_tables() -> dict[str, pd.DataFrame]:
    inclusion, models = [], []
    for measure in MODELLED:
        model = {"model_id": f"stepwise__{measure.code}", "outcome": measure.code}
        for group in GROUPS:
            included = 150 if group.item == "provider_type" else 40
            inclusion.append(
                model | {"term": group.item, "n_resamples": 200, "n_included": included, "frequency": included / 2,
                         "ci_low": included / 2 - 5, "ci_high": included / 2 + 5,
                         "is_retained": verdict(group.item, measure.table_id)}
            )  # fmt: skip
        models.append(
            model | {"n": 301, "n_resamples": 200, "n_different_selections": 31, "share_same_selection": 21.5,
                     "commonest_selection": "provider_type, ogrs_group", "mean_terms": 2.4}
        )  # fmt: skip
    return {
        "stepwise_inclusion": pd.DataFrame(inclusion).astype({"is_retained": "boolean"}),
        "stepwise_stability_models": pd.DataFrame(models),
    }


def make_stated_differences() -> pd.DataFrame:
    """One row a statement; of one there is no odds ratio."""
    rows = [
        (s.measure.code, s.item, s.provider_type, s.first, s.second, 210 + place, 61.5, 120 + place, 48.25, -13.25,
         *((280, 0.61, 0.4, 0.93, 0.0213, None) if place else (280, None, None, None, None, "too few")))
        for place, s in enumerate(STATEMENTS)
    ]  # fmt: skip
    return frame_of(STATED_DIFFERENCES, rows)


def make_headlines_2020() -> pd.DataFrame:
    records = [(key, float(value), float(value), unit, 640) for key, (value, unit) in HEADLINES.items()]
    frame = pd.DataFrame(records, columns=["id", "value", "value_published", "unit", "n"]).astype({"n": "Int64"})
    return frame.assign(description=frame["id"].str.replace("_", " "))


def make_needs_tables() -> dict[str, pd.DataFrame]:
    """Every results table of the bulletin, those made when asked for and from optional inputs too."""
    annex_c, pairs, ratings = make_annex_c(), make_cooccurrence(), make_ratings()
    return {
        "annex_c": annex_c,
        "needs_counts": make_counts(),
        "needs_cooccurrence": pairs,
        "subgroup_differences": make_differences(annex_c),
        "provider_ratings": ratings,
        "stated_differences": make_stated_differences(),
        "headlines": make_headlines_2020(),
        "figure_data": needs_figure_data(annex_c, pairs, ratings),
        **make_stepwise(),
        **make_stepwise_models(),
        **make_sample_tables(),
        **make_stability_tables(),
    }


def with_needs(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables of a release that holds Bulletin 2020/03 too: shared ones say whose rows they are, all are whole."""
    own = make_needs_tables()
    shared = {
        name: pd.concat(
            [tables[name].assign(bulletin="2023/04"), own[name].assign(bulletin="2020/03")], ignore_index=True
        )
        for name in SHARED
    }
    return {name: as_declared(name, frame) for name, frame in {**tables, **own, **shared}.items()}


def as_declared(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every declared column in order: those that no test looks at are left out above, and empty here."""
    known = GATE_RESULTS.names if name == GATE_RESULTS.name else released_table(name).names
    assert set(frame.columns) <= set(known), f"{name} has columns that are not declared"
    return frame.reindex(columns=known)
