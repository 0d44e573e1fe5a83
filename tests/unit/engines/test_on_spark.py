"""A build on Spark as a sequence of steps: what it leaves behind where one of them fails."""

import pytest

from orchestration.engines import on_spark
from orchestration.engines.cluster import start_cluster
from orchestration.engines.on_spark import build_layer_on_spark
from orchestration.engines.places import Places
from orchestration.errors import PipelineError


def test_without_a_cluster_nothing_is_written(settings):
    with pytest.raises(PipelineError, match="No Spark cluster runs"):
        build_layer_on_spark(settings, "staging")
    assert not Places.of(settings).build.exists()


def test_what_a_failed_step_has_written_is_removed_with_what_an_earlier_build_left(settings, monkeypatch):
    def fails(settings, places, layer):
        assert not (places.sources / "raw").exists()
        (places.sources / "raw").mkdir()
        raise PipelineError("The disk is full.", "Make room.")

    start_cluster(settings)
    places = Places.of(settings)
    (places.sources / "raw").mkdir(parents=True)
    monkeypatch.setattr(on_spark, "make_mould", fails)
    with pytest.raises(PipelineError, match="disk is full"):
        build_layer_on_spark(settings, "staging")
    assert not places.build.exists()
