"""Questions put to the links in the warehouse.

Belongs here: reading the restricted schemas for an evaluation or a study, and handing on frames or counts. Not here:
the linkage itself (`dbt_project/models/linkage`) and the statistics (`orchestration/methods/linkage`).
"""
