"""The files behind a stage: one line is changed in every source file in turn, and just what rests on it is due."""

import shutil
from collections.abc import Iterator
from functools import cache
from modulefinder import ModuleFinder
from pathlib import Path

import pytest

from orchestration.dbt.layers import manifest_path
from orchestration.ledger.code import DECLARATIONS, files_reached
from orchestration.ledger.current import files_of_stage
from orchestration.ledger.stages import STAGES, lineage
from orchestration.releases.parts import PARTS
from orchestration.settings import PROJECT_DIR
from orchestration.storage import fingerprints
from tests.conftest import settings_for

SOURCES = ("orchestration", "expectations", "dbt_project")
COMMENTS = {".py": "\n# changed\n", ".sql": "\n-- changed\n", ".yml": "\n# changed\n", ".toml": "\n# changed\n"}
# Modules that make more than one stage: what another function of theirs imports is no code of this one.
SHARED = {"extracts", "dbt_layers", "bulletin_2023_04", "bulletin_2020_03", "gates"}
RELEASE_RESTS_ON = {name for part in PARTS if not part.is_asked_for for name in lineage(part.name)}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory) -> Path:
    return manifest_path(settings_for(tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("copy")
    for name in SOURCES:
        shutil.copytree(PROJECT_DIR / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "target", "logs"))
    return root


@pytest.fixture(scope="module")
def found(manifest, copy) -> dict[str, frozenset[Path]]:
    return {name: files_of_stage(stage, manifest, copy) for name, stage in STAGES.items()}


def _due(changed: set[str]) -> set[str]:
    """The stages that are done again where these have other code."""
    due = {name for name in STAGES if changed & set(lineage(name))}
    return due | {"release"} if due & RELEASE_RESTS_ON else due


def _source_files(root: Path) -> list[Path]:
    return sorted(path.relative_to(root) for name in SOURCES for path in (root / name).rglob("*") if path.is_file())


@cache
def _imported_from(entry: str, root: Path) -> set[Path]:
    """Every module of the project that an entry's module may import, by Python's own module finder."""
    # a declaration counts by what it says of its own stage, so that nothing is followed through all of them
    finder = ModuleFinder(path=[str(root)], excludes=[DECLARATIONS])
    module = entry.partition(":")[0]
    finder.import_hook(module)
    finder.load_file(str(root / (module.replace(".", "/") + ".py")))
    files = {Path(found.__file__) for found in finder.modules.values() if found.__file__}
    return {file.relative_to(root) for file in files if file.is_relative_to(root)}


def test_a_line_changed_in_any_file_makes_just_what_rests_on_it_due(copy, manifest, found):
    """What rests on a file is looked for anew in one file of each kind: a remark in a file moves no import."""
    files = _source_files(copy)
    hashes = {file: fingerprints.of_file(copy / file) for file in files}
    as_found = {name: sorted(files) for name, files in found.items()}
    before = {name: [hashes[file] for file in ordered] for name, ordered in as_found.items()}
    wrong, kinds = {}, set[tuple[str, str]]()
    for file in files:
        path, text = copy / file, (copy / file).read_bytes()
        path.write_bytes(text + COMMENTS.get(file.suffix, "\n").encode())
        kind = file.parts[0], file.suffix
        looked_for_anew = kind not in kinds
        kinds.add(kind)
        sets = as_found
        if looked_for_anew:
            sets = {n: sorted(files_of_stage(stage, manifest, copy)) for n, stage in STAGES.items()}
        edited = hashes | {file: fingerprints.of_file(path)}
        path.write_bytes(text)
        after = {name: [edited[one] for one in sets[name]] for name in STAGES}
        changed = _due({name for name in STAGES if before[name] != after[name]})
        expected = _due({name for name in STAGES if file in found[name]})
        if changed != expected:
            wrong[file] = changed ^ expected
    assert wrong == {}


@pytest.mark.parametrize(
    "name", [name for name, stage in STAGES.items() if stage.made_by.split(":")[0].split(".")[-1] not in SHARED]
)
def test_the_modules_found_are_those_that_python_finds(name, copy, found):
    stage = STAGES[name]
    entries = [entry for entry in (stage.made_by, stage.reads, stage.judged_by) if entry]
    expected = {file for entry in entries for file in _imported_from(entry, copy)}
    assert {file for file in found[name] if file.suffix == ".py"} == expected


@pytest.mark.parametrize("name", STAGES)
def test_no_stage_rests_on_a_module_that_python_does_not_find(name, copy, found):
    stage = STAGES[name]
    entries = [entry for entry in (stage.made_by, stage.reads, stage.judged_by) if entry]
    possible = {file for entry in entries for file in _imported_from(entry, copy)}
    assert {file for file in found[name] if file.suffix == ".py"} <= possible


def _downstream(*names: str) -> set[str]:
    return _due(set(names))


@pytest.mark.parametrize(
    ("file", "due"),
    [
        ("expectations/needs.py", {"needs_gate", "release"}),
        ("expectations/publication.py", {"publication_gate", "release"}),
        ("expectations/linkage.py", _downstream("linkage_gate")),
        ("expectations/terminations.py", _downstream("terminations")),
        ("expectations/ratings.py", _downstream("ratings")),
        ("orchestration/linkage/linking.py", _downstream("linkage")),
        ("orchestration/linkage/sensitivity.py", {"linkage_sensitivity", "release"}),
        ("orchestration/defs/assets/linkage_sensitivity.py", {"linkage_sensitivity", "release"}),
        ("orchestration/defs/assets/bulletin_2023_04.py", _downstream("models", "tables")),
        ("orchestration/methods/bulletin_2020_03/counts.py", {"needs_tables", "needs_gate", "release"}),
        ("orchestration/methods/linkage/bias/weights.py", {"linkage_bias", "robustness", "release"}),
        ("orchestration/methods/robustness/strengths.py", {"robustness", "release"}),
        ("orchestration/methods/bulletin_2020_03/stability.py", {"stepwise_stability"}),
        ("orchestration/linkage/probabilistic/model.py", _downstream("probable_pairs", "second_opinion")),
        ("orchestration/linkage/second_opinion/agreement.py", {"second_opinion"}),
        ("orchestration/storage/warehouse.py", set(STAGES)),
        ("orchestration/ledger/stages.py", set()),
        ("orchestration/tables/linkage_bias.py", {"linkage_bias", "robustness", "release"}),
        ("orchestration/commands/summary.py", set()),
        ("orchestration/definitions.py", set()),
        ("orchestration/synthetic/profile.py", set()),
        ("dbt_project/models/linkage/decisions.sql", _downstream("linkage")),
        ("dbt_project/models/marts/cases.sql", _downstream("marts")),
        ("dbt_project/models/marts/cases__unit_tests.yml", set()),
        ("dbt_project/macros/band.sql", _downstream("marts")),
        ("dbt_project/seeds/codes/match_rules.csv", _downstream("probable_pairs")),
        ("dbt_project/seeds/codes/termination_reasons.csv", _downstream("marts")),
        ("dbt_project/seeds/codes/bands.csv", _downstream("marts")),
        ("dbt_project/seeds/codes/titles.csv", _downstream("staging")),
        ("dbt_project/seeds/codes/accepted_labels.csv", _downstream("inspections")),
        ("dbt_project/seeds/codes/termination_codes.csv", _downstream("inspections")),
        ("dbt_project/seeds/codes/accepted_headers.csv", _downstream("inspections")),
        ("dbt_project/tests/matches_respect_the_window.sql", _downstream("linkage")),
        ("dbt_project/tests/bands_do_not_overlap.sql", _downstream("marts")),
    ],
)
def test_what_is_due_when_one_file_changes(file, due, found):
    assert (PROJECT_DIR / file).is_file()
    assert _due({name for name, files in found.items() if Path(file) in files}) == due


def test_what_python_leaves_beside_a_module_is_no_code(manifest):
    """A checkout in which something has run has the code of one in which nothing has."""
    files = {file for stage in STAGES.values() for file in files_of_stage(stage, manifest)}
    assert [file for file in files if file.suffix == ".pyc"] == []


def test_templates_and_lists_beside_a_module_belong_to_it(found):
    template = Path("orchestration/publications/pages/templates")
    assert {name for name, files in found.items() if any(file.is_relative_to(template) for file in files)} == {
        "release"
    }


# Of rooms that stages rest on: what is asked before anything is delivered, and what a process does before it runs one.
BEFORE_ANY_STAGE = {
    Path("orchestration/ingest/contract_check.py"),
    *(Path(f"orchestration/storage/{name}.py") for name in ("backups", "room", "shell", "stopping")),
}


def test_rooms_that_move_no_number_are_few(copy, found):
    """A module that no stage rests on is for what people type, for Dagster alone, or makes synthetic extracts."""
    used = set().union(*found.values())
    free = {file for file in _source_files(copy) if file.suffix == ".py" and file not in used} - BEFORE_ANY_STAGE
    assert {_room(file) for file in free} == {
        "orchestration", "orchestration/analysis_files", "orchestration/commands", "orchestration/dbt",
        "orchestration/defs", "orchestration/defs/assets", "orchestration/defs/triggers", "orchestration/disclosure",
        "orchestration/ingest", "orchestration/ledger",
        "orchestration/linkage/explaining", "orchestration/linkage/review", "orchestration/methods/sampling",
        "orchestration/methods/simulation", "orchestration/releases", "orchestration/samples",
        "orchestration/service", "orchestration/simulation", "orchestration/synthetic",
    }  # fmt: skip


def _room(file: Path) -> str:
    parent = file.parent.as_posix()
    return "orchestration/synthetic" if parent.startswith("orchestration/synthetic") else parent


@pytest.fixture
def small_project(tmp_path) -> Path:
    files = {
        "orchestration/__init__.py": "import os\n",
        "orchestration/makers.py": "from orchestration import used\nfrom orchestration.other import helper\n"
        "LIMIT = used.LIMIT\n\n\ndef first():\n    return LIMIT\n\n\ndef second():\n    return helper()\n\n\n"
        "def third():\n    from orchestration.deferred import work\n\n    return work()\n",
        "orchestration/used.py": "LIMIT = 1\n",
        "orchestration/other.py": "import typing\n\n\ndef helper():\n    return 0\n",
        "orchestration/deferred/__init__.py": "def work():\n    return open('reasons.csv'), open('words.toml')\n",
        "orchestration/deferred/words.toml": "",
        "orchestration/deferred/others.toml": "",
        "dbt_project/seeds/codes/reasons.csv": "a\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("function", "files"),
    [
        ("first", {"orchestration/used.py"}),
        ("second", {"orchestration/other.py"}),
        ("third", {"orchestration/deferred/__init__.py", "orchestration/deferred/words.toml",
                   "dbt_project/seeds/codes/reasons.csv"}),
    ],
)  # fmt: skip
def test_a_function_rests_on_what_it_uses_and_not_on_its_neighbours(function, files, small_project):
    own = {"orchestration/__init__.py", "orchestration/makers.py"}
    assert files_reached([f"orchestration.makers:{function}"], small_project) == {Path(name) for name in own | files}


def test_an_entry_that_does_not_exist_is_named(small_project):
    for entry in ("orchestration.makers:fourth", "orchestration.gone:first"):
        with pytest.raises(ValueError, match=f"There is no {entry} in the project"):
            files_reached([entry], small_project)


def files_named() -> Iterator[str]:
    return (entry for stage in STAGES.values() for entry in (stage.made_by, stage.reads, stage.judged_by) if entry)


@pytest.mark.parametrize("entry", sorted(set(files_named())))
def test_every_declared_function_exists(entry):
    assert files_reached([entry], PROJECT_DIR)
