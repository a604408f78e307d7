-- Texts of a page that differ from one of its versions only by extraction.
select article_id as id, version from version_forms where page_id = :page_id limit 1000
