"""Statistics that know no bulletin.

Belongs here: regressions, tests, intervals, effect sizes, and what the data can tell at all. Not here: which items,
outcomes or terms a bulletin has; they come in as arguments.
"""
