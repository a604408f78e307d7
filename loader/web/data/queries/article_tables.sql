select number, position, paragraph_count, header_count, cells
from article_tables
where article_id = :id
order by number
