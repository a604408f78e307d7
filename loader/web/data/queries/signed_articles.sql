-- The newest articles of a name that meet the other conditions (/* filters */): of each byline and
-- each agency's mark with the name, the newest :most, in the order of an index. `found` is their
-- number up to :most, and `ids` one page of them as JSON.
with signed as (
    select json_each.value as id
    from credits
    cross join json_each((
        select json_group_array(id)
        from (
            select id from articles where byline = credits.printed /* filters */
            order by article_date desc, id desc
            limit :most
        )
    ))
    where credits.place = 'byline' and credits.slug = :author
    union
    select json_each.value
    from credits
    cross join json_each((
        select json_group_array(id)
        from (
            select id from articles where agency = credits.printed /* filters */
            order by article_date desc, id desc
            limit :most
        )
    ))
    where credits.place = 'agency' and credits.slug = :author
),
newest as materialized (
    select signed.id
    from signed
    cross join articles indexed by articles_filters on articles.id = signed.id
    order by articles.article_date desc, articles.id desc
    limit :most
)
select
    (select count(*) from newest) as found,
    (select json_group_array(id) from (select id from newest limit :limit offset :offset)) as ids
