with

inspections as (
    select * from {{ ref('staged_inspections') }}
),

case_keys as (
    select * from {{ source('linkage', 'case_keys') }}
),

rosh_groups as (
    select * from {{ ref('rosh_groups') }}
),

termination_outcomes as (
    select * from {{ ref('termination_outcomes') }}
),

termination_matches as (
    select * from {{ ref('termination_matches') }}
),

termination_reasons as (
    select * from {{ ref('termination_reasons') }}
),

reoffending_outcomes as (
    select * from {{ ref('reoffending_outcomes') }}
),

reoffending_matches as (
    select * from {{ ref('reoffending_matches') }}
),

final as (
    select
        case_keys.case_key,
        inspections.provider,
        inspections.provider_type,
        inspections.case_type,
        {{ band('start_years', 'year(inspections.start_date)') }} as start_years,
        inspections.age,
        {{ band('age_group', 'inspections.age') }} as age_group,
        {{ band('age_group_2020', 'inspections.age') }} as age_group_2020,
        inspections.gender,
        inspections.ethnicity,
        inspections.previous_sanctions,
        {{ band('previous_sanctions_group', 'inspections.previous_sanctions') }} as previous_sanctions_group,
        inspections.ogrs_score,
        {{ band('ogrs_group', 'inspections.ogrs_score') }} as ogrs_group,
        {{ band('ogrs_group_2020', 'inspections.ogrs_score') }} as ogrs_group_2020,
        inspections.rosh_level,
        rosh_groups.rosh_group,
        inspections.engagement,
        inspections.starts_promptly,
        inspections.working_relationship,
        inspections.supports_completion,
        inspections.non_compliance_addressed,
        inspections.desistance,
        inspections.services_reduce_reoffending,
        inspections.strengths_built_upon,
        inspections.organisations_coordinated,
        inspections.key_individuals_engaged,
        inspections.contact_sufficient,
        inspections.local_services_engaged,
        inspections.assessment_needs,
        inspections.planning_needs,
        inspections.assessment_strengths,
        inspections.planning_strengths,
        inspections.need_accommodation,
        inspections.need_ete,
        inspections.need_family,
        inspections.need_lifestyle,
        inspections.need_alcohol,
        inspections.need_drugs,
        inspections.need_thinking,
        inspections.need_attitudes,
        inspections.delivery_accommodation,
        inspections.delivery_ete,
        inspections.delivery_family,
        inspections.delivery_lifestyle,
        inspections.delivery_alcohol,
        inspections.delivery_drugs,
        inspections.delivery_thinking,
        inspections.delivery_attitudes,
        inspections.strength_family,
        inspections.strength_social_group,
        inspections.strength_motivation,
        inspections.strength_employment,
        inspections.strength_identity,
        inspections.building_family,
        inspections.building_social_group,
        inspections.building_motivation,
        inspections.building_employment,
        inspections.building_identity,
        inspections.services_available,
        termination_outcomes.status as termination_status,
        termination_outcomes.status = 'matched' as termination_matched,
        termination_matches.tier as termination_tier,
        termination_matches.termination_reason,
        termination_reasons.termination_outcome,
        reoffending_outcomes.status as reoffending_status,
        reoffending_outcomes.status = 'matched' as reoffending_matched,
        reoffending_matches.tier as reoffending_tier,
        reoffending_matches.reoffended,
        reoffending_matches.reoffences,
        reoffending_matches.days_to_first_reoffence,
        cast({{ days_between('inspections.start_date', 'inspections.fieldwork_date') }} as integer) as days_to_fieldwork
    from inspections
    inner join case_keys on inspections.case_id = case_keys.case_id
    left join rosh_groups on inspections.rosh_level = rosh_groups.rosh_level
    left join termination_outcomes on inspections.case_id = termination_outcomes.case_id
    left join termination_matches on inspections.case_id = termination_matches.case_id
    left join termination_reasons on termination_matches.termination_reason = termination_reasons.termination_reason
    left join reoffending_outcomes on inspections.case_id = reoffending_outcomes.case_id
    left join reoffending_matches on inspections.case_id = reoffending_matches.case_id
)

select * from final
