"""Words and displayed data of the sensitivity figures.

Belongs here: titles, labels, alternative text, the tables behind the drawings. Not here: drawing
(`figures.py`), the study's numbers (`orchestration/methods/linkage/choices`).
"""

import pandas as pd

from orchestration.methods.layouts import layout_2023
from orchestration.publications.shared import formatting
from orchestration.publications.shared.words import JUDGEMENT_LABELS

WINDOW, LEFT_OUT, FALSE_LINKS = "window", "left_out_rule", "false_links"
FIGURE_TITLES = {
    WINDOW: "Match rates and ratios by the length of the matching window",
    LEFT_OUT: "Links and ratios when one matching rule is left out",
    FALSE_LINKS: "Ratios when a share of the links is false",
}
NOTHING = 1e-6  # percent: less is rounding
SHORT_SOURCES = {"terminations": "Terminations", "reoffending": "Reoffending"}
MODEL_OUTCOMES = {
    "termination": "Positive termination: odds ratio",
    "reoffended": "Reoffending: odds ratio",
    "reoffences": "Number of reoffences: rate ratio",
}
SHORT_OUTCOMES = {
    "termination": "positive termination",
    "reoffended": "reoffending",
    "reoffences": "number of reoffences",
}
KEY_QUESTIONS = ("engagement=yes", "desistance=yes")
KEY_LABELS = {name: JUDGEMENT_LABELS[name.partition("=")[0]]["yes"] for name in KEY_QUESTIONS}


def outcome_of(model_id: str) -> str:
    """The outcome a model id begins with."""
    return model_id.partition("__")[0]


def is_key_question(ratios: pd.DataFrame) -> pd.Series:
    """Rows of the two key questions, from the models that hold them."""
    return ratios["model_id"].str.endswith("__key_questions")


def coefficient_label(coefficient: str) -> str:
    """A judgement's question and level in words."""
    term, _, level = coefficient.partition("=")
    item = layout_2023.ITEM_BY_CODE[term]
    answer = {category.code: category.label for category in item.categories}.get(level, level)
    return f"{item.label} {answer}" if level != "yes" else item.label


def displayed_data(kind: str, rates: pd.DataFrame, ratios: pd.DataFrame) -> pd.DataFrame:
    """The numbers behind a figure, one row a scenario (false links: a scenario, outcome and key question)."""
    if kind == FALSE_LINKS:
        return _false_link_rows(ratios)
    parts, key_values = dict(_by_scenario(ratios)), _key_values(ratios)
    largest = ratios["change_percent"].groupby([ratios["scenario"], ratios["model_id"].map(outcome_of)]).max()
    rows = []
    for scenario, own in _by_scenario(rates):
        row: dict[str, object] = {"Days" if kind == WINDOW else "Rule left out": _scenario_label(kind, scenario)}
        for source, label in SHORT_SOURCES.items():
            found = own[own["source"] == source].iloc[0]
            row |= {f"{label}: matched (%)": found["rate"], f"{label}: links lost": found["links_lost"]}
        for outcome, name in SHORT_OUTCOMES.items():
            for key, label in KEY_LABELS.items() if kind == WINDOW else ():
                row[f"{label}, {name}: ratio"] = key_values.get((scenario, outcome, key))
            row[f"Largest change of a ratio for {name} (%)"] = largest.get((scenario, outcome))
        rows.append(row | {"Judgement whose ratio changes most": _most_changed(parts.get(scenario, ratios.head(0)))})
    return pd.DataFrame(rows)


def _key_values(ratios: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    """The ratios of the key questions by scenario, outcome and coefficient."""
    found = ratios[is_key_question(ratios)]
    keys = zip(found["scenario"], found["model_id"].map(outcome_of), found["coefficient"], strict=True)
    return dict(zip(keys, found["value"], strict=True))


def _most_changed(ratios: pd.DataFrame) -> str | None:
    """The judgement with the largest change, and the outcome; None where nothing changes."""
    changes = ratios["change_percent"].fillna(0.0)
    if not len(changes) or changes.max() < NOTHING:
        return None
    row = ratios.iloc[int(changes.to_numpy(dtype=float).argmax())]
    return f"{coefficient_label(str(row['coefficient']))} ({SHORT_OUTCOMES[outcome_of(str(row['model_id']))]})"


def _by_scenario(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    ordered = frame.sort_values("scenario_order", kind="stable")
    return [(str(name), part) for name, part in ordered.groupby("scenario", sort=False)]


def _scenario_label(kind: str, scenario: str) -> object:
    return int(scenario) if kind == WINDOW else rule_label(scenario)


def rule_label(rule: str) -> str:
    """A rule's name as words."""
    words = rule.replace("_", " ").replace("pnc", "PNC").replace("crn", "CRN").replace("dob", "birthday")
    return words if words[:1].isupper() else words[:1].upper() + words[1:]


def _false_link_rows(ratios: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for scenario, part in _by_scenario(ratios[is_key_question(ratios)]):
        for row in part.to_dict("records"):
            rows.append(
                {
                    "False links (%)": float(scenario),
                    "Outcome": SHORT_OUTCOMES[outcome_of(row["model_id"])],
                    "Judgement": KEY_LABELS[row["coefficient"]],
                    "Published ratio": row["published_value"],
                    "Ratio (median)": row["value"],
                    "2.5th percentile": row["spread_low"],
                    "97.5th percentile": row["spread_high"],
                    "Expected": row["expected_value"],
                }
            )
    return pd.DataFrame(rows)


def alternative_text(kind: str, rates: pd.DataFrame, ratios: pd.DataFrame) -> str:
    """The figure in words: what is drawn, the key questions' ratios at both ends, and the largest change."""
    opening = {
        WINDOW: "Four line charts by days of the window.",
        LEFT_OUT: "A bar chart of links lost, and three dot charts of the change of each ratio, by rule left out.",
        FALSE_LINKS: "Three line charts by percentage of false links.",
    }[kind]
    parts = [opening, *_rate_sentences(kind, rates)]
    for outcome, name in SHORT_OUTCOMES.items():
        own = ratios[ratios["model_id"].map(outcome_of) == outcome]
        if kind != LEFT_OUT:
            parts += [sentence for key in KEY_QUESTIONS if (sentence := _range_sentence(own, key, name))]
        largest = own["change_percent"].max()
        parts.append(f"Largest change of any judgement's ratio for {name}: {formatting.number(largest, 1, '%')}.")
    return " ".join(parts)


def _rate_sentences(kind: str, rates: pd.DataFrame) -> list[str]:
    sentences = []
    for source, label in SHORT_SOURCES.items() if kind != FALSE_LINKS else ():
        own = rates[rates["source"] == source].sort_values("scenario_order")
        if kind == LEFT_OUT:
            worst = own["links_lost"].max()
            rule = rule_label(str(own.loc[own["links_lost"] == worst, "scenario"].iloc[0])) if len(own) else ""
            sentences.append(f"{label}: at most {formatting.number(worst)} links lost (without {rule}).")
        else:
            first, last = own.iloc[0], own.iloc[-1]
            sentences.append(
                f"{label}: {formatting.number(first['rate'], 1, '%')} matched at {first['scenario']} days, "
                f"{formatting.number(last['rate'], 1, '%')} at {last['scenario']}."
            )
    return sentences


def _range_sentence(own: pd.DataFrame, key: str, name: str) -> str:
    rows = own[is_key_question(own) & (own["coefficient"] == key)]
    if rows["value"].notna().sum() == 0:
        return ""
    low, high = formatting.number(rows["value"].min(), 2), formatting.number(rows["value"].max(), 2)
    published = formatting.number(rows["published_value"].iloc[0], 2, missing=formatting.NOT_ESTIMABLE)
    return f"{KEY_LABELS[key]}, {name}: from {low} to {high}, published {published}."
