"""Delivery against needs: which cases allow answers that print as published."""

import numpy as np
import pandas as pd

from orchestration.synthetic.calibration.delivery import rare_answers_exist
from orchestration.synthetic.profile import read_profile


def test_the_shipped_cases_allow_answers_to_the_rarest_need_and_strength():
    assert rare_answers_exist(read_profile())


def test_needs_fallen_on_too_few_cases_allow_none():
    profile = read_profile()
    few = np.where(np.arange(len(profile)) < 10, "yes", "no")
    assert not rare_answers_exist(profile.assign(need_ete=pd.Series(few, dtype="str")))
