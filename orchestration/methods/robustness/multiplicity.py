"""The judgements' p-values with allowance for how many tests there are.

Belongs here: Holm's and Benjamini and Hochberg's adjustments over all judgement terms of the six models. Not here: the
tests.
"""

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import declared
from orchestration.tables.robustness import MULTIPLICITY


def multiplicity(
    model_terms: pd.DataFrame, published: tuple[str, ...], significance_level: float = 0.05
) -> pd.DataFrame:
    """results.multiplicity: one row a judgement term of the `published` models (ids).

    `model_terms` is results.model_terms. Holm (1979) bounds the chance of any false finding, Benjamini and Hochberg
    (1995) the expected share of false ones among the findings; both count the terms that have a test and no other.
    """
    from statsmodels.stats.multitest import multipletests

    own = model_terms[model_terms["model_id"].isin(published) & (model_terms["block"] == "judgements")]
    frame = own[["model_id", "term"]].assign(p=own["wald_p"].astype(float), p_holm=np.nan, p_bh=np.nan)
    tested = frame["p"].notna()
    frame["n_tests"] = int(tested.sum())
    if tested.any():
        for column, method in (("p_holm", "holm"), ("p_bh", "fdr_bh")):
            frame.loc[tested, column] = multipletests(frame.loc[tested, "p"], method=method)[1]
    for name in ("p", "p_holm", "p_bh"):
        frame[f"is_significant{name[1:]}"] = frame[name].lt(significance_level).astype("boolean").mask(~tested)
    frame["not_estimable_because"] = [None if known else "the term has no Wald test" for known in tested]
    return declared(MULTIPLICITY, frame.reset_index(drop=True))
