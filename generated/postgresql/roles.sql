-- Made by rulewright. Run with psql as superuser in every database: psql -v ON_ERROR_STOP=1 -f roles.sql
CREATE EXTENSION IF NOT EXISTS pgaudit;
SELECT format('CREATE ROLE %I NOLOGIN', 'auditor')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'auditor') \gexec
ALTER ROLE "auditor" NOLOGIN NOSUPERUSER;
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', '"app"."customers"', 'auditor')
 WHERE to_regclass('"app"."customers"') IS NOT NULL \gexec
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', '"app"."payments"', 'auditor')
 WHERE to_regclass('"app"."payments"') IS NOT NULL \gexec
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', '"hr"."employees"', 'auditor')
 WHERE to_regclass('"hr"."employees"') IS NOT NULL \gexec
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', '"hr"."salaries"', 'auditor')
 WHERE to_regclass('"hr"."salaries"') IS NOT NULL \gexec
