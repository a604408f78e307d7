-- For users who may not distribute texts: headlines, dates and addresses stay.
update articles set body = '', summary = null, caption = null;
update article_claims set summary = null, caption = null
where coalesce(summary, caption) is not null;
delete from article_tables;
-- They would reveal whether a text contains a given phrase.
delete from article_sketches;
delete from crowded_sketches;
update article_images set caption = null where caption is not null;
update listings set summary = null where summary is not null;
update problems set excerpt = null where excerpt is not null;
