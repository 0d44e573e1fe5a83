"""Numbers and words as the bulletins print them.

Belongs here: turning a number into its printed text, and the case of a first letter. Not here: the counts and shares
themselves (`orchestration/methods`)."""

from typing import Any

import pandas as pd

from orchestration.methods.layouts.rounding import round_half_up

NOT_APPLICABLE = "n/a"
NOT_ESTIMABLE = "not estimable"
KEPT_BACK = "[c]"  # confidential: a small group could be told of
_NOISE = 9  # decimals beyond which a difference is floating-point noise, not data


def is_missing(value: Any) -> bool:
    """True for None, NaN and pandas' NA."""
    return value is None or bool(pd.isna(value))


def half_up(value: float, decimals: int) -> float:
    """`value` rounded half up, the bulletins' rule (70 of 224, 31.25 per cent, is printed 31.3).

    A difference of two shares may fall a hair short of its half, so such noise is removed first.
    """
    return float(round_half_up(round(float(value), _NOISE), decimals) or 0.0)


def number(value: object, decimals: int = 0, suffix: str = "", missing: str = NOT_APPLICABLE) -> str:
    """`value` with thousands separators and fixed decimals, or `missing`; minus zero prints as zero."""
    if is_missing(value):
        return missing
    return f"{half_up(float(value), decimals):,.{decimals}f}{suffix}"  # type: ignore[arg-type]


def lacks_a_number(sentence: object) -> bool:
    """Whether a sentence was made without one of its numbers."""
    return isinstance(sentence, str) and NOT_APPLICABLE in sentence


def p_value(value: object, missing: str = NOT_APPLICABLE) -> str:
    """A p value to three decimals, "<0.001" below that."""
    if is_missing(value):
        return missing
    return "<0.001" if float(value) < 0.001 else number(value, 3)  # type: ignore[arg-type]


def p_phrase(value: object) -> str:
    """A p value inside a sentence: "p<0.001", "p=0.012"."""
    text = p_value(value)
    return f"p{text}" if text.startswith("<") else f"p={text}"


def measure(value: object, unit: str, missing: str = NOT_APPLICABLE) -> str:
    """A value in its published unit: percent to one decimal, a mean count to two."""
    if unit == "percent":
        return number(value, 1, "%", missing)
    if unit == "percentage_points":
        return number(value, 1, missing=missing)
    return number(value, 2 if unit == "mean_count" else 0, missing=missing)


def points(size: float) -> str:
    """A number of percentage points, whole: "1 percentage point", "24 percentage points"."""
    text = number(size)
    return f"{text} percentage point{'' if text == '1' else 's'}"


def interval_name(significance_level: float) -> str:
    """What an interval is called: "95% interval"."""
    return f"{100 * (1 - significance_level):g}% interval"


def of_all(part: int, whole: int, things: str) -> str:
    """How many of several: "none of the 5 strengths", "all 5 strengths", "4 of the 8 needs"."""
    if part in (0, whole):
        return f"none of the {whole} {things}" if part == 0 else f"all {whole} {things}"
    return f"{part} of the {whole} {things}"


def upper_first(text: str) -> str:
    """The text with a capital at its beginning, the rest as it is."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """The text with a small first letter, unless its first word is all capitals (NPS, CRC, ETE)."""
    is_short_form = text.split(" ", 1)[0].isupper()
    return text if is_short_form else text[:1].lower() + text[1:]
