"""`python -m tests.benchmarks.linkage_populations [--all-rules]`: links of dirty populations against their truth.

Three seeds of the preset `dirty`, counted together: linkable cases, links, right links, by source and by rule.
`--all-rules` uses the rules that are shipped unused too.

Belongs here: drawing, linking, counting. The command prints and never judges; docs/linkage.md keeps what it printed.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from orchestration.synthetic.population.files import write_population
from orchestration.synthetic.population.size import PRESETS
from tests.benchmarks.linkage_data import IN_MEMORY, Files, open_linking
from tests.benchmarks.linkage_sides import clean_and_link
from tests.benchmarks.linkage_splink import DAY, WITHIN
from tests.integration.linkage_oracle.compiled import Project, compile_project

SEEDS = (1, 2, 3)
STEMS = {"terminations": "termination", "reoffending": "reoffending"}


def count(project: Project, files: Files, with_all_rules: bool) -> Counter:
    """What became of one population: (source, what) -> cases; `what` is a rule, its false links, or `linkable`."""
    connection = open_linking(project, files, IN_MEMORY, {})
    if with_all_rules:
        connection.execute("update reference.match_rules set is_used = true")
    clean_and_link(connection, project)
    found: Counter = Counter()
    for source, stem in STEMS.items():
        truth = f"read_csv('{files.truth(source)}', all_varchar = true)"
        links = connection.execute(
            "select rule, count(*), count(*) filter (where truth.case_id is null) "
            f"from linkage.{stem}_matches as links left join {truth} as truth using (case_id, record_id) group by rule"
        ).fetchall()
        for rule, n, n_false in links:
            found[source, rule] += n
            found[source, f"{rule}, false"] += n_false
        linkable = connection.execute(
            f"select count(distinct case_id) from linkage.eligible_cases inner join {truth} as truth using (case_id) "
            f"inner join (select record_id, {DAY[source]} as record_date from raw.parsed_{source}) using (record_id) "
            f"where source = '{source}' and {WITHIN}"
        ).fetchall()
        found[source, "linkable"] += linkable[0][0]
    connection.close()
    return found


def main() -> None:
    """Draw, link and count each seed; print the sum."""
    total: Counter = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        project = compile_project(Path(scratch))
        for seed in SEEDS:
            folder = Path(scratch) / str(seed)
            write_population(PRESETS["dirty"], seed, folder / "landing", folder / "truth", "parquet")
            total += count(project, Files(folder, 0), "--all-rules" in sys.argv)
    for source in STEMS:
        rules = {what: n for (s, what), n in total.items() if s == source and what != "linkable"}
        n_false = sum(n for what, n in rules.items() if what.endswith(", false"))
        n_links = sum(n for what, n in rules.items() if not what.endswith(", false"))
        linkable = total[source, "linkable"]
        shares = f"precision {1 - n_false / n_links:.5f}, recall {(n_links - n_false) / linkable:.5f}"
        print(f"{source}: {linkable:,} linkable, {n_links:,} links, {n_false} false; {shares}")
        for what, n in sorted(rules.items(), key=lambda item: -item[1]):
            print(f"  {what:<40}{n:>7,}")


if __name__ == "__main__":
    main()
