# The terms of the published models of Bulletin 2023/04 as R has them, for the scripts that make reference results.
levels_of <- list(
  gender = c("male", "female"), ethnicity = c("white", "black", "asian", "mixed", "other"),
  rosh_group = c("low", "medium", "high_very_high"), case_type = c("community", "post_release"),
  engagement = c("no", "yes"), starts_promptly = c("no", "yes"), working_relationship = c("no", "yes"),
  supports_completion = c("no", "yes"), non_compliance_addressed = c("no", "yes"), desistance = c("no", "yes"),
  services_reduce_reoffending = c("no", "yes"), strengths_built_upon = c("no", "yes", "none_present"),
  organisations_coordinated = c("no", "yes", "none_involved"),
  key_individuals_engaged = c("no", "yes", "none_appropriate"),
  contact_sufficient = c("no", "yes", "no_non_compliance"), local_services_engaged = c("no", "yes", "not_required"))

controls <- c("age", "previous_sanctions", "ogrs_score", "gender", "ethnicity", "rosh_group")
sets <- list(
  key_questions = c("engagement", "desistance"),
  prompts = c("starts_promptly", "working_relationship", "supports_completion", "non_compliance_addressed",
              "services_reduce_reoffending", "strengths_built_upon", "organisations_coordinated",
              "key_individuals_engaged", "contact_sufficient", "local_services_engaged"))
