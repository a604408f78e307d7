-- What listing pages (latest news, sections, trends) say of the stories they name. page_id is
-- the page of the story, not of the listing: that one is the snapshot's.

create table listings (
    snapshot_id integer not null references snapshots (id),
    position integer not null,
    page_id integer references pages (id),
    headline text not null,
    summary text,
    listed_at text,
    primary key (snapshot_id, position)
) strict, without rowid;
create index listings_page on listings (page_id);
