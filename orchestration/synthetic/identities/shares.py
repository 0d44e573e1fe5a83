"""How often each blemish is planted: every share is a parameter.

Belongs here: frozen parameters and nothing else. Shares are of rows unless said otherwise.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class RowFaults:
    """Shares of one source's rows whose identifiers carry a fault."""

    pnc_missing: float
    pnc_malformed: float
    pnc_wrong: float  # another person's, by error
    crn_missing: float
    crn_malformed: float
    crn_wrong: float
    dob_missing: float
    dob_malformed: float  # a placeholder, or impossible
    dob_wrong: float
    surname_missing: float
    surname_malformed: float  # a placeholder for a name
    surname_wrong: float  # a typing fault or another name
    forenames_missing: float
    forenames_partial: float  # further forenames lost or shortened to initials
    forenames_wrong: float
    swapped: float  # surname and forename in each other's column


INSPECTIONS = RowFaults(
    pnc_missing=0.030,
    pnc_malformed=0.010,
    pnc_wrong=0.002,
    crn_missing=0.015,
    crn_malformed=0.005,
    crn_wrong=0.0,
    dob_missing=0.0,
    dob_malformed=0.0,
    dob_wrong=0.004,
    surname_missing=0.0,
    surname_malformed=0.0,
    surname_wrong=0.012,
    forenames_missing=0.002,
    forenames_partial=0.10,
    forenames_wrong=0.012,
    swapped=0.004,
)
TERMINATIONS = RowFaults(
    pnc_missing=0.050,
    pnc_malformed=0.012,
    pnc_wrong=0.001,
    crn_missing=0.004,
    crn_malformed=0.003,
    crn_wrong=0.001,
    dob_missing=0.004,
    dob_malformed=0.003,
    dob_wrong=0.008,
    surname_missing=0.001,
    surname_malformed=0.001,
    surname_wrong=0.015,
    forenames_missing=0.002,
    forenames_partial=0.12,
    forenames_wrong=0.015,
    swapped=0.004,
)
REOFFENDING = RowFaults(
    pnc_missing=0.012,
    pnc_malformed=0.006,
    pnc_wrong=0.002,
    crn_missing=0.97,
    crn_malformed=0.001,
    crn_wrong=0.0,
    dob_missing=0.005,
    dob_malformed=0.004,
    dob_wrong=0.010,
    surname_missing=0.001,
    surname_malformed=0.001,
    surname_wrong=0.020,
    forenames_missing=0.003,
    forenames_partial=0.10,
    forenames_wrong=0.020,
    swapped=0.005,
)


@dataclass(frozen=True)
class Writing:
    """Shares of rows in which a name is written differently without being wrong."""

    title: float = 0.004
    other_joints: float = 0.40  # of names that hold a hyphen, blank or apostrophe
    stray_blanks: float = 0.005


@dataclass(frozen=True)
class Shares:
    """Everything planted, for all three sources."""

    inspections: RowFaults = INSPECTIONS
    terminations: RowFaults = TERMINATIONS
    reoffending: RowFaults = REOFFENDING
    writing: Writing = field(default_factory=Writing)
    exact_date: float = 0.72  # true links dated on the very day; the others 1 to 7 days off
    second_in_window: float = 0.05  # matched cases with two of their person's records in the window
    twins: float = 0.02  # of cases
    namesakes: float = 0.02  # of cases: a stranger of the same full name and birthday
    corrected: float = 0.004  # of a delivered file's rows, delivered again with changes
    other_sentences: float = 1.2  # mean number of a case person's other sentences in a source
