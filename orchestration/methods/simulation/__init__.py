"""Populations whose truth is known, and what the method makes of them.

Belongs here: drawing such populations, putting the models to them, and how often they are right. Not here: the models,
and running thousands of populations (`orchestration/simulation`).
"""
