-- A Redis that lost data is given what is open: found without reading every case that ever was.
create index incidents_open on incidents (priority, id) where state <> 'resolved';
