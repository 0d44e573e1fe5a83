"""What somebody typed does nothing to a terminal, and is no formula in a spreadsheet."""

import pytest

from orchestration.storage.safe_text import inert, printable, typed


@pytest.mark.parametrize("text", ["\x1b[2Ja", "a\u202egpj", "a\rb", "a\x07", "\u2066x\u2069", "a\udcffb", "\u009b31m"])
def test_what_moves_a_cursor_or_turns_the_direction_is_shown_as_what_it_is_not(text: str) -> None:
    assert printable(printable(text)) == printable(text)
    assert printable(text).isprintable()
    assert len(printable(text)) == len(text)


def test_letters_of_every_kind_are_shown() -> None:
    assert printable("Si\u00e2n O\u2019Brien \u05d0\u0628", keep="\n") == "Si\u00e2n O\u2019Brien \u05d0\u0628"


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-1+1", "\t=1", "\r=1", "'=1", "''=1"])
def test_a_formula_is_text_and_comes_back_as_it_was(text: str) -> None:
    assert inert(text).startswith("'")
    assert typed(inert(text)) == text


@pytest.mark.parametrize("text", ["-0.5", "+3", "-1.5e-07", "-inf", "12%", "O'Neill", "'t Hooft", "", "a=b"])
def test_numbers_and_other_texts_stay(text: str) -> None:
    assert inert(text) == text
    assert typed(text) == text
