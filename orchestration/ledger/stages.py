"""The stages of a run, each declared once.

A stage is one step of the work whose outcome is kept in the warehouse: an extract read and judged, a layer of dbt, a
family of models. What it is called, what it rests on, what makes it and what it lets out stand here and nowhere else;
the ledger, the jobs, the parts of a release, the progress line and the UI are told from here.

Belongs here: declarations, importable at no cost. Not here: which files make a stage (`code.py`, which finds them) and
whether it is current (`current.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec

from orchestration.settings import OPTIONAL_SOURCES, SOURCES, Parameters
from orchestration.tables.bulletins import BULLETIN_2020, BULLETIN_2023
from orchestration.tables.table import Table

ASSETS = "orchestration.defs.assets"
# What a person asks for by name: `make ingest`, `make link` and so on, in the order of a run.
STEPS = ("ingest", "link", "models", "study", "publish")


@dataclass(frozen=True)
class Stage:
    """One stage.

    `made_by`: the function that makes it, as `module:function`; its code is found from there. `words`: what is being
    done, for the progress line. `built_on`: stages that must be done before. `group`: its assets' group in the UI.
    `step`: the command that does it; empty where it is done only when asked for by a command of its own. `parameters`:
    settings that can move its outcome. `reads`: a function (settings, stage name) that tells what the stage reads from
    outside the warehouse, by hash. `gate`, `judged_by`: the gate that must pass, and the suite behind it where
    `made_by` does not name it. `layer`: the dbt layer it builds. `writes`: its results tables, as families declared in
    `orchestration/tables` (`module:FAMILY`); `publishes`: the families it lets into a release, of `bulletin` where
    several bulletins share them. `counted`: asset -> words for the finished
    line. `is_restricted`: it handles identifiers, so that an unforeseen error is reported by its kind alone.
    `is_recorded`: what it reads is named in a release's manifest. `is_made_of_parts`: what it is built on is found when
    it is made: the parts that are current then.
    """

    name: str
    made_by: str
    words: str
    built_on: tuple[str, ...] = ()
    group: str = ""
    step: str = ""
    parameters: tuple[str, ...] = ()
    reads: str = ""
    gate: str = ""
    judged_by: str = ""
    layer: str = ""
    writes: tuple[str, ...] = ()
    publishes: tuple[str, ...] = ()
    bulletin: str = ""
    counted: Mapping[str, str] = field(default_factory=dict)
    is_restricted: bool = False
    is_recorded: bool = False
    is_made_of_parts: bool = False

    @property
    def written_tables(self) -> Mapping[str, Table]:
        """Its results tables by name."""
        return _tables(self.writes)

    @property
    def published_tables(self) -> Mapping[str, Table]:
        """The tables it lets into a release, by name."""
        return _tables(self.publishes)

    @property
    def is_part(self) -> bool:
        """Whether a release has a part that this stage finishes."""
        return bool(self.publishes)

    @property
    def has_assets(self) -> bool:
        """Whether it makes something, and is not a gate alone."""
        return not self.gate or bool(self.judged_by)

    @property
    def is_asked_for(self) -> bool:
        """Whether it is done only when asked for, so that no release waits for it."""
        return not self.step


def _tables(families: Sequence[str]) -> Mapping[str, Table]:
    """Tables of these families, by name. Found by the families' names, so that a stage does not rest on all of them."""
    found: dict[str, Table] = {}
    for family in families:
        module, _, name = family.partition(":")
        found |= getattr(import_module(f"orchestration.tables.{module}"), name)
    return found


_COVERAGE = ("followup_months", "waiting_months")
_READ = {
    "inspections": "case assessments",
    "terminations": "sentence terminations",
    "reoffending": "reoffending records",
    "ratings": "provider ratings",
    "caseload": "caseload cases",
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
        parameters=(f"rejected_share_{name}", *(_COVERAGE if name in SOURCES else ())),
        reads="orchestration.ingest.landing:delivered_files",
        gate=name,
        judged_by=f"expectations.{name}:GATE",
        counted={f"raw/parsed_{name}": f"{_READ[name]} read{'' if name in SOURCES else ' (optional)'}"},
        is_restricted=True,
    )


_DECLARED = (
    *(_source(name) for name in (*SOURCES, *OPTIONAL_SOURCES)),
    Stage(
        "staging",
        made_by=f"{ASSETS}.dbt_layers:plain_layer",
        words="cleaning identifiers",
        built_on=SOURCES,
        group="staging",
        step="link",
        parameters=("pnc_reference_year",),
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
        "linkage",
        made_by=f"{ASSETS}.linkage:linkage_layer",
        words="linking cases to records",
        built_on=("staging",),
        group="linkage",
        step="link",
        parameters=("match_window_days",),
        reads="orchestration.ingest.overrides:overrides_in_use",
        layer="linkage",
        counted={
            "linkage/match_records": "records that can meet a case",
            "linkage/candidate_pairs": "candidate pairs compared",
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
        writes=("models:MODEL_TABLES",),
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
        writes=("annexes:ANNEX_TABLES",),
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
        writes=("needs:NEEDS_MODEL_TABLES",),
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
        writes=("needs:NEEDS_TABLES",),
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
    Stage(
        "linkage_overrides",
        made_by=f"{ASSETS}.linkage_overrides:linkage_overrides",
        words="counting reviewers' overrides",
        built_on=("linkage_gate",),
        group="linkage_studies",
        step="study",
        writes=("linkage_overrides:LINKAGE_OVERRIDES_TABLES",),
        publishes=("linkage_overrides:LINKAGE_OVERRIDES_TABLES",),
    ),
    Stage(
        "linkage_quality",
        made_by=f"{ASSETS}.linkage_quality:linkage_quality",
        words="judging the links against the truth",
        built_on=("marts",),
        group="linkage_studies",
        step="study",
        parameters=("match_window_days",),
        reads="orchestration.ingest.truth:truth_files",
        writes=("linkage_quality:LINKAGE_QUALITY_TABLES",),
        publishes=("linkage_quality:LINKAGE_QUALITY_TABLES",),
        counted={"results/linkage_quality": "measures of how good the links are"},
        is_restricted=True,
        is_recorded=True,
    ),
    Stage(
        "linkage_review",
        made_by=f"{ASSETS}.linkage_review:linkage_review",
        words="reading clerical reviews",
        built_on=("marts",),
        group="linkage_studies",
        step="study",
        reads="orchestration.ingest.reviews:review_files",
        writes=("linkage_review:LINKAGE_REVIEW_TABLES",),
        publishes=("linkage_review:LINKAGE_REVIEW_TABLES",),
        is_restricted=True,
        is_recorded=True,
    ),
    Stage(
        "linkage_bias",
        made_by=f"{ASSETS}.linkage_bias:linkage_bias",
        words="comparing matched and unmatched cases",
        built_on=("tables",),
        group="linkage_studies",
        step="study",
        parameters=("significance_level", "weight_percentile_low", "weight_percentile_high"),
        writes=("linkage_bias:LINKAGE_BIAS_TABLES",),
        publishes=("linkage_bias:LINKAGE_BIAS_TABLES",),
        counted={"results/match_bias": "comparisons of matched and unmatched cases"},
    ),
    Stage(
        "linkage_sensitivity",
        made_by=f"{ASSETS}.linkage_sensitivity:linkage_sensitivity",
        words="linking otherwise and fitting again",
        built_on=("models",),
        group="linkage_studies",
        step="study",
        parameters=("match_window_days", "significance_level"),
        writes=("linkage_sensitivity:LINKAGE_SENSITIVITY_TABLES",),
        publishes=("linkage_sensitivity:LINKAGE_SENSITIVITY_TABLES",),
        counted={"results/sensitivity_ratios": "ratios under other linkage choices"},
        is_restricted=True,
    ),
    Stage(
        "sample_design",
        made_by=f"{ASSETS}.sample_design:sample_design",
        words="comparing samples with caseloads",
        built_on=("marts", "caseload"),
        group="sample_design",
        step="study",
        parameters=("significance_level", "sample_confidence", "sample_margin"),
        writes=("sample_design:SAMPLE_TABLES",),
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
        writes=("stepwise_stability:STEPWISE_STABILITY_TABLES",),
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
        reads="orchestration.linkage.second_opinion.scoring:splink_in_use",
        writes=("second_opinion:SECOND_OPINION_TABLES",),
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
            "a family of tables that there is not": _unknown((*stage.writes, *stage.publishes)),
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
