-- The verification reads the cases whose newest version a piece of the chain brought, piece by piece.
create index incidents_audit_seq on incidents (audit_seq);
