"""Random draws that are functions of a number: anybody's attributes at any time, without storing anybody.

Belongs here: uniform draws and permutations worked out from a key and a number (SplitMix64: Steele, Lea and
Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). Not here: what is drawn (`register.py`).
"""

import zlib
from math import gcd

import numpy as np

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST_MIX, SECOND_MIX = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
TO_UNIT = 2.0**-53


def key_of(seed: int, purpose: str) -> int:
    """The key of one purpose of one seed: another for every purpose (64 bits)."""
    sequence = np.random.SeedSequence([seed, zlib.crc32(purpose.encode())])
    return int(sequence.generate_state(1, np.uint64)[0])


def uniforms(key: int, numbers: np.ndarray) -> np.ndarray:
    """One draw from [0, 1) a number (whole, from 0): the same key and number give the same draw."""
    state = (numbers.astype(np.uint64) + np.uint64(1)) * GOLDEN + np.uint64(key)
    state = (state ^ (state >> np.uint64(30))) * FIRST_MIX
    state = (state ^ (state >> np.uint64(27))) * SECOND_MIX
    return ((state ^ (state >> np.uint64(31))) >> np.uint64(11)).astype(np.float64) * TO_UNIT


def permuted(key: int, numbers: np.ndarray, size: int) -> np.ndarray:
    """The numbers 0 to size - 1 in another order: each gives one of them, no two the same.

    `size` is below 3 x 10^9, so that products stay within 64 bits. Raises ValueError above.
    """
    if size >= 3_000_000_000:
        raise ValueError(f"{size} numbers are too many to permute")
    multiplier = key % size | 1
    while gcd(multiplier, size) != 1:
        multiplier += 2
    return (numbers.astype(np.int64) * (multiplier % size) + (key >> 20) % size) % size
