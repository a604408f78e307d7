-- One row for each row of a table in a text; cells is a JSON array.
select
    substr(coalesce(articles.article_date, captured.first_captured_at), 1, 4) as year,
    articles.digest,
    pages.url,
    pages.news_id,
    articles.headline,
    articles.article_date,
    article_tables.number,
    article_tables.position,
    article_tables.paragraph_count,
    json_each.key + 1 as row_number,
    json_each.key < article_tables.header_count as is_header,
    json_each.value as cells
from article_tables
join articles on articles.id = article_tables.article_id
left join pages on pages.id = articles.page_id
left join (
    select article_id, min(captured_at) as first_captured_at
    from snapshots
    group by article_id
) as captured on captured.article_id = articles.id
join json_each(article_tables.cells)
order by year, articles.article_date, articles.digest, article_tables.number, json_each.key
