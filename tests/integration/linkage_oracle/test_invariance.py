"""Row order, the split into files and the number of threads never change a match."""

import random

import pytest

from tests.integration.linkage_oracle import compiled
from tests.integration.linkage_oracle.comparing import outcomes_of_sql
from tests.integration.linkage_oracle.worlds import World, world

N_WORLDS = 400


@pytest.fixture(scope="module")
def worlds():
    return [world(6, number) for number in range(N_WORLDS)]


@pytest.fixture(scope="module")
def as_drawn(project, worlds):
    con = compiled.open_warehouse(project)
    compiled.load(con, worlds)
    compiled.run(con, project, "staging", "linkage")
    yield outcomes_of_sql(con)
    con.close()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_changes_no_match(project, warehouse, worlds, as_drawn, seed):
    rng = random.Random(seed)
    everything = World(
        *([row for w in worlds for row in getattr(w, s)] for s in ("cases", "terminations", "reoffending"))
    )
    for rows in (everything.cases, everything.terminations, everything.reoffending):
        rng.shuffle(rows)
    compiled.load(warehouse, [everything])
    compiled.run(warehouse, project, "staging", "linkage")
    assert outcomes_of_sql(warehouse) == as_drawn


def test_the_split_into_files_changes_no_match(project, warehouse, worlds, as_drawn):
    compiled.load(warehouse, worlds)
    for source in ("inspections", "terminations", "reoffending"):
        warehouse.execute(
            f"update raw.parsed_{source} set file = 'week_' || (line % 7) || '.csv', line = 2 + line // 7"
        )
    compiled.run(warehouse, project, "staging", "linkage")
    assert outcomes_of_sql(warehouse) == as_drawn


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_number_of_threads_changes_no_match(project, own_warehouse, worlds, as_drawn, threads):
    own_warehouse.execute(f"set threads = {threads}")
    compiled.load(own_warehouse, worlds)
    compiled.run(own_warehouse, project, "staging", "linkage")
    assert outcomes_of_sql(own_warehouse) == as_drawn
