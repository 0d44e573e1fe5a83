"""A bar chart in words and numbers, before it is drawn.

Belongs here: what the drawing, the alternative text and the table behind a figure share, for any bulletin. Not here:
the drawing (`bar_charts.py`), the words of one bulletin's figures (its own room).
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from orchestration.methods.statistics.intervals import wilson
from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import Column, PublishedTable


@dataclass(frozen=True)
class Bar:
    """One bar: its series in words ("" where bars have none), the cases it rests on, and its value.

    `missing`: what stands where it has none.
    """

    series: str
    n: Any
    value: Any
    missing: str = formatting.NOT_APPLICABLE

    @property
    def n_text(self) -> str:
        """Its n as printed."""
        return f"n={formatting.number(self.n, missing=self.missing)}"


@dataclass(frozen=True)
class BarGroup:
    """Bars under one label; `tick` is the short label that stands under a column."""

    label: str
    bars: tuple[Bar, ...]
    tick: str = ""


@dataclass(frozen=True)
class Chart:
    """One figure of bars.

    `measure` is what a bar's length measures, in `unit`; `base` what n counts. `legend` gives the series that differ in
    colour, series -> whether it takes the second colour; without it all bars are alike. `series_heading` heads the
    column of series in the table behind the figure. `axis`: what the columns count, where it is a chart of columns.
    `mean_decimals`: the decimals its bulletin gives a mean. `is_of_n`: every bar is a percentage of its own n, so that
    it has an interval; a bar that is a share of all bars has none.
    """

    figure_id: str
    heading: str
    measure: str
    base: str
    unit: str
    groups: tuple[BarGroup, ...]
    legend: tuple[tuple[str, bool], ...] = ()
    series_heading: str = ""
    axis: str = ""
    mean_decimals: int = 2
    is_of_n: bool = False

    def value_text(self, bar: Bar) -> str:
        """A bar's value as printed."""
        if self.unit == "mean_count":
            return formatting.number(bar.value, self.mean_decimals, missing=bar.missing)
        return formatting.measure(bar.value, self.unit, bar.missing)

    def interval(self, bar: Bar) -> tuple[float, float] | None:
        """A bar's 95% interval in percent (Wilson's), for a percentage of its own n."""
        if not self.is_of_n or formatting.is_missing(bar.value) or formatting.is_missing(bar.n) or not int(bar.n):
            return None
        low, high = wilson(float(bar.value) / 100 * int(bar.n), int(bar.n))
        return 100 * low, 100 * high

    @property
    def bars(self) -> tuple[Bar, ...]:
        """Every bar in order."""
        return tuple(bar for group in self.groups for bar in group.bars)


def alternative_text(chart: Chart) -> str:
    """The chart in words, every bar with its value and n, for those who do not see it."""
    kind = "Column chart" if chart.axis else "Bar chart"
    groups = "; ".join(f"{group.label}: {_group_words(chart, group)}" for group in chart.groups)
    return f"{kind}. {chart.measure}. {groups}."


def _group_words(chart: Chart, group: BarGroup) -> str:
    parts = []
    for bar in group.bars:
        value = f"{chart.value_text(bar)} ({bar.n_text}{_interval_words(chart, bar)})"
        parts.append(f"{formatting.lower_first(bar.series)} {value}" if len(group.bars) > 1 else value)
    return ", ".join(parts)


def _interval_words(chart: Chart, bar: Bar) -> str:
    ends = chart.interval(bar)
    return "" if ends is None else f", 95% interval {formatting.number(ends[0], 1)} to {formatting.number(ends[1], 1)}"


def displayed_data(chart: Chart) -> pd.DataFrame:
    """The numbers behind a chart with words for codes: Category, the series (where colours differ), n, value.

    The value's column is named after the measure; values are unrounded, in the published unit.
    """
    shown = []
    for group in chart.groups:
        for bar in group.bars:
            record = {"Category": group.label} | ({chart.series_heading: bar.series} if chart.legend else {})
            shown.append(record | {"n": bar.n, chart.measure: bar.value})
    columns = ["Category", *([chart.series_heading] if chart.legend else []), "n", chart.measure]
    return pd.DataFrame(shown, columns=columns).astype({"n": "Int64", chart.measure: "Float64"})


def chart_table(chart: Chart, table_id: str, source: str) -> PublishedTable:
    """The numbers behind a chart as a published table."""
    frame = displayed_data(chart)
    is_mean = chart.unit == "mean_count"
    decimals, suffix = (chart.mean_decimals, "") if is_mean else (1, "%")
    columns = [Column(name, name) for name in frame.columns[:-2]]
    columns += [
        Column("n", "n", decimals=0),
        Column(chart.measure, chart.measure, decimals=decimals, suffix=suffix),
    ]
    notes = (f"n: {chart.base}.",)
    return PublishedTable(table_id, f"the data behind {chart.heading}", source, tuple(columns), frame, notes)
