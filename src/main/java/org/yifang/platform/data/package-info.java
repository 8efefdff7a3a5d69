/// Rows written by typed statements.
@org.jspecify.annotations.NullMarked
package org.yifang.platform.data;
