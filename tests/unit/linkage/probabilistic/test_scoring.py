"""Splink is called quietly, and where it is missing or broken that is told with what mends it."""

import logging
from importlib.metadata import PackageNotFoundError

import pytest

from orchestration.errors import PipelineError
from orchestration.linkage.probabilistic import scoring
from tests.made_up.broken_splink import broken_splink


def test_splinks_logger_is_left_as_it_was():
    logger = logging.getLogger("splink")
    logger.setLevel(logging.INFO)
    with scoring.quiet_splink():
        assert not logger.isEnabledFor(logging.CRITICAL)
    assert logger.level == logging.INFO
    assert logger.propagate


def test_without_splink_the_error_says_what_to_install(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(scoring, "version", missing)
    with pytest.raises(PipelineError) as failure:
        scoring.splink_version()
    assert "splink==5.0.0" in failure.value.remedy
    assert "pip install" in failure.value.remedy


@pytest.mark.parametrize(
    ("first_line", "reason"),
    [
        ("import a_package_it_needs", "ModuleNotFoundError: No module named 'a_package_it_needs'"),
        ("from duckdb import gone", "ImportError: cannot import name 'gone' from 'duckdb'"),
        ("raise AttributeError('half a file')", "AttributeError: half a file"),
        ("def", "SyntaxError: invalid syntax"),
    ],
    ids=["a package missing", "another version of a package", "another error", "a damaged file"],
)
def test_a_broken_splink_is_told_as_such_with_what_failed_and_the_command_that_mends_it(
    tmp_path, monkeypatch, first_line, reason
):
    broken_splink(tmp_path, monkeypatch, first_line)
    with pytest.raises(PipelineError) as failure:
        scoring.require_splink()
    assert f"cannot be imported ({reason}" in failure.value.problem
    assert "pip install --force-reinstall --require-hashes -r requirements.lock" in failure.value.remedy


def test_a_working_splink_is_let_pass():
    pytest.importorskip("splink")
    scoring.require_splink()
