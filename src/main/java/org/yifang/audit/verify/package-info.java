/// Verification of the log by anybody.
@org.jspecify.annotations.NullMarked
package org.yifang.audit.verify;
