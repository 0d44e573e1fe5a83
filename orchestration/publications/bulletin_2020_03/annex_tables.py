"""Tables C1 to C6 of Bulletin 2020/03, and how many needs and strengths cases have.

Belongs here: results.annex_c and results.needs_counts laid out for readers. Not here: the counts and verdicts
(`orchestration/methods/bulletin_2020_03`), pairs of needs (`cooccurrence_tables.py`), the models
(`stepwise_tables.py`).
"""

import pandas as pd

from orchestration.methods.layouts.layout_2020 import DECIMALS, EVERYBODY, GROUPS, MEASURES, TABLE_TITLES, Measure
from orchestration.publications.shared.annex_cells import AnnexRow, ShownMeasure, cell_columns, cell_frame, shading_note
from orchestration.publications.shared.published_table import (
    ROW_GROUP,
    Column,
    PublishedTable,
    Tables,
    is_kept_back,
)
from orchestration.publications.shared.records import keyed
from orchestration.tables.release import SUPPRESSED

SOURCE = "Inspection data"
ROWS: tuple[AnnexRow, ...] = tuple(
    (group.label, group.item, category) for group in (EVERYBODY, *GROUPS) for category in group.categories
)
# C1 and C2 rest on the whole sub-group, so one n serves all columns; C3 and C4 print one a column, C5 and C6 none.
_ONE_N, _OWN_N = ("C1", "C2"), ("C3", "C4")
KINDS = {"needs": ("need", 8, "4+"), "strengths": ("strength", 5, "2+")}


def measures_of(table_id: str) -> tuple[Measure, ...]:
    """The columns of a table of Annex C."""
    return tuple(measure for measure in MEASURES if measure.table_id == table_id)


def annex_c_table(table_id: str, tables: Tables, significance_level: float) -> PublishedTable:
    """One of Tables C1 to C6 (2020/03, Annex C)."""
    measures = measures_of(table_id)
    shown = [_shown(measure, "n" if table_id in _OWN_N else "") for measure in measures]
    frame = cell_frame(tables["annex_c"], ROWS, shown)
    columns = cell_columns(shown)
    if table_id in _ONE_N:
        columns = (columns[0], Column(f"{measures[0].code}_n", "n", decimals=0), *columns[1:])
    basis = f"based upon forward stepwise logistic regression, entry at p<{significance_level:g}"
    notes = [shading_note(basis)]
    if any(measure.is_mean for measure in measures):
        notes.append("Means were not tested.")
    if table_id not in (*_ONE_N, *_OWN_N):
        notes.append(f"n: see Table {table_id}N.")
    return PublishedTable(table_id, TABLE_TITLES[table_id], SOURCE, columns, frame, tuple(notes))


def _shown(measure: Measure, n_heading: str) -> ShownMeasure:
    suffix = "" if measure.is_mean else "%"
    return ShownMeasure(measure.code, measure.label, "% yes", DECIMALS, suffix, n_heading)


def base_table(table_id: str, tables: Tables) -> PublishedTable:
    """The cases behind Table C5 or C6, which the bulletin does not print."""
    measures = measures_of(table_id)
    frame = cell_frame(tables["annex_c"], ROWS, [_shown(measure, "n") for measure in measures])
    columns = [Column(f"{measure.code}_n", measure.label, decimals=0) for measure in measures]
    notes = ("Cases with the need or strength in which the inspector judged the delivery.",)
    title = f"the cases behind Table {table_id}"
    return PublishedTable(f"{table_id}N", title, SOURCE, (Column("category", "Category"), *columns), frame, notes)


def counts_table(kind: str, table_id: str, tables: Tables) -> PublishedTable:
    """Cases by their number of needs or of strengths, in per cent, overall and by sub-group (2020/03, 2.2)."""
    singular, most, band = KINDS[kind]
    cells = tables["needs_counts"]
    found = keyed(cells[cells["kind"] == kind], ["item", "category", "number"])
    numbers = [*(str(number) for number in range(most + 1)), band]
    records = []
    for group, item, category in ROWS:
        if (item, category.code, "0") not in found:  # a public release tells of all cases alone
            continue
        own = {number: found[item, category.code, number] for number in numbers}
        shares = {number: cell["percent"] for number, cell in own.items()}
        kept_back = ", ".join(number for number, cell in own.items() if is_kept_back(cell, "percent"))
        row = {ROW_GROUP: group, "category": category.label, "n": own["0"]["n_cases"], SUPPRESSED.name: kept_back}
        records.append(row | shares)
    columns = [Column("category", "Category"), Column("n", "n", decimals=0)]
    columns += [Column(number, _number_heading(number, singular), "", 1, "%") for number in numbers]
    notes = (f"The last column repeats the cases of the columns it covers: {_open_band(band)} {kind}.",)
    title = f"Number of {kind} identified, percentage of cases"
    return PublishedTable(table_id, title, SOURCE, tuple(columns), pd.DataFrame(records), notes)


def _number_heading(number: str, singular: str) -> str:
    if number.endswith("+"):
        return _open_band(number).capitalize()
    if number == "0":
        return "None"
    return f"1 {singular}" if number == "1" else number


def _open_band(band: str) -> str:
    return f"{band.removesuffix('+')} or more"
