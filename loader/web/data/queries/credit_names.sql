-- Spellings of a name with their numbers of articles, most first. A name both in the byline and in
-- the mark at the end of an article counts once.
select
    kind,
    name,
    cast(sum(
        case place
            when 'byline' then (select count(*) from articles where byline = printed)
            else (select count(*) from articles where agency = printed) - (
                select count(*)
                from credits as signed
                cross join articles on articles.byline = signed.printed
                    and articles.agency = credits.printed
                where signed.place = 'byline' and signed.slug = credits.slug
            )
        end
    ) as integer) as article_count
from credits
where slug = :slug and (kind = 'agency') = :is_agency
group by kind, name
order by article_count desc, name = upper(name), name
