"""How names are written: differences that normalising undoes, and faults that it does not.

Belongs here: one name in, one spelling out. Not here: which rows are hit (`rendering.py`) and how often
(`shares.py`).
"""

from collections.abc import Callable

import numpy as np

from orchestration.synthetic.identities.names import nicknames, plain, plain_first, plain_surname

TITLES = ("Mr", "Mrs", "Miss", "Ms", "Dr")
NAME_PLACEHOLDERS = ("UNKNOWN", "NOT KNOWN", "NK", "N/A", "TBC", "XXX")
KEYBOARD_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
KEYBOARD_NEIGHBOURS = {
    letter: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in KEYBOARD_ROWS for at, letter in enumerate(row)
}


def other_joints(name: str, rng: np.random.Generator) -> str:
    """A surname with its hyphens, blanks and apostrophes written another way."""
    joint = ("-", " ", "")[rng.integers(0, 3)]
    apostrophe = ("’", "`", "", "'")[rng.integers(0, 4)]
    return name.replace("-", " ").replace(" ", joint).replace("'", apostrophe)


def other_forename_joints(name: str, rng: np.random.Generator) -> str:
    """Forenames with hyphens as blanks and another apostrophe: the first word stays the first word."""
    return name.replace("-", " ").replace("'", ("’", "`", "")[rng.integers(0, 3)])


def _transposed(name: str, at: int, rng: np.random.Generator) -> str:
    return name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]


def _dropped(name: str, at: int, rng: np.random.Generator) -> str:
    return name[:at] + name[at + 1 :]


def _doubled(name: str, at: int, rng: np.random.Generator) -> str:
    return name[: at + 1] + name[at].lower() + name[at + 1 :]


def _slipped(name: str, at: int, rng: np.random.Generator) -> str:
    neighbours = KEYBOARD_NEIGHBOURS.get(name[at].lower(), "e")
    return name[:at] + neighbours[rng.integers(0, len(neighbours))] + name[at + 1 :]


def typing_fault(name: str, rng: np.random.Generator, compared: Callable[[str], str]) -> str:
    """The name with one typing fault that survives normalising (`compared` gives the compared form)."""
    faults = (_transposed, _dropped, _doubled, _slipped)
    letters = [i for i, c in enumerate(name) if c.isalpha()]
    for _ in range(20):
        faulty = faults[rng.integers(0, len(faults))](name, letters[rng.integers(0, len(letters))], rng)
        # never an initial: one letter may be somebody's placeholder
        if len(compared(faulty)) > 1 and compared(faulty) != compared(name):
            return faulty
    return name + "e"


def wrong_surname(name: str, other: str, rng: np.random.Generator) -> str:
    """A surname not equal to the person's: a typing fault, or a former or married name (`other`)."""
    is_other = rng.random() < 0.3 and plain_surname(other) != plain_surname(name)
    return other if is_other else typing_fault(name, rng, plain_surname)


def is_near(one: str, other: str) -> bool:
    """Whether two names as compared differ by one typing fault, or one is the other cut short."""
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, others = one[at:], other[at:]
    is_other_letter, is_more, is_less = rest[1:] == others[1:], rest[1:] == others, rest == others[1:]
    is_exchanged = rest[:2] == others[1::-1] and rest[2:] == others[2:]
    return one != other and (not rest or not others or is_other_letter or is_more or is_less or is_exchanged)


def unlike_surname(name: str, others: np.ndarray, rng: np.random.Generator) -> str:
    """One of the other surnames (a former or married name) that is not near the person's."""
    own, other = plain_surname(name), name
    while plain_surname(other) == own or is_near(plain_surname(other), own):
        other = str(rng.choice(others))
    return other


def wrong_first(name: str, rng: np.random.Generator) -> str:
    """A first forename not equal to the person's: a familiar form, or a typing fault."""
    familiar = nicknames().get(name)
    if familiar and rng.random() < 0.7 and plain_first(familiar) != plain_first(name):
        return familiar
    return typing_fault(name, rng, plain_first)


def initials(middle: str) -> str:
    """Further forenames as initials ("Paul James" -> "P J")."""
    return " ".join(plain(name)[0] for name in middle.split(" ") if plain(name))
