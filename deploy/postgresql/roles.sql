-- The roles of one database, as its superuser. Run again at any time: it also takes away what somebody gave them since.
SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY['knownto_owner', 'knownto_app', 'knownto_archive']) name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE knownto_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner';
ALTER ROLE knownto_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'app';
ALTER ROLE knownto_archive LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE REPLICATION NOBYPASSRLS PASSWORD :'archive';
-- Whoever may copy the whole database may as well be told which keys were destroyed, and whether the copying goes on.
GRANT pg_monitor TO knownto_archive;
GRANT pg_read_all_data TO knownto_archive;
-- Functions that open one row for one look name this in their definition.
GRANT SET ON PARAMETER knownto.access TO knownto_owner;
SELECT 'CREATE DATABASE knownto OWNER knownto_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'knownto') \gexec
REVOKE ALL ON DATABASE knownto FROM PUBLIC;
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
GRANT CONNECT ON DATABASE knownto TO knownto_app, knownto_archive;
