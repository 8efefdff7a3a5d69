-- What an evaluation reads of a day stands in one index: it reads a year, and of each ticket the
-- Task as it is sent is most and is not needed.

DROP INDEX queue_ticket_day;
CREATE INDEX queue_ticket_told ON queue_ticket (day, updated_at)
    INCLUDE (queue_id, department, joined, wait_seconds, fate, exclusion, history_id, visit, organization);
