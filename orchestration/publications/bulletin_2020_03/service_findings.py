"""What is said of services at an organisational level: provider ratings, and responsible officers' view.

Belongs here: section 2.1 of Bulletin 2020/03 in words, as far as data can say it. Not here: findings from the cases
(`findings.py`).
"""

from orchestration.methods.bulletin_2020_03.provider_ratings import RATINGS
from orchestration.publications.bulletin_2020_03.results_reader import NeedsResults
from orchestration.publications.shared import formatting

NO_RATINGS = (
    "No provider ratings were delivered with this release, so the ratings for services and their figure (the second "
    "Figure 1 of the bulletin) are left out."
)
_PROVIDERS = {"crc": "CRCs", "nps": "NPS divisions"}


def rating_findings(results: NeedsResults) -> list[str]:
    """How many providers of each type were rated how for services; a note where no ratings were delivered."""
    sentences = [sentence for provider_type in _PROVIDERS if (sentence := _rated(results, provider_type))]
    if not sentences:
        return [NO_RATINGS]
    return [*sentences, *_comparison(results)]


def _rated(results: NeedsResults, provider_type: str) -> str:
    found = {rating: results.rating(provider_type, rating) for rating in RATINGS}
    given = {rating: int(row["n"]) for rating, row in found.items() if row is not None and int(row["n"])}
    if not given:
        return ""
    counts = [f"{formatting.number(n)} {rating.replace('_', ' ')}" for rating, n in given.items()]
    counts[0] = counts[0].replace(" ", " were rated " if next(iter(given.values())) > 1 else " was rated ", 1)
    listed = counts[0] if len(counts) == 1 else f"{', '.join(counts[:-1])} and {counts[-1]}"
    total = sum(given.values())
    names = _PROVIDERS[provider_type].removesuffix("s") if total == 1 else _PROVIDERS[provider_type]
    return f"Of the {formatting.number(total)} {names} rated for services, {listed}."


def _comparison(results: NeedsResults) -> list[str]:
    """The share rated good or better, where both types were rated."""
    shares: dict[str, float] = {}
    for provider_type in _PROVIDERS:
        rows = [results.rating(provider_type, rating) for rating in ("outstanding", "good")]
        percents = [row["percent"] for row in rows if row is not None and not formatting.is_missing(row["percent"])]
        if len(percents) == len(rows):
            shares[provider_type] = float(sum(percents))
    if len(shares) < len(_PROVIDERS):
        return []
    crc, nps = (formatting.number(shares[name], 0, "%") for name in ("crc", "nps"))
    if shares["crc"] == shares["nps"]:
        return [f"The same share of both, {nps}, was rated good or outstanding."]
    way = "more" if shares["nps"] > shares["crc"] else "less"
    return [f"NPS divisions were rated good or outstanding {way} often: {nps} of them, against {crc} of CRCs."]


def officer_findings(results: NeedsResults) -> list[str]:
    """Whether responsible officers said that services met the needs (2020/03, 2.1.2)."""
    share = results.headline("officers_services_available_pct")
    if share is None or formatting.is_missing(share["value"]):
        return ["No responsible officer's view of the services was recorded."]
    return [
        f"Responsible officers said in {results.headline_text('officers_services_available_pct')} of the cases they "
        f"were asked about ({results.headline_text('officers_services_available_n')} of "
        f"{formatting.number(share['n'])}) that the organisation provided the services to meet the identified needs."
    ]
