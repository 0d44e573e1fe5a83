"""Our links beside those of Splink.

Belongs here: agreement, what Splink was trained to, and the restricted list of disagreements. Not here: our links.
"""

from orchestration.tables.columns import OF_SOURCE
from orchestration.tables.table import Column, Table, by_name

SECOND_OPINION = Table(
    "results",
    "second_opinion",
    "One row a source, threshold and pair of answers: what we and Splink say of the same cases.",
    key=("source", "threshold", "ours", "splink"),
    disclosure="aggregate",
    columns=(
        OF_SOURCE,
        Column("threshold", "double", "The match probability (0 to 1) from which a pair counts as Splink's."),
        Column(
            "ours",
            "varchar",
            "Our status of the case: `matched`, `ambiguous`, `no_record_in_window` or `no_person`.",
        ),
        Column(
            "splink",
            "varchar",
            "`same_record`, `other_record`, `a_record` (where we have none), `no_record_in_window` (a pair, but none "
            "in the window) or `no_pair`.",
        ),
        Column("n", "bigint", "Cases with both answers; 0 where there is none."),
    ),
    stays="counts single cases on which two linkages differ",
)

SECOND_OPINION_AGREEMENT = Table(
    "results",
    "second_opinion_agreement",
    "One row a source, threshold and measure: how far our links and Splink's agree.",
    key=("source", "threshold", "measure"),
    disclosure="aggregate",
    columns=(
        OF_SOURCE,
        Column("threshold", "double", "The match probability (0 to 1) from which a pair counts as Splink's."),
        Column(
            "measure",
            "varchar",
            "`same_answer` (of all cases: the same record, or none on both sides), `links_confirmed` (of our links: "
            "Splink takes the same record), `links_shared` (of Splink's links: we take the same record), `kappa` "
            "(linked or not).",
        ),
        Column("numerator", "bigint", "Cases that agree."),
        Column("n", "bigint", "Cases counted."),
        Column(
            "value",
            "double",
            "Percent (0-100), unrounded; Cohen's kappa (-1 to 1) for `kappa`; null where it cannot be computed.",
        ),
        Column("ci_low", "double", "Lower end of the 95% Wilson interval, in percent; null for `kappa`."),
        Column("ci_high", "double", "Upper end of the 95% Wilson interval, in percent; null for `kappa`."),
    ),
    stays="its rest counts single cases on which two linkages differ",
)

SECOND_OPINION_PARAMETERS = Table(
    "results",
    "second_opinion_parameters",
    "One row a source and level of a comparison: what Splink was trained to.",
    key=("source", "comparison", "level"),
    disclosure="aggregate",
    columns=(
        OF_SOURCE,
        Column(
            "comparison",
            "varchar",
            "The identifiers compared; `any_two_rows` for the probability that a case and a record drawn at random "
            "match.",
        ),
        Column("level", "varchar", "The degree of agreement, in Splink's words."),
        Column("level_order", "bigint", "Its place, from the closest agreement (1); 0 for `any_two_rows`."),
        Column(
            "m",
            "double",
            "Probability of the level among pairs that match; null where it was not observed in training.",
        ),
        Column(
            "u",
            "double",
            "Probability of the level among pairs that do not match; null where it was not observed in training.",
        ),
        Column(
            "match_weight",
            "double",
            "What the level adds to a pair's match weight, log2(m / u), before rare names are allowed for.",
        ),
    ),
    stays="says how well each identifier tells people apart, which helps who would find them",
)

SECOND_OPINION_DISAGREEMENTS = Table(
    "linkage",
    "second_opinion_disagreements",
    "One row a source and case on which our record and Splink's differ, the most surprising first. Restricted.",
    key=("source", "case_id"),
    disclosure="restricted",
    columns=(
        OF_SOURCE,
        Column(
            "review_rank",
            "bigint",
            "1 is the case on which Splink's evidence speaks loudest against ours, within the source.",
        ),
        Column("case_id", "varchar", "The inspectorate's id of the assessment."),
        Column("side", "varchar", "`only_ours`, `only_splink` or `other_record`: who has a record."),
        Column("our_status", "varchar", "Our status of the case."),
        Column("our_rule", "varchar", "The rule that decided ours; null where we have no record."),
        Column("our_record_id", "varchar", "Our record; null where we have none."),
        Column(
            "our_match_weight",
            "double",
            "Splink's match weight of our record; null where Splink did not compare it, or we have none.",
        ),
        Column("our_fields_agreeing", "varchar", "Fields on which the case and our record agree."),
        Column("our_fields_differing", "varchar", "Fields present on both sides on which they differ."),
        Column("splink", "varchar", "Splink's answer, as in results.second_opinion."),
        Column("splink_record_id", "varchar", "Splink's record; null where it has none."),
        Column(
            "match_weight",
            "double",
            "Match weight of Splink's record (log2 of the odds that the two are one person).",
        ),
        Column("splink_fields_agreeing", "varchar", "Fields on which the case and Splink's record agree."),
        Column("splink_fields_differing", "varchar", "Fields present on both sides on which they differ."),
        Column(
            "strength",
            "double",
            "How far Splink's evidence speaks against ours, in bits; the order of review_rank.",
        ),
    ),
)

SECOND_OPINION_TABLES = by_name(SECOND_OPINION, SECOND_OPINION_AGREEMENT, SECOND_OPINION_PARAMETERS)
