@org.jspecify.annotations.NullMarked
package org.yifang.admin;
