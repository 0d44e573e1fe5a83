"""The stages as assets and asset checks, a module each part of the pipeline.

Belongs here: reading what a stage needs, calling the room that knows how, writing what comes back. Not here: how it
is done: no statistics, no rule of a gate, no word of a page.
"""
