select tags.name
from article_tags
join tags on tags.id = article_tags.tag_id
where article_tags.article_id = :id
order by tags.name
