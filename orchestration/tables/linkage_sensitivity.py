"""How far the published numbers depend on the choices of linkage.

Belongs here: scenarios of window, rules and false links. Not here: the links themselves (dbt's models).
"""

from orchestration.tables.columns import OF_SOURCE
from orchestration.tables.table import Column, Leaving, Table, by_name

SENSITIVITY_MATCH_RATES = Table(
    "results",
    "sensitivity_match_rates",
    "One row a scenario and source: how many cases would be matched, and links lost, gained and changed.",
    key=("kind", "scenario", "source"),
    disclosure="aggregate",
    columns=(
        Column(
            "kind",
            "varchar",
            "`window`, `left_out_rule`, `rule_alone`, `up_to_tier` (the rules of a tier of certainty and surer ones), "
            "`false_links` (cases drawn evenly) or `false_links_later_rules` (drawn first among cases that the first "
            "rule did not decide).",
        ),
        Column(
            "scenario",
            "varchar",
            "Days of the window, name of the rule or tier, or percent of matched cases that are linked falsely.",
        ),
        Column(
            "scenario_order", "double", "Order of the scenarios within a kind: days, rank of the rule or tier, percent."
        ),
        Column("is_default", "boolean", "Whether this is the published linkage's window.", required=True),
        OF_SOURCE,
        Column("eligible", "bigint", "Cases that could be matched."),
        Column("matched", "bigint", "Cases matched in the scenario."),
        Column("ambiguous", "bigint", "Cases ambiguous in the scenario."),
        Column("no_record_in_window", "bigint", "Cases whose persons have no record in the scenario's window."),
        Column("no_person", "bigint", "Cases for which no record satisfies any of the scenario's rules."),
        Column("rate", "double", "Percent matched, unrounded."),
        Column(
            "links_changed",
            "bigint",
            "Cases matched here and in the published linkage, to another closest record; for false links, the median "
            "number of cases linked falsely over the replicates.",
        ),
        Column("links_lost", "bigint", "Cases matched in the published linkage but not here."),
        Column("links_gained", "bigint", "Cases matched here but not in the published linkage."),
    ),
    stays="choices differ by a few links: the counts of one less those of the next tell of them",
)

SENSITIVITY_RATIOS = Table(
    "results",
    "sensitivity_ratios",
    "One row a scenario, published model and judgement coefficient: its odds or rate ratio; `rule_alone` has none.",
    key=("kind", "scenario", "model_id", "coefficient"),
    disclosure="aggregate",
    columns=(
        Column(
            "kind", "varchar", "`window`, `left_out_rule`, `up_to_tier`, `false_links` or `false_links_later_rules`."
        ),
        Column(
            "scenario",
            "varchar",
            "Days of the window, name of the rule left out, last tier, or percent of matched cases linked falsely.",
        ),
        Column("scenario_order", "double", "Order of the scenarios within a kind."),
        Column(
            "is_default",
            "boolean",
            "Whether this is the published linkage's window; the ratio is then the published one.",
            required=True,
        ),
        Column("model_id", "varchar", "One of the six published models."),
        Column("coefficient", "varchar", "Term and level, such as `engagement=yes`."),
        Column("term", "varchar", "The judgement."),
        Column("measure", "varchar", "`odds_ratio` or `rate_ratio`."),
        Column("n", "bigint", "Complete cases of the refit (false links: median over the replicates)."),
        Column(
            "estimable",
            "boolean",
            "Whether the scenario has an estimate (false links: in any replicate).",
            required=True,
        ),
        Column(
            "reason",
            "varchar",
            "Why not: `empty`, `aliased`, `infinite`, `too_few_cases`, `constant_outcome` or `not_maximised`; null "
            "where there is one.",
        ),
        Column("value", "double", "The ratio (false links: median over the replicates); null where not estimable."),
        Column("ci_low", "double", "Lower end of its interval (false links: median)."),
        Column("ci_high", "double", "Upper end of its interval (false links: median)."),
        Column("p_value", "double", "Its p value by the normal approximation (false links: median)."),
        Column("is_significant", "boolean", "Whether p_value is below the significance level."),
        Column(
            "term_p_value",
            "double",
            "Wald p of the whole judgement, as the bulletin tests it (false links: median).",
        ),
        Column("is_term_significant", "boolean", "Whether term_p_value is below the significance level."),
        Column("published_value", "double", "The ratio of the published model."),
        Column("published_term_significant", "boolean", "Whether the judgement is significant in the published model."),
        Column(
            "change_percent",
            "double",
            "How far value and published_value are apart, in percent of the smaller of the two; never negative.",
        ),
        Column(
            "significance_changed",
            "boolean",
            "Whether the judgement is significant here but not in the published model, or the reverse; null where "
            "either cannot be tested.",
        ),
        Column("replicates", "bigint", "False links: replicates with an estimate; null otherwise."),
        Column("spread_low", "double", "False links: the 2.5th percentile of the ratio over the replicates."),
        Column("spread_high", "double", "False links: the 97.5th percentile of the ratio over the replicates."),
        Column(
            "percent_significant",
            "double",
            "False links: percent of the replicates in which the judgement is significant.",
        ),
        Column(
            "expected_value",
            "double",
            "False links: the published ratio to the power of one minus the share, the textbook attenuation.",
        ),
    ),
    stays="the same model fitted to cases that differ by a few links tells of those",
)

SENSITIVITY_SUMMARY = Table(
    "results",
    "sensitivity_summary",
    "One row a scenario, and one a kind (scenario `all`): the largest change of any ratio.",
    key=("kind", "scenario"),
    disclosure="aggregate",
    columns=(
        Column("kind", "varchar", "As in sensitivity_ratios."),
        Column("scenario", "varchar", "As in sensitivity_ratios; `all` for the whole kind."),
        Column("scenario_order", "double", "Order of the scenarios within a kind; null for `all`."),
        Column("n_ratios", "bigint", "Judgement coefficients over the six models."),
        Column(
            "n_not_estimable",
            "bigint",
            "Of these, without an estimate in the scenario (in any scenario, for `all`).",
        ),
        Column("largest_change_percent", "double", "The largest change_percent of any of them."),
        Column("largest_change_model", "varchar", "The model it belongs to; null where nothing changes."),
        Column("largest_change_coefficient", "varchar", "The coefficient it belongs to; null where nothing changes."),
        Column("n_direction_changed", "bigint", "Ratios on the other side of one than the published ratio."),
        Column("n_tests", "bigint", "Tests of a judgement over the six models."),
        Column("n_significance_lost", "bigint", "Tests significant in the published models but not here."),
        Column("n_significance_gained", "bigint", "Tests significant here but not in the published models."),
    ),
    leaving=Leaving(
        statistics={"largest_change_percent": 1},
        verdicts=("largest_change_model", "largest_change_coefficient"),
        words=(
            "scenario_order",
            "n_ratios",
            "n_direction_changed",
            "n_tests",
            "n_significance_lost",
            "n_significance_gained",
        ),
        # The one without an estimate would be one of those whose estimates are kept back.
        withheld=("n_not_estimable",),
        # Of one choice and the next, which differ by a few links, nothing is told.
        only={"scenario": ("all",)},
    ),
)

LINKAGE_SENSITIVITY_TABLES = by_name(SENSITIVITY_MATCH_RATES, SENSITIVITY_RATIOS, SENSITIVITY_SUMMARY)
