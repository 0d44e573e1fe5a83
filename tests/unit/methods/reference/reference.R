# Independent reference results for tests/unit/methods, from R.
#   Rscript tests/unit/methods/reference/reference.R     (from the project's folder)
# Reads cases.csv and separated.csv; writes results.csv (set, model, quantity, name, value) and versions.txt.
# Logistic and Poisson: stats::glm. Negative binomial: MASS::glm.nb, zero-truncated: optim, each polished by
# Newton steps on the log-likelihood written with dnbinom; their standard errors and likelihood ratios are those
# of the joint likelihood of (coefficients, ln alpha), Hessian by numDeriv. VGAM::vglm fits the zero-truncated
# models once more.

suppressPackageStartupMessages({library(MASS); library(VGAM); library(numDeriv); library(AER); library(brglm2)})
options(digits = 17)
here <- "tests/unit/methods/reference"
cases <- read.csv(file.path(here, "cases.csv"), stringsAsFactors = FALSE, na.strings = "")
out <- list()
add <- function(set, model, quantity, name, value)
  out[[length(out) + 1]] <<- data.frame(set, model, quantity, name, value = as.numeric(value))

source("tests/unit/methods/reference/layout.R")  # levels_of, controls, sets
for (v in names(levels_of)) cases[[v]] <- factor(cases[[v]], levels = levels_of[[v]])
frame_of <- function(outcome, terms) {
  d <- cases
  if (outcome == "termination") {
    d <- d[!is.na(d$termination_outcome) & d$termination_outcome %in% c("positive", "negative"), ]
    d$y <- as.numeric(d$termination_outcome == "positive")
  } else if (outcome == "reoffended") {
    d <- d[!is.na(d$reoffended), ]; d$y <- d$reoffended
  } else {
    d <- d[!is.na(d$reoffended) & d$reoffended == 1, ]; d$y <- d$reoffences
  }
  na.omit(d[, c("y", terms)])
}
ours <- function(name) {  # R's genderfemale -> gender=female
  if (name == "(Intercept)") return("intercept")
  for (v in names(levels_of)) for (l in levels_of[[v]]) if (name == paste0(v, l)) return(paste0(v, "=", l))
  name
}
columns_of <- function(term, names) {
  if (!term %in% names(levels_of)) return(which(names == term))
  which(names %in% paste0(term, levels_of[[term]]))
}
add_coefficients <- function(model, b, se) for (i in seq_along(b)) {
  add("cases", model, "estimate", ours(names(b)[i]), b[i]); add("cases", model, "std_error", ours(names(b)[i]), se[i])
}
add_wald <- function(model, terms, b, V) for (t in terms) {
  i <- columns_of(t, names(b)); add("cases", model, "wald_chi2", t, b[i] %*% solve(V[i, i]) %*% b[i])
}
tight <- glm.control(epsilon = 1e-14, maxit = 200)
hosmer_lemeshow <- function(y, p) {  # deciles of risk as ResourceSelection::hoslem.test cuts them
  g <- cut(p, unique(quantile(p, probs = seq(0, 1, 0.1))), include.lowest = TRUE)
  o <- xtabs(cbind(1 - y, y) ~ g); e <- xtabs(cbind(1 - p, p) ~ g); sum((o - e)^2 / e)
}
joint <- function(y, X, truncated) function(par) {
  mu <- exp(drop(X %*% par[-length(par)])); size <- exp(-par[length(par)])
  l <- dnbinom(y, size = size, mu = mu, log = TRUE)
  if (truncated) l <- l - log1p(-dnbinom(0, size = size, mu = mu))
  sum(l)
}
polish <- function(f, par) {  # orthonormal columns are given, so plain Newton is safe near the top
  for (i in 1:6) par <- par - solve(hessian(f, par), grad(f, par))
  list(par = par, value = f(par), V = solve(-hessian(f, par)))
}
fit_joint <- function(y, X, truncated) {
  q <- qr(X); Q <- qr.Q(q) * sqrt(nrow(X)); R <- qr.R(q) / sqrt(nrow(X)); k <- ncol(X)
  if (truncated) {
    f <- joint(y, Q, TRUE)
    start <- optim(c(rep(0, k), 0), f, method = "BFGS",
                   control = list(fnscale = -1, maxit = 2000, reltol = 1e-14))$par
  } else {
    n <- glm.nb(y ~ Q - 1, control = glm.control(epsilon = 1e-12, maxit = 500)); start <- c(coef(n), -log(n$theta))
  }
  m <- polish(joint(y, Q, truncated), start)
  T <- diag(k + 1); T[1:k, 1:k] <- solve(R)
  list(b = setNames(drop(T %*% m$par)[1:k], colnames(X)), alpha = exp(m$par[k + 1]), value = m$value,
       V = (T %*% m$V %*% t(T)), se_alpha = exp(m$par[k + 1]) * sqrt(m$V[k + 1, k + 1]))
}
add_joint <- function(model, d, terms, truncated) {
  X <- model.matrix(reformulate(terms), d); m <- fit_joint(d$y, X, truncated); k <- ncol(X)
  V <- m$V[1:k, 1:k]; dimnames(V) <- list(colnames(X), colnames(X))
  add_coefficients(model, m$b, sqrt(diag(V)))
  add("cases", model, "estimate", "alpha", m$alpha); add("cases", model, "std_error", "alpha", m$se_alpha)
  add("cases", model, "minus_two_log_likelihood", "all", -2 * m$value)
  add_wald(model, terms, m$b, V)
  for (t in terms) {
    s <- fit_joint(d$y, X[, -columns_of(t, colnames(X)), drop = FALSE], truncated)
    add("cases", model, "lr_chi2", t, 2 * (m$value - s$value))
  }
  m
}

for (set in names(sets)) {
  for (outcome in c("termination", "reoffended")) {
    base <- if (outcome == "termination") controls else c(controls, "case_type")
    terms <- c(base, sets[[set]]); model <- paste0(outcome, "__", set); d <- frame_of(outcome, terms)
    full <- glm(reformulate(terms, "y"), binomial, d, control = tight)
    block1 <- glm(reformulate(base, "y"), binomial, d, control = tight)
    add_coefficients(model, coef(full), sqrt(diag(vcov(full)))); add_wald(model, terms, coef(full), vcov(full))
    dropped <- drop1(full, test = "LRT")
    for (t in terms) add("cases", model, "lr_chi2", t, dropped[t, "LRT"])
    add("cases", model, "n", "judgements", nrow(d))
    for (b in c("controls", "judgements")) {
      m <- if (b == "controls") block1 else full
      cs <- 1 - exp((m$deviance - m$null.deviance) / nrow(d))
      add("cases", model, "minus_two_log_likelihood", b, m$deviance)
      add("cases", model, "cox_snell_r2", b, cs)
      add("cases", model, "nagelkerke_r2", b, cs / (1 - exp(-m$null.deviance / nrow(d))))
      add("cases", model, "hosmer_lemeshow_chi2", b, hosmer_lemeshow(d$y, fitted(m)))
    }
    add("cases", model, "block_chi2", "controls", block1$null.deviance - block1$deviance)
    add("cases", model, "block_chi2", "judgements", block1$deviance - full$deviance)
  }
  terms <- c(controls, "case_type", sets[[set]]); model <- paste0("reoffences__", set); d <- frame_of("reoffences", terms)
  add("cases", model, "n", "all", nrow(d))
  p <- glm(reformulate(terms, "y"), poisson, d, control = tight)
  add_coefficients(paste0(model, "__poisson"), coef(p), sqrt(diag(vcov(p))))
  add_wald(paste0(model, "__poisson"), terms, coef(p), vcov(p))
  dropped <- drop1(p, test = "LRT")
  for (t in terms) add("cases", paste0(model, "__poisson"), "lr_chi2", t, dropped[t, "LRT"])
  add("cases", paste0(model, "__poisson"), "minus_two_log_likelihood", "all", -2 * as.numeric(logLik(p)))
  # Fixed dispersion 1; observed information, which glm's expected one is not.
  f <- glm(reformulate(terms, "y"), negative.binomial(theta = 1), d, control = tight)
  X <- model.matrix(f); mu <- fitted(f)
  V <- solve(t(X) %*% (X * (mu * (1 + d$y) / (1 + mu)^2)))
  add_coefficients(paste0(model, "__negbin1"), coef(f), sqrt(diag(V)))
  add_wald(paste0(model, "__negbin1"), terms, coef(f), V)
  m <- add_joint(model, d, terms, FALSE)
  invisible(add_joint(paste0(model, "__ztnb"), d, terms, TRUE))
  scaled <- d; for (v in c("age", "previous_sanctions", "ogrs_score")) scaled[[v]] <- d[[v]] / 10
  z <- vglm(reformulate(terms, "y"), posnegbinomial(), scaled, epsilon = 1e-12, maxit = 200)
  b <- coef(z); names(b)[1] <- "(Intercept)"; b <- b[names(b) != "(Intercept):2"]
  for (n in names(b)) add("cases", paste0(model, "__ztnb"), "vgam_estimate", ours(n),
                          b[n] / ifelse(n %in% c("age", "previous_sanctions", "ogrs_score"), 10, 1))
  add("cases", paste0(model, "__ztnb"), "vgam_minus_two_log_likelihood", "all", -2 * logLik(z))
  ct <- dispersiontest(p, trafo = 2, alternative = "greater")
  mp <- fitted(p)
  add("cases", model, "overdispersion", "cameron_trivedi", ct$statistic)
  add("cases", model, "overdispersion", "dean", sum((d$y - mp)^2 - d$y) / sqrt(2 * sum(mp^2)))
  add("cases", model, "overdispersion", "likelihood_ratio", 2 * (m$value - as.numeric(logLik(p))))
  x <- 0:max(d$y)
  add("cases", model, "overdispersion", "one_sample_kolmogorov_smirnov",
      sqrt(nrow(d)) * max(abs(ecdf(d$y)(x) - ppois(x, mean(d$y)))))
  add("cases", model, "overdispersion", "index_of_dispersion", (nrow(d) - 1) * var(d$y) / mean(d$y))
}

for (item in c("age_group", "gender", "ethnicity", "previous_sanctions_group", "case_type", "ogrs_group", "rosh_group"))
  add("cases", "reoffending", "match_chi2", item,
      suppressWarnings(chisq.test(table(cases[[item]], cases$reoffending_matched), correct = FALSE))$statistic)

# Firth: estimates and standard errors from brglm2; interval and p by the penalised profile, one coefficient at
# a time, by optim on the rest.
s <- read.csv(file.path(here, "separated.csv")); s$group <- factor(s$group)
firth <- glm(event ~ score + group, binomial, s, method = "brglmFit", type = "AS_mean", epsilon = 1e-12, maxit = 1000)
X <- model.matrix(firth); names_of <- c("intercept", "score", "group=b", "group=c")
penalised <- function(b) {
  p <- plogis(drop(X %*% b))
  sum(dbinom(s$event, 1, p, log = TRUE)) + 0.5 * as.numeric(determinant(t(X) %*% (X * (p * (1 - p))))$modulus)
}
top <- penalised(coef(firth))
profile_at <- function(j, value) {
  scale <- sqrt(diag(vcov(firth)))[-j]
  g <- function(u) { b <- numeric(4); b[j] <- value; b[-j] <- coef(firth)[-j] + u * scale; -penalised(b) }
  o <- optim(rep(0, 3), g, method = "BFGS", control = list(reltol = 1e-15, maxit = 1000)); -o$value
}
for (j in 1:4) {
  b <- coef(firth)[j]; se <- sqrt(diag(vcov(firth)))[j]
  edge <- function(v) 2 * (top - profile_at(j, v)) - qchisq(0.95, 1)
  add("separated", "firth", "estimate", names_of[j], b); add("separated", "firth", "std_error", names_of[j], se)
  add("separated", "firth", "low", names_of[j], uniroot(edge, c(b - 8 * se, b), tol = 1e-9)$root)
  add("separated", "firth", "high", names_of[j], uniroot(edge, c(b, b + 12 * se), tol = 1e-9)$root)
  add("separated", "firth", "p", names_of[j], pchisq(2 * (top - profile_at(j, 0)), 1, lower.tail = FALSE))
}

results <- do.call(rbind, out)
results$value <- formatC(results$value, digits = 15, format = "g", flag = "#")
write.csv(results, file.path(here, "results.csv"), row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, sapply(c("MASS", "VGAM", "numDeriv", "AER", "brglm2"),
  function(p) paste(p, packageVersion(p)))), file.path(here, "versions.txt"))
