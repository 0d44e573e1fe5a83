"""`python -m orchestration.dbt` (make docs): write again what is generated from the descriptions of tables.

Belongs here: which files are written. Not here: what they say (`data_dictionary.py`, `source_descriptions.py`).
"""

from orchestration.dbt.data_dictionary import PAGE, described_tables, page
from orchestration.dbt.source_descriptions import SOURCES_FILE, sources_file


def write_generated_files() -> None:
    """Write dbt's file of sources and the data dictionary."""
    SOURCES_FILE.write_text(sources_file(), encoding="utf-8")
    PAGE.write_text(page(described_tables()), encoding="utf-8")


if __name__ == "__main__":
    write_generated_files()
