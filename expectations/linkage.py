"""The gate after linkage: every eligible case has one status, matches are sound, rates are plausible.

Belongs here: expectations on the linkage tables as they came out. Not here: the linkage rules' own cases
(dbt unit tests) and quality against truth (evaluation).
"""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from expectations.runner import Checked, GateResult, about, check, nowhere
from orchestration.ingest.parsing import no_places
from orchestration.settings import Parameters

GATE = "linkage"
STATUSES = ("matched", "no_person", "no_record_in_window", "ambiguous")
_LOOK_AT = "Look at linkage.{source}_{table} in the warehouse, and report it: this is a fault of the pipeline."
_PLURAL = {"termination": "terminations", "reoffending": "reoffending"}


@dataclass(frozen=True)
class LinkedTables:
    """The linkage tables, and the accepted inspections (case_id, case_type) that define who is eligible.

    `overrides_outcomes`: one row a reviewer's override (outcome: `applied`, or why not); none without reviewers.
    """

    cases: pd.DataFrame
    termination_outcomes: pd.DataFrame
    termination_matches: pd.DataFrame
    reoffending_outcomes: pd.DataFrame
    reoffending_matches: pd.DataFrame
    overrides_outcomes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"outcome": pd.Series(dtype="str")}))


def run_linkage_gate(linked: LinkedTables, parameters: Parameters) -> GateResult:
    """Judge the linkage of both sources (2023/04, Annex A (ii) and (iii))."""
    is_community = linked.cases["case_type"] == "community"
    checked = [
        *_check_source(
            "termination",
            linked.cases.loc[is_community, "case_id"],
            linked.termination_outcomes,
            linked.termination_matches,
            parameters,
        ),
        *_check_source(
            "reoffending",
            linked.cases["case_id"],
            linked.reoffending_outcomes,
            linked.reoffending_matches,
            parameters,
        ),
        *check(GATE, linked.overrides_outcomes, overrides_suite(), nowhere),
    ]
    return GateResult(GATE, tuple(item.outcome for item in checked), no_places())


def _check_source(
    source: str, eligible: pd.Series, outcomes: pd.DataFrame, matches: pd.DataFrame, parameters: Parameters
) -> list[Checked]:
    counts = linkage_counts(eligible, outcomes, matches)
    return [
        *check(GATE, outcomes, outcomes_suite(source), nowhere),
        *check(GATE, matches, matches_suite(source, parameters.match_window_days), nowhere),
        *check(GATE, counts, counts_suite(source, counts, parameters), nowhere),
    ]


def linkage_counts(eligible: pd.Series, outcomes: pd.DataFrame, matches: pd.DataFrame) -> pd.DataFrame:
    """One row of whole numbers, and match_rate in percent (missing where nobody is eligible)."""
    # as objects: asked whether texts are among texts, pandas makes an object of every one again
    eligible, with_status, with_match = (
        ids.astype(object) for ids in (eligible, outcomes["case_id"], matches["case_id"])
    )
    matched = with_status[outcomes["status"] == "matched"]
    n_matched = int(matched.nunique())
    return pd.DataFrame(
        {
            "eligible": [len(eligible)],
            "with_status": [int(outcomes["status"].isin(STATUSES).sum())],
            "eligible_without_status": [int((~eligible.isin(with_status)).sum())],
            "status_without_eligible": [int((~with_status.isin(eligible)).sum())],
            "matched_without_record": [int((~matched.isin(with_match)).sum())],
            "record_without_matched": [int((~with_match.isin(matched)).sum())],
            "match_rate": [100 * n_matched / len(eligible) if len(eligible) else float("nan")],
        }
    )


def outcomes_suite(source: str) -> list[Any]:
    """On linkage.<source>_outcomes."""
    import great_expectations.expectations as gxe

    remedy = _LOOK_AT.format(source=source, table="outcomes")
    subject = f"linkage.{source}_outcomes"
    known = about("status_known", subject, f"cases have a status other than {', '.join(STATUSES)}", remedy)
    present = about("status_present", subject, "cases have no status", remedy)
    one = about("one_status_a_case", subject, "cases have more than one status", remedy)
    return [
        gxe.ExpectColumnValuesToBeInSet(column="status", value_set=list(STATUSES), meta=known),
        gxe.ExpectColumnValuesToNotBeNull(column="status", meta=present),
        gxe.ExpectColumnValuesToBeUnique(column="case_id", meta=one),
    ]


def matches_suite(source: str, window_days: int) -> list[Any]:
    """On linkage.<source>_matches."""
    import great_expectations.expectations as gxe

    remedy = _LOOK_AT.format(source=source, table="matches")
    subject = f"linkage.{source}_matches"
    one = about("one_match_a_case", subject, "cases have more than one match", remedy)
    record = about("record_present", subject, "matches name no record", remedy)
    dated = about("difference_present", subject, "matches have no date difference", remedy)
    contested = about(
        "one_person_a_record",
        subject,
        "matches share their record with a case that is visibly of another person, so that one of the two is false",
        f"select * from linkage.contested_records where source = '{_PLURAL[source]}' lists them, make explain CASE=... "
        "shows one; set the false link aside in review/overrides.csv (must_not_link).",
        warns=True,
    )
    window = about("window_respected", subject, f"matches lie more than {window_days} days from the start date", remedy)
    return [
        gxe.ExpectColumnValuesToBeUnique(column="case_id", meta=one),
        gxe.ExpectColumnValuesToNotBeNull(column="record_id", meta=record),
        gxe.ExpectColumnValuesToNotBeNull(column="date_difference_days", meta=dated),
        gxe.ExpectColumnValuesToBeInSet(column="is_contested", value_set=[False], meta=contested),
        gxe.ExpectColumnValuesToBeBetween(
            column="date_difference_days", min_value=-window_days, max_value=window_days, meta=window
        ),
    ]


def overrides_suite() -> list[Any]:
    """On linkage.overrides_outcomes: a link that a reviewer asked for and did not get is told, and stops nothing."""
    import great_expectations.expectations as gxe

    taken = about(
        "overrides_taken",
        "linkage.overrides_outcomes",
        "overrides were refused and their cases decided by the rules: the record lies outside the window, or the "
        "case was to be linked to two records",
        "select * from linkage.overrides_outcomes where outcome <> 'applied' lists them; correct review/overrides.csv.",
        warns=True,
    )
    return [gxe.ExpectColumnValuesToBeInSet(column="outcome", value_set=["applied"], meta=taken)]


def counts_suite(source: str, counts: pd.DataFrame, parameters: Parameters) -> list[Any]:
    """On `linkage_counts`: the figures themselves are counts of cases and may be told."""
    import great_expectations.expectations as gxe

    seen = counts.iloc[0]
    remedy = _LOOK_AT.format(source=source, table="outcomes")
    adds_up = about(
        "statuses_add_up",
        source,
        "the cases with a status are not as many as the eligible cases",
        remedy,
        observed=f"{seen['with_status']:.0f} and {seen['eligible']:.0f} cases",
    )
    none_of = {
        "eligible_without_status": "eligible cases have no status",
        "status_without_eligible": "cases have a status and are not eligible",
        "matched_without_record": "cases have the status matched and no match",
        "record_without_matched": "cases have a match and another status",
    }
    return [
        gxe.ExpectColumnPairValuesToBeEqual(
            column_A="eligible", column_B="with_status", ignore_row_if="neither", meta=adds_up
        ),
        *(
            gxe.ExpectColumnValuesToBeBetween(
                column=column,
                min_value=0,
                max_value=0,
                meta=about(column, source, problem, remedy, observed=f"{seen[column]:.0f} cases"),
            )
            for column, problem in none_of.items()
        ),
        *_match_rate_rules(source, seen, parameters),
    ]


def _match_rate_rules(source: str, seen: pd.Series, parameters: Parameters) -> list[Any]:
    import great_expectations.expectations as gxe

    eligible = about(
        "eligible_cases_present",
        source,
        f"no inspected case is eligible for matching to {_PLURAL[source]}",
        "Check case_type in the inspections extract.",
        observed=f"{seen['eligible']:.0f} cases",
    )
    low, high = parameters.match_rate_low, parameters.match_rate_high
    band = about(
        "match_rate_in_band",
        source,
        f"the share of the {seen['eligible']:.0f} eligible cases that match {_PLURAL[source]} is not within "
        f"{low:g}% to {high:g}%",
        f"Count linkage.{source}_outcomes by status to see where cases are lost (dates, identifiers, span). "
        "Where the rate is right, set PROBATION_MATCH_RATE_LOW or PROBATION_MATCH_RATE_HIGH.",
        observed=f"{seen['match_rate']:.1f}%",
    )
    return [
        gxe.ExpectColumnValuesToBeBetween(column="eligible", min_value=1, meta=eligible),
        gxe.ExpectColumnValuesToBeBetween(column="match_rate", min_value=low, max_value=high, meta=band),
    ]
