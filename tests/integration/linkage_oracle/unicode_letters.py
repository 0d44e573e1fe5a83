"""Writes the reference table of what every character beyond ASCII leaves of itself.

Belongs here: the table's one derivation from Python's `unicodedata`. Not here: letter folds and apostrophes,
which an analyst edits and which come before this table. Run `python -m
tests.integration.linkage_oracle.unicode_letters` to write `dbt_project/seeds/codes/unicode_letters.csv`.
"""

import unicodedata
from pathlib import Path

SEED = Path(__file__).resolve().parents[3] / "dbt_project" / "seeds" / "codes" / "unicode_letters.csv"
BLANK = "_"


def letters_left(character: str) -> str:
    """A-Z left after compatibility decomposition, without accents, in upper case; others are blanks (`_`)."""
    base = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    return "".join(c if "A" <= c <= "Z" else BLANK for c in base.upper())


def seed_text() -> str:
    """The CSV: characters that leave a letter or nothing; all others are blanks and need no row."""
    lines = ["code_point,letters"]
    for code_point in (*range(0x80, 0xD800), *range(0xE000, 0x110000)):
        letters = letters_left(chr(code_point))
        if letters.strip(BLANK) or not letters:
            lines.append(f"U+{code_point:04X},{letters}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    SEED.write_text(seed_text(), encoding="utf-8")
