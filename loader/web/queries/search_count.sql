-- Capped: counting on would cost more than anybody reads. /* filters */ is replaced by the
-- conditions of loader/web/search_page.py that were asked for; articles_filters holds what
-- they need, so that no text is read.
select count(*) as found from (
    select 1
    from articles_fts
    cross join articles indexed by articles_filters on articles.id = articles_fts.rowid
    where articles_fts match :query /* filters */
    limit :cap
)
