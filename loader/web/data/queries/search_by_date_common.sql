-- The newest matches of words so common that a scan back in time soon finds enough of them.
with matches as materialized (
    select rowid as id from articles_fts where articles_fts match :query
),
found as (
    select id
    from articles
    where 1 /* filters */
    order by article_date desc, id desc
    limit :limit offset :offset
)
select json_group_array(id) as ids from found
