"""False links: who gets one, whose it is, and how many."""

import numpy as np
import pytest

from orchestration.methods.linkage.choices.deciding import MATCHED, MISSING, NO_RECORD, UNDECIDED, Decisions
from orchestration.methods.linkage.choices.false_links import (
    Pool,
    draw_false_links,
    findings_with,
    generator,
    n_replaced,
)

N_CASES, N_RECORDS, WINDOW = 400, 3000, 7
FINDING_NAMES = ("termination", "reoffended", "reoffences", "days_to_first_reoffence")


@pytest.fixture(scope="module")
def pool() -> Pool:
    """Records over 200 days; each case's own person is every tenth number of its own."""
    rng = np.random.default_rng(1)
    return Pool(
        day=np.sort(rng.integers(0, 200, N_RECORDS)),
        person=rng.integers(0, 40, N_RECORDS),
        findings={name: np.arange(N_RECORDS) + 0.5 for name in FINDING_NAMES},
        start_day=rng.integers(7, 190, N_CASES),
        own_case=np.repeat(np.arange(N_CASES), 2),
        own_person=rng.integers(0, 40, 2 * N_CASES),
    )


@pytest.fixture(scope="module")
def decisions() -> Decisions:
    """Every fourth case unmatched; of the matched, a third decided by rule 1."""
    number = np.arange(N_CASES)
    is_matched = number % 4 != 0
    return Decisions(
        status=np.where(is_matched, MATCHED, NO_RECORD),
        rule_rank=np.where(is_matched, np.where(number % 3 == 0, 1, 6), UNDECIDED),
        record=np.where(is_matched, number, MISSING),
        days=np.zeros(N_CASES, dtype=np.int64),
        is_tied=np.zeros(N_CASES, dtype=bool),
        records_combined=is_matched.astype(np.int64),
        findings={name: np.where(is_matched, 0.0, np.nan) for name in FINDING_NAMES},
    )


def test_a_false_link_is_another_persons_record_within_the_window_of_the_start(pool, decisions):
    links = draw_false_links(pool, decisions, WINDOW, [], generator(0, 0, 0))
    assert np.abs(pool.day[links.record] - pool.start_day[links.case]).max() == WINDOW
    own = set(zip(pool.own_case.tolist(), pool.own_person.tolist(), strict=True))
    assert not own & set(zip(links.case.tolist(), pool.person[links.record].tolist(), strict=True))


def test_every_matched_case_can_be_linked_falsely_once_and_no_other(pool, decisions):
    links = draw_false_links(pool, decisions, WINDOW, [], generator(0, 0, 0))
    assert sorted(links.case) == np.flatnonzero(decisions.is_matched).tolist()


@pytest.mark.parametrize(("share", "expected"), [(0.005, 2), (0.01, 3), (0.05, 15), (1.0, 300)])
def test_the_share_is_of_the_matched_cases(pool, decisions, share, expected):
    links = draw_false_links(pool, decisions, WINDOW, [], generator(0, 0, 0))
    changed = findings_with(links, pool, decisions, share)["reoffended"]
    assert n_replaced(links, decisions, share) == expected
    assert np.nansum(changed % 1 == 0.5) == expected
    assert np.isnan(changed[~decisions.is_matched]).all()


def test_a_larger_share_adds_to_the_smaller_ones_of_the_same_replicate(pool, decisions):
    links = draw_false_links(pool, decisions, WINDOW, [], generator(0, 3, 0))
    small, large = (findings_with(links, pool, decisions, share)["termination"] for share in (0.02, 0.05))
    false = small % 1 == 0.5
    assert (small[false] == large[false]).all()


def test_cases_decided_by_likelier_rules_come_first(pool, decisions):
    links = draw_false_links(pool, decisions, WINDOW, [6], generator(0, 0, 1))
    ranks = decisions.rule_rank[links.case]
    n_later = int((decisions.rule_rank == 6).sum())
    assert (ranks[:n_later] == 6).all()
    assert (ranks[n_later:] == 1).all()


def test_draws_are_even_over_cases_and_repeatable(pool, decisions):
    first = [draw_false_links(pool, decisions, WINDOW, [], generator(0, r, 0)).case[:15] for r in range(200)]
    again = draw_false_links(pool, decisions, WINDOW, [], generator(0, 199, 0)).case[:15]
    assert (first[-1] == again).all()
    counts = np.bincount(np.concatenate(first), minlength=N_CASES)[decisions.is_matched]
    # 300 cases share 3,000 places evenly: 10 each, and a chi-square of 299 degrees of freedom
    assert ((counts - 10) ** 2 / 10).sum() < 380


def test_a_case_without_anybody_elses_record_at_hand_keeps_its_own(pool, decisions):
    far = Pool(**{**vars(pool), "start_day": np.full(N_CASES, 10_000)})
    links = draw_false_links(far, decisions, WINDOW, [], generator(0, 0, 0))
    assert n_replaced(links, decisions, 0.05) == 0
