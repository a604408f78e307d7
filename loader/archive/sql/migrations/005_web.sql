-- What the pages of the web front end ask for.

-- How often a text names an instrument (the rule: loader/rows/mentions.py).
create table mentions (
    article_id integer not null references articles (id),
    instrument_id integer not null references instruments (id),
    count integer not null,
    primary key (article_id, instrument_id)
) strict, without rowid;
create index mentions_instrument on mentions (instrument_id, article_id);

-- Filters of the search page, and teasers that find their article by its headline.
create index articles_section on articles (section, published_at);
create index articles_agency on articles (agency, published_at);
create index articles_dateline on articles (dateline, published_at);
create index articles_headline on articles (headline);

-- The filters alone, by id: a search reads these few bytes of each match, not its text.
create index articles_filters on articles (id, published_at, section, agency, dateline);

-- Quotes that fail a check are few among millions: counting and listing them reads only them.
create index quotes_percent_failed on quotes (board_id) where not percent_ok;
create index quotes_sign_failed on quotes (board_id) where not sign_ok;
create index quotes_limit_failed on quotes (board_id) where limit_ok = 0;

-- When a text was first captured, without reading the snapshots.
drop index snapshots_article;
create index snapshots_article on snapshots (article_id, captured_at);
