"""What every page says alike: the licence, and words that a reader may not know.

Belongs here: the licence's name and place, the field's short forms and the statistics' names in a sentence each, what
is cited. Not here: whom to ask (a setting), the words of any table.
"""

LICENCE = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}

GLOSSARY: dict[str, str] = {
    "CRC": "Community Rehabilitation Company: a private provider of probation services, 2014 to 2021.",
    "NPS": "National Probation Service: the public provider of probation services, 2014 to 2021.",
    "ETE": "Education, training and employment, one of the needs that are assessed.",
    "OGRS": "Offender Group Reconviction Scale: a score, from age, sex and criminal history, of how likely "
    "reoffending is.",
    "Proven reoffending": "An offence within a year of the start that led to a caution or conviction within the year "
    "or the six months after it.",
    "Odds ratio": "The odds of an outcome in one group divided by those in another; 1 means no difference.",
    "Incidence rate ratio": "A mean number in one group divided by that in another; 1 means no difference.",
    "95% interval": "A range made so that, over many samples, 95 of 100 such ranges hold the true value.",
    "p": "How often a difference at least this large would be seen if there were none.",
    "Phi": "How strongly two yes-or-no answers go together: 0 not at all, 1 always.",
    "n": "The number of cases that a figure rests on.",
}

REFERENCES: dict[str, str] = {
    "2023/04": "HM Inspectorate of Probation (2023). Examining the links between probation supervision and positive "
    "outcomes: completion and proven reoffending. Research & Analysis Bulletin 2023/04.",
    "2020/03": "HM Inspectorate of Probation (2020). Tailoring delivery to service users' needs and strengths. "
    "Research & Analysis Bulletin 2020/03.",
    "benjamini_hochberg": "Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the "
    "Royal Statistical Society B 57, 289-300.",
    "firth": "Firth, D. (1993). Bias reduction of maximum likelihood estimates. Biometrika 80, 27-38.",
    "holm": "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of "
    "Statistics 6, 65-70.",
    "hosmer_lemeshow": "Hosmer, D. W. and Lemeshow, S. (2000). Applied Logistic Regression. 2nd edition. Wiley.",
    "rubin": "Rubin, D. B. (1987). Multiple Imputation for Nonresponse in Surveys. Wiley.",
    "vanderweele_ding": "VanderWeele, T. J. and Ding, P. (2017). Sensitivity analysis in observational research: "
    "introducing the E-value. Annals of Internal Medicine 167, 268-274.",
    "wilson": "Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of "
    "the American Statistical Association 22, 209-212.",
}
