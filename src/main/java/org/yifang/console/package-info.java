/// Pages for people: puts the rooms together, and answers where no page does.
@org.jspecify.annotations.NullMarked
package org.yifang.console;
