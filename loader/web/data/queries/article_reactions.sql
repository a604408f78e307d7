-- Moves by session of the instruments named most often in a text; bases are the previous prices on
-- the boards of the session.
select
    article_reactions.symbol, session_offset, session, session_return * 100 as percent,
    kse100_return * 100 as kse100_percent, timing, first_session,
    last_price / (1 + session_return) as base,
    (
        select (price_hundredths - change_hundredths) / 100.0
        from trading_days
        join quotes on board_id = coalesce(last_board_id, index_board_id)
        where date = session
            and instrument_id = (select id from instruments where symbol = 'KSE100')
    ) as kse100_base
from article_reactions
where article_id = :id and instrument_id in (
    select mentions.instrument_id
    from mentions
    join instruments on instruments.id = mentions.instrument_id
    where article_id = :id and kind = 'share'
    order by mention_count desc, symbol
    limit 12
)
order by article_reactions.symbol, session_offset
