/// Queues: every wait measured from events, predicted while it lasts, and compared before and after
/// a change by a rule fixed beforehand.
@org.jspecify.annotations.NullMarked
package org.yifang.queue;
