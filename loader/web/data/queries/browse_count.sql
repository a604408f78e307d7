-- The count is capped, since an exact one is slow and not needed. /* filters */ is replaced by the
-- conditions of loader/web/data/search_filters.py.
select count(*) as found from (select 1 from articles where 1 /* filters */ limit :cap)
