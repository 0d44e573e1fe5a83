# Independent reference results for the study of match bias, from R.
#   Rscript tests/unit/methods/linkage/bias/reference/match_bias.R     (from the project's folder)
# Reads ../../../reference/cases.csv; writes match_bias.csv (model, quantity, name, value) and match_bias_versions.txt.
# Weights: 0.5 + (row number from 0, modulo 7) / 4. Weighted logistic: stats::glm(quasibinomial) with
# sandwich::sandwich (HC0). Weighted negative binomial: the log-likelihood written with dnbinom, maximised by optim
# and polished by Newton steps; bread and scores of (coefficients, ln alpha) by numDeriv. Group comparisons:
# chisq.test, fisher.test, t.test, wilcox.test, p.adjust; Cramer's V interval: uniroot on pchisq(ncp).

suppressPackageStartupMessages({library(sandwich); library(numDeriv); library(MASS)})
here <- "tests/unit/methods/linkage/bias/reference"
cases <- read.csv("tests/unit/methods/reference/cases.csv", stringsAsFactors = FALSE, na.strings = "")
cases$w <- 0.5 + (seq_len(nrow(cases)) - 1) %% 7 / 4
out <- list()
add <- function(model, quantity, name, value)
  out[[length(out) + 1]] <<- data.frame(model, quantity, name, value = as.numeric(value))

levels_of <- list(
  gender = c("male", "female"), ethnicity = c("white", "black", "asian", "mixed", "other"),
  rosh_group = c("low", "medium", "high_very_high"), case_type = c("community", "post_release"),
  engagement = c("no", "yes"), desistance = c("no", "yes"))
for (v in names(levels_of)) cases[[v]] <- factor(cases[[v]], levels = levels_of[[v]])
controls <- c("age", "previous_sanctions", "ogrs_score", "gender", "ethnicity", "rosh_group")
judgements <- c("engagement", "desistance")
ours <- function(name) {
  if (name == "(Intercept)") return("intercept")
  for (v in names(levels_of)) for (l in levels_of[[v]]) if (name == paste0(v, l)) return(paste0(v, "=", l))
  name
}

logistic <- function(model, d, terms) {
  d <- na.omit(d[, c("y", "w", terms)])
  fit <- glm(reformulate(terms, "y"), quasibinomial, d, weights = w, control = glm.control(epsilon = 1e-14, maxit = 100))
  error <- sqrt(diag(sandwich(fit)))
  for (i in names(coef(fit))) {
    add(model, "estimate", ours(i), coef(fit)[i]); add(model, "std_error", ours(i), error[i])
  }
  at <- grep("^ethnicity", names(coef(fit)))
  add(model, "wald_chi2", "ethnicity", t(coef(fit)[at]) %*% solve(sandwich(fit)[at, at], coef(fit)[at]))
}
terminated <- cases[cases$termination_outcome %in% c("positive", "negative"), ]
terminated$y <- as.numeric(terminated$termination_outcome == "positive")
logistic("termination__key_questions", terminated, c(controls, judgements))
known <- cases[!is.na(cases$reoffended), ]; known$y <- known$reoffended
logistic("reoffended__key_questions", known, c(controls, "case_type", judgements))

d <- cases[!is.na(cases$reoffended) & cases$reoffended == 1, ]; d$y <- d$reoffences
terms <- c(controls, "case_type", judgements)
d <- na.omit(d[, c("y", "w", terms)])
x <- model.matrix(reformulate(terms), d)
scale <- apply(x, 2, function(column) max(abs(column))); z <- sweep(x, 2, scale, "/"); k <- ncol(z)
each <- function(p) dnbinom(d$y, size = exp(-p[k + 1]), mu = exp(drop(z %*% p[1:k])), log = TRUE)
loss <- function(p) -sum(d$w * each(p))
start <- c(coef(glm(d$y ~ z - 1, poisson, weights = d$w)), log(0.5))
p <- suppressWarnings(optim(start, loss, method = "BFGS", control = list(maxit = 2000, reltol = 1e-14)))$par
for (i in 1:6) p <- p - solve(hessian(loss, p), grad(loss, p))
bread <- solve(hessian(loss, p)); scores <- d$w * jacobian(each, p)
robust <- bread %*% crossprod(scores) %*% bread
for (i in 1:k) {
  add("reoffences__key_questions", "estimate", ours(colnames(x)[i]), p[i] / scale[i])
  add("reoffences__key_questions", "std_error", ours(colnames(x)[i]), sqrt(robust[i, i]) / scale[i])
}
add("reoffences__key_questions", "alpha", "alpha", exp(p[k + 1]))
add("reoffences__key_questions", "alpha_std_error", "alpha", exp(p[k + 1]) * sqrt(robust[k + 1, k + 1]))

matched <- cases$reoffending_matched %in% c("True", "TRUE", TRUE)
for (item in c("ethnicity", "case_type", "rosh_group")) {
  test <- chisq.test(table(cases[[item]], matched), correct = FALSE)
  add("reoffending", "chi2", item, test$statistic); add("reoffending", "p", item, test$p.value)
  add("reoffending", "cramers_v", item, sqrt(test$statistic / sum(test$observed)))
  limit <- function(share) {
    f <- function(ncp) pchisq(test$statistic, test$parameter, ncp) - share
    if (f(0) <= 0) 0 else uniroot(f, c(0, 1000), tol = 1e-12)$root
  }
  add("reoffending", "cramers_v_low", item, sqrt(limit(0.975) / sum(test$observed)))
  add("reoffending", "cramers_v_high", item, sqrt(limit(0.025) / sum(test$observed)))
}
for (item in c("age", "previous_sanctions", "ogrs_score")) {
  a <- na.omit(cases[[item]][matched]); b <- na.omit(cases[[item]][!matched])
  test <- t.test(a, b)
  add("reoffending", "t", item, test$statistic); add("reoffending", "t_df", item, test$parameter)
  add("reoffending", "t_p", item, test$p.value)
  rank <- wilcox.test(a, b, exact = FALSE)
  add("reoffending", "u", item, rank$statistic); add("reoffending", "u_p", item, rank$p.value)
  s <- sqrt(((length(a) - 1) * var(a) + (length(b) - 1) * var(b)) / (length(a) + length(b) - 2))
  add("reoffending", "cohens_d", item, (mean(a) - mean(b)) / s)
  add("reoffending", "standardised_difference", item, (mean(a) - mean(b)) / sqrt((var(a) + var(b)) / 2))
}
add("counts", "fisher_p", "3,1;40,60", fisher.test(matrix(c(3, 40, 1, 60), 2))$p.value)
add("counts", "fisher_p", "2,9;1,7", fisher.test(matrix(c(2, 1, 9, 7), 2))$p.value)
# Fisher, Freeman and Halton's order is by probability; the chi-square's exact distribution is had by enumeration.
first <- c(1, 6, 0, 3); total <- c(9, 12, 7, 5); n1 <- sum(first)
grid <- as.matrix(expand.grid(lapply(total, function(t) 0:t))); grid <- grid[rowSums(grid) == n1, ]
chance <- exp(rowSums(sapply(seq_along(total), function(j) lchoose(total[j], grid[, j]))) - lchoose(sum(total), n1))
chi <- apply(grid, 1, function(row) suppressWarnings(chisq.test(rbind(row, total - row), correct = FALSE)$statistic))
observed <- suppressWarnings(chisq.test(rbind(first, total - first), correct = FALSE)$statistic)
add("counts", "exact_chi2_p", "1,6,0,3 of 9,12,7,5", sum(chance[chi >= observed * (1 - 1e-9)]))
for (i in 1:5) add("holm", "p", i, p.adjust(c(.01, .04, .03, .005, .5), "holm")[i])

results <- do.call(rbind, out)
results$name <- paste0('"', results$name, '"')
results$value <- formatC(results$value, digits = 15, format = "g", flag = "#")
write.csv(results, file.path(here, "match_bias.csv"), row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, sapply(c("sandwich", "numDeriv"), function(p) paste(p, packageVersion(p)))),
           file.path(here, "match_bias_versions.txt"))
