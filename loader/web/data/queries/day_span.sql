select
    (select min(date) from trading_days) as first_day,
    (select max(date) from trading_days) as last_day,
    (select count(*) from trading_days) as days,
    (
        select min(substr(article_date, 1, 10)) from articles where article_date > ''
    ) as first_article,
    (
        select substr(max(article_date), 1, 10) from articles
    ) as last_article,
    (select count(*) from boards) as boards,
    (select count(*) from boards where trading_day_id is null) as undated_boards,
    (select count(*) from articles) as articles,
    (select count(*) from articles where article_date is null) as undated_articles,
    (select count(*) from snapshots) as snapshots
