"""The results tables by what makes them: name -> what a row is.

Belongs here: names and descriptions, importable at no cost. Not here: columns (`dbt_project/models/results`), and the
assets that write them (`assets/`).
"""

MODEL_TABLES = {
    "models": "One row a model and block: n and fit.",
    "model_terms": "One row a model and term: likelihood-ratio and Wald tests.",
    "model_coefficients": "One row a model and coefficient: estimate, standard error, odds or rate ratio, interval.",
    "model_levels": "One row a model, term and level: n and events behind each coefficient, reference levels too.",
    "model_exclusions": "One row a model and variable: cases lost because the variable is missing.",
    "overdispersion_tests": "One row a test of the reoffence counts against the Poisson distribution.",
    "model_notes": "One row a remark on a model or term, such as why a term is not estimable.",
}
# Bulletins share these tables; each writes its own rows.
SHARED_TABLES = (*MODEL_TABLES, "headlines", "figure_data")
ANNEX_TABLES = {
    "annex_b": "One row a published cell of Tables B1 to B3.",
    "match_rates": "One row a source and sub-group: eligible, matched, rate and test of matched against unmatched.",
    "headlines": "One row a headline of the bulletin.",
    "figure_data": "One row a bar or square of a figure: the numbers behind it.",
    "linkage_statuses": "One row a source and final status: how many eligible cases ended so.",
    "linkage_rules": "One row a source and match rule: cases it was tried on, decided, and left ambiguous.",
}
NEEDS_MODEL_TABLES = {
    "stepwise_steps": "One row a test within a step of a stepwise selection: what was tested, and what moved.",
    "stepwise_terms": "One row a stepwise model, removal test and term: whether it was retained, and its deciding p.",
}
NEEDS_TABLES = {
    "annex_c": "One row a published cell of Tables C1 to C6.",
    "needs_counts": "One row a sub-group and number of needs or of strengths: how many cases have so many.",
    "needs_cooccurrence": "One row a pair of needs or of strengths: how often together, and how strongly related.",
    "subgroup_differences": "One row a measure and characteristic: every verdict, and where it is lowest and highest.",
    "provider_ratings": "One row a provider type, standard and rating: how many providers; empty without ratings.",
}
LINKAGE_BIAS_TABLES = {
    "match_bias": "One row a source, item and category: matched and unmatched cases compared, with tests and effects.",
    "match_models": "One row a source: fit of the model of being matched.",
    "match_model_terms": "One row a source and term of the model of being matched: its tests.",
    "match_model_coefficients": "One row a source and coefficient of the model of being matched.",
    "linkage_weights": "One row a source and version: how uneven the inverse-probability-of-linkage weights are.",
    "linkage_balance": "One row a source, item and category: eligible, matched and weighted matched cases.",
    "annex_b_weighted": "One row a cell of Annex B: published and weighted.",
    "model_coefficients_weighted": "One row a published model and coefficient: published and weighted, robust errors.",
    "model_terms_weighted": "One row a published model and term: whether its significance changes with weights.",
    "match_bias_summary": "One row a number that says whether match bias matters.",
}
LINKAGE_QUALITY_TABLES = {
    "linkage_quality": "Precision, recall and F1 against truth, by rule and sub-group; empty without a truth file.",
    "linkage_losses": "How many links are false or missed, and why; empty without a truth file.",
    "linkage_loss_fields": "Which fields agreed, disagreed or were missing in false and missed links.",
}
LINKAGE_REVIEW_TABLES = {
    "linkage_review": "One row a reviewed sample, source, stratum and measure: accuracy of the links, with intervals.",
}
LINKAGE_SENSITIVITY_TABLES = {
    "sensitivity_match_rates": "One row a scenario and source: match rate, and links lost, gained and changed.",
    "sensitivity_ratios": "One row a scenario, published model and judgement coefficient: its odds or rate ratio.",
    "sensitivity_summary": "One row a scenario, and one a kind: the largest change of any ratio.",
}
SECOND_OPINION_TABLES = {
    "second_opinion": "One row a source, threshold and pair of answers: our links beside Splink's.",
    "second_opinion_agreement": "One row a source, threshold and measure: how far both agree.",
    "second_opinion_parameters": "One row a source and level of a comparison: what Splink was trained to.",
}
LINKAGE_OVERRIDES_TABLES = {
    "linkage_overrides": "One row a source, decision and outcome of reviewers' overrides; none without them.",
}
SAMPLE_TABLES = {
    "sample_design": "One row a provider: required and achieved sample, its margin of error; none without a caseload.",
    "sample_allocation": "One row a provider and stratum: caseload, allocated and achieved cases, design weight.",
    "sample_representativeness": "One row a provider, characteristic and category: caseload and sample compared.",
    "design_weights": "One row a provider, and one for all: how uneven the design weights are.",
    "weighted_judgements": "One row a judgement and provider type: percent sufficient, unweighted and weighted.",
}
STEPWISE_STABILITY_TABLES = {
    "stepwise_inclusion": "One row a stepwise model and candidate term: how often it is retained in resampled cases.",
    "stepwise_stability_models": "One row a stepwise model: how often resampled cases lead to the same selection.",
}
DESCRIPTIONS = (
    MODEL_TABLES
    | ANNEX_TABLES
    | NEEDS_MODEL_TABLES
    | NEEDS_TABLES
    | LINKAGE_BIAS_TABLES
    | LINKAGE_QUALITY_TABLES
    | LINKAGE_REVIEW_TABLES
    | LINKAGE_SENSITIVITY_TABLES
    | SECOND_OPINION_TABLES
    | LINKAGE_OVERRIDES_TABLES
    | SAMPLE_TABLES
    | STEPWISE_STABILITY_TABLES
)
