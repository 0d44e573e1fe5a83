"""The sensitivity study as results tables.

Belongs here: rows, columns and types of results.sensitivity_match_rates and _ratios. Not here: scenarios and refits
(`sensitivity`), the summary (`summary`).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import Row, frame_of
from orchestration.methods.layouts.specification import BULLETIN_MODELS, BulletinModel
from orchestration.methods.linkage.choices.deciding import AMBIGUOUS, NO_PERSON, NO_RECORD, Decisions
from orchestration.methods.linkage.choices.false_links import REPLICATES
from orchestration.methods.linkage.choices.quick_refits import Refit
from orchestration.methods.linkage.choices.sensitivity import (
    WINDOW,
    Falsified,
    Findings,
    Scenario,
    Study,
    run_study,
)
from orchestration.methods.linkage.choices.summary import summary
from orchestration.methods.statistics.design_matrix import INTERCEPT
from orchestration.methods.statistics.significance import normal_p, normal_quantile
from orchestration.tables.linkage_sensitivity import SENSITIVITY_MATCH_RATES, SENSITIVITY_RATIOS

SPREAD = (2.5, 97.5)
MEASURES = {"reoffences": "rate_ratio"}


def sensitivity_tables(study: Study, replicates: int = REPLICATES) -> dict[str, pd.DataFrame]:
    """The three results tables, by name (`docs/linkage-sensitivity.md` says how to read them)."""
    findings = run_study(study, replicates)
    ratios = frame_of(SENSITIVITY_RATIOS, _ratio_rows(study, findings))
    return {
        "sensitivity_match_rates": frame_of(SENSITIVITY_MATCH_RATES, _rate_rows(study, findings)),
        "sensitivity_ratios": ratios,
        "sensitivity_summary": summary(ratios),
    }


def _rate_rows(study: Study, findings: Findings) -> Iterator[Row]:
    for linked in findings.scenarios:
        for source, decisions in linked.decisions.items():
            yield _rate_row(study, linked.scenario, source, decisions, findings.published.decisions[source])
    for falsified in findings.falsified:
        for source, decisions in findings.published.decisions.items():
            row = _rate_row(study, falsified.scenario, source, decisions, decisions)
            yield row | {"links_changed": round(float(np.median(falsified.replaced[source])))}


def _rate_row(study: Study, scenario: Scenario, source: str, decisions: Decisions, published: Decisions) -> Row:
    eligible = study.sources[source].eligible
    status, matched = decisions.status[eligible], decisions.is_matched[eligible]
    before = published.is_matched[eligible]
    other = decisions.record[eligible] != published.record[eligible]
    return _scenario_columns(study, scenario) | {
        "source": source,
        "eligible": len(eligible),
        "matched": int(matched.sum()),
        "ambiguous": int((status == AMBIGUOUS).sum()),
        "no_record_in_window": int((status == NO_RECORD).sum()),
        "no_person": int((status == NO_PERSON).sum()),
        "rate": 100 * matched.mean() if len(eligible) else np.nan,
        "links_changed": int((matched & before & other).sum()),
        "links_lost": int((before & ~matched).sum()),
        "links_gained": int((matched & ~before).sum()),
    }


def _scenario_columns(study: Study, scenario: Scenario) -> Row:
    return {
        "kind": scenario.kind,
        "scenario": scenario.name,
        "scenario_order": scenario.order,
        "is_default": scenario.kind == WINDOW and scenario.order == study.window_days,
    }


def _ratio_rows(study: Study, findings: Findings) -> Iterator[Row]:
    level = study.significance_level
    for model in BULLETIN_MODELS:
        judged = Judged(model)
        published = judged.read(findings.published.refits[model.model_id], level)
        for linked in findings.scenarios:
            if linked.refits:
                refit = linked.refits[model.model_id]
                here = judged.read(refit, level) | {"n": np.full(len(judged.names), refit.n)}
                yield from _rows(study, linked.scenario, judged, here, published)
        for falsified in findings.falsified:
            expected = {"expected_value": published["value"] ** (1 - falsified.share)}
            medians = _over_replicates(judged, falsified, model.model_id, level)
            yield from _rows(study, falsified.scenario, judged, medians | expected, published)


class Judged:
    """The judgement coefficients of one model: their names, terms and places among all its coefficients."""

    def __init__(self, model: BulletinModel) -> None:
        everything = [INTERCEPT, *(name for term in model.terms for name in term.coefficients)]
        self.model = model
        self.names = [name for term in model.judgements for name in term.coefficients]
        self.terms = [term.name for term in model.judgements for _ in term.coefficients]
        self.places = [everything.index(name) for name in self.names]
        self.places_of = {t.name: [everything.index(name) for name in t.coefficients] for t in model.judgements}

    def read(self, refit: Refit, level: float) -> dict[str, np.ndarray]:
        """One entry a coefficient: ratio, interval, p, its term's joint Wald p, and why there is no estimate."""
        estimates, errors = refit.estimates[self.places], np.sqrt(np.diag(refit.covariance)[self.places])
        reach = normal_quantile(level)
        tests = {term: _wald_p(refit, places) for term, places in self.places_of.items()}
        return {
            "reason": np.array([refit.reasons[place] for place in self.places], dtype=object),
            "value": np.exp(estimates),
            "ci_low": np.exp(estimates - reach * errors),
            "ci_high": np.exp(estimates + reach * errors),
            "p_value": normal_p(estimates / errors),
            "term_p_value": np.array([tests[term] for term in self.terms]),
        }


def _wald_p(refit: Refit, places: list[int]) -> float:
    from scipy.special import chdtrc

    estimates, covariance = refit.estimates[places], refit.covariance[np.ix_(places, places)]
    if not (np.isfinite(estimates).all() and np.isfinite(covariance).all()):
        return np.nan
    return float(chdtrc(len(places), estimates @ np.linalg.solve(covariance, estimates)))


def _over_replicates(judged: Judged, falsified: Falsified, model_id: str, level: float) -> dict[str, np.ndarray]:
    """Medians over the replicates that have an estimate, their spread, and how often the term is significant."""
    refits = falsified.refits[model_id]
    read = [judged.read(refit, level) for refit in refits]
    stacked = {name: np.stack([values[name] for values in read]) for name in read[0] if name != "reason"}
    has_value = np.isfinite(stacked["value"])
    middle = {name: _percentile(values, 50.0) for name, values in stacked.items()}
    tested = np.isfinite(stacked["term_p_value"]).sum(axis=0)
    significant = (stacked["term_p_value"] < level).sum(axis=0)
    return middle | {
        "reason": np.where(has_value.any(axis=0), "", read[0]["reason"]),
        "n": np.full(len(judged.names), round(float(np.median([refit.n for refit in refits])))),
        "replicates": has_value.sum(axis=0),
        "spread_low": _percentile(stacked["value"], SPREAD[0]),
        "spread_high": _percentile(stacked["value"], SPREAD[1]),
        "percent_significant": np.where(tested > 0, 100 * significant / np.maximum(tested, 1), np.nan),
    }


def _percentile(values: np.ndarray, share: float) -> np.ndarray:
    """The percentile of each column's finite values, NaN where there are none."""
    finite = [column[np.isfinite(column)] for column in values.T]
    return np.array([np.percentile(column, share) if column.size else np.nan for column in finite])


def _rows(
    study: Study, scenario: Scenario, judged: Judged, here: dict[str, np.ndarray], published: dict[str, np.ndarray]
) -> Iterator[Row]:
    """One row a judgement coefficient of one scenario, beside the published."""
    level, columns = study.significance_level, _scenario_columns(study, scenario)
    for place, name in enumerate(judged.names):
        own = {column: values[place] for column, values in here.items()}
        significant = _is_below(own["term_p_value"], level)
        before = _is_below(published["term_p_value"][place], level)
        yield (
            columns
            | own
            | {
                "model_id": judged.model.model_id,
                "coefficient": name,
                "term": judged.terms[place],
                "measure": MEASURES.get(judged.model.outcome, "odds_ratio"),
                "estimable": bool(np.isfinite(own["value"])),
                "reason": own["reason"] or None,
                "is_significant": _is_below(own["p_value"], level),
                "is_term_significant": significant,
                "published_value": published["value"][place],
                "published_term_significant": before,
                "change_percent": _change(own["value"], published["value"][place]),
                "significance_changed": pd.NA if pd.isna(significant) or pd.isna(before) else significant != before,
            }
        )


def _is_below(p: float, level: float) -> Any:
    return bool(p < level) if np.isfinite(p) else pd.NA


def _change(value: float, published: float) -> float:
    """How far apart two ratios are, in percent of the smaller: the same up as down."""
    # a difference of nearly equal numbers: beyond nine decimals it is the rounding of the machine
    return float(np.round(100 * np.expm1(abs(np.log(value) - np.log(published))), 9))
