"""The published folder: complete releases, one pointer to the latest, withdrawals.

Belongs here: putting a finished release in its place at once, moving `latest`, marking releases withdrawn.
Not here: what a release holds (`building.py`).

    published/<release>/       immutable
    published/latest           a symbolic link to the newest release that is not withdrawn
    published/withdrawn.json   outside the immutable folders: which releases were withdrawn, when and why
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.errors import PipelineError, did_you_mean
from orchestration.storage import files
from orchestration.storage.locks import hold_lock

LATEST = "latest"
MANIFEST = "manifest.json"
WITHDRAWN = "withdrawn.json"
_BUILDING = ".building-"
_LOCK = ".publishing"
_RELEASE_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")


def publish(published_dir: Path, release: str, build: Callable[[Path], None]) -> Path:
    """Build a release out of sight, put it in place at once, then point `latest` at it.

    `build` fills the empty folder it is given. A reader sees the whole release or none of it; on any failure
    the published folder is as it was. Raises PipelineError where the release exists already, another run is
    publishing, or the folder cannot be written (a full disk included).
    """
    _check_name(release)
    with _explained(published_dir, "Nothing was published or changed."), _locked(published_dir):
        target = published_dir / release
        if target.exists():
            raise PipelineError(
                problem="This release exists already, and a release is never changed.",
                remedy="Publish under another name, or withdraw this release if it is wrong.",
                where=str(target),
            )
        building = published_dir / f"{_BUILDING}{release}"
        try:
            building.mkdir()
            build(building)
            files.seal(building)
            os.rename(building, target)
            _undo_unless(lambda: _point_latest(published_dir, release), target, building)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    return target


def withdraw(published_dir: Path, release: str, reason: str) -> Path | None:
    """Mark `release` withdrawn and move `latest` back to the newest release that is not; return that release.

    The release folder itself stays as it is. With no release left, `latest` is removed and None returned.
    Withdrawing twice keeps the first reason. Raises PipelineError where the release is not there or no reason is given.
    """
    target = find_release(published_dir, release)
    if release == LATEST:
        raise PipelineError(
            problem="A withdrawal names its release: 'latest' may be another one by then.",
            remedy=f'Say which: make withdraw RELEASE={target.name} REASON="...".',
        )
    if not reason.strip():
        raise PipelineError(
            problem="A withdrawal needs a reason: readers of the release will ask for it.",
            remedy=f'Say it: make withdraw RELEASE={release} REASON="...".',
            where=str(target),
        )
    with _explained(published_dir, "Then withdraw it again."), _locked(published_dir):
        withdrawn = read_withdrawn(published_dir)
        entry = {"reason": reason, "withdrawn_at": datetime.now(UTC).isoformat(timespec="seconds")}
        _write_withdrawn(published_dir, {release: entry} | withdrawn)
        return _refresh_latest(published_dir)


def open_to_all(folder: Path) -> None:
    """Make a folder of approved releases readable by everybody, of all folders of the project this one alone."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink() and not path.name.startswith("."):
            path.chmod(0o755 if path.is_dir() else 0o444)


def latest_release(published_dir: Path) -> Path | None:
    """The folder `latest` points at, or None where nothing is published or all is withdrawn."""
    link = published_dir / LATEST
    return published_dir / os.readlink(link) if link.is_symlink() and link.exists() else None


def find_release(published_dir: Path, name: str) -> Path:
    """The folder of the release of this name, or of the newest for `latest`.

    Raises PipelineError with the nearest name and all the releases there are.
    """
    found = latest_release(published_dir) if name == LATEST else published_dir / name
    names = releases(published_dir)
    if found is not None and found.name in names and name in (*names, LATEST):
        return found
    problem = f"There is no release '{name}'.{did_you_mean(name, names)}" if name else "No release was named."
    raise PipelineError(problem, list_of_releases(published_dir), str(published_dir))


def list_of_releases(published_dir: Path) -> str:
    """The releases there are, newest last, with `latest` and those withdrawn marked."""
    latest, withdrawn = latest_release(published_dir), read_withdrawn(published_dir)
    marks = {name: "  (withdrawn)" for name in withdrawn} | ({latest.name: "  (latest)"} if latest else {})
    lines = [f"  {name}{marks.get(name, '')}" for name in releases(published_dir)]
    if not lines:
        return (
            "Nothing is published yet: make bulletin makes a release, make release and make approve one that is public."
        )
    return "\n".join(["Releases:", *lines])


def release_fingerprint(release: Path) -> str:
    """The fingerprint of everything a release was made from, as its manifest records it.

    Raises PipelineError where the manifest is damaged.
    """
    return str(_manifest(release)["fingerprints"]["release"])


def made_at(release: Path) -> datetime:
    """When a release was made. Raises PipelineError where the manifest is damaged."""
    return datetime.fromisoformat(_manifest(release)["created_at"])


def engine_of(release: Path) -> str:
    """What cleaned and linked its records; releases made before there were two engines do not say so."""
    return _manifest(release).get("parameters", {}).get("engine", "duckdb")


def publications_of(release: Path) -> frozenset[str]:
    """Ids of the publications a release holds."""
    return frozenset(_manifest(release).get("publications", ()))


def releases(published_dir: Path) -> list[str]:
    """Names of the complete releases, oldest first (a name begins with its UTC time)."""
    if not published_dir.is_dir():
        return []
    return sorted(
        entry.name
        for entry in published_dir.iterdir()
        if not entry.is_symlink() and _RELEASE_NAME.fullmatch(entry.name) and (entry / MANIFEST).is_file()
    )


def read_withdrawn(published_dir: Path) -> dict[str, dict[str, str]]:
    """Withdrawn releases: name -> reason and time."""
    path = published_dir / WITHDRAWN
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _manifest(release: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((release / MANIFEST).read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise PipelineError(
            problem="The manifest of this release is damaged.",
            remedy="Restore the release from a backup, or move its folder away; the next run publishes anew.",
            where=str(release),
        ) from None


def _refresh_latest(published_dir: Path) -> Path | None:
    remaining = [name for name in releases(published_dir) if name not in read_withdrawn(published_dir)]
    if not remaining:
        (published_dir / LATEST).unlink(missing_ok=True)
        files.flush(published_dir)
        return None
    _point_latest(published_dir, remaining[-1])
    return published_dir / remaining[-1]


def _point_latest(published_dir: Path, release: str) -> None:
    """Swap the pointer: a new link beside the old one, then one atomic replace."""
    incoming = published_dir / f".{LATEST}-incoming"
    incoming.unlink(missing_ok=True)
    try:
        os.symlink(release, incoming, target_is_directory=True)
        files.put_in_place(incoming, published_dir / LATEST)
    finally:
        incoming.unlink(missing_ok=True)


def _undo_unless(step: Callable[[], None], target: Path, building: Path) -> None:
    """Run the last step; where it fails, take the release out of sight again (the caller removes it)."""
    try:
        step()
    except BaseException:
        if os.path.lexists(target) and _points_elsewhere(target):
            os.rename(target, building)
        raise


def _points_elsewhere(target: Path) -> bool:
    link = target.parent / LATEST
    return not link.is_symlink() or os.readlink(link) != target.name


def _write_withdrawn(published_dir: Path, withdrawn: dict[str, dict[str, str]]) -> None:
    content = json.dumps(withdrawn, indent=2, sort_keys=True) + "\n"
    files.write_file(published_dir / WITHDRAWN, content.encode())


def _locked(published_dir: Path) -> AbstractContextManager[object]:
    """Hold the folder for one writer."""
    refusal = PipelineError(
        problem="Another run is publishing into this folder.",
        remedy="Wait until it has finished, then try again.",
        where=str(published_dir),
    )
    return hold_lock(published_dir / _LOCK, lambda: refusal)


@contextmanager
def _explained(published_dir: Path, consequence: str) -> Iterator[None]:
    """Turn a failed write into words; the system's reason (no space, no permission) holds no data."""
    try:
        yield
    except OSError as error:
        raise PipelineError(
            problem=f"The published folder could not be written: {error.strerror or type(error).__name__}.",
            remedy=f"Free disk space or make the folder writable, then run again. {consequence}",
            where=str(published_dir),
        ) from error


def _check_name(release: str) -> None:
    if not _RELEASE_NAME.fullmatch(release) or release in (LATEST, WITHDRAWN):
        raise PipelineError(
            problem="This is not a release name: letters, digits, dots, dashes and underscores only.",
            remedy="Give the name of a folder under the published folder.",
            where=release,
        )
