"""What the UI is told of the inputs: every stage that reads something has an asset that stands for it."""

from orchestration.definitions import build_definitions
from orchestration.defs.stage_runs import STAGE, received_key
from orchestration.ledger.stages import STAGES


def test_every_stage_that_reads_something_has_an_asset_for_it(finished_run):
    graph = build_definitions(finished_run).resolve_asset_graph()
    read = {name for name, stage in STAGES.items() if stage.reads}
    assert {key.path[1] for key in graph.get_all_asset_keys() if key.path[0] == "received"} == read
    for name in read:
        children = graph.get(received_key(name)).child_keys
        assert {graph.get(child).metadata.get(STAGE) for child in children} == {name}
