-- Spellings of a name with their numbers of articles, most first.
select kind, name, sum(article_count) as article_count
from credits
where slug = :slug and (kind = 'agency') = :is_agency and article_count > 0
group by kind, name
order by article_count desc, name = upper(name), name
