"""What a stage depends on, and that a change in any of it does the stage again."""

from pathlib import Path

import pytest

from orchestration.errors import PipelineError
from orchestration.ledger.current import expected_fingerprint
from orchestration.ledger.stages import STAGES, lineage
from orchestration.releases.parts import PARTS, current_parts, made_from
from orchestration.settings import OPTIONAL_SOURCES, ROADS, SOURCES, Settings
from tests.conftest import settings_for

# Done when asked for, and no release waits for it.
ASKED_FOR = {part.name for part in PARTS if part.is_asked_for}
RELEASED = {stage for part in PARTS if not part.is_asked_for for stage in lineage(part.name)} | {"release"}
# Inputs that the linkage does not read.
OPTIONAL = set(OPTIONAL_SOURCES) & RELEASED
REQUIRED = {*SOURCES, *ROADS}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A data folder in which dbt's manifest is made once."""
    return tmp_path_factory.mktemp("ledger")


def _done(settings: Settings, inputs: dict[str, object]) -> dict[str, str]:
    recorded: dict[str, str] = {}
    for part in PARTS:
        for name in lineage(part.name):
            recorded[name] = expected_fingerprint(name, recorded, settings, inputs.get(name))
    parts = current_parts(recorded, inputs, settings)
    assert parts == PARTS
    release = expected_fingerprint("release", recorded, settings, made_from(parts, recorded))
    return {stage: recorded[stage] for stage in recorded if stage in RELEASED} | {"release": release}


def _changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


def test_every_stage_belongs_to_a_part_of_a_release():
    asked_for = {stage for name in ASKED_FOR for stage in lineage(name)}
    assert set(STAGES) - set(OPTIONAL_SOURCES) == (RELEASED | asked_for) - set(OPTIONAL_SOURCES)


@pytest.mark.parametrize("source", OPTIONAL_SOURCES)
def test_an_optional_source_is_judged_by_the_inspections_and_moves_no_required_stage(source):
    assert lineage(source) == ["inspections", source]
    required = {"inspections", "terminations", "reoffending", "staging", "linkage", "marts", "models", "tables"}
    assert not [stage for stage in required if source in lineage(stage)]


def test_a_part_made_from_older_extracts_is_not_current(folder):
    recorded = _done(settings_for(folder), {})
    assert current_parts(recorded, {"reoffending": {"files": {"b.csv": "1"}}}, settings_for(folder)) == ()


def test_a_new_extract_does_everything_after_it_again(folder):
    before, after = (
        _done(settings_for(folder), {}),
        _done(settings_for(folder), {"reoffending": {"files": {"b.csv": "1"}}}),
    )
    assert _changed(before, after) == RELEASED - {"inspections", "terminations", "offences"} - OPTIONAL


def test_new_inspections_have_the_other_extracts_judged_again_for_they_must_cover_them(folder):
    before, after = (
        _done(settings_for(folder), {}),
        _done(settings_for(folder), {"inspections": {"files": {"b.csv": "1"}}}),
    )
    assert _changed(before, after) == RELEASED


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"match_window_days": 10}, {*REQUIRED, *OPTIONAL, "staging", "case_keys", "probable_pairs"}),
        ({"probable_threshold": 0.9}, {*REQUIRED, *OPTIONAL, "staging", "case_keys"}),
        ({"followup_first_day": 1}, {*REQUIRED, *OPTIONAL}),
        ({"minimum_cell": 5}, RELEASED - {"release"}),
        ({"sample_confidence": 0.95}, RELEASED - {"sample_design", "release"}),
        ({"sample_margin": 0.03}, RELEASED - {"sample_design", "release"}),
        ({"weight_percentile_low": 0.0}, RELEASED - {"linkage_bias", "robustness", "release"}),
        ({"weight_percentile_high": 95.0}, RELEASED - {"linkage_bias", "robustness", "release"}),
        ({"robustness_draws": 9}, RELEASED - {"robustness", "release"}),
        ({"false_link_share": 0.02}, RELEASED - {"robustness", "release"}),
        (
            {"match_rate_low": 10.0},
            {*REQUIRED, *OPTIONAL, "staging", "case_keys", "probable_pairs", "linkage"},
        ),
        (
            {"significance_level": 0.01},
            {*lineage("marts"), *OPTIONAL, "linkage_overrides", "linkage_quality", "linkage_review", "linkage_tiers"},
        ),
    ],
    ids=[
        "window",
        "threshold of Splink's pairs",
        "first day of the follow-up",
        "minimum cell",
        "confidence of a sample",
        "margin of a sample",
        "lower percentile of weights",
        "upper percentile of weights",
        "draws of the robustness study",
        "share of false links",
        "match rate band",
        "significance level",
    ],
)
def test_a_parameter_reaches_just_the_stages_it_can_move(change, kept, folder):
    before, after = _done(settings_for(folder), {}), _done(settings_for(folder, **change), {})
    assert RELEASED - _changed(before, after) == kept


def test_a_stage_without_what_it_rests_on_is_refused(folder):
    with pytest.raises(PipelineError, match="'staging' cannot be built: inspections, terminations, reoffending"):
        expected_fingerprint("staging", {}, settings_for(folder))
