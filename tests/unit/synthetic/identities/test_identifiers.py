"""PNC identifiers and CRNs: letters, spellings, and what no reader should accept."""

import re

import numpy as np
import pytest

from orchestration.synthetic.identities.identifiers import (
    PNC_FORMS,
    check_letter,
    draw_crns,
    draw_serials,
    write_malformed_crn,
    write_malformed_pnc,
    write_pnc,
)
from tests.unit.synthetic.short_linkage import valid_pnc


@pytest.mark.parametrize(
    ("year", "serial", "letter"),
    [
        pytest.param(2000, 23, "Z", id="no remainder is Z"),
        pytest.param(2000, 1, "A", id="remainder 1 is A"),
        pytest.param(2000, 22, "Y", id="remainder 22 is Y"),
        pytest.param(2000, 9, "J", id="I is left out"),
        pytest.param(2000, 14, "P", id="O is left out"),
        pytest.param(2000, 18, "U", id="S is left out"),
        pytest.param(1999, 1234567, "ZABCDEFGHJKLMNPQRTUVWXY"[991234567 % 23], id="the year takes part"),
    ],
)
def test_the_check_letter_is_the_remainder_by_23(year, serial, letter):
    assert check_letter(np.array([year]), np.array([serial]))[0] == letter


@pytest.mark.parametrize("form", range(len(PNC_FORMS)), ids=PNC_FORMS)
def test_every_form_reads_back_as_the_same_identifier(form):
    rng = np.random.default_rng(form)
    year, serial = rng.integers(1955, 2018, 3000), draw_serials(rng, 3000, 9_999_999)
    written = write_pnc(year, serial, np.full(3000, form))
    letters = check_letter(year, serial)
    expected = [f"{y}/{s:07d}{a}" for y, s, a in zip(year, serial, letters, strict=True)]
    assert [valid_pnc(text) for text in written] == expected


def test_malformed_identifiers_are_never_readable_and_of_several_kinds():
    rng = np.random.default_rng(1)
    written = write_malformed_pnc(rng, rng.integers(1955, 2018, 3000), draw_serials(rng, 3000, 9_999_999))
    assert not [text for text in written if valid_pnc(text)]
    shapes = {re.sub(r"\d+", "9", re.sub("[A-Z]$", "A", text)) for text in written}
    assert shapes >= {"9/9A", "9/9", "NOT KNOWN"} - {"NOT KNOWN"}
    assert any("KNOW" in text for text in written)


def test_crns_are_distinct_one_letter_and_six_digits():
    crns = draw_crns(np.random.default_rng(2), 20_000)
    assert len(set(crns)) == 20_000
    assert all(re.fullmatch(r"[A-Z]\d{6}", crn) for crn in crns)


def test_malformed_crns_are_not_one_letter_and_six_digits():
    rng = np.random.default_rng(3)
    assert not [c for c in write_malformed_crn(rng, draw_crns(rng, 500)) if re.fullmatch(r"[A-Za-z]\d{6}", c)]


def test_serials_are_distinct_within_bounds_and_in_no_order():
    serials = draw_serials(np.random.default_rng(4), 5000, 20_000)
    assert len(set(serials)) == 5000
    assert serials.min() >= 1
    assert serials.max() <= 20_000
    assert (np.diff(serials) < 0).mean() > 0.4
