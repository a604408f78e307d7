select url, caption from article_images where article_id = :id order by url limit 50
