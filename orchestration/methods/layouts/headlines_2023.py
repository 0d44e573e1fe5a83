"""The headlines as data: where each figure of the text is found, its decimals and its words.

Belongs here: ids, sources and descriptions. Not here: how a figure is computed (`headlines`).
"""

from orchestration.methods.layouts.headlines import AnnexHeadline

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

# Cells of Annex B that the text repeats.
CELLS = {
    "term_positive_pct": AnnexHeadline("termination_positive", "terminations for positive reasons"),
    "reoffended_pct": AnnexHeadline("reoffended", "reoffended within one year"),
    "reoffences_mean": AnnexHeadline("reoffences", "mean reoffences among reoffenders"),
    "fig6_reoff_engagement_no": AnnexHeadline(
        "reoffended", "reoffending rate, engagement not effective", "engagement", "no"
    ),
    "fig6_reoff_engagement_yes": AnnexHeadline(
        "reoffended", "reoffending rate, engagement effective", "engagement", "yes"
    ),
    "fig8_mean_support_yes": AnnexHeadline(
        "reoffences", "mean reoffences, completion support sufficient", "supports_completion", "yes"
    ),
    "fig8_mean_support_no": AnnexHeadline(
        "reoffences", "mean reoffences, completion support insufficient", "supports_completion", "no"
    ),
    "fig10_completion_desistance_no": AnnexHeadline(
        "termination_positive", "completion rate, desistance not effectively supported", "desistance", "no"
    ),
    "fig10_completion_desistance_yes": AnnexHeadline(
        "termination_positive", "completion rate, desistance effectively supported", "desistance", "yes"
    ),
    "fig11_reoff_desistance_no": AnnexHeadline(
        "reoffended", "reoffending rate, desistance not effectively supported", "desistance", "no"
    ),
    "fig11_reoff_desistance_yes": AnnexHeadline(
        "reoffended", "reoffending rate, desistance effectively supported", "desistance", "yes"
    ),
    "fig14_reoff_strengths_yes": AnnexHeadline(
        "reoffended", "reoffending rate, delivery built on strengths", "strengths_built_upon", "yes"
    ),
    "fig14_reoff_strengths_none": AnnexHeadline(
        "reoffended", "reoffending rate, no strengths identified", "strengths_built_upon", "none_present"
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
