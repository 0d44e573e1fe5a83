"""Made-up results tables of the six models: four terms each, one of them not estimable."""

import itertools

import pandas as pd

MODELS = [
    f"{outcome}__{judgements}"
    for outcome, judgements in itertools.product(
        ["termination", "reoffended", "reoffences"], ["key_questions", "prompts"]
    )
]
TERMS = ["age", "gender", "ogrs_score", "engagement"]
COEFFICIENTS = ["intercept", "age", "gender=female", "ogrs_score", "engagement=yes"]


def make_model_tables() -> dict[str, pd.DataFrame]:
    """Six models of four terms each; gender is not estimable in the first."""
    fits, terms, coefficients, levels, exclusions, tests, notes = [], [], [], [], [], [], []
    for model in MODELS:
        is_count = model.startswith("reoffences")
        outcome = {"termination": "termination_positive"}.get(model.split("__")[0], model.split("__")[0])
        for block in ["all"] if is_count else ["controls", "judgements"]:
            family = "negative_binomial" if is_count else "logistic"
            fit = {"n": 640, "is_published": True, "converged": True, "minus_two_log_likelihood": 643.0}
            fits.append({"model_id": model, "outcome": outcome, "block": block, "family": family, **fit})
        for term in TERMS:
            estimable = not (model == MODELS[0] and term == "gender")
            missing = None if not estimable else 1.0
            terms.append((model, term, 1, 9.5 if estimable else None, 0.002 if estimable else None,
                          9.1 if estimable else None, 0.0026 if estimable else None, estimable))  # fmt: skip
            exclusions.append((model, term, 12, 3))
            if missing is None:
                notes.append((model, term, "No female case completed: the data give no finite estimate."))
        for name in COEFFICIENTS + (["alpha"] if is_count else []):
            estimable = not (model == MODELS[0] and name.startswith("gender"))
            numbers = (0.5, 0.2, 2.5, 0.0124, 1.6487, 1.114, 2.44) if estimable else (None,) * 7
            coefficients.append((model, name, *numbers, estimable))
        for term, level, reference in [("gender", "male", True), ("gender", "female", False),
                                       ("engagement", "no", True), ("engagement", "yes", False)]:  # fmt: skip
            levels.append((model, term, level, reference, 300, 120))
        if is_count:
            tests += [(model, name, 55.1, 1, 1e-9) for name in ("likelihood_ratio", "cameron_trivedi", "dean")]
    estimates = ["estimate", "std_error", "z", "p", "exp_estimate", "ci_low", "ci_high"]
    tested = ["df", "lr_chi2", "lr_p", "wald_chi2", "wald_p", "estimable"]
    return {
        "models": pd.DataFrame(fits),
        "model_terms": pd.DataFrame(terms, columns=["model_id", "term", *tested]),
        "model_coefficients": pd.DataFrame(coefficients, columns=["model_id", "coefficient", *estimates, "estimable"]),
        "model_levels": pd.DataFrame(levels, columns=["model_id", "term", "level", "is_reference", "n", "events"]),
        "model_exclusions": pd.DataFrame(exclusions, columns=["model_id", "variable", "n_missing", "n_lost"]),
        "overdispersion_tests": pd.DataFrame(tests, columns=["model_id", "test", "statistic", "df", "p_value"]),
        "model_notes": pd.DataFrame(notes, columns=["model_id", "term", "note"]),
    }
