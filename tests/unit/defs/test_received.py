"""What stages read from outside, as assets."""

import warnings

from orchestration.defs.assets.received import received_assets
from orchestration.ledger.stages import STAGES


def test_every_stage_that_reads_has_its_asset_and_nothing_is_said_of_it_on_the_terminal():
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assets = received_assets()
    assert len(assets) == sum(bool(stage.reads) for stage in STAGES.values())
    assert [str(warning.message) for warning in said] == []
