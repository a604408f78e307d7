-- All counts of articles from scratch; between two of these, triggers keep them.
delete from article_counts;

insert into article_counts (byline, agency, year, section, article_count)
select byline, agency, substr(article_date, 1, 4), section, count(*)
from articles
group by 1, 2, 3, 4
order by 1, 2, 3, 4;

update credits set article_count = case place
    when 'byline' then (
        select coalesce(sum(counted.article_count), 0)
        from article_counts as counted
        where counted.byline = credits.printed
    )
    else (
        select coalesce(sum(counted.article_count), 0)
        from article_counts as counted
        where counted.agency = credits.printed and not exists (
            select 1 from credits as signed
            where signed.place = 'byline' and signed.printed = counted.byline
                and signed.slug = credits.slug
        )
    )
end;
