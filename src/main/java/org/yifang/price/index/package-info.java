/// Whether prices really fell.
@org.jspecify.annotations.NullMarked
package org.yifang.price.index;
