select count(*) as found from (select 1 from articles where 1 /* filters */ limit :cap)
