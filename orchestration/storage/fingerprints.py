"""Hashes of what a result was made from: files, code, parameters, packages.

Belongs here: hashing only. Not here: what a stage depends on (`stages.py`).
"""

import hashlib
import json
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

NAMED_PACKAGES = (
    "dagster", "dbt-core", "dbt-duckdb", "duckdb", "pandas", "numpy", "scipy", "statsmodels",
    "great-expectations", "gptables", "matplotlib", "afcharts", "firthmodels", "pyarrow", "openpyxl", "pyreadstat",
    "python-calamine", "pydantic", "jinja2", "markupsafe", "pyyaml",
)  # fmt: skip


def of(value: object) -> str:
    """SHA-256 (hex) of a JSON-able value, independent of key order."""
    return of_bytes(json.dumps(value, sort_keys=True, default=str).encode())


def of_bytes(content: bytes) -> str:
    """SHA-256 (hex) of bytes."""
    return hashlib.sha256(content).hexdigest()


def of_file(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_files(names: Iterable[Path], root: Path) -> str:
    """One hash over the names of files, relative to `root`, and what they hold."""
    return of([(name.as_posix(), of_file(root / name)) for name in sorted(names)])


def of_folder(folder: Path) -> str:
    """One hash over every file below a folder, but for what Python and dbt leave there."""
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return of_files((name for name in files if not {"__pycache__", "target", "logs"} & set(name.parts)), folder)


@cache
def package_versions() -> dict[str, str]:
    """Versions of the packages that can move a number, and of Python."""
    return {name: version(name) for name in NAMED_PACKAGES} | {"python": ".".join(map(str, sys.version_info[:2]))}
