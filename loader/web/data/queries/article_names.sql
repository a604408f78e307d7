-- Positions of instruments' names in the body, for links in the text.
select
    mention_spans.span_start,
    mention_spans.span_end,
    instruments.symbol
from mention_spans
join instruments on instruments.id = mention_spans.instrument_id
where mention_spans.article_id = :id and mention_spans.part = 2
order by mention_spans.span_start
limit 2000
