-- Whom a contact lets us tell (design §2): those who chose it get the notice when an emergency opens; who must not be
-- told never does, whatever else is set.
alter table contacts
  add column notice boolean not null default false,
  add column must_not_be_told boolean not null default false;
