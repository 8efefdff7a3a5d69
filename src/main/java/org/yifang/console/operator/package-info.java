/// What the operator looks after.
@org.jspecify.annotations.NullMarked
package org.yifang.console.operator;
