"""Which rows of the tables of models tell of few people, though no count of people stands in them.

Belongs here: levels with few cases, models whose numbers can be solved for the counts behind them, models that leave
out few cases. Not here: counts themselves (`claims.py`, `suppression.py`), blanking cells (`protection.py`).

A regression of one characteristic is a table of counts in other words: from its coefficients, errors and likelihood
the counts can be had, and less those of an annex they tell of the few whose answers are incomplete. An estimate that
is infinite says that all of a level ended alike, or none.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from orchestration.disclosure.suppression import Rule
from orchestration.methods.layouts.layout_2023 import ANNEX_B as ITEMS
from orchestration.methods.layouts.specification import model_id
from orchestration.tables.annexes import ANNEX_B
from orchestration.tables.linkage_sensitivity import SENSITIVITY_SUMMARY
from orchestration.tables.needs import ANNEX_C, STEPWISE_TERMS, SUBGROUP_DIFFERENCES
from orchestration.tables.robustness import STRENGTH_CONTRASTS
from orchestration.tables.robustness_refits import SPECIFICATIONS

_FORCED, _FIRTH = "__forced", "__firth"
_STEPWISE = "stepwise__"
_OF_SELECTIONS = (ANNEX_C.name, SUBGROUP_DIFFERENCES.name, STEPWISE_TERMS.name)
_ITEM_BY_CODE = {item.item: item for item in ITEMS}
Place = tuple[str, str]


@dataclass(frozen=True)
class ModelRows:
    """What is to be kept back of models.

    `few`: (model, coefficient) and (model, term) that rest on a level with few cases. `solvable`: models with no more
    patterns of cases than numbers told of them; `simple`: selections that keep one characteristic or none, so that each
    of their tests is of a table of two. `nearly_complete`: models that leave out few of the cases with the outcome.
    `gone`: models that are there only because a level with few cases has an infinite estimate.
    """

    few: frozenset[Place]
    solvable: frozenset[str]
    simple: frozenset[str]
    nearly_complete: frozenset[str]
    gone: frozenset[str]

    def leaves(self, row: Mapping[str, Any]) -> bool:
        """Whether a row may be there at all: that there is a note, or Firth's model, says that all ended alike."""
        is_note = "note" in row and (row["model_id"], row.get("term")) in self.few
        return row.get("model_id") not in self.gone and not is_note

    def keeps_estimates(self, table: str, row: Mapping[str, Any]) -> bool:
        """Whether nothing that was estimated may be told in a row."""
        is_raw = table == SPECIFICATIONS.name and row["controls"] == "none" and row["judgements"] != "with_prompts"
        is_other_selection = table == STEPWISE_TERMS.name and row["removal_test"] != "likelihood_ratio"
        if is_raw or is_other_selection:
            return True
        telling = self.simple if table in _OF_SELECTIONS else self.solvable
        return any(model in telling or (model, of) in self.few for model, of in _places(table, row))

    def keeps_outcomes(self, row: Mapping[str, Any]) -> bool:
        """Whether the number of cases with the outcome may not be told in a row."""
        return row.get("model_id") in self.nearly_complete


def model_rows(tables: Mapping[str, pd.DataFrame], rule: Rule) -> ModelRows:
    """What the exact tables say of the levels, terms and cases of their models; nothing where there are none."""
    if not {"model_levels", "model_terms", "model_coefficients", "models"} <= tables.keys():
        return ModelRows(frozenset(), frozenset(), frozenset(), frozenset(), frozenset())
    levels, terms = tables["model_levels"], tables["model_terms"]
    small = levels[levels["n"].astype("float64").map(rule.is_small)]
    few_terms = frozenset(zip(small["model_id"], small["term"], strict=True))
    few_levels = frozenset(zip(small["model_id"], small["term"] + "=" + small["level"], strict=True))
    models = tables["models"]
    left_out = (models["n_with_outcome"] - models["n"]).astype("float64").map(rule.is_small)
    return ModelRows(
        few_terms | few_levels,
        _solvable(levels, terms, tables["model_coefficients"]),
        frozenset(model for model in models["model_id"] if (terms["model_id"] == model).sum() <= 1),
        frozenset(models.loc[left_out, "model_id"]),
        _gone(models, terms, few_terms),
    )


def _solvable(levels: pd.DataFrame, terms: pd.DataFrame, coefficients: pd.DataFrame) -> frozenset[str]:
    """A model tells each coefficient with its error, and its likelihood; the counts are two a pattern of cases.

    Its equations set as many of them as it has coefficients, and what it tells is as much again and one number more.
    """
    sizes = Counter(zip(levels["model_id"], levels["term"], strict=True))
    numbers = Counter(coefficients["model_id"])
    found = set(map(str, coefficients["model_id"])) - set(map(str, terms["model_id"]))  # of no characteristic at all
    for model, own in terms.groupby("model_id")["term"]:
        # An interval has no levels, and as many patterns as values.
        patterns = math.prod(sizes[model, term] or math.inf for term in own)
        if patterns <= numbers[model] + 2:
            found.add(str(model))
    return frozenset(found)


def _gone(models: pd.DataFrame, terms: pd.DataFrame, few_terms: frozenset[Place]) -> frozenset[str]:
    """Firth's models beside those of which no term without few cases is infinite."""
    infinite = terms[~terms["estimable"].astype(bool)]
    explained = {
        model
        for model, term in zip(infinite["model_id"], infinite["term"], strict=True)
        if (model, term) not in few_terms
    }
    return frozenset(
        name for name in models["model_id"] if name.endswith(_FIRTH) and name.removesuffix(_FIRTH) not in explained
    )


def _places(table: str, row: Mapping[str, Any]) -> list[Place]:
    """The models, each with what of it, that the estimates of a row are taken from."""
    if table == ANNEX_B.name:
        item = _ITEM_BY_CODE[row["item"]]
        return [(model_id(row["outcome"], item.judgements), item.term)]
    if table == ANNEX_C.name:
        return [(f"{_STEPWISE}{row['outcome']}", "")]
    if table == SUBGROUP_DIFFERENCES.name:
        selected = f"{_STEPWISE}{row['outcome']}"
        return [(selected, ""), (f"{selected}{_FORCED}", row["item"])]
    if table == STRENGTH_CONTRASTS.name:
        return [(row["model_id"], "strengths_built_upon")]
    if table == SENSITIVITY_SUMMARY.name:
        return [(row["largest_change_model"], row["largest_change_coefficient"])]
    if "model_id" not in row:
        return []
    of = "" if table == STEPWISE_TERMS.name else row.get("coefficient") or row.get("term") or ""
    return [(row["model_id"], of)]
