"""A watcher of progress for tests."""


class Kept:
    """A watcher that keeps what it is told."""

    def __init__(self):
        self.told = []

    def now(self, words):
        self.told.append(words)

    def count(self, text):
        self.told.append(text)

    def line(self, text):
        self.told.append(text)
