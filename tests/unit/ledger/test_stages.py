"""What a stage depends on, and that a change in any of it does the stage again."""

import pytest

from orchestration.errors import PipelineError
from orchestration.ledger.stages import STAGES, expected_fingerprint, lineage
from orchestration.releases.parts import PARTS, made_from, standing_parts
from orchestration.settings import DBT_DIR, OPTIONAL_SOURCES, Parameters

# Done when asked for, and no release waits for it.
ASKED_FOR = {part.stage for part in PARTS if part.is_made_when_asked}
RELEASED = {stage for part in PARTS if not part.is_made_when_asked for stage in lineage(part.stage)} | {"release"}
# Inputs that the linkage does not read.
OPTIONAL = set(OPTIONAL_SOURCES) & RELEASED


def _done(parameters: Parameters, inputs: dict[str, object]) -> dict[str, str]:
    recorded: dict[str, str] = {}
    for part in PARTS:
        for name in lineage(part.stage):
            recorded[name] = expected_fingerprint(name, recorded, parameters, inputs.get(name))
    parts = standing_parts(recorded, inputs, parameters)
    assert parts == PARTS
    release = expected_fingerprint("release", recorded, parameters, made_from(parts, recorded))
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


def test_a_part_made_from_older_extracts_does_not_stand():
    recorded = _done(Parameters(), {})
    assert standing_parts(recorded, {"reoffending": {"files": {"b.csv": "1"}}}, Parameters()) == ()


def test_a_new_extract_does_everything_after_it_again():
    before, after = _done(Parameters(), {}), _done(Parameters(), {"reoffending": {"files": {"b.csv": "1"}}})
    assert _changed(before, after) == RELEASED - {"inspections", "terminations"} - OPTIONAL


def test_new_inspections_have_the_other_extracts_judged_again_for_they_must_cover_them():
    before, after = _done(Parameters(), {}), _done(Parameters(), {"inspections": {"files": {"b.csv": "1"}}})
    assert _changed(before, after) == RELEASED


@pytest.mark.parametrize(
    ("stage", "file"),
    [
        ("inspections", "seeds/codes/report_months.csv"),
        ("staging", "tests/bands_do_not_overlap.sql"),
        ("staging", "seeds/codes/bands.csv"),
        ("linkage", "seeds/codes/match_rules.csv"),
    ],
)
def test_a_file_that_a_stage_reads_belongs_to_its_code(stage, file):
    path = DBT_DIR / file
    assert path.is_file()
    assert any(path == code or path.is_relative_to(code) for code in STAGES[stage].code)


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"match_window_days": 10}, {"inspections", "terminations", "reoffending", *OPTIONAL, "staging", "case_keys"}),
        ({"minimum_cell": 5}, RELEASED - {"release"}),
        ({"sample_confidence": 0.95}, RELEASED - {"sample_design", "release"}),
        ({"sample_margin": 0.03}, RELEASED - {"sample_design", "release"}),
        ({"weight_percentile_low": 0.0}, RELEASED - {"linkage_bias", "release"}),
        ({"weight_percentile_high": 95.0}, RELEASED - {"linkage_bias", "release"}),
        (
            {"match_rate_low": 10.0},
            {"inspections", "terminations", "reoffending", *OPTIONAL, "staging", "case_keys", "linkage"},
        ),
        (
            {"significance_level": 0.01},
            {*lineage("marts"), *OPTIONAL, "linkage_overrides", "linkage_quality", "linkage_review"},
        ),
    ],
    ids=[
        "window",
        "minimum cell",
        "confidence of a sample",
        "margin of a sample",
        "lower percentile of weights",
        "upper percentile of weights",
        "match rate band",
        "significance level",
    ],
)
def test_a_parameter_reaches_just_the_stages_it_can_move(change, kept):
    before, after = _done(Parameters(), {}), _done(Parameters(**change), {})
    assert RELEASED - _changed(before, after) == kept


def test_a_stage_without_what_it_rests_on_is_refused():
    with pytest.raises(PipelineError, match="'staging' cannot be built: inspections, terminations, reoffending"):
        expected_fingerprint("staging", {}, Parameters())
