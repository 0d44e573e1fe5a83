"""Stability runs: the same answer however many processes there are, and wherever a run was ended before."""

import json
import os
import stat
from functools import cache
from pathlib import Path

import pytest

from orchestration.errors import PipelineError
from orchestration.ledger.inputs import stage_inputs
from orchestration.methods.bulletin_2020_03.stability import (
    Selection,
    StabilityModel,
    select_from_resamples,
    stability_models,
)
from orchestration.methods.layouts.layout_2020 import MEASURE_BY_CODE
from orchestration.settings import Settings, read_settings
from orchestration.stability.chunks import (
    CHUNK_SIZE,
    StabilityRequest,
    chunk_folder,
    chunks_of,
    read_chunk,
    read_request,
    stability_folder,
    write_chunk,
    write_request,
)
from orchestration.stability.selections import run_selections
from tests.made_up.needs import example_needs

REQUEST = StabilityRequest(resamples=CHUNK_SIZE + 5, seed=3)


@cache
def models() -> tuple[StabilityModel, ...]:
    return tuple(stability_models(example_needs(300), [MEASURE_BY_CODE["need_drugs"], MEASURE_BY_CODE["delivery_ete"]]))


@cache
def expected() -> dict[str, list[Selection]]:
    """Without processes, chunks or files."""
    return {m.measure.code: select_from_resamples(m, REQUEST.seed, range(REQUEST.resamples)) for m in models()}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"PROBATION_DATA_DIR": str(tmp_path)})


@pytest.mark.parametrize("workers", [1, 2])
def test_the_answer_does_not_depend_on_the_number_of_processes(tmp_path: Path, workers: int) -> None:
    lines: list[str] = []
    assert run_selections(models(), REQUEST, tmp_path, workers, lines.append) == expected()
    assert lines[-1].startswith("stability: 50 of 50 selections")


def test_a_run_goes_on_from_what_a_killed_one_finished(tmp_path: Path) -> None:
    chunks = chunks_of(models(), REQUEST.resamples)
    for chunk in chunks[:-1]:
        marked: list[Selection] = [("gender",)] * chunk.size  # not what a selection gives, so that its use shows
        write_chunk(tmp_path, chunk, marked)
    (tmp_path / f".{chunks[-1].name}-0a1b").write_text("[[")  # what a kill in the middle of writing leaves
    lines: list[str] = []
    found = run_selections(models(), REQUEST, tmp_path, 1, lines.append)
    assert found["need_drugs"] == [("gender",)] * REQUEST.resamples
    assert found["delivery_ete"][:CHUNK_SIZE] == [("gender",)] * CHUNK_SIZE
    assert found["delivery_ete"][CHUNK_SIZE:] == expected()["delivery_ete"][CHUNK_SIZE:]
    assert lines[0] == "stability: 45 of 50 selections were finished before"


def test_a_finished_run_is_read_without_any_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for chunk in chunks_of(models(), REQUEST.resamples):
        write_chunk(tmp_path, chunk, expected()[chunk.model.measure.code][chunk.first : chunk.end])
    monkeypatch.setattr("orchestration.stability.selections.process_pool", None)
    assert run_selections(models(), REQUEST, tmp_path, 1, lambda _line: None) == expected()


@pytest.mark.parametrize(
    "content",
    ["", "[[", "[]", '[["gender"]]', "7", json.dumps([["no_such_term"]] * CHUNK_SIZE), json.dumps([7] * CHUNK_SIZE)],
    ids=["empty", "cut_off", "no_selection", "too_few", "no_list", "unknown_term", "no_terms"],
)
def test_a_damaged_chunk_is_made_again(tmp_path: Path, content: str) -> None:
    chunk = chunks_of(models(), REQUEST.resamples)[0]
    (tmp_path / chunk.name).write_text(content)
    assert read_chunk(tmp_path, chunk) is None


def test_chunks_hold_every_resample_of_every_model_once() -> None:
    held = [(c.model.measure.code, i) for c in chunks_of(models(), 47) for i in range(c.first, c.end)]
    assert sorted(held) == sorted((model.measure.code, i) for model in models() for i in range(47))


def test_chunks_of_other_cases_code_or_seeds_are_not_taken_up(settings: Settings) -> None:
    folder = chunk_folder(settings, models(), REQUEST, "code")
    assert chunk_folder(settings, models(), StabilityRequest(500, REQUEST.seed), "code") == folder
    (folder / "old.json").write_text("[]")
    others = {
        chunk_folder(settings, models(), StabilityRequest(REQUEST.resamples, 4), "code"),
        chunk_folder(settings, models(), REQUEST, "other code"),
        chunk_folder(settings, stability_models(example_needs(299), [models()[0].measure]), REQUEST, "code"),
    }
    assert folder not in others
    assert len(others) == 3
    assert [path.name for path in stability_folder(settings).iterdir()] != []
    assert not folder.exists()


def test_chunks_lie_in_a_restricted_folder(settings: Settings) -> None:
    folder = chunk_folder(settings, models(), REQUEST, "code")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_stage_reads_what_was_asked_for(settings: Settings) -> None:
    assert read_request(settings) == StabilityRequest()
    write_request(settings, REQUEST)
    assert read_request(settings) == REQUEST
    assert stage_inputs(settings, "stepwise_stability") == {"resamples": REQUEST.resamples, "seed": REQUEST.seed}
    (stability_folder(settings) / "request.json").write_text("{")
    assert read_request(settings) == StabilityRequest()


@pytest.mark.parametrize(("resamples", "seed"), [(0, 1), (-5, 1), (10, -1)])
def test_a_request_that_cannot_be_met_is_refused_in_words(resamples: int, seed: int) -> None:
    with pytest.raises(PipelineError, match="--resamples of 1 or more"):
        StabilityRequest(resamples, seed)


def test_a_process_ended_from_outside_stops_the_run_in_words_and_what_was_finished_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.stability.selections.select_from_resamples", _select_and_die)
    with pytest.raises(PipelineError, match="ended from outside"):
        run_selections(models(), REQUEST, tmp_path, 1, lambda _line: None)
    assert [path.name for path in tmp_path.iterdir()] == [chunks_of(models(), REQUEST.resamples)[0].name]
    monkeypatch.undo()
    assert run_selections(models(), REQUEST, tmp_path, 1, lambda _line: None) == expected()


def _select_and_die(model: StabilityModel, seed: int, numbers: range) -> list[Selection]:
    if model.measure.code == "delivery_ete":
        os._exit(9)
    return select_from_resamples(model, seed, numbers)
