"""The area under the ROC curve against counting every pair."""

import numpy as np
import pytest

from orchestration.methods.statistics.discrimination import roc_area

RNG = np.random.default_rng(8)
SCORES = RNG.integers(0, 12, 70).astype(float) + np.repeat([0.0, 2.0], 35)
IN_GROUP = np.repeat([False, True], 35)


def wins(scores: np.ndarray, in_group: np.ndarray) -> np.ndarray:
    """Group x others: 1 where the group's is larger, one half where equal."""
    gap = scores[in_group][:, None] - scores[~in_group][None, :]
    return (gap > 0) + 0.5 * (gap == 0)


def test_the_area_is_the_share_of_pairs_won() -> None:
    assert roc_area(SCORES, IN_GROUP).area == pytest.approx(wins(SCORES, IN_GROUP).mean(), abs=1e-14)


def test_the_error_is_delongs_from_every_pair() -> None:
    pairs = wins(SCORES, IN_GROUP)
    variance = pairs.mean(axis=1).var(ddof=1) / 35 + pairs.mean(axis=0).var(ddof=1) / 35
    found = roc_area(SCORES, IN_GROUP)
    assert found.std_error == pytest.approx(np.sqrt(variance), rel=1e-12)
    assert found.ci_high - found.area == pytest.approx(1.959963984540054 * found.std_error, rel=1e-9)


@pytest.mark.parametrize(
    ("scores", "in_group", "area"),
    [
        ([1.0, 2, 3, 4], [False, False, True, True], 1.0),
        ([4.0, 3, 2, 1], [False, False, True, True], 0.0),
        ([1.0, 1, 1, 1], [False, False, True, True], 0.5),
        ([1.0, 2], [True, True], np.nan),
    ],
    ids=["told apart", "the other way round", "all tied", "nobody else"],
)
def test_the_edges(scores, in_group, area) -> None:
    found = roc_area(np.array(scores), np.array(in_group))
    assert found.area == pytest.approx(area, nan_ok=True)
    assert np.isnan(area) or 0 <= found.ci_low <= area <= found.ci_high <= 1
