-- Instruments that the text names, with quotes of the latest board of the day of publication.
select
    instruments.symbol,
    instruments.name,
    instruments.kind,
    mentions.mention_count,
    quotes.price,
    quotes.change,
    quotes.percent,
    quotes.direction,
    quotes.board_id
from mentions
join instruments on instruments.id = mentions.instrument_id
left join trading_days on trading_days.id = :day
left join quotes
    on quotes.board_id = case
        when instruments.kind = 'index'
        then coalesce(trading_days.last_board_id, trading_days.index_board_id)
        else trading_days.last_board_id
    end
    and quotes.instrument_id = mentions.instrument_id
where mentions.article_id = :id
order by mentions.mention_count desc, instruments.symbol
limit 40
