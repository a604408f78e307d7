select cells from article_tables where article_id = :id and number = :number
