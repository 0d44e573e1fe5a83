"""What a person types, and what is printed in answer.

Belongs here: reading a command's options, calling the room that has the answer, printing it. Not here: the answers
themselves; every number and every file is made by another room.
"""
