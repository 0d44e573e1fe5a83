"""The tables as one accessible workbook, saved as an OpenDocument spreadsheet.

Belongs here: writing the sheets (`sheets.py`) with odfdo: the format that government publishes in. Not here: what
stands in them, nor XLSX (`workbook.py`).
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast
from xml.sax.saxutils import escape, quoteattr

from orchestration.publications.shared.publication import Publication
from orchestration.publications.shared.published_table import Column, PublishedTable
from orchestration.publications.shared.release_facts import ReleaseFacts
from orchestration.publications.workbooks import sheets

if TYPE_CHECKING:
    from odfdo import Container, Document, Table, XmlPart

TITLE, LINE, TEXT, HEADING, LINK, SIGNIFICANT = "title", "line", "text", "heading", "link", "significant"
NUMBER_HEADING = "number-heading"
_CENTIMETRES = 0.21  # of one character of the sheets' type
# What odfdo's empty spreadsheet brings along: the picture and the screen of the machine where it was saved.
_LEFT_BY_OTHERS = ("Thumbnails/thumbnail.png", "Configurations2/accelerator/current.xml")
_PAGE = {
    "fo:page-width": "29.7cm",
    "fo:page-height": "21cm",
    "style:print-orientation": "landscape",
    "style:scale-to-X": "1",
    "style:scale-to-Y": "0",
}
_NO_SETTINGS = (
    b'<?xml version="1.0" encoding="UTF-8"?><office:document-settings '
    b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.4"/>'
)


def open_document_bytes(
    publication: Publication, published: Mapping[str, PublishedTable], facts: ReleaseFacts
) -> bytes:
    """A publication's tables as ODS bytes, the same for the same tables and facts."""
    from odfdo import Document

    document = Document("spreadsheet")
    document.body.clear()
    _describe(document, publication, facts)
    _set_page(document)
    for style in _styles(published):
        document.insert_style(style, automatic=True)
    _add_sheet(document, sheets.COVER, _cover(publication, facts), [sheets.TEXT_WIDTH])
    about = [*sheets.mark_lines(facts), sheets.ONE_TABLE]
    contents = [(_link(table_id), table.heading) for table_id, table in published.items()]
    _add_list(document, sheets.CONTENTS, about, sheets.CONTENTS_COLUMNS, contents)
    notes = sheets.notes_by_table(published)
    numbered = [(_cell(number, TEXT), text) for number, text in enumerate(notes.values(), start=1)]
    _add_list(document, sheets.NOTES, about, ("Note number", "Note text"), numbered)
    for table_id, table in published.items():
        note = list(notes).index(table_id) + 1 if table_id in notes else 0
        _add_table(document, table, note, facts)
    return _saved(document)


def _add_table(document: "Document", table: PublishedTable, note: int, facts: ReleaseFacts) -> None:
    frame = sheets.sheet_frame(table)
    about, legend = sheets.lines_above(table, frame, facts)
    title = f"{table.heading} [note {note}]" if note else table.heading
    above = [_cell(title, TITLE), *(_cell(line, LINE) for line in [*about, *legend, f"Source: {table.source}."])]
    styles = dict.fromkeys(map(str, frame.columns), TEXT)
    styles |= {column.flat_heading: _number_style(column) for column in table.columns if column.is_number}
    flags = {column.flat_heading: sheets.flag_heading(column) for column in table.columns if column.significant}
    body = [
        [
            _cell(
                value, styles[str(name)] + (f"-{SIGNIFICANT}" if record.get(flags.get(str(name), "")) == "Yes" else "")
            )
            for name, value in record.items()
        ]
        for record in frame.to_dict("records")
    ]
    heading = [_cell(name, HEADING if styles[str(name)] == TEXT else NUMBER_HEADING) for name in frame.columns]
    widths = sheets.widths(table, frame)
    _add_sheet(document, table.table_id, [[cell] for cell in above], widths, table.anchor, [heading, *body])


def _add_list(
    document: "Document", name: str, about: Sequence[str], heading: Sequence[str], rows: Sequence[tuple[Any, str]]
) -> None:
    above = [[_cell(name, TITLE)], *([_cell(line, LINE)] for line in about)]
    body = [[_cell(text, HEADING) for text in heading], *([first, _cell(text, TEXT)] for first, text in rows)]
    _add_sheet(document, name, above, [sheets.NUMBER_WIDTH, sheets.TEXT_WIDTH], name.lower(), body)


def _add_sheet(
    document: "Document",
    name: str,
    above: Sequence[Sequence[str]],
    widths: Sequence[int],
    range_name: str = "",
    table: Sequence[Sequence[str]] = (),
) -> None:
    """A sheet of lines and, under them, one table; the table is a named range whose heading repeats on each page.

    Made as text, which is read once: an object a cell took ten times as long.
    """
    from odfdo import Element

    rows = [f'<table:table-row table:style-name="row">{"".join(cells)}</table:table-row>' for cells in [*above, *table]]
    if table:
        heading = len(above)
        rows[heading] = f"<table:table-header-rows>{rows[heading]}</table:table-header-rows>"
    columns = "".join(f'<table:table-column table:style-name="{_width_style(width)}"/>' for width in widths)
    text = f'<table:table table:name={quoteattr(name)} table:style-name="sheet">{columns}{"".join(rows)}</table:table>'
    sheet = cast("Table", Element.from_tag(text))
    document.body.append(sheet)
    if table:
        first, last = len(above), len(above) + len(table) - 1
        sheet.set_named_range(range_name, (0, first, len(table[0]) - 1, last))


def _cover(publication: Publication, facts: ReleaseFacts) -> list[list[str]]:
    rows = [_cell(publication.cover.title, TITLE)]
    for heading, lines in sheets.cover_lines(publication.cover, facts).items():
        rows += [_cell(heading, HEADING), *(_cell(line, LINE) for line in lines)]
    return [[row] for row in rows]


def _cell(value: Any, style: str) -> str:
    """A number, or text."""
    if isinstance(value, int | float):
        kind, shown = f'office:value-type="float" office:value="{value}"', str(value)
    else:
        kind, shown = 'office:value-type="string"', escape(str(value))
    return f'<table:table-cell table:style-name="{style}" {kind}><text:p>{shown}</text:p></table:table-cell>'


def _link(table_id: str) -> str:
    return (
        f'<table:table-cell table:style-name="{LINK}" office:value-type="string"><text:p>'
        f'<text:a xlink:type="simple" xlink:href="#{table_id}">{table_id}</text:a></text:p></table:table-cell>'
    )


def _styles(published: Mapping[str, PublishedTable]) -> list[str]:
    """Every style the sheets name, as XML: of numbers, cells, columns, rows."""
    number_columns = [column for table in published.values() for column in table.columns if column.is_number]
    decimals = sorted({column.decimals or 0 for column in number_columns if not column.is_p_value})
    texts = [_p_value_format(), *(_number_format(number) for number in decimals)]
    cells = {TITLE: _BOLD.format(16), LINE: _PLAIN, TEXT: _PLAIN, HEADING: _BOLD.format(12), LINK: _LINK}
    cells[NUMBER_HEADING] = _RIGHT + cells[HEADING]
    texts += [_cell_style(name, properties) for name, properties in cells.items()]
    for name in ["p-value", *(f"number-{number}" for number in decimals)]:
        texts.append(_cell_style(name, _RIGHT + _PLAIN, f"{name}-format"))
        texts.append(_cell_style(f"{name}-{SIGNIFICANT}", _RIGHT + _BOLD.format(12), f"{name}-format", _SHADE))
    texts.append(_cell_style(f"{TEXT}-{SIGNIFICANT}", _BOLD.format(12), "", _SHADE))
    for width in {sheets.GROUP_WIDTH, sheets.ROW_WIDTH, sheets.WIDTH, sheets.NUMBER_WIDTH, sheets.TEXT_WIDTH}:
        texts.append(
            f'<style:style style:name="{_width_style(width)}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width * _CENTIMETRES:.2f}cm"/></style:style>'
        )
    texts.append(
        '<style:style style:name="row" style:family="table-row">'
        '<style:table-row-properties style:use-optimal-row-height="true"/></style:style>'
    )
    return texts


_PLAIN = '<style:text-properties fo:font-family="Arial" fo:font-size="12pt"/>'
_BOLD = '<style:text-properties fo:font-family="Arial" fo:font-size="{}pt" fo:font-weight="bold"/>'
_LINK = (
    '<style:text-properties fo:font-family="Arial" fo:font-size="12pt" fo:color="#0000ee" '
    'style:text-underline-style="solid"/>'
)
_RIGHT = '<style:paragraph-properties fo:text-align="end"/>'
_SHADE = 'fo:background-color="#d4e3f2" fo:border-bottom="0.75pt solid #000000"'


def _cell_style(name: str, properties: str, data_style: str = "", shade: str = "") -> str:
    number = f' style:data-style-name="{data_style}"' if data_style else ""
    wrap = "" if name in (TITLE, LINE) else ' fo:wrap-option="wrap"'
    return (
        f'<style:style style:name="{name}" style:family="table-cell"{number}>'
        f'<style:table-cell-properties style:vertical-align="top" fo:padding="0.08cm"{wrap} {shade}/>'
        f"{properties}</style:style>"
    )


def _number_style(column: Column) -> str:
    return "p-value" if column.is_p_value else f"number-{column.decimals}"


def _number_format(decimals: int) -> str:
    return (
        f'<number:number-style style:name="number-{decimals}-format"><number:number number:min-integer-digits="1" '
        f'number:decimal-places="{decimals}" number:min-decimal-places="{decimals}" number:grouping="true"/>'
        "</number:number-style>"
    )


def _p_value_format() -> str:
    """Three decimals, and "<0.001" for smaller values, which keep their number."""
    smallest = sheets.SMALLEST_P_VALUE
    return (
        f'<number:number-style style:name="p-value-format"><number:number number:min-integer-digits="1" '
        f'number:decimal-places="{sheets.P_VALUE_DECIMALS}" number:min-decimal-places="{sheets.P_VALUE_DECIMALS}"/>'
        f'<style:map style:condition="value()&lt;{smallest}" style:apply-style-name="p-value-small"/>'
        "</number:number-style>"
    )


def _width_style(width: int) -> str:
    return f"width-{width}"


def _describe(document: "Document", publication: Publication, facts: ReleaseFacts) -> None:
    created = facts.created_at.replace(tzinfo=None)
    document.meta.title = publication.cover.title.partition(":")[0]
    document.meta.creation_date = created
    document.meta.date = created
    document.meta.language = "en-GB"
    document.language = "en-GB"


def _set_page(document: "Document") -> None:
    """A4 on its side, as wide as the sheet."""
    styles = cast("XmlPart", document.get_part("styles.xml"))
    for layout in styles.get_elements("//style:page-layout-properties"):
        for name, value in _PAGE.items():
            layout.set_attribute(name, value)


def _saved(document: "Document") -> bytes:
    """The document's bytes without the time at which they were written, nor what its template left."""
    written, cleaned = io.BytesIO(), io.BytesIO()
    for name in _LEFT_BY_OTHERS:
        document.del_part(name)
    cast("Container", document.container).set_part("settings.xml", _NO_SETTINGS)
    document.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(cleaned, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts.infolist():
            entry = zipfile.ZipInfo(part.filename)  # of 1980, whenever it is written
            entry.compress_type = part.compress_type
            archive.writestr(entry, parts.read(part))
    return cleaned.getvalue()
