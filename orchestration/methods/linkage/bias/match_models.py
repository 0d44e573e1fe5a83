"""A model of being matched: who is found, all characteristics and judgements at once.

Belongs here: the model's terms and results.match_models with its companions. Not here: item by item
(`match_bias`), and weights (`weights`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.layouts import layout_2023
from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.layouts.outcomes import MATCHED_COLUMNS, OUTCOME
from orchestration.methods.layouts.specification import Term
from orchestration.methods.linkage.bias.match_bias import MISSING
from orchestration.methods.statistics.design_matrix import Design, design_of
from orchestration.methods.statistics.discrimination import roc_area
from orchestration.methods.statistics.fitting import Fit, fit_family
from orchestration.methods.statistics.logistic import LOGISTIC
from orchestration.methods.statistics.model_blocks import logistic_fit
from orchestration.methods.statistics.model_rows import (
    coefficient_row,
    term_row,
    wald_estimates,
)
from orchestration.methods.statistics.significance import (
    TermTests,
    likelihood_ratio,
    term_tests,
)
from orchestration.tables.match_bias import MATCH_MODEL_COEFFICIENTS, MATCH_MODEL_TERMS, MATCH_MODELS

# A missing category of fewer cases has no coefficient of its own: its estimate would be noise, and often infinite.
LEAST_MISSING = 20
REFERENCES = {
    "age_group": "25-39",
    "gender": "male",
    "ethnicity": "white",
    "previous_sanctions_group": "2-5",
    "case_type": "community",
    "ogrs_group": "low",
    "rosh_group": "low",
    "provider_type": "crc",
}


@dataclass(frozen=True)
class MatchModel:
    """The model of one source. `design.cases` labels the eligible cases, `fit.fitted` are their probabilities."""

    source: str
    design: Design
    fit: Fit
    terms: tuple[TermTests, ...]
    constant: Fit
    n_missing_pooled: int

    @property
    def matched(self) -> np.ndarray:
        return self.design.outcome == 1


def fit_match_models(cases: pd.DataFrame) -> tuple[MatchModel, ...]:
    """Logistic regression of being matched on characteristics and judgements, over each source's eligible cases.

    `cases` is marts.cases. Categories throughout (bands of the interval items, as in results.match_rates), so
    that missing is a category like another and every eligible case has a probability. A missing category with
    fewer than 20 cases, or of matched or unmatched cases only, joins its item's largest category.
    """
    return tuple(_fit_source(cases, source, column) for source, column in MATCHED_COLUMNS.items())


def _fit_source(cases: pd.DataFrame, source: str, column: str) -> MatchModel:
    eligible = cases[cases[column].notna()]
    matched = eligible[column].astype(float).to_numpy()
    filled, n_pooled = _filled(eligible, matched)
    terms = tuple(term for item in _items() if (term := _term(item, filled[item])) is not None)
    design = design_of(filled.assign(**{OUTCOME: matched}), terms)
    fit = fit_family(LOGISTIC, design.matrix, design.outcome)
    constant = fit_family(LOGISTIC, design.matrix[:, :1], design.outcome, fit.separates)
    return MatchModel(source, design, fit, term_tests(design, LOGISTIC, fit), constant, n_pooled)


def _items() -> tuple[str, ...]:
    judgements = layout_2023.ENGAGEMENT + layout_2023.DESISTANCE
    return (*(item.item for item in layout_2023.CHARACTERISTICS), "provider_type", *(item.item for item in judgements))


def _filled(eligible: pd.DataFrame, matched: np.ndarray) -> tuple[pd.DataFrame, int]:
    """The model's items without a gap, and how many gaps joined the largest category."""
    filled, n_pooled = {}, 0
    for item in _items():
        values = eligible[item].astype(object).where(eligible[item].isin(_codes(item)), MISSING)
        gaps = (values == MISSING).to_numpy()
        if gaps.any() and not gaps.all() and not _stands_alone(gaps, matched):
            values = values.mask(gaps, values[~gaps].value_counts(sort=True).index[0])
            n_pooled += int(gaps.sum())
        filled[item] = values
    return pd.DataFrame(filled, index=eligible.index), n_pooled


def _stands_alone(gaps: np.ndarray, matched: np.ndarray) -> bool:
    return bool(gaps.sum() >= LEAST_MISSING and 0 < matched[gaps].mean() < 1)


def _codes(item: str) -> tuple[str, ...]:
    return layout_2023.ITEM_BY_CODE[item].codes if item in layout_2023.ITEM_BY_CODE else ("crc", "nps")


def _term(item: str, values: pd.Series) -> Term | None:
    """The item's term over the levels that are there, against the house's reference (else the largest level)."""
    present = [code for code in (*_codes(item), MISSING) if (values == code).any()]
    if len(present) < 2:
        return None
    reference = REFERENCES.get(item, "no")
    return Term(item, item, tuple(present), reference if reference in present else str(values.mode().iloc[0]))


def match_model_tables(models: Iterable[MatchModel], significance_level: float = 0.05) -> dict[str, pd.DataFrame]:
    """results.match_models, match_model_terms and match_model_coefficients.

    `n_always_matched` and `n_never_matched` count the cases the model predicts perfectly (separation).
    """
    fitted = list(models)
    return {
        "match_models": frame_of(MATCH_MODELS, (_model_row(model, significance_level) for model in fitted)),
        "match_model_terms": frame_of(MATCH_MODEL_TERMS, (row for model in fitted for row in _term_rows(model))),
        "match_model_coefficients": frame_of(
            MATCH_MODEL_COEFFICIENTS, (row for model in fitted for row in _coefficient_rows(model, significance_level))
        ),
    }


def _model_row(model: MatchModel, significance_level: float) -> Row:
    outcome, fit, n = model.design.outcome, model.fit, model.design.n
    n_unmatched, rank = int(n - outcome.sum()), fit.estimability.rank
    whole = likelihood_ratio(fit, model.constant)
    area = roc_area(fit.fitted, model.matched, significance_level)
    separated = ~fit.estimability.rows if fit.converged else np.zeros(n, dtype=bool)
    return {
        "source": model.source,
        "n": n,
        "n_matched": n - n_unmatched,
        "n_unmatched": n_unmatched,
        "n_coefficients": rank,
        "unmatched_per_coefficient": n_unmatched / rank if rank else np.nan,
        "n_missing_pooled": model.n_missing_pooled,
        "n_always_matched": int((separated & model.matched).sum()),
        "n_never_matched": int((separated & ~model.matched).sum()),
        "minus_two_log_likelihood": -2 * fit.log_likelihood,
        "model_chi2": whole.chi2,
        "model_df": whole.df,
        "model_p": whole.p,
        **logistic_fit(model.design, fit),
        "c_statistic": area.area,
        "c_ci_low": area.ci_low,
        "c_ci_high": area.ci_high,
        "converged": fit.converged,
        "failure": fit.failure or None,
    }


def _term_rows(model: MatchModel) -> Iterator[Row]:
    for tests in model.terms:
        yield {"source": model.source, "term": tests.term.name, **term_row(tests)}


def _coefficient_rows(model: MatchModel, significance_level: float) -> Iterator[Row]:
    """Every coefficient; reference levels have none and are counted in results.match_rates."""
    estimates = wald_estimates(model.fit, significance_level)
    for place, name in enumerate(model.design.coefficients):
        members = model.design.matrix[:, place] == 1
        yield {
            "source": model.source,
            **coefficient_row(name, place, estimates),
            "n": int(members.sum()),
            "n_matched": int((members & model.matched).sum()),
            "not_estimable_because": model.fit.estimability.reasons[place] or None,
        }
