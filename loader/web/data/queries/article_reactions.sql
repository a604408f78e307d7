-- Session by session, what the instruments most named in a text did.
select symbol, session_offset, session, session_return * 100 as percent,
    kse100_return * 100 as kse100_percent, timing, first_session
from article_reactions
where article_id = :id and instrument_id in (
    select mentions.instrument_id
    from mentions
    join instruments on instruments.id = mentions.instrument_id
    where article_id = :id and kind = 'share'
    order by mention_count desc, symbol
    limit 12
)
order by symbol, session_offset
