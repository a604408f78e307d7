-- The same table with another form of the check of `direction`: for each row of a list of
-- three SQLite builds a table to look it up in, which took nearly half the time of a quote.
create table new_quotes (
    board_id integer not null references boards (id),
    instrument_id integer not null references instruments (id),
    position integer not null,
    direction text not null
        check (direction = 'up' or direction = 'down' or direction = 'flat'),
    price real not null,
    change real not null,
    percent real not null,
    previous_price real not null,
    sign_ok integer not null check (sign_ok in (0, 1)),
    percent_ok integer not null check (percent_ok in (0, 1)),
    percent_error real,
    limit_ok integer check (limit_ok in (0, 1)),
    primary key (board_id, instrument_id)
) strict, without rowid;

insert into new_quotes (
    board_id, instrument_id, position, direction, price, change, percent, previous_price,
    sign_ok, percent_ok, percent_error, limit_ok
)
select
    board_id, instrument_id, position, direction, price, change, percent, previous_price,
    sign_ok, percent_ok, percent_error, limit_ok
from quotes
order by board_id, instrument_id;

drop table quotes;
alter table new_quotes rename to quotes;

create index quotes_instrument on quotes (instrument_id, board_id);
create index quotes_percent_failed on quotes (board_id) where not percent_ok;
create index quotes_sign_failed on quotes (board_id) where not sign_ok;
create index quotes_limit_failed on quotes (board_id) where limit_ok = 0;

-- A load adds a piece to the text index for each batch. They are merged when there are 64 of a
-- size, not 16: half the work of merging, and a search looks through them as fast. The others
-- are those of 006, which early archives lack.
insert into articles_fts (articles_fts, rank) values ('hashsize', 16777216);
insert into articles_fts (articles_fts, rank) values ('automerge', 0);
insert into articles_fts (articles_fts, rank) values ('crisismerge', 64);
