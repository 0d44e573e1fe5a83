"""Every published table as a CSV file of its own, for the link beside it on the page.

Belongs here: where the file stands in a release, and writing it. Not here: the results tables' own CSV files, whose
bytes tell whether numbers moved (`csv_tables.py`), and what a table holds.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from orchestration.publications.shared.csv_tables import write_csv
from orchestration.publications.shared.publication import Publication
from orchestration.publications.shared.published_table import PublishedTable
from orchestration.publications.workbooks.sheets import sheet_frame

TABLE_FOLDER = "tables"


def table_file(publication: Publication, table_id: str) -> str:
    """The path of a table's CSV in the release folder: table ids are a publication's own."""
    return f"{TABLE_FOLDER}/{publication.publication_id}/{table_id}.csv"


def write_table_files(
    folder: Path, publication: Publication, published: Mapping[str, PublishedTable], is_synthetic: bool
) -> None:
    """Write each table as its worksheet holds it: printed numbers, shorthand, one heading row."""
    for table_id, table in published.items():
        path = folder / table_file(publication, table_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_csv(marked(sheet_frame(table), is_synthetic), path)


def marked(frame: pd.DataFrame, is_synthetic: bool) -> pd.DataFrame:
    """The rows of a file that travels alone: each says so where the data are synthetic."""
    return frame.assign(**{"Synthetic data": "Yes"}) if is_synthetic else frame
