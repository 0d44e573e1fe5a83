"""What Splink is told to compare, where it looks for pairs, and how it is trained.

Belongs here: every choice of the second opinion, by name. Not here: running it (`scoring.py`) and setting its
answers beside ours (`agreement.py`). The reasons stand in docs/second-opinion.md.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from splink import SettingsCreator

# Splink's answers are reported at each of these match probabilities; disagreements are listed at one of them.
THRESHOLDS = (0.5, 0.9, 0.95, 0.99)
REVIEW_THRESHOLD = 0.95
SEED = 20230401
# Pairs drawn for u, and at most used for a pass of m: enough for levels of one in a hundred thousand.
MAX_PAIRS_U = 3e7
MAX_PAIRS_M = 1e6
# Share of the true pairs that TRUSTED finds, as Splink asks to be told before it is trained.
TRUSTED_RECALL = 0.95
TRUSTED = (("pnc_id", "date_of_birth"), ("crn", "date_of_birth"), ("surname", "first_forename", "date_of_birth"))
# Passes of expectation maximisation: what one pass holds fixed, the others estimate.
PASSES = (("pnc_id",), ("date_of_birth",), ("surname", "first_forename"))
# Pairs that are scored: each is wider than any of our rules, and the fourth and last hold none of our blocks.
BLOCKS = (
    ("pnc_id",),
    ("crn",),
    ("surname", "date_of_birth"),
    ("first_forename", "date_of_birth"),
    ("surname", "first_forename"),
)
SWAPPED_NAMES_BLOCK = "l.surname = r.first_forename and l.first_forename = r.surname"


def model_settings() -> "SettingsCreator":
    """Splink's settings, untrained: cases against records, identifiers only.

    A PNC identifier has a check letter and a CRN a fixed form, so both agree or do not. Dates of birth have
    degrees (one character off, within a month, within a year), names too (swapped, similar, one of the two), and
    agreement on a rare name weighs more than on a common one. Needs the package splink.
    """
    import splink.comparison_library as comparisons
    from splink import SettingsCreator, block_on
    from splink.blocking_rule_library import CustomRule

    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            comparisons.ExactMatch("pnc_id"),
            comparisons.ExactMatch("crn"),
            comparisons.DateOfBirthComparison(
                "date_of_birth", input_is_string=False, datetime_thresholds=[1, 1], datetime_metrics=["month", "year"]
            ),
            comparisons.ForenameSurnameComparison(
                "first_forename", "surname", forename_surname_concat_col_name="full_name"
            ),
        ],
        blocking_rules_to_generate_predictions=[
            *(block_on(*block) for block in BLOCKS),
            CustomRule(SWAPPED_NAMES_BLOCK),
        ],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
        linker_uid="second_opinion",
    )
