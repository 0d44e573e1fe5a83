"""`python -m tests.benchmarks.skew [--records N] [--partitions P]`: how evenly a join's work falls on many workers.

A join on a cluster sends all rows of one key to one partition, and the last partition to finish is when the join does.
For each block of the linkage, and for two keys nobody should choose, this draws how often keys occur among so many
records (surnames and forenames as unevenly as the generator's, a share of birthdays on 1 January for want of a known
one), sends them to partitions by chance as a hash does, and prints the largest partition in multiples of the mean:
as it is; with the commonest keys salted, their records spread over 32 partitions and their cases sent to each; and with
adaptive execution, which cuts what exceeds five times the median. First by rows, then by pairs to compare; and how
many records a case meets, most of them strangers' once there are many.

Belongs here: drawing and counting, in seconds and on paper. Not here: a cluster of that size. docs/scale.md keeps it.
"""

import argparse
from collections.abc import Mapping

import numpy as np

SALTS = 32
AQE_FACTOR = 5  # spark.sql.adaptive.skewJoin.skewedPartitionFactor
N_SURNAMES, N_FORENAMES, N_COMMON = 30_000, 3_000, 300
ZIPF_OFFSET = 15.0  # as in orchestration/synthetic/identities/names.py
YEARS_OF_BIRTH, YEARS_OF_SENTENCES, FIRST_OF_JANUARY = 60, 10, 0.03
RECORDS_A_PERSON = 6
MOST_OF_THE_TAIL = 5_000_000
ALONE = np.ones(1)


def main(given: list[str] | None = None) -> None:
    """Print a row a key."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.skew", description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000_000)
    parser.add_argument("--partitions", type=int, default=2_000)
    arguments = parser.parse_args(given)
    rng = np.random.default_rng(2023)
    print(f"{'key':<44}{'rows':>8}{'salted':>8}{'AQE':>8}{'pairs':>8}{'salted':>8}{'records met by a case':>24}")
    for name, (shares, chance) in keys(arguments.records).items():
        rows = [largest(rng, shares, arguments.partitions, salts) for salts in (1, SALTS)]
        squares = shares**2 / np.sum(shares**2)  # pairs of a key: its cases times its records
        pairs = [largest(rng, squares, arguments.partitions, salts) for salts in (1, SALTS)]
        cut = min(rows[0], AQE_FACTOR)
        largest_ones = "".join(f"{multiple:>8.1f}" for multiple in (*rows, cut, *pairs))
        print(f"{name:<44}{largest_ones}{arguments.records * chance:>24,.0f}")


def keys(n_records: int) -> Mapping[str, tuple[np.ndarray, float]]:
    """Key -> the shares of its values among the records, and the chance that two records have the same."""
    surnames, forenames = _by_frequency(N_SURNAMES), _by_frequency(N_FORENAMES)
    birthdays = np.full(YEARS_OF_BIRTH * 365, (1 - FIRST_OF_JANUARY) / (YEARS_OF_BIRTH * 365))
    birthdays[::365] += FIRST_OF_JANUARY / YEARS_OF_BIRTH
    days = np.full(YEARS_OF_SENTENCES * 365, 1 / (YEARS_OF_SENTENCES * 365))
    n_people = n_records // RECORDS_A_PERSON
    people = np.full(min(n_people, MOST_OF_THE_TAIL), 1.0)
    parts = {
        "surname alone (no block)": (surnames,),
        "birthday alone (no block)": (birthdays,),
        "surname and birthday (blocks 3, 4)": (surnames, birthdays),
        "first forename and birthday (block 5)": (forenames, birthdays),
        "both names and the day (block 6)": (np.sort(_product(surnames, forenames))[::-1], days),
    }
    drawn = {name: (_product(*of), float(np.prod([np.sum(part**2) for part in of]))) for name, of in parts.items()}
    return drawn | {"PNC identifier, CRN, person (blocks 1, 2)": (people, 1 / n_people)}


def largest(rng: np.random.Generator, shares: np.ndarray, n_partitions: int, salts: int) -> float:
    """The largest of the partitions in multiples of their mean, with the keys above a fifth of a partition salted."""
    shares = shares / shares.sum()
    is_heavy = shares > 1 / (AQE_FACTOR * n_partitions) if salts > 1 else np.zeros(len(shares), bool)
    spread = np.concatenate([shares[~is_heavy], np.repeat(shares[is_heavy] / salts, salts)])
    loads = np.bincount(rng.integers(0, n_partitions, len(spread)), weights=spread, minlength=n_partitions)
    return float(loads.max() / loads.mean())


def _by_frequency(n: int) -> np.ndarray:
    weights = 1.0 / (np.arange(n) + ZIPF_OFFSET)
    return weights / weights.sum()


def _product(one: np.ndarray, other: np.ndarray = ALONE) -> np.ndarray:
    """Shares of pairs of values: the commonest of the first one by one; the long tail, which evens out, all alike."""
    if len(one) * len(other) < MOST_OF_THE_TAIL:
        return np.outer(one, other).ravel()
    common = np.outer(one[:N_COMMON], other).ravel()
    n_rest = min((len(one) - N_COMMON) * len(other), MOST_OF_THE_TAIL)
    return np.concatenate([common, np.full(n_rest, (1 - common.sum()) / n_rest)])


if __name__ == "__main__":
    main()
