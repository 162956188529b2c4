-- A small shop with a payroll, for capturing what pgaudit says about it. Run as superuser in the database postgres.
-- Who may do what follows the example policy; dev_carol and dba_bob are able to do more than they are allowed to,
-- because a statement that fails is not audited.

CREATE ROLE app_owner NOLOGIN;
CREATE ROLE auditor NOLOGIN;
CREATE ROLE dba_alice LOGIN SUPERUSER;
CREATE ROLE dba_bob LOGIN SUPERUSER;
CREATE ROLE deploy_ci LOGIN IN ROLE app_owner;
CREATE ROLE iam_admin LOGIN CREATEROLE;
CREATE ROLE backup_svc LOGIN REPLICATION IN ROLE pg_read_all_data;
CREATE ROLE etl_batch LOGIN IN ROLE pg_read_all_data;
CREATE ROLE mon_svc LOGIN IN ROLE pg_monitor;
CREATE ROLE app_rw LOGIN;
CREATE ROLE app_ro LOGIN;
CREATE ROLE svc_web LOGIN;
CREATE ROLE hr_app LOGIN;
CREATE ROLE dev_carol LOGIN CREATEROLE CREATEDB IN ROLE app_owner;
CREATE ROLE intern_dave LOGIN;

CREATE DATABASE appdb;
\connect appdb
CREATE EXTENSION pgaudit;

GRANT CREATE ON DATABASE appdb TO app_owner;
CREATE SCHEMA app AUTHORIZATION app_owner;
CREATE SCHEMA hr;
CREATE SCHEMA staging;
GRANT USAGE, CREATE ON SCHEMA staging TO etl_batch;

SET ROLE app_owner;
SET search_path = app;

CREATE TABLE customers (
  customer_id int PRIMARY KEY,
  full_name text NOT NULL,
  email text UNIQUE,
  country char(2) NOT NULL DEFAULT 'PL'
);
CREATE TABLE orders (
  order_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id int NOT NULL REFERENCES customers,
  placed_on date NOT NULL,
  amount numeric(10, 2) NOT NULL CHECK (amount >= 0),
  closed boolean NOT NULL DEFAULT false
);
CREATE TABLE payments (
  payment_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id int NOT NULL REFERENCES orders,
  card_number text NOT NULL,
  paid_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO customers (customer_id, full_name, email, country) VALUES
  (1, 'Maria Lis', 'maria@shop.test', 'PL'),
  (2, 'Jean Dupont', 'jean@shop.test', 'FR'),
  (3, 'Zoë Äng', 'zoe@shop.test', 'SE'),
  (4, 'Tom Quick', NULL, 'GB');
INSERT INTO orders (customer_id, placed_on, amount) VALUES
  (1, '2026-01-05', 120.00), (1, '2026-01-06', 35.50), (2, '2026-01-06', 9.99), (3, '2026-01-07', 410.00);
INSERT INTO payments (order_id, card_number, paid_at) VALUES
  (1, '4000000000000002', '2026-01-05 10:00Z'), (2, '4000000000000010', '2026-01-06 11:30Z');

CREATE VIEW v_orders AS
  SELECT o.order_id, c.full_name, o.placed_on, o.amount, o.closed
  FROM orders o JOIN customers c USING (customer_id);

CREATE FUNCTION f_total(customer int) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (SELECT coalesce(sum(amount), 0) FROM app.orders WHERE customer_id = customer);
END $$;

CREATE PROCEDURE p_close_day(day date) LANGUAGE plpgsql AS $$
BEGIN
  UPDATE app.orders SET closed = true WHERE placed_on <= day AND NOT closed;
END $$;

GRANT USAGE ON SCHEMA app TO app_rw, app_ro, svc_web, intern_dave;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO app_rw, svc_web;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA app TO app_rw, svc_web;
GRANT SELECT ON ALL TABLES IN SCHEMA app TO app_ro, intern_dave;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA app TO app_rw, svc_web;

RESET ROLE;
SET search_path = hr;

CREATE TABLE employees (
  employee_id int PRIMARY KEY,
  full_name text NOT NULL,
  hired_on date NOT NULL
);
CREATE TABLE salaries (
  employee_id int NOT NULL REFERENCES employees,
  valid_from date NOT NULL,
  yearly numeric(10, 2) NOT NULL,
  PRIMARY KEY (employee_id, valid_from)
);
CREATE TABLE notes (note text);
INSERT INTO employees VALUES (1, 'Anna Boss', '2019-03-01'), (2, 'Piotr Clerk', '2023-09-15');
INSERT INTO salaries VALUES (1, '2026-01-01', 180000), (2, '2026-01-01', 61000);

GRANT USAGE ON SCHEMA hr TO hr_app, dev_carol, intern_dave;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA hr TO hr_app;
GRANT SELECT ON employees, salaries TO dev_carol;
GRANT SELECT ON employees TO intern_dave;

-- Of use only where a site sets pgaudit.role: object audit of the sensitive relations.
GRANT SELECT, INSERT, UPDATE, DELETE ON app.customers, app.payments, hr.employees, hr.salaries TO auditor;
GRANT SELECT (rolpassword), INSERT, UPDATE, DELETE ON pg_catalog.pg_authid TO auditor;
GRANT INSERT, UPDATE, DELETE ON pg_catalog.pg_class, pg_catalog.pg_proc, pg_catalog.pg_rewrite, pg_catalog.pg_auth_members TO auditor;

-- The sensitive routines of the example policy.
RESET search_path;
CREATE FUNCTION app.f_secdef_pans() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER AS 'SELECT card_number FROM app.payments';
CREATE FUNCTION app.f_secdef_dyn(query text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE result text;
BEGIN
  EXECUTE query INTO result;
  RETURN result;
END $$;
GRANT EXECUTE ON FUNCTION app.f_secdef_pans(), app.f_secdef_dyn(text) TO svc_web;

-- A superuser whose statements are logged before they take effect, and one who has to show a password.
CREATE ROLE root_eve LOGIN SUPERUSER;
ALTER ROLE root_eve SET log_statement = 'all';
CREATE ROLE asked NOLOGIN;
CREATE ROLE asked_pia LOGIN PASSWORD 'the right one' IN ROLE asked;
CREATE ROLE asked_quinn LOGIN PASSWORD 'the right one' IN ROLE asked;
CREATE ROLE audit_olaf LOGIN IN ROLE pg_monitor;
