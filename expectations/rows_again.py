"""Expectations on rows that come twice, or that name nobody.

Belongs here: ids that lost their zeros, the same rows under other ids, cases of one person, rows without a person. Not
here: a delivery against the one before it (`deliveries`), rules on single rows (the suite of each source).
"""

from typing import Any

import pandas as pd

from expectations.runner import about
from orchestration.settings import Parameters
from orchestration.tables.source import Source

_NOBODY = 0.01
IDENTIFIERS = ("crn", "pnc_id", "surname", "forenames", "date_of_birth")
_PERSON = ("surname", "forenames", "date_of_birth")


def rows_again(source: Source, accepted: pd.DataFrame) -> pd.DataFrame:
    """The accepted rows by place, and the id in each column whose fault they have; a row is told once, by the first.

    `id_but_zeros`: ids that differ by zeros before them or capitals alone. `alike`: an earlier row has everything but
    the id. `nobody`: the row, unlike others, has no identifier of a person. Of one person and start_date in
    inspections: `case_twice`, of the same fieldwork too, and `inspected_twice`.
    """
    ids = accepted[source.id_columns[0]]
    bare = ids.str.lstrip("'0").str.replace(r"\.0+$", "", regex=True).str.casefold()  # 59.0 is a number that was 059
    is_explained = bare.duplicated(keep=False) & ids.notna()
    contents = [name for name in source.names if name not in source.id_columns]
    is_alike = accepted.duplicated(contents, keep="first") & ~is_explained
    is_nobody = accepted[list(IDENTIFIERS)].isna().all(axis=1)
    frame = accepted[["file", "line"]].assign(
        id_but_zeros=ids.where(is_explained),
        alike=ids.where(is_alike),
        nobody=ids.where(is_nobody & (not is_nobody.all())),
    )
    if source.name != "inspections":
        return frame
    is_explained |= accepted.duplicated(contents, keep=False)
    is_twice = _same_person(accepted, ["start_date", "fieldwork_date"])
    is_again = _same_person(accepted, ["start_date"]) & ~is_twice
    return frame.assign(
        case_twice=ids.where(is_twice & ~is_explained), inspected_twice=ids.where(is_again & ~is_explained)
    )


def _same_person(rows: pd.DataFrame, dates: list[str]) -> pd.Series:
    """Rows that share these dates and a CRN, a PNC identifier, or name and date of birth with another."""
    is_same = pd.Series(data=False, index=rows.index)
    for identifiers in (("crn",), ("pnc_id",), _PERSON):
        keys = rows[[*identifiers, *dates]].copy()
        for name in identifiers:
            if keys[name].dtype == "str":
                keys[name] = keys[name].str.strip().str.casefold()
        is_same |= keys.duplicated(keep=False) & keys.notna().all(axis=1)
    return is_same


def again_rules(source: Source, again: pd.DataFrame, parameters: Parameters) -> list[Any]:
    """On `rows_again`."""
    import great_expectations.expectations as gxe

    id_text = source.id_text
    zeros = about(
        "ids_keep_zeros",
        id_text,
        f"values of {id_text} differ only by zeros before them or by capitals: a spreadsheet has probably taken the "
        "zeros off, and the same rows would count twice",
        "Have the extract exported again with the ids as text, and take the wrong file out of the folder.",
    )
    problem = "rows agree with an earlier row in everything but the id"
    alike = about(
        "rows_not_again",
        source.name,
        f"{problem}: the same rows have probably come under new ids",
        "Ask whether they are the same; take out one of the files. If they are not, set PROBATION_ALIKE_ROWS_HIGH.",
    )
    few_alike = about(
        "rows_differ", source.name, problem, "Ask whether they are the same, and take them out.", warns=True
    )
    nobody = about(
        "rows_name_a_person",
        ", ".join(IDENTIFIERS),
        "rows hold no identifier of a person at all: the cells were probably merged over the rows of a person",
        "Unmerge the cells and fill each of them, or have the extract exported again as CSV.",
    )
    # two cases that agree in some fifty judgements are one case
    share = 0.0 if source.name == "inspections" else parameters.alike_rows_high
    slip = max(_NOBODY, 1 / max(len(again), 1))
    rules = [
        gxe.ExpectColumnValuesToBeNull(column="nobody", mostly=1 - slip, meta=nobody),
        gxe.ExpectColumnValuesToBeNull(column="id_but_zeros", meta=zeros),
        gxe.ExpectColumnValuesToBeNull(column="alike", mostly=1 - share, meta=alike),
    ]
    if again["alike"].notna().mean() <= share:
        rules.append(gxe.ExpectColumnValuesToBeNull(column="alike", meta=few_alike))
    if "case_twice" in again:
        rules += [_case_twice(), _inspected_twice()]
    return rules


def _case_twice() -> Any:
    import great_expectations.expectations as gxe

    words = about(
        "case_is_no_copy",
        "case_id",
        "two cases are of one person, start_date and fieldwork_date: the same case under two ids",
        "Keep one of each, and deliver the file again.",
    )
    return gxe.ExpectColumnValuesToBeNull(column="case_twice", meta=words)


def _inspected_twice() -> Any:
    import great_expectations.expectations as gxe

    words = about(
        "sentence_inspected_once",
        "case_id",
        "two cases are of one person and start_date, inspected at different dates",
        "Nothing needs to be done if the sentence was inspected twice.",
        warns=True,
    )
    return gxe.ExpectColumnValuesToBeNull(column="inspected_twice", meta=words)
