"""A Spark that starts at once and does nothing: what a cluster is, without Java."""

import socket
from pathlib import Path

import pytest

from orchestration.engines import cluster
from orchestration.engines.cluster import stop_cluster
from orchestration.engines.installed import Spark
from tests.conftest import settings_for

STARTS = """#!/bin/sh
case "$1" in
*Master) echo "I have been elected leader! New state: ALIVE" ;;
*) echo "Successfully registered with master" ;;
esac
sleep 300 &
exec sleep 300
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_program(path: Path, text: str) -> Path:
    """A program that the tests run in another's place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def spark_class(tmp_path, monkeypatch) -> Path:
    """The program that starts master and workers; a test may write another."""
    home = tmp_path / "spark"
    monkeypatch.setattr(cluster, "require_spark", lambda: Spark(home, tmp_path / "java" / "bin" / "java"))
    return write_program(home / "bin" / "spark-class", STARTS)


@pytest.fixture
def settings(tmp_path, spark_class):
    """Settings of a data folder whose cluster is ended with the test."""
    settings = settings_for(tmp_path / "data", spark_port=free_port())
    yield settings
    stop_cluster(settings)
