"""The files behind a stage, found and not listed: along the imports, and along dbt's graph.

A list kept by hand misses what nobody thinks of, and a number may then be published that rests on code which is gone.
So a stage's code is what its functions can run: the module each stands in, all that is imported by what the function
uses there, and whatever those modules import in turn, imports inside functions included; and of every module the files
beside it and the reference tables that it names.

Belongs here: Python's side. Not here: dbt's (`dbt/graph.py`), and hashing files into a fingerprint (`current.py`).
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGES = ("orchestration", "expectations")
SEEDS = Path("dbt_project") / "seeds"
# What a declaration says of a stage is in the stage's fingerprint by itself: another stage's words move nothing.
DECLARATIONS = "orchestration.ledger.stages"
_FILE_NAME = re.compile(r"[A-Za-z0-9_]+(\.[a-z0-9.]+)?")


def files_reached(entries: Iterable[str], root: Path) -> frozenset[Path]:
    """The modules that the functions `module:function` can run, and the data files these read, relative to `root`.

    Raises ValueError where an entry names no module or function of the project.
    """
    modules: set[Path] = set()
    waiting: list[str] = []
    for entry in entries:
        name, _, function = entry.partition(":")
        path = _path(name, root)
        if path is None or function not in _module(path).defined:
            raise ValueError(f"There is no {entry} in the project.")
        modules.add(path)
        waiting += [*_packages_above(name), *_module(path).used_by(function)]
    seen = {DECLARATIONS}
    while waiting:
        name = waiting.pop()
        path = None if name in seen else _path(name, root)
        seen.add(name)
        if path is not None:
            modules.add(path)
            waiting += [*_packages_above(name), *_module(path).imported]
    data = {file for path in modules for file in _data_named_in(path)}
    tables = {name for path in modules for name in _module(path).texts if name.endswith(".csv")}
    data |= {file for file in (root / SEEDS).rglob("*.csv") if file.name in tables}
    return frozenset(path.relative_to(root) for path in modules | data)


@dataclass(frozen=True)
class _Module:
    """A module as far as imports go.

    `imported`: every module it may load. `bound`: name -> the modules behind it, for imports at its top. `defined`:
    name -> the names its definition uses and the modules imported within it; the empty name for what runs in any case.
    `texts`: what might name a file.
    """

    imported: frozenset[str]
    bound: Mapping[str, frozenset[str]]
    defined: Mapping[str, tuple[frozenset[str], frozenset[str]]]
    texts: frozenset[str]

    def used_by(self, function: str) -> set[str]:
        """What is imported by a function, and by all of its module that it uses."""
        waiting, seen = ["", function], set[str]()
        imported: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                names, within = self.defined.get(name, (frozenset(), frozenset()))
                imported |= self.bound.get(name, frozenset()) | within
                waiting += names
        return imported


def _module(path: Path) -> _Module:
    """A module as it is now; read again only when the file has changed."""
    state = path.stat()
    return _parsed(path, state.st_mtime_ns, state.st_size)


@cache
def _parsed(path: Path, _changed: int, _size: int) -> _Module:
    bound: dict[str, frozenset[str]] = {}
    defined: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    imported: set[str] = set()
    texts: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if _is_for_types_only(node):
            continue
        names, within, named = _looked_through(node)
        imported |= {module for modules in within.values() for module in modules}
        texts |= named
        if isinstance(node, ast.Import | ast.ImportFrom):
            bound |= within
            continue
        for name in _defined_by(node):
            before = defined.get(name, (frozenset(), frozenset()))
            defined[name] = (before[0] | names, before[1].union(*within.values()))
    return _Module(frozenset(imported), bound, defined, frozenset(texts))


def _is_for_types_only(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _looked_through(top: ast.AST) -> tuple[set[str], dict[str, frozenset[str]], set[str]]:
    """A statement's names, what it imports (name bound -> modules that may be loaded), texts that may name a file."""
    names: set[str] = set()
    imports: dict[str, frozenset[str]] = {}
    texts: set[str] = set()
    for node in ast.walk(top):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _FILE_NAME.fullmatch(node.value):
            texts.add(node.value)
        elif isinstance(node, ast.Import):
            imports |= {alias.asname or alias.name.partition(".")[0]: frozenset([alias.name]) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            # `b` of `from a import b` may be a module or a name in one
            for alias in node.names:
                both = frozenset([node.module, f"{node.module}.{alias.name}"])
                imports[alias.asname or alias.name] = imports.get(alias.asname or alias.name, frozenset()) | both
    return names, imports, texts


def _defined_by(node: ast.stmt) -> list[str]:
    """The names a statement defines; the empty name for one that defines none and runs with the module."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", ast.Name(""))]
    return [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]


def _packages_above(module: str) -> list[str]:
    """The packages whose `__init__` runs before the module does."""
    parts = module.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts))]


def _path(module: str, root: Path) -> Path | None:
    """The file of a module of the project; None for a name in a module, and for other people's modules."""
    if module.partition(".")[0] not in PACKAGES:
        return None
    path = root.joinpath(*module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


def _data_named_in(path: Path) -> Iterator[Path]:
    """Templates, lists and the like: what lies beside a module, a file or a folder of them, and is named in it."""
    for entry in (path.parent / text for text in _module(path).texts):
        if entry.is_file():
            yield entry
        elif entry.is_dir() and not (entry / "__init__.py").exists() and entry.name != "__pycache__":
            yield from (file for file in entry.rglob("*") if file.is_file())
