-- An event that the service did not write cannot be told from one that it wrote by looking at the table. By this it can.

ALTER TABLE audit_event ADD COLUMN mac bytea;
COMMENT ON COLUMN audit_event.mac IS 'HMAC of id, type and commitments, that to change without what the database adds to it, under a key outside the database; null: written by the version before';
