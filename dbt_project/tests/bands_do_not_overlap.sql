-- A number falls in one band of an item at most, and bands leave no hole between them.
with

bands as (
    select
        item,
        category,
        lowest,
        highest,
        lead(lowest) over (partition by item order by lowest) as next_lowest
    from {{ ref('bands') }}
)

select
    item,
    category
from bands
where
    highest < lowest
    or (next_lowest is not null and (highest is null or highest + 1 <> next_lowest))
