-- Every number that a bulletin groups has its group; ages under 18 keep none.
select case_key
from {{ ref('cases') }}
where
    (ogrs_score is null) <> (ogrs_group is null)
    or (ogrs_score is null) <> (ogrs_group_2020 is null)
    or (previous_sanctions is null) <> (previous_sanctions_group is null)
    or (rosh_level is null) <> (rosh_group is null)
    or (age is null or age < 18) <> (age_group is null)
    or (age is null or age < 18) <> (age_group_2020 is null)
