"""A Splink that is installed and cannot be imported.

Belongs here: putting one in the way of the real one. Not here: what is said of it.
"""

import sys
from pathlib import Path

import pytest

from orchestration.linkage.probabilistic import scoring


def broken_splink(folder: Path, monkeypatch: pytest.MonkeyPatch, first_line: str) -> None:
    """Let `import splink` run `first_line` of a package below `folder`; the real one is put back after the test."""
    package = folder / "splink"
    package.mkdir()
    (package / "__init__.py").write_text(f"{first_line}\n")
    for name in [name for name in sys.modules if name.partition(".")[0] == "splink"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(scoring, "version", lambda name: "5.0.0")
