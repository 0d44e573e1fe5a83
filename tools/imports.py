"""Which module imports which, read from the source: inside functions too, but not what only a type checker sees.

Belongs here: the arrows between modules and between rooms, and the floors they make. Not here: what is allowed
(`test_boundaries.py`, `test_rooms.py`).
"""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from orchestration.settings import PROJECT_DIR

PACKAGES = ("orchestration", "expectations")
# Where one comes in. A door belongs to no room, so what it imports puts no room above another.
DOORS = {"orchestration.definitions"}

Arrows = dict[str, set[str]]


def modules() -> dict[str, Path]:
    """Every module by its dotted name; a package stands for its `__init__`."""
    paths = sorted(path for package in PACKAGES for path in (PROJECT_DIR / package).rglob("*.py"))
    dotted = (".".join(path.relative_to(PROJECT_DIR).with_suffix("").parts) for path in paths)
    return {name.removesuffix(".__init__"): path for name, path in zip(dotted, paths, strict=True)}


def is_door(module: str) -> bool:
    return module in DOORS or module.endswith(".__main__")


def room_of(module: str, path: Path) -> str:
    """The package a module lies in."""
    return module if path.name == "__init__.py" else module.rpartition(".")[0]


def nodes_that_run(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those under `if TYPE_CHECKING`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for other in node.orelse:
                yield other
                yield from nodes_that_run(other)
        else:
            yield node
            yield from nodes_that_run(node)


def imported_names(source: str) -> Iterator[tuple[str, str | None]]:
    """Each imported module with the name taken from it; None where the module itself is imported."""
    for node in nodes_that_run(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level or node.module is None:
                raise ValueError("A relative import hides which module is meant: write its whole name.")
            yield from ((node.module, alias.name) for alias in node.names)


def arrows_between_modules() -> Arrows:
    """The modules that each module imports, itself left out."""
    known = modules()
    arrows: Arrows = {}
    for module, path in known.items():
        found = set()
        for origin, name in imported_names(path.read_text(encoding="utf-8")):
            whole = f"{origin}.{name}"
            found |= {whole if whole in known else origin} & known.keys()
        arrows[module] = found - {module}
    return arrows


def arrows_between_rooms() -> Arrows:
    """The rooms whose modules each room's modules import; a door is a node of its own."""
    known = modules()
    place = {module: module if is_door(module) else room_of(module, path) for module, path in known.items()}
    arrows: Arrows = {node: set() for node in place.values()}
    for module, imported in arrows_between_modules().items():
        arrows[place[module]] |= {place[other] for other in imported} - {place[module]}
    return arrows


def circle(arrows: Arrows) -> list[str]:
    """One circle of the arrows, in order, or nothing."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def floors(arrows: Arrows) -> dict[str, int]:
    """How many rooms lie under each room, itself counted, along the longest way down; a door adds none."""
    found: dict[str, int] = {}
    for node in TopologicalSorter(arrows).static_order():
        below = max((found[other] for other in arrows[node]), default=0)
        found[node] = below if is_door(node) else below + 1
    return found
