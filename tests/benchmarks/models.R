# The six published models by R: Rscript tests/benchmarks/models.R cases.csv rounds   (prints the median seconds)
# Complete cases, logistic by stats::glm, negative binomial by MASS::glm.nb, as Python fits them beside it.
suppressPackageStartupMessages(library(MASS))
given <- commandArgs(trailingOnly = TRUE)
cases <- read.csv(given[1], stringsAsFactors = TRUE, na.strings = "")
controls <- c("age", "previous_sanctions", "ogrs_score", "gender", "ethnicity", "rosh_group")
sets <- list(
  c("engagement", "desistance"),
  c("starts_promptly", "working_relationship", "supports_completion", "non_compliance_addressed",
    "services_reduce_reoffending", "strengths_built_upon", "organisations_coordinated", "key_individuals_engaged",
    "contact_sufficient", "local_services_engaged"))
ended <- subset(cases, termination_outcome %in% c("positive", "negative"))
ended$y <- as.numeric(ended$termination_outcome == "positive")
known <- subset(cases, !is.na(reoffended)); known$y <- known$reoffended
again <- subset(known, reoffended == 1); again$y <- again$reoffences
fit_all <- function() for (judgements in sets) {
  glm(reformulate(c(controls, judgements), "y"), binomial, na.omit(ended[, c("y", controls, judgements)]))
  terms <- c(controls, "case_type", judgements)
  glm(reformulate(terms, "y"), binomial, na.omit(known[, c("y", terms)]))
  glm.nb(reformulate(terms, "y"), na.omit(again[, c("y", terms)]))
}
invisible(fit_all())
cat(median(sapply(seq_len(as.integer(given[2])), function(i) system.time(fit_all())[["elapsed"]])), "\n")
