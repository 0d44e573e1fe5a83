-- Rank 0 and the names `override` and `reviewed` stand for a reviewer's link, which comes before every rule and tier.
select rule
from {{ ref('match_rules') }}
where rule_rank < 1 or rule = 'override'
union all
select tier
from {{ ref('match_tiers') }}
where tier_rank < 1 or tier = 'reviewed'
