package org.yifang.queue.ticket;

import java.time.Instant;

/// One thing that happened to one ticket.
///
/// @param seq the sender's number of the event within its ticket
/// @param atSource by the sender's clock
/// @param at by ours: the source's time corrected by its clock's offset; waits are reckoned by this
/// @param atServer when we received it
/// @param source the client that sent it, or `platform`
public record QueueEvent(
        long seq, QueueCode code, Instant atSource, Instant at, Instant atServer, String source) {}
