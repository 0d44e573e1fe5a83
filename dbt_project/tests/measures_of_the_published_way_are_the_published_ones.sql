-- The clauses stand twice, as verdicts and in reoffence_measures: with the published windows both say the same.
select
    cases.case_key,
    cases.reoffences,
    measures.reoffences as measured_again
from {{ ref('reoffence_measures') }} as measures
inner join {{ ref('cases') }} as cases on measures.case_key = cases.case_key
where measures.measure = 'published' and measures.reoffences is distinct from cases.reoffences
