# Independent results for tests/backtest/test_robustness.py, from R's mice: what is missing drawn, and the fits pooled.
#   Rscript tests/backtest/reference/imputation.R CASES.csv     (from the project's folder; minutes)
# CASES.csv as for robustness.R. Writes imputation.csv (model_id, coefficient, n, estimate, std_error, between).
# Two answers by logistic, more by multinomial regression, numbers by predictive mean matching (mice's defaults); the
# outcome predicts too, as log(1 + y). Counts by glm.nb. Pooled by Rubin's rules; `between` is the variance between draws.

suppressPackageStartupMessages({library(mice); library(MASS)})
N_DRAWN <- 20
cases <- read.csv(commandArgs(TRUE)[1], stringsAsFactors = FALSE, na.strings = "")
source("tests/unit/methods/reference/layout.R")  # levels_of, controls, sets
for (v in names(levels_of)) cases[[v]] <- factor(cases[[v]], levels = levels_of[[v]])

with_outcome <- function(outcome) {
  if (outcome == "termination") {
    d <- cases[cases$termination_outcome %in% c("positive", "negative"), ]
    d$y <- as.numeric(d$termination_outcome == "positive")
  } else if (outcome == "reoffended") {
    d <- cases[!is.na(cases$reoffended), ]; d$y <- d$reoffended
  } else {
    d <- cases[!is.na(cases$reoffended) & cases$reoffended == 1, ]; d$y <- d$reoffences
  }
  d
}
named <- function(name, terms) {  # R's engagementyes -> engagement=yes
  for (v in terms) if (startsWith(name, v)) return(paste0(v, "=", substring(name, nchar(v) + 1)))
  name
}

rows <- list()
for (outcome in c("termination", "reoffended", "reoffences")) {
  d <- with_outcome(outcome)
  shared <- c(controls, if (outcome != "termination") "case_type")
  frame <- data.frame(d[, c(shared, unlist(sets))], y1 = log1p(d$y))
  drawn <- mice(frame, m = N_DRAWN, maxit = 5, seed = 2023, printFlag = FALSE)
  for (set in names(sets)) {
    terms <- c(shared, sets[[set]])
    formula <- as.formula(paste("y ~", paste(terms, collapse = " + ")))
    fits <- lapply(seq_len(N_DRAWN), function(i) {
      whole <- complete(drawn, i); whole$y <- d$y
      m <- if (outcome == "reoffences") glm.nb(formula, whole) else glm(formula, binomial, whole)
      list(b = coef(m), v = diag(vcov(m)))
    })
    b <- sapply(fits, `[[`, "b"); v <- sapply(fits, `[[`, "v")
    between <- apply(b, 1, var)
    total <- rowMeans(v) + (1 + 1 / N_DRAWN) * between
    judged <- grepl(paste0("^(", paste(sets[[set]], collapse = "|"), ")"), rownames(b))
    rows[[length(rows) + 1]] <- data.frame(
      model_id = paste0(outcome, "__", set), coefficient = sapply(rownames(b)[judged], named, sets[[set]]),
      n = nrow(d), estimate = rowMeans(b)[judged], std_error = sqrt(total)[judged], between = between[judged])
  }
}
write.csv(do.call(rbind, rows), "tests/backtest/reference/imputation.csv", row.names = FALSE)
