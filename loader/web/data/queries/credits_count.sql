select count(*) as found
from (
    select 1
    from credits
    cross join articles on articles.byline = credits.printed
    where credits.place = 'byline' and credits.slug = :author
    union all
    select 1
    from credits
    cross join articles on articles.agency = credits.printed
    where credits.place = 'agency' and credits.slug = :author
    limit :cap
)
