"""The key that stands for a case where identifiers must not go.

Belongs here: the secret and the keyed hash. Not here: who may read the result (`linkage` schema only).
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

import duckdb
import pandas as pd

from orchestration.errors import PipelineError
from orchestration.settings import Settings
from orchestration.storage import fingerprints

KEY_BYTES = 32


def read_or_make_key(path: Path) -> bytes:
    """The data folder's secret, made on first use with mode 0600.

    Raises PipelineError where the file cannot be used: a silent new key would break every saved case_key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(KEY_BYTES))
    if path.stat().st_mode & 0o077:
        raise PipelineError("The key file can be read by others.", "Set its mode to 0600 (chmod 600).", str(path))
    try:
        key = bytes.fromhex(path.read_text().strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise PipelineError(
            "The key file does not hold a key of 64 hexadecimal digits.",
            "Restore it from a backup; delete it only if no saved work refers to case keys.",
            str(path),
        )
    return key


def key_in_use(settings: Settings, _stage: str) -> str:
    """Hash of the data folder's secret, made on first use. Raises PipelineError where it cannot be used."""
    read_or_make_key(settings.key_file)
    return fingerprints.of_file(settings.key_file)


def case_keys(case_ids: pd.Series, key: bytes) -> pd.DataFrame:
    """One row a case: case_id, case_key = HMAC-SHA-256(key, case_id) in hex (data contract, linkage.case_keys)."""
    digests = [hmac.new(key, case_id.encode(), hashlib.sha256).hexdigest() for case_id in case_ids]
    return pd.DataFrame({"case_id": case_ids.to_numpy(), "case_key": pd.array(digests, dtype="str")})


def read_cases(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """marts.cases in the order of case_id, which the frame does not hold.

    The mart lies in no order that tells one case from another, and each data folder has keys of its own. Sums and
    seeded draws depend on the order in their last digits, so the methods are given one that depends on the extracts.
    """
    return connection.execute(
        "select cases.* from marts.cases as cases join linkage.case_keys as keys using (case_key) order by keys.case_id"
    ).df()
