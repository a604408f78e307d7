select kind, basis from article_kinds where article_id = :id
