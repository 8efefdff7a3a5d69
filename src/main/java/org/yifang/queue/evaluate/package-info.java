/// Whether the waits really became shorter.
@org.jspecify.annotations.NullMarked
package org.yifang.queue.evaluate;
