"""What stages read from outside the warehouse, as it lies there now.

Belongs here: the files a stage's fingerprint covers beside code and parameters. Not here: fingerprints (`stages.py`).
"""

from dataclasses import asdict

from orchestration.ingest.landing import check_landing, landing_files
from orchestration.ingest.overrides import OVERRIDES_FILE
from orchestration.ingest.reviews import review_files
from orchestration.ingest.truth import TRUTH_SOURCES, truth_file
from orchestration.linkage.second_opinion.scoring import splink_version
from orchestration.settings import OPTIONAL_SOURCES, SOURCES, Settings
from orchestration.stability.chunks import read_request
from orchestration.storage import fingerprints
from orchestration.storage.case_keys import read_or_make_key


def stage_inputs(settings: Settings, stage: str) -> object:
    """A source's files by name and hash, and whether they are synthetic; the hash of key or overrides; else None.

    Raises PipelineError where the landing folders are not ready or the key cannot be used.
    """
    if stage in (*SOURCES, *OPTIONAL_SOURCES):
        state = check_landing(settings.landing_dir)
        state.require_ready()
        files = landing_files(settings.landing_dir / stage)
        hashes = {path.name: fingerprints.of_file(path) for path in files}
        return {"files": hashes, "is_synthetic": state.is_synthetic}
    if stage == "linkage_quality":
        truths = {source: truth_file(settings.truth_dir, source) for source in TRUTH_SOURCES}
        return {source: fingerprints.of_file(path) for source, path in truths.items() if path.exists()}
    if stage == "linkage_review":
        return review_files(settings)
    if stage == "case_keys":
        read_or_make_key(settings.key_file)
        return fingerprints.of_file(settings.key_file)
    if stage == "linkage":
        overrides = settings.data_dir / OVERRIDES_FILE
        return fingerprints.of_file(overrides) if overrides.exists() else None
    if stage == "stepwise_stability":
        return asdict(read_request(settings))
    if stage == "second_opinion":
        return {"splink": splink_version()}
    return None
