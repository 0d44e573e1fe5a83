"""Every suite with good data, and for each of its expectations a way to break the data.

Belongs here: one mutation an expectation name. An expectation without one fails the test that reads this.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from expectations import (
    annex_b,
    annex_cells,
    column_findings,
    contents,
    deliveries,
    fillings,
    intake,
    linkage,
    model_tables,
    publication,
    row_counts,
    spans,
)
from expectations.caseload import caseload_frame, caseload_sizes, caseload_suite, sizes_rules
from expectations.contract_rules import bounded_frame, table_rules
from expectations.coverage import coverage_frame, coverage_rules
from expectations.inspections import inspections_frame, inspections_suite
from expectations.offences import index_rules, offences_frame, offences_suite, without_index
from expectations.ratings import rated_providers, rated_rules, ratings_frame, ratings_suite
from expectations.reoffending import reoffending_suite
from expectations.terminations import terminations_suite
from orchestration.ingest.findings import findings_frame
from orchestration.ingest.labels import known_providers
from orchestration.ingest.parsing import IMPOSSIBLE_DATE, PLACE_COLUMNS, no_places
from orchestration.settings import CODES_DIR, Parameters
from orchestration.tables.contract import CONTRACT, WHOLE_CONTRACT
from tests.made_up.extracts import CANARY
from tests.unit.expectations import good_data

Mutation = Callable[[pd.DataFrame, Any], pd.DataFrame]
PARAMETERS = Parameters()


@dataclass(frozen=True)
class Suite:
    """A suite, a frame it accepts, and mutations by expectation name."""

    frame: pd.DataFrame
    expectations: list[Any]
    mutations: dict[str, Mutation]


def put(value: object, column: str | None = None, row: int = 1) -> Mutation:
    """Put a value into one row of a column: of the expectation's own, unless named."""

    def mutate(frame: pd.DataFrame, expectation: Any) -> pd.DataFrame:
        name = column or expectation.column
        kind = frame[name].dtype
        values = frame[name].astype(object)
        values.iloc[row] = value
        try:
            return frame.assign(**{name: values.astype(kind)})
        except (TypeError, ValueError):
            return frame.assign(**{name: values})

    return mutate


def repeat_first(frame: pd.DataFrame, _: Any) -> pd.DataFrame:
    return pd.concat([frame, frame.head(1)], ignore_index=True)


def no_rows(frame: pd.DataFrame, _: Any) -> pd.DataFrame:
    return frame.head(0)


def as_text(frame: pd.DataFrame, expectation: Any) -> pd.DataFrame:
    return frame.assign(**{expectation.column: frame[expectation.column].astype(str)})


def one_place(frame: pd.DataFrame, _: Any) -> pd.DataFrame:
    return pd.DataFrame([["s", "f", 1, "c", "v", "r"]], columns=list(frame.columns))


def outside(frame: pd.DataFrame, expectation: Any) -> pd.DataFrame:
    """A number one beyond the allowed ones."""
    if hasattr(expectation, "value_set"):
        return put(max(expectation.value_set) + 1)(frame, expectation)
    return put(-1, expectation.column_A)(frame, expectation)


def too_early(frame: pd.DataFrame, expectation: Any) -> pd.DataFrame:
    return put(pd.Timestamp("1918-03-01"), expectation.column_A)(frame, expectation)


def too_late(frame: pd.DataFrame, expectation: Any) -> pd.DataFrame:
    return put(pd.Timestamp("2108-03-01"), expectation.column_B)(frame, expectation)


def first_after_second(frame: pd.DataFrame, expectation: Any) -> pd.DataFrame:
    """Put the earlier column's date a day after the later one's."""
    day = frame[expectation.column_A].iloc[1] + pd.Timedelta(days=1)
    return put(day, expectation.column_B)(frame, expectation)


def differ(frame: pd.DataFrame, expectation: Any) -> pd.DataFrame:
    return frame.assign(**{expectation.column_B: frame[expectation.column_B] + 1})


def drop_a_column(frame: pd.DataFrame, _: Any) -> pd.DataFrame:
    return frame.drop(columns=["provider" if "provider" in frame else "surname"])


COLUMN_MUTATIONS: dict[str, Mutation] = {
    "id_is_unique": repeat_first,
    "required_value_present": put(None),
    "type": as_text,
    "codes_known": put(CANARY),
    "range": outside,
    "not_too_early": too_early,
    "not_too_late": too_late,
    "date_of_birth_before_row": first_after_second,
    "date_of_birth_in_a_lifetime": put(pd.Timestamp("1905-01-01"), "date_of_birth"),
}


def _source_suites() -> dict[str, Suite]:
    providers = known_providers(CODES_DIR)
    return {
        "inspections": Suite(
            inspections_frame(good_data.typed_rows("inspections")),
            inspections_suite(providers),
            COLUMN_MUTATIONS
            | {
                "provider_known": put("Kent, Surrey and Sussex / nps"),
                "started_before_fieldwork": first_after_second,
                "answered_only_where_asked": put("yes"),
                "adult_at_start": put(17),
            },
        ),
        "terminations": Suite(
            bounded_frame(CONTRACT["terminations"], good_data.typed_rows("terminations")),
            terminations_suite(),
            COLUMN_MUTATIONS | {"terminated_after_sentence": first_after_second},
        ),
        "reoffending": Suite(
            bounded_frame(CONTRACT["reoffending"], good_data.typed_rows("reoffending")),
            reoffending_suite(),
            COLUMN_MUTATIONS
            | {
                "reoffended_has_reoffences": put(0, "reoffences", row=1),
                "reoffences_only_where_reoffended": put(2, row=2),
                "days_only_where_reoffended": put(30, row=2),
                "days_where_reoffended": put(None, row=1),
            },
        ),
    }


def _offence_suites() -> dict[str, Suite]:
    given = replace(good_data.extract("offences"), deliveries=good_data.deliveries("2020-06-30"))
    given = replace(given, parsed=given.parsed.assign(file="delivery 1"))
    ends_early = put(pd.Timestamp("2017-03-01"), "offence_end_date")
    return {
        "offences": Suite(
            offences_frame(given),
            offences_suite(),
            COLUMN_MUTATIONS
            | {
                "disposal_after_offence": first_after_second,
                "offence_date_before_delivery": first_after_second,
                "disposal_date_before_delivery": first_after_second,
                "index_date_before_delivery": first_after_second,
                "offence_ends_after_it_began": ends_early,
                "offence_led_to_index_date": put(pd.Timestamp("2017-03-01"), "index_date"),
                "proof_has_its_day": put("O001"),
                "offence_code_known": put("O001"),
                "disposal_known": put("O001"),
            },
        ),
        "offences of people": Suite(
            without_index(given.parsed),
            index_rules(),
            {"index_events_present": put(None), "offences_proven": put(None), "person_has_index_event": put("O001")},
        ),
    }


def _optional_suites() -> dict[str, Suite]:
    inspected = good_data.typed_rows("inspections")
    rated = rated_providers(good_data.typed_rows("ratings"), inspected)
    sizes = caseload_sizes(good_data.typed_rows("caseload"), inspected)
    elsewhere = put("Kent, Surrey and Sussex / nps")
    return {
        "ratings": Suite(
            ratings_frame(good_data.typed_rows("ratings")),
            ratings_suite(inspected),
            COLUMN_MUTATIONS | {"provider_inspected": elsewhere},
        ),
        "ratings of providers": Suite(rated, rated_rules(rated), {"every_provider_rated": put(None, row=0)}),
        "caseload": Suite(
            caseload_frame(good_data.typed_rows("caseload"), inspected),
            caseload_suite(inspected),
            COLUMN_MUTATIONS
            | {
                "provider_inspected": elsewhere,
                "case_inspected": put("I001"),
                "case_of_provider": put("I001"),
                "case_stands_once": put("I001"),
                "id_is_no_identifier": put("a123456"),
            },
        ),
        "caseload of providers": Suite(
            sizes,
            sizes_rules(sizes),
            {"every_provider_has_caseload": put(None, row=0), "caseload_holds_sample": put(7, "eligible_cases", row=0)},
        ),
    }


def _coverage_suite(name: str) -> Suite:
    source, rows = WHOLE_CONTRACT[name], good_data.typed_rows(name)
    starts = good_data.typed_rows("inspections")["start_date"]
    frame = coverage_frame(source, rows, good_data.deliveries(), starts, PARAMETERS)
    mutations = {
        "starts_early_enough": put(frame["first_date"].iloc[0] - pd.Timedelta(days=1), "start_date"),
        "ends_late_enough": put(frame["last_date"].iloc[0] + pd.Timedelta(days=1), "start_date"),
        "follow_up_complete": put(frame["end_date"].iloc[0] + pd.Timedelta(days=1), "needed_until"),
    }
    return Suite(frame, coverage_rules(source, frame), mutations)


def _intake_suites() -> dict[str, Suite]:
    source, extract = CONTRACT["terminations"], good_data.extract("terminations")
    share = pd.DataFrame({"rejected_share": [0.001]})
    files = pd.DataFrame({"delivery": ["delivery 1", "delivery 2"], "rows": [1, 8]})
    return {
        "files read": Suite(files, intake.files_rules(source), {"rows_present": put(0, "rows")}),
        "rows parsed": Suite(extract.rejected, intake.parsing_rules(source, extract), {"rows_parse": one_place}),
        "notes": Suite(extract.notes, intake.notes_rules(source, extract), {"nothing_passed_over": one_place}),
        "share": Suite(
            share,
            intake.share_rules(source, no_places(), 0.001, 0.001),
            {"rejected_rows_within_share": put(0.0011, row=0)},
        ),
    }


def _delivery_suites() -> dict[str, Suite]:
    """What was found in columns, and one delivery against the one before."""
    source = CONTRACT["inspections"]
    nothing = findings_frame("", [])
    given = good_data.extract("inspections", 40)
    counts = pd.concat([given.counts.assign(file=f"delivery {n}") for n in (1, 2)], ignore_index=True)
    days = good_data.deliveries("2019-01-01", "2019-02-01")
    extract = replace(good_data.extract("inspections"), counts=counts, deliveries=days)
    profile = deliveries.delivery_profile(source, extract, extract.rejected)
    going_on = spans.span_steps(profile.assign(last_month="2019-01"), PARAMETERS).assign(months_back_little=0.0)
    possible = pd.concat([spans.impossible_dates(source, extract)] * 2, ignore_index=True)
    sizes = row_counts.rows_steps(profile, good_data.deliveries())
    steps = deliveries.delivery_steps(source, profile, counts)
    again = deliveries.rows_again(source, good_data.typed_rows("inspections", 40).head(1))
    again = pd.concat([again] * 200, ignore_index=True)
    held = contents.column_contents(CONTRACT["reoffending"], good_data.typed_rows("reoffending"))
    apart = deliveries.sentinels(CONTRACT["reoffending"], good_data.typed_rows("reoffending"))
    slips = [("inspections", "delivery 1", line, "date_of_birth", IMPOSSIBLE_DATE, "") for line in (2, 3)]
    unreadable = deliveries.unreadable_dates(profile, pd.DataFrame(slips, columns=PLACE_COLUMNS))
    unreadable = pd.concat([unreadable.assign(share=0.05)] * 2, ignore_index=True)
    found = {words.name: put(1, row=0) for words in column_findings.WORDS.values()}
    return {
        "findings": Suite(
            column_findings.findings_frame(nothing), column_findings.findings_rules(source, nothing), found
        ),
        "rows of deliveries": Suite(
            sizes,
            row_counts.rows_rules(source, sizes, PARAMETERS),
            {
                "rows_not_fewer": put(0.5, row=0),
                "rows_not_at_limit": put(65_535.0, row=0),
                "rows_not_round": put(1_000.0, row=0),
            },
        ),
        "steps of deliveries": Suite(
            steps,
            deliveries.missing_rules(source, steps, PARAMETERS),
            {
                "column_not_newly_empty": put(0.26),
                "column_not_emptier": put(0.11),
                "other_column_not_emptier": put(0.26),
                "codes_as_before": put(0.31),
            },
        ),
        "dates that cannot be read": Suite(
            unreadable,
            deliveries.unreadable_rules(source, unreadable, PARAMETERS),
            {"optional_dates_readable": put(0.06)},
        ),
        "columns filled": Suite(
            fillings.column_fillings(source, profile, extract),
            fillings.filling_rules(source, fillings.column_fillings(source, profile, extract), PARAMETERS),
            {"needed_column_filled": put(0.0), "column_has_several_values": put(100.0)},
        ),
        "contents of columns": Suite(
            held,
            contents.contents_rules(CONTRACT["reoffending"], held, PARAMETERS),
            {"numbers_on_their_scale": put(100.0), "identifiers_in_their_columns": put(0.6)},
        ),
        "spans": Suite(
            going_on,
            spans.span_rules(source, going_on, PARAMETERS),
            {"dates_not_back": put(13.0), "dates_go_on": put(2.0)},
        ),
        "impossible dates": Suite(
            possible,
            spans.impossible_rules(source, possible, PARAMETERS),
            {"births_in_their_century": put(0.06), "dates_before_delivery": put(0.01)},
        ),
        "rows again": Suite(
            again,
            deliveries.again_rules(source, again, PARAMETERS),
            {
                "rows_name_a_person": lambda frame, _: frame.assign(nobody="x"),
                "ids_keep_zeros": put("x"),
                "rows_not_again": lambda frame, _: frame.assign(alike="x"),
                "rows_differ": lambda frame, _: frame.assign(alike="x"),
                "case_is_no_copy": put("x"),
                "sentence_inspected_once": put("x"),
            },
        ),
        "sentinels": Suite(
            apart,
            deliveries.sentinel_rules(CONTRACT["reoffending"], apart, PARAMETERS),
            {"no_undeclared_missing": put(99.0), "numbers_are_known": put(0.06)},
        ),
    }


def _linkage_suites() -> dict[str, Suite]:
    linked = good_data.linked_tables()
    suites = {}
    for source, eligible, outcomes, matches in (
        (
            "termination",
            linked.cases["case_id"].head(6),
            linked.termination_outcomes,
            linked.termination_matches,
        ),
        ("reoffending", linked.cases["case_id"], linked.reoffending_outcomes, linked.reoffending_matches),
    ):
        counts = linkage.linkage_counts(eligible, outcomes, matches)
        suites[f"{source} outcomes"] = Suite(
            outcomes,
            linkage.outcomes_suite(source),
            {"status_known": put("lost"), "status_present": put(None), "one_status_a_case": repeat_first},
        )
        suites[f"{source} matches"] = Suite(
            matches,
            linkage.matches_suite(source, PARAMETERS.match_window_days),
            {
                "one_match_a_case": repeat_first,
                "record_present": put(None),
                "difference_present": put(None),
                "window_respected": put(-8),
                "one_person_a_record": put(True),
            },
        )
        suites[f"{source} counts"] = Suite(
            counts,
            linkage.counts_suite(source, counts, PARAMETERS),
            {
                "statuses_add_up": differ,
                "eligible_without_status": put(1, row=0),
                "status_without_eligible": put(1, row=0),
                "matched_without_record": put(1, row=0),
                "record_without_matched": put(1, row=0),
                "eligible_cases_present": put(0, row=0),
                "match_rate_in_band": put(79.9, row=0),
            },
        )
    suites["overrides"] = Suite(
        pd.DataFrame({"outcome": ["applied", "applied"]}),
        linkage.overrides_suite(),
        {"overrides_taken": put("refused_outside_window")},
    )
    return suites


def _publication_suites() -> dict[str, Suite]:
    tables = good_data.publication_tables()
    counts = publication.reconciliation(tables)
    sums = annex_b.category_sums(tables.annex_b)
    return {
        "reconciliation": Suite(counts, publication.reconciliation_suite(counts), {"rows_reconcile": differ}),
        "annex b": Suite(
            annex_b.cells_with_p_values(tables.annex_b, PARAMETERS.significance_level),
            annex_cells.cells_suite(annex_b.ANNEX_B),
            {
                "rows_complete": lambda frame, _: frame.tail(-1),
                "cells_unique": repeat_first,
                "n_not_negative": put(-1),
                "percent_in_range": put(100.1, row=0),
                "mean_in_range": put(0.9, row=2),
                "cells_rest_on_whole_cases": put(0.4),
                "p_in_range": put(1.1),
                "significance_follows_p": put(False, "marked_rightly"),
            },
        ),
        "category sums": Suite(sums, annex_b.sums_suite(sums), {"categories_add_up": _more_than_all}),
        "match rates": Suite(
            annex_b.with_expected_rate(tables.match_rates),
            annex_b.match_rates_suite(),
            {
                "rows_present": no_rows,
                "matched_within_eligible": put(11, "matched"),
                "rate_is_matched_of_eligible": put(0.1),
            },
        ),
        "models": Suite(
            tables.models,
            model_tables.models_suite(tables.models),
            {
                "models_present": no_rows,
                "published_models_converged": put(False, row=0),
                "other_models_converged": put(False, row=1),
                "models_have_cases": put(0),
            },
        ),
        "model terms": Suite(
            tables.model_terms,
            model_tables.terms_suite(tables.model_terms),
            {"terms_estimable": put(False), "estimable_terms_tested": put(None), "p_in_range": put(-0.1)},
        ),
        "model coefficients": Suite(
            tables.model_coefficients,
            model_tables.coefficients_suite(),
            {"estimates_present": put(None), "errors_positive": put(0.0)},
        ),
    }


def _more_than_all(frame: pd.DataFrame, expectation: Any) -> pd.DataFrame:
    return put(frame[expectation.column_A].iloc[1] + 1, expectation.column_B)(frame, expectation)


def _table_suites() -> dict[str, Suite]:
    return {
        f"{source.name} table": Suite(
            good_data.typed_rows(source.name), table_rules(source), {"columns_present": drop_a_column}
        )
        for source in WHOLE_CONTRACT.values()
    }


def _coverage_suites() -> dict[str, Suite]:
    return {f"{name} coverage": _coverage_suite(name) for name in ("terminations", "reoffending", "offences")}


# What makes the suites of a part: made where they are asked for, not where this is imported.
PARTS: dict[str, Callable[[], dict[str, Suite]]] = {
    "sources": _source_suites,
    "offences": _offence_suites,
    "optional inputs": _optional_suites,
    "tables": _table_suites,
    "coverage": _coverage_suites,
    "intake": _intake_suites,
    "deliveries": _delivery_suites,
    "linkage": _linkage_suites,
    "publication": _publication_suites,
}
