"""A release for people outside: made beside the exact one, read by a checker, and public once she has said yes.

    candidates/<release>/release/        what would go out
    candidates/<release>/report.md       what was kept back, and the proof; kept_back.csv: every cell
    candidates/<release>/candidate.json  what the yes is for
    candidates/<release>/approval.json   the yes: who, when, why
    public/                              like published/, of approved releases

Belongs here: making a candidate, and putting an approved one in its place. Not here: what must be kept back
(`disclosure/`), what a release holds (`building.py`).
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from orchestration.disclosure.bounds import true_values
from orchestration.disclosure.claims import Claim
from orchestration.disclosure.differencing import differences, same_people
from orchestration.disclosure.protection import Protected, claims_of, protect
from orchestration.disclosure.report import kept_back, report
from orchestration.disclosure.suppression import Rule
from orchestration.disclosure.telling import AsPrinted, Rounded, Telling
from orchestration.errors import PipelineError
from orchestration.publications.shared.csv_tables import write_csv
from orchestration.publications.shared.release_facts import PUBLIC, ReleaseFacts
from orchestration.releases.building import DATABASE, build_release
from orchestration.releases.comparing import read_manifest
from orchestration.releases.figures_told import FIGURES_TOLD
from orchestration.releases.publishing import MANIFEST, find_release, latest_release, open_to_all, publish, releases
from orchestration.settings import Settings
from orchestration.storage import files, fingerprints, progress

RELEASE, REPORT, CELLS = "release", "report.md", "kept_back.csv"
CANDIDATE, APPROVAL = "candidate.json", "approval.json"
_AS_FEW_AS_CAN_BE_NAMED = 12


@dataclass(frozen=True)
class Out:
    """A release that readers have: its told numbers, and how they are told."""

    name: str
    claims: tuple[Claim, ...]
    telling: Telling
    rounding: int


def make_candidate(settings: Settings, name: str, processes: int | None = None) -> Path:
    """The candidate of a published release, complete, with its report; one made before is replaced.

    `processes`: see `building.build_release`.
    Raises PipelineError where what is kept back could be worked out from the release alone or beside one that is out.
    """
    source, rule = find_release(settings.published_dir, name), _rule(settings)
    exact, out = _tables(source), [_read_out(settings.public_dir / other) for other in releases(settings.public_dir)]
    progress.say("keeping back what could tell of few people")
    protected = _protected(exact, settings, rule, [each for each in out if each.name != source.name])
    folder = settings.candidates_dir / source.name
    incoming = folder.with_name(f".{folder.name}")
    shutil.rmtree(incoming, ignore_errors=True)
    files.make_private_folder(incoming / RELEASE, settings.candidates_dir)
    previous, facts = latest_release(settings.public_dir), _facts(source, settings)
    build_release(incoming / RELEASE, protected.tables, facts, previous, processes)
    (incoming / REPORT).write_text(
        report(source.name, exact, protected, rule, [each.name for each in out]), encoding="utf-8"
    )
    write_csv(kept_back(protected), incoming / CELLS)
    stated = {"manifest": fingerprints.of_file(incoming / RELEASE / MANIFEST), "beside": [each.name for each in out]}
    files.write_private_file(incoming / CANDIDATE, json.dumps(stated, indent=2).encode())
    shutil.rmtree(folder, ignore_errors=True)
    incoming.rename(folder)
    return folder


def approve(settings: Settings, name: str, by: str, reason: str) -> Path:
    """Record the checker's yes, and make the candidate public: `public/latest` points at it from now on.

    Raises PipelineError where there is no such candidate, the yes has no name or reason, or it would be for other data
    than the checker read: a file that was changed, or a release that went out since.
    """
    folder = settings.candidates_dir / name
    if not name or not (folder / CANDIDATE).is_file():
        there = sorted(path.parent.name for path in settings.candidates_dir.glob(f"*/{CANDIDATE}"))
        raise PipelineError(
            problem=f"There is no candidate '{name}'." if name else "No candidate was named.",
            remedy=f"Candidates: {', '.join(there)}." if there else "make release makes one of the latest release.",
            where=str(settings.candidates_dir),
        )
    if not by.strip() or not reason.strip():
        raise PipelineError(
            problem="A yes needs who gives it, and why: others will ask.",
            remedy=f'Say both: make approve RELEASE={name} BY="..." REASON="...".',
            where=str(folder),
        )
    _require_as_read(folder, releases(settings.public_dir))
    yes = {"by": by, "reason": reason, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    stated = json.loads((folder / CANDIDATE).read_text(encoding="utf-8"))
    published = publish(settings.public_dir, name, lambda target: _copy_for_all(folder / RELEASE, target))
    open_to_all(settings.public_dir)
    files.write_private_file(folder / APPROVAL, json.dumps(yes | stated, indent=2).encode())
    return published


def _require_as_read(folder: Path, out: Sequence[str]) -> None:
    stated = json.loads((folder / CANDIDATE).read_text(encoding="utf-8"))
    manifest = folder / RELEASE / MANIFEST
    listed = json.loads(manifest.read_text(encoding="utf-8"))["files"] if manifest.is_file() else {}
    changed = [file for file, digest in listed.items() if not _is(folder / RELEASE / file, digest)]
    if not _is(manifest, stated["manifest"]) or changed:
        raise PipelineError(
            problem=f"This is not what was read: {', '.join(sorted(changed)[:3]) or MANIFEST} was changed since.",
            remedy="Make the candidate again (make release) and read it again.",
            where=str(folder),
        )
    if list(out) != stated["beside"]:
        raise PipelineError(
            problem="Another release went out since this candidate was made, and it was not compared with it.",
            remedy="Make the candidate again (make release) and read it again.",
            where=str(folder),
        )


def _is(path: Path, digest: str) -> bool:
    return path.is_file() and fingerprints.of_file(path) == digest


def _copy_for_all(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True)
    open_to_all(target)


def _rule(settings: Settings) -> Rule:
    return Rule(settings.disclosure.disclosure_threshold, settings.disclosure.disclosure_width)


def _protected(exact: dict[str, pd.DataFrame], settings: Settings, rule: Rule, out: Sequence[Out]) -> Protected:
    rounding = settings.disclosure.disclosure_rounding
    alone = protect(exact, FIGURES_TOLD, rule, rounding)
    same = [each for each in out if same_people(alone.told, alone.telling, each.claims, each.telling)]
    for each in same:
        if each.rounding != rounding:
            raise PipelineError(
                problem=f"The release {each.name} is out on the same records with counts "
                f"{f'rounded to {each.rounding}' if each.rounding else 'as they are'}: both together would tell more.",
                remedy=f"Set PROBATION_DISCLOSURE_ROUNDING={each.rounding}.",
            )
    known = [claim for each in same for claim in each.claims]
    tells_estimates = not rounding or len(same) == len(out)
    if known or not tells_estimates:
        protected = protect(exact, FIGURES_TOLD, rule, rounding, known, tells_estimates)
    else:
        protected = alone
    _refuse(
        "could be worked out from the release all the same",
        [str(each) for each in protected.suppression.exposed],
    )
    for each in out:
        given_away = differences(protected.told, protected.telling, each.claims, each.telling, rule)
        _refuse(f"could be found by subtracting the release {each.name}, which is out", [str(d) for d in given_away])
    return protected


def _refuse(how: str, groups: Sequence[str]) -> None:
    if not groups:
        return
    named = "; ".join(groups[:_AS_FEW_AS_CAN_BE_NAMED])
    more = len(groups) - _AS_FEW_AS_CAN_BE_NAMED
    raise PipelineError(
        problem=f"{len(groups)} small groups {how}: {named}{f'; and {more} more' if more > 0 else ''}.",
        remedy="Round counts (PROBATION_DISCLOSURE_ROUNDING=5), or wait until more cases have changed, or keep a table "
        "back (`leaving` of its declaration in orchestration/tables). Nothing was made.",
    )


def _tables(release: Path) -> dict[str, pd.DataFrame]:
    """The results tables of a release folder, typed."""
    with duckdb.connect(str(release / DATABASE), read_only=True) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables "
            "where table_schema = 'results' and table_type = 'BASE TABLE'"
        ).fetchall()
        return {name: connection.execute(f'select * from results."{name}"').df() for (name,) in names}


def _read_out(release: Path) -> Out:
    claims = tuple(claims_of(_tables(release), FIGURES_TOLD))
    rounding = int(read_manifest(release).get("disclosure", {}).get("disclosure_rounding", 0))
    return Out(release.name, claims, Rounded(rounding, true_values(claims)) if rounding else AsPrinted(), rounding)


def _facts(source: Path, settings: Settings) -> ReleaseFacts:
    """What is told of where the release comes from: no file, no number of records on the way."""
    manifest: dict[str, Any] = read_manifest(source)
    return ReleaseFacts(
        release=source.name,
        created_at=datetime.fromisoformat(manifest["created_at"]),
        is_synthetic=manifest["is_synthetic"],
        inputs=[],
        code_version=manifest["code_version"],
        packages=manifest["packages"],
        parameters=manifest["parameters"],
        fingerprints={"release": manifest["fingerprints"]["release"]},
        profile=PUBLIC,
        disclosure=settings.disclosure.model_dump(),
        contact=settings.imprint.contact,
    )
