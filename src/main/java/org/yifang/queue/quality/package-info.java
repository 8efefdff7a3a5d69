/// Whether the events can be believed.
@org.jspecify.annotations.NullMarked
package org.yifang.queue.quality;
