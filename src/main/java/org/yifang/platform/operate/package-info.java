/// What people who run the service look at: metrics, traces, logs, certificates.
@NullMarked
package org.yifang.platform.operate;

import org.jspecify.annotations.NullMarked;
