"""Splink on the project's own extracts: told what to compare, trained without a truth, seeded.

Belongs here: the model, running it apart from the warehouse, and the pairs that a rule may ask for. Not here: any link
(`dbt_project/models/linkage` decides), and Splink's links beside ours (`second_opinion/`).
"""
