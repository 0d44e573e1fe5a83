"""The figures of Bulletin 2020/03, made and drawn.

Belongs here: charts and the heat map from results.figure_data. Not here: what the figures are
(`figure_catalogue.py`), the drawing (`publications/drawing`).
"""

from orchestration.methods.layouts.layout_2020 import DECIMALS, NEEDS
from orchestration.publications.bulletin_2020_03.figure_catalogue import (
    FIGURES,
    HEAT_MAP_NUMBER,
    HEAT_MAP_TITLE,
    NeedsFigure,
)
from orchestration.publications.bulletin_2020_03.figure_data import HEAT_MAP
from orchestration.publications.drawing.bar_charts import drawn_chart
from orchestration.publications.drawing.charts import Bar, BarGroup, Chart, chart_table
from orchestration.publications.drawing.heat_maps import (
    HeatMap,
    alternative_text,
    displayed_data,
    heat_map_png,
    heat_map_svg,
)
from orchestration.publications.shared.figure_rows import figure_rows
from orchestration.publications.shared.publication import DrawnFigure
from orchestration.publications.shared.published_table import Column, PublishedTable, Tables, missing_in
from orchestration.publications.shared.records import records

SOURCE, RATINGS_SOURCE = "Inspection data", "Inspection ratings"


def has_rows(figure_id: str, tables: Tables) -> bool:
    """Whether results.figure_data holds the figure: that of the ratings needs an input of its own."""
    return bool((tables["figure_data"]["figure_id"] == figure_id).any())


def drawn_figures(tables: Tables) -> tuple[DrawnFigure, ...]:
    """Every figure that the data allow, in order, the heat map last."""
    drawn = [
        drawn_chart(chart_of(figure, tables), f"Figure {figure.number}", figure_table(figure, tables))
        for figure in FIGURES
        if has_rows(figure.figure_id, tables)
    ]
    return (*drawn, _drawn_heat_map(tables))


def chart_of(figure: NeedsFigure, tables: Tables) -> Chart:
    """A figure's chart from results.figure_data."""
    groups: dict[str, list[Bar]] = {}
    for row in records(figure_rows(figure.figure_id, tables["figure_data"])):
        group, series = row["category"], row["series"]
        if figure.is_by_series:
            group, series = series, group
        bar = Bar(figure.series.get(series, ""), row["n"], row["value"], missing_in(row))
        groups.setdefault(figure.groups[group], []).append(bar)
    return Chart(
        figure_id=figure.figure_id,
        heading=figure.heading,
        measure=figure.measure,
        base=figure.base,
        unit=figure.unit,
        groups=tuple(BarGroup(label, tuple(bars)) for label, bars in groups.items()),
        legend=tuple((label, position == 0) for position, label in enumerate(figure.series.values())),
        series_heading=figure.series_heading,
        mean_decimals=DECIMALS,
    )


def figure_table(figure: NeedsFigure, tables: Tables) -> PublishedTable:
    """The numbers behind one figure of bars."""
    source = RATINGS_SOURCE if figure.is_by_series else SOURCE
    return chart_table(chart_of(figure, tables), f"F{figure.number}", source)


def heat_map_of(tables: Tables) -> HeatMap:
    """The heat map of every pair of needs, from results.figure_data."""
    rows = figure_rows(HEAT_MAP, tables["figure_data"])
    labels = {f"need_{need}": label for need, label in NEEDS.items()}
    pairs = {(row["series"], row["category"]): row for row in records(rows)}
    cells = {pair: (row["n"], row["value"]) for pair, row in pairs.items()}
    missing = {pair: missing_in(row) for pair, row in pairs.items()}
    return HeatMap(HEAT_MAP, HEAT_MAP_TITLE, "Phi of the two needs, over all cases", labels, cells, missing)


def heat_map_table(tables: Tables) -> PublishedTable:
    """The numbers behind the heat map."""
    columns = (
        Column("first", "Need"),
        Column("second", "Other need"),
        Column("n", "Cases with both", decimals=0),
        Column("value", "Phi", decimals=3),
    )
    frame = displayed_data(heat_map_of(tables)).set_axis([column.key for column in columns], axis=1)
    table_id, title = f"F{HEAT_MAP_NUMBER}", f"the data behind {HEAT_MAP_TITLE}"
    return PublishedTable(table_id, title, SOURCE, columns, frame)


def _drawn_heat_map(tables: Tables) -> DrawnFigure:
    heat_map = heat_map_of(tables)
    return DrawnFigure(
        figure_id=heat_map.figure_id,
        label=f"Figure {HEAT_MAP_NUMBER}",
        heading=heat_map.heading,
        svg=heat_map_svg(heat_map, alternative_text(heat_map)),
        png=heat_map_png(heat_map),
        data=displayed_data(heat_map),
        table=heat_map_table(tables),
    )
