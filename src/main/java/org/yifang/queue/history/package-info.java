/// Past tickets and totals, imported from files.
@org.jspecify.annotations.NullMarked
package org.yifang.queue.history;
