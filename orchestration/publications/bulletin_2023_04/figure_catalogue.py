"""The figures of Bulletin 2023/04 as data: number, title, what they show, in the bulletin's words.

Belongs here: what each figure is. Not here: its numbers (`figure_data.py`) and its drawing (`publications/drawing`).
Figures 1, 4 and 9 of the bulletin are diagrams without data and are not reproduced.
"""

from dataclasses import dataclass

from orchestration.methods.layouts.codebook import CODEBOOK

ENGAGEMENT = "engagement"
DESISTANCE = "desistance"
STRENGTHS = "strengths_built_upon"
SUPPORT = "supports_completion"

COMPLETION = "termination_positive"
REOFFENDED = "reoffended"
REOFFENCES = "reoffences"

ALL_CASES = "all"
COMBINED = "combined"  # the combined finding stands in figure data as if it were a figure
BOTH = {"both_yes": "yes", "both_no": "no"}
LIKELIHOOD_LEVELS = ("low", "medium", "high_very_high")

LIKELIHOOD_LABELS = {
    "low": "Low likelihood",
    "medium": "Medium likelihood",
    "high_very_high": "High or very high likelihood",
    ALL_CASES: "All cases",
}
REASON_LABELS = CODEBOOK["termination_reason"].labels
REASON_SERIES = {
    "ran_full_course": "positive",
    "early_good_progress": "positive",
    "early_conviction": "negative",
    "early_failure_to_comply": "negative",
}
OUTCOME_MEASURES = {
    COMPLETION: "Percentage of terminations that were positive",
    REOFFENDED: "Percentage reoffending within one year",
    REOFFENCES: "Mean number of reoffences of those who reoffended",
}
OUTCOME_UNITS = {COMPLETION: "percent", REOFFENDED: "percent", REOFFENCES: "mean_count"}
OUTCOME_BASES = {
    COMPLETION: "community cases with a positive or negative termination",
    REOFFENDED: "cases matched to reoffending data",
    REOFFENCES: "cases that reoffended",
}


@dataclass(frozen=True)
class Figure:
    """One figure: `judgement` gives the bars, `by_likelihood` repeats them within levels of likelihood.

    `measure` and `base`: where they are not those of the outcome.
    """

    figure_id: str
    number: int
    title: str
    outcome: str
    judgement: str = ""
    by_likelihood: bool = False
    measure: str = ""
    base: str = ""

    @property
    def measure_label(self) -> str:
        """What a bar's length measures."""
        return self.measure or OUTCOME_MEASURES[self.outcome]

    @property
    def base_label(self) -> str:
        """What n counts."""
        return self.base or OUTCOME_BASES[self.outcome]

    @property
    def heading(self) -> str:
        return f"Figure {self.number}: {self.title}"


def _figure(
    number: int, title: str, outcome: str, judgement: str = "", by_likelihood: bool = False, **words: str
) -> Figure:
    return Figure(f"figure_{number}", number, title, outcome, judgement, by_likelihood, **words)


_LEVELS = "(and likelihood of reoffending level)"
FIGURES: tuple[Figure, ...] = (
    _figure(
        2,
        "Reasons for sentence termination",
        COMPLETION,
        measure="Percentage of positive and negative terminations",
        base="terminations with the reason",
    ),
    _figure(
        3,
        "The number of reoffences committed by reoffenders",
        REOFFENCES,
        measure="Percentage of those who reoffended",
        base="reoffenders with that number of reoffences",
    ),
    _figure(5, f"Positive terminations by effective implementation {_LEVELS}", COMPLETION, ENGAGEMENT, True),
    _figure(6, f"Binary reoffending by effective implementation {_LEVELS}", REOFFENDED, ENGAGEMENT, True),
    _figure(
        7,
        f"Frequency of reoffending (for reoffenders) by effective implementation {_LEVELS}",
        REOFFENCES,
        ENGAGEMENT,
        True,
    ),
    _figure(8, "Frequency of reoffending (for reoffenders) by sentence completion support", REOFFENCES, SUPPORT),
    _figure(
        10,
        f"Positive terminations by effective support of the individual's desistance {_LEVELS}",
        COMPLETION,
        DESISTANCE,
        True,
    ),
    _figure(
        11,
        f"Binary reoffending by effective support of the individual's desistance {_LEVELS}",
        REOFFENDED,
        DESISTANCE,
        True,
    ),
    _figure(
        12,
        f"Frequency of reoffending by effective support of the individual's desistance {_LEVELS}",
        REOFFENCES,
        DESISTANCE,
        True,
    ),
    _figure(
        13,
        "Positive terminations by building upon strengths/enhancing protective factors",
        COMPLETION,
        STRENGTHS,
    ),
    _figure(
        14,
        "Binary reoffending by building upon strengths/enhancing protective factors",
        REOFFENDED,
        STRENGTHS,
    ),
    _figure(
        15,
        "Frequency of reoffending by building upon strengths/enhancing protective factors",
        REOFFENCES,
        STRENGTHS,
    ),
)
FIGURES_BY_ID = {figure.figure_id: figure for figure in FIGURES}
