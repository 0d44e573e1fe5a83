"""The reading of imports itself: what counts as an arrow, a circle, a floor."""

import pytest

from tools.imports import circle, floors, imported_names

SOURCE = """
import json
from a.b import c
if TYPE_CHECKING:
    from a import only_a_type
else:
    from a import at_run_time
def late():
    from d import _e
"""


def test_imports_inside_functions_count_and_those_for_type_checkers_do_not():
    assert list(imported_names(SOURCE)) == [("json", None), ("a.b", "c"), ("a", "at_run_time"), ("d", "_e")]


def test_a_relative_import_is_refused():
    with pytest.raises(ValueError, match="relative import"):
        list(imported_names("from . import here"))


def test_a_circle_is_named_and_none_is_found_where_there_is_none():
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_a_floor_is_the_longest_way_down_and_doors_add_none():
    arrows = {"top": {"low", "orchestration.definitions"}, "orchestration.definitions": {"middle"}}
    arrows |= {"middle": {"low"}, "low": set()}
    assert floors(arrows) == {"low": 1, "middle": 2, "orchestration.definitions": 2, "top": 3}
