"""Hashes of what a result was made from: files, code, parameters, packages.

Belongs here: hashing only. Not here: what a stage depends on (`stages.py`).
"""

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

CODE_SUFFIXES = {".py", ".sql", ".yml", ".csv", ".gz", ".j2", ".html", ".css", ".parquet", ".mplstyle", ".toml"}
NAMED_PACKAGES = (
    "dagster", "dbt-core", "dbt-duckdb", "duckdb", "pandas", "numpy", "scipy", "statsmodels",
    "great-expectations", "gptables", "matplotlib", "afcharts", "firthmodels", "pyarrow",
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


def of_code(paths: Iterable[Path], root: Path) -> str:
    """One hash over files and, for folders, every code file below them (names relative to `root`)."""
    files: set[Path] = set()
    for path in paths:
        files |= {path} if path.is_file() else {p for p in path.rglob("*") if p.suffix in CODE_SUFFIXES}
    files = {p for p in files if "target" not in p.relative_to(root).parts}
    return of([(p.relative_to(root).as_posix(), of_file(p)) for p in sorted(files)])


@cache
def package_versions() -> dict[str, str]:
    """Versions of the packages that can move a number."""
    return {name: version(name) for name in NAMED_PACKAGES}
