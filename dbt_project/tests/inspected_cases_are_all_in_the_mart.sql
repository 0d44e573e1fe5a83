-- Nothing is lost between staging and the mart.
select 'cases are missing from the mart' as problem
where
    (select count(*) from {{ ref('staged_inspections') }})
    <> (select count(*) from {{ ref('cases') }})
