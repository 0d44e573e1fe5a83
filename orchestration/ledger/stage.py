"""What a stage is: the shape that every declaration fills.

Belongs here: that shape, and what follows from one declaration alone. Not here: any stage (`stages.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module

from orchestration.tables.table import Table

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
    `made_by` does not name it. `layer`: the dbt layer it builds. `publishes`: what it lets into a release, as families
    declared in `orchestration/tables` (`module:FAMILY`), of `bulletin` where several bulletins share them. `counted`:
    asset -> words for the finished line. `is_restricted`: it handles identifiers, so that an unforeseen error is
    reported by its kind alone. `loads`: modules that processes beside the run need for it, loaded once for all of them.
    `is_recorded`: what it reads is named in a release's manifest. `is_made_of_parts`: what it is built on is found when
    it is made: the parts that are current then. `is_left_out_empty`: where none of its tables has a row, as on a road
    that cannot fill them, a release holds none of them.
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
    publishes: tuple[str, ...] = ()
    bulletin: str = ""
    counted: Mapping[str, str] = field(default_factory=dict)
    loads: tuple[str, ...] = ()
    is_restricted: bool = False
    is_recorded: bool = False
    is_made_of_parts: bool = False
    is_left_out_empty: bool = False

    @property
    def published_tables(self) -> Mapping[str, Table]:
        """The tables it lets into a release, by name; found by their families, so that a stage rests on no other's."""
        found: dict[str, Table] = {}
        for family in self.publishes:
            module, _, name = family.partition(":")
            found |= getattr(import_module(f"orchestration.tables.{module}"), name)
        return found

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
