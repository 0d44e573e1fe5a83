"""Writes cases.csv and separated.csv, the data of the reference results (run once; the files are kept).

.venv/bin/python -m tests.unit.methods.reference.make_cases
"""

from pathlib import Path

import numpy as np
import pandas as pd

from tests.unit.methods.example_cases import example_cases

HERE = Path(__file__).parent


def main() -> None:
    cases = example_cases(n=800, seed=20230411, missing=0.004).drop(columns="case_key")
    cases.to_csv(HERE / "cases.csv", index=False)
    rng = np.random.default_rng(7)
    group = rng.choice(["a", "b", "c"], 150, p=[0.5, 0.4, 0.1])
    score = rng.integers(0, 100, 150)
    event = (rng.random(150) < 1 / (1 + np.exp(1.5 - score / 40))).astype(int)
    event[group == "c"] = 1  # every case of group c has the event: its coefficient is infinite
    pd.DataFrame({"group": group, "score": score, "event": event}).to_csv(HERE / "separated.csv", index=False)


if __name__ == "__main__":
    main()
