-- Tickets since a moment: a search by authored-on read the whole table, since no index had it.

CREATE INDEX queue_ticket_joined ON queue_ticket (organization_id, joined);
