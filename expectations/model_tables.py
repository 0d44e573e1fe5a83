"""Expectations on the models' tables: converged, estimable, tested.

Belongs here: what a fitted model must show before it is published. Not here: fitting.
"""

from typing import Any

import pandas as pd

from expectations.runner import RUN_AGAIN, about


def models_suite(models: pd.DataFrame) -> list[Any]:
    """On results.models."""
    import great_expectations.expectations as gxe

    look = "Look at results.model_notes for the reason; sparse categories and too few cases are the usual ones."
    subject = "results.models"
    has_failed = ~models["converged"].astype(bool)
    is_published = models["is_published"].astype(bool)
    published = about(
        "published_models_converged",
        subject,
        f"published models did not converge: {_listed(models[has_failed & is_published])}",
        look,
    )
    beside = about(
        "other_models_converged",
        subject,
        f"models beside the published ones did not converge: {_listed(models[has_failed & ~is_published])}",
        look,
        warns=True,
    )
    return [
        gxe.ExpectTableRowCountToBeBetween(
            min_value=1, meta=about("models_present", subject, "there are no models", RUN_AGAIN)
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="converged",
            value_set=[True],
            row_condition="is_published == True",
            condition_parser="pandas",
            meta=published,
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="converged",
            value_set=[True],
            row_condition="is_published == False",
            condition_parser="pandas",
            meta=beside,
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="n", min_value=1, meta=about("models_have_cases", subject, "models rest on no cases", look)
        ),
    ]


def terms_suite(terms: pd.DataFrame) -> list[Any]:
    """On results.model_terms; a term that is not estimable is flagged, not an error."""
    import great_expectations.expectations as gxe

    subject = "results.model_terms"
    flagged = terms[~terms["estimable"].astype(bool)]
    listed = ", ".join((flagged["model_id"] + " " + flagged["term"]).unique())
    estimable = about(
        "terms_estimable",
        subject,
        f"terms are not estimable: {listed}",
        "They are marked so in every table; results.model_notes says why.",
        warns=True,
    )
    tested = about("estimable_terms_tested", subject, "estimable terms have no Wald test", RUN_AGAIN)
    in_range = about("p_in_range", subject, "p-values lie outside 0 to 1", RUN_AGAIN)
    return [
        gxe.ExpectColumnValuesToBeInSet(column="estimable", value_set=[True], meta=estimable),
        gxe.ExpectColumnValuesToNotBeNull(
            column="wald_p", row_condition="estimable == True", condition_parser="pandas", meta=tested
        ),
        gxe.ExpectColumnValuesToBeBetween(column="wald_p", min_value=0, max_value=1, meta=in_range),
    ]


def coefficients_suite() -> list[Any]:
    """On results.model_coefficients."""
    import great_expectations.expectations as gxe

    subject = "results.model_coefficients"
    present = about("estimates_present", subject, "estimable coefficients have no estimate", RUN_AGAIN)
    positive = about("errors_positive", subject, "standard errors are not above 0", RUN_AGAIN)
    return [
        gxe.ExpectColumnValuesToNotBeNull(
            column="estimate", row_condition="estimable == True", condition_parser="pandas", meta=present
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="std_error",
            min_value=0,
            strict_min=True,
            row_condition="estimable == True",
            condition_parser="pandas",
            meta=positive,
        ),
    ]


def _listed(models: pd.DataFrame) -> str:
    return ", ".join(sorted(set(models["model_id"])))
