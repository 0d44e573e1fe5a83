"""Names of the jobs, and the asset groups each covers, from the stages' declarations; cheap to import."""

from orchestration.ledger.stage import STEPS
from orchestration.ledger.stages import STAGES, lineage
from orchestration.tables.bulletins import BULLETIN_2020, BULLETIN_2023

# Everything that a release holds; what is made when asked for is left out.
BULLETIN_JOB = "bulletins"
SECOND_OPINION_JOB = "second_opinion"
STABILITY_JOB = "stability"
BULLETIN_JOBS = {BULLETIN_2023: "bulletin_2023_04", BULLETIN_2020: "bulletin_2020_03"}
# Reference tables are loaded with the layer that first reads them.
REFERENCE_GROUP = "reference"


def _groups(stages: list[str]) -> list[str]:
    groups = dict.fromkeys(STAGES[name].group for name in stages)
    return [*groups, REFERENCE_GROUP] if "staging" in groups else [*groups]


# Step -> the groups of its stages.
STEP_GROUPS = {step: _groups([name for name, stage in STAGES.items() if stage.step == step]) for step in STEPS}
# Group and job of what is made when asked for.
ASKED_FOR_GROUPS = _groups([name for name, stage in STAGES.items() if stage.is_asked_for])
# Bulletin's job -> the groups of all that its tables rest on.
BULLETIN_GROUPS = {
    job: _groups(
        [
            name
            for part in STAGES.values()
            if part.publishes and part.bulletin == bulletin
            for name in lineage(part.name)
        ]
    )
    for bulletin, job in BULLETIN_JOBS.items()
}
