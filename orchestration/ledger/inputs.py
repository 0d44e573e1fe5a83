"""What stages read from outside the warehouse, as it lies there now.

Belongs here: asking the function that a stage's declaration names. Not here: any file's place (`ingest/`, `storage/`).
"""

from importlib import import_module

from orchestration.ledger.stages import stage_named
from orchestration.settings import Settings


def stage_inputs(settings: Settings, name: str) -> object:
    """What the stage reads beside the stages it is built on, by hash and ready for JSON; None where it reads nothing.

    The function is found by its name, so that the ledger does not load what every stage reads for the sake of one.
    Raises PipelineError where what is read is not ready or cannot be used.
    """
    reads = stage_named(name).reads
    if not reads:
        return None
    module, _, function = reads.partition(":")
    return getattr(import_module(module), function)(settings, name)
