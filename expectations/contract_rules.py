"""Expectations that follow from the data contract's column specification, for every source.

Belongs here: columns, types, uniqueness, codes, ranges, dates of one column; coverage of the inspected
cases. Not here: rules between columns (the suite of each source).
"""

from typing import Any

import pandas as pd

from expectations.runner import about
from orchestration.tables.contract import EARLIEST_DATE, LATEST_DATE
from orchestration.tables.source import Column, Source

CORRECT_ROWS = "Have the rows corrected where they come from, or corrected in the file, and deliver them again."
_OLDEST_AGE = 110  # years, as limits.csv says to the linkage
TYPES = {"date": "datetime64", "integer": "int64"}


def bounded_frame(source: Source, rows: pd.DataFrame) -> pd.DataFrame:
    """Typed rows without the free-text columns, and with the bounds as columns of their own.

    Great Expectations compares two columns at once and a column with a number one value at a time (a
    second for 200,000 dates), and it hashes every column it is given.
    """
    texts = [column.name for column in source.of_kind("text") if not column.required]
    frame = rows.drop(columns=texts).assign(
        earliest_date=pd.Timestamp(EARLIEST_DATE), latest_date=pd.Timestamp(LATEST_DATE), lowest_number=0
    )
    if source.date_column is None:
        return frame
    return frame.assign(earliest_birth=rows[source.date_column] - pd.DateOffset(years=_OLDEST_AGE))


def table_rules(source: Source) -> list[Any]:
    """Rules on the table of typed rows."""
    import great_expectations.expectations as gxe

    columns = gxe.ExpectTableColumnsToMatchSet(
        column_set=source.names,
        exact_match=False,
        meta=about(
            "columns_present",
            source.name,
            "columns of the data contract are missing",
            "Deliver the extract with every column of the data contract.",
        ),
    )
    return [columns]


def column_rules(source: Source) -> list[Any]:
    """Rules on single columns of `bounded_frame`, in the contract's order."""
    import great_expectations.expectations as gxe

    words = about(
        "id_is_unique",
        source.id_text,
        f"{source.id_text} stands on more than one row",
        "Keep one row of each; every row of a repeated id is set aside until then.",
        rejects=True,
        columns=source.id_columns,
    )
    unique = (
        gxe.ExpectColumnValuesToBeUnique(column=source.id_columns[0], meta=words)
        if len(source.id_columns) == 1
        else gxe.ExpectCompoundColumnsToBeUnique(column_list=list(source.id_columns), meta=words)
    )
    return [unique, *(rule for column in source.columns for rule in _rules_on(column))]


def _rules_on(column: Column) -> list[Any]:
    rules = []
    if column.required:
        rules.append(_present(column))
    if column.kind in TYPES:
        rules.append(_type(column))
    if column.kind == "code":
        rules.append(_codes(column))
    if column.kind == "integer":
        rules.append(_range(column))
    if column.kind == "date" and not column.missing_if_unreadable:
        rules += _plausible_date(column)
    return rules


def _present(column: Column) -> Any:
    import great_expectations.expectations as gxe

    words = about(
        "required_value_present",
        column.name,
        f"{column.name} is required and missing",
        CORRECT_ROWS,
        rejects=True,
    )
    return gxe.ExpectColumnValuesToNotBeNull(column=column.name, meta=words)


def _type(column: Column) -> Any:
    import great_expectations.expectations as gxe

    words = about(
        "type",
        column.name,
        f"{column.name} is not read as {'a date' if column.kind == 'date' else 'a whole number'}",
        "This is a fault of the pipeline, not of the extract: report it.",
    )
    return gxe.ExpectColumnValuesToBeOfType(column=column.name, type_=TYPES[column.kind], meta=words)


def _codes(column: Column) -> Any:
    import great_expectations.expectations as gxe

    words = about(
        "codes_known",
        column.name,
        f"{column.name} holds something else than {', '.join(column.codes)}",
        f"Correct the codes, or add the label to dbt_project/seeds/codes/{column.labels_in}.",
        rejects=True,
    )
    return gxe.ExpectColumnValuesToBeInSet(column=column.name, value_set=list(column.codes), meta=words)


def _range(column: Column) -> Any:
    import great_expectations.expectations as gxe

    allowed = f"{column.low} or more" if column.high is None else f"{column.low} to {column.high}"
    words = about("range", column.name, f"{column.name} is not {allowed}", CORRECT_ROWS, rejects=True)
    if column.low is not None and column.high is not None:
        numbers = list(range(column.low, column.high + 1))
        return gxe.ExpectColumnValuesToBeInSet(column=column.name, value_set=numbers, meta=words)
    return in_order(column.name, "lowest_number", words)


def _plausible_date(column: Column) -> list[Any]:
    bounds = {
        "not_too_early": (column.name, "earliest_date", f"before {EARLIEST_DATE.year}"),
        "not_too_late": ("latest_date", column.name, f"after {LATEST_DATE.year}"),
    }
    return [
        in_order(
            later,
            earlier,
            about(name, column.name, f"{column.name} lies {where}", CORRECT_ROWS, rejects=True),
        )
        for name, (later, earlier, where) in bounds.items()
    ]


def in_order(later: str, earlier: str, words: dict[str, Any]) -> Any:
    """One column is at least the other, where neither is missing."""
    import great_expectations.expectations as gxe

    return gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=later, column_B=earlier, or_equal=True, ignore_row_if="either_value_is_missing", meta=words
    )


def born_before(source: Source) -> list[Any]:
    """A date of birth after the row's own date, or a lifetime before it, is no birth date: a warning, linkage treats it
    as missing."""
    words = about(
        "date_of_birth_before_row",
        "date_of_birth",
        f"date_of_birth lies after {source.date_column}",
        "The row is kept and its date of birth counts as missing; correct it to link the row better.",
        warns=True,
    )
    too_old = about(
        "date_of_birth_in_a_lifetime",
        "date_of_birth",
        f"date_of_birth lies more than {_OLDEST_AGE} years before {source.date_column}",
        "The row is kept and its date of birth counts as missing; correct it to link the row better.",
        warns=True,
    )
    if source.date_column is None:
        raise ValueError(f"{source.name} has no date")
    return [in_order(source.date_column, "date_of_birth", words), in_order("date_of_birth", "earliest_birth", too_old)]
