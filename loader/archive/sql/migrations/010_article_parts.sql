-- Articles get the date by which they are found. The table is made anew, since the long body
-- stands last; ids stay, and so does the full-text index.

alter table articles rename to old_articles;

create table articles (
    id integer primary key,
    digest text not null unique,
    page_id integer references pages (id),
    headline text,
    section text,
    byline text,
    agency text,
    article_kind text,
    dateline text,
    -- The date by which it is found, and who says it (sql/article_dates.sql); published_at is what
    -- its own page prints.
    article_date text,
    article_date_basis text,
    published_at text,
    updated_at text,
    print_date text,
    word_count integer not null,
    tags_line text,
    caption text,
    summary text,
    body text not null
) strict;

insert into articles
select
    id, digest, page_id, headline, section, byline, agency, article_kind, dateline, null, null,
    published_at, updated_at, print_date, word_count, tags_line, caption, summary, body
from old_articles;

drop table old_articles;
