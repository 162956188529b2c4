-- Made by rulewright. Run with psql as superuser in every database: psql -f roles.sql
\set ON_ERROR_STOP on
DO 'BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = ''auditor'' AND (rolcanlogin OR rolsuper)) THEN
    RAISE EXCEPTION ''the role % can log in or is superuser: name another audit_role in the site policy'', ''auditor'';
  END IF;
END';
CREATE EXTENSION IF NOT EXISTS pgaudit;
SELECT format('CREATE ROLE %I NOLOGIN', 'auditor')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'auditor') \gexec
-- Relations and catalogues whose use is logged, whoever it is.
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', '"app"."customers"', 'auditor')
  FROM pg_class WHERE oid = to_regclass('"app"."customers"') AND relkind IN ('r', 'p', 'f', 'v', 'm') \gexec
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', '"app"."payments"', 'auditor')
  FROM pg_class WHERE oid = to_regclass('"app"."payments"') AND relkind IN ('r', 'p', 'f', 'v', 'm') \gexec
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', '"hr"."employees"', 'auditor')
  FROM pg_class WHERE oid = to_regclass('"hr"."employees"') AND relkind IN ('r', 'p', 'f', 'v', 'm') \gexec
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', '"hr"."salaries"', 'auditor')
  FROM pg_class WHERE oid = to_regclass('"hr"."salaries"') AND relkind IN ('r', 'p', 'f', 'v', 'm') \gexec
GRANT SELECT (rolpassword), INSERT, UPDATE, DELETE ON pg_catalog.pg_authid TO "auditor";
GRANT INSERT, UPDATE, DELETE ON pg_catalog.pg_attribute TO "auditor";
GRANT INSERT, UPDATE, DELETE ON pg_catalog.pg_auth_members TO "auditor";
GRANT INSERT, UPDATE, DELETE ON pg_catalog.pg_class TO "auditor";
GRANT INSERT, UPDATE, DELETE ON pg_catalog.pg_database TO "auditor";
GRANT INSERT, UPDATE, DELETE ON pg_catalog.pg_db_role_setting TO "auditor";
GRANT INSERT, UPDATE, DELETE ON pg_catalog.pg_event_trigger TO "auditor";
GRANT INSERT, UPDATE, DELETE ON pg_catalog.pg_policy TO "auditor";
GRANT INSERT, UPDATE, DELETE ON pg_catalog.pg_proc TO "auditor";
GRANT INSERT, UPDATE, DELETE ON pg_catalog.pg_rewrite TO "auditor";
GRANT INSERT, UPDATE, DELETE ON pg_catalog.pg_trigger TO "auditor";
GRANT UPDATE ON pg_catalog.pg_settings TO "auditor";
-- How much is logged of single accounts, from their next session on.
SELECT format('ALTER ROLE %I RESET pgaudit.log', rolname)
  FROM pg_roles WHERE rolname = 'dba_alice' AND NOT rolsuper AND EXISTS (SELECT FROM unnest(rolconfig) AS held WHERE held LIKE 'pgaudit.log=%') ORDER BY rolname \gexec
SELECT format('ALTER ROLE %I RESET pgaudit.log', rolname)
  FROM pg_roles WHERE rolname = 'deploy_ci' AND NOT rolsuper AND EXISTS (SELECT FROM unnest(rolconfig) AS held WHERE held LIKE 'pgaudit.log=%') ORDER BY rolname \gexec
SELECT format('ALTER ROLE %I RESET pgaudit.log', rolname)
  FROM pg_roles WHERE rolname = 'app_owner' AND NOT rolsuper AND EXISTS (SELECT FROM unnest(rolconfig) AS held WHERE held LIKE 'pgaudit.log=%') ORDER BY rolname \gexec
SELECT format('ALTER ROLE %I RESET pgaudit.log', rolname)
  FROM pg_roles WHERE rolname = 'iam_admin' AND NOT rolsuper AND EXISTS (SELECT FROM unnest(rolconfig) AS held WHERE held LIKE 'pgaudit.log=%') ORDER BY rolname \gexec
SELECT format('ALTER ROLE %I RESET pgaudit.log', rolname)
  FROM pg_roles WHERE rolname = 'backup_svc' AND NOT rolsuper AND EXISTS (SELECT FROM unnest(rolconfig) AS held WHERE held LIKE 'pgaudit.log=%') ORDER BY rolname \gexec
SELECT format('ALTER ROLE %I RESET pgaudit.log', rolname)
  FROM pg_roles WHERE rolname = 'etl_batch' AND NOT rolsuper AND EXISTS (SELECT FROM unnest(rolconfig) AS held WHERE held LIKE 'pgaudit.log=%') ORDER BY rolname \gexec
SELECT format('ALTER ROLE %I RESET pgaudit.log', rolname)
  FROM pg_roles WHERE rolname = 'audit_olaf' AND NOT rolsuper AND EXISTS (SELECT FROM unnest(rolconfig) AS held WHERE held LIKE 'pgaudit.log=%') ORDER BY rolname \gexec
SELECT format('ALTER ROLE %I RESET pgaudit.log', rolname)
  FROM pg_roles WHERE rolname = 'mon_svc' AND NOT rolsuper AND EXISTS (SELECT FROM unnest(rolconfig) AS held WHERE held LIKE 'pgaudit.log=%') ORDER BY rolname \gexec
SELECT format('ALTER ROLE %I RESET pgaudit.log', rolname)
  FROM pg_roles WHERE rolname = 'app_rw' AND NOT rolsuper AND EXISTS (SELECT FROM unnest(rolconfig) AS held WHERE held LIKE 'pgaudit.log=%') ORDER BY rolname \gexec
SELECT format('ALTER ROLE %I RESET pgaudit.log', rolname)
  FROM pg_roles WHERE rolname = 'app_ro' AND NOT rolsuper AND EXISTS (SELECT FROM unnest(rolconfig) AS held WHERE held LIKE 'pgaudit.log=%') ORDER BY rolname \gexec
SELECT format('ALTER ROLE %I RESET pgaudit.log', rolname)
  FROM pg_roles WHERE rolname = 'svc_web' AND NOT rolsuper AND EXISTS (SELECT FROM unnest(rolconfig) AS held WHERE held LIKE 'pgaudit.log=%') ORDER BY rolname \gexec
SELECT format('ALTER ROLE %I RESET pgaudit.log', rolname)
  FROM pg_roles WHERE rolname = 'hr_app' AND NOT rolsuper AND EXISTS (SELECT FROM unnest(rolconfig) AS held WHERE held LIKE 'pgaudit.log=%') ORDER BY rolname \gexec
SELECT format('ALTER ROLE %I SET pgaudit.log = ''all''', rolname)
  FROM pg_roles WHERE rolsuper AND NOT coalesce(rolconfig, '{}') @> ARRAY['pgaudit.log=all'] ORDER BY rolname \gexec
SELECT format('ALTER ROLE %I SET log_statement = ''all''', rolname)
  FROM pg_roles WHERE rolsuper AND NOT coalesce(rolconfig, '{}') @> ARRAY['log_statement=all'] ORDER BY rolname \gexec
