/// The counter of a pharmacy: claim, hand out, take back.
@org.jspecify.annotations.NullMarked
package org.yifang.console.counter;
