-- A nickname stands for a forename that is none itself: else two names would stand for each other in a circle.
select nicknames.nickname
from {{ ref('nicknames') }} as nicknames
inner join {{ ref('nicknames') }} as others on nicknames.forename = others.nickname
