@org.jspecify.annotations.NullMarked
package org.yifang.platform.operate;
