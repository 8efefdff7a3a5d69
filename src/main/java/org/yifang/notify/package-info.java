/// Tells what happened: the outbox, its topics, and who is told.
@org.jspecify.annotations.NullMarked
package org.yifang.notify;
