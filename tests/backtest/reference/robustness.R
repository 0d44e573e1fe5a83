# Independent results for tests/backtest/test_robustness.py, from R: every check of the findings that R can make.
#   Rscript tests/backtest/reference/robustness.R CASES.csv     (from the project's folder)
# CASES.csv: marts.cases of a run of the shipped extracts, as `copy (from marts.cases) to 'CASES.csv'` writes it.
# Writes robustness.csv (table, model, name, quantity, value) and robustness_versions.txt beside itself.
# Logistic: stats::glm. Counts: MASS::glm.nb, its dispersion taken as known where errors are by provider.

suppressPackageStartupMessages({library(MASS); library(survival); library(clubSandwich); library(lme4)})
options(digits = 17)
here <- "tests/backtest/reference"
cases <- read.csv(commandArgs(TRUE)[1], stringsAsFactors = FALSE, na.strings = "")
out <- list()
add <- function(table, model, name, ...) {
  values <- list(...)
  for (quantity in names(values))
    out[[length(out) + 1]] <<- data.frame(table, model, name, quantity, value = as.numeric(values[[quantity]]))
}

source("tests/unit/methods/reference/layout.R")  # levels_of, controls, sets
cases$provider <- paste(cases$provider, cases$provider_type)  # 28 CRCs and NPS divisions
for (v in names(levels_of)) cases[[v]] <- factor(cases[[v]], levels = levels_of[[v]])
questions <- sets$key_questions
z <- qnorm(.975)

with_outcome <- function(outcome) {
  d <- cases
  if (outcome == "termination") {
    d <- d[!is.na(d$termination_outcome) & d$termination_outcome %in% c("positive", "negative"), ]
    d$y <- as.numeric(d$termination_outcome == "positive")
  } else if (outcome == "reoffended") {
    d <- d[!is.na(d$reoffended), ]; d$y <- d$reoffended
  } else {
    d <- d[!is.na(d$reoffended) & d$reoffended == 1, ]; d$y <- d$reoffences
  }
  d
}
complete <- function(d, terms) d[complete.cases(d[, c("y", terms)]), ]
ours <- function(name, terms) {  # R's engagementyes -> engagement=yes
  for (v in terms) if (startsWith(name, v)) return(paste0(v, "=", substring(name, nchar(v) + 1)))
  name
}
formula_of <- function(terms, y = "y") as.formula(paste(y, "~", paste(terms, collapse = " + ")))
fitted_model <- function(d, terms, is_count) {
  if (!is_count) return(glm(formula_of(terms), binomial, d, epsilon = 1e-14, maxit = 100))
  glm.nb(formula_of(terms), d, control = glm.control(epsilon = 1e-14, maxit = 200))
}
joint_covariance <- function(m) {  # of coefficients and ln alpha: the published counts' errors are of both
  X <- model.matrix(m); y <- m$y; theta <- m$theta; mu <- fitted(m); k <- ncol(X)
  a <- 1 / theta
  l <- function(p) sum(dnbinom(y, size = exp(-p[k + 1]), mu = exp(X %*% p[1:k]), log = TRUE))
  H <- numDeriv::hessian(l, c(coef(m), log(a)))
  solve(-H)[1:k, 1:k]
}
log_likelihood <- function(m) as.numeric(logLik(m))
bends <- function(x) {  # restricted cubic spline, Harrell 2015, 2.4.6
  k <- quantile(x, c(.05, .35, .65, .95)); n <- 4
  cube <- function(v) pmax(v, 0)^3
  sapply(1:2, function(j) (cube(x - k[j]) - cube(x - k[n - 1]) * (k[n] - k[j]) / (k[n] - k[n - 1]) +
    cube(x - k[n]) * (k[n - 1] - k[j]) / (k[n] - k[n - 1])) / (k[n] - k[1])^2)
}

p_values <- c()
for (outcome in c("termination", "reoffended", "reoffences")) for (set in names(sets)) {
  id <- paste0(outcome, "__", set); is_count <- outcome == "reoffences"; judged <- sets[[set]]
  terms <- c(controls, if (outcome != "termination") "case_type", judged)
  d <- complete(with_outcome(outcome), terms)
  m <- fitted_model(d, terms, is_count)
  V <- if (is_count) joint_covariance(m) else vcov(m)
  b <- coef(m); X <- model.matrix(m)
  inverse <- if (is_count) exp else plogis
  slope <- if (is_count) exp else dlogis
  scale <- if (is_count) 1 else 100
  for (t in judged) {
    own <- which(startsWith(names(b), t))
    p_values[paste(id, t)] <- pchisq(b[own] %*% solve(V[own, own]) %*% b[own], length(own), lower.tail = FALSE)
    for (i in own) {
      one <- X; one[, own] <- 0; none <- one; one[, i] <- 1
      effect <- mean(inverse(one %*% b) - inverse(none %*% b))
      g <- colMeans(one * as.vector(slope(one %*% b))) - colMeans(none * as.vector(slope(none %*% b)))
      add("marginal_effects", id, ours(names(b)[i], judged), effect = scale * effect,
          std_error = scale * sqrt(g %*% V %*% g))
    }
  }
  # errors by provider; the counts' dispersion known
  w <- m
  if (is_count) w <- glm(formula_of(terms), negative.binomial(m$theta), d, start = b, epsilon = 1e-14)
  robust <- vcovCR(w, cluster = d$provider, type = "CR2")
  test <- as.data.frame(coef_test(w, robust, test = "Satterthwaite"))
  for (i in which(Reduce(`|`, lapply(judged, function(t) startsWith(names(b), t)))))
    add("clustered_errors", id, ours(names(b)[i], judged), std_error = test$SE[i],
        df = if ("df_Satt" %in% names(test)) test$df_Satt[i] else test$df[i],
        p = if ("p_Satt" %in% names(test)) test$p_Satt[i] else test$p_val[i])
  # intervals' lines against splines
  S <- do.call(cbind, lapply(c("age", "previous_sanctions", "ogrs_score"), function(v) bends(d[[v]])))
  larger <- if (is_count) glm.nb(update(formula(m), . ~ . + S), d, control = glm.control(epsilon = 1e-14, maxit = 200))
            else glm(update(formula(m), . ~ . + S), binomial, d, epsilon = 1e-14, maxit = 100)
  add("spline_tests", id, "", lr_chi2 = 2 * (log_likelihood(larger) - log_likelihood(m)))
  if (set == "key_questions") {
    d$group <- factor(ifelse(d$ogrs_group %in% c("high", "very_high"), "high", d$ogrs_group), c("low", "medium", "high"))
    with_groups <- fitted_model(d, c(terms, "group"), is_count)
    for (t in judged)
      add("likelihood_interactions", id, t, lr_chi2 = 2 * (log_likelihood(
        fitted_model(d, c(terms, "group", paste0(t, ":group")), is_count)) - log_likelihood(with_groups)))
    for (t in judged) {
      others <- setdiff(terms, t); answer <- as.numeric(d[[t]] == "yes")
      d$answer <- answer
      e <- fitted(glm(formula_of(others, "answer"), binomial, d, epsilon = 1e-14, maxit = 100))
      family <- if (is_count) poisson else binomial
      side <- function(value) predict(suppressWarnings(glm(formula_of(others), family, d[answer == value, ],
        epsilon = 1e-14, maxit = 100)), d, type = "response")
      with_it <- side(1); without <- side(0)
      part <- scale * (with_it - without + answer * (d$y - with_it) / e - (1 - answer) * (d$y - without) / (1 - e))
      ipw <- answer / e + (1 - answer) / (1 - e)
      add("good_delivery", id, paste0(t, "=yes"), effect = mean(part), std_error = sd(part) / sqrt(length(part)),
          weighted = scale * (weighted.mean(d$y[answer == 1], ipw[answer == 1]) -
                              weighted.mean(d$y[answer == 0], ipw[answer == 0])))
    }
  } else {
    yes <- which(names(b) == "strengths_built_uponyes")
    none <- which(names(b) == "strengths_built_uponnone_present")
    add("strength_contrasts", id, "", estimate = b[yes] - b[none],
        std_error = sqrt(V[yes, yes] + V[none, none] - 2 * V[yes, none]))
  }
  if (!is_count) {
    elsewhere <- numeric(nrow(d))
    for (p in unique(d$provider)) {
      rest <- glm(formula_of(terms), binomial, d[d$provider != p, ], epsilon = 1e-14, maxit = 100)
      elsewhere[d$provider == p] <- predict(rest, d[d$provider == p, ], type = "response")
    }
    odds <- qlogis(elsewhere)
    line <- glm(d$y ~ odds, family = binomial, epsilon = 1e-14)
    level <- glm(d$y ~ offset(odds), family = binomial, epsilon = 1e-14)
    rank_sum <- sum(rank(elsewhere)[d$y == 1]); n1 <- sum(d$y); n0 <- sum(1 - d$y)
    add("calibration", id, "", brier = mean((d$y - elsewhere)^2), slope = coef(line)[2], intercept = coef(level)[1],
        roc_area = (rank_sum - n1 * (n1 + 1) / 2) / (n1 * n0))
    for (v in c("age", "previous_sanctions", "ogrs_score")) d[[v]] <- as.numeric(scale(d[[v]]))
    mixed <- glmer(as.formula(paste(deparse1(formula_of(terms)), "+ (1 | provider)")), d, binomial, nAGQ = 15,
                   control = glmerControl("bobyqa", optCtrl = list(maxfun = 1e6, rhoend = 1e-10), check.conv.singular = "ignore"))
    fixed <- fixef(mixed); error <- sqrt(diag(as.matrix(vcov(mixed))))
    for (i in which(Reduce(`|`, lapply(judged, function(t) startsWith(names(fixed), t)))))
      add("provider_intercepts", id, ours(names(fixed)[i], judged), estimate = fixed[i], std_error = error[i])
  }
}
for (name in names(p_values)) {
  split <- strsplit(name, " ")[[1]]
  add("multiplicity", split[1], split[2], p = p_values[name],
      p_holm = p.adjust(p_values, "holm")[name], p_bh = p.adjust(p_values, "BH")[name])
}

# time to the first reoffence: in the year, up to fieldwork, and after it among those who had not reoffended
matched <- cases[!is.na(cases$reoffended), ]
first <- ifelse(matched$reoffended == 1, matched$days_to_first_reoffence, Inf)
wait <- matched$days_to_fieldwork
for (period in c("year", "before_fieldwork", "after_fieldwork")) {
  start <- if (period == "after_fieldwork") wait else rep(-1, nrow(matched))
  end <- if (period == "before_fieldwork") wait else rep(365, nrow(matched))
  kept <- !is.na(first) & first > start & end > start
  kept <- !is.na(kept) & kept
  d <- matched[kept, ]
  d$y <- as.numeric(first[kept] <= end[kept]); d$days <- (pmin(first, end) - start)[kept]
  for (set in names(sets)) {
    judged <- sets[[set]]; terms <- c(controls, "case_type", judged)
    own <- complete(d, terms)
    fit <- coxph(formula_of(terms, "Surv(days, y)"), own, ties = "efron", control = coxph.control(eps = 1e-10, toler.chol = 1e-12, iter.max = 100))
    error <- sqrt(diag(vcov(fit)))
    for (i in which(Reduce(`|`, lapply(judged, function(t) startsWith(names(coef(fit)), t)))))
      add("reoffence_hazards", paste(period, paste0("reoffended__", set)), ours(names(coef(fit))[i], judged),
          estimate = coef(fit)[i], std_error = error[i], n_events = fit$nevent)
  }
  if (period == "after_fieldwork") for (t in questions) for (answer in c("yes", "no")) {
    curve <- survfit(Surv(days, y) ~ 1, d[!is.na(d[[t]]) & d[[t]] == answer, ], conf.type = "log-log")
    at <- summary(curve, times = seq(15, 165, 15), extend = TRUE)
    for (i in seq_along(at$time))
      add("reoffence_curves", paste(t, answer), at$time[i], percent_free = 100 * at$surv[i],
          ci_low = 100 * at$lower[i], ci_high = 100 * at$upper[i], n_followed = at$n.risk[i])
  }
}
result <- do.call(rbind, out)
result$value <- sprintf("%.12g", result$value)
write.csv(result, file.path(here, "robustness.csv"), row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, sapply(c("MASS", "survival", "clubSandwich", "lme4"), function(p)
  paste(p, packageVersion(p)))), file.path(here, "robustness_versions.txt"))
