"""What runs now is told to whoever watches, from any thread, and to nobody without harm."""

import threading

import pytest

from orchestration.storage import progress


class Kept:
    """A watcher that keeps what it is told."""

    def __init__(self):
        self.told = []

    def now(self, words, count):
        self.told.append((words, count))

    def line(self, text):
        self.told.append(text)


@pytest.mark.parametrize(
    ("count", "told"),
    [({}, ""), ({"done": 3}, "3"), ({"done": 1200, "of": 2800}, "1,200 of 2,800"),
     ({"done": 5, "of": 28, "unit": "model"}, "model 5 of 28")],
    ids=["no count", "no end", "count", "unit"],
)  # fmt: skip
def test_a_count_is_told_in_words(count, told):
    watcher = Kept()
    with progress.watched_by(watcher):
        progress.say("linking", **count)
    assert watcher.told == [("linking", told)]


def test_other_threads_are_heard():
    watcher = Kept()
    with progress.watched_by(watcher):
        thread = threading.Thread(target=progress.say, args=("linking",))
        thread.start()
        thread.join()
    assert watcher.told == [("linking", "")]


def test_a_finished_line_is_not_lost_where_nobody_watches(capsys):
    with progress.watched_by(Kept()):
        pass
    progress.say("linking")
    progress.note("cases matched")
    assert capsys.readouterr().err.endswith(" s  cases matched\n")
