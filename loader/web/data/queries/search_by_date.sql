-- The newest of all matches, if there are fewer than :cap; else `matches` is :cap and the
-- order that of search_by_date_common.sql. Otherwise as search_by_rank.sql.
with matches as materialized (
    select articles_fts.rowid as id
    from articles_fts
    where articles_fts match :query /* filters */
    limit :cap
),
found as (
    select articles.id
    from matches
    cross join articles indexed by articles_filters on articles.id = matches.id
    order by articles.article_date desc, articles.id desc
    limit :limit offset :offset
)
select
    (select count(*) from matches) as matches,
    (select json_group_array(id) from found) as ids
