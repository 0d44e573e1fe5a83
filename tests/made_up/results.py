"""A made-up round of cases and results tables for the tests of publications and releases.

The tables are computed here in plain pandas, apart from `methods/`, so that these tests say nothing about the
methods and need none of their time.
"""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

from orchestration.methods.layouts.layout_2023 import ANNEX_B, CHARACTERISTICS, is_outside_the_table
from orchestration.methods.layouts.layout_2023 import rows as annex_b_rows
from orchestration.publications.bulletin_2023_04.figure_data import figure_data
from orchestration.publications.shared.release_facts import ReleaseFacts
from tests.made_up.linkage_results import make_linkage_tables
from tests.made_up.model_results import make_model_tables
from tests.made_up.needs_results import make_needs_tables
from tests.made_up.reoffence_results import make_reoffence_tables
from tests.made_up.robustness_results import make_robustness_tables

N_CASES = 800
SIGNIFICANT_TERMS = {"engagement", "desistance", "ogrs_score", "strengths_built_upon"}
REASONS = [
    "ran_full_course",
    "early_good_progress",
    "early_conviction",
    "early_failure_to_comply",
    "early_other",
]
OUTCOME_OF_REASON = dict(zip(REASONS, ["positive", "positive", "negative", "negative", "excluded"], strict=True))


def make_cases(seed: int = 1, n: int = N_CASES) -> pd.DataFrame:
    """marts.cases with random characteristics, judgements and outcomes, some of each missing."""
    random = np.random.default_rng(seed)

    def drawn(codes: list[str], missing: float = 0.02) -> pd.Series:
        values = pd.Series(random.choice(codes, n), dtype="str")
        return values.mask(pd.Series(random.random(n) < missing))

    cases = pd.DataFrame({item.item: drawn(list(item.codes)) for item in ANNEX_B if item.item != "all_cases"})
    cases["ogrs_group_2020"] = cases["ogrs_group"].replace({"high": "high_very_high", "very_high": "high_very_high"})
    community = cases["case_type"].eq("community").fillna(False)
    cases["termination_matched"] = pd.Series(random.random(n) < 0.9, dtype="boolean").where(community)
    matched = cases["termination_matched"].fillna(False).astype(bool)
    cases["termination_reason"] = drawn(REASONS, 0).where(matched)
    cases["termination_outcome"] = cases["termination_reason"].map(OUTCOME_OF_REASON).astype("str")
    cases["reoffending_matched"] = pd.Series(random.random(n) < 0.87, dtype="boolean")
    followed = cases["reoffending_matched"].astype(bool)
    cases["reoffended"] = pd.Series(random.integers(0, 2, n), dtype="Int64").where(followed)
    counts = pd.Series(random.integers(1, 15, n), dtype="Int64")
    cases["reoffences"] = (counts * cases["reoffended"]).where(followed)
    return cases


def independent_cell(cases: pd.DataFrame, outcome: str) -> tuple[int, float | None]:
    """n and value of one cell, by plain selection."""
    if outcome == "termination_positive":
        base = cases.loc[cases["termination_outcome"].isin(["positive", "negative"])]
        values = base["termination_outcome"].eq("positive").astype(float) * 100
    elif outcome == "reoffended":
        values = cases["reoffended"].dropna().astype(float) * 100
    else:
        values = cases.loc[cases["reoffended"].eq(1).fillna(False), "reoffences"].astype(float)
    return len(values), (float(values.mean()) if len(values) else None)


def _half_up(value: float | None, decimals: int) -> float | None:
    if value is None:
        return None
    return float(Decimal(str(round(value, 9))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def make_annex_b(cases: pd.DataFrame) -> pd.DataFrame:
    records = []
    for item, category, outcome in annex_b_rows():
        subset = cases if item.item == "all_cases" else cases.loc[cases[item.item].eq(category.code).fillna(False)]
        n, value = independent_cell(subset, outcome.code)
        tested = bool(item.term) and not (item.item == "case_type" and outcome.code == "termination_positive")
        significant = item.term in SIGNIFICANT_TERMS if tested else None
        if is_outside_the_table(item, category, outcome):
            n, value = None, None
        records.append(
            {
                "table_id": item.table_id, "item": item.item, "category": category.code,
                "outcome": outcome.code,
                "n": n, "value": value, "value_published": _half_up(value, outcome.decimals),
                "p_value": (0.0004 if significant else 0.412) if tested else None, "significant": significant,
            }
        )  # fmt: skip
    types = {"n": "Int64", "value": "Float64", "value_published": "Float64", "p_value": "Float64"}
    return pd.DataFrame(records).astype(types | {"significant": "boolean"})


def make_match_rates(cases: pd.DataFrame) -> pd.DataFrame:
    records = []
    for source, column in (("terminations", "termination_matched"), ("reoffending", "reoffending_matched")):
        eligible = cases.loc[cases[column].notna()]
        groups = [("all_cases", "all", eligible)]
        for item in CHARACTERISTICS:
            groups += [
                (item.item, c.code, eligible.loc[eligible[item.item].eq(c.code).fillna(False)]) for c in item.categories
            ]
        for item_id, category, group in groups:
            n, matched = len(group), int(group[column].astype(bool).sum())
            rate = 100 * matched / n if n else None
            p = None if item_id == "all_cases" else 0.03
            records.append((source, item_id, category, n, matched, rate, p))
    columns = ["source", "item", "category", "eligible", "matched", "rate", "p_value"]
    types = {"eligible": "Int64", "matched": "Int64", "rate": "Float64", "p_value": "Float64"}
    return pd.DataFrame(records, columns=columns).astype(types)


def make_headlines() -> pd.DataFrame:
    values = {
        "cases_inspected": (800, "count"), "community_cases": (400, "count"), "reoff_matched": (696, "count"),
        "reoff_match_rate": (87.0, "percent"), "reoff_match_rate_round": (87, "percent"),
        "term_positive_pct": (52.2, "percent"), "reoffended_pct": (49.6, "percent"),
        "reoffences_mean": (7.44, "mean_count"), "reoffences_three_or_fewer_pct": (22.2, "percent"),
        "reoffences_mode": (3, "count"), "kq_engagement_yes_pct": (50.3, "percent"),
        "kq_desistance_yes_pct": (49.1, "percent"), "both_kq_completion_gap": (24.4, "percentage_points"),
        "both_kq_reoffending_gap": (13.6, "percentage_points"), "term_ran_full_course": (70, "count"),
        "term_early_good_progress": (71, "count"), "term_early_offence": (72, "count"),
        "term_early_noncompliance": (73, "count"), "term_early_other": (74, "count"),
        "term_excluded": (0, "count"),
        "crc_inspected": (21, "count"), "nps_inspected": (7, "count"),
    }  # fmt: skip
    records = [(key, float(value), _half_up(value, 0), unit, 500) for key, (value, unit) in values.items()]
    frame = pd.DataFrame(records, columns=["id", "value", "value_published", "unit", "n"]).astype({"n": "Int64"})
    return frame.assign(description=frame["id"].str.replace("_", " "))


def make_tables(seed: int = 1) -> dict[str, pd.DataFrame]:
    cases = make_cases(seed)
    return {
        "report_months": pd.DataFrame(
            [("Merseyside", "CRC", "2018-09"), ("Wales", "NPS", "2019-04"), ("Wales", "CRC", "2019-07")],
            columns=["provider", "provider_type", "report_month"],
        ),
        "annex_b": make_annex_b(cases),
        "match_rates": make_match_rates(cases),
        "headlines": make_headlines(),
        "figure_data": figure_data(cases),
        "gate_results": pd.DataFrame(
            [("inspections", "unique", "case_id", True, "0", "ok", "error", "run-1")],
            columns=[
                "gate",
                "expectation",
                "subject",
                "success",
                "observed",
                "message",
                "severity",
                "run_id",
            ],
        ),
        **make_model_tables(),
        **make_linkage_tables(),
        **make_robustness_tables(),
        **make_reoffence_tables(),
    }


def make_facts(is_synthetic: bool = True) -> ReleaseFacts:
    return ReleaseFacts(
        release="20260102T030405Z-abcdef123456",
        created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        is_synthetic=is_synthetic,
        inputs=[
            {"source": source, "name": f"{source}.csv", "sha256": "0" * 64, "rows": 800, "delivery_order": 1}
            for source in ("inspections", "terminations", "reoffending")
        ],
        code_version="0.1.0+abc",
        packages={"pandas": "3.1.1"},
        parameters={"match_window_days": 7, "significance_level": 0.05, "minimum_cell": 10},
        row_counts={"raw.inspections": 800, "marts.cases": 800},
        fingerprints={"input": "abcdef123456"},
    )


def make_tables_of_2020() -> dict[str, pd.DataFrame]:
    """The results tables as Bulletin 2020/03 sees them."""
    tables = make_tables()
    return {name: tables[name] for name in ("report_months", "gate_results")} | make_needs_tables()
