"""Annex A's case sample as tables for readers: what was required, allocated and achieved, and whether it represents.

Belongs here: the results tables of the sample design laid out (2020/03 and 2023/04, Annex A, Domain two case sample).
Not here: any of the numbers (`orchestration/methods/sampling`). All are left out where no caseload was delivered.
"""

import pandas as pd

from orchestration.methods.layouts.layout_2020 import MEASURE_BY_CODE
from orchestration.methods.layouts.layout_2023 import ITEM_BY_CODE
from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import ROW_GROUP, Column, PublishedTable, Tables, is_below

SOURCE = "Inspection data and caseload"
_STATUSES = {
    "met": "met",
    "short": "short of the required sample",
    "not_inspected": "not inspected",
    "not_in_caseload": "not in the caseload",
    "achieved_exceeds_caseload": "more cases inspected than eligible",
}
_ITEMS = {"gender": "Gender", "case_type": "Type of disposal", "rosh_level": "Risk of serious harm"}
_CATEGORIES = {
    "community": "Community sentence",
    "post_release": "Post-custody",
    "very_high": "Very high",
    "missing": "Not known",
}
_EVERYBODY = "all"


def provider_label(provider: str, provider_type: str) -> str:
    """A provider in words: "Wales (NPS)"; all of them as "All providers"."""
    if provider == _EVERYBODY:
        return "All providers" if provider_type == _EVERYBODY else f"All {provider_type.upper()} providers"
    return f"{provider} ({provider_type.upper()})"


def design_table(tables: Tables) -> PublishedTable:
    """Required against achieved sample of each provider."""
    frame = _with_provider(tables["sample_design"])
    frame["status_text"] = [_STATUSES.get(status, status) for status in frame["status"]]
    columns = (
        Column("label", "Provider"),
        Column("caseload", "Eligible cases", decimals=0),
        Column("required", "Required", "Sample", 0),
        Column("achieved", "Achieved", "Sample", 0),
        Column("shortfall", "Short by", "Sample", 0),
        Column("percent_sampled", "% of eligible", "Sample", 1, "%"),
        Column("margin_achieved", "Margin achieved (points)", decimals=1),
        Column("r_indicator", "R-indicator", decimals=2),
        Column("status_text", "Status"),
    )
    first = tables["sample_design"].iloc[0]
    notes = (
        f"Required: {formatting.number(first['confidence'])}% confidence and a margin of "
        f"{formatting.number(first['margin_wanted'])} percentage points, at a share of one half and with the "
        "correction for a finite population (our choice: the bulletins give neither).",
        "R-indicator: 1 where every stratum of gender, disposal and risk was sampled at the same rate.",
    )
    return PublishedTable("A2", "Case sample: required and achieved", SOURCE, columns, frame, notes)


def allocation_table(tables: Tables) -> PublishedTable:
    """Proportionate allocation of the required sample over strata, and what was achieved."""
    found = tables["sample_allocation"]
    frame = _with_provider(found).rename(columns={"label": ROW_GROUP})
    strata = zip(*(found[item] for item in _ITEMS), strict=True)
    frame["label"] = [", ".join(_category(code) for code in stratum) for stratum in strata]
    columns = (
        Column("label", "Gender, disposal and risk of serious harm"),
        Column("caseload", "Eligible cases", decimals=0),
        Column("allocated", "Allocated", decimals=0),
        Column("achieved", "Achieved", decimals=0),
        Column("difference", "Achieved less allocated", decimals=0),
        Column("weight", "Design weight", decimals=2),
    )
    notes = ("Allocated: the required sample in proportion to the eligible cases, by the largest remainder.",)
    return PublishedTable("A3", "Case sample: allocation over strata", SOURCE, columns, frame, notes)


def representativeness_table(tables: Tables, significance_level: float) -> PublishedTable:
    """Achieved sample against caseload, by provider and characteristic."""
    found = tables["sample_representativeness"]
    frame = _with_provider(found).rename(columns={"label": ROW_GROUP})
    pairs = zip(found["item"], found["category"], strict=True)
    frame["label"] = [f"{_ITEMS[item]}: {_category(code).lower()}" for item, code in pairs]
    frame["significant"] = is_below(found["p_holm"], significance_level).to_numpy()
    columns = (
        Column("label", "Characteristic"),
        Column("caseload", "Eligible cases", decimals=0),
        Column("achieved", "Sample", decimals=0),
        Column("percent_caseload", "% of eligible", decimals=1, suffix="%"),
        Column("percent_achieved", "% of sample", decimals=1, suffix="%"),
        Column("percent_weighted", "% of sample, weighted", decimals=1, suffix="%"),
        Column("p_value", "p", decimals=3, is_p_value=True),
        Column("p_holm", "p (Holm)", decimals=3, significant="significant", is_p_value=True),
    )
    notes = (
        "p: whether the sample could be a random draw without replacement from the caseload; one test a provider and "
        "characteristic, repeated on each of its rows. Holm: adjusted for the number of tests.",
        f"Adjusted p below {significance_level:g} is shaded, bold and marked with an asterisk.",
    )
    title = "Case sample: does it represent the caseload?"
    return PublishedTable("A4", title, SOURCE, columns, frame, notes)


def weights_table(tables: Tables) -> PublishedTable:
    """How uneven the design weights are."""
    columns = (
        Column("label", "Provider"),
        Column("n", "Cases", decimals=0),
        Column("weight_groups", "Weight groups", decimals=0),
        Column("min", "Smallest", "Weight", 2),
        Column("median", "Median", "Weight", 2),
        Column("mean", "Mean", "Weight", 2),
        Column("max", "Largest", "Weight", 2),
        Column("design_effect", "Design effect", decimals=3),
        Column("effective_n", "Effective n", decimals=0),
    )
    frame = _with_provider(tables["design_weights"])
    notes = (
        "A weight is the eligible cases of a stratum over its inspected cases. Design effect and effective n: Kish.",
    )
    return PublishedTable("A5", "Case sample: design weights", SOURCE, columns, frame, notes)


def _judgement_label(code: str) -> str:
    """A judgement of Tables C3 and C4, or one of the two key questions of Bulletin 2023/04."""
    measure = MEASURE_BY_CODE.get(code)
    return measure.label if measure else ITEM_BY_CODE[code].label


def weighted_table(tables: Tables, significance_level: float) -> PublishedTable:
    """The six judgements of Tables C3 and C4 and both key questions, with design weights."""
    found = tables["weighted_judgements"].reset_index(drop=True)
    frame = found.assign(label=[_scope(name) for name in found["provider_type"]])
    frame[ROW_GROUP] = [_judgement_label(code) for code in found["judgement"]]
    interval = f"{100 * (1 - significance_level):g}%"
    columns = (
        Column("label", "Cases"),
        Column("n", "n", decimals=0),
        Column("unweighted", "As inspected", "% yes", 1, "%"),
        Column("weighted", "Weighted", "% yes", 1, "%"),
        Column("difference", "Difference (points)", decimals=1),
        Column("ci_low", f"{interval} low", decimals=1, suffix="%"),
        Column("ci_high", f"{interval} high", decimals=1, suffix="%"),
        Column("design_effect", "Design effect", decimals=2),
    )
    title = "Judgements with design weights"
    notes = ("Weighted to the caseloads; only cases that have a weight, on both sides.",)
    return PublishedTable("A6", title, SOURCE, columns, frame, notes)


def _with_provider(frame: pd.DataFrame) -> pd.DataFrame:
    pairs = zip(frame["provider"], frame["provider_type"], strict=True)
    labels = [provider_label(str(provider), str(kind)) for provider, kind in pairs]
    return frame.reset_index(drop=True).assign(label=labels)


def _category(code: object) -> str:
    return _CATEGORIES.get(str(code), str(code).capitalize())


def _scope(provider_type: object) -> str:
    return "All cases" if provider_type == _EVERYBODY else f"{str(provider_type).upper()} cases"
