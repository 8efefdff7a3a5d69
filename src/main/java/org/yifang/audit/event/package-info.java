/// One event of the audit log, and where it is written.
@org.jspecify.annotations.NullMarked
package org.yifang.audit.event;
