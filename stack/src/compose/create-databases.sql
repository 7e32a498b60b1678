-- A database for each service, owned by a role of its own that may connect to no other. The passwords are for
-- development: docker-compose.yml publishes the server on the loopback address only.
CREATE ROLE palinode_orchestrator LOGIN PASSWORD 'palinode_orchestrator';
CREATE ROLE palinode_order LOGIN PASSWORD 'palinode_order';
CREATE ROLE palinode_payment LOGIN PASSWORD 'palinode_payment';
CREATE ROLE palinode_inventory LOGIN PASSWORD 'palinode_inventory';
CREATE ROLE palinode_notifications LOGIN PASSWORD 'palinode_notifications';
CREATE ROLE palinode_reporting LOGIN PASSWORD 'palinode_reporting';

CREATE DATABASE palinode_orchestrator OWNER palinode_orchestrator;
CREATE DATABASE palinode_order OWNER palinode_order;
CREATE DATABASE palinode_payment OWNER palinode_payment;
CREATE DATABASE palinode_inventory OWNER palinode_inventory;
CREATE DATABASE palinode_notifications OWNER palinode_notifications;
CREATE DATABASE palinode_reporting OWNER palinode_reporting;

REVOKE CONNECT ON DATABASE
  postgres, template1, palinode_orchestrator, palinode_order, palinode_payment, palinode_inventory,
  palinode_notifications, palinode_reporting FROM PUBLIC;
