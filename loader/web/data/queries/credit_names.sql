-- Spellings of a name with their numbers of articles, most first. A name both in the byline and in
-- the mark at the end of an article counts once.
select
    kind,
    name,
    cast(sum(
        case place
            when 'byline' then (
                select sum(article_count) from article_counts where byline = printed
            )
            else (
                select coalesce(sum(article_count), 0)
                from article_counts
                where agency = printed and not exists (
                    select 1
                    from credits as signed
                    where signed.place = 'byline' and signed.printed = article_counts.byline
                        and signed.slug = credits.slug
                )
            )
        end
    ) as integer) as article_count
from credits
where slug = :slug and (kind = 'agency') = :is_agency
group by kind, name
order by article_count desc, name = upper(name), name
