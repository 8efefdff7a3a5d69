/// What can be wrong with a call, and its public code.
@org.jspecify.annotations.NullMarked
package org.yifang.platform.problem;
