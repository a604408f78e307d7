-- The newest of all matches, if there are fewer than :cap; otherwise `matches` is :cap, and
-- search_by_date_common.sql is used. The columns are those of search_by_rank.sql.
with matches as materialized (
    select articles_fts.rowid as id
    from articles_fts
    where articles_fts match :query /* filters */
    limit :cap
),
versions as (
    select
        id,
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
    select id
    from (
        select
            id,
            row_number() over (partition by version_id order by id <> version_id, id) as place
        from versions
    )
    where place = 1
),
found as (
    select articles.id
    from hits
    cross join articles indexed by articles_filters on articles.id = hits.id
    order by articles.article_date desc, articles.id desc
    limit :limit offset :offset
)
select
    (select count(*) from matches) as matches,
    (select count(*) from hits) as hits,
    (select json_group_array(id) from found) as ids
