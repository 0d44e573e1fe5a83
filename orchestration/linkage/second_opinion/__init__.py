"""Splink's links on the same extracts, beside those of the rules.

Belongs here: choosing Splink's record, and counting where it and the rules disagree. Not here: Splink itself
(`probabilistic/`), and any link of its own: nothing here changes what is linked or published.
"""
