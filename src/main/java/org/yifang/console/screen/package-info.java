/// Public screens.
@org.jspecify.annotations.NullMarked
package org.yifang.console.screen;
