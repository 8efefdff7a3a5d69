/// What meets every caller first: connections, heads, bodies and rates, each with its bounds.
@org.jspecify.annotations.NullMarked
package org.yifang.platform.edge;
