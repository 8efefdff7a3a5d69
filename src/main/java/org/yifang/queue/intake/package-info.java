/// Events coming in, and the visits they belong to.
@org.jspecify.annotations.NullMarked
package org.yifang.queue.intake;
