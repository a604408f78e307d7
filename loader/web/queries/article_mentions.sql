-- Instruments that the text names, with the last board of the day it was published.
with last_board as (
    select
        instruments.id as instrument_id,
        (
            select boards.id from boards
            where boards.trading_day_id = :day
                and exists (
                    select 1 from quotes
                    where quotes.board_id = boards.id
                        and quotes.instrument_id = instruments.id
                )
            order by boards.first_captured_at desc, boards.digest desc
            limit 1
        ) as board_id
    from mentions
    join instruments on instruments.id = mentions.instrument_id
    where mentions.article_id = :id
)
select
    instruments.symbol,
    instruments.name,
    instruments.kind,
    mentions.count,
    quotes.price,
    quotes.change,
    quotes.percent,
    quotes.direction,
    quotes.board_id
from mentions
join instruments on instruments.id = mentions.instrument_id
join last_board on last_board.instrument_id = mentions.instrument_id
left join quotes
    on quotes.board_id = last_board.board_id
    and quotes.instrument_id = mentions.instrument_id
where mentions.article_id = :id
order by mentions.count desc, instruments.symbol
limit 40
