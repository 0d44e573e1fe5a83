"""The panels of the sensitivity figures: lines by window or by share of false links, bars and dots by rule.

Belongs here: what is drawn into one small pair of axes. Not here: how panels make a figure (`figures.py`), and
words (`figure_text.py`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orchestration.publications.drawing.figures import DARK_BLUE, ORANGE, QUIET, TEXT, font_file
from orchestration.publications.linkage_page.figure_text import (
    KEY_LABELS,
    MODEL_OUTCOMES,
    SHORT_OUTCOMES,
    SHORT_SOURCES,
    is_key_question,
    outcome_of,
    rule_label,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GREY = "#B8BEC2"
HEIGHT, ROW, LEFT = 1.75, 0.27, 0.55
SOURCE_COLOURS = {"terminations": DARK_BLUE, "reoffending": ORANGE}
KEY_COLOURS = dict(zip(KEY_LABELS, (DARK_BLUE, ORANGE), strict=True))
RATIO_TICKS = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
FINE_TICKS = (0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.4, 1.6)  # where the largest is less than three times the smallest
LEAST_REACH = 5.0  # percent: a smaller change is not blown up to the width of the panel


@dataclass(frozen=True)
class Panel:
    """One small drawing: its title, height and left margin in inches, its colours' meanings, and what draws it."""

    title: str
    height: float
    left: float
    legend: dict[str, str]
    draw: Callable[["Axes"], None]


def window_panels(rates: pd.DataFrame, ratios: pd.DataFrame) -> list[Panel]:
    """Match rates by window, then each outcome's ratios."""
    default = rates.loc[rates["is_default"], "scenario_order"].max()

    def draw_rates(axes: "Axes") -> None:
        for source, colour in SOURCE_COLOURS.items():
            own = rates[rates["source"] == source].sort_values("scenario_order")
            axes.plot(own["scenario_order"], own["rate"], color=colour, linewidth=2)
        _mark(axes, default, "Days either side (dotted: the published window)")

    def draw_ratios(outcome: str) -> Callable[["Axes"], None]:
        own = ratios[ratios["model_id"].map(outcome_of) == outcome]

        def draw(axes: "Axes") -> None:
            _draw_lines(axes, own, "ci_low", "ci_high")
            _mark(axes, default, "Days either side (shaded: 95% intervals)")

        return draw

    legend = {label: SOURCE_COLOURS[source] for source, label in SHORT_SOURCES.items()}
    first = Panel("Cases matched, per cent", HEIGHT, LEFT, legend, draw_rates)
    return [first, *_ratio_panels(draw_ratios)]


def false_link_panels(_rates: pd.DataFrame, ratios: pd.DataFrame) -> list[Panel]:
    """Each outcome's ratios by percent of false links, from the published ratio at none."""
    at_none = ratios.drop_duplicates(["model_id", "coefficient"]).assign(scenario_order=0.0)
    for column in ("value", "spread_low", "spread_high", "expected_value"):
        at_none[column] = at_none["published_value"]
    everything = pd.concat([at_none, ratios], ignore_index=True)

    def draw_ratios(outcome: str) -> Callable[["Axes"], None]:
        own = everything[everything["model_id"].map(outcome_of) == outcome]

        def draw(axes: "Axes") -> None:
            _draw_lines(axes, own, "spread_low", "spread_high")
            for key, colour in KEY_COLOURS.items():
                line = _key_rows(own, key)
                axes.plot(line["scenario_order"], line["expected_value"], color=colour, linewidth=1, linestyle=":")
            axes.set_xlabel("False links, per cent (shaded: 95% of draws; dotted: expected)", fontsize=10, color=QUIET)
            axes.set_xlim(left=0)

        return draw

    return _ratio_panels(draw_ratios)


def rule_panels(rates: pd.DataFrame, ratios: pd.DataFrame) -> list[Panel]:
    """Links lost by rule left out, then the change of each outcome's ratios."""
    ordered = rates.sort_values("scenario_order")["scenario"].drop_duplicates().tolist()
    places = {rule: len(ordered) - 1 - place for place, rule in enumerate(ordered)}
    height, left = ROW * max(len(ordered), 1), _room_for(map(rule_label, ordered))

    def prepare(axes: "Axes", label: str) -> None:
        axes.set_yticks(list(places.values()), [rule_label(rule) for rule in places], fontsize=10)
        axes.set_ylim(-0.6, len(places) - 0.4)
        axes.set_xlabel(label, fontsize=10, color=QUIET)

    def draw_losses(axes: "Axes") -> None:
        for shift, (source, colour) in zip((0.19, -0.19), SOURCE_COLOURS.items(), strict=True):
            own = rates[rates["source"] == source]
            at = [places[rule] + shift for rule in own["scenario"]]
            axes.barh(at, own["links_lost"].to_numpy(dtype=float), height=0.36, color=colour)
            for y, lost in zip(at, own["links_lost"], strict=True):
                axes.text(float(lost), y, f" {lost}", va="center", fontsize=9, color=TEXT)
        prepare(axes, "Cases no longer matched")
        axes.grid(visible=False)
        axes.set_xlim(0, max(float(rates["links_lost"].max()) * 1.15, 1.0))

    def draw_changes(outcome: str) -> Callable[["Axes"], None]:
        own = ratios[ratios["model_id"].map(outcome_of) == outcome]

        def draw(axes: "Axes") -> None:
            _draw_dots(axes, own, places)
            prepare(axes, "Change of the ratio, per cent")

        return draw

    legend = {label: SOURCE_COLOURS[source] for source, label in SHORT_SOURCES.items()}
    first = Panel("Links lost without the rule", 1.5 * height, left, legend, draw_losses)
    titles = {code: f"Change of ratios: {name}" for code, name in SHORT_OUTCOMES.items()}
    return [
        first,
        *(Panel(titles[code], height, left, _key_legend(place), draw_changes(code))
          for place, code in enumerate(SHORT_OUTCOMES)),
    ]  # fmt: skip


def _ratio_panels(draw: Callable[[str], Callable[["Axes"], None]]) -> list[Panel]:
    return [
        Panel(title, HEIGHT, LEFT, _key_legend(place), draw(code))
        for place, (code, title) in enumerate(MODEL_OUTCOMES.items())
    ]


def _key_legend(place: int) -> dict[str, str]:
    """The colours' meanings, said once: above the first of the panels that share them."""
    if place:
        return {}
    return {**{label: KEY_COLOURS[key] for key, label in KEY_LABELS.items()}, "Each prompt": GREY}


def _key_rows(ratios: pd.DataFrame, key: str) -> pd.DataFrame:
    return ratios[is_key_question(ratios) & (ratios["coefficient"] == key)].sort_values("scenario_order")


def _draw_lines(axes: "Axes", ratios: pd.DataFrame, low: str, high: str) -> None:
    """Prompts as thin grey lines, key questions in colour with their shaded range, on a logarithmic axis."""
    for _, prompt in ratios[~is_key_question(ratios)].sort_values("scenario_order").groupby("coefficient"):
        axes.plot(prompt["scenario_order"], prompt["value"], color=GREY, linewidth=1)
    for key, colour in KEY_COLOURS.items():
        line = _key_rows(ratios, key)
        axes.fill_between(line["scenario_order"], line[low], line[high], color=colour, alpha=0.15, linewidth=0)
        axes.plot(line["scenario_order"], line["value"], color=colour, linewidth=2)
    axes.axhline(1, color=TEXT, linewidth=0.8)
    _scale(axes, ratios, low, high)


def _scale(axes: "Axes", ratios: pd.DataFrame, low: str, high: str) -> None:
    """A logarithmic axis that holds every line and band, with round ticks."""
    shown = pd.concat([ratios["value"], *(ratios.loc[is_key_question(ratios), end] for end in (low, high))])
    values = [0.9, 1.1, *shown.dropna().tolist()]
    least, most = min(values), max(values)
    axes.set_yscale("log")
    axes.minorticks_off()
    axes.set_ylim(least / 1.05, most * 1.05)
    ticks = [tick for tick in (FINE_TICKS if most < 3 * least else RATIO_TICKS) if least / 1.05 <= tick <= most * 1.05]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])


def _mark(axes: "Axes", default: float, label: str) -> None:
    if np.isfinite(default):
        axes.axvline(default, color=TEXT, linewidth=1, linestyle=":")
    axes.set_xlabel(label, fontsize=10, color=QUIET)
    axes.set_xlim(left=0)


def _room_for(labels: Iterable[str]) -> float:
    """Inches that the longest label takes, with its distance from the axis."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    font = FontProperties(fname=font_file())
    return max(TextPath((0, 0), label, size=10, prop=font).get_extents().width for label in labels) / 72 + 0.15


def _draw_dots(axes: "Axes", ratios: pd.DataFrame, places: dict[str, int]) -> None:
    """One dot a judgement: how far its ratio moves, prompts first so that the key questions stand on top."""
    change = 100 * (ratios["value"] / ratios["published_value"] - 1)
    at = ratios["scenario"].map(places)
    prompts = ~is_key_question(ratios)
    axes.axvline(0, color=TEXT, linewidth=0.8)
    axes.scatter(change[prompts], at[prompts], color=GREY, s=14, linewidths=0)
    for key, colour in KEY_COLOURS.items():
        chosen = ~prompts & (ratios["coefficient"] == key)
        axes.scatter(change[chosen], at[chosen], color=colour, s=26, linewidths=0, zorder=3)
    reach = max(float(change.abs().max()) * 1.1, LEAST_REACH) if change.notna().any() else LEAST_REACH
    axes.set_xlim(-reach, reach)
