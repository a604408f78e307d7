-- What the pages of the web front end ask for.

-- How often a text names an instrument (the rule: loader/archive/mentions.py).
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
