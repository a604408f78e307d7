-- Capped: counting on would cost more than anybody reads.
select count(*) as found from (
    select 1
    from articles_fts
    join articles on articles.id = articles_fts.rowid
    where articles_fts match :query
        and (:section is null or articles.section = :section)
        and (:agency is null or articles.agency = :agency)
        and (:place is null or articles.dateline = :place)
        and (:first_date is null or articles.published_at >= :first_date)
        and (:last_date is null or articles.published_at < :last_date || '~')
        and (:instrument_id is null or exists (
            select 1 from mentions
            where mentions.article_id = articles.id and mentions.instrument_id = :instrument_id
        ))
    limit :cap
)
