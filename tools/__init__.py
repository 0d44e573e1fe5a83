"""What those who work on the project use on its source.

Belongs here: reading the source, and writing what is generated from it. Not here: anything that a run uses; the wheel
leaves this folder out.
"""
