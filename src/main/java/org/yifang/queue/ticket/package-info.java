/// Queues and tickets: what happened to them, and where that is kept.
@org.jspecify.annotations.NullMarked
package org.yifang.queue.ticket;
