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
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', '"app"."customers"', 'auditor')
  FROM pg_class WHERE oid = to_regclass('"app"."customers"') AND relkind IN ('r', 'p', 'f', 'v', 'm') \gexec
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', '"app"."payments"', 'auditor')
  FROM pg_class WHERE oid = to_regclass('"app"."payments"') AND relkind IN ('r', 'p', 'f', 'v', 'm') \gexec
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', '"hr"."employees"', 'auditor')
  FROM pg_class WHERE oid = to_regclass('"hr"."employees"') AND relkind IN ('r', 'p', 'f', 'v', 'm') \gexec
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', '"hr"."salaries"', 'auditor')
  FROM pg_class WHERE oid = to_regclass('"hr"."salaries"') AND relkind IN ('r', 'p', 'f', 'v', 'm') \gexec
