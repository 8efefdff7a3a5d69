/// The configuration, read once.
@org.jspecify.annotations.NullMarked
package org.yifang.platform.config;
