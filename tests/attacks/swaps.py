"""`python -m tests.attacks.swaps DATA [OPENS] [SWAPS]`: the ad hoc database opened again and again while replaced.

DATA: a folder in which `make bulletin` has run; its `analysis.duckdb` is replaced by copies of itself, each of which
says in a table of its own which one it is. Ends with code 1 where an open fails, or one look sees two of them.
"""

import sys
import threading
from pathlib import Path

import duckdb

from orchestration.settings import read_settings
from orchestration.storage import analysis_database

LOOK = "select n, (select count(*) from marts.cases), (select count(*) from quality.swap) from quality.swap"


def main(data: Path, opens: int = 500, swaps: int = 20) -> None:
    """Read in this thread while another swaps."""
    settings = read_settings({"PROBATION_DATA_DIR": str(data)})
    _swap(settings, 0)
    swapping = threading.Thread(target=lambda: [_swap(settings, n) for n in range(1, swaps + 1)], daemon=True)
    swapping.start()
    seen, failed = [], []
    while len(seen) + len(failed) < opens or swapping.is_alive():
        try:
            with analysis_database.open_for_reading(settings.analysis_database) as connection:
                seen += connection.execute(LOOK).fetchall()
        except Exception as error:
            failed.append(error)
    states = {(cases, marks) for _, cases, marks in seen}
    numbers = [n for n, *_ in seen]
    print(f"{len(seen)} opens, {len(set(numbers))} databases, {len(failed)} failed, {len(states)} kinds of content")
    sys.exit(bool(failed) or len(states) != 1 or numbers != sorted(numbers) or max(numbers) < swaps)


def _swap(settings, n: int) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(f"create or replace table quality.swap as select {n} as n")
    analysis_database.prepare(settings)
    analysis_database.swap(settings)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(number) for number in sys.argv[2:]))
