"""Whom the numbers of the annexes and of the tables beside them count.

Belongs here: results tables whose rows name their groups. Not here: figures and headlines, which repeat cells
(`text_claims.py`).
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from orchestration.disclosure.claims import Cell, Claim, Quantity, count, derived, gap, mean, share
from orchestration.disclosure.groups import (
    ANSWERED,
    EVERYBODY,
    MATCHED_REOFFENDING,
    MATCHED_TERMINATION,
    OUTCOMES,
    REOFFENDED,
    Conditions,
    Group,
    group,
    of,
)
from orchestration.methods.layouts.layout_2020 import DECIMALS, GROUP_BY_ITEM, MEASURE_BY_CODE
from orchestration.methods.layouts.layout_2023 import OUTCOME_BY_CODE
from orchestration.tables.annexes import ANNEX_B, LINKAGE_STATUSES, MATCH_RATES
from orchestration.tables.needs import ANNEX_C, NEEDS_COOCCURRENCE, NEEDS_COUNTS, SUBGROUP_DIFFERENCES
from orchestration.tables.robustness import JUDGEMENT_GAPS

_RATE_DECIMALS, _TEST_DECIMALS = 1, 3
_RECODED_2020 = {"age_group": "age_group_2020"}  # Annex C cuts age at other years than Annex B
_ELIGIBLE = {"terminations": (("case_type", "community"),), "reoffending": ()}
_MATCHED = {"terminations": MATCHED_TERMINATION, "reoffending": MATCHED_REOFFENDING}
_ASSOCIATION = (
    "phi", "odds_ratio", "ci_low", "ci_high", "lift", "jaccard", "rank_phi", "rank_odds_ratio", "rank_lift",
    "rank_jaccard", "rank_percent_both",
)  # fmt: skip


def numbered(frame: pd.DataFrame) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a results table with their positions; a missing cell is not a number."""
    for row, cells in enumerate(frame.to_dict("records")):
        yield row, {str(name): math.nan if pd.isna(value) else value for name, value in cells.items()}


def of_annex_b(frame: pd.DataFrame) -> Iterator[Claim]:
    """Annex B: cases with the outcome, and the share or mean of them."""
    for row, cells in numbered(frame):
        condition = of(cells["item"], cells["category"])
        for column in ("value", "value_published"):
            yield from outcome_value(ANNEX_B.name, row, column, cells, cells["outcome"], condition)
        yield from outcome_count(ANNEX_B.name, row, "n", cells, cells["outcome"], condition)


def outcome_count(
    table: str, row: int, column: str, cells: dict[str, Any], outcome: str, condition: Conditions
) -> Iterator[Claim]:
    """The cases an outcome of Annex B is counted over."""
    if not pd.isna(cells[column]):
        yield count(Cell(table, row, column, float(cells[column]), 0), group(*_whole(outcome), *condition))


def outcome_value(
    table: str, row: int, column: str, cells: dict[str, Any], outcome: str, condition: Conditions
) -> Iterator[Claim]:
    """An outcome of Annex B: percent, or the mean number of reoffences."""
    if pd.isna(cells[column]) or pd.isna(cells["n"]) or not cells["n"]:
        return
    cell = Cell(table, row, column, float(cells[column]), OUTCOME_BY_CODE[outcome].decimals)
    whole = group(*_whole(outcome), *condition)
    if outcome == "reoffences":
        yield mean(cell, "reoffences", whole, cells["n"])
    else:
        yield share(cell, group(*OUTCOMES[outcome][1], *condition), whole, cells["n"])


def _whole(outcome: str) -> Conditions:
    return REOFFENDED if outcome == "reoffences" else OUTCOMES[outcome][0]


def of_annex_c(frame: pd.DataFrame) -> Iterator[Claim]:
    """Annex C: cases asked, and the share or mean of them."""
    for row, cells in numbered(frame):
        if pd.isna(cells["n"]):
            continue
        part, whole = measured(cells["outcome"], cells["item"], cells["category"])
        yield count(Cell(ANNEX_C.name, row, "n", float(cells["n"]), 0), whole)
        for column in ("value", "value_published"):
            yield from measure_value(
                Cell(ANNEX_C.name, row, column, cells[column], DECIMALS), cells["outcome"], part, whole, cells["n"]
            )


def measured(outcome: str, item: str, category: str) -> tuple[Group, Group]:
    """Of a cell of Annex C: the cases with yes, and the cases asked."""
    measure = MEASURE_BY_CODE[outcome]
    condition = of(item, category, _RECODED_2020.get(item, item))
    among = ((measure.among, "yes"),) if measure.among else ()
    asked = () if measure.of_group else ((measure.code, ANSWERED),)
    return group(*condition, *among, (measure.code, "yes")), group(*condition, *among, *asked)


def measure_value(cell: Cell, outcome: str, part: Group, whole: Group, n: float) -> Iterator[Claim]:
    """A cell of Annex C: percent, or the mean number of needs or strengths."""
    if pd.isna(cell.value) or not n:
        return
    if MEASURE_BY_CODE[outcome].is_mean:
        yield mean(cell, outcome.removeprefix("mean_"), whole, n)
    else:
        yield share(cell, part, whole, n)


def of_match_rates(frame: pd.DataFrame) -> Iterator[Claim]:
    """Match rates: cases that could be matched, and were; a test rests on all groups of its characteristic."""
    name = MATCH_RATES.name
    tested: dict[tuple[str, str], list[Group]] = {}
    for row, cells in numbered(frame):
        condition = of(cells["item"], cells["category"])
        whole = group(*_ELIGIBLE[cells["source"]], *condition)
        part = group(*_MATCHED[cells["source"]], *condition)
        if (("case_type", "post_release") in whole) and cells["source"] == "terminations":
            continue  # nobody: a release from custody has no community sentence to match
        tested.setdefault((cells["source"], cells["item"]), []).extend((whole, part))
        yield count(Cell(name, row, "eligible", float(cells["eligible"]), 0), whole)
        yield count(Cell(name, row, "matched", float(cells["matched"]), 0), part)
        if not pd.isna(cells["rate"]):
            yield share(Cell(name, row, "rate", float(cells["rate"]), _RATE_DECIMALS), part, whole, cells["eligible"])
    for row, cells in numbered(frame):
        for column in ("chi2", "p_value"):
            if not pd.isna(cells[column]):
                cell = Cell(name, row, column, float(cells[column]), _TEST_DECIMALS)
                yield derived(cell, *tested[cells["source"], cells["item"]])


def of_statuses(frame: pd.DataFrame) -> Iterator[Claim]:
    """How the search for a record ended: cases of each source."""
    name = LINKAGE_STATUSES.name
    for row, cells in numbered(frame):
        whole = group(*_ELIGIBLE[cells["source"]])
        part = whole | group((_MATCHED[cells["source"]][-1][0], cells["status"]))
        yield count(Cell(name, row, "n", float(cells["n"]), 0), part)
        yield count(Cell(name, row, "eligible", float(cells["eligible"]), 0), whole)
        if not pd.isna(cells["share"]):
            yield share(Cell(name, row, "share", float(cells["share"]), _RATE_DECIMALS), part, whole, cells["eligible"])


def of_needs_counts(frame: pd.DataFrame) -> Iterator[Claim]:
    """How many cases have so many needs or strengths."""
    name = NEEDS_COUNTS.name
    for row, cells in numbered(frame):
        part, whole = counted(cells["kind"], str(cells["number"]), cells["item"], cells["category"])
        yield count(Cell(name, row, "n", float(cells["n"]), 0), part)
        yield count(Cell(name, row, "n_cases", float(cells["n_cases"]), 0), whole)
        if not pd.isna(cells["percent"]):
            yield share(Cell(name, row, "percent", float(cells["percent"]), DECIMALS), part, whole, cells["n_cases"])


def counted(kind: str, number: str, item: str = "all_cases", category: str = "all") -> tuple[Group, Group]:
    """Cases of a sub-group with so many needs or strengths, and all of the sub-group."""
    condition = of(item, category, _RECODED_2020.get(item, item))
    return group(*condition, (f"number_of_{kind}", number)), group(*condition)


def of_cooccurrence(frame: pd.DataFrame) -> Iterator[Claim]:
    """Pairs of needs and of strengths."""
    name = NEEDS_COOCCURRENCE.name
    ranked = {
        kind: [
            group((first, "yes"), (second, "yes")) for first, second in zip(own["first"], own["second"], strict=True)
        ]
        for kind, own in frame.groupby("kind")
    }
    for row, cells in numbered(frame):
        first, second = group((cells["first"], "yes")), group((cells["second"], "yes"))
        both = first | second
        sizes = {"n": EVERYBODY, "n_first": first, "n_second": second, "n_both": both}
        shares = {"percent_both": "n", "percent_of_first": "n_first", "percent_of_second": "n_second"}
        for column, people in sizes.items():
            yield count(Cell(name, row, column, float(cells[column]), 0), people)
        for column, whole in shares.items():
            if not pd.isna(cells[column]):
                cell = Cell(name, row, column, float(cells[column]), DECIMALS)
                yield share(cell, both, sizes[whole], cells[whole])
        for column in _ASSOCIATION:
            if not pd.isna(cells[column]):
                # The rank that no other pair has is that of the pair whose rank is kept back.
                is_rank = column.startswith("rank")
                rests_on = ranked[cells["kind"]] if is_rank else [both, first, second]
                decimals = 0 if is_rank else _TEST_DECIMALS
                yield derived(Cell(name, row, column, float(cells[column]), decimals), *rests_on)


def of_differences(frame: pd.DataFrame, annex_c: pd.DataFrame) -> Iterator[Claim]:
    """The lowest and the highest percentage of a measure over a characteristic's groups.

    They tell of every group that its percentage lies between, and so are told where each group's is.
    """
    name, cells_of = (
        SUBGROUP_DIFFERENCES.name,
        annex_c.set_index(["outcome", "item", "category"])["n"].astype("float64").to_dict(),
    )
    for row, cells in numbered(frame):
        for end in ("lowest", "highest"):
            category, value = cells[f"{end}_category"], cells[f"{end}_value"]
            if pd.isna(value) or pd.isna(category):  # told without a name it is nobody's
                continue
            part, whole = measured(cells["outcome"], cells["item"], category)
            n = float(cells_of[cells["outcome"], cells["item"], category])
            told = share(Cell(name, row, f"{end}_value", float(value), DECIMALS), part, whole, n)
            yield replace(told, rests_on=told.rests_on | _groups(cells["outcome"], cells["item"]))
        if not pd.isna(cells["last_less_first"]):
            outcome, item = cells["outcome"], cells["item"]
            codes = GROUP_BY_ITEM[item].codes
            last, first = (
                (*measured(outcome, item, code), float(cells_of[outcome, item, code])) for code in (codes[-1], codes[0])
            )
            yield gap(Cell(name, row, "last_less_first", float(cells["last_less_first"]), DECIMALS), last, first)


def _groups(outcome: str, item: str) -> frozenset[Quantity]:
    """Everybody whose answers the percentages of a measure over a characteristic tell of."""
    return frozenset(Quantity(people) for code in GROUP_BY_ITEM[item].codes for people in measured(outcome, item, code))


def of_judgement_gaps(frame: pd.DataFrame) -> Iterator[Claim]:
    """Outcomes by answer, within groups of likelihood."""
    name = JUDGEMENT_GAPS.name
    for row, cells in numbered(frame):
        likelihood = () if cells["likelihood"] == "all" else (("ogrs_group", cells["likelihood"]),)
        judged = ("engagement", "desistance") if cells["contrast"] == "both" else (cells["contrast"],)
        whole, part = OUTCOMES[cells["outcome"]]
        sides = {}
        for answer in ("yes", "no"):
            condition = (*likelihood, *((judgement, answer) for judgement in judged))
            sides[answer] = (group(*part, *condition), group(*whole, *condition), float(cells[f"n_{answer}"]))
            yield count(Cell(name, row, f"n_{answer}", sides[answer][2], 0), sides[answer][1])
            if not pd.isna(cells[f"percent_{answer}"]):
                yield share(
                    Cell(name, row, f"percent_{answer}", float(cells[f"percent_{answer}"]), DECIMALS), *sides[answer]
                )
        if not pd.isna(cells["gap"]):
            yield gap(Cell(name, row, "gap", float(cells["gap"]), DECIMALS), sides["yes"], sides["no"])
            for end in ("ci_low", "ci_high"):
                everyone = [people for side in sides.values() for people in side[:2]]
                yield derived(Cell(name, row, end, float(cells[end]), DECIMALS), *everyone)
