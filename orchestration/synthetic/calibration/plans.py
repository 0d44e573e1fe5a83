"""Whole-number plans: how many cases of each published group have, or answer, what a table prints.

Belongs here: small integer programmes over groups' sizes. Not here: draws, which choose the cases.

Tables C5 and C6 print percentages without bases, and a small group allows few bases. So the numbers of cases
with a need are planned together with the answers on it: a size that no answers fit is not chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from orchestration.synthetic.calibration.draw import NODE_LIMIT, InfeasibleDrawError
from orchestration.synthetic.calibration.targets import annex_c, groups_c, ratio_band

Group = tuple[str, str]
ALL: Group = ("all_cases", "all")
NPS: Group = ("provider_type", "nps")
HIGH_HARM: Group = ("rosh_group", "high_very_high")
PLAN_GAP = 0.15
MISSING_SHARES = (0.01, 0.03)  # of the judgements on one need or strength
# At most this share of a group's judgements and this many more are missing.
LARGEST_MISSING_SHARE, MORE_MISSING = 0.06, 3.0
REST_SHARE, REST_MISSING_WEIGHT = 0.15, 8.0


@dataclass
class Plan:
    """Whole numbers between bounds, each with a value it should be near, and the rows they meet."""

    what: str
    middle: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def number(self, middle: float, low: float, high: float, weight: float = 1.0) -> int:
        """Adds a number, `weight` its distance's; returns its position."""
        self.middle.append(middle)
        self.low.append(low)
        self.high.append(high)
        self.weight.append(weight)
        return len(self.middle) - 1

    def row(self, coefficients: Mapping[int, float], low: float, high: float) -> None:
        """low <= sum of coefficient x number <= high."""
        self.rows.append((dict(coefficients), low, high))

    def solve(self) -> np.ndarray:
        """The numbers, their weighted distances from the middles about least. Raises InfeasibleDrawError."""
        n = len(self.middle)
        middle, eye = np.array(self.middle), np.eye(n)
        matrix = np.zeros((len(self.rows), 2 * n))  # the numbers, then their distances
        for k, (coefficients, _, _) in enumerate(self.rows):
            matrix[k, list(coefficients)] = list(coefficients.values())
        solution = milp(
            np.concatenate([np.zeros(n), self.weight]),
            integrality=np.concatenate([np.ones(n), np.zeros(n)]),
            bounds=Bounds(np.concatenate([self.low, np.zeros(n)]), np.concatenate([self.high, np.full(n, np.inf)])),
            constraints=[
                LinearConstraint(matrix, [low for _, low, _ in self.rows], [high for *_, high in self.rows]),
                LinearConstraint(np.hstack([eye, -eye]), -np.inf, middle),
                LinearConstraint(np.hstack([eye, eye]), middle, np.inf),
            ],
            options={"mip_rel_gap": PLAN_GAP, "node_limit": NODE_LIMIT},
        )
        if solution.x is None:
            raise InfeasibleDrawError(f"{self.what}: no whole numbers fit the published groups ({solution.message})")
        return np.round(solution.x[:n]).astype(int)


def breakdowns() -> dict[str, list[Group]]:
    """The groups of Annex C by item: each breakdown divides the cases whose item is known."""
    groups = [group for group in groups_c() if group != ALL]
    return {item: [group for group in groups if group[0] == item] for item in dict.fromkeys(i for i, _ in groups)}


def plan_identified(pairs: Sequence[tuple[str, str]], mean: str) -> dict[tuple[Group, str], int]:
    """How many cases of each group have each need (or strength): Table C1 (C2) with its row of means.

    `pairs` are the identified column and the column of its answers (Table C5 or C6).
    """
    cells = annex_c()
    groups = {group: cells[*group, mean].n or 0 for group in groups_c()}
    plan = Plan(mean)
    at: dict[tuple[Group, str], int] = {}
    for identified, answer in pairs:
        share = {group: float(cells[*group, identified].value) / 100 for group in groups}
        sizes = {g: plan.number(share[g] * n, *cells[*g, identified].numerators()) for g, n in groups.items()}
        rests = {}
        for item, parts in breakdowns().items():
            left = groups[ALL] - sum(groups[group] for group in parts)
            rests[item] = plan.number(share[ALL] * left, 0, left)
            plan.row({sizes[ALL]: 1.0, rests[item]: -1.0} | {sizes[group]: -1.0 for group in parts}, 0, 0)
        _add_answers(plan, answer, sizes, rests, sum(MISSING_SHARES) / 2, np.ones(len(sizes)))
        at |= {(group, identified): k for group, k in sizes.items()}
    for group in groups:
        plan.row({at[group, identified]: 1.0 for identified, _ in pairs}, *cells[*group, mean].numerators())
    numbers = plan.solve()
    return {key: int(numbers[k]) for key, k in at.items()}


def plan_answers(column: str, sizes: dict[Group, int], rng: np.random.Generator) -> dict[Group, tuple[int, int]]:
    """Each group's number of answers and of `yes` that print as Table C5 (C6), for a column without bases.

    `sizes` are the cases of each group with the need or strength. What is aimed at differs with every
    attempt, so that a plan no cases fit is not met again.
    """
    plan = Plan(column)
    fixed = {group: plan.number(size, size, size) for group, size in sizes.items()}
    rests = {}
    for item, parts in breakdowns().items():
        left = sizes[ALL] - sum(sizes[group] for group in parts)
        rests[item] = plan.number(left, left, left)
    at = _add_answers(plan, column, fixed, rests, rng.uniform(*MISSING_SHARES), rng.uniform(0.5, 1.5, len(sizes)))
    numbers = plan.solve()
    return {group: (int(numbers[answered]), int(numbers[yes])) for group, (answered, yes) in at.items()}


def _add_answers(
    plan: Plan,
    column: str,
    sizes: dict[Group, int],
    rests: dict[str, int],
    missing: float,
    weights: np.ndarray,
) -> dict[Group, tuple[int, int]]:
    """Adds each group's answers and yeses; returns their positions."""
    at = {}
    for (group, size), weight in zip(sizes.items(), weights, strict=True):
        share = float(annex_c()[*group, column].value) / 100
        middle = plan.middle[size] * (1 - missing)
        answered = plan.number(middle, 0, plan.high[size], float(weight))
        yes = plan.number(share * middle, 0, plan.high[size], float(weight))
        plan.row({answered: 1.0, size: -1.0}, -np.inf, 0)
        plan.row({answered: 1.0, size: LARGEST_MISSING_SHARE - 1}, -MORE_MISSING, np.inf)
        _add_ratio(plan, column, group, answered, yes)
        at[group] = answered, yes
    for item, parts in breakdowns().items():
        _add_breakdown(plan, rests[item], at[ALL], [at[group] for group in parts])
    _add_nesting(plan, (sizes[NPS], *at[NPS]), (sizes[HIGH_HARM], *at[HIGH_HARM]))
    return at


def _add_ratio(plan: Plan, column: str, group: Group, answered: int, yes: int) -> None:
    """yes / answered prints as published: a half-open band, low <= yes / answered < high.

    Percentages have one decimal, so 2000 x (yes - bound x answered) is a whole number: a margin of a half
    tells a tie from its neighbours.
    """
    low, high = ratio_band(annex_c()[*group, column].value, "percent")
    plan.row({answered: -2000 * float(low), yes: 2000.0}, -0.5, np.inf)
    plan.row({answered: -2000 * float(high), yes: 2000.0}, -np.inf, -0.5)


def _add_breakdown(plan: Plan, rest: int, everyone: tuple[int, int], parts: list[tuple[int, int]]) -> None:
    """A breakdown's answers and yeses add up to all, less those of the cases without the item (`rest`).

    Those are few and hold a bit of everything: a plan that put the missing answers there would ask the
    same few cases to lack age, gender and ethnicity at once.
    """
    answered = {everyone[0]: 1.0} | {k: -1.0 for k, _ in parts}
    yes = {everyone[1]: 1.0} | {k: -1.0 for _, k in parts}
    no = answered | {k: -value for k, value in yes.items()}
    without_answer = plan.number(0, 0, 1, REST_MISSING_WEIGHT)
    plan.row(answered | {rest: -1.0, without_answer: 1.0}, 0, 0)
    for row in (yes, no):
        plan.row(row, 0, np.inf)
        plan.row(row | {rest: -REST_SHARE}, -1, np.inf)
        plan.row(row | {rest: REST_SHARE - 1}, -np.inf, 1)


def _add_nesting(plan: Plan, outer: tuple[int, int, int], inner: tuple[int, int, int]) -> None:
    """High risk of serious harm lies inside the NPS, and so do its yeses, noes and missing answers."""
    for sign in ((0, 0, 1), (0, 1, -1), (1, -1, 0)):
        row = {k: float(s) for k, s in zip(outer, sign, strict=True) if s}
        plan.row(row | {k: -float(s) for k, s in zip(inner, sign, strict=True) if s}, 0, np.inf)
