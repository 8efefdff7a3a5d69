@org.jspecify.annotations.NullMarked
package org.yifang.notify.deliver;
