"""What Spark needs, and what is said where it is not there."""

from importlib.util import find_spec

import pytest

from orchestration.engines import installed
from orchestration.engines.installed import require_spark
from orchestration.errors import PipelineError
from tests.unit.engines.conftest import write_program


class Found:
    origin = "/packages/pyspark/__init__.py"


@pytest.fixture
def with_packages(monkeypatch):
    monkeypatch.setattr(installed, "find_spec", lambda name: Found() if "spark" in name else find_spec(name))


def java(folder, version: str):
    return write_program(folder / "bin" / "java", f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-04-15' >&2\n")


@pytest.mark.usefixtures("with_packages")
def test_java_is_the_one_that_java_home_names(tmp_path, monkeypatch):
    program = java(tmp_path, "17.0.15")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    found = require_spark()
    assert (str(found.home), found.java) == ("/packages/pyspark", program)
    assert found.environment["JAVA_HOME"] == str(tmp_path)


@pytest.mark.usefixtures("with_packages")
def test_without_java_it_says_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PipelineError, match="openjdk-17-jre-headless"):
        require_spark()


@pytest.mark.usefixtures("with_packages")
@pytest.mark.parametrize(("version", "called"), [("1.8.0_402", "8"), ("11.0.22", "11")])
def test_an_older_java_is_named_with_its_place(tmp_path, monkeypatch, version, called):
    program = java(tmp_path, version)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(PipelineError, match=f"17 or later, and the one here is Java {called}") as refused:
        require_spark()
    assert refused.value.where == str(program)


@pytest.mark.parametrize("missing", ["pyspark", "dbt.adapters.spark"])
def test_a_package_that_is_not_there_is_named_with_the_command(monkeypatch, missing):
    monkeypatch.setattr(installed, "find_spec", lambda name: None if name == missing else Found())
    with pytest.raises(PipelineError, match="make setup SPARK=1"):
        require_spark()
