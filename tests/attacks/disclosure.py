"""`python -m tests.attacks.disclosure [FIRST] [LAST]`: both intruders on made-up populations of 3,300 cases, by seed.

The exact tables of each must tell of small groups, and what leaves of them must not; with one case removed, added or
changed the next release must be refused, or tell nothing for certain where counts are rounded. Ends with code 1 where
anything was found. A seed takes a quarter of a minute; by default 1 to 20.
"""

import sys
from collections.abc import Iterator

import pandas as pd

from orchestration.disclosure.differencing import differences
from orchestration.disclosure.protection import protect
from orchestration.disclosure.suppression import Rule
from orchestration.releases.figures_told import FIGURES_TOLD
from tests.made_up import hostile, intruder
from tests.made_up.populations import counted, counted_2023, one_case_apart, population

RULE, CASES, BASE = Rule(threshold=10, width=3), 3300, 5


def main(first: int = 1, last: int = 20) -> None:
    """Attack the populations of these seeds."""
    found = []
    for seed in range(first, last + 1):
        cases = population(seed, CASES)
        own = [*_in_one_release(counted(cases)), *_in_two_releases(cases)]
        print(f"seed {seed}: {len(own) or 'nothing'} found", *own, sep="\n    ", flush=True)
        found += own
    sys.exit(1 if found else 0)


def _in_one_release(exact: dict[str, pd.DataFrame]) -> Iterator[str]:
    if not intruder.small_counts(exact):
        yield "the exact tables tell of no small group, so that nothing was tried"
    told = protect(exact, FIGURES_TOLD, RULE)
    cells, exact_cells = (
        sum(int(tables[annex]["value"].notna().sum()) for annex in ("annex_b", "annex_c"))
        for tables in (told.tables, exact)
    )
    print(f"  {cells} of {exact_cells} cells of the annexes are told", flush=True)
    yield from map(str, told.suppression.exposed)
    yield from intruder.small_counts(told.tables)
    yield from intruder.worked_out(told.tables)
    yield from hostile.whole_people(told.tables)
    yield from hostile.ranked_though_hidden(told.tables["needs_cooccurrence"])


def _in_two_releases(cases: pd.DataFrame) -> Iterator[str]:
    """Of Bulletin 2023/04, one case apart."""
    for rounding in (0, BASE):
        before = protect(counted_2023(cases), FIGURES_TOLD, RULE, rounding)
        for what in ("removed", "added", "changed"):
            after = protect(counted_2023(one_case_apart(cases, what)), FIGURES_TOLD, RULE, rounding)
            given_away = differences(after.told, after.telling, before.told, before.telling, RULE)
            if rounding:
                yield from (f"{what}, rounded: {each}" for each in given_away)
            elif not given_away:
                yield f"{what}: the next release is not refused"


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
