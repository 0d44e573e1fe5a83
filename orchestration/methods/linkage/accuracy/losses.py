"""Where links are lost: false and missed links, one by one with a reason, and counted.

Belongs here: the reasons, in their order. Not here: rates and intervals (`quality.py`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.methods.layouts.frames import declared, frame_of
from orchestration.methods.linkage.accuracy.evidence import FIELDS, STATES, Evidence, is_among, judged_cases
from orchestration.tables.linkage_quality import FALSE_LINKS, LINKAGE_LOSS_FIELDS, LINKAGE_LOSSES, MISSED_LINKS

# A missed link's reason is the first of these that holds.
MISSED_REASONS = {
    "wrong_record_chosen": "matched to another record, although a true one was among those to choose from",
    "wrong_person_chosen": "matched to somebody else's record; no true one was among those to choose from",
    "ambiguous": "a unique rule reached two people",
    "withheld": "a true record satisfied a rule and was not taken (an override)",
    "vetoed": "a rule was satisfied but for two different valid PNC identifiers",
    "contradicted": "set aside: nothing compared agrees but a number, or birthday and a name are another person's",
    "no_rule_satisfied": "compared, but what agrees makes no rule",
    "not_a_candidate_disagreeing": "never compared: every block that could be formed disagrees, "
    "or agrees beside two PNC identifiers that differ",
    "not_a_candidate_missing": "never compared: no block could be formed, identifiers are missing or invalid",
}
FALSE_REASONS = {
    "wrong_record_chosen": "a true record was among those to choose from, and another was chosen",
    "wrong_person_chosen": "a true record lies inside the window, and somebody else's was chosen",
    "no_true_record": "the extract holds no record of the person inside the window",
}
REJECTED = "rejected_before_linkage"  # not a missed link: what ingest refused, no linkage can find
# What a field is compared by, where it is not itself one of `FIELDS`.
_NEEDS = {"swapped_names": ("surname", "first_forename"), "same_day": (), "probable": ()}
# How far an unmatched case's record came; the furthest one gives the reason.
_STAGES = ("not_a_candidate", "no_rule_satisfied", "contradicted", "vetoed", "withheld")


@dataclass(frozen=True)
class Losses:
    """`false_links`, `missed_links`: the lists (restricted). `linkage_losses`, `linkage_loss_fields`: counts alone."""

    false_links: pd.DataFrame
    missed_links: pd.DataFrame
    linkage_losses: pd.DataFrame
    linkage_loss_fields: pd.DataFrame


def linkage_losses(evidence: Sequence[Evidence]) -> Losses:
    """Every false and missed link with one reason, and their counts; empty frames without evidence.

    A missed link: a linkable case whose chosen record is not true, or that has none; the record listed is the true
    one that came furthest, of equals the closest in time. A false link: a matched case whose chosen record is not
    true. One case can be both. `missed_links` also lists, without a record, the cases of which the gate rejected
    the only true record; they count as a kind of their own (`lost_before_linkage`), not as linkable. `share` is
    percent of the kind. `linkage_loss_fields` counts the state of each field of the records listed.
    """
    parts = [part for part in evidence if len(part.cases)]
    false = [(part.source, false_pairs(part)) for part in parts]
    missed = [(part.source, missed_pairs(part)) for part in parts]
    sources = [part.source for part in parts]
    false_list = _stacked([_listed(source, pairs) for source, pairs in false])
    missed_list = _stacked([_listed(source, pairs) for source, pairs in missed])
    rejected = _stacked([_rejected(part) for part in parts])
    counts = [
        *_counts(sources, "false_link", list(FALSE_REASONS), false_list),
        *_counts(sources, "missed_link", list(MISSED_REASONS), missed_list),
        *_counts(sources, "lost_before_linkage", [REJECTED], rejected),
    ]
    fields = [*_field_counts("false_link", false), *_field_counts("missed_link", missed)]
    return Losses(
        false_links=false_list,
        missed_links=_stacked([missed_list, rejected]),
        linkage_losses=frame_of(LINKAGE_LOSSES, counts),
        linkage_loss_fields=frame_of(LINKAGE_LOSS_FIELDS, fields),
    )


def missed_pairs(evidence: Evidence) -> pd.DataFrame:
    """One row a missed link: the true record that came furthest, with `status`, `rule` and `reason`."""
    cases = judged_cases(evidence)
    missed = cases.loc[cases["is_linkable"] & ~cases["is_true_link"], ["case_id", "status", "rule", "is_matched"]]
    pairs = evidence.pairs[evidence.pairs["is_true_in_window"]].merge(missed, on="case_id")
    any_decided = pairs["is_decided"].groupby(pairs["case_id"]).transform("any")
    pairs = pairs.assign(any_decided=any_decided, stage=_stage(pairs), distance=pairs["date_difference_days"].abs())
    by = ["case_id", "stage", "distance", "date_difference_days", "record_id"]
    furthest = pairs.sort_values(by, ascending=[True, False, True, False, True]).drop_duplicates("case_id")
    return furthest.assign(reason=_missed_reason(furthest, evidence.blocks)).reset_index(drop=True)


def false_pairs(evidence: Evidence) -> pd.DataFrame:
    """One row a false link: the record chosen, with `status`, `rule` and `reason`."""
    pairs = evidence.pairs
    false = pairs[pairs["is_chosen"] & ~pairs["is_true"]].merge(
        evidence.cases[["case_id", "status", "rule"]], on="case_id"
    )
    true_pairs = pairs[pairs["is_true_in_window"]]
    could_choose = is_among(false["case_id"], true_pairs.loc[true_pairs["is_decided"], "case_id"])
    is_linkable = is_among(false["case_id"], true_pairs["case_id"])
    reason = np.select([could_choose, is_linkable], list(FALSE_REASONS)[:2], list(FALSE_REASONS)[2])
    return false.assign(reason=reason).sort_values("case_id", ignore_index=True)


def _stage(pairs: pd.DataFrame) -> np.ndarray:
    """How far each record came, as a position in `_STAGES`."""
    fits_a_rule = pairs["is_satisfying"] | pairs["is_satisfying_unguarded"]
    is_vetoed = pairs["has_conflicting_pnc"] & fits_a_rule & ~pairs["is_satisfying"]
    seen = [pairs["is_contradicted"], is_vetoed, fits_a_rule, pairs["is_candidate"]]
    stages = ("contradicted", "vetoed", "withheld", "no_rule_satisfied")
    return np.select(seen, [_STAGES.index(stage) for stage in stages], _STAGES.index("not_a_candidate"))


def _missed_reason(pairs: pd.DataFrame, blocks: pd.DataFrame) -> np.ndarray:
    stage = np.array(_STAGES, dtype=object)[pairs["stage"].to_numpy()]
    could_compare = np.zeros(len(pairs), dtype=bool)
    for fields in blocks["fields"]:
        could_compare |= _has_fields(pairs, fields.split())
    is_matched = pairs["is_matched"]
    conditions = [
        is_matched & pairs["any_decided"],
        is_matched,
        pairs["status"] == "ambiguous",
        stage != "not_a_candidate",
        could_compare,
    ]
    reasons = ["wrong_record_chosen", "wrong_person_chosen", "ambiguous", stage, "not_a_candidate_disagreeing"]
    return np.select(conditions, reasons, "not_a_candidate_missing")


def _has_fields(pairs: pd.DataFrame, fields: list[str]) -> np.ndarray:
    """Whether both sides hold what these fields are compared by; never, where that is no identifier (Splink's word)."""
    needed = {part for field in fields for part in _NEEDS.get(field, (field,))}
    if not needed:
        return np.zeros(len(pairs), dtype=bool)
    states = [pairs[f"state_{field}"].isin(["agrees", "disagrees"]).to_numpy() for field in sorted(needed)]
    return np.logical_and.reduce(states)


def _listed(source: str, pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs as rows of a restricted list."""
    states = pairs[[f"state_{field}" for field in FIELDS]].to_numpy(dtype=object)
    named = {state: [_names(row, state) for row in states] for state in STATES}
    swapped = ["swapped_names" if is_swapped else "" for is_swapped in pairs["is_swapped"]]
    agreeing = [f"{fields} {swap}".strip() for fields, swap in zip(named["agrees"], swapped, strict=True)]
    listed = pairs.assign(
        source=source,
        fields_agreeing=agreeing,
        fields_disagreeing=named["disagrees"],
        fields_missing=named["missing"],
        fields_invalid=named["invalid"],
    )
    return declared(FALSE_LINKS, listed)


def _names(states: np.ndarray, state: str) -> str:
    return " ".join(field for field, found in zip(FIELDS, states, strict=True) if found == state)


def _rejected(evidence: Evidence) -> pd.DataFrame:
    """Cases of which no true record was accepted inside the window, but one was rejected."""
    cases = judged_cases(evidence)
    lost = cases.loc[cases["has_rejected_record"] & ~cases["is_linkable"], ["case_id", "status", "rule"]]
    listed = lost.assign(source=evidence.source, reason=REJECTED).reindex(columns=MISSED_LINKS.names)
    return declared(MISSED_LINKS, listed)


def _counts(sources: list[str], kind: str, reasons: Sequence[str], listed: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Every reason of a kind for each source, also those that did not occur."""
    for source in sources:
        own = listed.loc[listed["source"] == source, "reason"]
        for reason in reasons:
            n = int((own == reason).sum())
            share = 100 * n / len(own) if len(own) else np.nan
            yield {"source": source, "kind": kind, "reason": reason, "n": n, "share": share}


def _field_counts(kind: str, pairs: Sequence[tuple[str, pd.DataFrame]]) -> Iterator[dict[str, object]]:
    """How often each field was in each state, by source and reason."""
    for source, frame in pairs:
        for field in FIELDS:
            counts = frame.groupby(["reason", f"state_{field}"]).size().reset_index(name="n")
            for reason, state, n in counts.itertuples(index=False):
                yield {"source": source, "kind": kind, "reason": reason, "field": field, "state": state, "n": n}


def _stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    empty = frame_of(MISSED_LINKS, [])
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else empty
