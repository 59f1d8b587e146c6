-- Lists of cases are read in order of opening from where the page before ended, for each region that somebody may see:
-- by index alone, so that a page costs the same whatever lies before it. A scope is a path of one to three parts; each
-- length has its index. What belongs to no region, or rang beyond its own, stands in the list of everybody; the latter is
-- read from the text (in JSON of our own making these bytes are nothing else), for a record may hold what `json` refuses.
create index incidents_city on incidents (split_part(region, '/', 1), opened_at, id collate "C");
create index incidents_street on incidents
  ((split_part(region, '/', 1) || '/' || split_part(region, '/', 2)), opened_at, id collate "C");
create index incidents_community on incidents (region, opened_at, id collate "C");
create index incidents_everybodys on incidents (opened_at, id collate "C")
  where region is null or strpos(record, '"isForAll":true') > 0;
analyze incidents;
