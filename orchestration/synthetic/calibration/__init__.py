"""Solving the synthetic profile: 3,308 cases that return the two bulletins' published figures.

Belongs here: the attributes and outcomes of the cases, without identities. Not here: names, identifiers,
dates and blemishes (they are drawn for any seed beside this package), and anything the pipeline itself uses.
"""
