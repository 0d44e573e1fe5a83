"""The headlines of Bulletin 2020/03 as data: where each figure of the text is found, and its words.

Belongs here: ids, sources, bases and descriptions. Not here: how a figure is computed. Left out are
the parameters of the stepwise selection, which are not findings, and the count of needs met in half of the cases,
which the text cites from an earlier report and Table C5 contradicts.
"""

from dataclasses import dataclass

from orchestration.methods.layouts.headlines import AnnexHeadline


@dataclass(frozen=True)
class GroupSize:
    """Cases of a sub-group: their number, and their share of all cases or of those whose characteristic is known."""

    item: str
    category: str
    words: str
    of_known: bool = False


# id -> sub-group; `<id>` is the number and `<id>_pct` the share. The text's shares are of all 3,308 cases, but those
# with a high or very high likelihood are "29%": 931 of the 3,221 with a score (of all cases they are 28.1%).
GROUP_SIZES = {
    "cases_crc": GroupSize("provider_type", "crc", "CRC cases"),
    "cases_nps": GroupSize("provider_type", "nps", "NPS cases"),
    "cases_female": GroupSize("gender", "female", "cases of women"),
    "cases_post_custody": GroupSize("case_type", "post_release", "post-custody cases"),
    "cases_ogrs_high": GroupSize(
        "ogrs_group", "high_very_high", "cases with a high or very high likelihood of reoffending", of_known=True
    ),
    "cases_rosh_high": GroupSize("rosh_group", "high_very_high", "cases with a high or very high risk of serious harm"),
}

# id -> (provider type, rating, description) of results.provider_ratings, standard services.
RATINGS = {
    "services_crc_good": ("crc", "good", "CRCs rated good for services"),
    "services_crc_requires_improvement": (
        "crc",
        "requires_improvement",
        "CRCs rated requires improvement for services",
    ),
    "services_crc_inadequate": ("crc", "inadequate", "CRCs rated inadequate for services"),
    "services_nps_good": ("nps", "good", "NPS divisions rated good for services"),
    "services_nps_requires_improvement": (
        "nps",
        "requires_improvement",
        "NPS divisions rated requires improvement for services",
    ),
}

# id -> (kind, number, description) of results.needs_counts, all cases.
COUNTS = {
    "needs_four_or_more_pct": ("needs", "4+", "cases with four or more needs"),
    "strengths_none_pct": ("strengths", "0", "cases with no strength identified"),
    "strengths_one_pct": ("strengths", "1", "cases with one strength"),
    "strengths_two_plus_pct": ("strengths", "2+", "cases with two or more strengths"),
}

# id -> (kind, first, second, description) of results.needs_cooccurrence.
PAIRS = {
    "need_drugs_and_lifestyle_pct": (
        "needs",
        "need_lifestyle",
        "need_drugs",
        "cases with both drug and lifestyle needs",
    ),
}

_NPS = {"item": "provider_type", "category": "nps"}
_CRC = {"item": "provider_type", "category": "crc"}
_UNLIKELY = {"item": "ogrs_group", "category": "low"}
_LIKELY = {"item": "ogrs_group", "category": "high_very_high"}
_LOW_HARM = {"item": "rosh_group", "category": "low"}
_HIGH_HARM = {"item": "rosh_group", "category": "high_very_high"}

# Cells of Annex C that the text repeats.
CELLS = {
    "need_thinking_pct": AnnexHeadline("need_thinking", "thinking and behaviour need"),
    "need_lifestyle_pct": AnnexHeadline("need_lifestyle", "lifestyle need"),
    "need_ete_pct": AnnexHeadline("need_ete", "education, training and employment need"),
    "mean_needs_nps": AnnexHeadline("mean_needs", "mean number of needs, NPS", **_NPS),
    "mean_needs_crc": AnnexHeadline("mean_needs", "mean number of needs, CRC", **_CRC),
    "need_drugs_ogrs_low": AnnexHeadline("need_drugs", "drug need, low likelihood", **_UNLIKELY),
    "need_drugs_ogrs_high": AnnexHeadline("need_drugs", "drug need, high or very high likelihood", **_LIKELY),
    "need_family_rosh_low": AnnexHeadline("need_family", "family need, low risk of serious harm", **_LOW_HARM),
    "need_family_rosh_high": AnnexHeadline(
        "need_family", "family need, high or very high risk of serious harm", **_HIGH_HARM
    ),
    "strength_family_pct": AnnexHeadline("strength_family", "family strength"),
    "strength_motivation_pct": AnnexHeadline("strength_motivation", "motivation strength"),
    "strength_social_group_pct": AnnexHeadline("strength_social_group", "social group strength"),
    "strength_family_nps": AnnexHeadline("strength_family", "family strength, NPS", **_NPS),
    "strength_family_crc": AnnexHeadline("strength_family", "family strength, CRC", **_CRC),
    "strength_motivation_nps": AnnexHeadline("strength_motivation", "motivation strength, NPS", **_NPS),
    "strength_motivation_crc": AnnexHeadline("strength_motivation", "motivation strength, CRC", **_CRC),
    "strength_identity_ogrs_low": AnnexHeadline(
        "strength_identity", "non-criminal identity, low likelihood", **_UNLIKELY
    ),
    "strength_identity_ogrs_high": AnnexHeadline(
        "strength_identity", "non-criminal identity, high or very high likelihood", **_LIKELY
    ),
    "strength_identity_rosh_low": AnnexHeadline(
        "strength_identity", "non-criminal identity, low risk of serious harm", **_LOW_HARM
    ),
    "strength_identity_rosh_high": AnnexHeadline(
        "strength_identity", "non-criminal identity, high or very high risk of serious harm", **_HIGH_HARM
    ),
    "fig6_assessment_needs": AnnexHeadline("assessment_needs", "assessment of needs sufficient"),
    "fig6_assessment_strengths": AnnexHeadline("assessment_strengths", "assessment of strengths sufficient"),
    "fig6_delivery_needs": AnnexHeadline("services_reduce_reoffending", "delivery in addressing needs sufficient"),
    "fig6_delivery_strengths": AnnexHeadline("strengths_built_upon", "delivery builds upon strengths"),
    "fig7_family": AnnexHeadline("delivery_family", "delivery sufficient, family need"),
    "fig7_accommodation": AnnexHeadline("delivery_accommodation", "delivery sufficient, accommodation need"),
    "fig7_thinking": AnnexHeadline("delivery_thinking", "delivery sufficient, thinking and behaviour need"),
    "fig8_family": AnnexHeadline("building_family", "delivery builds on family strength"),
    "fig8_motivation": AnnexHeadline("building_motivation", "delivery builds on motivation strength"),
    "fig9_services_nps": AnnexHeadline("services_reduce_reoffending", "services support desistance, NPS", **_NPS),
    "fig9_services_crc": AnnexHeadline("services_reduce_reoffending", "services support desistance, CRC", **_CRC),
    "accommodation_delivery_nps": AnnexHeadline(
        "delivery_accommodation", "delivery sufficient, accommodation need, NPS", **_NPS
    ),
    "accommodation_delivery_crc": AnnexHeadline(
        "delivery_accommodation", "delivery sufficient, accommodation need, CRC", **_CRC
    ),
    "fig10_strengths_nps": AnnexHeadline("strengths_built_upon", "delivery builds upon strengths, NPS", **_NPS),
    "fig10_strengths_crc": AnnexHeadline("strengths_built_upon", "delivery builds upon strengths, CRC", **_CRC),
    "family_strength_delivery_nps": AnnexHeadline("building_family", "delivery builds on family strength, NPS", **_NPS),
    "family_strength_delivery_crc": AnnexHeadline("building_family", "delivery builds on family strength, CRC", **_CRC),
    "lifestyle_delivery_ogrs_low": AnnexHeadline(
        "delivery_lifestyle", "delivery sufficient, lifestyle need, low likelihood", **_UNLIKELY
    ),
    "lifestyle_delivery_ogrs_high": AnnexHeadline(
        "delivery_lifestyle", "delivery sufficient, lifestyle need, high or very high likelihood", **_LIKELY
    ),
}

# id -> (table, item, description): in how many of a table's measures the stepwise model retains the item.
RETAINED = {
    "needs_provider_significant": ("C5", "provider_type", "needs with a significant provider difference in delivery"),
    "strengths_provider_significant": (
        "C6",
        "provider_type",
        "strengths with a significant provider difference in delivery",
    ),
    "needs_ogrs_significant": ("C5", "ogrs_group", "needs with a significant likelihood difference in delivery"),
    "strengths_ogrs_significant": (
        "C6",
        "ogrs_group",
        "strengths with a significant likelihood difference in delivery",
    ),
}
