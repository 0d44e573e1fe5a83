"""`python -m tests.benchmarks.linkage_populations [options]`: links of dirty populations against their truth.

Three seeds of the preset `dirty`, counted together: linkable cases, links and false links by source, tier and rule;
with `--misses` also why the others are missed. `--all-rules` uses the rules on the very day too, which are shipped
unused; `--rules N` those ranks of them; `--probable P` the one that asks Splink, whose pairs count from a match
probability of P; `--no-guard` lets nothing that differs altogether speak against a link.

Belongs here: drawing, linking, counting. Not here: why a link is missed (`linkage_misses.py`). The command prints and
never judges; docs/linkage-quality.md keeps what it printed.
"""

import argparse
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd

from orchestration.linkage.probabilistic.probable_pairs import probable_pairs
from orchestration.settings import SOURCES
from orchestration.storage.tables import write_table
from orchestration.synthetic.population.files import write_population
from orchestration.synthetic.population.size import PRESETS
from orchestration.tables.probable_pairs import PROBABLE_PAIRS
from tests.benchmarks.linkage_data import IN_MEMORY, Files, open_linking
from tests.benchmarks.linkage_misses import linkable_cases, missed_by_cause
from tests.benchmarks.linkage_sides import timed_models
from tests.integration.linkage_oracle.compiled import Project, compile_project

STEMS = {"terminations": "termination", "reoffending": "reoffending"}


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.linkage_populations", description=__doc__)
    parser.add_argument("--data", type=Path, help="keep the files here for the next run (default: thrown away)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--all-rules", action="store_true")
    parser.add_argument("--rules", type=int, nargs="+", default=[], help="ranks of unused rules to use as well")
    parser.add_argument("--probable", type=float, help="use the rule that asks Splink, from this match probability")
    parser.add_argument("--no-guard", action="store_true")
    households = parser.add_mutually_exclusive_group()
    households.add_argument("--no-households", dest="households", action="store_const", const=0.0)
    households.add_argument("--households", type=float, help="share of inspected people (default: the preset's)")
    parser.add_argument("--household-numbers", type=float, help="share of their rows (default: the preset's)")
    parser.add_argument("--misses", action="store_true", help="also why the others are missed")
    return parser.parse_args(given)


def count(connection: duckdb.DuckDBPyConnection, files: Files) -> Counter:
    """What became of one population: (source, kind, what) -> cases; `kind`: all, tier or rule, or their false links."""
    found: Counter = Counter()
    for source, stem in STEMS.items():
        truth = f"read_csv('{files.truth(source)}', all_varchar = true)"
        links = connection.execute(
            "select tier, rule, count(*), count(*) filter (where truth.case_id is null) "
            f"from linkage.{stem}_matches as links left join {truth} as truth using (case_id, record_id) group by all"
        ).fetchall()
        for tier, rule, n, n_false in links:
            for kind, what in (("all", ""), ("tier", tier), ("rule", rule)):
                found[source, kind, what] += n
                found[source, f"{kind}, false", what] += n_false
        found[source, "linkable", ""] += linkable_cases(connection, source, truth)
        for cause, n in missed_by_cause(connection, source, stem, truth):
            found[source, "missed", cause] += n
    return found


def _link(project: Project, files: Files, arguments: argparse.Namespace) -> Counter:
    connection = open_linking(project, files, IN_MEMORY, {})
    ranks = ", ".join(map(str, arguments.rules)) or "null"
    used = "fields not like 'probable%'" if arguments.all_rules else f"rule_rank in ({ranks})"
    connection.execute(f"update reference.match_rules set is_used = true where {used}")
    if arguments.no_guard:
        connection.execute("update reference.match_rules set unless_differing = null")
        connection.execute("delete from reference.match_guards where guard like 'contradicted%'")
    timed_models(connection, project, "staging")
    if arguments.probable:
        connection.execute("update reference.match_rules set is_used = true where fields like 'probable%'")
        write_table(connection, PROBABLE_PAIRS, splinks_pairs(connection, arguments.probable))
    timed_models(connection, project, "linkage")
    found = count(connection, files)
    connection.close()
    return found


def splinks_pairs(connection: duckdb.DuckDBPyConnection, threshold: float) -> pd.DataFrame:
    """Splink's pairs of the cleaned rows, which it is given in a warehouse of their own."""
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Path(folder) / "warehouse.duckdb"
        connection.execute(f"attach '{warehouse}' as of_splink")
        connection.execute("create schema of_splink.staging")
        for source in SOURCES:
            connection.execute(f"create table of_splink.staging.staged_{source} as from staging.staged_{source}")
        connection.execute("detach of_splink")
        return probable_pairs(warehouse, threshold)


def main(given: list[str] | None = None) -> None:
    """Draw, link and count each seed; print the sum."""
    arguments = _arguments(given)
    asked = {"households": arguments.households, "household_numbers": arguments.household_numbers}
    population = replace(PRESETS["dirty"], **{name: share for name, share in asked.items() if share is not None})
    total: Counter = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        project = compile_project(Path(scratch))
        for seed in arguments.seeds:
            name = f"{seed}_{population.households}_{population.household_numbers}"
            files = Files((arguments.data or Path(scratch)) / name, 0)
            if not files.truth("reoffending").exists():
                write_population(population, seed, files.folder / "landing", files.folder / "truth", "parquet")
            total += _link(project, files, arguments)
    for source in STEMS:
        _print(source, total, arguments.misses)


def _print(source: str, total: Counter, with_misses: bool) -> None:
    def told(kind: str) -> list[tuple[str, int]]:
        listed = [(what, n) for (of, k, what), n in total.items() if (of, k) == (source, kind)]
        return sorted(listed, key=lambda item: -item[1])

    n_links, n_false = total[source, "all", ""], total[source, "all, false", ""]
    linkable = total[source, "linkable", ""]
    shares = f"precision {1 - n_false / n_links:.5f}, recall {(n_links - n_false) / linkable:.5f}"
    print(f"{source}: {linkable:,} linkable, {n_links:,} links, {n_false} false; {shares}")
    for kind in ("tier", "rule"):
        for what, n in told(kind):
            print(f"  {kind:<8}{what:<40}{n:>7,}{total[source, f'{kind}, false', what]:>6,} false")
    for what, n in told("missed") if with_misses else []:
        print(f"  missed  {what:<40}{n:>7,}")


if __name__ == "__main__":
    main()
