"""What may be told outside of groups of people, and the proof that nothing more can be worked out.

Belongs here: which people each published number counts, what must be kept back so that no small group can be found by
sums, differences or an earlier release, and the report for the output checker. Not here: the numbers themselves
(`methods/`), how a page shows a number that is kept back (`publications/`), putting a release in its place
(`releases/`).
"""
