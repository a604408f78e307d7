-- The best of at most :cap matches, those added to the archive last: `matches` is how many
-- these are, `ids` one page of them as JSON. /* filters */ is replaced by the conditions of
-- loader/web/data/search_filters.py.
with matches as materialized (
    select articles_fts.rowid as id, rank as score
    from articles_fts
    where articles_fts match :query /* filters */
    order by articles_fts.rowid desc
    limit :cap
),
found as (
    select id from matches order by score, id desc limit :limit offset :offset
)
select
    (select count(*) from matches) as matches,
    (select json_group_array(id) from found) as ids
