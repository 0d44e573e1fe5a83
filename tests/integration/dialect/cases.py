"""What each dialect macro gives, with the values on which engines differ: none, an empty list, letters beyond ASCII.

Belongs here: (call, expected). Not here: any SQL of one engine.
"""

import datetime
from typing import NamedTuple


class Case(NamedTuple):
    """A call of macros, what it gives, and the rows it is asked of: SQL's `values`, with the names of their columns."""

    call: str
    expected: object
    rows: str = "values (1)"
    columns: str = "n"

    @property
    def asked_of(self) -> str:
        return f"from ({self.rows}) as given ({self.columns})"


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


LISTS = [
    Case("list_of(['b', 'a'])", ["b", "a"]),
    Case("no_numbers()", []),
    Case("preceded_by(0, 'array_sort(array_agg(n))')", [0, 1, 2], "values (2), (1)"),
    Case("preceded_by(0, no_numbers())", [0]),
    Case("holds(list_of(['a', 'b']), \"'b'\")", True),
    Case("holds(list_of(['a', 'b']), \"'B'\")", False),
    Case("holds(\"split(nullif(w, 'none'), ' ')\", \"'a'\")", None, "values ('none')", "w"),
    Case("holds(no_numbers(), '1')", False),
    Case("holds_any(list_of(['a', 'b']), list_of(['c', 'b']))", True),
    Case("holds_any(list_of(['a', 'b']), list_of(['c']))", False),
    Case("holds_any(\"split(nullif(w, 'none'), ' ')\", list_of(['c']))", None, "values ('none')", "w"),
    Case("holds_all(list_of(['a', 'b']), list_of(['b', 'b']))", True),
    Case("holds_all(list_of(['a', 'b']), list_of(['b', 'c']))", False),
    Case("holds_all(list_of(['a']), \"split(nullif(w, 'none'), ' ')\")", None, "values ('none')", "w"),
    Case("holds_all(no_numbers(), no_numbers())", True),
    Case("those_of(list_of(['a', 'bb', 'cc']), 'word', 'length(word) = 2')", ["bb", "cc"]),
    Case("those_of(list_of(['a']), 'word', 'length(word) = 2')", []),
    Case("made_of_each(list_of(['a', 'b']), 'word', \"word || '!'\")", ["a!", "b!"]),
    Case("as_one_text(list_of(['a', 'b']), ', ')", "a, b"),
    Case("as_one_text(\"split(nullif(w, 'none'), ' ')\", ', ')", None, "values ('none')", "w"),
    Case("smallest_of('array_agg(n)')", 1, "values (2), (1)"),
    Case("smallest_of(no_numbers())", None),
    Case("'array_sort(' ~ listed('n', 'n > 1') ~ ')'", [2, 3], "values (3), (1), (2)"),
    Case("listed('n', 'n > 3')", None, "values (3), (1), (2)"),
    Case("'array_sort(' ~ listed('distinct w', 'w is not null') ~ ')'", ["B", "a", "é"],
         "values ('é'), ('a'), ('B'), ('a'), (null)", "w"),
]  # fmt: skip

TEXTS = [
    Case("as_text('n')", "12", "values (12)"),
    Case("as_text('cast(w as date)')", "2020-02-09", "values ('2020-02-09')", "w"),
    Case("as_text('nullif(n, 1)')", None),
    Case("is_wholly('w', '[A-Z]+( [A-Z]+)*')", True, "values ('MC KENZIE')", "w"),
    Case("is_wholly('w', 'a|ab')", True, "values ('ab')", "w"),
    Case("is_wholly('w', '[A-Z]+')", False, "values ('MCé')", "w"),
    Case("is_wholly('w', '[A-Z]+')", False, "values ('MC\n')", "w"),
    Case("is_wholly('w', 'U\\\\+[0-9A-F]{4}')", True, "values ('U+00E9')", "w"),
    Case("is_wholly('w', '[A-Z]*')", True, "values ('')", "w"),
    Case("is_wholly(\"nullif(w, 'none')\", '[A-Z]*')", None, "values ('none')", "w"),
    Case("replaced('w', ' +', ' ')", "a b c", "values ('a  b   c')", "w"),
    Case("replaced('w', '[\\\\x{09}-\\\\x{0d}\\\\x{1c}-\\\\x{1f}\\\\x{85}\\\\p{Z}]', '')", "ab",
         "values ('\u00a0a\t\u2003\u0085\u001fb\n')", "w"),
    Case("replaced('w', '^[\\\\x{09}-\\\\x{0d}\\\\x{85}\\\\p{Z}]+|[\\\\x{09}-\\\\x{0d}\\\\x{85}\\\\p{Z}]+$', '')",
         "a\u00a0b", "values ('\u3000\t a\u00a0b\u2003\u0085\n')", "w"),
    Case("in_order('w', '|', 'n')", "a|c|b", "values ('b', 3), ('a', 1), ('c', 2)", "w, n"),
    Case("in_order('w', '', 'n')", "ab", "values ('b', 3), ('a', 1), (null, 2)", "w, n"),
    Case("in_order('w', '|', 'n', where='n > 1')", "c|b", "values ('b', 3), ('a', 1), ('c', 2)", "w, n"),
    Case("in_order('w', '|', 'n', where='n > 3')", None, "values ('b', 3), ('a', 1)", "w, n"),
    Case("in_order('w', '|', 'w')", "A|Z|a|é|𝔸", "values ('é'), ('𝔸'), ('a'), ('Z'), ('A')", "w"),
    Case("places('w')", [1, 2, 3], "values ('aé𝔸')", "w"),
    Case("code_point('w')", "U+00D8", "values ('Ø')", "w"),
    Case("code_point('w')", "U+1D538", "values ('𝔸')", "w"),
    Case("places_that_differ('w', 'v')", 1, "values ('2020-02-09', '2020-02-19')", "w, v"),
    Case("places_that_differ('w', 'v')", 2, "values ('2020-02-09', '2020-02-90')", "w, v"),
    Case("places_that_differ('w', 'v')", 0, "values ('a', 'a')", "w, v"),
    Case("places_that_differ('w', \"nullif(v, 'none')\")", None, "values ('a', 'none')", "w, v"),
    Case("is_one_fault_apart('w', \"nullif(v, 'none')\")", None, "values ('a', 'none')", "w, v"),
]  # fmt: skip

DATES = [
    Case("days_between('cast(w as date)', 'cast(v as date)')", 366, "values ('2020-01-01', '2021-01-01')", "w, v"),
    Case("days_between('cast(w as date)', 'cast(v as date)')", -1, "values ('1970-01-01', '1969-12-31')", "w, v"),
    Case("days_between('cast(w as date)', 'cast(nullif(w, w) as date)')", None, "values ('1970-01-01')", "w"),
    Case("days_after('cast(w as date)', 1)", day("2020-03-01"), "values ('2020-02-29')", "w"),
    Case("days_after('cast(w as date)', 0)", day("2020-02-29"), "values ('2020-02-29')", "w"),
    Case("months_after('cast(w as date)', 12)", day("2021-02-28"), "values ('2020-02-29')", "w"),
    Case("months_after('cast(w as date)', 1)", day("2020-02-29"), "values ('2020-01-31')", "w"),
    Case("months_after('cast(w as date)', 1)", day("2021-03-28"), "values ('2021-02-28')", "w"),
    Case("months_after('cast(w as date)', '12 * n')", day("2010-02-28"), "values ('1900-02-28', 110)", "w, n"),
]  # fmt: skip

GROUPS = [
    Case("of_the_largest('w', ['n', 'm'])", "b", "values ('a', 1, 9), ('b', 2, 1), ('c', 2, 0)", "w, n, m"),
    Case("of_the_largest('w', ['n', '-m'])", "c", "values ('a', 1, 9), ('b', 2, 1), ('c', 2, 0)", "w, n, m"),
    Case("of_the_largest('w', ['n', 'm'])", "a", "values ('a', 1, 9), (null, 2, 1)", "w, n, m"),
    Case("of_the_smallest('w', ['n', 'm'])", "b", "values ('a', 1, 9), ('b', 1, 1), ('c', 2, 0)", "w, n, m"),
    Case("of_the_smallest('w', ['-n', 'v'])", "x", "values ('x', 2, 'B'), ('y', 2, 'a'), ('z', 1, 'A')", "w, n, v"),
    Case("of_the_smallest('w', ['n', 'm'])", "c", "values (null, 1, 9), ('c', 2, 0)", "w, n, m"),
]  # fmt: skip

CASES = [*LISTS, *TEXTS, *DATES, *GROUPS]
