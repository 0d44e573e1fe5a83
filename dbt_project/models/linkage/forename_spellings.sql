{{ config(materialized='view') }}

with

nicknames as (
    select * from {{ ref('nicknames') }}
),

-- Two forenames that stand for one, in either order: a name and its short form, or two short forms of one name.
final as (
    select
        nickname as one,
        forename as other
    from nicknames
    union
    select
        forename,
        nickname
    from nicknames
    union
    select
        nicknames.nickname as one,
        others.nickname as other
    from nicknames
    inner join nicknames as others
        on nicknames.forename = others.forename and nicknames.nickname <> others.nickname
)

select * from final
