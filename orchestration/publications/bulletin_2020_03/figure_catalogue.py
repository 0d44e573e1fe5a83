"""The figures of Bulletin 2020/03 as data: number, title, what they show, in the bulletin's words.

Figure 1 is the second figure that the bulletin numbers so; the first, like its diagram, is not reproduced.

Belongs here: what each figure is. Not here: its numbers (`figure_data.py`), its chart (`figures.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestration.methods.bulletin_2020_03.provider_ratings import RATINGS
from orchestration.methods.layouts.layout_2020 import GROUP_BY_ITEM, MEASURES
from orchestration.publications.bulletin_2020_03.figure_data import ABOUT, ASPECTS, HEAT_MAP, RATINGS_FIGURE

LEVELS = {"low": "Low", "medium": "Medium", "high_very_high": "High or very high"}
PROVIDERS = {"crc": "CRC", "nps": "NPS"}
RATING_LABELS = {code: code.replace("_", " ").capitalize() for code in RATINGS}
RISKS = {item: GROUP_BY_ITEM[item].label for item in ("ogrs_group", "rosh_group")}
TAILORED = {"needs": "Addressing needs", "strengths": "Building upon strengths"}
STEPS = {aspect: aspect.capitalize() for aspect in ASPECTS}
STEP_OF_MEASURE = {code: STEPS[aspect] for codes in ABOUT.values() for code, aspect in zip(codes, ASPECTS, strict=True)}
_LABELS = {measure.code: measure.label for measure in MEASURES} | STEP_OF_MEASURE
# The bulletin has no such figure.
HEAT_MAP_NUMBER = 12
HEAT_MAP_TITLE = f"Figure {HEAT_MAP_NUMBER}: How strongly needs go together (heat map of phi, not in the bulletin)"


@dataclass(frozen=True)
class NeedsFigure:
    """One figure of bars: `groups` words its categories, `series` its series; the first of two takes the second colour.

    `is_by_series`: the bars stand in groups of the series, and the categories differ in colour.
    """

    figure_id: str
    number: int
    title: str
    measure: str
    base: str
    groups: Mapping[str, str] = field(default_factory=lambda: _LABELS)
    series: Mapping[str, str] = field(default_factory=dict)
    series_heading: str = "Provider"
    unit: str = "percent"
    is_by_series: bool = False

    @property
    def heading(self) -> str:
        return f"Figure {self.number}: {self.title}"


def _figure(number: int, title: str, measure: str, base: str, **more: Any) -> NeedsFigure:
    return NeedsFigure(f"figure_2020_{number}", number, title, measure, base, **more)


def _by_risk(number: int, about: str) -> NeedsFigure:
    """Figures 3 and 5: the mean number of needs or strengths by both kinds of risk."""
    return _figure(
        number,
        f"Mean number of {about} by risk levels – likelihood of reoffending and risk of serious harm",
        f"Mean number of {about}",
        "cases at that level",
        groups=LEVELS,
        series=RISKS,
        series_heading="Risk",
        unit="mean_count",
    )


_BY_PROVIDER = "cases of the provider type"
_JUDGED = "Percentage of cases judged sufficient"
_JUDGED_CASES = "cases in which it was judged"
FIGURES: tuple[NeedsFigure, ...] = (
    _figure(
        1,
        "Provider ratings for services",
        "Percentage of the providers of each type",
        "providers with the rating",
        groups=RATING_LABELS,
        series=PROVIDERS,
        is_by_series=True,
    ),
    _figure(
        2,
        "Prevalence of needs by provider (NPS vs CRC)",
        "Percentage of cases with the need",
        _BY_PROVIDER,
        series=PROVIDERS,
    ),
    _by_risk(3, "needs"),
    _figure(
        4,
        "Prevalence of strengths by provider (NPS vs CRC)",
        "Percentage of cases with the strength",
        _BY_PROVIDER,
        series=PROVIDERS,
    ),
    _by_risk(5, "strengths"),
    _figure(
        6,
        "Sufficiency of assessment, planning and delivery in addressing needs and building upon strengths",
        _JUDGED,
        _JUDGED_CASES,
        groups=STEPS,
        series=TAILORED,
        series_heading="Judgement",
    ),
    _figure(
        7,
        "Sufficiency of delivery against identified needs",
        "Percentage of cases with sufficient delivery",
        "cases with the need in which delivery was judged",
    ),
    _figure(
        8,
        "Sufficiency of delivery in building upon identified strengths",
        "Percentage of cases with sufficient delivery",
        "cases with the strength in which delivery was judged",
    ),
    _figure(
        9,
        "Sufficiency of assessment, planning and delivery in addressing needs, by provider (CRC vs NPS)",
        _JUDGED,
        _JUDGED_CASES,
        series=PROVIDERS,
    ),
    _figure(
        10,
        "Sufficiency of assessment, planning and delivery in building upon strengths, by provider (CRC vs NPS)",
        _JUDGED,
        _JUDGED_CASES,
        series=PROVIDERS,
    ),
    _figure(
        11,
        "Tailoring of delivery by service user's likelihood of reoffending",
        "Percentage of cases with sufficient delivery",
        _JUDGED_CASES,
        groups=LEVELS,
        series=TAILORED,
        series_heading="Judgement",
    ),
)
FIGURES_BY_ID = {figure.figure_id: figure for figure in FIGURES}
FIGURE_IDS = (*FIGURES_BY_ID, HEAT_MAP)
HAS_OWN_INPUT = (RATINGS_FIGURE,)  # drawn only where ratings were delivered
