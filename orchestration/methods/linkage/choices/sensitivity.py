"""How much the published numbers depend on the linkage: windows, rules left out, false links put in.

Belongs here: which scenarios there are, what each does to links and outcomes, and the refits of each. Not here: the
decision on a case (`deciding`), false links (`false_links`), fits (`quick_refits`), rows (`tables`).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.layouts.outcomes import OUTCOME, cases_with_outcome
from orchestration.methods.linkage.choices.deciding import Decisions, Integers, Numbers, Reached, decide
from orchestration.methods.linkage.choices.false_links import (
    REPLICATES,
    SHARES,
    FalseLinks,
    Pool,
    draw_false_links,
    findings_with,
    generator,
    n_replaced,
)
from orchestration.methods.linkage.choices.quick_refits import Refit, Refitter, model_frames

LONGEST_WINDOW = 28
TERMINATIONS, REOFFENDING = "terminations", "reoffending"
MATCHED_COLUMNS = {TERMINATIONS: "termination_matched", REOFFENDING: "reoffending_matched"}
OUTCOMES = ("termination_positive", "reoffended", "reoffences")

WINDOW, LEFT_OUT, ALONE, UP_TO_TIER = "window", "left_out_rule", "rule_alone", "up_to_tier"
FALSE_LINKS, FALSE_LATER = "false_links", "false_links_later_rules"
FALSE_KINDS = (FALSE_LINKS, FALSE_LATER)

BySource = Mapping[str, Decisions]


@dataclass(frozen=True)
class SourceLinks:
    """One source: the numbers of its eligible cases, the records its rules reach, and its pool for false links."""

    eligible: Integers
    reached: Reached
    pool: Pool


@dataclass(frozen=True)
class Study:
    """Everything the study rests on. Case numbers are positions in `cases` (marts.cases).

    `coefficients` is results.model_coefficients, `rules` has rule_rank, rule, is_unique, tier and tier_rank.
    """

    cases: pd.DataFrame
    coefficients: pd.DataFrame
    rules: pd.DataFrame
    sources: Mapping[str, SourceLinks]
    window_days: int
    significance_level: float


@dataclass(frozen=True)
class Scenario:
    """One variation: its kind, its name and its place among its kind."""

    kind: str
    name: str
    order: float


@dataclass(frozen=True)
class Linked:
    """A scenario's links, and its refits by model (none where only match rates are asked)."""

    scenario: Scenario
    decisions: BySource
    refits: Mapping[str, Refit]


@dataclass(frozen=True)
class Falsified:
    """A share of false links: how many by source and replicate, and the refits of each replicate by model."""

    scenario: Scenario
    share: float
    replaced: Mapping[str, list[int]]
    refits: Mapping[str, list[Refit]]


@dataclass(frozen=True)
class Findings:
    """The study's results: the published linkage, every scenario, and every share of false links."""

    published: Linked
    scenarios: list[Linked]
    falsified: list[Falsified]


def run_study(study: Study, replicates: int = REPLICATES) -> Findings:
    """Every scenario once, after a check that the default window and all rules give the published outcomes.

    Raises ValueError where they do not: the study would then be about another linkage.
    """
    refitters = {f.specification.model_id: Refitter(f) for f in model_frames(study.cases, study.coefficients)}
    all_ranks = [int(rank) for rank in study.rules["rule_rank"]]
    default = _decide(study, all_ranks, study.window_days)
    _check_default(study, default)
    published = Linked(Scenario("published", "", 0), default, _refits(refitters, outcome_vectors(_findings(default))))
    scenarios = [
        Linked(scenario, decided, {} if scenario.kind == ALONE else _refits(refitters, _outcomes(decided)))
        for scenario, ranks, window in _variations(study, all_ranks)
        for decided in [_decide(study, ranks, window)]
    ]
    falsified = [f for kind in FALSE_KINDS for f in _falsified(study, default, refitters, kind, replicates)]
    return Findings(published, scenarios, falsified)


def _variations(study: Study, all_ranks: list[int]) -> Iterator[tuple[Scenario, list[int], int]]:
    """Each scenario with the rules' ranks and the window it uses."""
    for window in sorted({*range(LONGEST_WINDOW + 1), study.window_days}):
        yield Scenario(WINDOW, str(window), window), all_ranks, window
    rules = list(zip(all_ranks, study.rules["rule"].astype(str), strict=True))
    for rank, rule in rules:
        yield Scenario(LEFT_OUT, rule, rank), [other for other in all_ranks if other != rank], study.window_days
    for rank, rule in rules:
        yield Scenario(ALONE, rule, rank), [rank], study.window_days
    for number, tier in sorted(set(zip(study.rules["tier_rank"], study.rules["tier"].astype(str), strict=True))):
        ranks = study.rules.loc[study.rules["tier_rank"] <= number, "rule_rank"].tolist()
        yield Scenario(UP_TO_TIER, tier, number), ranks, study.window_days


def _decide(study: Study, ranks: Collection[int], window: int) -> dict[str, Decisions]:
    unique = study.rules.loc[study.rules["is_unique"].astype(bool), "rule_rank"].tolist()
    return {source: decide(links.reached, unique, ranks, window) for source, links in study.sources.items()}


def outcome_vectors(findings: Mapping[str, Mapping[str, Numbers]]) -> dict[str, Numbers]:
    """The models' outcomes, one value a case and NaN without, as `outcomes.cases_with_outcome` defines them."""
    reoffended = findings[REOFFENDING]["reoffended"]
    return {
        "termination_positive": findings[TERMINATIONS]["termination"],
        "reoffended": reoffended,
        "reoffences": np.where(reoffended == 1, findings[REOFFENDING]["reoffences"], np.nan),
    }


def published_outcomes(cases: pd.DataFrame) -> dict[str, Numbers]:
    """The outcomes of marts.cases, one value a case and NaN without."""
    vectors = {}
    for outcome in OUTCOMES:
        numbered = cases.reset_index(drop=True)
        vectors[outcome] = cases_with_outcome(numbered, outcome)[OUTCOME].reindex(numbered.index).to_numpy(dtype=float)
    return vectors


def _findings(decisions: BySource) -> dict[str, Mapping[str, Numbers]]:
    return {source: decided.findings for source, decided in decisions.items()}


def _outcomes(decisions: BySource) -> dict[str, Numbers]:
    return outcome_vectors(_findings(decisions))


def _check_default(study: Study, default: BySource) -> None:
    """The study's own decisions have to give the outcomes and matches of marts.cases, case by case."""
    found, published = _outcomes(default), published_outcomes(study.cases)
    wrong = {name: int((~np.isclose(found[name], published[name], equal_nan=True)).sum()) for name in OUTCOMES}
    for source, column in MATCHED_COLUMNS.items():
        matched = study.cases[column].fillna(False).to_numpy(dtype=bool)
        wrong[column] = int((default[source].is_matched != matched).sum())
    if any(wrong.values()):
        counts = ", ".join(f"{name}: {count}" for name, count in wrong.items() if count)
        raise ValueError(f"the study's decisions differ from the linkage's (cases by outcome: {counts})")


def _refits(refitters: Mapping[str, Refitter], outcomes: Mapping[str, Numbers]) -> dict[str, Refit]:
    return {
        model_id: refitter.refit(outcomes[refitter.frame.specification.outcome])
        for model_id, refitter in refitters.items()
    }


def _falsified(
    study: Study, default: BySource, refitters: Mapping[str, Refitter], kind: str, replicates: int
) -> list[Falsified]:
    """Each share of false links in every replicate; a replicate's larger shares contain its smaller ones."""
    drawn = [_draw(study, default, kind, replicate) for replicate in range(replicates)]
    return [_at_share(study, default, refitters, kind, share, drawn) for share in SHARES]


def _draw(study: Study, default: BySource, kind: str, replicate: int) -> dict[str, FalseLinks]:
    later = study.rules["rule_rank"].tolist()[1:] if kind == FALSE_LATER else []
    return {
        source: draw_false_links(
            links.pool, default[source], study.window_days, later, generator(number, replicate, FALSE_KINDS.index(kind))
        )
        for number, (source, links) in enumerate(study.sources.items())
    }


def _at_share(
    study: Study,
    default: BySource,
    refitters: Mapping[str, Refitter],
    kind: str,
    share: float,
    drawn: list[dict[str, FalseLinks]],
) -> Falsified:
    fitted = [
        _refits(
            refitters,
            outcome_vectors({s: findings_with(links[s], study.sources[s].pool, default[s], share) for s in links}),
        )
        for links in drawn
    ]
    return Falsified(
        Scenario(kind, f"{100 * share:g}", 100 * share),
        share,
        {s: [n_replaced(links[s], default[s], share) for links in drawn] for s in study.sources},
        {model_id: [refits[model_id] for refits in fitted] for model_id in refitters},
    )
