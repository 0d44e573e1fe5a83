"""Studies of the linkage: how good it is, who is missing, and whether it matters.

Belongs here: pure statistics on links, frames in and frames out, whose results carry counts and never a record. Not
here: the linkage itself (`dbt_project/models/linkage`) and the published models (the folders beside this one).
"""
