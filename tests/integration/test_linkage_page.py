"""The numbers on the linkage page of a finished run, counted again from the warehouse and the truth files.

The links are found again by the plain loops of `linkage_oracle`, from the cleaned identifiers; accuracy by set
arithmetic; bias and weights from their formulas. Nothing here is computed by `orchestration.methods`.
"""

import math
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from scipy.stats import chi2_contingency

from orchestration.tables.contract import CONTRACT
from tests.integration.linkage_oracle.oracle import RULES, Outcome, Person, Row, link

SOURCES = ("terminations", "reoffending")
GROUPS = dict(zip(SOURCES, ("Terminations (community sentences)", "Proven reoffending (all cases)"), strict=True))
WINDOWS, LEFT_OUT = (0, 5, 28), ("crn_dob", "surname_forename_dob")
RULE_LABELS = {
    "pnc_dob_surname": "PNC birthday surname",
    "crn_dob": "CRN birthday",
    "surname_forename_dob": "Surname forename birthday",
}
Outcomes = dict[str, Outcome]


def _query(settings, sql: str) -> pd.DataFrame:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(sql).df()


@pytest.fixture(scope="module")
def release(finished_run):
    return finished_run.published_dir / "latest"


@pytest.fixture(scope="module")
def page(release) -> BeautifulSoup:
    return BeautifulSoup((release / "linkage.html").read_text(encoding="utf-8"), "html.parser")


def table(page: BeautifulSoup, table_id: str) -> dict[tuple[str, str], list[str]]:
    """The printed cells of a table by row group and row header, as text."""
    rows, group = {}, ""
    for line in page.find(id=f"table_{table_id.lower()}").find_parent("table").select("tbody tr"):
        head, *cells = line.find_all(["th", "td"])
        if head["scope"] == "rowgroup":
            group = head.get_text(strip=True)
        else:
            rows[group, head.get_text(strip=True)] = [next(iter(cell.strings), "") for cell in cells]
    return rows


def section(page: BeautifulSoup, anchor: str) -> str:
    """What a section says in words, tables and figures left out."""
    parts = []
    for element in page.find(id=anchor).find_next_siblings():
        if element.name == "h2":
            break
        if element.name in ("p", "ul"):
            parts.append(element.get_text(" ", strip=True))
    return " ".join(parts)


def percent(part: float, whole: float, decimals: int = 1) -> str:
    return f"{math.floor(100 * part / whole * 10**decimals + 0.5) / 10**decimals:.{decimals}f}%"


def wilson(part: int, whole: int) -> list[str]:
    z, p = 1.959963984540054, part / whole
    middle, half = p + z * z / (2 * whole), z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole))
    return [percent(end, 1 + z * z / whole) for end in (middle - half, middle + half)]


def share(part: int, whole: int) -> list[str]:
    return [f"{part:,}", f"{whole:,}", percent(part, whole), *wilson(part, whole)]


def number(value: float, decimals: int) -> str:
    return f"{math.floor(value * 10**decimals + 0.5) / 10**decimals + 0:,.{decimals}f}"


def _people(frame: pd.DataFrame, key: str, date: str) -> list[Person]:
    known = frame.astype("object").where(frame.notna(), None)
    return [
        Person(
            row=Row(row[key], row[date].date()),
            pnc=row["pnc_id"],
            crn=row["crn"],
            surname=row["surname"],
            forenames=row["forenames"],
            first_forename=row["first_forename"],
            dob=row["date_of_birth"],
            words=tuple(row["name_words"].split()) if row["name_words"] else None,
        )
        for row in known.to_dict("records")
    ]


def _meetings(person: Person) -> Iterator[tuple]:
    """What two people must share for any rule to hold: the PNC identifier, the CRN, or birthday and a name."""
    if person.pnc:
        yield "pnc", person.pnc
    if person.crn:
        yield "crn", person.crn
    if person.dob and person.surname:
        yield "surname", person.surname, person.dob
    if person.dob and person.surname and person.first_forename:
        yield "names", frozenset((person.surname, person.first_forename)), person.dob


@pytest.fixture(scope="module")
def neighbours(finished_run) -> dict[str, list[tuple[Person, list[Person]]]]:
    """For each source its eligible cases, each with all records of everybody a rule could reach."""
    found = {}
    for source in SOURCES:
        cases = _people(
            _query(finished_run, f"from linkage.eligible_cases where source = '{source}'"), "case_id", "start_date"
        )
        records = _people(
            _query(finished_run, f"from linkage.match_records where source = '{source}'"), "record_id", "record_date"
        )
        met, own = defaultdict(set), defaultdict(list)
        for record in records:
            own[record.key()].append(record)
            for meeting in _meetings(record):
                met[meeting].add(record.key())
        found[source] = [
            (case, [r for key in {k for m in _meetings(case) for k in met.get(m, ())} for r in own[key]])
            for case in cases
        ]
    return found


def _linked(neighbours, source: str, rules=RULES, window: int = 7) -> Outcomes:
    return {case.row.id: link(case, records, rules, window) for case, records in neighbours[source]}


@pytest.fixture(scope="module")
def outcomes(neighbours) -> dict[str, Outcomes]:
    return {source: _linked(neighbours, source) for source in SOURCES}


@pytest.mark.parametrize("source", SOURCES)
def test_statuses_are_those_of_linking_by_hand(page, outcomes, source):
    counts, n = Counter(outcome.status for outcome in outcomes[source].values()), len(outcomes[source])
    labels = {
        "matched": "Matched",
        "ambiguous": "Ambiguous: a rule reached two people",
        "no_record_in_window": "Person found, no record inside the window",
        "no_person": "No record satisfies any rule",
    }
    rows = table(page, "L1")
    for status, label in labels.items():
        assert rows[GROUPS[source], label] == [f"{counts[status]:,}", f"{n:,}", percent(counts[status], n)]
    said = section(page, "how_many")
    assert f"{counts['matched']:,} of {n:,} eligible cases ({percent(counts['matched'], n)}) were matched" in said
    assert f"not matched {n - counts['matched']:,}, of them {counts['ambiguous']:,} ambiguous" in said
    assert f"{counts['no_record_in_window']:,} with a person found but no record inside the window" in said
    assert f"{counts['no_person']:,} without a record that satisfies any rule" in said


@pytest.mark.parametrize("source", SOURCES)
def test_rules_are_those_of_linking_by_hand(page, outcomes, source):
    rows = [cells for (group, _), cells in table(page, "L2").items() if group == GROUPS[source]]
    assert len(rows) == len(RULES)
    left, matched = len(outcomes[source]), sum(o.status == "matched" for o in outcomes[source].values())
    decided = Counter(o.rule for o in outcomes[source].values() if o.status == "matched")
    ambiguous = Counter(o.rule for o in outcomes[source].values() if o.status == "ambiguous")
    for rule, cells in zip(RULES, rows, strict=True):
        n = decided[rule.name]
        assert cells[:4] == [f"{left:,}", f"{ambiguous[rule.name]:,}", f"{n:,}", percent(n, matched)]
        left -= n + ambiguous[rule.name]
    name, most = decided.most_common(1)[0]
    assert (
        f'The rule "{RULE_LABELS[name]}" decided {most:,} of {matched:,} links to the {source} data '
        f"({percent(most, matched)})." in section(page, "which_rule")
    )


@pytest.fixture(scope="module")
def truths(finished_run, neighbours) -> dict[str, dict[str, set[str]]]:
    """The true records inside the window of each eligible case, from the truth files."""
    found = {}
    for source in SOURCES:
        pairs = pd.read_csv(finished_run.truth_dir / f"{source}.csv", dtype=str)
        dates = _query(
            finished_run, f"select record_id, {CONTRACT[source].date_column} as own_date from raw.parsed_{source}"
        )
        when = {row["record_id"]: row["own_date"].date() for row in dates.to_dict("records")}
        starts = {case.row.id: case.row.own_date for case, _ in neighbours[source]}
        own: dict[str, set[str]] = {case: set() for case in starts}
        for case, record in zip(pairs["case_id"], pairs["record_id"], strict=True):
            if case in starts and record in when and abs((when[record] - starts[case]).days) <= 7:
                own[case].add(record)
        found[source] = own
    return found


@pytest.mark.parametrize("source", SOURCES)
def test_accuracy_is_that_of_set_arithmetic(page, finished_run, outcomes, truths, source):
    links = {case: o.record_id for case, o in outcomes[source].items() if o.status == "matched"}
    linkable = {case for case, records in truths[source].items() if records}
    right = sum(record in truths[source][case] for case, record in links.items())
    unlinked = len(truths[source]) - len(linkable)
    compared = _query(finished_run, f"select case_id, record_id from linkage.candidate_pairs where source = '{source}'")
    pairs = set(zip(compared["case_id"], compared["record_id"], strict=True))
    met = sum(any((case, record) in pairs for record in truths[source][case]) for case in linkable)
    rows = {label: cells for (group, label), cells in table(page, "L4").items() if group == GROUPS[source]}
    expected = {
        "Links that are to a record of the case's person (precision)": share(right, len(links)),
        "Cases that can be linked, and are, to a record of their person (recall)": share(right, len(linkable)),
        "Cases that cannot be linked, and are not": share(unlinked - len(set(links) - linkable), unlinked),
        "Cases that can be linked at all": share(len(linkable), len(truths[source])),
        "Cases that can be linked, and were compared with a record of their person": share(met, len(linkable)),
    }
    assert {label: rows[label] for label in expected} == expected
    f1 = 2 * right / (len(links) + len(linkable))
    assert rows["Harmonic mean of precision and recall (F1)"][:3] == ["n/a", "n/a", percent(f1, 1)]
    missed = [cells for (group, _), cells in table(page, "L5").items() if group == f"{GROUPS[source]}: missed links"]
    assert sum(int(cells[0]) for cells in missed) == len(linkable) - right
    said = section(page, "how_surely")
    assert f"{percent(right, len(links))} are to a record of the case's person (precision; {right:,} of" in said
    assert f"(recall; {right:,} of {len(linkable):,}, 95% interval {wilson(right, len(linkable))[0][:-1]} to" in said
    assert f"missed links: {len(linkable) - right};" in said
    assert f"never compared with a record of their person: {len(linkable) - met:,} of {len(linkable):,}." in said


@pytest.mark.parametrize("gender", ["male", "female"])
def test_accuracy_of_a_sub_group_is_that_of_set_arithmetic(page, finished_run, outcomes, truths, gender):
    chosen = set(
        _query(finished_run, f"select case_id from staging.staged_inspections where gender = '{gender}'")["case_id"]
    )
    links = {c: o.record_id for c, o in outcomes["reoffending"].items() if o.status == "matched" and c in chosen}
    linkable = {case for case, records in truths["reoffending"].items() if records and case in chosen}
    right = sum(record in truths["reoffending"][case] for case, record in links.items())
    cells = table(page, "L7")["Proven reoffending: gender", gender.capitalize()]
    assert cells == [*share(right, len(linkable))[1:], *share(right, len(links))[1:]]


def _scenario(page, title: str, source: str, label: str) -> list[str]:
    return table(page, "L18")[f"{title}: {source}", label]


def _compared(published: Outcomes, other: Outcomes) -> list[str]:
    """Matched, rate, ambiguous, links lost, gained and to another record, as the page prints them."""
    before, after = ({c: o.record_id for c, o in x.items() if o.status == "matched"} for x in (published, other))
    ambiguous = sum(outcome.status == "ambiguous" for outcome in other.values())
    changed = sum(before[case] != after[case] for case in before.keys() & after.keys())
    counts = [ambiguous, len(before.keys() - after.keys()), len(after.keys() - before.keys()), changed]
    return [f"{len(after):,}", percent(len(after), len(other)), *(f"{count:,}" for count in counts)]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("days", WINDOWS)
def test_match_rates_of_other_windows_are_those_of_linking_by_hand(page, neighbours, outcomes, source, days):
    by_hand = _compared(outcomes[source], _linked(neighbours, source, window=days))
    assert _scenario(page, "Another window", source, f"{days} days") == by_hand
    header, *rows = [
        [cell.get_text(strip=True) for cell in line.find_all(["th", "td"])]
        for line in page.find(id="table_f1").find_parent("table").find_all("tr")
    ]
    shown = dict(zip(header, next(row for row in rows if row[0] == str(days)), strict=True))
    rate = 100 * int(by_hand[0].replace(",", "")) / len(outcomes[source])
    assert float(shown[f"{source.capitalize()}: matched (%)"]) == pytest.approx(rate, abs=0.0051)
    assert shown[f"{source.capitalize()}: links lost"] == by_hand[3]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("rule", LEFT_OUT)
def test_match_rates_without_a_rule_are_those_of_linking_by_hand(page, neighbours, outcomes, source, rule):
    others = tuple(other for other in RULES if other.name != rule)
    by_hand = _compared(outcomes[source], _linked(neighbours, source, rules=others))
    assert _scenario(page, "One rule left out", source, f"Without: {RULE_LABELS[rule]}") == by_hand


@pytest.fixture(scope="module")
def cases(finished_run) -> pd.DataFrame:
    return _query(finished_run, "from marts.cases")


@pytest.mark.parametrize(("source", "table_id"), [("termination", "M1"), ("reoffending", "M2")])
def test_match_rates_by_sub_group_are_those_of_the_cases(page, cases, source, table_id):
    eligible = cases[cases[f"{source}_status"].notna()]
    counted = pd.crosstab(eligible["gender"], eligible[f"{source}_status"] == "matched")
    p = chi2_contingency(counted, correction=False).pvalue
    for gender in ("male", "female"):
        unmatched, matched = counted.loc[gender]
        cells = table(page, table_id)["Gender", gender.capitalize()]
        assert cells[:3] == [f"{matched + unmatched:,}", f"{matched:,}", percent(matched, matched + unmatched)]
        assert cells[3] == ("<0.001" if p < 0.001 else number(p, 3))


@pytest.mark.parametrize(("source", "table_id"), [("termination", "L10"), ("reoffending", "L11")])
def test_standardised_differences_follow_their_formula(page, cases, source, table_id):
    eligible = cases[cases[f"{source}_status"].notna()]
    is_matched = eligible[f"{source}_status"] == "matched"
    matched, unmatched = eligible[is_matched], eligible[~is_matched]
    rows = table(page, table_id)
    for category, label in (("yes", "Yes"), ("no", "No")):
        sides = [side["supports_completion"].dropna() == category for side in (matched, unmatched)]
        (p, q) = (float(side.mean()) for side in sides)
        difference = (p - q) / math.sqrt((p * (1 - p) + q * (1 - q)) / 2)
        cells = rows["Support to complete the sentence", label]
        assert cells[:4] == [f"{sides[0].sum():,}", number(100 * p, 1), f"{sides[1].sum():,}", number(100 * q, 1)]
        assert cells[4] == number(difference, 2)
    ages = [side["age"].dropna().astype(float) for side in (matched, unmatched)]
    difference = (ages[0].mean() - ages[1].mean()) / math.sqrt((ages[0].var() + ages[1].var()) / 2)
    assert rows["Age", "Mean"][4] == number(difference, 2)
    assert rows["Age", "Median"][1] == number(float(ages[0].median()), 1)


@pytest.mark.parametrize("source", SOURCES)
def test_p_values_allow_for_the_number_of_tests_as_holm_does(page, finished_run, source):
    bias = _query(finished_run, f"from results.match_bias where source = '{source}' and p_value is not null")
    own = bias.assign(missing=bias["category"] == "missing").drop_duplicates(["item", "test", "missing"])
    ordered, worst, significant = own.sort_values("p_value"), 0.0, 0
    for place, p in enumerate(ordered["p_value"]):
        worst = max(worst, min(1.0, (len(ordered) - place) * p))
        significant += worst < 0.05
    said = section(page, "who_is_missing")
    assert f"{significant} of {len(ordered)} comparisons" in said


def _weights_by_hand(finished_run, cases: pd.DataFrame) -> pd.Series:
    """Share matched over the probability of being matched to the reoffending data, by Newton's method on dummies."""
    names = _query(
        finished_run, "select coefficient from results.match_model_coefficients where source = 'reoffending'"
    )
    own = cases[cases["reoffending_status"].notna()].reset_index(drop=True)
    columns = [np.ones(len(own))]
    known = set(names["coefficient"])
    for name in names["coefficient"][1:]:
        item, _, level = name.partition("=")
        fill = "missing" if f"{item}=missing" in known else own[item].value_counts().idxmax()
        columns.append((own[item].fillna(fill) == level).to_numpy(dtype=float))
    design, y = np.column_stack(columns), (own["reoffending_status"] == "matched").to_numpy(dtype=float)
    beta = np.zeros(design.shape[1])
    for _ in range(25):
        fitted = 1 / (1 + np.exp(-design @ beta))
        beta = beta + np.linalg.solve(design.T @ (design * (fitted * (1 - fitted))[:, None]), design.T @ (y - fitted))
    weights = pd.Series((1 + np.exp(-design @ beta))[y == 1] * y.mean(), index=own["case_key"][y == 1])
    return weights.clip(*np.percentile(weights, [1, 99]))


def test_weighted_figures_follow_from_the_weights(page, finished_run, cases):
    weights = _weights_by_hand(finished_run, cases)
    followed = cases[cases["reoffended"].notna()].set_index("case_key")
    assert set(followed.index) == set(weights.index)
    for item, category, place in (("all_cases", "all", ("", "All cases")), ("gender", "female", ("Gender", "Female"))):
        chosen = followed if item == "all_cases" else followed[followed[item] == category]
        values, own = 100 * chosen["reoffended"].astype(float), weights.loc[chosen.index]
        plain, weighted = float(values.mean()), float((values * own).sum() / own.sum())
        cells = next(
            c for (group, name), c in table(page, "L14").items() if name == place[1] and group in (place[0], name)
        )
        assert cells[3:6] == [f"{number(plain, 1)}%", f"{number(weighted, 1)}%", number(weighted - plain, 1)]
    row = table(page, "L13")[GROUPS["reoffending"], "Truncated, as used"]
    effective = weights.sum() ** 2 / (weights**2).sum()
    assert row[:5] == [f"{len(weights):,}", *(number(x, 2) for x in (weights.min(), weights.mean(), weights.max())),
                       number(effective, 0)]  # fmt: skip


def test_the_published_window_and_no_false_link_leave_the_published_ratios(page, finished_run):
    published = _query(finished_run, "from results.model_coefficients where coefficient = 'engagement=yes'")
    ratios = published.drop_duplicates("model_id").set_index("model_id")["exp_estimate"]
    shown = table(page, "F1")["", "7"]
    assert shown[4] == number(ratios["termination__key_questions"], 2)
    assert shown[7] == number(ratios["reoffended__key_questions"], 2)
    assert table(page, "L15")["Positive termination by key questions", "Engagement"][0] == shown[4]


def test_a_run_without_review_second_opinion_or_overrides_says_so(page):
    assert "No reviewer's override was given." in section(page, "which_rule")
    assert "No clerical review has been imported." in section(page, "how_surely")
    assert "No second opinion was asked for on these extracts." in section(page, "how_surely")


def _tokens(text: str) -> set[str]:
    """Words and whole numbers; one with decimals is a word of its own, lest its decimals be taken for a record's id."""
    return set(re.findall(r"\d+\.\d+|[A-Za-z0-9_-]+", text))


def _released_texts(release) -> dict[str, set[str]]:
    """Every word of the pages, the workbooks' cells and the CSV files of a release."""
    found = {}
    for path in sorted(release.rglob("*")):
        if path.suffix == ".html":
            found[path.name] = _tokens(BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").get_text(" "))
        elif path.suffix == ".csv":
            found[path.name] = _tokens(path.read_text(encoding="utf-8"))
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                texts = [archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith(".xml")]
            cells = openpyxl.load_workbook(path, read_only=True)
            values = [
                str(v) for sheet in cells for line in sheet.iter_rows(values_only=True) for v in line if v is not None
            ]
            found[path.name] = _tokens(" ".join(values)) | {
                t for text in texts for t in _tokens(re.sub("<[^>]+>", " ", text))
            }
    return found


def test_no_case_and_no_record_is_named_in_the_release(release, finished_run):
    known = set(_query(finished_run, "select case_id from linkage.case_keys")["case_id"])
    known |= set(_query(finished_run, "select case_key::varchar as k from linkage.case_keys")["k"])
    for source in SOURCES:
        known |= set(_query(finished_run, f"select record_id from raw.parsed_{source}")["record_id"])
    texts = _released_texts(release)
    assert {"linkage.html", "linkage.xlsx", "linkage_losses.csv"} <= set(texts)
    assert {name: found & known for name, found in texts.items() if found & known} == {}
