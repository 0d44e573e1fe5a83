"""What runs now is told to whoever watches, from any thread, and to nobody without harm."""

import threading

import pytest

from orchestration.storage import progress
from tests.unit.storage.kept_progress import Kept


@pytest.mark.parametrize(
    ("count", "told"),
    [((3,), "3"), ((1200, 2800), "1,200 of 2,800"), ((5, 28, "model"), "model 5 of 28")],
    ids=["no end", "count", "unit"],
)
def test_a_count_is_told_in_words(count, told):
    watcher = Kept()
    with progress.watched_by(watcher):
        progress.say("linking")
        progress.count(*count)
    assert watcher.told == ["linking", told]


def test_other_threads_are_heard():
    watcher = Kept()
    with progress.watched_by(watcher):
        thread = threading.Thread(target=progress.say, args=("linking",))
        thread.start()
        thread.join()
    assert watcher.told == ["linking"]


def test_a_finished_line_is_not_lost_where_nobody_watches(capsys):
    with progress.watched_by(Kept()):
        pass
    progress.say("linking")
    progress.note("cases matched")
    assert capsys.readouterr().err.endswith(" s  cases matched\n")
