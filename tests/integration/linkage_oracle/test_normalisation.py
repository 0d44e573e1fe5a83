"""The SQL normalises names, dates of birth, PNC identifiers and CRNs as plain Python does."""

import datetime
import random

import pytest

from tests.integration.linkage_oracle import compiled, normalising
from tests.integration.linkage_oracle.oracle import Row
from tests.integration.linkage_oracle.unicode_letters import SEED, seed_text
from tests.integration.linkage_oracle.worlds import World

OWN_DATE = datetime.date(2018, 6, 1)
NAMES = [
    "O’Brien", "O`Brien", "OʼBrien", "D´Arcy", "D′Arcy", "O＇Brien", "Smith-Jones",
    "Smith\u2010Jones", "Smith  Jones", "Nguyễn", "Nguye\u0302\u0303n", "Łuczak", "Straße",
    "STRAẞE", "Ǿrsted", "Ø\u0301rsted", "Æsa", "Ǽsa", "Þóra", "Đorđe", "Ðóra", "Œuvre", "Işık",
    "IŞIK", "İpek", "ﬁnn", "ﬃ", "ＫＩＮＧ", "Ŀluís", "Ŏŉe", "ŉne", "𝔖𝔪𝔦𝔱𝔥", "𝚤van", "Ⅷ",
    "K\u00a0L", "\u00a0Smith\u00a0", "Mr Smith", "MR. Smith", "Mr Dr Smith", "Mrsmith", "Sir", "Dr",
    "Miss X", "Mr Unknown", "N/A", "NA", "n.a.", "NK", "N.K.", "Not  Known", "notknown", "xxx",
    "XXXX", "None", "null", "NULL", "tbc", "", " ", "-", "'", "12", "李", "Anne\u200bMarie",
    "Anne\u00adMarie", "한국", "ℳary", "A\u20dd", "A\u034fB", "¨Ann", "Ann (Mary)", "1st Ann",
    "ſmith", "K", "Å", "X Æ A-12", "Prof. Rev. Ann", "revd Ann", "Mx", "Ms. Ann Lee", "ªnn",
    "Ann\nLee", "Ann\tLee", "ʹAnn", "‛Ann", "‘Ann’",
]  # fmt: skip


def cleaned(warehouse, project, rows: list[Row]) -> dict[str, tuple]:
    """crn, pnc_id, surname, forenames, first_forename and date_of_birth of each row, as staged by the SQL."""
    compiled.load(warehouse, [World([], rows, [])])
    compiled.run(warehouse, project, "staging")
    columns = "record_id, crn, pnc_id, surname, forenames, first_forename, date_of_birth"
    found = warehouse.execute(f"select {columns} from staging.staged_terminations").fetchall()
    return {record_id: tuple(values) for record_id, *values in found}


def assert_names_agree(warehouse, project, names: list[str]) -> None:
    rows = [Row(id=str(i), own_date=OWN_DATE, surname=name, forenames=name) for i, name in enumerate(names)]
    found = cleaned(warehouse, project, rows)
    wrong = [
        [hex(ord(c)) for c in name]
        for i, name in enumerate(names)
        if found[str(i)][2:5] != (normalising.surname(name), normalising.name(name), normalising.first_forename(name))
    ]
    assert wrong[:10] == []


def test_the_table_of_letters_is_what_unicode_says():
    assert SEED.read_text(encoding="utf-8") == seed_text(), "python -m tests.integration.linkage_oracle.unicode_letters"


def test_names_with_every_known_difficulty_are_cleaned_alike(warehouse, project):
    assert_names_agree(warehouse, project, NAMES)


def test_every_character_of_the_basic_plane_is_cleaned_alike(warehouse, project):
    characters = [chr(c) for c in (*range(1, 0xD800), *range(0xE000, 0x10000), *range(0x1D400, 0x1D800))]
    assert_names_agree(warehouse, project, [f"a{c}b" for c in characters])


def test_random_names_are_cleaned_alike(warehouse, project):
    rng = random.Random(7)
    parts = [*NAMES, "Ann", "Lee", "o", "\u0301", "\u0327", "’", "-", " ", ".", "Mr ", "Sir-", "X"]
    names = ["".join(rng.choices(parts, k=rng.randint(1, 4))) for _ in range(20_000)]
    assert_names_agree(warehouse, project, names)


def written_pncs(rng: random.Random, count: int) -> list[str]:
    """PNC identifiers in every form, right and wrong."""
    found = []
    for _ in range(count):
        year = rng.choice([*range(1895, 2026), 1999, 2001, 1950, 1949])
        serial = rng.choice([0, 1, 7, 50, 950, 1234, 19500, 99999, 123456, 9999999, rng.randint(1, 9999999)])
        digits = rng.choice([str(serial), f"{serial:07d}", f"{serial:05d}", f"{serial:08d}"])
        letter = rng.choice([normalising.check_letter(year, serial)] * 4 + [rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ")])
        text = rng.choice([f"{year}", f"{year % 100:02d}"]) + rng.choice(["/", "", "/"]) + digits + letter
        changed = [
            text.lower(),
            f" {text} ",
            text.replace("/", " / "),
            text[:3] + "\u00a0" + text[3:],
            text[:-1],
        ]
        found.append(rng.choice([text] * 5 + [*changed, text.translate({ord("1"): "١"}), text + "A", "/" + text]))
    return found


def test_pnc_identifiers_in_every_form_are_read_alike(warehouse, project):
    texts = [
        *written_pncs(random.Random(3), 30_000),
        "",
        " ",
        "/",
        "A",
        "99/1",
        "1999/12345678A",
        "99//1A",
        "９９/1A",
        "00/0Z",
    ]
    rows = [Row(id=str(i), own_date=OWN_DATE, pnc_id=text) for i, text in enumerate(texts)]
    found = cleaned(warehouse, project, rows)
    wrong = [text for i, text in enumerate(texts) if found[str(i)][1] != normalising.pnc(text)]
    assert wrong[:10] == []
    assert 5_000 < sum(values[1] is not None for values in found.values()) < 25_000


def test_unslashed_identifiers_of_every_length_are_read_alike(warehouse, project):
    rng = random.Random(4)
    digits = ["".join(rng.choices("0123456789", k=rng.randint(1, 12))) for _ in range(2_000)]
    digits += (
        ["19" + d for d in digits[:1_000]] + ["20" + d for d in digits[:1_000]] + ["1950000", "2000000", "20000001"]
    )
    texts = [d + letter for d in digits for letter in normalising.CHECK_LETTERS]
    rows = [Row(id=str(i), own_date=OWN_DATE, pnc_id=text) for i, text in enumerate(texts)]
    found = cleaned(warehouse, project, rows)
    assert [text for i, text in enumerate(texts) if found[str(i)][1] != normalising.pnc(text)][:10] == []


@pytest.mark.parametrize(
    "text", ["X123456", " x 123\u00a0456 ", "X12345", "XX123456", "X１23456", "1234567", "", "é123456", None]
)
def test_crns_are_read_alike(warehouse, project, text):
    found = cleaned(warehouse, project, [Row(id="1", own_date=OWN_DATE, crn=text)])
    assert found["1"][0] == normalising.crn(text)


def test_dates_of_birth_around_every_limit_are_judged_alike(warehouse, project):
    day = datetime.timedelta(days=1)
    births = [
        datetime.date(1900, 1, 1),
        datetime.date(1901, 1, 1),
        datetime.date(1901, 1, 2),
        datetime.date(1899, 12, 31),
    ]
    pairs = [(birth, OWN_DATE) for birth in births]
    for born in (
        datetime.date(1908, 2, 29),
        datetime.date(1908, 3, 1),
        datetime.date(1908, 2, 28),
        datetime.date(1908, 6, 1),
    ):
        pairs += [(born, normalising.birthday(born, 110) + n * day) for n in range(-3, 4)]
    leap = datetime.date(2020, 2, 29)
    pairs += [(leap + n * day, leap) for n in range(-2, 3)] + [
        (datetime.date(1910, 2, 28) + n * day, leap) for n in range(3)
    ]
    rows = [Row(id=str(i), own_date=own, date_of_birth=born) for i, (born, own) in enumerate(pairs)]
    found = cleaned(warehouse, project, rows)
    expected = [normalising.date_of_birth(born, own) for born, own in pairs]
    assert [found[str(i)][5] for i in range(len(pairs))] == expected
    assert None in expected
    assert any(expected)


def test_ages_are_counted_birthday_by_birthday(warehouse, project):
    day = datetime.timedelta(days=1)
    starts = [datetime.date(year, 2, 26) + n * day for year in (2016, 2018, 2019) for n in range(6)]
    births = [
        datetime.date(1980, 2, 29),
        datetime.date(1980, 3, 1),
        datetime.date(1981, 2, 28),
        datetime.date(2000, 2, 29),
    ]
    cases = [Row(id=f"{b}-{s}", own_date=s, date_of_birth=b) for b in births for s in starts]
    compiled.load(warehouse, [World(cases, [], [])])
    compiled.run(warehouse, project, "staging")
    found = dict(warehouse.execute("select case_id, age from staging.staged_inspections").fetchall())
    assert found == {case.id: normalising.age(case.date_of_birth, case.own_date) for case in cases}
