# Independent results for test_random_sets.py: Rscript tests/unit/methods/statistics/reference/random_sets.R sets.csv
# For each set: which cases some direction predicts perfectly (Konis' linear programme, by lpSolve), which
# coefficients are then identified (ranks by qr), stats::glm on the cases left, the likelihood ratio of every term, and
# Firth's estimates (brglm2) of logistic sets whose columns are independent. Writes set, quantity, name, value to
# random_sets.csv.gz beside it.
suppressPackageStartupMessages({library(lpSolve); library(brglm2)})
given <- commandArgs(trailingOnly = TRUE)
sets <- read.csv(given[1], stringsAsFactors = FALSE, check.names = FALSE)
here <- "tests/unit/methods/statistics/reference"
exact <- glm.control(epsilon = 1e-15, maxit = 300)
rank_of <- function(X) if (!length(X)) 0 else qr(X, tol = 1e-9)$rank

largest <- function(margins, still) {  # the margins of the direction in the unit box that maximises their sum
  k <- ncol(margins)
  shifted <- rbind(margins, diag(k)); limits <- c(rowSums(margins), rep(2, k))
  signs <- c(rep(">=", nrow(margins)), rep("<=", k))
  if (nrow(still)) { shifted <- rbind(shifted, still); limits <- c(limits, rowSums(still)); signs <- c(signs, rep("=", nrow(still))) }
  found <- lp("max", colSums(margins), shifted, signs, limits)
  if (found$status != 0) stop("the programme was not solved")
  drop(margins %*% (found$solution - 1))
}
separated <- function(X, y, family) {
  gone <- rep(FALSE, length(y))
  movable <- if (family == "logistic") rep(TRUE, length(y)) else y == 0
  signed <- if (family == "logistic") X * (2 * y - 1) else -X
  repeat {
    left <- which(movable & !gone)
    if (!length(left)) break
    margins <- largest(signed[left, , drop = FALSE], X[!movable, , drop = FALSE])
    if (max(margins) < 1e-6) break
    gone[left[margins > 1e-6]] <- TRUE
  }
  gone
}
fit <- function(X, y, family) {
  gone <- separated(X, y, family)
  kept <- X[!gone, , drop = FALSE]
  known <- vapply(seq_len(ncol(X)), function(j) rank_of(rbind(kept, as.numeric(seq_len(ncol(X)) == j))) == rank_of(kept), NA)
  if (all(gone)) return(list(known = known, estimates = rep(NA, ncol(X)), errors = rep(NA, ncol(X)), loglik = 0, gone = sum(gone)))
  basis <- qr(kept, tol = 1e-9); columns <- sort(basis$pivot[seq_len(basis$rank)])
  made <- suppressWarnings(glm.fit(kept[, columns, drop = FALSE], y[!gone], control = exact,
                                   family = if (family == "logistic") binomial() else poisson()))
  class(made) <- "glm"
  estimates <- errors <- rep(NA_real_, ncol(X))
  estimates[columns] <- coef(made)
  errors[columns] <- sqrt(diag(chol2inv(made$qr$qr[seq_along(columns), seq_along(columns), drop = FALSE])))[order(made$qr$pivot)]
  loglik <- if (family == "logistic") sum(dbinom(y[!gone], 1, fitted(made), log = TRUE)) else sum(dpois(y[!gone], fitted(made), log = TRUE))
  list(known = known, estimates = estimates, errors = errors, loglik = loglik, gone = sum(gone))
}
out <- list()
add <- function(set, quantity, name, value) out[[length(out) + 1]] <<- data.frame(set, quantity, name, value = as.numeric(value))
for (part in split(sets, sets$set)) {
  set <- part$set[1]; family <- part$family[1]
  names <- unique(part$column)
  wide <- vapply(names, function(name) { own <- part[part$column == name, ]; own$value[order(own$case)] }, numeric(sum(part$column == "y")))
  y <- wide[, "y"]; X <- wide[, names != "y", drop = FALSE]
  owners <- sub("/.*", "", colnames(X)); coefficients <- sub(".*/", "", colnames(X))
  add(set, "sum", "y", sum(y)); add(set, "sum", "x", sum(X))
  constant <- if (family == "logistic") length(unique(y)) == 1 else max(y) == 0
  if (nrow(X) <= ncol(X) || constant) next
  made <- fit(X, y, family)
  add(set, "separated", "cases", made$gone); add(set, "loglik", "model", made$loglik)
  for (j in seq_along(coefficients)) {
    add(set, "known", coefficients[j], made$known[j])
    if (made$known[j]) { add(set, "estimate", coefficients[j], made$estimates[j]); add(set, "std_error", coefficients[j], made$errors[j]) }
  }
  for (term in setdiff(unique(owners), "")) {
    less <- fit(X[, owners != term, drop = FALSE], y, family)
    add(set, "lr", term, 2 * (made$loglik - less$loglik))
    add(set, "df", term, rank_of(X) - rank_of(X[, owners != term, drop = FALSE]))
  }
  if (family == "logistic" && rank_of(X) == ncol(X)) {
    firth <- tryCatch(suppressWarnings(brglmFit(X, y, family = binomial(), control = brglmControl(type = "AS_mean", epsilon = 1e-12, maxit = 2000))), error = function(e) NULL)
    if (!is.null(firth) && isTRUE(firth$converged)) for (j in seq_along(coefficients)) add(set, "firth", coefficients[j], coef(firth)[j])
  }
}
result <- do.call(rbind, out)
result$value <- signif(result$value, 10)
write.csv(result, gzfile(file.path(here, "random_sets.csv.gz")), row.names = FALSE, quote = FALSE)
cat(nrow(result), "numbers of", length(unique(result$set)), "sets,", R.version.string, ", brglm2", as.character(packageVersion("brglm2")), "\n")
