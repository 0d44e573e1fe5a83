"""Binary Excel workbooks: what they keep beside values is told or stops.

Of the older kind, whose rows and formulas nothing here can hide or leave empty, there are four as the library xlwt
wrote them, packed. Each workbook holds six terminated sentences, T1 to T6, of one made-up surname.
"""

import base64
import zlib
from datetime import date
from pathlib import Path

import pytest

from orchestration.errors import PipelineError
from tests.made_up import binary_workbooks
from tests.made_up.binary_workbooks import EMPTY_FORMULA, hidden_column, merged, rows_of
from tests.made_up.extracts import write_bytes
from tests.unit.expectations.test_kinds import judge

WORKBOOKS = {
    "hidden rows": (
        "eNrtmE9IFGEUwN83//ZP7rqaBhrIYmRlCv6psINuBuVJsQiKCGzcGWhRZ2N2heqSZR6DoFPRRfDSxerSH+pQtw6BUYcgCNw6dgoK"
        "OqjT+958u+5Xe3ChpGLeMm/ee9/7fvPtfP9m5vVS3fL8g+YC/CQDoMKaFwGjLMbwiBSdBGC553GzeA7j4QXyT0kkjB1p6PA09irE"
        "+5D3dwEUuK+9QA3wEY8zcB5Gso6d3EQ5TG0wGW9DP2oGdzAShyZqVT3pNOmtpO9R5jPShyhynXQ/5i6z07CUGmnvE6P4lNJKZXHg"
        "3EdU5z1FuqERXvJRfPkG83N1GHQz5uTfWdCi1cACYL8N2Y7tmpPL0IAduADfvCTA1+JMfZ4M4psbZ4Dx73I8VCF+U9EAZsA7SwN8"
        "DhfXQc3v4MEVmIcdaNb6a65rp7OuNZaxYgA528nbTtoes8y8jbM3b7tTGcfMZ7IOherlkGubuayDgyQ37TrmlI3j/ER3FKCnq7uv"
        "s6u3s2vdOYgOLuL2hfTktGVbOsCw6ebO8Ro9XPVytY+r/VwdiPLG0QKSkBaQGE2sGtQW/gFu19H0SuAWsXL3y5vh8dHUGEVmaNPw"
        "t5ad/G6AB1d4DawcpxKC4oAHaKcae0lfJep2sptJN2AOnttGG4VxdJZyrlFpG16nl+RtaleZvRvtuc/HHrfMfUrtQXtxqHCpYfFd"
        "ah5a8bZbWJ//ZqGDdbDbt7g8SRXPTCxDH0g3/bIkhZWEaLsn9s9aWIUomXWkfY/fHVbyFHGvfE9FTy15GnqaILMKZEZkXeQzIhsl"
        "j5NDJY+TwyWPkyOCrFQgK0SOinxFIisSWZHIikRWy8hJQVaJvEXkqxJZlciqRFYlslahzRqRa0S+JpE1iaxJZE0i6xXIOpFjIl+X"
        "yLpE1iWyLpGNCmSDyHGRb0hkQyIbEtkokQeUenjIuwu3wXWJQiCBBBJIIIEEEkjZNx2FHjRBPET5j/Ah8V1nFY+14DPJfyvHIYu/"
        "PL6YHgEHzy5crGr8bAOdFVlsg3WK3wu5nMSruzAB49SOiarHL76CsfL/s+GKid83haq9/lo17fzD1/8B/3EK8Q=="
    ),
    "a hidden column": (
        "eNrtmE9IFGEUwN83/9xdd9fVNNBAxMjKFPxTYQfdDMqTYhEUEdi4M9CizsbsChVElnkMok5FF8FLF6tLf6hD3ToERh2CIFjr2Cko"
        "6KBO73v77epXc3ChpD/zlnnz3pv3/b5v5vs3O68WqvOz9xsW4QfpAxVWvDAYa2IMj3DRSQBe9zxuFs8hPLxA/ioJh7AjDR2exF5W"
        "8D7k/b0ICtzTnqMG+IDHSTgDQxnHbtpAOUBtMBlvQy9qBrcxEod6alUN6RTpTaTvUuZT0vspcpV0L+bm2QlYSA619ohRfFxppmtx"
        "4NyHVOYdRTqhDl7wUXzxGivk6tDvps3xP/NCoxaFOcB+G7Ad2zXH81CLHTgHX70mgC/FmfqsKYhvbJwBxr/J8Qqf+A1FA5gC7xQN"
        "8BlcXPu1Qgf3L8EsbEWzqrDmunYq41ojaSsGkLWdnO2k7BHLzNk4e3O2O5F2zFw641CoRg65tpnNODhIspOuY07YOM6PdkYAujo6"
        "e9o7uts7Vp196OAibp9NjU9atqUDDJpu9jQv0cVVN1e7udrD1d4IbxwtIAlpAYnRxIqitvAGuF1N0yuBW8TSnc+vB0eHkyMUmaJN"
        "g98xg238aYAHl3iJ6AUsr+HvemUVbTygxCmTKsEJANBKhF2kL1MtW8huIF2LOXhuGa4TxqFpyrlCV1uw3m6SN8nta+wdaM98Ovyo"
        "ceZjcifa8wOL52vn3yZnoRm7waJ2MpiGNtbGbt3k8jhZPDOxLL0nXf/TEhVSEqLtnthPq2AZImRWky54/GmxkqeIZ1fwVPTUkqeh"
        "pwky8yEzIusinxHZKHmcXFHyODlU8jg5LMiKD1khckTkKxJZkciKRFYksupDVolcKfJViaxKZFUiqxJZ8yFrRI6KfE0iaxJZk8ia"
        "RNZ9yDqRYyJfl8i6RNYlsi6RDR+yQeS4yDcksiGRDYlslMh9Sg084N2F2+KqRCCQQAIJJJBAAvlvhdErJtBrlyZerA3xms2/6yzj"
        "sRJ8Jvln5Qhk8JfDP6YHwcGzC+fKGj+bQWdFFltnmeL3Qi7HsHYXxmCU2jFW9vjFv1xs7f2su2Di102hcutfKaedv7n+74UoDBA="
    ),
    "formulas without values": (
        "eNrtmE9IFFEYwL83/9zdXF03LTQUEbIyBf9U6EE3g/KUWARFBDbuzGFRZ2tcwbpkmccg6GR0Ebx0sbr0hzrUrUNg1CEIAq1jp6Cg"
        "gzp979u3q6+G1oUSi/mW+eZ933vv+719f2fm9ULF4uyDmiX4SXpAhVUvDMY6H8MrnDNigPmex5O5ewgvL5B/SsIhHEhDh6fRVyV8"
        "DPl4L4EC97UXqAE+4nUOLkB/2rHrN1GOUBtMxtvQjZrBHfSUQTW1Kk46SXo76XtU8hnpw+S5Qbobyy6ys7CQ6G/qFLP4jNJAeWXA"
        "4z6iOu/J0wZV8JLP4is3WbasDr1uyhzZmhl1WinMAY5bn+3YrjmyCJU4gHPwzasH+Jpbqc/rA//m+hmg/7vsL/Hx31I0gEnwztME"
        "n8bNtUvLDnDvMsxALc1R2nNdO5l2rcGUFQUYs52M7STtQcvM2Lh6M7Y7mnLMTCrtkCsuu1zbHEs7OEnGxl3HHLVxnp9qiwC0t7Z1"
        "trR2tLSuGV1o4CZuTyRHxi3b4iXbuerg6gBXB7k6FOGNoo0jJm0cUVpQpagtKKd0BS2rGB4Ny3e/vDk+NJAYJM8kHRbZI2U37wXw"
        "4CqvgZXLKIeC4kQHaKIa+0lfo6i7KF1DuhLL4L1xoEokjk1RmeuU24icDpK3iT3r0nsxPf35xOO66U+JfZie71u6XDn/LjELDdjd"
        "FtbnvyloZs3s9gyXJ4ncnYnt5wPp6l+2opASE233xLlZDisQoWQF6azFe4flLUX0VdZS0VLzloaWJiIzn8iMIuuiPKPIRt7ikUvy"
        "Fo8covGqRUsTHH5wg+j3nQwmei8STPGBKQQLi4CKBFMkmCLBlEIw1QemEiwiAqoSTJVgqgRTC8E0H5hGsG0ioCbBNAmmSTCtEEz3"
        "gekEKxUBdQmmSzBdgumFYIYPzCBYVAQ0JJghwQwJZvwO1qPE4SGfDXjgrkkEAgkkkEACCSSQLS6MHj2BznhNPHAb4vGbf9dZwWs1"
        "+Ezy38pJSOMvgy+mR8HBuwuXipo/O0BnuVhsg3Vy3wu5nEa6C8MwRO0YLnr+4qsYW/9/Nlwx9ueWULH81WLa+Zf5PwCNYRbj"
    ),
    "merged cells": (
        "eNrtmE9IFGEUwN83//ZP7rqaBhqICP0zBf9U2EE3g/KkWARFBDbuDLSoszG7QnXJMo9B0KnoInjpYnXpD0XUrUNg1CEIAi06dQoK"
        "OqjT+958u+5Xc3ChpGLeMm/ee9/3fvPNfP9m59VCzeLsvcYl+En6QIVVLwZGWYzhESs6KcByz+Nm8RzFwwvln5JYFDvS0OFx4mWE"
        "9yHv7yVQ4K72HDXABzxOwVkYyjl28wbKQWqDyXgbelEzuIWRJDRQq2pJZ0hvJn2Haj4hfYAiV0n3Yt1FdhIW0kOtPWIUn1BaqCwJ"
        "nPuAct5RpBPq4QUfxRevMb+uDv1u1hz/OwuatCqYA+y3AduxXXN8EeqwA+fgm9cM8LU4U581h/GNjTPA+Hc5HgmIX1c0gCnwTtMA"
        "n8HFtV/zO7h/GWahCc1qf8117UzOtUayVgIgbzsF28nYI5ZZsHH2Fmx3IuuYhWzOoVCtHHJtM59zcJDkJ13HnLBxnB/rjAN0dXT2"
        "tHd0t3esOfvRwUXcPpcZn7Rsi9fs4qqbqz1c7eVqnw4waLr5M3HeOFpAUtICkqCJVYXawhvgdg1NrxRuEcu3v7weHB1Oj1BkijYN"
        "f2vZxp8GeHCJZ2BykkoIigMeoJUydpO+TNStZDeSrsM6eN4+XC+Mw9NU5wqVbsfrdJO8Se8os3eiPfP5yMOmmY/pXWjPDyxdqJt/"
        "m56FFnzsFubz3zS0sTZ28waXR+nimYll6D3phl+WpKiSEm33xP5ZDSsQJ7OGtO/xp8NKniKele+p6KklT0NPE2QWQGZE1kV9RmSj"
        "5HFypORxcrTkcXJSkJUAskLkmKivSGRFIisl8lPUimgz56oBXJW4cZGrSlxV4qoSVy3jagFcjbibRK4mcTWJq0lcrYyrB3B14laJ"
        "XF3i6hJXl7h6GdcI4BrETYhcQ+IaEteQuIbgfhL9bdAd9Cm1cJ93GW6FaxKHUEIJJZRQQgklFPHirdCLJogXKf8VPiK+66zgsRp+"
        "Jvlv5Sjk8FfAP6aHwMGzC+crGj9bQGdFFltnTvF7IZfjeHUXxmCU2jFW8fjFv2Cs/H7WnZj6fVOo0uuvVtLOP3z9H+A7Cm0="
    ),
}
_ROWS = [
    ["record_id", "surname", "sentence_date", "termination_date", "termination_reason"],
    *([f"T{i}", "Nowak", date(2018, 3, i), date(2019, 3, i), "ran_full_course"] for i in range(1, 7)),
]
_FORMULAS = [_ROWS[0], *([row[0], EMPTY_FORMULA, *row[2:]] for row in _ROWS[1:])]
_MERGED = [*_ROWS[:2], *([row[0], None, *row[2:]] for row in _ROWS[2:])]
BINARY_WORKBOOKS = {
    "hidden rows": binary_workbooks.workbook(rows_of(_ROWS, hidden=[4])),
    "a hidden column": binary_workbooks.workbook(rows_of(_ROWS), before=hidden_column(2)),
    "formulas without values": binary_workbooks.workbook(rows_of(_FORMULAS)),
    "merged cells": binary_workbooks.workbook(rows_of(_MERGED), after=merged(2, 2, 7, 2)),
}
ENDS: dict[str, tuple[set[str], set[str], str]] = {
    "hidden rows": (set(), {"no_hidden_rows"}, "line 4"),
    "a hidden column": (set(), {"no_hidden_columns"}, "surname"),
    "formulas without values": ({"formulas_have_values"}, set(), "lines 2, 3, 4, 5, 6 and 1 more"),
    "merged cells": ({"cells_not_merged"}, set(), "lines 3, 4, 5, 6, 7"),
}


@pytest.mark.parametrize("ending", [".xls", ".xlsb"])
@pytest.mark.parametrize("kind", ENDS)
def test_what_a_binary_workbook_hides_is_told_or_stops(tmp_path: Path, kind: str, ending: str) -> None:
    stops, warns, told = ENDS[kind]
    content = zlib.decompress(base64.b64decode(WORKBOOKS[kind])) if ending == ".xls" else BINARY_WORKBOOKS[kind]
    write_bytes(tmp_path, content, f"extract{ending}")
    judged = judge(tmp_path)
    assert (judged.stops, judged.warns) == (stops, warns)
    assert told in judged.told
    assert judged.rows["record_id"].tolist() == [f"T{number}" for number in range(1, 7)]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_an_older_workbook_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    whole = zlib.decompress(base64.b64decode(WORKBOOKS["hidden rows"]))
    write_bytes(tmp_path, whole[: int(share * len(whole))], "extract.xls")
    with pytest.raises(PipelineError, match="cannot be read as an older Excel workbook"):
        judge(tmp_path)
