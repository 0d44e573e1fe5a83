"""`python -m tools.rooms` (make docs): the drawing of the rooms and their list in docs/architecture.md.

Belongs here: laying out what the imports and the rooms' own words say. Not here: reading imports (`imports.py`), and
what is allowed (`tests/architecture`).
"""

import ast
import re
from collections import defaultdict
from pathlib import Path

from orchestration.settings import PROJECT_DIR
from tools.imports import Arrows, arrows_between_modules, floors, modules

PAGE = PROJECT_DIR / "docs" / "architecture.md"
BEGIN, END = "<!-- rooms: written by make docs -->", "<!-- end of rooms -->"
HOUSE = "orchestration"
LOOSE = "settings, errors"


def page_with_rooms(page: str) -> str:
    """The page with the drawing and the list as they are now. Raises ValueError where a marker is missing."""
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    return f"{before}{BEGIN}\n{drawing(arrows())}\n\n{room_list()}\n{END}{after}"


def arrows() -> Arrows:
    """Which room imports which: a room with all the rooms in it as one, and each door that people and Dagster use."""
    found: Arrows = defaultdict(set)
    for module, imported in arrows_between_modules().items():
        found[place(module)] |= {place(other) for other in imported} - {place(module)}
    return dict(found)


def place(module: str) -> str:
    """Where a module is drawn."""
    parts = module.split(".")
    if parts[0] != HOUSE:
        return parts[0]
    is_loose = module in (HOUSE, f"{HOUSE}.settings", f"{HOUSE}.errors")
    return LOOSE if is_loose else parts[1]


def drawing(arrows: Arrows) -> str:
    """A Mermaid flowchart, from who imports down to who is imported; an arrow that others imply is left out."""
    names = {room: re.sub(r"\W+", "_", room).strip("_") for room in sorted(arrows)}
    nodes = [f'    {name}["{room}"]' for room, name in names.items()]
    lines = [
        f"    {names[room]} --> {names[other]}"
        for room in names
        for other in sorted(arrows[room] - _implied(room, arrows))
    ]
    return "\n".join(["```mermaid", "flowchart TD", *nodes, *lines, "```"])


def _implied(room: str, arrows: Arrows) -> set[str]:
    """The rooms that a room reaches through another one."""
    implied: set[str] = set()
    waiting = [below for other in arrows[room] for below in arrows[other]]
    while waiting:
        below = waiting.pop()
        if below not in implied:
            implied.add(below)
            waiting += arrows[below]
    return implied


def room_list() -> str:
    """A table of the rooms, the highest first: what each says of itself, and the rooms in it."""
    height = floors(arrows())
    known = {name: path for name, path in modules().items() if path.name == "__init__.py"}
    top = [name for name in known if name == place(name) or (name.count(".") == 1 and name.startswith(f"{HOUSE}."))]
    rows = [
        f"| `{name.replace('.', '/')}/` | {_purpose(known[name])} | {_rooms_in(name, known)} |"
        for name in sorted(top, key=lambda name: (-height[place(name)], name))
    ]
    return "\n".join(["| room | what it is | rooms in it |", "|---|---|---|", *rows])


def _purpose(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")[0].replace("\n", " ")


def _rooms_in(room: str, known: dict[str, Path]) -> str:
    inner = sorted(name.removeprefix(f"{room}.").replace(".", "/") for name in known if name.startswith(f"{room}."))
    return ", ".join(f"`{name}`" for name in inner)


if __name__ == "__main__":
    PAGE.write_text(page_with_rooms(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
