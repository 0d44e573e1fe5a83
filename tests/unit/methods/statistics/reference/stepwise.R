# Forward stepwise logistic regression, written independently of the project: glm, add1(test = "Rao"),
# drop1(test = "LRT"), Wald's test and the conditional statistic by their formulas, and the rule of SPSS's LOGISTIC
# REGRESSION, FSTEP: enter the smallest p below .05, then remove the largest p above .10 until none is, stop when an
# entry leads to a model seen before, and before a removal that would.
#   Rscript tests/unit/methods/statistics/reference/stepwise.R     (from the project's folder)
# Reads stepwise_cases.csv and stepwise_terms.csv (made by make_stepwise.py); writes stepwise_steps.csv
# (every test of every selection) and stepwise_versions.txt.

options(digits = 17)
here <- "tests/unit/methods/statistics/reference"
counted <- read.csv(file.path(here, "stepwise_cases.csv"))
terms_of <- read.csv(file.path(here, "stepwise_terms.csv"))
tight <- glm.control(epsilon = 1e-15, maxit = 40)
p_of <- function(chi2, df) if (is.na(chi2) || is.na(df) || df < 1) NA else pchisq(max(chi2, 0), df, lower.tail = FALSE)

frame_of <- function(set) {
  rows <- counted[counted$set == set, ]
  spec <- terms_of[terms_of$set == set, ]
  d <- rows[rep(seq_len(nrow(rows)), rows$n), c("y", spec$term)]
  for (i in seq_len(nrow(spec))) d[[spec$term[i]]] <- factor(d[[spec$term[i]]], levels = seq_len(spec$levels[i]))
  list(d = d, terms = spec$term)
}
# A level that no case has makes a column of noughts, whose coefficient glm leaves out (NA).
columns_of <- function(term, d) paste0(term, levels(d[[term]])[-1])
model_matrix <- function(inside, d) {
  X <- matrix(1, nrow(d), 1, dimnames = list(NULL, "(Intercept)"))
  for (t in inside) for (l in levels(d[[t]])[-1]) X <- cbind(X, setNames(as.numeric(d[[t]] == l), NULL))
  colnames(X) <- c("(Intercept)", unlist(lapply(inside, columns_of, d = d)))
  X
}
fit_of <- function(inside, d) suppressWarnings(
  glm(reformulate(if (length(inside)) inside else "1", "y"), binomial, droplevels(d), control = tight))

entry_tests <- function(inside, outside, d) {
  m <- fit_of(inside, d)
  out <- list()
  for (t in outside) {
    a <- suppressWarnings(add1(m, scope = reformulate(c(inside, t)), test = "Rao", control = tight))
    # glm takes a thousandth of epsilon as its tolerance of rank, so the degrees of freedom are counted apart.
    df <- qr(model_matrix(c(inside, t), d))$rank - qr(model_matrix(inside, d))$rank; chi2 <- a[t, "Rao score"]
    if (df < 1 || length(unique(d$y)) == 1) { df <- 0; chi2 <- NA }
    out[[t]] <- c(chi2 = chi2, df = df, p = p_of(chi2, df))
  }
  out
}
lr_tests <- function(inside, d) {
  a <- suppressWarnings(drop1(fit_of(inside, d), test = "LRT", control = tight))
  sapply(inside, function(t) c(chi2 = a[t, "LRT"], df = a[t, "Df"], p = p_of(a[t, "LRT"], a[t, "Df"])), simplify = FALSE)
}
# Coefficients that glm leaves out, or that run off to infinity (separation), take no part in Wald's test.
wald_tests <- function(inside, d) {
  m <- fit_of(inside, d); b <- coef(m)
  sapply(inside, function(t) {
    i <- intersect(columns_of(t, d), names(b)[!is.na(b) & abs(b) < 12])
    if (!length(i)) return(c(chi2 = NA, df = 0, p = NA))
    chi2 <- drop(b[i] %*% solve(vcov(m)[i, i], b[i]))
    c(chi2 = chi2, df = length(i), p = p_of(chi2, length(i)))
  }, simplify = FALSE)
}
# Lawless and Singhal: b1 - V12 V22^-1 b2, and twice the log-likelihood lost there.
conditional_tests <- function(inside, d) {
  m <- fit_of(inside, d); b <- coef(m); b <- b[!is.na(b)]; V <- vcov(m)[names(b), names(b)]
  X <- model_matrix(inside, d)[, names(b), drop = FALSE]
  sapply(inside, function(t) {
    out <- intersect(columns_of(t, d), names(b)); kept <- setdiff(names(b), out)
    s <- sqrt(diag(V)[out])  # scaled: a coefficient on its way to infinity has a variance of millions
    b1 <- b[kept] - V[kept, out, drop = FALSE] %*% (solve(V[out, out] / outer(s, s), b[out] / s) / s)
    chi2 <- 2 * (as.numeric(logLik(m)) - sum(dbinom(d$y, 1, plogis(drop(X[, kept, drop = FALSE] %*% b1)), log = TRUE)))
    c(chi2 = chi2, df = length(out), p = p_of(chi2, length(out)))
  }, simplify = FALSE)
}
removal_tests <- list(likelihood_ratio = lr_tests, conditional = conditional_tests, wald = wald_tests)

select_terms <- function(set, removal) {
  f <- frame_of(set); d <- f$d; inside <- character(0); seen <- list(""); log <- list(); step <- 0; ended <- FALSE
  key <- function(x) paste(sort(x), collapse = " ")
  note <- function(kind, tests, moved, action) for (t in names(tests)) log[[length(log) + 1]] <<- data.frame(
    set, removal, step, kind, term = t, chi2 = tests[[t]][["chi2"]], df = tests[[t]][["df"]], p = tests[[t]][["p"]],
    action = if (identical(t, moved)) action else "")
  p_values <- function(tests) signif(vapply(tests, function(x) x[["p"]], 0), 10)  # ties go to the first candidate
  while (!ended) {
    step <- step + 1
    outside <- setdiff(f$terms, inside)
    tests <- entry_tests(inside, outside, d)
    p <- if (length(tests)) p_values(tests) else numeric(0)
    best <- if (any(!is.na(p) & p < .05)) names(p)[which.min(p)] else NA
    note("entry", tests, best, "entered")
    if (is.na(best)) break
    inside <- c(inside, best)
    ended <- key(inside) %in% seen
    seen <- c(seen, key(inside))
    repeat {
      tests <- removal_tests[[removal]](inside, d)
      p <- p_values(tests)
      worst <- if (!ended && any(!is.na(p) & p > .10)) names(p)[which.max(p)] else NA
      if (is.na(worst)) { note("removal", tests, NA, ""); break }
      if (key(setdiff(inside, worst)) %in% seen) { note("removal", tests, worst, "kept_at_repeat"); ended <- TRUE; break }
      note("removal", tests, worst, "removed")
      inside <- setdiff(inside, worst)
      seen <- c(seen, key(inside))
    }
  }
  do.call(rbind, log)
}

steps <- do.call(rbind, lapply(unique(terms_of$set), function(set)
  do.call(rbind, lapply(names(removal_tests), function(removal) select_terms(set, removal)))))
for (v in c("chi2", "p")) steps[[v]] <- ifelse(is.na(steps[[v]]), "", formatC(steps[[v]], digits = 12, format = "g"))
write.csv(steps, file.path(here, "stepwise_steps.csv"), row.names = FALSE, quote = FALSE)
writeLines(R.version.string, file.path(here, "stepwise_versions.txt"))
