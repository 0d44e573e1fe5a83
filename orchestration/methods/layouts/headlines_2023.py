"""The headlines as data: where each figure of the text is found, its decimals and its words.

Belongs here: ids, sources and descriptions. Not here: how a figure is computed (`headlines`).
"""

# id -> (item, category, description) of results.match_rates, source reoffending; whole per cent.
MATCHED_GROUPS = {
    "reoff_match_rate_ogrs_low": ("ogrs_group", "low", "PNC match rate, low likelihood of reoffending"),
    "reoff_match_rate_ogrs_high": (
        "ogrs_group",
        "high_very_high",
        "PNC match rate, high or very high likelihood of reoffending",
    ),
    "reoff_match_rate_rosh_low_medium": (
        "rosh_group",
        "low_medium",
        "PNC match rate, low or medium risk of serious harm",
    ),
    "reoff_match_rate_rosh_high": (
        "rosh_group",
        "high_very_high",
        "PNC match rate, high or very high risk of serious harm",
    ),
}

# id -> (item, category, outcome, decimals, description) of results.annex_b.
ANNEX_CELLS = {
    "term_positive_pct": ("all_cases", "all", "termination_positive", 0, "terminations for positive reasons"),
    "reoffended_pct": ("all_cases", "all", "reoffended", 0, "reoffended within one year"),
    "reoffences_mean": ("all_cases", "all", "reoffences", 1, "mean reoffences among reoffenders"),
    "fig6_reoff_engagement_no": (
        "engagement",
        "no",
        "reoffended",
        0,
        "reoffending rate, engagement not effective",
    ),
    "fig6_reoff_engagement_yes": (
        "engagement",
        "yes",
        "reoffended",
        0,
        "reoffending rate, engagement effective",
    ),
    "fig8_mean_support_yes": (
        "supports_completion",
        "yes",
        "reoffences",
        1,
        "mean reoffences, completion support sufficient",
    ),
    "fig8_mean_support_no": (
        "supports_completion",
        "no",
        "reoffences",
        1,
        "mean reoffences, completion support insufficient",
    ),
    "fig10_completion_desistance_no": (
        "desistance",
        "no",
        "termination_positive",
        0,
        "completion rate, desistance not effectively supported",
    ),
    "fig10_completion_desistance_yes": (
        "desistance",
        "yes",
        "termination_positive",
        0,
        "completion rate, desistance effectively supported",
    ),
    "fig11_reoff_desistance_no": (
        "desistance",
        "no",
        "reoffended",
        0,
        "reoffending rate, desistance not effectively supported",
    ),
    "fig11_reoff_desistance_yes": (
        "desistance",
        "yes",
        "reoffended",
        0,
        "reoffending rate, desistance effectively supported",
    ),
    "fig14_reoff_strengths_yes": (
        "strengths_built_upon",
        "yes",
        "reoffended",
        0,
        "reoffending rate, delivery built on strengths",
    ),
    "fig14_reoff_strengths_none": (
        "strengths_built_upon",
        "none_present",
        "reoffended",
        0,
        "reoffending rate, no strengths identified",
    ),
}

# id -> (termination_reason, description)
REASONS = {
    "term_ran_full_course": ("ran_full_course", "termination reason: ran full course"),
    "term_early_good_progress": ("early_good_progress", "termination reason: early for good progress"),
    "term_early_offence": ("early_conviction", "termination reason: early for new conviction"),
    "term_early_noncompliance": (
        "early_failure_to_comply",
        "termination reason: early for failure to comply",
    ),
    "term_early_other": ("early_other", "termination reason: early for other reasons, not analysed"),
    "term_excluded": ("excluded", "termination reason: excluded code, not analysed"),
}

Group = dict[str, tuple[str, ...]]  # column -> the codes that belong to the group
_ENGAGED: Group = {"engagement": ("yes",)}
_NOT_ENGAGED: Group = {"engagement": ("no",)}
_HIGH: Group = {"ogrs_group": ("high", "very_high")}
_LOW: Group = {"ogrs_group": ("low",)}
_BOTH: Group = {"engagement": ("yes",), "desistance": ("yes",)}
_NEITHER: Group = {"engagement": ("no",), "desistance": ("no",)}

# id -> (outcome, group with the higher percentage as printed, group with the lower, description)
GAPS: dict[str, tuple[str, Group, Group, str]] = {
    "fig5_gap_ogrs_high": (
        "termination_positive",
        _ENGAGED | _HIGH,
        _NOT_ENGAGED | _HIGH,
        "completion gap by engagement, high or very high likelihood of reoffending",
    ),
    "fig5_gap_ogrs_low": (
        "termination_positive",
        _ENGAGED | _LOW,
        _NOT_ENGAGED | _LOW,
        "completion gap by engagement, low likelihood of reoffending",
    ),
    "both_kq_completion_gap": (
        "termination_positive",
        _BOTH,
        _NEITHER,
        "completion gap, both key questions positive against both negative",
    ),
    "both_kq_reoffending_gap": (
        "reoffended",
        _NEITHER,
        _BOTH,
        "reoffending gap, both key questions positive against both negative",
    ),
}
