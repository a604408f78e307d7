-- Add the new articles :ids (JSON) to the counts, as the trigger article_counts_insert does one by
-- one.
insert into article_counts (byline, agency, year, section, article_count)
select distinct byline, agency, substr(article_date, 1, 4), section, 0
from articles
where id in (select value from json_each(:ids)) and not exists (
    select 1 from article_counts as counted
    where counted.byline is articles.byline and counted.agency is articles.agency
        and counted.year is substr(articles.article_date, 1, 4)
        and counted.section is articles.section
);

update article_counts set article_count = article_counts.article_count + fresh.article_count
from (
    select byline, agency, substr(article_date, 1, 4) as year, section, count(*) as article_count
    from articles
    where id in (select value from json_each(:ids))
    group by 1, 2, 3, 4
) as fresh
where article_counts.byline is fresh.byline and article_counts.agency is fresh.agency
    and article_counts.year is fresh.year and article_counts.section is fresh.section;

update credits set article_count = credits.article_count + fresh.article_count
from (
    select byline, count(*) as article_count
    from articles
    where id in (select value from json_each(:ids)) and byline is not null
    group by byline
) as fresh
where credits.place = 'byline' and credits.printed = fresh.byline;

update credits set article_count = credits.article_count + fresh.article_count
from (
    select credits.printed, credits.slug, count(*) as article_count
    from articles
    join credits on credits.place = 'agency' and credits.printed = articles.agency
    where articles.id in (select value from json_each(:ids)) and not exists (
        select 1 from credits as signed
        where signed.place = 'byline' and signed.printed = articles.byline
            and signed.slug = credits.slug
    )
    group by credits.printed, credits.slug
) as fresh
where credits.place = 'agency' and credits.printed = fresh.printed
    and credits.slug = fresh.slug;
