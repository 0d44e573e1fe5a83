"""Splink trained on the same extracts, beside the rules.

Belongs here: telling Splink what to compare, running it apart from the warehouse, and counting where it and the rules
disagree. Not here: any link of its own: nothing here changes what is linked or published.
"""
