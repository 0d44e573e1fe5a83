"""What sample each inspection needed, what it achieved, and what design weights change.

Belongs here: tables that rest on a caseload. Not here: the caseload itself (`extracts.py`).
"""

from orchestration.tables.table import Column, Table, by_name

SAMPLE_DESIGN = Table(
    "results",
    "sample_design",
    "One row a provider that the caseload or the inspections name: required and achieved sample, its margin of "
    "error; none without a caseload.",
    key=("provider", "provider_type"),
    disclosure="aggregate",
    columns=(
        Column("provider", "varchar", "The provider."),
        Column("provider_type", "varchar", "`crc` or `nps`; together with provider it names the provider."),
        Column(
            "status",
            "varchar",
            "`met` or `short` of the required sample; `not_inspected` (a caseload, no case), `not_in_caseload` "
            "(cases, no caseload) or `achieved_exceeds_caseload` (the caseload list cannot be complete).",
        ),
        Column("caseload", "bigint", "Eligible cases."),
        Column(
            "required",
            "bigint",
            "Cases that a simple random sample needs for the confidence and margin wanted, finite population, share "
            "of one half; null without a caseload.",
        ),
        Column("achieved", "bigint", "Inspected cases."),
        Column("shortfall", "bigint", "Required minus achieved, 0 where it was met; null without a caseload."),
        Column("percent_sampled", "double", "Achieved, in percent of the caseload."),
        Column("confidence", "double", "Confidence level wanted, in percent."),
        Column("margin_wanted", "double", "Margin of error wanted, in percentage points."),
        Column(
            "margin_achieved",
            "double",
            "Margin of error of a sample of the achieved size, in percentage points; null where there is none or it "
            "exceeds the caseload.",
        ),
        Column(
            "strata",
            "bigint",
            "Strata (gender, type of disposal, risk of serious harm; missing is a level) with a case in the caseload.",
        ),
        Column("strata_allocated", "bigint", "Strata that a proportionate sample of the required size reaches."),
        Column("strata_achieved", "bigint", "Strata of the caseload with an inspected case."),
        Column(
            "strata_outside_caseload",
            "bigint",
            "Strata with an inspected case and none in the caseload, which means the two recorded a case differently.",
        ),
        Column(
            "dissimilarity",
            "double",
            "Percent of the sample that would have to move to another stratum for the shares to be the caseload's.",
        ),
        Column(
            "r_indicator",
            "double",
            "1 minus twice the standard deviation of the sampling fractions over the strata; 1 is perfectly even. "
            "Null where a stratum has more inspected cases than the caseload holds.",
        ),
        Column(
            "r_indicator_of_chance",
            "double",
            "What an unstratified random sample of the achieved size would have on average.",
        ),
    ),
    stays="counts by provider, whose caseloads are not ours to tell",
)

SAMPLE_ALLOCATION = Table(
    "results",
    "sample_allocation",
    "One row a provider and stratum that the caseload or the inspections have: caseload, allocated and achieved "
    "cases, design weight; none without a caseload.",
    key=("provider", "provider_type", "gender", "case_type", "rosh_level"),
    disclosure="aggregate",
    columns=(
        Column("provider", "varchar", "The provider."),
        Column("provider_type", "varchar", "`crc` or `nps`."),
        Column("gender", "varchar", "Gender; `missing` is a level."),
        Column("case_type", "varchar", "Type of disposal; `missing` is a level."),
        Column("rosh_level", "varchar", "Risk of serious harm; `missing` is a level."),
        Column("caseload", "bigint", "Eligible cases of the stratum."),
        Column(
            "allocated",
            "bigint",
            "Cases of the stratum in a required sample, in proportion, by the largest remainder.",
        ),
        Column("achieved", "bigint", "Inspected cases."),
        Column("difference", "bigint", "Achieved minus allocated."),
        Column(
            "weight_group",
            "bigint",
            "Strata of a provider that are weighted together have the same number; null where the provider has no "
            "weights.",
        ),
        Column(
            "weight",
            "double",
            "Eligible cases that an inspected case of this stratum stands for; null where there is none. Joins to "
            "marts.cases by provider, provider_type, gender, case_type and rosh_level (null there is `missing` "
            "here).",
        ),
    ),
    stays="counts by provider, gender, disposal and risk: most strata are small",
)

SAMPLE_REPRESENTATIVENESS = Table(
    "results",
    "sample_representativeness",
    "One row a provider (`all` first), characteristic and category: caseload and sample compared. Percentages, index "
    "and tests are of known values; the row `missing` has counts alone.",
    key=("provider", "provider_type", "item", "category"),
    disclosure="aggregate",
    columns=(
        Column(
            "provider",
            "varchar",
            "The provider; `all` for all of them together, each compared with its own caseload.",
        ),
        Column("provider_type", "varchar", "`crc`, `nps` or `all`."),
        Column("item", "varchar", "`gender`, `case_type` or `rosh_level`."),
        Column("category", "varchar", "Category of the item, or `missing`."),
        Column("caseload", "bigint", "Eligible cases."),
        Column("allocated", "bigint", "Cases in a required, proportionate sample."),
        Column("achieved", "bigint", "Inspected cases."),
        Column("percent_caseload", "double", "Of the caseload."),
        Column(
            "percent_expected",
            "double",
            "Of a sample of the achieved sizes with exactly the shares of each provider's caseload; the caseload's "
            "own for one provider.",
        ),
        Column("percent_achieved", "double", "Of the inspected cases."),
        Column("percent_weighted", "double", "Of the inspected cases with their design weights."),
        Column(
            "dissimilarity",
            "double",
            "Percent of the inspected cases that would have to change category to have the expected shares; the same "
            "on each category.",
        ),
        Column(
            "test",
            "varchar",
            "`chi_square` or, where expected counts are small, `monte_carlo`: whether the sample could be a random "
            "draw without replacement from the caseload. Null where there is nothing to test, or a category has more "
            "inspected cases than the caseload.",
        ),
        Column(
            "statistic",
            "double",
            "Its statistic; for one provider Pearson's chi-square of goodness of fit times (N - 1) / (N - n).",
        ),
        Column("df", "double", "Degrees of freedom of `chi_square`."),
        Column("p_value", "double", "Its p-value."),
        Column("p_holm", "double", "Adjusted (Holm) over the tests of all providers; for `all`, over its own three."),
        Column(
            "fit_test",
            "varchar",
            "The usual goodness of fit, which takes the caseload for endless: `chi_square`, `monte_carlo`, or "
            "`impossible` where a category of the sample is not in the caseload.",
        ),
        Column("fit_statistic", "double", "Pearson's chi-square; null for `impossible`."),
        Column("fit_p_value", "double", "Its p-value; 0 for `impossible`."),
    ),
    stays="counts by provider and characteristic, of sample and caseload: many are small",
)

DESIGN_WEIGHTS = Table(
    "results",
    "design_weights",
    "One row a provider with design weights, after one for `all`: how uneven they are.",
    key=("provider", "provider_type"),
    disclosure="aggregate",
    columns=(
        Column("provider", "varchar", "The provider, or `all`."),
        Column("provider_type", "varchar", "`crc`, `nps` or `all`."),
        Column("caseload", "bigint", "Eligible cases."),
        Column("n", "bigint", "Inspected cases."),
        Column("weight_groups", "bigint", "Groups of strata with a weight of their own."),
        Column(
            "strata_joined",
            "bigint",
            "Strata weighted with another, because they have no inspected case or none in the caseload.",
        ),
        Column("min", "double", "Smallest weight of a case."),
        Column("median", "double", "Median weight."),
        Column("mean", "double", "Mean weight, caseload over inspected cases."),
        Column("max", "double", "Largest weight."),
        Column("total", "double", "Sum of the weights, which is the caseload."),
        Column("design_effect", "double", "Kish's, 1 plus the squared coefficient of variation of the weights."),
        Column(
            "effective_n",
            "double",
            "Inspected cases over the design effect, the number of evenly weighted cases that would be as precise.",
        ),
    ),
    stays="weights by provider: caseload and sample of small strata follow from them",
)

WEIGHTED_JUDGEMENTS = Table(
    "results",
    "weighted_judgements",
    "One row a judgement and provider type: percent sufficient, unweighted and weighted; cases with a weight only.",
    key=("judgement", "provider_type"),
    disclosure="aggregate",
    columns=(
        Column(
            "judgement",
            "varchar",
            "Column of marts.cases, the two key questions of 2023/04, then the judgements of Tables C3 and C4 of "
            "2020/03.",
        ),
        Column("provider_type", "varchar", "`all`, `crc` or `nps`."),
        Column("n", "bigint", "Inspected cases answered yes or no."),
        Column("cases_represented", "double", "Sum of their weights."),
        Column("unweighted", "double", "Percent yes of those cases."),
        Column("weighted", "double", "Percent yes with design weights."),
        Column("difference", "double", "Weighted minus unweighted, in percentage points."),
        Column(
            "std_error",
            "double",
            "Standard error of weighted, in percentage points, of a stratified sample without replacement "
            "(linearised).",
        ),
        Column("ci_low", "double", "Lower end of its interval at the significance level, in percent."),
        Column("ci_high", "double", "Upper end."),
        Column("kish_design_effect", "double", "What uneven weights alone cost, as in results.design_weights."),
        Column(
            "design_effect",
            "double",
            "Variance over that of a simple random sample without replacement of as many cases; below 1 where strata "
            "help.",
        ),
    ),
    stays="rests on the cases with a weight: less Annex C it tells of the few without",
)

SAMPLE_TABLES = by_name(
    SAMPLE_DESIGN, SAMPLE_ALLOCATION, SAMPLE_REPRESENTATIVENESS, DESIGN_WEIGHTS, WEIGHTED_JUDGEMENTS
)
