-- The newest articles that a name stands under; those without a date come last.
with signed as materialized (
    select place, printed from credits where slug = :slug and (kind = 'agency') = :is_agency
),
newest as (
    select * from (
        select id, article_date
        from articles
        where byline in (select printed from signed where place = 'byline')
        order by article_date desc, id desc
        limit :limit
    )
    union
    select * from (
        select id, article_date
        from articles
        where agency in (select printed from signed where place = 'agency')
        order by article_date desc, id desc
        limit :limit
    )
)
select articles.id, articles.headline, substr(articles.body, 1, 90) as opening, articles.section,
    articles.agency, articles.dateline, articles.article_date, articles.article_date_basis
from newest
cross join articles on articles.id = newest.id
order by articles.article_date desc, articles.id desc
limit :limit
