"""Each dialect macro on every engine that is there: the same call gives the same."""

import random
import re

from orchestration.settings import DBT_DIR
from tests.integration.dialect.cases import CASES
from tests.integration.dialect.conftest import answers
from tests.integration.dialect.rendering import ENGINES, macros_of, rendered

LETTERS = "ABC"


def test_a_macro_gives_the_same_on_every_engine(engine):
    name, ask = engine
    given = answers(ask, [f"select {rendered(name, case.call)} {case.asked_of}" for case in CASES])
    given = [list(answer) if isinstance(answer, list | tuple) else answer for answer in given]
    assert [(case, answer) for case, answer in zip(CASES, given, strict=True) if answer != case.expected] == []


def test_a_row_stands_for_each_value_of_a_list(engine):
    name, ask = engine
    join = rendered(name, "cross_join_each(\"split(given.w, ' ')\", 'words', 'word')")
    rows = ask(f"select given.n, words.word from (values (1, 'b a'), (2, null)) as given (n, w) {join}")
    assert sorted(rows) == [(1, "a"), (1, "b")]


def test_one_typing_fault_is_found_and_nothing_else(engine):
    """Against every way to make one fault, on words short enough to be a fault apart by chance."""
    name, ask = engine
    draw = random.Random(16)
    pairs = [(word := _word(draw), draw.choice([_word(draw), draw.choice(_one_fault_from(word))])) for _ in range(2000)]
    pairs += [("AB", "BA"), ("ABC", "CBA"), ("ABAB", "BABA"), ("CA", "ABC"), ("A", "A"), ("", "A"), ("", "")]
    values = ", ".join(f"({n}, '{one}', '{other}')" for n, (one, other) in enumerate(pairs))
    call = rendered(name, "is_one_fault_apart('one', 'other')")
    found = ask(f"select n, {call} from (values {values}) as pairs (n, one, other)")
    expected = [(n, other in _one_fault_from(one)) for n, (one, other) in enumerate(pairs)]
    assert sorted(found) == expected
    assert 500 < sum(is_apart for _, is_apart in expected) < 1500


def _word(draw: random.Random) -> str:
    return "".join(draw.choice(LETTERS) for _ in range(draw.randrange(7)))


def _one_fault_from(word: str) -> list[str]:
    """Every word a letter more, less or another, or two neighbours exchanged, away."""
    places = range(len(word) + 1)
    more = {word[:n] + letter + word[n:] for n in places for letter in LETTERS}
    less = {word[:n] + word[n + 1 :] for n in places}
    another = {word[:n] + letter + word[n + 1 :] for n in places[:-1] for letter in LETTERS}
    exchanged = {word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in places[:-2]}
    return sorted((more | less | another | exchanged) - {word})


def test_every_dialect_macro_has_a_case_and_every_engine():
    """A macro that one engine lacks would be told only by whom it fails."""
    written = {engine: _dispatched(engine) for engine in ENGINES}
    dispatched = set().union(*written.values())
    assert {engine: dispatched - names for engine, names in written.items()} == {engine: set() for engine in ENGINES}
    asked = {name for case in CASES for name in dispatched if f"{name}(" in case.call}
    assert dispatched - asked == {"cross_join_each"}  # which is no expression: a test of its own


def _dispatched(engine: str) -> set[str]:
    """Names of the macros that the engine has, its own or those of all that have none."""
    of_engine = re.compile(rf"(?:{engine}|default)__(\w+)")
    return {match[1] for name in vars(macros_of(engine)) if (match := of_engine.fullmatch(name))}


def test_models_name_no_function_of_one_engine():
    """What only DuckDB knows stands in the dialect folder."""
    of_one_engine = re.compile(
        r"\b(list_(?!of)\w+|\w*_agg|string_split|array_to_string|regexp_(?!replace)\w+|unnest|explode|date_diff|arg_m\w+)"
        r"\(|\blambda\b|::"
    )
    for path in sorted(DBT_DIR.rglob("*.sql")):
        if path.parent.name != "dialect" and "target" not in path.parts:
            found = {match.group() for match in of_one_engine.finditer(path.read_text(encoding="utf-8"))}
            assert found <= {"array_agg("}, path
