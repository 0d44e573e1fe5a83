import io
import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from PIL import Image, ImageFont

from orchestration.methods.layouts import layout_2023
from orchestration.methods.layouts.specification import BULLETIN_MODELS
from orchestration.publications.drawing.figures import font_file
from orchestration.publications.linkage_page.figure_text import KEY_LABELS, coefficient_label, rule_label
from orchestration.publications.linkage_page.figures import sensitivity_figures

SCENARIOS = {
    "window": [("0", 0.0), ("7", 7.0), ("28", 28.0)],
    "left_out_rule": [("pnc_dob", 1.0), ("crn", 2.0)],
    "false_links": [("0.5", 0.5), ("5", 5.0)],
}


def made_up_tables() -> dict[str, pd.DataFrame]:
    """Ratios that say which scenario and coefficient they belong to, and rates that rise with the scenario."""
    rates, ratios = [], []
    for kind, scenarios in SCENARIOS.items():
        for place, (name, order) in enumerate(scenarios):
            common = {"kind": kind, "scenario": name, "scenario_order": order, "is_default": name == "7"}
            for number, source in enumerate(("terminations", "reoffending")):
                rates.append(common | {"source": source, "rate": 60.0 + 10 * place + number, "links_lost": 3 * place})
            for model in BULLETIN_MODELS:
                names = [name for term in model.judgements for name in term.coefficients]
                for spot, coefficient in enumerate(names):
                    value = 1.1 + 0.1 * spot + 0.01 * place
                    ratios.append(
                        common
                        | {"model_id": model.model_id, "coefficient": coefficient, "value": value}
                        | {"ci_low": value / 1.2, "ci_high": value * 1.2, "published_value": 1.1 + 0.1 * spot}
                        | {"spread_low": value / 1.1, "spread_high": value * 1.1, "expected_value": value}
                        | {"change_percent": float(place + spot)}
                    )
    types = {"links_lost": "Int64"}
    return {
        "sensitivity_match_rates": pd.DataFrame(rates).astype(types),
        "sensitivity_ratios": pd.DataFrame(ratios),
    }


@pytest.fixture(scope="module")
def figures():
    return {figure.figure_id.removeprefix("sensitivity_"): figure for figure in sensitivity_figures(made_up_tables())}


def test_there_is_one_figure_a_question(figures):
    assert list(figures) == ["window", "left_out_rule", "false_links"]


def test_the_alternative_text_stands_in_the_drawing_and_names_the_numbers(figures):
    for figure in figures.values():
        assert BeautifulSoup(figure.svg, "html.parser").svg["aria-label"] == figure.alternative_text
    assert "Terminations: 60.0% matched at 0 days, 80.0% at 28." in figures["window"].alternative_text
    assert "Reoffending: at most 3 links lost (without CRN)." in figures["left_out_rule"].alternative_text
    expected = "Implementation effective, reoffending: from 1.10 to 1.11, published 1.10."
    assert expected in figures["false_links"].alternative_text


def test_the_data_behind_a_figure_are_those_of_the_results(figures):
    window = figures["window"].data.set_index("Days")
    assert window.loc[28, "Reoffending: matched (%)"] == 81
    assert window.loc[28, "Desistance supported effectively, reoffending: ratio"] == pytest.approx(1.22)
    prompts = sum(len(term.coefficients) for term in BULLETIN_MODELS[1].judgements)
    assert window.loc[28, "Largest change of a ratio for reoffending (%)"] == 2 + prompts - 1
    most = coefficient_label([n for t in BULLETIN_MODELS[1].judgements for n in t.coefficients][-1])
    assert window.loc[28, "Judgement whose ratio changes most"].startswith(most)
    assert figures["left_out_rule"].data["Rule left out"].tolist() == ["PNC birthday", "CRN"]
    assert figures["false_links"].data["False links (%)"].tolist() == [0.5] * 6 + [5.0] * 6


def test_the_key_questions_lines_lie_where_their_ratios_are(figures):
    """Heights on the logarithmic axis keep the ratio of logarithms: the line's points rise by equal shares."""
    paths = re.findall(
        r'<path d="([^"]+)"[^>]*style="fill: none; stroke: #12436d; stroke-width: 2', figures["window"].svg
    )
    heights = [[float(y) for _, y in re.findall(r"[ML] ([\d.]+) ([\d.]+)", path)] for path in paths]
    assert len(heights) == 4
    rates, *ratios = heights
    assert rates[0] - rates[1] == pytest.approx(rates[1] - rates[2], rel=1e-3)
    assert all(line[0] > line[1] > line[2] for line in ratios)


@pytest.mark.parametrize("kind", SCENARIOS)
def test_words_are_drawn_as_text_and_legible(figures, kind):
    texts = [t.get_text(strip=True) for t in BeautifulSoup(figures[kind].svg, "html.parser").find_all("text")]
    assert set(KEY_LABELS.values()) <= set(texts)
    assert Image.open(io.BytesIO(figures[kind].png)).width > 900
    sizes = [float(size) for size in re.findall(r"font(?:-size)?: (?:\w+ )*([\d.]+)px", figures[kind].svg)]
    assert min(sizes) >= 9
    assert "Arial, Helvetica" in figures[kind].svg


def test_no_label_of_a_rule_reaches_out_of_its_picture():
    long = "surname_forenames_weak_dob_day"
    tables = {name: frame.replace({"scenario": {"crn": long}}) for name, frame in made_up_tables().items()}
    (figure,) = [each for each in sensitivity_figures(tables) if each.figure_id.endswith("left_out_rule")]
    labels = BeautifulSoup(figure.svg, "html.parser").find_all("text", string=rule_label(long))
    font = ImageFont.truetype(font_file(), 10)
    assert len(labels) == 4
    assert all(font.getlength(label.get_text()) < float(label["x"]) for label in labels)


def test_the_same_tables_give_the_same_bytes_and_ids_of_their_own(figures):
    again = sensitivity_figures(made_up_tables())
    assert [(f.svg, f.png) for f in again] == [(f.svg, f.png) for f in figures.values()]
    ids = [i for f in again for i in set(re.findall(r'\bid="([^"]+)"', f.svg))]
    assert len(ids) == len(set(ids))


def test_ratios_that_could_not_be_told_leave_gaps_not_errors():
    tables = made_up_tables()
    columns = ["value", "ci_low", "ci_high", "spread_low", "spread_high", "expected_value", "change_percent"]
    tables["sensitivity_ratios"][columns] = float("nan")
    for figure in sensitivity_figures(tables):
        assert "n/a" in figure.alternative_text
        assert figure.png


def test_a_kind_without_rows_has_no_figure():
    tables = {name: frame[frame["kind"] != "false_links"] for name, frame in made_up_tables().items()}
    assert [f.figure_id for f in sensitivity_figures(tables)] == ["sensitivity_window", "sensitivity_left_out_rule"]


@pytest.mark.parametrize("rule", ["pnc_dob_surname", "swapped_names_dob", "crn"])
def test_rules_are_named_in_words(rule):
    assert "_" not in rule_label(rule)


def test_every_judgement_has_words():
    names = {name for model in BULLETIN_MODELS for term in model.judgements for name in term.coefficients}
    labels = {coefficient_label(name) for name in names}
    assert len(labels) == len(names)
    assert layout_2023.ITEM_BY_CODE["engagement"].label in labels
