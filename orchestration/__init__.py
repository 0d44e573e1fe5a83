"""Three confidential extracts in, the tables and figures of the bulletins out.

Belongs here: the rooms, the command line, what Dagster is given, the settings and the one exception a user sees. Not
here: any other module; it has a room.
"""

import os
import time

VERSION = "0.1.0"

# For the life of every process: the database makes its journal and what it spills whenever it likes.
os.umask(0o077)

# The models are small: more linear-algebra threads cost more in waiting for each other than they save (measured: the
# models take three seconds of processor time with one, over seventy with two on a busy machine), and one thread sums
# in one order, so the same input gives the same digits. Set before NumPy is first imported, whatever the shell says.
_ALGEBRA = ("OMP", "OPENBLAS", "MKL")
for _name in [name for name in os.environ if name.startswith(tuple(f"{library}_" for library in _ALGEBRA))]:
    del os.environ[_name]
for _library in _ALGEBRA:
    os.environ[f"{_library}_NUM_THREADS"] = "1"

# A day is the same day wherever the program is started.
os.environ["TZ"] = "UTC"
time.tzset()
