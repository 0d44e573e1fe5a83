"""Speed and memory as ratios, measured in one run; never part of a timed test."""

import orchestration  # noqa: F401  (one thread of linear algebra, set before NumPy is imported)
