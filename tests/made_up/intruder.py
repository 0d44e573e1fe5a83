"""An intruder: knows every published file of one or two releases, and tries to work out what was kept back.

She shares no code with the project's disclosure control. She knows what the tables mean, and thinks in cells of a
table: a row of an annex has so many people, some of them with the outcome; rows of a characteristic and those without
one make up all cases; what is told twice is equal. From the CSV files she sets up one linear programme an outcome and
asks for the least and the greatest number that agree with all of it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linprog

_ANNEXES = {"annex_b": "value", "annex_c": "value"}
_MEANS = {"reoffences", "mean_needs", "mean_strengths"}
_FEW = 10
_BARS = {"engagement": ("figure_6", "figure_7"), "desistance": ("figure_11", "figure_12")}  # percent, mean number


@dataclass
class Puzzle:
    """Linear knowledge of unknown counts, by name."""

    names: dict[tuple, int] = field(default_factory=dict)
    equal: list[dict[int, float]] = field(default_factory=list)
    sums_with: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    spans: dict[int, tuple[float, float]] = field(default_factory=dict)

    def unknown(self, *name: object) -> int:
        return self.names.setdefault(name, len(self.names))

    def between(self, place: int, low: float, high: float) -> None:
        known = self.spans.get(place, (0.0, np.inf))
        self.spans[place] = max(low, known[0]), min(high, known[1])

    def adds_up(self, whole: int, parts: list[int]) -> None:
        for place in {whole, *parts}:
            self.sums_with[place].append(len(self.equal))
        self.equal.append({whole: 1.0} | dict.fromkeys(parts, -1.0))

    def bounds(self, place: int) -> tuple[float, float]:
        """Least and greatest value, with everything that hangs together with it."""
        members, waiting, rows = {place}, [place], set[int]()
        while waiting:
            if self._is_exact(reached := waiting.pop()):
                continue
            for number in self.sums_with[reached]:
                rows.add(number)
                waiting += self.equal[number].keys() - members
                members |= self.equal[number].keys()
        order = sorted(members)
        position = {p: i for i, p in enumerate(order)}
        matrix = np.zeros((max(1, len(rows)), len(order)))
        for number, row in enumerate(sorted(rows)):
            for p, weight in self.equal[row].items():
                matrix[number, position[p]] = weight
        limits = [self.spans.get(p, (0.0, np.inf)) for p in order]
        goal = np.zeros(len(order))
        goal[position[place]] = 1.0
        found = [linprog(sign * goal, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=limits) for sign in (1, -1)]
        ends = [sign * f.fun if f.status == 0 else sign * -np.inf for sign, f in zip((1, -1), found, strict=True)]
        return float(np.ceil(ends[0] - 1e-6)), float(np.floor(ends[1] + 1e-6)) if np.isfinite(ends[1]) else np.inf

    def _is_exact(self, place: int) -> bool:
        low, high = self.spans.get(place, (0.0, np.inf))
        return high - low < 1e-9


def read(folder: Path) -> dict[str, pd.DataFrame]:
    """The CSV files of a release."""
    return {path.stem: pd.read_csv(path) for path in sorted((folder / "csv").glob("*.csv"))}


def worked_out(tables: dict[str, pd.DataFrame], width: int = 3) -> list[str]:
    """Kept-back cells of the annexes of which she can tell that they are few, to fewer than `width` + 1 numbers."""
    puzzle = Puzzle()
    hidden = [cell for name in _ANNEXES if name in tables for cell in _read_annex(puzzle, name, tables[name])]
    _read_match_rates(puzzle, tables["match_rates"])
    _read_repeats(puzzle, tables)
    hidden += [*_read_types(puzzle, tables), *_read_measures(puzzle, tables)]
    found = []
    for name, place in hidden:
        low, high = puzzle.bounds(place)
        if high - low < width and high < _FEW:
            found.append(f"{name}: {low:g} to {high:g}")
    return found


def _read_annex(puzzle: Puzzle, name: str, annex: pd.DataFrame) -> Iterator[tuple[str, int]]:
    """Tell the puzzle what an annex says; give back its numerators and denominators that it does not say."""
    for outcome, rows in annex[~annex["outcome"].isin(_MEANS)].groupby("outcome", sort=False):
        for item, categories in rows.groupby("item", sort=False):
            whole, part = [], []
            for row in categories.to_dict("records"):
                key = (name, outcome, item, str(row["category"]))
                n, yes, no = (puzzle.unknown(*key, what) for what in ("n", "yes", "no"))
                puzzle.adds_up(n, [yes, no])
                if not pd.isna(row["n"]):
                    puzzle.between(n, row["n"], row["n"])
                if not pd.isna(row["value"]):
                    puzzle.between(
                        yes, *(row["n"] * end / 100 for end in (row["value"] - 0.05 - 1e-9, row["value"] + 0.05 + 1e-9))
                    )
                if "suppressed" in row and isinstance(row["suppressed"], str):
                    yield f"{name} {outcome} {item} {row['category']} yes", yes
                    yield f"{name} {outcome} {item} {row['category']} no", no
                whole.append(n)
                part.append(yes)
            if item != "all_cases":
                everybody = (name, outcome, "all_cases", "all")
                for what, places in (("n", whole), ("yes", part)):
                    missing = puzzle.unknown(name, outcome, item, "missing", what)
                    puzzle.adds_up(puzzle.unknown(*everybody, what), [*places, missing])


def _read_match_rates(puzzle: Puzzle, rates: pd.DataFrame) -> None:
    """Matched to reoffending is what Annex B's reoffended rests on; to terminations, it and other endings."""
    for row in rates[rates["category"].isin(["low_medium", "high_very_high"]) == False].to_dict("records"):  # noqa: E712
        if pd.isna(row["matched"]):
            continue
        outcome = {"reoffending": "reoffended", "terminations": "termination_positive"}[row["source"]]
        n = puzzle.unknown("annex_b", outcome, row["item"], str(row["category"]), "n")
        if row["source"] == "reoffending":
            puzzle.between(n, row["matched"], row["matched"])
        else:
            puzzle.between(n, 0, row["matched"])


def _read_repeats(puzzle: Puzzle, tables: dict[str, pd.DataFrame]) -> None:
    """Who reoffended is counted again as who the mean number of reoffences is of; lowest and highest repeat Annex C."""
    annex = tables["annex_b"]
    for row in annex[annex["outcome"] == "reoffences"].to_dict("records"):
        if not pd.isna(row["n"]):
            yes = puzzle.unknown("annex_b", "reoffended", row["item"], str(row["category"]), "yes")
            puzzle.between(yes, row["n"], row["n"])
    for row in tables.get("subgroup_differences", pd.DataFrame()).to_dict("records"):
        for end in ("lowest", "highest"):
            n = puzzle.spans.get(
                puzzle.unknown("annex_c", row["outcome"], row["item"], str(row[f"{end}_category"]), "n")
            )
            if n and n[0] == n[1] and not pd.isna(row[f"{end}_value"]):
                yes = puzzle.unknown("annex_c", row["outcome"], row["item"], str(row[f"{end}_category"]), "yes")
                puzzle.between(yes, *(n[0] * (row[f"{end}_value"] + side) / 100 for side in (-0.0501, 0.0501)))


def _percent(puzzle: Puzzle, place: int, n: float, percent: float) -> None:
    puzzle.between(place, n * (percent - 0.05 - 1e-9) / 100, n * (percent + 0.05 + 1e-9) / 100)


def _read_types(puzzle: Puzzle, tables: dict[str, pd.DataFrame]) -> Iterator[tuple[str, int]]:
    """Who reoffended did so with an offence of a group, or with others alone.

    How many reoffended with an answer she knows from the bars of the figures.
    """
    for row in tables.get("reoffence_types", pd.DataFrame()).to_dict("records"):
        key = ("types", row["judgement"], row["answer"], row["offence_group"])
        own, others = puzzle.unknown(*key, "with"), puzzle.unknown(*key, "without")
        puzzle.adds_up(_who_reoffended(puzzle, tables, row["judgement"], row["answer"]), [own, others])
        if not pd.isna(row["n_reoffended"]):
            puzzle.between(own, row["n_reoffended"], row["n_reoffended"])
        if not (pd.isna(row["n"]) or pd.isna(row["percent"])):
            _percent(puzzle, own, row["n"], row["percent"])
        if row["answer"] == "yes":  # of a question once
            everybody, no, neither = (
                puzzle.unknown("types", judgement, answer, row["offence_group"], "with")
                for judgement, answer in (("all", "all"), (row["judgement"], "no"), (row["judgement"], "neither"))
            )
            puzzle.adds_up(everybody, [own, no, neither])
        if "n_reoffended" in str(row.get("suppressed")):
            yield " ".join((*key, "with")), own
            yield " ".join((*key, "without")), others


def _who_reoffended(puzzle: Puzzle, tables: dict[str, pd.DataFrame], judgement: str, answer: str) -> int:
    if judgement == "all":
        return puzzle.unknown("annex_b", "reoffended", "all_cases", "all", "yes")
    place, bars = puzzle.unknown("types", judgement, answer, "reoffended"), tables["figure_data"]
    bars = bars[(bars["category"] == "all") & (bars["series"] == answer)].set_index("figure_id")
    percents, means = (bars.loc[figure] for figure in _BARS[judgement])
    if not (pd.isna(percents["n"]) or pd.isna(percents["value"])):
        _percent(puzzle, place, percents["n"], percents["value"])
    if not pd.isna(means["n"]):
        puzzle.between(place, means["n"], means["n"])
    return place


def _read_measures(puzzle: Puzzle, tables: dict[str, pd.DataFrame]) -> Iterator[tuple[str, int]]:
    """A longer measure counts everybody whom the published one counts, of the cases that it can be made of."""
    everybody = puzzle.unknown("annex_b", "reoffended", "all_cases", "all", "n")
    all_published = puzzle.unknown("annex_b", "reoffended", "all_cases", "all", "yes")
    for row in tables.get("reoffending_measures", pd.DataFrame()).to_dict("records"):
        whole, left_out, so, published, more, never, lost, unharmed = (
            puzzle.unknown("measures", row["measure"], what)
            for what in ("covered", "left out", "so", "published", "more", "never", "lost", "unharmed")
        )
        puzzle.adds_up(everybody, [whole, left_out])
        puzzle.adds_up(whole, [so, never])
        puzzle.adds_up(so, [published, more])
        puzzle.adds_up(all_published, [published, lost])
        puzzle.adds_up(left_out, [lost, unharmed])
        for column, place in (("n", whole), ("n_not_covered", left_out)):
            if not pd.isna(row[column]):
                puzzle.between(place, row[column], row[column])
        for column, place in (("percent", so), ("percent_published", published)):
            if not (pd.isna(row["n"]) or pd.isna(row[column])):
                _percent(puzzle, place, row["n"], row[column])
        if "suppressed" in row and isinstance(row["suppressed"], str):
            yield f"{row['measure']}, more than as published", more


def small_counts(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Cells of the annexes that say outright of one to nine people, by number, part or rest."""
    found = []
    for name in [name for name in _ANNEXES if name in tables]:
        told = tables[name][tables[name]["value"].notna() & ~tables[name]["outcome"].isin(_MEANS)]
        for row in told.to_dict("records"):
            yes = row["n"] * row["value"] / 100
            if any(0.5 < count < _FEW - 0.5 for count in (row["n"], yes, row["n"] - yes)):
                found.append(f"{name} {row['outcome']} {row['item']} {row['category']}")
    return [*found, *_small_types(tables), *_small_measures(tables)]


def _small_types(tables: dict[str, pd.DataFrame]) -> Iterator[str]:
    for row in tables.get("reoffence_types", pd.DataFrame()).to_dict("records"):
        if any(0.5 < float(row[name]) < _FEW - 0.5 for name in ("n", "n_reoffended") if not pd.isna(row[name])):
            yield f"{row['offence_group']} {row['judgement']} {row['answer']}"


def _small_measures(tables: dict[str, pd.DataFrame]) -> Iterator[str]:
    for row in tables.get("reoffending_measures", pd.DataFrame()).to_dict("records"):
        more = row["n"] * (row["percent"] - row["percent_published"]) / 100
        if any(0.5 < count < _FEW - 0.5 for count in (row["n"], row["n_not_covered"], more)):
            yield f"{row['measure']}"


def left_out_of_models(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Groups of Annex B that have one to nine people more than the complete cases of the model beside it."""
    levels, annex = tables.get("model_levels", pd.DataFrame(columns=["n"])), tables["annex_b"]
    sizes = annex[annex["outcome"] == "termination_positive"].set_index(["item", "category"])["n"].to_dict()
    found = []
    for row in levels[levels["n"].notna()].to_dict("records"):
        if row["model_id"] == "termination__key_questions" and (row["term"], row["level"]) in sizes:
            lost = sizes[row["term"], row["level"]] - row["n"]
            if 0 < lost < _FEW:
                found.append(f"{row['term']} {row['level']}: {lost:g}")
    return found


def subtracted(before: dict[str, pd.DataFrame], after: dict[str, pd.DataFrame]) -> list[str]:
    """Groups of the annexes that one to nine people joined or left between two releases, for certain."""
    found = []
    for name in [name for name in _ANNEXES if name in before]:
        keys = ["outcome", "item", "category"]
        sizes = [tables[name].set_index(keys)["n"] for tables in (before, after)]
        change = (sizes[1] - sizes[0]).abs()
        found += [f"{name} {' '.join(map(str, key))}" for key in change[(change > 0) & (change < _FEW)].index]
    return found
