"""Long series of attacks, run by hand: `python -m tests.attacks.kills`."""
