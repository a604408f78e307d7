select name, url from article_authors where article_id = :id order by name limit 50
