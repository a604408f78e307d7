-- The best of at most :cap matches, those added to the archive last. `matches` is their number,
-- `hits` the number of versions, and `ids` one page of these as JSON. Texts of one version of a
-- page are listed once. /* filters */ is replaced by the conditions of
-- loader/web/data/search_filters.py.
with matches as materialized (
    select articles_fts.rowid as id, rank as score
    from articles_fts
    where articles_fts match :query /* filters */
    order by articles_fts.rowid desc
    limit :cap
),
versions as (
    select
        id,
        score,
        coalesce(
            (
                select told_by_article_id
                from version_tellers
                where article_id = matches.id
                order by page_id, version limit 1
            ),
            id
        ) as version_id
    from matches
),
hits as materialized (
    select id, score
    from (
        select
            id,
            score,
            row_number() over (
                partition by version_id order by id <> version_id, score, id
            ) as place
        from versions
    )
    where place = 1
),
found as (
    select id from hits order by score, id desc limit :limit offset :offset
)
select
    (select count(*) from matches) as matches,
    (select count(*) from hits) as hits,
    (select json_group_array(id) from found) as ids
