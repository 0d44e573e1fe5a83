"""The stages of a run, each declared once.

A stage is one step of the work whose outcome is kept in the warehouse: an extract read and judged, a layer of dbt, a
family of models. What it is called, what it rests on, what makes it and what it lets out stand here and nowhere else;
the ledger, the jobs, the parts of a release, the progress line and the UI are told from here.

Belongs here: declarations, importable at no cost. Not here: which files make a stage (`code.py`, which finds them) and
whether it is current (`current.py`).
"""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from orchestration.ledger.stage import STEPS, Stage
from orchestration.settings import ALL_SOURCES, OPTIONAL_SOURCES, ROADS, SOURCES, Parameters
from orchestration.tables.bulletins import BULLETIN_2020, BULLETIN_2023

ASSETS = "orchestration.defs.assets"
_COVERAGE = ("followup_months", "waiting_months")
_MEASURE = ("followup_months", "waiting_months", "followup_first_day")
_DELIVERY = (
    "delivery_rows_low",
    "missing_rise_high",
    "alike_rows_high",
    "unreadable_high",
    "dates_back_months",
    "one_value_rows",
)
_READ = {
    "inspections": "case assessments",
    "terminations": "sentence terminations",
    "reoffending": "reoffending records",
    "ratings": "provider ratings",
    "caseload": "caseload cases",
    "offences": "offences and their results",
}


def _source(name: str) -> Stage:
    """An extract: all but the first are judged by whether they cover what was inspected.

    Optional ones are done where nothing was delivered too, so that what rests on them knows.
    """
    return Stage(
        name,
        made_by=f"{ASSETS}.extracts:extract_asset",
        words=f"reading {_READ[name]}",
        built_on=() if name == "inspections" else ("inspections",),
        group="extracts",
        step="ingest",
        parameters=(f"rejected_share_{name}", *_DELIVERY, *(_COVERAGE if name in (*SOURCES, *ROADS) else ())),
        reads="orchestration.ingest.landing:delivered_files",
        gate=name,
        judged_by=f"expectations.{name}:GATE",
        counted={f"raw/parsed_{name}": f"{_READ[name]} read{' (optional)' if name in OPTIONAL_SOURCES else ''}"},
        loads=("orchestration.ingest.readers.bounded", "pyreadstat", "python_calamine"),
        is_restricted=True,
    )


def _study(name: str, words: str, built_on: tuple[str, ...], **facts: Any) -> Stage:
    """A study of the links, which is a part of a release by itself; its module, asset and tables have its name."""
    return Stage(
        name,
        made_by=f"{ASSETS}.{name}:{name}",
        words=words,
        built_on=built_on,
        group="linkage_studies",
        step="study",
        publishes=(f"{name}:{name.upper()}_TABLES",),
        **facts,
    )


_DECLARED = (
    *(_source(name) for name in ALL_SOURCES),
    Stage(
        "staging",
        made_by=f"{ASSETS}.dbt_layers:plain_layer",
        words="cleaning identifiers",
        built_on=tuple(dict.fromkeys((*SOURCES, *ROADS))),
        group="staging",
        step="link",
        parameters=("engine", "pnc_reference_year", *_MEASURE),
        layer="staging",
        is_restricted=True,
    ),
    Stage(
        "case_keys",
        made_by=f"{ASSETS}.case_keys:linkage_case_keys",
        words="giving each case its key",
        built_on=("staging",),
        group="linkage",
        step="link",
        reads="orchestration.storage.case_keys:key_in_use",
        is_restricted=True,
    ),
    Stage(
        "probable_pairs",
        made_by=f"{ASSETS}.probable_pairs:linkage_probable_pairs",
        words="asking Splink for pairs, where a rule does",
        built_on=("staging",),
        group="linkage",
        step="link",
        parameters=("probable_threshold",),
        reads="orchestration.linkage.probabilistic.probable_pairs:splink_asked_for",
        is_restricted=True,
    ),
    Stage(
        "linkage",
        made_by=f"{ASSETS}.linkage:linkage_layer",
        words="linking cases to records",
        built_on=("staging", "probable_pairs"),
        group="linkage",
        step="link",
        parameters=("engine", "match_window_days"),
        reads="orchestration.ingest.overrides:overrides_in_use",
        layer="linkage",
        counted={
            "linkage/eligible_cases": "cases to link, a row a source",
            "linkage/candidate_pairs": "pairs of a case and a record compared",
            "linkage/termination_matches": "cases matched to a termination",
            "linkage/reoffending_matches": "cases matched to reoffending records",
        },
        is_restricted=True,
        is_recorded=True,
    ),
    Stage(
        "linkage_gate",
        made_by=f"{ASSETS}.gates:linkage_gate",
        words="judging the links",
        built_on=("linkage",),
        group="linkage",
        step="link",
        parameters=("match_rate_low", "match_rate_high", "match_window_days"),
        gate="linkage",
        is_restricted=True,
    ),
    Stage(
        "marts",
        made_by=f"{ASSETS}.dbt_layers:plain_layer",
        words="recoding cases",
        built_on=("linkage_gate", "case_keys"),
        group="marts",
        step="link",
        parameters=("engine", *_MEASURE),
        layer="marts",
        counted={"marts/cases": "cases recoded"},
        is_restricted=True,
    ),
    Stage(
        "models",
        made_by=f"{ASSETS}.bulletin_2023_04:bulletin_models",
        words="fitting the models of 2023/04",
        built_on=("marts",),
        group="models",
        step="models",
        parameters=("significance_level",),
        bulletin=BULLETIN_2023,
        counted={"results/model_coefficients": "model coefficients estimated"},
    ),
    Stage(
        "tables",
        made_by=f"{ASSETS}.bulletin_2023_04:bulletin_tables",
        words="counting the tables of 2023/04",
        built_on=("models",),
        group="tables",
        step="models",
        parameters=("significance_level",),
        bulletin=BULLETIN_2023,
        counted={"results/annex_b": "cells of Annex B"},
    ),
    Stage(
        "publication_gate",
        made_by=f"{ASSETS}.gates:publication_gate",
        words="judging the results of 2023/04",
        built_on=("tables",),
        group="tables",
        step="models",
        gate="publication",
        publishes=("models:MODEL_TABLES", "annexes:ANNEX_TABLES"),
        bulletin=BULLETIN_2023,
    ),
    Stage(
        "needs_models",
        made_by=f"{ASSETS}.bulletin_2020_03:needs_models",
        words="selecting the models of 2020/03",
        built_on=("marts",),
        group="needs_models",
        step="models",
        parameters=("significance_level",),
        bulletin=BULLETIN_2020,
        counted={"results/stepwise_terms": "verdicts of stepwise selections"},
    ),
    Stage(
        "needs_tables",
        made_by=f"{ASSETS}.bulletin_2020_03:needs_tables",
        words="counting the tables of 2020/03",
        built_on=("needs_models", "ratings"),
        group="needs_tables",
        step="models",
        parameters=("significance_level",),
        bulletin=BULLETIN_2020,
        counted={"results/annex_c": "cells of Annex C"},
    ),
    Stage(
        "needs_gate",
        made_by=f"{ASSETS}.gates:needs_gate",
        words="judging the results of 2020/03",
        built_on=("needs_tables",),
        group="needs_tables",
        step="models",
        gate="needs",
        publishes=(
            "models:MODEL_TABLES",
            "needs:NEEDS_MODEL_TABLES",
            "needs:NEEDS_TABLES",
            "annexes:SHARED_ANNEX_TABLES",
        ),
        bulletin=BULLETIN_2020,
    ),
    _study(
        "linkage_overrides",
        "counting reviewers' overrides",
        ("linkage_gate",),
    ),
    _study(
        "linkage_quality",
        "judging the links against the truth",
        ("marts",),
        parameters=("match_window_days",),
        reads="orchestration.ingest.truth:truth_files",
        counted={"results/linkage_quality": "measures of how good the links are"},
        is_restricted=True,
        is_recorded=True,
    ),
    _study(
        "linkage_review",
        "reading clerical reviews",
        ("marts",),
        reads="orchestration.ingest.reviews:review_files",
        is_restricted=True,
        is_recorded=True,
    ),
    _study(
        "linkage_tiers",
        "telling how certain the links are",
        ("linkage_quality", "linkage_review"),
    ),
    _study(
        "linkage_bias",
        "comparing matched and unmatched cases",
        ("tables",),
        parameters=("significance_level", "weight_percentile_low", "weight_percentile_high"),
        counted={"results/match_bias": "comparisons of matched and unmatched cases"},
    ),
    _study(
        "linkage_sensitivity",
        "linking otherwise and fitting again",
        ("models",),
        parameters=("match_window_days", "significance_level"),
        counted={"results/sensitivity_ratios": "ratios under other linkage choices"},
        is_restricted=True,
    ),
    Stage(
        "robustness",
        made_by=f"{ASSETS}.robustness:robustness",
        words="asking what a referee would",
        built_on=("models", "linkage_bias"),
        group="robustness",
        step="study",
        parameters=("significance_level", "robustness_draws", "false_link_share"),
        publishes=("robustness:ROBUSTNESS_TABLES",),
        counted={"results/finding_checks": "checks of findings"},
        loads=("orchestration.methods.robustness.summary", "scipy.stats", "statsmodels.discrete.discrete_model"),
    ),
    Stage(
        "reoffence_types",
        made_by=f"{ASSETS}.reoffence_types:reoffence_types",
        words="telling reoffences apart",
        built_on=("marts",),
        group="robustness",
        step="study",
        parameters=("significance_level",),
        publishes=("reoffence_types:REOFFENCE_TYPE_TABLES",),
        is_left_out_empty=True,
    ),
    Stage(
        "sample_design",
        made_by=f"{ASSETS}.sample_design:sample_design",
        words="comparing samples with caseloads",
        built_on=("marts", "caseload"),
        group="sample_design",
        step="study",
        parameters=("significance_level", "sample_confidence", "sample_margin"),
        publishes=("sample_design:SAMPLE_TABLES",),
        counted={"results/sample_design": "providers' sample sizes"},
    ),
    Stage(
        "stepwise_stability",
        made_by=f"{ASSETS}.stepwise_stability:stepwise_stability",
        words="selecting from resamples",
        built_on=("needs_models",),
        group="stability",
        reads="orchestration.stability.chunks:request_in_use",
        publishes=("stepwise_stability:STEPWISE_STABILITY_TABLES",),
        counted={"results/stepwise_inclusion": "bootstrap inclusion frequencies"},
    ),
    Stage(
        "second_opinion",
        made_by=f"{ASSETS}.second_opinion:splink_second_opinion",
        words="training Splink on the same extracts",
        built_on=("linkage_gate",),
        group="second_opinion",
        parameters=("match_window_days",),
        reads="orchestration.linkage.probabilistic.scoring:splink_in_use",
        publishes=("second_opinion:SECOND_OPINION_TABLES",),
        counted={"results/second_opinion": "comparisons with Splink's links"},
        is_restricted=True,
    ),
    Stage(
        "release",
        made_by=f"{ASSETS}.release:bulletin_release",
        words="writing the release",
        group="publication",
        step="publish",
        parameters=tuple(Parameters.model_fields),
        counted={"published/release": "release published"},
        loads=(
            "orchestration.releases.building",
            "duckdb",
            "gptables",
            "jinja2",
            "matplotlib.backends.backend_agg",
            "matplotlib.backends.backend_svg",
            "odfdo",
        ),
        is_made_of_parts=True,
    ),
)


def _by_name(declared: tuple[Stage, ...]) -> dict[str, Stage]:
    """The declarations by name. Raises ValueError naming what one of them names that does not exist."""
    stages: dict[str, Stage] = {}
    for stage in declared:
        unknown = {
            "a stage that is not declared before it": [name for name in stage.built_on if name not in stages],
            "a parameter that there is not": [n for n in stage.parameters if n not in Parameters.model_fields],
            "a family of tables that there is not": _unknown(stage.publishes),
            "a step that there is not": [stage.step] if stage.step not in ("", *STEPS) else [],
            "a stage that is declared already": [stage.name] if stage.name in stages else [],
        }
        for what, names in unknown.items():
            if names:
                raise ValueError(f"The stage '{stage.name}' names {what}: {', '.join(names)}.")
        stages[stage.name] = stage
    return stages


def _unknown(families: Sequence[str]) -> list[str]:
    """Families without a module; what a module holds is asked for when its tables are."""
    return [family for family in families if find_spec(f"orchestration.tables.{family.partition(':')[0]}") is None]


STAGES: Mapping[str, Stage] = _by_name(_DECLARED)


def stage_named(name: str) -> Stage:
    """The stage of this name. Raises ValueError with the names there are."""
    if name not in STAGES:
        raise ValueError(f"There is no stage '{name}': {', '.join(STAGES)}.")
    return STAGES[name]


def parts() -> list[str]:
    """The stages that finish a part of a release and are done without being asked for."""
    return [name for name, stage in STAGES.items() if stage.is_part and not stage.is_asked_for]


def lineage(name: str) -> list[str]:
    """Every stage that `name` rests on, itself last."""
    found: list[str] = []
    for before in stage_named(name).built_on:
        found += [stage for stage in lineage(before) if stage not in found]
    return [*found, name]
