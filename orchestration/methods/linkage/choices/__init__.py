"""What the published numbers would be had the links been chosen otherwise.

Belongs here: other windows, rules left out, false links put in, and the published numbers refitted on each. Not here:
comparing records: one comparison of pairs comes in, and no identifier.
"""
