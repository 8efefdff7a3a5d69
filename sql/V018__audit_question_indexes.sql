-- The questions of single operations looked at every event of their period. These few are found by an index that no other
-- event is written to.

CREATE INDEX audit_event_asked ON audit_event (operation, recorded)
    WHERE operation IN ('release', 'submit-prescription', 'unmask');
CREATE INDEX audit_event_sold_twice ON audit_event (recorded) WHERE problem = 'RX-2010';
