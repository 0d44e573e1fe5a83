"""What the processes that write a release load, once for all of them: the pages with their libraries.

Belongs here: names of modules. Not here: any import, for a run names them before it loads anything.
"""

LOADED_BY_WRITERS = (
    "orchestration.releases.building",
    "duckdb",
    "gptables",
    "jinja2",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "odfdo",
)
