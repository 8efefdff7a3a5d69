/// The queues as they stand now, and the wait to expect.
@org.jspecify.annotations.NullMarked
package org.yifang.queue.live;
