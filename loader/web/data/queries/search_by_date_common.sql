-- The newest matches of words so common that going back in time soon meets enough of them.
-- The plus keeps SQLite from sorting all matches.
with found as (
    select id
    from articles
    where +id in (select rowid from articles_fts where articles_fts match :query) /* filters */
    order by article_date desc, id desc
    limit :limit offset :offset
)
select json_group_array(id) as ids from found
