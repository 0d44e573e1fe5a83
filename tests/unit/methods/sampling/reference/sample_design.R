# Reference values of the tests of a sample against its caseload. Run: Rscript sample_design.R > sample_design.csv
show <- function(set, quantity, value) cat(sprintf("%s,%s,%.15g\n", set, quantity, value))
cat("set,quantity,value\n")
# caseload and sample of three providers (columns) by level of risk (rows)
caseload <- cbind(a = c(210, 300, 90, 20), b = c(50, 140, 160, 45), c = c(30, 60, 44, 12))
sample <- cbind(a = c(50, 62, 15, 3), b = c(10, 48, 52, 11), c = c(14, 30, 25, 8))
for (k in 1:3) {
  set <- colnames(caseload)[k]
  N <- sum(caseload[, k]); n <- sum(sample[, k])
  fit <- chisq.test(sample[, k], p = caseload[, k] / N)
  show(set, "fit_statistic", fit$statistic)
  show(set, "fit_p", fit$p.value)
  show(set, "draw_statistic", fit$statistic * (N - 1) / (N - n))
  show(set, "draw_p", pchisq(unname(fit$statistic) * (N - 1) / (N - n), 3, lower.tail = FALSE))
}
table <- array(0, c(2, 4, 3))
table[1, , ] <- sample
table[2, , ] <- caseload - sample
mh <- mantelhaen.test(table)
show("all", "draw_statistic", mh$statistic)
show("all", "draw_df", mh$parameter)
show("all", "draw_p", mh$p.value)
# exact test of a small sample: 9 of 60 cases are women, 7 of the 12 sampled
d <- dhyper(0:9, 9, 51, 12)
gap <- abs(0:9 - 12 * 9 / 60)
show("small", "draw_p", sum(d[gap >= abs(7 - 12 * 9 / 60) - 1e-9]))
gap <- abs(0:9 - 12 * 9 / 60)
show("small4", "draw_p", sum(d[gap >= abs(4 - 12 * 9 / 60) - 1e-9]))
m <- dbinom(0:12, 12, 9 / 60)
show("small4", "fit_p", sum(m[abs(0:12 - 1.8) >= 2.2 - 1e-9]))
