/// The bureau's boards: are queues shorter, are drugs cheaper.
@org.jspecify.annotations.NullMarked
package org.yifang.console.bureau;
