"""Whether a draw tells the bulletin's story: what the regressions must find significant.

Belongs here: the findings that no margin fixes. Not here: the published cells, which every draw meets.
"""

import pandas as pd

from orchestration.methods.bulletin_2023_04.models import fit_bulletin_models
from orchestration.synthetic.calibration.bands import items_2023
from orchestration.synthetic.calibration.strata import NEGATIVE, POSITIVE

# Below the bulletin's 5%, so that a slightly different fit of the same model does not change the finding.
LARGEST_P = 0.04
OUTCOMES = ("termination", "reoffended", "reoffences")
# (model, term): 2023/04, sections 2.1 to 2.3.
SIGNIFICANT = [(f"{outcome}__key_questions", item) for outcome in OUTCOMES for item in ("engagement", "desistance")]
SIGNIFICANT += [(f"{outcome}__{kind}", "ogrs_score") for outcome in OUTCOMES for kind in ("key_questions", "prompts")]
SIGNIFICANT += [(f"{outcome}__prompts", "strengths_built_upon") for outcome in OUTCOMES]
SIGNIFICANT += [("reoffences__prompts", "supports_completion")]


def missing_findings(cases: pd.DataFrame) -> list[str]:
    """The findings of the bulletin that the models of these cases do not show; empty where all hold."""
    terms = fit_bulletin_models(model_frame(cases)).model_terms.set_index(["model_id", "term"])
    p_values = terms["wald_p"].astype(float).reindex(SIGNIFICANT)
    found = [
        f"{model}: {term} p = {p:.3f}"
        for (model, term), p in zip(SIGNIFICANT, p_values, strict=True)
        if not p < LARGEST_P
    ]
    return found + _reversed_rates(cases) + _gaps_out_of_order(cases)


def model_frame(cases: pd.DataFrame) -> pd.DataFrame:
    """The solved cases under the column names of the mart that the models read."""
    recode = {reason: "positive" for reason in POSITIVE} | {reason: "negative" for reason in NEGATIVE}
    return items_2023(cases).assign(termination_outcome=cases["termination_reason"].map(recode))


def _gaps_out_of_order(cases: pd.DataFrame) -> list[str]:
    """The gap in completion by engagement runs from high likelihood (smallest) to low (2023/04, section 2.1)."""
    items = items_2023(cases).assign(positive=cases["termination_reason"].isin(POSITIVE))
    analysed = items[cases["termination_reason"].isin([*POSITIVE, *NEGATIVE])]
    level = analysed["ogrs_group"].replace({"high": "high_very_high", "very_high": "high_very_high"})
    rates = analysed["positive"].groupby([level, analysed["engagement"]]).mean().unstack()
    gaps = rates["yes"] - rates["no"]
    if gaps["low"] >= gaps["medium"] >= gaps["high_very_high"]:
        return []
    return ["the gap in completion by engagement does not fall with the likelihood of reoffending"]


def _reversed_rates(cases: pd.DataFrame) -> list[str]:
    """Terminations match better at lower risk, of reoffending as of serious harm (2023/04, Annex A (ii))."""
    items = items_2023(cases[cases["case_type"] == "community"])
    wrong = []
    for item, order in (
        ("ogrs_group", ["low", "medium", "high", "very_high"]),
        ("rosh_group", ["low", "medium", "high_very_high"]),
    ):
        rates = items["termination_matched"].astype(float).groupby(items[item]).mean()[order]
        if not rates.is_monotonic_decreasing:
            wrong.append(f"termination match rates do not fall by {item}")
    return wrong
