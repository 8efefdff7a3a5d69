/// Plans registered before their answer can be known, what may be said of them, and the count of
/// every other question.
@NullMarked
package org.yifang.queue.plan;

import org.jspecify.annotations.NullMarked;
