"""Reading a published workbook back."""

from openpyxl.workbook import Workbook


def rows(workbook: Workbook, sheet: str) -> list[dict[str, object]]:
    """The table of a sheet: one dictionary of cells a row."""
    area = next(iter(workbook[sheet].tables.values())).ref
    header, *body = list(workbook[sheet][area])
    return [{str(name.value): cell for name, cell in zip(header, line, strict=True)} for line in body]
