-- Number of articles of a name, by year and section. An article that has it both in the byline and in
-- the mark at its end counts once.
with signed as materialized (
    select place, printed from credits where slug = :slug and (kind = 'agency') = :is_agency
),
counted as (
    select year, section, article_count
    from article_counts
    where byline in (select printed from signed where place = 'byline')
    union all
    select year, section, article_count
    from article_counts
    where agency in (select printed from signed where place = 'agency')
        and not exists (
            select 1
            from credits
            where place = 'byline' and printed = article_counts.byline and slug = :slug
        )
)
select year, section, sum(article_count) as articles
from counted
group by year, section
