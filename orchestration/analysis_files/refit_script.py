"""A script for R that fits the published models again from the exported cases, and says how far they are apart.

Belongs here: the script's text, its models and levels taken from their one declaration. Not here: what is exported
(`analysis_file.py`), and our own fits (`methods/bulletin_2023_04`).
"""

from collections.abc import Iterable

from orchestration.methods.layouts.specification import BULLETIN_MODELS, Term

SCRIPT_NAME = "refit.R"
# In standard errors of the coefficient. Both sides end within some 1e-9 of the maximum.
CLOSE_ENOUGH = 1e-6


def refit_script() -> str:
    """The script. Every published model with an estimate for each of its coefficients is fitted and compared."""
    terms = {term.name: term for model in BULLETIN_MODELS for term in model.terms}.values()
    levels = ",\n".join(f"  {term.name} = {_vector(_reference_first(term))}" for term in terms if not term.is_interval)
    models = ",\n".join(
        f'  {model.model_id} = list(outcome = "{model.outcome}",\n    terms = {_vector(t.name for t in model.terms)})'
        for model in BULLETIN_MODELS
    )
    return _SCRIPT.format(levels=levels, models=models, close_enough=f"{CLOSE_ENOUGH:g}")


def _reference_first(term: Term) -> list[str]:
    return [term.reference, *term.contrasts]


def _vector(values: Iterable[str]) -> str:
    quoted = [f'"{value}"' for value in values]
    lines = [", ".join(quoted[at : at + 4]) for at in range(0, len(quoted), 4)]
    return "c(" + ",\n      ".join(lines) + ")"


_SCRIPT = """# The published models of Bulletin 2023/04, fitted again by R from cases.csv, beside what was published.
#   Rscript refit.R        (in this folder; R with its package MASS)
# Prints, for each model, its cases and the largest distance of a coefficient from the published one, in standard
# errors; ends with an error where one is further away than {close_enough}.
suppressPackageStartupMessages(library(MASS))
cases <- read.csv("cases.csv", na.strings = "", stringsAsFactors = FALSE)
published <- read.csv("published_coefficients.csv", na.strings = "", stringsAsFactors = FALSE)

# The first level is the reference.
levels_of <- list(
{levels})
for (name in names(levels_of)) cases[[name]] <- factor(cases[[name]], levels = levels_of[[name]])

models <- list(
{models})

cases_with <- function(outcome) {{
  if (outcome == "termination_positive") {{
    found <- cases[cases$termination_outcome %in% c("positive", "negative"), ]
    found$y <- as.numeric(found$termination_outcome == "positive")
  }} else if (outcome == "reoffended") {{
    found <- cases[!is.na(cases$reoffended), ]
    found$y <- found$reoffended
  }} else {{
    found <- cases[!is.na(cases$reoffended) & cases$reoffended == 1 & !is.na(cases$reoffences), ]
    found$y <- found$reoffences
  }}
  found
}}

fit <- function(model, family) {{
  complete <- na.omit(cases_with(model$outcome)[, c("y", model$terms)])
  formula <- reformulate(model$terms, "y")
  exact <- glm.control(epsilon = 1e-14, maxit = 200)
  switch(family,
    logistic = glm(formula, binomial, complete, control = exact),
    poisson = glm(formula, poisson, complete, control = exact),
    negative_binomial = glm.nb(formula, complete, control = glm.control(epsilon = 1e-12, maxit = 200)))
}}

name_of <- function(coefficient) {{  # R's genderfemale is gender=female
  if (coefficient == "(Intercept)") return("intercept")
  for (name in names(levels_of)) for (level in levels_of[[name]])
    if (coefficient == paste0(name, level)) return(paste0(name, "=", level))
  coefficient
}}

worst <- 0
for (id in names(models)) {{
  expected <- published[published$model_id == id, ]
  if (nrow(expected) == 0 || any(is.na(expected$estimate))) {{
    cat(sprintf("%-28s left out: not every coefficient has an estimate\\n", id))
    next
  }}
  fitted <- suppressWarnings(fit(models[[id]], expected$family[1]))
  estimates <- coef(fitted)
  names(estimates) <- vapply(names(estimates), name_of, "")
  expected <- expected[expected$coefficient %in% names(estimates), ]
  apart <- max(abs(estimates[expected$coefficient] - expected$estimate) / expected$std_error)
  cat(sprintf("%-28s %5d cases  %2d coefficients  %.1e standard errors apart\\n",
              id, nrow(model.frame(fitted)), nrow(expected), apart))
  worst <- max(worst, apart)
}}
if (worst > {close_enough}) stop("R and the published models differ", call. = FALSE)
"""
