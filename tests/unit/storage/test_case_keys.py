"""Case keys: an HMAC that needs the key file, and a key file nobody else may read."""

import hashlib
import hmac
import os

import pandas as pd
import pytest

from orchestration.errors import PipelineError
from orchestration.storage.case_keys import case_keys, read_or_make_key


def test_the_key_is_made_once_and_private(tmp_path):
    path = tmp_path / ".keys" / "case_key"
    first = read_or_make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_or_make_key(path) == first


def test_keys_are_hmac_sha256_of_the_case_id():
    key = bytes(range(32))
    keys = case_keys(pd.Series(["A1", "007"]), key)
    assert keys["case_key"].tolist() == [hmac.new(key, i, hashlib.sha256).hexdigest() for i in (b"A1", b"007")]


def test_a_key_others_can_read_is_refused(tmp_path):
    path = tmp_path / "case_key"
    read_or_make_key(path)
    os.chmod(path, 0o644)
    with pytest.raises(PipelineError, match="can be read by others"):
        read_or_make_key(path)


@pytest.mark.parametrize("content", ["", "abc", "zz" * 32], ids=["empty", "short", "not hexadecimal"])
def test_a_damaged_key_is_never_replaced(tmp_path, content):
    path = tmp_path / "case_key"
    path.write_text(content)
    os.chmod(path, 0o600)
    with pytest.raises(PipelineError, match="64 hexadecimal"):
        read_or_make_key(path)
    assert path.read_text() == content
