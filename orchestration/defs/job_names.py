"""Names of the jobs and of the asset groups each stage covers; importing them costs nothing."""

# Everything that a release holds; what is made when asked for is left out.
BULLETIN_JOB = "bulletins"
BULLETIN_2023_JOB = "bulletin_2023_04"
SECOND_OPINION_JOB = "second_opinion"
STABILITY_JOB = "stability"
BULLETIN_2020_JOB = "bulletin_2020_03"
ASKED_FOR_GROUPS = [SECOND_OPINION_JOB, STABILITY_JOB]
STAGE_GROUPS = {
    "ingest": ["extracts"],
    "link": ["staging", "reference", "linkage", "marts"],
    "models": ["models", "tables", "needs_models", "needs_tables"],
    "study": ["linkage_studies", "sample_design"],
    "publish": ["publication"],
}
_UP_TO_MARTS = [*STAGE_GROUPS["ingest"], *STAGE_GROUPS["link"]]
# What each bulletin needs before its release.
BULLETIN_GROUPS = {
    BULLETIN_2023_JOB: [*_UP_TO_MARTS, "models", "tables"],
    BULLETIN_2020_JOB: [*_UP_TO_MARTS, "needs_models", "needs_tables"],
}
