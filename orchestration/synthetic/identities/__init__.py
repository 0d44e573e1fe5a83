"""Invented people.

Belongs here: names, birth dates, PNC identifiers and CRNs, how rows write them down, and what can be wrong with a
row. Not here: cases, sentences and outcomes.
"""
