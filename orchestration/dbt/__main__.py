"""`python -m orchestration.dbt` (make docs): write again dbt's file of sources, generated from the declared tables.

Belongs here: that it is written. Not here: what it says (`source_descriptions.py`).
"""

from orchestration.dbt.source_descriptions import SOURCES_FILE, sources_file

if __name__ == "__main__":
    SOURCES_FILE.write_text(sources_file(), encoding="utf-8")
