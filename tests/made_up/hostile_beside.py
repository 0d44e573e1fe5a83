"""The second intruder at the tables beside the findings: how good the links are, weights, other choices, resamples.

Each attack is given the tables of a release and says what it works out; a table that is not there tells nothing.
"""

import math

import pandas as pd
from scipy.stats import chi2, ncx2

_FEW, _WIDTH = 10, 3
Tables = dict[str, pd.DataFrame]


def false_links(tables: Tables) -> list[str]:
    """One to nine links that are false: the matched cases, times what precision lacks of all."""
    quality = tables.get("linkage_quality", pd.DataFrame(columns=["measure"]))
    rates = tables["match_rates"].set_index(["source", "item"])["matched"]
    found = []
    for row in quality[quality["measure"] == "precision"].to_dict("records"):
        if not pd.isna(row["value"]):
            matched = rates[row["source"], "all_cases"]
            low, high = (matched * (100 - row["value"] + side) / 100 for side in (-0.05, 0.05))
            if 0 < math.floor(high) < _FEW and math.floor(high) - math.ceil(low) < _WIDTH:
                found.append(f"{row['source']}: {math.ceil(low)} to {math.floor(high)} false")
    return found


def small_strata(tables: Tables) -> list[str]:
    """One to nine cases in a part of a clerical review, or linked otherwise since."""
    counts = ("n_cases_changed", "n_reviewed", "n_unsure", "n_open", "population")
    return _few(tables["linkage_review"], counts)


def single_weights(tables: Tables) -> list[str]:
    """The weight of one case, or that of one to nine something was done to."""
    weights = tables["linkage_weights"]
    ends = [name for name in ("min", "max", "smallest_probability") if weights[name].notna().any()]
    return ends + _few(weights, ("n_raised", "n_lowered", "n_never_matched"))


def predicted_perfectly(tables: Tables) -> list[str]:
    """One to nine cases that were all matched, or of whom none was: named, or left out of the null deviance."""
    models = tables["match_models"]
    found = _few(models, ("n_always_matched", "n_never_matched"))
    for row in models.to_dict("records"):
        matched = tables["match_rates"].set_index(["source", "item"])["matched"][row["source"], "all_cases"]
        null = row["minus_two_log_likelihood"] + row["model_chi2"]
        few = range(1, _FEW)
        if any(abs(deviance(matched - left, row["n"] - left) - null) < 0.006 for left in few):
            found.append(f"{row['source']}: left out of the likelihood")
    return found


def deviance(events: float, n: float) -> float:
    return -2 * (events * math.log(events / n) + (n - events) * math.log(1 - events / n))


def untested(tables: Tables) -> list[str]:
    """Terms without Wald's test, of which it is not said that it is kept back: a level of them ended alike."""
    terms = tables["match_model_terms"]
    said = terms.get("suppressed", pd.Series("", index=terms.index)).fillna("").str.contains("wald")
    return list(terms.loc[terms["wald_p"].isna() & ~said, "term"])


def told_with_weights(tables: Tables) -> list[str]:
    """Estimates and tests that are kept back of the published models, and told beside them with weights."""
    found = []
    for name, key, number, again in (
        ("model_coefficients", "coefficient", "exp_estimate", "published_exp_estimate"),
        ("model_terms", "term", "wald_p", "published_wald_p"),
    ):
        weighted = tables[f"{name}_weighted"]
        published = tables[name].set_index(["model_id", key])[number]
        for row in weighted.to_dict("records"):
            where = (row["model_id"], row[key])
            if pd.isna(published.get(where)) and not (pd.isna(row[again]) and pd.isna(row.get("changes"))):
                found.append(f"{row[key]}")
    return found


def not_estimable_by_count(tables: Tables) -> list[str]:
    """That an estimate kept back is infinite, as none that is told is; and how far one changes that is kept back."""
    summary, coefficients = tables["sensitivity_summary"], tables["model_coefficients"]
    found = (
        ["not estimable"] if (summary["n_not_estimable"] > 0).any() and coefficients["estimate"].isna().any() else []
    )
    kept = set(
        coefficients.loc[coefficients["estimate"].isna(), ["model_id", "coefficient"]].itertuples(
            index=False, name=None
        )
    )
    changes = summary[["largest_change_model", "largest_change_coefficient"]].itertuples(index=False, name=None)
    return found + [f"change of {coefficient}" for model, coefficient in changes if (model, coefficient) in kept]


def behind_resamples(tables: Tables, n: int, others: int, with_outcome: int) -> list[str]:
    """How many of `n` people had what `with_outcome` of them and `others` had, where they had it less often.

    By how often resamples find the difference (whether by their share or by their number), as its test has a
    non-central chi-square of the test on the cases themselves.
    """
    row = tables["stepwise_inclusion"].iloc[0]
    share = row["n_included"] / row["n_resamples"] if pd.isna(row["frequency"]) else row["frequency"] / 100
    if pd.isna(share):
        return []
    error = 2 * math.sqrt(share * (1 - share) / row["n_resamples"])
    agreeing = [
        yes
        for yes in range(1, n)
        if yes / n < (with_outcome - yes) / others < 1
        and abs(share - ncx2.sf(chi2.isf(0.05, 1), 1, difference(yes, n, with_outcome - yes, others))) < error
    ]
    return [f"{agreeing[0]} to {agreeing[-1]}"] if agreeing and agreeing[-1] - agreeing[0] < _WIDTH else []


def difference(first: int, n_first: int, second: int, n_second: int) -> float:
    """The likelihood ratio test of two shares."""
    together = deviance(first + second, n_first + n_second)
    return together - deviance(first, n_first) - deviance(second, n_second)


def same_selection(tables: Tables) -> list[str]:
    """How often resamples select alike, where the share is kept back: by number."""
    models = tables["stepwise_stability_models"]
    told = models[models["share_same_selection"].notna() | models["n_same_selection"].notna()]
    return list(told["model_id"])


def _few(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[str]:
    return [name for name in columns if frame[name].between(1, _FEW - 1).any()]
