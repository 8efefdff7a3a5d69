/// Pages for people.
@org.jspecify.annotations.NullMarked
package org.yifang.console;
